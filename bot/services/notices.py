"""What Hearth says about a cohort: the notice in its channel, and that sharing has stopped."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection

from bot.content import guidelines
from bot.domain.cohorts import CANNOT_BE_SAID, Notice, Purpose
from bot.domain.delivery import Kind
from bot.domain.news import Topic
from bot.domain.roles import Role
from bot.errors import Refusal
from bot.services.correspondence import Word, say
from bot.services.news import hearers, tell
from bot.services.rota_places import hold_places, step_down
from bot.views import notices as view
from bot.views.letters import Letter
from storage import cohort_settings, cohorts, roles
from storage.cohorts import CohortRow


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
        guidelines=guidelines_of(connection, row),
    )


def guidelines_of(connection: Connection, row: CohortRow) -> str:
    """Return the guidelines that hold: those that somebody edited, or else the template's."""
    kept = cohort_settings.find(connection, row.id)
    edited = None if kept is None else kept.guidelines
    return edited or guidelines.template(Purpose(row.purpose))


def tell_of(connection: Connection, cohort: UUID, before: Notice | None, *, now: datetime) -> bool:
    """Have the notice follow the facts; False if it says the same as `before`.

    To be called in the transaction that changes a member, a facilitator or the cohort itself. When
    its last facilitator is gone, the leads are told.
    """
    after = notice(connection, cohort)
    if after is None or after == before:
        return False
    told = _nobody_runs(before, after) and tell(connection, cohort, Topic.NOBODY_RUNS, now=now)
    if after.halted_for in CANNOT_BE_SAID:
        return told
    # Each change is a delivery of its own; those that wait are sent as one.
    occasion = uuid4().hex
    say(connection, Kind.NOTICE, cohort, occasion=occasion, channel=after.channel, now=now)
    return True


def _nobody_runs(before: Notice | None, after: Notice) -> bool:
    was_run = before is not None and bool(before.facilitators)
    return was_run and not after.facilitators and not after.is_closed


def leave_all(connection: Connection, person: str, *, now: datetime) -> bool:
    """Let the person belong to no cohort any more; True if a notice or a post says so."""
    hold_places(connection, person)  # before news of any cohort, which hold that
    before = {row.id: notice(connection, row.id) for row in cohorts.of(connection, person)}
    cohorts.leave_all(connection, person)
    told = [tell_of(connection, each, before[each], now=now) for each in before]
    told.append(step_down(connection, person, now=now))
    return any(told)


def tell_halted(connection: Connection, cohort: UUID, *, now: datetime) -> bool:
    """Tell members that nothing is shared just now; False if there are none.

    Whoever hears the news of the cohort is told by that.
    """
    hearing = {grant.person_id for grant in hearers(connection, cohort)}
    joined = [row for row in cohorts.members_of(connection, cohort) if row.has_joined]
    told = [row.ref for row in joined if row.person_id not in hearing]
    occasion = now.isoformat()
    for subject in told:
        say(connection, Kind.COHORT_HALTED, subject, occasion=occasion, channel=None, now=now)
    return bool(told)


class NoticeCorrespondence(Word):
    """What stands in a cohort's channel about the cohort."""

    def letter(self, connection: Connection, subject: UUID) -> Letter | None:
        """Return the notice as the facts are now; None when there is no such cohort."""
        facts = notice(connection, subject)
        return None if facts is None else view.notice(facts)


class HaltedCorrespondence(Word):
    """The word to a member that nothing is shared with their cohort just now."""

    def letter(self, connection: Connection, subject: UUID) -> Letter | None:
        """Return the direct message; None when it is no news any more."""
        found = cohorts.membership(connection, subject)
        if found is None:
            return None
        facts = notice(connection, found[0])
        if facts is None or facts.is_closed or facts.halted_for in (None, Refusal.UNSEEN):
            return None
        return view.halted(found[1], facts)
