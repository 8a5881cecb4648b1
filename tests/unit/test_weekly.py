"""When somebody is asked: on their day, at their time, whatever the clocks do, never at night."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.budget import week_of
from bot.domain.days import local_time, minutes_of
from bot.domain.weekly import (
    Filled,
    Wish,
    check,
    is_timely,
    last_due,
    moved,
    next_due,
    pause_end,
    reminder_at,
)
from bot.errors import InvalidAnswer, Problem

FRIDAYS = Wish(weekday=4, at_minute=15 * 60, zone=None, reminds=True)
FILLED = Filled(wanted="yes", weekday="4", time="15:00", zone="", reminds=True)
BERLIN = "Europe/Berlin"
ZONES = st.sampled_from([BERLIN, "Pacific/Apia", "Australia/Lord_Howe", "America/New_York", "UTC"])
WISHES = st.builds(
    Wish,
    weekday=st.integers(0, 6),
    at_minute=st.integers(0, 1439),
    zone=st.none(),
    reminds=st.just(True),
)
INSTANTS = st.integers(0, 11 * 366 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@given(WISHES, ZONES, INSTANTS)
def test_it_is_due_once_in_every_week_on_the_day_that_was_chosen(
    wish: Wish, zone: str, after: datetime
) -> None:
    due = after
    days = []
    for _ in range(5):
        assert last_due(wish, zone, until=due) <= due
        following = next_due(wish, zone, after=due)
        assert last_due(wish, zone, until=following) == following > due
        days.append(local_time(following, zone))
        due = following
    assert {each.weekday() for each in days} == {wish.weekday}
    dates = [each.date() for each in days]
    assert [later - earlier for earlier, later in pairwise(dates)] == [timedelta(weeks=1)] * 4
    # Where clocks skip the time, it is the first minute after.
    assert all(0 <= 60 * d.hour + d.minute - wish.at_minute <= 60 for d in days)


@pytest.mark.parametrize(
    ("minute", "day", "due"),
    [
        (150, "2027-03-27T12:00+01:00", "2027-03-28T03:00+02:00"),  # skipped
        (150, "2027-10-30T12:00+02:00", "2027-10-31T02:30+02:00"),  # twice: the first
    ],
)
def test_a_change_of_clocks_neither_skips_nor_doubles_it(minute: int, day: str, due: str) -> None:
    sundays = replace(FRIDAYS, weekday=6, at_minute=minute)
    found = next_due(sundays, BERLIN, after=at(day))
    assert found == at(due)
    assert next_due(sundays, BERLIN, after=found) - found > timedelta(days=6)


@given(WISHES, ZONES, INSTANTS, st.sampled_from([0, 300, 1439]))
def test_a_reminder_stays_in_the_week_of_its_question(
    wish: Wish, zone: str, after: datetime, starts: int
) -> None:
    asked = next_due(wish, zone, after=after)
    due = reminder_at(wish, zone, asked, home=zone, starts_minute=starts)
    assert (
        reminder_at(replace(wish, reminds=False), zone, asked, home=zone, starts_minute=0) is None
    )
    if due is not None:
        week = week_of(asked, zone, starts_minute=starts)
        assert week_of(due, zone, starts_minute=starts) == week
        assert asked < due <= asked + timedelta(days=2, hours=1)


@pytest.mark.parametrize(
    ("weekday", "days"), [(0, 2), (1, 2), (2, 2), (3, 2), (4, 2), (5, 1), (6, None)]
)
def test_a_reminder_comes_two_days_later_or_on_the_last_day_of_the_week(
    weekday: int, days: int | None
) -> None:
    wish = replace(FRIDAYS, weekday=weekday)
    asked = next_due(wish, BERLIN, after=at("2027-03-01T00:00+01:00"))
    due = reminder_at(wish, BERLIN, asked, home=BERLIN, starts_minute=0)
    assert due == (None if days is None else asked + timedelta(days=days))


@pytest.mark.parametrize(
    ("due", "minutes_late", "timely"),
    [
        ("15:00", 0, True),
        ("15:00", -1, False),
        ("15:00", 120, True),
        ("15:00", 121, False),
        ("21:00", 59, True),
        ("21:00", 60, False),  # at 22:00 the night begins
        ("23:30", 120, True),  # they chose the night themselves
        ("06:30", 90, True),
    ],
)
def test_late_it_is_said_for_two_hours_and_never_at_night(
    due: str, minutes_late: int, timely: bool
) -> None:
    instant = at(f"2027-03-05T{due}+01:00")
    assert is_timely(instant + timedelta(minutes=minutes_late), instant, BERLIN) is timely


def test_somewhere_else_it_is_due_on_the_same_day_by_the_clocks_there() -> None:
    due = at("2027-03-05T15:00+01:00")
    there = moved(due, wish=FRIDAYS, before=BERLIN, after="America/New_York")
    assert there == at("2027-03-05T15:00-05:00")


def test_the_clock_is_the_chosen_one_then_the_known_one() -> None:
    assert replace(FRIDAYS, zone="Asia/Tokyo").clocks(BERLIN) == "Asia/Tokyo"
    assert FRIDAYS.clocks(BERLIN) == BERLIN
    assert FRIDAYS.clocks(None) == "UTC"
    assert replace(FRIDAYS, zone="Gone/Away").clocks(BERLIN) == BERLIN


def test_the_button_never_makes_a_pause_shorter() -> None:
    now = at("2027-03-05T15:00+01:00")
    for before, end in (
        (None, date(2027, 3, 19)),
        (date(2027, 3, 6), date(2027, 3, 19)),
        (date.max, date.max),
    ):
        assert pause_end(before, now, zone=BERLIN, starts=0) == end


def test_what_was_filled_in_is_a_wish() -> None:
    assert check(FILLED) == FRIDAYS
    assert check(replace(FILLED, zone=" Asia/Tokyo ")) == replace(FRIDAYS, zone="Asia/Tokyo")
    assert check(Filled(wanted="no", weekday=None, time=None, zone="?", reminds=False)) is None


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("wanted", None, Problem.MISSING),
        ("wanted", "perhaps", Problem.NOT_A_CHOICE),
        ("weekday", None, Problem.MISSING),
        ("weekday", "7", Problem.NOT_A_CHOICE),
        ("weekday", "٤", Problem.NOT_A_CHOICE),
        ("time", None, Problem.MISSING),
        ("time", "24:00", Problem.NOT_A_TIME),
        ("time", "٠٩:٠٠", Problem.NOT_A_TIME),
        ("zone", "Nowhere/AtAll", Problem.NOT_A_ZONE),
        ("zone", "../../etc/passwd", Problem.NOT_A_ZONE),
        ("zone", "x" * 3000, Problem.NOT_A_ZONE),
    ],
)
def test_what_cannot_be_kept_is_told_beside_its_field(
    field: str, value: Any, problem: Problem
) -> None:
    with pytest.raises(InvalidAnswer) as refused:
        check(replace(FILLED, **{field: value}))
    assert refused.value.problems == {field: problem}


@pytest.mark.parametrize(
    ("text", "minutes"), [("00:00", 0), ("23:59", 1439), ("5:00", None), ("", None), (None, None)]
)
def test_a_time_is_read_as_slack_writes_it(text: str | None, minutes: int | None) -> None:
    assert minutes_of(text) == minutes
