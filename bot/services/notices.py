"""What Hearth says about a cohort: the notice in its channel, and that sharing has stopped."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection

from bot.domain.cohorts import CANNOT_BE_SAID, Notice, Purpose
from bot.domain.delivery import Kind
from bot.domain.roles import Role
from bot.errors import Refusal
from bot.services.correspondence import Word, say
from bot.services.rota_places import step_down
from bot.views import notices as view
from bot.views.letters import Letter
from storage import cohorts, roles


def notice(connection: Connection, cohort: UUID) -> Notice | None:
    """Return what is to stand in the channel of a cohort, as the facts are; None without one."""
    row = cohorts.find(connection, cohort)
    if row is None:
        return None
    granted = roles.holders(connection, Role.FACILITATOR, cohort=cohort)
    return Notice(
        id=row.id,
        name=row.name,
        channel=row.channel_id,
        purpose=Purpose(row.purpose),
        welcomes_deciders=row.welcomes_deciders,
        has_decider=row.has_decider,
        is_open=row.is_open,
        halted_for=Refusal(row.halted_for) if row.halted_for else None,
        is_closed=row.closed_at is not None,
        facilitators=[grant.person_id for grant in granted],
    )


def tell_of(connection: Connection, cohort: UUID, before: Notice | None, *, now: datetime) -> bool:
    """Have the notice follow the facts; False if it says the same as `before`.

    To be called in the transaction that changes a member, a facilitator or the cohort itself.
    """
    after = notice(connection, cohort)
    if after is None or after == before or after.halted_for in CANNOT_BE_SAID:
        return False
    # Each change is a delivery of its own; those that wait are sent as one.
    occasion = uuid4().hex
    say(connection, Kind.NOTICE, cohort, occasion=occasion, channel=after.channel, now=now)
    return True


def leave_all(connection: Connection, person: str, *, now: datetime) -> bool:
    """Let the person belong to no cohort any more; True if a notice or a post says so."""
    before = {row.id: notice(connection, row.id) for row in cohorts.of(connection, person)}
    cohorts.leave_all(connection, person)
    told = [tell_of(connection, each, before[each], now=now) for each in before]
    told.append(step_down(connection, person, now=now))
    return any(told)


def tell_halted(connection: Connection, cohort: UUID, *, now: datetime) -> bool:
    """Tell members and facilitators that nothing is shared just now; False if there are none."""
    facts = notice(connection, cohort)
    if facts is None:
        return False
    told = {
        row.person_id: row.ref for row in cohorts.members_of(connection, cohort) if row.has_joined
    }
    for grant in roles.holders(connection, Role.FACILITATOR, cohort=cohort):
        told.setdefault(grant.person_id, grant.id)
    occasion = now.isoformat()
    for subject in told.values():
        say(connection, Kind.COHORT_HALTED, subject, occasion=occasion, channel=None, now=now)
    return bool(told)


class NoticeCorrespondence(Word):
    """What stands in a cohort's channel about the cohort."""

    def letter(self, connection: Connection, subject: UUID) -> Letter | None:
        """Return the notice as the facts are now; None when there is no such cohort."""
        facts = notice(connection, subject)
        return None if facts is None else view.notice(facts)


class HaltedCorrespondence(Word):
    """The word to a member or a facilitator that nothing is shared with their cohort just now."""

    def letter(self, connection: Connection, subject: UUID) -> Letter | None:
        """Return the direct message; None when it is no news any more."""
        found = cohorts.membership(connection, subject)
        if found is None:
            grant = roles.find(connection, subject)
            if grant is None or grant.revoked_at is not None or grant.cohort_id is None:
                return None
            found = grant.cohort_id, grant.person_id
        facts = notice(connection, found[0])
        if facts is None or facts.is_closed or facts.halted_for in (None, Refusal.UNSEEN):
            return None
        return view.halted(found[1], facts)
