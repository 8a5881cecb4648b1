"""Cohorts: made, joined, left, listed and closed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from bot.domain.cohorts import (
    Cohort,
    Door,
    Founding,
    Listed,
    Purpose,
    band,
    check_cohort,
    is_channel,
    no_place,
    trouble,
)
from bot.domain.people import ELSEWHERE
from bot.domain.roles import Action, Role, may
from bot.errors import CohortRefused, Refusal, SlackUnavailable
from bot.ports import Channel, Channels, Clock, Directory
from bot.services.access import require, roles_of
from bot.services.correspondence import Bell
from bot.services.failures import reading, saving
from bot.services.notices import guidelines_of, notice, tell_of
from bot.services.occurrences import end_all
from bot.services.people import agreed, require_agreed, zone_of
from bot.services.rota_places import hold_places, step_down
from bot.services.shares import cohort, take_away
from storage import cohort_settings, cohorts, people, roles, rota, shares
from storage.cohorts import CohortRow
from storage.engine import Database


class Cohorts:
    """What can be done with cohorts."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        directory: Directory,
        channels: Channels,
        bell: Bell,
    ) -> None:
        self._database = database
        self._clock = clock
        self._directory = directory
        self._channels = channels
        self._bell = bell

    def add(self, name: str, channel: str, people: Collection[str]) -> bool:
        """Keep a cohort; False if its channel has one already, and then nothing is changed.

        Whoever says so from outside Slack answers for the channel: it is taken as it is when
        Hearth first looks at it.

        Args:
            name: as people read it.
            channel: Slack channel id.
            people: Slack user ids of those who belong to it.

        Raises:
            InvalidAnswer: the name or an id is none; nothing was stored.
            NotSaved: nothing was stored.
        """
        check_cohort(name, channel, people)
        now = self._clock.now()
        with saving():
            return self._database.write(
                lambda connection: cohorts.add(
                    connection, name=name, channel=channel, people=people, now=now
                )
            )

    def every(self) -> Sequence[Cohort]:
        """Return all cohorts by name.

        Raises:
            NotRead: storage did not answer.
        """
        with reading(), self._database.read() as connection:
            return [cohort(row) for row in cohorts.every(connection)]

    def check_place(self, person: str, channel: str) -> None:
        """Let only those go on to make a cohort who may, where there may be one.

        Raises:
            NotAllowed: the person may make none.
            CohortRefused: it is no channel, or has a cohort.
            NotRead: storage did not answer.
        """
        with reading(), self._database.read() as connection:
            require(connection, person, Action.CREATE_COHORT)
            if not is_channel(channel):
                raise CohortRefused(Refusal.NOT_A_CHANNEL)
            if cohorts.in_channel(connection, channel) is not None:
                raise CohortRefused(Refusal.TAKEN)

    def create(self, person: str, channel: str, founding: Founding) -> Cohort:
        """Make a cohort of a channel; whoever makes it runs it.

        Nothing is shared there before the clock's job has seen who is in the channel.

        Raises:
            NotAllowed: the person may make none.
            CohortRefused: there cannot be one in that channel; nothing was stored.
            SlackUnavailable: Slack did not say what channel that is; nothing was stored.
            NotSaved: nothing was stored.
        """
        self.check_place(person, channel)
        place = self._place_for(person, channel, founding)
        zone, now = self._zone_of(person), self._clock.now()

        def work(connection: Connection) -> Cohort:
            roles.hold_still(connection)
            require(connection, person, Action.CREATE_COHORT)
            made = cohorts.found(
                connection,
                name=founding.name,
                channel=channel,
                purpose=founding.purpose,
                welcomes_deciders=founding.welcomes_deciders,
                is_open=not place.is_private,
                halted_for=Refusal.UNSEEN,
                now=now,
            )
            if made is None:
                raise CohortRefused(Refusal.TAKEN)
            _begin_with(connection, made, zone, people.country(connection, person))
            cohorts.set_band(connection, made, band(0), now=now)
            roles.add(connection, person, Role.FACILITATOR, cohort=made, by=person, now=now)
            tell_of(connection, made, None, now=now)
            return Cohort(made, founding.name, channel, is_halted=True)

        with saving():
            made = self._database.write(work)
        self._bell.ring()
        return made

    def _zone_of(self, person: str) -> str | None:
        """Return the zone in which a cohort begins; whoever runs it can set another."""
        try:
            return zone_of(self._directory.profile(person))
        except SlackUnavailable:
            return None

    def _place_for(self, person: str, channel: str, founding: Founding) -> Channel:
        """Return a channel where the person can have such a cohort."""
        place = self._channels.look(channel)
        reason = trouble(place, may_be_open=founding.takes_open_channels)
        if reason is None and person not in self._channels.members(channel):
            reason = Refusal.NOT_IN_CHANNEL
        if reason is not None:
            raise CohortRefused(reason)
        return place

    def here(self, channel: str) -> Cohort:
        """Return the cohort of a channel.

        Raises:
            CohortRefused: the channel has none.
            NotRead: storage did not answer.
        """
        with reading(), self._database.read() as connection:
            row = cohorts.in_channel(connection, channel)
        if row is None:
            raise CohortRefused(Refusal.NONE_HERE)
        return cohort(row)

    def door(self, person: str, which: str) -> Door:
        """Return the cohort that somebody asks to join or leave.

        Raises:
            CohortRefused: there is no such cohort, or it was closed.
            NotRead: storage did not answer.
        """
        with reading(), self._database.read() as connection:
            row = opened(connection, which)
            words = guidelines_of(connection, row)
            return Door(cohort(row), words, knows_hearth=agreed(connection, person) is not None)

    def join(self, person: str, which: str, *, decides: bool) -> Cohort:
        """Let somebody belong to a cohort; for a member, what they say of themselves is taken anew.

        Raises:
            ConsentNeeded: nothing is stored for somebody who has not agreed.
            CohortRefused: they cannot belong to it; nothing was stored.
            SlackUnavailable: Slack did not say who they are, or who is in the channel.
            NotSaved: nothing was stored.
        """
        if not self._directory.profile(person).is_colleague:
            raise CohortRefused(Refusal.NOT_A_COLLEAGUE)
        channel = self.door(person, which).cohort.channel
        if person not in self._channels.members(channel):
            raise CohortRefused(Refusal.NOT_IN_CHANNEL)
        now = self._clock.now()

        def work(connection: Connection) -> tuple[Cohort, bool]:
            row = opened(connection, which, lock=True, leaver=person if decides else None)
            require_agreed(connection, person)  # by now nobody forgets them meanwhile
            runs = (Role.FACILITATOR, row.id) in roles.held(connection, person)
            reason = no_place(
                decides=decides, welcomes_deciders=row.welcomes_deciders, facilitates=runs
            )
            if reason is not None:
                raise CohortRefused(reason)
            before = notice(connection, row.id)
            cohorts.join(connection, row.id, person, decides=decides, now=now)
            told = decides and step_down(connection, person, cohort=row.id, now=now)
            return cohort(row), tell_of(connection, row.id, before, now=now) or told

        with saving():
            joined, told = self._database.write(work)
        self._bell.after(told)
        return joined

    def leave(self, person: str, which: str, *, take_back: bool) -> None:
        """Let somebody belong to a cohort no more, and run it no more; harmless when they do not.

        Args:
            person: who leaves; nobody is told.
            which: the cohort's id.
            take_back: whether what they shared there is taken away.

        Raises:
            CohortRefused: there is no such cohort, or it was closed; then nobody belongs to it.
            NotSaved: nothing was changed.
        """
        now = self._clock.now()

        def work(connection: Connection) -> bool:
            row = opened(connection, which, lock=True, leaver=person)
            told = _leave(connection, row, person, now=now)
            if take_back:
                withdrawn = shares.withdraw_in(connection, person, row.channel_id)
                told = take_away(connection, withdrawn, now=now) or told
            return told

        with saving():
            self._bell.after(self._database.write(work))

    def left_channel(self, person: str, channel: str) -> None:
        """Let somebody who is out of a cohort's channel leave the cohort; harmless when repeated.

        Raises:
            NotSaved: nothing was changed.
        """
        now = self._clock.now()

        def work(connection: Connection) -> bool:
            row = cohorts.in_channel(connection, channel)
            row = row and _held(connection, row.id, leaver=person)
            return row is not None and _leave(connection, row, person, now=now)

        with saving():
            self._bell.after(self._database.write(work))

    def close(self, person: str, which: str) -> None:
        """Close a cohort: nobody belongs to it or runs it, and nothing more happens there.

        Its channel stays as it is, and can have a new cohort. What was shared there stays, and
        everybody can take back their own.

        Raises:
            NotAllowed: the person does not run it.
            CohortRefused: there is no such cohort, or it was closed.
            NotSaved: nothing was changed.
        """
        now = self._clock.now()

        def work(connection: Connection) -> bool:
            roles.hold_still(connection)
            found = opened(connection, which)
            require(connection, person, Action.RUN_COHORT, cohort=found.id)
            told = end_all(connection, found.id, now=now)
            row = opened(connection, which, lock=True)
            before = notice(connection, row.id)
            cohorts.close(connection, row.id, now=now)
            rota.clear(connection, row.id)
            withdrawn = shares.withdraw_unposted(connection, row.channel_id)
            told = take_away(connection, withdrawn, now=now) or told
            roles.revoke_in(connection, row.id, person=None, by=person, now=now)
            cohort_settings.empty_rota(connection, row.id)
            return tell_of(connection, row.id, before, now=now) or told

        with saving():
            self._bell.after(self._database.write(work))

    def listing(self, person: str, channel: str) -> Sequence[Listed]:
        """Return the cohorts that concern somebody: theirs, and that of the channel they are in.

        Whoever leads the programme sees all of them; how many belong to one, only they see and
        whoever runs it.

        Raises:
            NotRead: storage did not answer.
        """
        with reading(), self._database.read() as connection:
            mine = {row.id for row in cohorts.of(connection, person)}
            sees_all = may(Action.SEE_COHORTS, roles_of(connection, person))
            found = []
            for row in cohorts.every(connection):
                held = roles_of(connection, person, cohort=row.id)
                runs = may(Action.RUN_COHORT, held)
                if sees_all or runs or row.id in mine or row.channel_id == channel:
                    found.append(_listed(row, is_mine=row.id in mine, is_run=runs))
        return found


def _begin_with(connection: Connection, made: UUID, zone: str | None, country: str | None) -> None:
    """Let a new cohort have its founder's zone and country, until somebody sets others."""
    begun = {"zone": zone, "country": None if country == ELSEWHERE else country}
    cohort_settings.put(connection, made, {**cohort_settings.NOTHING_SET, **begun})


def _leave(connection: Connection, row: CohortRow, person: str, *, now: datetime) -> bool:
    before = notice(connection, row.id)
    cohorts.leave(connection, row.id, person)
    roles.revoke_in(connection, row.id, person=person, by=person, now=now)
    told = step_down(connection, person, cohort=row.id, now=now)
    return tell_of(connection, row.id, before, now=now) or told


def opened(
    connection: Connection, which: str, *, lock: bool = False, leaver: str | None = None
) -> CohortRow:
    """Return a cohort by the id that some button or form names.

    Args:
        connection: any read or write; with `lock`, a write that has held nothing yet but grants
            and rituals.
        which: what the button or form names.
        lock: hold it until the transaction ends, and who runs it.
        leaver: who is about to leave it or its rota; what they hold there is held first.

    Raises:
        CohortRefused: there is no such cohort, or it was closed.
    """
    try:
        known = UUID(which)
    except ValueError:
        raise CohortRefused(Refusal.CLOSED) from None
    row = _held(connection, known, leaver=leaver) if lock else cohorts.find(connection, known)
    if row is None or row.closed_at is not None:
        raise CohortRefused(Refusal.CLOSED)
    return row


def _held(connection: Connection, which: UUID, *, leaver: str | None = None) -> CohortRow | None:
    """Return a cohort that nobody else changes, nor who runs it, until the transaction ends.

    In the one order in which everybody holds: grants, rituals, occurrences, cohorts, people.
    """
    roles.hold_still(connection)
    if leaver is not None:
        hold_places(connection, leaver, cohort=which)
    return cohorts.find(connection, which, lock=True)


def _listed(row: CohortRow, *, is_mine: bool, is_run: bool) -> Listed:
    return Listed(
        cohort=cohort(row),
        purpose=Purpose(row.purpose),
        halted_for=Refusal(row.halted_for) if row.halted_for else None,
        is_mine=is_mine,
        is_run=is_run,
        band=row.size_band if is_run else None,
    )
