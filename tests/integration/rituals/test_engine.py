"""The clock's side of rituals: planned ahead, posted once, closed, and planned again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from app import Hearth
from bot.domain.rituals import LATE_AFTER
from bot.errors import Refusal
from bot.services import claims, occurrences
from sandbox import Person, Sandbox
from storage import cohorts
from tests.conftest import Stored
from tests.integration.outbox import settled
from tests.integration.rituals.calendars import (
    CHANNEL,
    dates,
    minutes,
    planned,
    ritual,
    rows,
    shown,
    tick,
    told,
    until,
)

DAILY = "FREQ=DAILY"
LIVE = {"mode": "live", "minutes": 10}


def begin(workspace: Sandbox, hearth: Hearth, which: UUID) -> datetime:
    """Let the first occurrence of a ritual be planned and posted; return when that was."""
    tick(hearth)
    due: datetime = planned(hearth, which).due_at
    until(workspace, due)
    tick(hearth)
    settled(hearth)
    return due


def test_a_ritual_is_planned_ahead_posted_when_it_is_due_and_planned_again(
    workspace: Sandbox, hearth: Hearth, cohort: UUID
) -> None:
    weekly = ritual(hearth, cohort)
    tick(hearth)
    first = planned(hearth, weekly)
    local = first.due_at.astimezone(ZoneInfo("Europe/Berlin"))
    assert (local.weekday(), local.hour, local.minute) == (4, 15, 0)
    assert hearth.services.rhythm.next_due() == first.due_at
    until(workspace, first.due_at - timedelta(seconds=20))
    tick(hearth)
    assert shown(workspace, hearth) == []
    until(workspace, first.due_at)
    tick(hearth)
    tick(hearth)
    assert shown(workspace, hearth) == ["Friday wins"]
    assert dates(hearth, weekly, "open") == [first.on_date]
    assert planned(hearth, weekly).on_date == first.on_date + timedelta(days=7)


def test_a_live_one_is_announced_begins_and_ends_with_thanks_in_its_thread(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, stored: Stored
) -> None:
    live = ritual(hearth, cohort, **LIVE)
    tick(hearth)
    due = planned(hearth, live).due_at
    assert stored.rows("SELECT posts FROM cohort_posts") == [(2,)]
    until(workspace, due - minutes(10))
    tick(hearth)
    tick(hearth)
    assert len(shown(workspace, hearth)) == 1
    until(workspace, due)
    tick(hearth)
    assert len(shown(workspace, hearth)) == 2
    until(workspace, due + minutes(10))
    tick(hearth)
    tick(hearth)
    settled(hearth)
    soon, start, thanks = workspace.posted(CHANNEL)
    assert [soon["edited"], start["edited"], thanks["edited"]] == [False, True, False]
    assert thanks["thread_ts"] == start["ts"]
    assert "closed" in start["text"]
    assert "Thank you" in thanks["text"]
    assert dates(hearth, live, "closed") == [due.date()]


def test_the_next_time_closes_the_one_before_in_silence(
    workspace: Sandbox, hearth: Hearth, cohort: UUID
) -> None:
    daily = ritual(hearth, cohort, rule=DAILY)
    first = begin(workspace, hearth, daily)
    until(workspace, first + timedelta(days=1, seconds=1))
    tick(hearth)
    assert [row.state for row in rows(hearth, daily)][:2] == ["closed", "open"]
    settled(hearth)
    assert [each["edited"] for each in workspace.posted(CHANNEL)] == [False, False]


def test_what_no_next_time_closes_closes_by_itself_after_a_week(
    workspace: Sandbox, hearth: Hearth, cohort: UUID
) -> None:
    once = ritual(hearth, cohort, rule="FREQ=DAILY;COUNT=1", starts_on=_tomorrow(workspace))
    due = begin(workspace, hearth, once)
    until(workspace, due + timedelta(days=7))
    tick(hearth)
    assert dates(hearth, once, "closed") == [due.date()]


def test_an_hour_late_it_is_still_posted_and_two_hours_late_it_is_not(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person
) -> None:
    weekly = ritual(hearth, cohort)
    tick(hearth)
    until(workspace, planned(hearth, weekly).due_at + minutes(119))
    tick(hearth)
    assert shown(workspace, hearth) == ["Friday wins"]
    second = planned(hearth, weekly)
    until(workspace, second.due_at + LATE_AFTER)
    tick(hearth)
    assert shown(workspace, hearth) == ["Friday wins"]
    assert dates(hearth, weekly, "missed") == [second.on_date]
    (word,) = told(workspace, hearth, kofi)
    assert "“Friday wins” did not take place" in word
    assert planned(hearth, weekly).on_date == second.on_date + timedelta(days=7)


def test_a_live_one_that_would_be_over_is_not_begun(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person
) -> None:
    live = ritual(hearth, cohort, **LIVE)
    tick(hearth)
    until(workspace, planned(hearth, live).due_at + minutes(10))
    tick(hearth)
    assert shown(workspace, hearth) == []
    assert len(dates(hearth, live, "missed")) == len(told(workspace, hearth, kofi)) == 1


def test_all_that_was_missed_in_a_long_absence_is_told_in_one_message(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person, stored: Stored
) -> None:
    daily = ritual(hearth, cohort, rule=DAILY)
    tick(hearth)
    first = planned(hearth, daily)
    until(workspace, first.due_at + timedelta(days=90, hours=3))
    tick(hearth)
    tick(hearth)
    assert shown(workspace, hearth) == []
    assert len(dates(hearth, daily, "missed")) == 61  # the one that was planned, and the latest
    (word,) = told(workspace, hearth, kofi)
    assert "on 91 days between" in word
    assert planned(hearth, daily).on_date == first.on_date + timedelta(days=91)
    assert stored.rows("SELECT count(*) FROM cohort_posts") == [(1,)]


def test_what_came_round_in_the_last_two_hours_of_an_absence_is_posted(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person
) -> None:
    daily = ritual(hearth, cohort, rule=DAILY)
    tick(hearth)
    until(workspace, planned(hearth, daily).due_at + timedelta(days=1, hours=1))
    tick(hearth)
    assert shown(workspace, hearth) == ["Friday wins"]
    assert [row.state for row in rows(hearth, daily)] == ["missed", "open", "planned"]
    assert len(told(workspace, hearth, kofi)) == 1


@pytest.mark.parametrize("reason", [Refusal.SHARED, Refusal.UNSEEN])
def test_nothing_is_posted_while_a_cohort_is_halted_unless_it_was_only_not_looked_at(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person, reason: Refusal
) -> None:
    daily = ritual(hearth, cohort, rule=DAILY)
    tick(hearth)
    now = workspace.clock.now()
    hearth.database.write(lambda each: cohorts.halt(each, cohort, reason, now=now))
    for _ in range(2):
        begin(workspace, hearth, daily)
    if reason is Refusal.UNSEEN:
        assert shown(workspace, hearth) == ["Friday wins"] * 2
        assert told(workspace, hearth, kofi) == []
    else:
        assert shown(workspace, hearth) == []
        assert len(dates(hearth, daily, "skipped")) == 2
        assert len(told(workspace, hearth, kofi)) == 1  # and not again each day
    assert planned(hearth, daily)


def test_a_week_without_room_is_left_out_and_told(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person
) -> None:
    monday = _monday_after_next(workspace)
    until(workspace, monday + timedelta(hours=8))
    ritual(hearth, cohort, rule=DAILY, at_minute=9 * 60)
    for day in range(3):
        tick(hearth)
        until(workspace, monday + timedelta(days=day, hours=9))
        tick(hearth)
        assert len(shown(workspace, hearth)) == day + 1
    (word,) = told(workspace, hearth, kofi)
    assert "on 4 days between" in word


def test_a_ritual_without_a_further_date_ends_and_that_is_told(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person, stored: Stored
) -> None:
    twice = ritual(hearth, cohort, rule="FREQ=DAILY;COUNT=2", starts_on=_tomorrow(workspace))
    due = begin(workspace, hearth, twice)
    assert told(workspace, hearth, kofi) == []
    until(workspace, due + timedelta(days=1))
    tick(hearth)
    assert len(shown(workspace, hearth)) == len(rows(hearth, twice)) == 2
    assert stored.rows("SELECT count(*) FROM rituals WHERE ended_at IS NOT NULL") == [(1,)]
    (word,) = told(workspace, hearth, kofi)
    assert "came to its last date" in word


def test_of_what_was_to_be_once_nobody_is_told_as_it_begins_that_it_has_ended(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person, stored: Stored
) -> None:
    once = ritual(hearth, cohort, rule="FREQ=DAILY;COUNT=1", starts_on=_tomorrow(workspace))
    begin(workspace, hearth, once)
    tick(hearth)
    assert len(shown(workspace, hearth)) == 1
    assert stored.rows("SELECT count(*) FROM rituals WHERE ended_at IS NOT NULL") == [(1,)]
    assert told(workspace, hearth, kofi) == []


def test_where_the_last_date_was_missed_one_message_says_that_no_other_follows(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person
) -> None:
    ritual(hearth, cohort, rule="FREQ=DAILY;COUNT=2", starts_on=_tomorrow(workspace))
    tick(hearth)
    workspace.clock.advance(timedelta(days=7))
    tick(hearth)
    (word,) = told(workspace, hearth, kofi)
    assert "did not take place" in word
    assert "No other date follows" in word
    assert "goes on with" not in word


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("zone", "Mars/Olympus"),
        ("rule", "FREQ=SECONDLY"),
        ("template", "of_old"),
        ("on_holiday", "dance"),
        ("mode", "psychic"),
    ],
)
def test_a_ritual_that_cannot_be_reckoned_with_is_paused_and_the_others_go_on(
    workspace: Sandbox,
    hearth: Hearth,
    cohort: UUID,
    kofi: Person,
    stored: Stored,
    column: str,
    value: str,
) -> None:
    broken = ritual(hearth, cohort, **{column: value})
    fine = ritual(hearth, cohort, title="Still there")
    begin(workspace, hearth, fine)
    assert shown(workspace, hearth) == ["Still there"]
    assert rows(hearth, broken) == []
    assert stored.rows("SELECT count(*) FROM rituals WHERE paused_at IS NOT NULL") == [(1,)]
    (word,) = told(workspace, hearth, kofi)
    assert "is paused" in word


def test_an_announcement_is_taken_away_when_the_ritual_changes(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, stored: Stored
) -> None:
    live = ritual(hearth, cohort, **LIVE)
    tick(hearth)
    until(workspace, planned(hearth, live).due_at - minutes(5))
    tick(hearth)
    assert len(shown(workspace, hearth)) == 1
    now = workspace.clock.now()
    assert hearth.database.write(lambda each: occurrences.release(each, live, now=now))
    hearth.services.outbox.bell.ring()
    assert shown(workspace, hearth) == []
    assert rows(hearth, live) == []
    assert stored.rows("SELECT posts FROM cohort_posts") == [(1,)]  # it was read
    hearth.database.write(lambda each: occurrences.plan_anew(each, live, now=now))
    tick(hearth)
    assert planned(hearth, live)


def test_a_tick_that_ended_after_claiming_is_gone_on_from_by_the_next(
    workspace: Sandbox, hearth: Hearth, cohort: UUID
) -> None:
    weekly = ritual(hearth, cohort)
    tick(hearth)
    first = planned(hearth, weekly)
    until(workspace, first.due_at)
    now = workspace.clock.now()
    done = hearth.database.write(
        lambda each: claims.claim(each, now=now, late=LATE_AFTER, patient=False)
    )
    assert done.told
    assert [row.state for row in rows(hearth, weekly)] == ["open"]
    tick(hearth)
    assert planned(hearth, weekly).on_date == first.on_date + timedelta(days=7)
    assert shown(workspace, hearth) == ["Friday wins"]


def test_a_claim_that_is_undone_leaves_nothing(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, stored: Stored
) -> None:
    weekly = ritual(hearth, cohort)
    tick(hearth)
    until(workspace, planned(hearth, weekly).due_at)
    before = (rows(hearth, weekly), stored.rows("SELECT to_plan, plan_after FROM rituals"))
    now = workspace.clock.now()

    def undone(connection: object) -> None:
        claims.claim(connection, now=now, late=LATE_AFTER, patient=False)  # type: ignore[arg-type]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        hearth.database.write(undone)
    after = (rows(hearth, weekly), stored.rows("SELECT to_plan, plan_after FROM rituals"))
    assert after == before
    assert stored.count("outbox") == 0


def test_ten_weeks_around_the_change_of_clocks_hold_the_local_time_each_once(
    workspace: Sandbox, hearth: Hearth, cohort: UUID
) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    year = workspace.clock.now().year + 1
    until(workspace, datetime(year, 9, 20, 12, tzinfo=UTC))
    weekly = ritual(hearth, cohort)
    seen = []
    for _ in range(10):
        tick(hearth)
        due = planned(hearth, weekly).due_at
        seen.append(due.astimezone(berlin))
        for minute in range(-2, 3):
            until(workspace, due + minutes(minute))
            tick(hearth)
        assert len(shown(workspace, hearth)) == len(seen)
    assert {(each.weekday(), each.hour, each.minute) for each in seen} == {(4, 15, 0)}
    assert {each.utcoffset() for each in seen} == {timedelta(hours=1), timedelta(hours=2)}
    assert [(b - a).days for a, b in pairwise(seen)] == [7] * 9


def test_a_clock_that_goes_back_doubles_nothing_and_brings_back_what_it_had_called_missed(
    workspace: Sandbox, hearth: Hearth, cohort: UUID
) -> None:
    weekly = ritual(hearth, cohort)
    tick(hearth)
    first = planned(hearth, weekly)
    until(workspace, first.due_at + timedelta(days=30))
    tick(hearth)
    assert len(dates(hearth, weekly, "missed")) == 5
    workspace.clock.real()
    tick(hearth)
    assert [row.on_date for row in rows(hearth, weekly)] == [first.on_date]
    until(workspace, first.due_at)
    tick(hearth)
    assert shown(workspace, hearth) == ["Friday wins"]
    workspace.clock.real()
    tick(hearth)
    until(workspace, first.due_at)
    tick(hearth)
    assert shown(workspace, hearth) == ["Friday wins"]


def test_while_hearth_is_taken_out_of_slack_nothing_is_claimed(
    workspace: Sandbox, hearth: Hearth, cohort: UUID
) -> None:
    weekly = ritual(hearth, cohort)
    tick(hearth)
    hearth.services.speaking.stop("app_uninstalled")
    until(workspace, planned(hearth, weekly).due_at)
    tick(hearth)
    assert [row.state for row in rows(hearth, weekly)] == ["planned"]


def _tomorrow(workspace: Sandbox) -> object:
    return (workspace.clock.now() + timedelta(days=1)).date()


def _monday_after_next(workspace: Sandbox) -> datetime:
    today = workspace.clock.now().astimezone(ZoneInfo("Europe/Berlin"))
    monday = today.date() + timedelta(days=14 - today.weekday())
    return datetime(monday.year, monday.month, monday.day, tzinfo=today.tzinfo)
