"""Giving roles, taking them away, and who holds which."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from bot.domain.delivery import Kind
from bot.domain.roles import (
    A_PAGE,
    GRANTED,
    KNOWN_TO_ALL,
    Action,
    Held,
    Holder,
    Overview,
    Role,
    Wish,
    appoints,
    check_end,
    check_grant,
    may,
)
from bot.errors import InvalidAnswer, NotAllowed, Problem
from bot.ports import Clock, Directory
from bot.services import access
from bot.services.correspondence import Bell, Word, say
from bot.services.failures import reading, saving
from bot.services.notices import notice, tell_of
from bot.services.shares import cohort
from bot.views import roles as view
from bot.views.letters import Letter
from storage import cohorts, roles
from storage.engine import Database
from storage.roles import GrantRow


class Roles:
    """What can be done about roles."""

    def __init__(self, database: Database, clock: Clock, directory: Directory, bell: Bell) -> None:
        self._database = database
        self._clock = clock
        self._directory = directory
        self._bell = bell
        self._admins = access.Admins(database, directory)

    def overview(self, person: str, first: int = 0) -> Overview:
        """Return who holds which role, as far as the person may know it.

        Args:
            person: who asks.
            first: how many are on earlier pages.

        Raises:
            NotRead: storage did not answer.
            SlackUnavailable: Slack did not say whether the person is an admin.
        """
        admin = self._admins.asked(person, Action.GRANT)
        with reading(), self._database.read() as connection:
            return _overview(connection, person, first, admin=admin)

    def grant(self, giver: str, wish: Wish) -> None:
        """Give somebody a role, and tell them.

        Raises:
            NotAllowed: the giver gives no roles.
            InvalidAnswer: this role cannot be given, or not to this person.
            NotSaved, NotRead: nothing was stored.
            SlackUnavailable: Slack did not say who they are; nothing was stored.
        """
        admin = self._admins.asked(giver, Action.GRANT)
        found = self._directory.profile(wish.person)
        now = self._clock.now()

        def work(connection: Connection) -> None:
            roles.hold_still(connection)
            giver_is = access.require(connection, giver, Action.GRANT, admin=admin)
            held = access.roles_of(connection, wish.person, admin=found.is_admin)
            where = wish.cohort if wish.role is Role.FACILITATOR else None
            decides = where is not None and cohorts.decides(connection, where, wish.person)
            check_grant(
                wish,
                giver,
                giver_is,
                Holder(held, is_colleague=found.is_colleague, decides=decides),
                cohorts=[each.id for each in cohorts.every(connection)],
                led=access.is_led(connection),
            )
            before = notice(connection, where) if where else None
            grant = roles.add(connection, wish.person, wish.role, cohort=where, by=giver, now=now)
            if grant is None:
                raise InvalidAnswer({"role": Problem.HELD_ALREADY})
            say(connection, Kind.ROLE, grant, occasion="given", channel=None, now=now)
            if before is not None:
                tell_of(connection, before.id, before, now=now)

        with saving():
            self._database.write(work)
        self._bell.ring()

    def revoke(self, person: str, grant: UUID) -> bool:
        """End a role, and tell whose it was unless they did it; False if it had ended before.

        Raises:
            NotAllowed: it is somebody else's, and not the person's to take away.
            InvalidAnswer: it is the last lead's.
            NotSaved, NotRead: nothing was changed.
            SlackUnavailable: Slack did not say whether the person is an admin; nothing was changed.
        """
        with reading(), self._database.read() as connection:
            row = roles.find(connection, grant)
        own = row is not None and row.person_id == person
        admin = not own and self._admins.asked(person, Action.GRANT)
        now = self._clock.now()

        def work(connection: Connection) -> bool:
            roles.hold_still(connection)
            row = roles.find(connection, grant)
            own = row is not None and row.person_id == person
            held = access.roles_of(connection, person, admin=admin)
            if not own:
                held = access.require(connection, person, Action.GRANT, admin=admin)
            if row is None or row.revoked_at is not None:
                return False
            leads = len(roles.holders(connection, Role.LEAD))
            if not check_end(Role(row.role), own=own, ender_is=held, leads=leads):
                raise NotAllowed
            before = notice(connection, row.cohort_id) if row.cohort_id else None
            roles.revoke(connection, grant, by=person, now=now)
            if not own:
                say(connection, Kind.ROLE_ENDED, grant, occasion="ended", channel=None, now=now)
            if before is not None:
                tell_of(connection, before.id, before, now=now)
            return True

        with saving():
            ended = self._database.write(work)
        self._bell.after(ended)
        return ended

    def leads(self) -> Sequence[str]:
        """Return the Slack user ids of those who lead, the longest first.

        Raises:
            NotRead: storage did not answer.
        """
        with reading(), self._database.read() as connection:
            return holders(connection, Role.LEAD)


def holders(connection: Connection, role: Role) -> Sequence[str]:
    """Return who holds a role, the longest first."""
    return [row.person_id for row in roles.holders(connection, role)]


def end_all(connection: Connection, person: str, now: datetime) -> bool:
    """End every role of somebody who leaves or is gone; True if a cohort's notice says so.

    Nobody is told; the notice only no longer names them.

    Also the last lead's: leaving is everybody's own. A workspace admin can then appoint another.
    What is left is the record of who held which role.
    """
    held = roles.held(connection, person)
    before = {cohort: notice(connection, cohort) for _, cohort in held if cohort is not None}
    roles.end_all(connection, person, by=None, now=now)
    told = [tell_of(connection, each, before[each], now=now) for each in before]
    return any(told)


def _overview(connection: Connection, person: str, first: int, *, admin: bool) -> Overview:
    is_ = access.roles_of(connection, person, admin=admin)
    gives = appoints(is_)
    every = cohorts.every(connection)
    names = {each.id: each.name for each in every}
    known = _known(is_)
    rows = [row for row in roles.holders(connection) if row.role in known]
    rows.sort(
        key=lambda row: (GRANTED.index(Role(row.role)), names.get(row.cohort_id or row.id, ""))
    )
    first = first if 0 <= first < len(rows) else 0
    mine = [_held(row, names) for row in roles.about(connection, person)]
    return Overview(
        person=person,
        mine=[each for each in mine if each.ended_at is None],
        past=[each for each in mine if each.ended_at is not None][:_PAST_SHOWN],
        others=[_held(row, names) for row in rows[first : first + A_PAGE]],
        total=len(rows),
        first=first,
        gives=gives,
        cohorts=list(map(cohort, every)) if Role.FACILITATOR in gives else [],
        led=access.is_led(connection),
    )


_PAST_SHOWN = 5


def _known(is_: Collection[Role]) -> Collection[Role]:
    return GRANTED if may(Action.SEE_COHORTS, is_) else KNOWN_TO_ALL


def _held(row: GrantRow, names: Mapping[UUID, str]) -> Held:
    return Held(
        id=row.id,
        person=row.person_id,
        role=Role(row.role),
        cohort=names.get(row.cohort_id) if row.cohort_id else None,
        by=row.granted_by,
        since=row.granted_at,
        ended_by=row.revoked_by,
        ended_at=row.revoked_at,
    )


class RoleCorrespondence(Word):
    """The word to somebody that they were given a role."""

    def letter(self, connection: Connection, subject: UUID) -> Letter | None:
        """Return the direct message; None when there is no such grant any more."""
        held = _one(connection, subject)
        return None if held is None else view.given(held)


class RoleEndedCorrespondence(RoleCorrespondence):
    """The word to somebody that a role was taken from them."""

    def letter(self, connection: Connection, subject: UUID) -> Letter | None:
        """Return the direct message; None when the grant never ended."""
        held = _one(connection, subject)
        return None if held is None or held.ended_at is None else view.ended(held)


def _one(connection: Connection, grant: UUID) -> Held | None:
    row = roles.find(connection, grant)
    if row is None:
        return None
    names = {each.id: each.name for each in cohorts.every(connection)} if row.cohort_id else {}
    return _held(row, names)
