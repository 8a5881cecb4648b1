"""What somebody, or a machine gone wrong, could do to rituals, and what must not come of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from app import Hearth
from bot.domain.ritual_calendar import Said
from bot.domain.rituals import Plan, Ritual
from bot.services.ritual_calendar import as_plan
from bot.views import ritual_calendar, ritual_forms
from sandbox import Person, Sandbox
from storage import ritual_plans
from tests.conftest import Stored, on_sqlite, top
from tests.integration.outbox import settled
from tests.integration.rituals import rotas
from tests.integration.rituals.calendars import (
    CHANNEL,
    FRIDAY,
    dates,
    minutes,
    planned,
    ritual,
    shown,
    tick,
    until,
)

LIVE: dict[str, Any] = {"mode": "live", "minutes": 10}
DAILY = "FREQ=DAILY"


def plan_of(hearth: Hearth, which: UUID) -> tuple[Plan, int]:
    with hearth.database.read() as connection:
        kept = ritual_plans.find(connection, which)
    assert kept is not None
    return as_plan(kept), kept.revision


def edited(hearth: Hearth, person: Person, which: UUID, **change: Any) -> Ritual | None:
    """Let somebody change what is set about a ritual."""
    plan, revision = plan_of(hearth, which)
    return hearth.services.rituals.edit(person.id, which, replace(plan, **change), revision)


def to_time(hearth: Hearth, person: Person, which: UUID, minute: int) -> None:
    """Let somebody change the time of day of a ritual."""
    plan, _ = plan_of(hearth, which)
    edited(hearth, person, which, schedule=replace(plan.schedule, at_minute=minute))


def test_what_a_wrong_clock_ended_goes_on_once_the_clock_is_right(
    workspace: Sandbox, hearth: Hearth, cohort: UUID
) -> None:
    tomorrow = workspace.clock.now().date() + timedelta(days=1)
    few = ritual(hearth, cohort, rule="FREQ=DAILY;COUNT=3", starts_on=tomorrow, at_minute=720)
    tick(hearth)
    workspace.clock.advance(timedelta(days=365))
    tick(hearth)
    assert len(dates(hearth, few, "missed")) == 3
    workspace.clock.real()
    tick(hearth)
    assert planned(hearth, few).on_date == tomorrow
    until(workspace, planned(hearth, few).due_at)
    tick(hearth)
    assert shown(workspace, hearth) == ["Friday wins"]


def test_what_a_wrong_clock_let_begin_too_early_costs_none_of_the_dates_before_it(
    workspace: Sandbox, hearth: Hearth, cohort: UUID
) -> None:
    weekly = ritual(hearth, cohort)
    tick(hearth)
    first = planned(hearth, weekly)
    begun = first.due_at + timedelta(days=21, minutes=1)
    until(workspace, begun)
    tick(hearth)
    assert shown(workspace, hearth) == ["Friday wins"]
    workspace.clock.real()
    tick(hearth)
    assert planned(hearth, weekly).on_date == first.on_date
    seen = list[date]()
    for _ in range(4):
        seen.append(planned(hearth, weekly).on_date)
        until(workspace, planned(hearth, weekly).due_at)
        tick(hearth)
        settled(hearth)
    days = [first.on_date + timedelta(days=each) for each in (0, 7, 14, 28)]
    assert seen == days  # and what was posted already is not posted again
    assert len(shown(workspace, hearth)) == 5


def test_what_was_planned_by_a_wrong_clock_is_planned_anew_by_whoever_starts_next(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person
) -> None:
    daily = ritual(hearth, cohort, rule=DAILY)
    workspace.clock.advance(timedelta(days=300))
    to_time(hearth, kofi, daily, 600)
    tick(hearth)
    workspace.clock.real()
    tick(hearth)
    assert planned(hearth, daily).due_at - workspace.clock.now() <= timedelta(days=1)


def test_other_words_leave_what_is_planned_and_whoever_holds_it(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person
) -> None:
    due = rotas.to_nine(workspace) + timedelta(days=1)
    (holder,) = rotas.on_rota(hearth, workspace, cohort, "maya")
    occurrence = rotas.coming(hearth, cohort, due, announce_at=due - minutes(10), **LIVE)
    rotas.asks(hearth)
    assert rotas.presses(holder, "rota_yes").ok
    until(workspace, due - minutes(9))
    tick(hearth)
    assert shown(workspace, hearth) == ["Friday wins"]
    with hearth.database.read() as connection:
        (row,) = ritual_plans.of_cohort(connection, cohort)
    edited(hearth, kofi, row.id, title="Friday thanks")
    tick(hearth)
    assert shown(workspace, hearth) == ["Friday thanks"]
    assert planned(hearth, row.id).id == occurrence
    assert rotas.held_by(hearth, occurrence) == holder.id
    assert holder.id in workspace.posted(CHANNEL)[0]["text"]


@on_sqlite
@pytest.mark.parametrize("how", ["edit", "delete", "pause", "skip"])
def test_what_was_announced_counts_among_the_posts_of_the_week_whatever_becomes_of_it(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person, stored: Stored, how: str
) -> None:
    """Else whoever changes a ritual again and again lets a channel be told again and again."""
    rotas.to_nine(workspace)
    soon = {**LIVE, "rule": DAILY, "zone": "UTC", "at_minute": 9 * 60 + 8}
    which = ritual(hearth, cohort, **soon)
    for each in range(4):
        tick(hearth)
        settled(hearth)
        if how == "edit":
            to_time(hearth, kofi, which, 9 * 60 + 7 - each)
        elif how == "pause":
            hearth.services.rituals.pause(kofi.id, str(which))
            hearth.services.rituals.resume(kofi.id, str(which))
        else:
            if how == "skip":
                day = workspace.clock.now().date()
                hearth.services.rituals.skip_next(kofi.id, str(which), day)
            hearth.services.rituals.delete(kofi.id, str(which))
            which = ritual(hearth, cohort, **soon)
    announced = "SELECT count(*) FROM outbox WHERE dedupe_key LIKE '%:soon'"
    assert stored.rows(announced) == [(2,)]
    assert sum(row[0] for row in stored.rows("SELECT posts FROM cohort_posts")) <= 3


@on_sqlite
def test_what_is_skipped_after_its_announcement_can_still_be_run_that_day(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person, stored: Stored
) -> None:
    rotas.to_nine(workspace)
    which = ritual(hearth, cohort, **LIVE, rule=DAILY, zone="UTC", at_minute=9 * 60 + 8)
    tick(hearth)
    tick(hearth)
    assert len(shown(workspace, hearth)) == 1
    day = planned(hearth, which).on_date
    assert hearth.services.rituals.skip_next(kofi.id, str(which), day).said is Said.SKIPPED
    assert stored.rows("SELECT posts FROM cohort_posts") == [(1,)]
    assert hearth.services.rituals.run_now(kofi.id, str(which)).said is Said.RUNS
    tick(hearth)
    assert len(shown(workspace, hearth)) == 2


@on_sqlite
@pytest.mark.parametrize(("column", "value"), [("rule", "FREQ=HOURLY"), ("zone", "Mars/Base")])
def test_a_ritual_that_cannot_be_reckoned_with_can_be_set_anew_by_whoever_runs_the_cohort(
    hearth: Hearth, cohort: UUID, kofi: Person, column: str, value: str
) -> None:
    broken = ritual(hearth, cohort, **{column: value})
    tick(hearth)
    assert kofi.types("/ritual", CHANNEL).ok
    assert kofi.is_shown("Friday wins")
    assert kofi.clicks(ritual_calendar.PREVIEW).ok
    assert kofi.is_shown("No date lies ahead")
    kofi.closes()
    assert kofi.clicks(ritual_calendar.EDIT).ok
    assert top(kofi)["callback_id"] == ritual_forms.SAVE
    plan, _ = plan_of(hearth, broken)
    sound = replace(plan.schedule, rule=FRIDAY, zone="Europe/Berlin")
    assert edited(hearth, kofi, broken, schedule=sound)
    assert hearth.services.rituals.resume(kofi.id, str(broken)).said is Said.RESUMED
    tick(hearth)
    assert planned(hearth, broken)
