"""A cohort's calendar as it is read, and rituals as rows and as what the rules speak of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from bot.domain.ritual_calendar import (
    LOOKS_BACK,
    Calendar,
    Entry,
    Outlook,
    Upcoming,
    crowded,
    preview,
)
from bot.domain.rituals import (
    Link,
    Mode,
    Occurrence,
    OnHoliday,
    Plan,
    Ritual,
    Schedule,
    State,
)
from bot.domain.roles import Action, may
from bot.errors import CohortRefused, InvalidAnswer, Refusal
from bot.services import budget
from bot.services.access import roles_of
from bot.services.people import find as find_person
from bot.services.shares import cohort as as_cohort
from storage import cohorts, ritual_plans
from storage.cohorts import CohortRow
from storage.ritual_plans import KeptRow

Known = Mapping[date, Occurrence]
"""What has become of the latest dates of a ritual."""


def kept_ritual(connection: Connection, ritual: str) -> KeptRow:
    """Return a ritual by the id that some button or form names, deleted or not.

    Raises:
        CohortRefused: there is none, and so no calendar to show.
    """
    try:
        found = ritual_plans.find(connection, UUID(ritual))
    except ValueError:
        found = None
    if found is None:
        raise CohortRefused(Refusal.CLOSED)
    return found


def runs(connection: Connection, person: str, which: UUID) -> bool:
    """Whether somebody may change the rituals of a cohort."""
    return may(Action.RUN_COHORT, roles_of(connection, person, cohort=which))


def calendar(connection: Connection, row: CohortRow, person: str, *, now: datetime) -> Calendar:
    """Return the calendar of a cohort as somebody sees it; whether they may is asked before."""
    kept = ritual_plans.of_cohort(connection, row.id)
    known = known_dates(connection, kept, now=now)
    halted = Refusal(row.halted_for) if row.halted_for else None
    return Calendar(
        cohort=as_cohort(row),
        halted_for=None if halted is Refusal.UNSEEN else halted,
        entries=[_entry(each, known[each.id], now=now) for each in kept],
        zone=zone_of_viewer(connection, person),
        now=now,
        may_change=runs(connection, person, row.id),
    )


def _entry(kept: KeptRow, known: Known, *, now: datetime) -> Entry:
    found = coming_next(kept, known, now=now)
    return Entry(
        ritual=as_ritual(kept),
        on_date=None if found is None else found.on_date,
        due_at=None if found is None else found.due_at,
        has_ended=kept.ended_at is not None,
    )


def coming_next(kept: KeptRow, known: Known, *, now: datetime) -> Upcoming | None:
    """Return the next date of a ritual: the planned one, or what will be planned; None without."""
    if kept.paused_at is not None or kept.ended_at is not None:
        return None
    planned = [each for each in known.values() if each.state is State.PLANNED and each.due_at > now]
    if planned:
        first = min(planned, key=lambda each: each.due_at)
        return Upcoming(on_date=first.on_date, due_at=first.due_at)
    return next((each for each in _ahead(kept, known, now=now) if each.due_at is not None), None)


def _ahead(kept: KeptRow, known: Known, *, now: datetime) -> Sequence[Upcoming]:
    """Return what lies ahead of a ritual: nothing where its zone or rule is not known any more.

    That is told as soon as it is planned; its cohort's calendar opens nevertheless.
    """
    try:
        return preview(as_schedule(kept), now=now, known=known)
    except InvalidAnswer:
        return ()


def outlook(
    connection: Connection, row: CohortRow, kept: KeptRow, person: str, *, now: datetime
) -> Outlook:
    """Return what comes of a ritual, and the weeks in which that is too much for its cohort."""
    every = {each.id: each for each in [*ritual_plans.of_cohort(connection, row.id), kept]}
    known = known_dates(connection, list(every.values()), now=now)
    ahead = {
        which: _ahead(each, known[which], now=now)
        for which, each in every.items()
        if which == kept.id or (each.paused_at is None and each.ended_at is None)
    }
    weeks = {
        budget.cohort_week(connection, row.id, each.due_at, zone=kept.zone)
        for each in ahead[kept.id]
        if each.due_at is not None
    }
    zone = cohorts.zone(connection, row.id) or kept.zone
    load = [(Mode(every[which].mode), dates) for which, dates in ahead.items()]
    return Outlook(
        cohort=as_cohort(row),
        ritual=as_ritual(kept),
        dates=ahead[kept.id],
        crowded=crowded(load, weeks, zone=zone),
        zone=zone_of_viewer(connection, person),
        now=now,
    )


def known_dates(
    connection: Connection, kept: Sequence[KeptRow], *, now: datetime
) -> Mapping[UUID, Known]:
    """Return what has become of the latest dates of some rituals."""
    found: dict[UUID, dict[date, Occurrence]] = {each.id: {} for each in kept}
    since = now.date() - LOOKS_BACK
    for row in ritual_plans.lately(connection, found.keys(), since=since):
        found[row.ritual_id][row.on_date] = Occurrence(
            id=row.id,
            on_date=row.on_date,
            due_at=row.due_at,
            state=State(row.state),
            reason=row.reason,
        )
    return found


def zone_of_viewer(connection: Connection, person: str) -> str | None:
    """Return the zone in which somebody lives, as far as it is known."""
    row = find_person(connection, person)
    return None if row is None else row.zone


def as_ritual(kept: KeptRow) -> Ritual:
    """Return a row as what the rules speak of."""
    return Ritual(
        id=kept.id,
        cohort=kept.cohort_id,
        plan=as_plan(kept),
        is_paused=kept.paused_at is not None,
        revision=kept.revision,
    )


def as_plan(kept: KeptRow) -> Plan:
    """Return what is set about a ritual."""
    return Plan(
        template=kept.template,
        title=kept.title,
        words=kept.words,
        links=tuple(Link(each["title"], each["url"]) for each in json.loads(kept.links)),
        schedule=as_schedule(kept),
        mode=Mode(kept.mode),
        minutes=kept.minutes,
        rotates=kept.rotates,
        legend=kept.legend,
    )


def as_schedule(kept: KeptRow) -> Schedule:
    """Return when a ritual comes round."""
    return Schedule(
        rule=kept.rule,
        starts_on=kept.starts_on,
        at_minute=kept.at_minute,
        zone=kept.zone,
        on_holiday=OnHoliday(kept.on_holiday),
        country=kept.country,
    )


def as_values(plan: Plan) -> dict[str, Any]:
    """Return a plan as it is kept in a row."""
    schedule = plan.schedule
    return {
        "template": plan.template,
        "title": plan.title,
        "words": plan.words,
        "links": json.dumps([{"title": each.title, "url": each.url} for each in plan.links]),
        "rule": schedule.rule,
        "starts_on": schedule.starts_on,
        "at_minute": schedule.at_minute,
        "zone": schedule.zone,
        "on_holiday": schedule.on_holiday,
        "country": schedule.country,
        "mode": plan.mode,
        "minutes": plan.minutes,
        "rotates": plan.rotates,
        "legend": plan.legend,
    }
