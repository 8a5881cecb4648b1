"""The one prompt budget, as a rule: whatever wishes to speak, whenever and wherever."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.budget import (
    COHORT_POSTS,
    COUNTS,
    PROMPTS,
    REMINDERS,
    Counts,
    Said,
    Sort,
    room,
    sort_of,
    week_of,
    week_with_room,
)
from bot.domain.delivery import Kind
from tests.unit.shown import MESSAGES, parts

BEGIN = datetime(2027, 3, 20, tzinfo=UTC)  # a week before clocks change
ZONES = ("Pacific/Honolulu", "Europe/Berlin", "Pacific/Auckland", "Asia/Kathmandu", None)
INSTANTS = st.integers(0, 28 * 24 * 60).map(lambda minutes: BEGIN + timedelta(minutes=minutes))
PLACES = st.tuples(st.sampled_from(ZONES), st.sampled_from((0, 300, 1439)))
WISHES = st.lists(st.tuples(INSTANTS, PLACES, st.sampled_from(Sort)), max_size=40)
SUNDAY_NOON = datetime(2027, 3, 21, 22, 0, tzinfo=UTC)
"""In Honolulu; in Auckland it is Monday."""


def granted(wishes: Sequence[tuple[datetime, tuple[str | None, int], Sort]]) -> list[Any]:
    """Return which of the wishes are granted, with the week; in the order that they were made."""
    said: list[Said] = []
    had = []
    for at, place, sort in wishes:
        week = week_with_room(sort, said, now=at, zone=place[0], starts_minute=place[1])
        if week is not None:
            said.append(Said(week, sort, at))
            had.append((at, place, sort, week))
    return had


@given(WISHES)
def test_no_week_of_anybody_has_two_prompts_or_two_reminders_whichever_way_they_travel(
    wishes: list[Any],
) -> None:
    for earlier, later in combinations(granted(wishes), 2):
        if earlier[2] is later[2]:
            zone, starts = later[1]
            assert earlier[3] != later[3]
            assert week_of(earlier[0], zone, starts_minute=starts) != later[3]


@given(WISHES)
def test_a_reminder_comes_only_after_a_prompt_of_the_same_week(wishes: list[Any]) -> None:
    had = granted(wishes)
    for index, (_, (zone, starts), sort, week) in enumerate(had):
        if sort is Sort.REMINDER:
            assert any(
                week in (each[3], week_of(each[0], zone, starts_minute=starts))
                for each in had[:index]
                if each[2] is Sort.PROMPT
            )


@given(WISHES)
def test_whoever_stays_where_they_are_has_every_prompt_that_a_week_has_room_for(
    wishes: list[Any],
) -> None:
    at_home = [(at, ("Europe/Berlin", 300), Sort.PROMPT) for at, _, _ in wishes]
    weeks = {week_of(at, "Europe/Berlin", starts_minute=300) for at, _, _ in at_home}
    assert {each[3] for each in granted(at_home)} == weeks


def test_a_flight_over_the_line_makes_no_second_prompt() -> None:
    """Neither by landing in the week that comes, nor in the one that was."""
    honolulu, auckland = (ZONES[0], 0), (ZONES[2], 0)
    minute_after = SUNDAY_NOON + timedelta(minutes=1)
    for there, here in ((honolulu, auckland), (auckland, honolulu)):
        wishes = [(SUNDAY_NOON, there, Sort.PROMPT), (minute_after, here, Sort.PROMPT)]
        assert len(granted(wishes)) == 1


def test_a_week_begins_on_monday_when_the_persons_own_day_does() -> None:
    night = datetime(2027, 3, 22, 2, 0, tzinfo=UTC)
    assert week_of(night, "UTC") == date(2027, 3, 22)
    assert week_of(night, "UTC", starts_minute=300) == date(2027, 3, 15)
    assert week_of(night, "Pacific/Honolulu") == date(2027, 3, 15)
    assert week_of(night, "Nowhere/AtAll") == date(2027, 3, 22)


@pytest.mark.parametrize("kind", Kind)
def test_only_what_speaks_first_and_asks_is_counted_for_a_person(kind: Kind) -> None:
    sorts = {
        Kind.WEEKLY_CHECKIN: Sort.PROMPT,
        Kind.RITUAL_TURN: Sort.PROMPT,
        Kind.WEEKLY_REMINDER: Sort.REMINDER,
    }
    assert sort_of(kind) is sorts.get(kind)


def test_the_numbers_are_the_ones_that_were_promised() -> None:
    assert (PROMPTS, REMINDERS, COHORT_POSTS) == (1, 1, 3)
    assert [room(used) for used in (0, 2, 3, 7)] == [3, 1, 0, 0]


def test_no_message_calls_everybody() -> None:
    """What people typed may say so; there Slack shows it as it stands and calls nobody."""
    for name, blocks in MESSAGES.items():
        for part in parts(blocks):
            assert part.get("type") not in {"broadcast", "usergroup"}, name
            if part.get("type") == "mrkdwn":
                for call in ("<!here", "<!channel", "<!everyone", "<!subteam"):
                    assert call not in part["text"], name


def test_everything_that_hearth_says_is_counted_as_something() -> None:
    assert set(COUNTS) == set(Kind)


def test_what_is_posted_in_a_cohorts_channel_is_counted_there() -> None:
    posts = {kind for kind, counts in COUNTS.items() if counts is Counts.POST}
    assert posts == {Kind.RITUAL, Kind.RITUAL_SOON}
