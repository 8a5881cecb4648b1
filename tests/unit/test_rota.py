"""Rules of the rota: who is asked, when, and when silence is an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.days import local_time
from bot.domain.rota import (
    DAY_BEGINS,
    DAY_ENDS,
    LAST_ASKED,
    LEAST,
    MOST,
    SETTLED,
    Answer,
    Ask,
    Standing,
    Wait,
    Waiting,
    changes,
    line,
    next_step,
    standing,
    turn_at,
)

COHORT = UUID(int=1)
START = datetime(2026, 11, 23, 9, tzinfo=UTC)
A_DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
ZONES = ("Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles", "Asia/Kolkata", None)


def waiting(person: str, *, since: datetime = START, zone: str | None = None) -> Waiting:
    return Waiting(person=person, since=since, last_turn_at=None, zone=zone)


def rota(count: int, zones: Sequence[str | None] = (None,)) -> dict[str, Waiting]:
    names = [f"P{number}" for number in range(count)]
    return {name: waiting(name, zone=zones[n % len(zones)]) for n, name in enumerate(names)}


def asked_for(
    people: dict[str, Waiting], occurrence: UUID, due_at: datetime, answers: Sequence[Answer]
) -> list[str]:
    """Play one occurrence through as the clock's job does; return who was asked, in order."""
    now, asked, left = due_at - A_DAY, list[str](), dict(people)
    while True:
        ordered = line(left.values(), cohort=COHORT, occurrence=occurrence)
        step = next_step(ordered, now=now, due_at=due_at)
        if step is None:
            return asked
        if isinstance(step, Wait):
            assert step.until > now
            now = step.until
            continue
        local = local_time(now, people[step.person].zone).time()
        assert DAY_BEGINS <= local < DAY_ENDS
        # Nobody whose day it was had been asked longer ago.
        awake = [each for each in ordered if isinstance(_alone(each, now, due_at), Ask)]
        assert step.person in (ordered[0].person, awake[0].person)
        at = turn_at(now, people.values())
        people[step.person] = replace(people[step.person], last_turn_at=at)
        asked.append(step.person)
        del left[step.person]
        answer = answers[(len(asked) - 1) % len(answers)]
        if answer is Answer.YES:
            return asked
        assert now + min(timedelta(minutes=15), LEAST) <= step.silent_at <= now + MOST
        assert step.silent_at <= due_at - SETTLED
        now = step.silent_at if answer is Answer.SILENT else now + timedelta(minutes=5)


def _alone(each: Waiting, now: datetime, due_at: datetime) -> Ask | Wait | None:
    return next_step([each], now=now, due_at=due_at)


@given(
    st.integers(1, 7),
    st.integers(1, 40),
    st.lists(st.sampled_from(ZONES), min_size=1, max_size=5),
    st.integers(0, 47),
)
def test_where_everybody_says_yes_nobody_holds_it_twice_before_everybody_did_once(
    count: int, times: int, zones: list[str | None], half_hour: int
) -> None:
    people, counts = rota(count, zones), Counter[str]()
    for number in range(times):
        due_at = START + 7 * number * A_DAY + half_hour * HOUR / 2
        (holder,) = asked_for(people, UUID(int=number), due_at, [Answer.YES])
        counts[holder] += 1
        held = [counts[person] for person in people]
        assert max(held) - min(held) <= 1


@given(
    st.integers(1, 6),
    st.lists(st.lists(st.sampled_from(Answer), min_size=1, max_size=4), max_size=20),
    st.lists(st.sampled_from(ZONES), min_size=1, max_size=5),
)
def test_whatever_people_answer_each_is_asked_once_for_an_occurrence_and_in_their_own_day(
    count: int, answers: list[list[Answer]], zones: list[str | None]
) -> None:
    people = rota(count, zones)
    for number, each in enumerate(answers):
        asked = asked_for(people, UUID(int=number), START + number * A_DAY, each)
        assert len(asked) == len(set(asked))


@given(st.integers(2, 6), st.lists(st.sampled_from(Answer), min_size=2, max_size=40))
def test_nobody_is_asked_again_while_somebody_free_was_asked_longer_ago(
    count: int, answers: list[Answer]
) -> None:
    people, before = rota(count), list[str]()
    for number, answer in enumerate(answers):
        due_at = START + number * A_DAY + 3 * HOUR
        before += asked_for(people, UUID(int=number), due_at, [answer, Answer.YES])
    for start in range(len(before)):
        together = before[start : start + count]
        assert len(set(together)) == len(together)


def test_several_in_the_same_moment_go_round_as_well() -> None:
    people, counts = rota(3), Counter[str]()
    for number in range(9):
        (person,) = asked_for(people, UUID(int=number), START + A_DAY, [Answer.YES])
        counts[person] += 1
    assert set(counts.values()) == {3}


def test_whoever_joins_later_comes_after_everybody_who_waited_longer() -> None:
    people = rota(3)
    for number in range(3):
        asked_for(people, UUID(int=number), START + number * A_DAY, [Answer.YES])
    people["new"] = waiting("new", since=START + 3 * A_DAY)
    order = [
        asked_for(people, UUID(int=number), START + number * A_DAY, [Answer.YES])[0]
        for number in range(4, 12)
    ]
    assert order.index("new") == 3
    assert order[7] == "new"


def test_equals_are_ordered_by_chance_that_is_the_same_every_time() -> None:
    people = list(rota(5).values())
    orders = {
        tuple(each.person for each in line(people, cohort=COHORT, occurrence=UUID(int=n)))
        for n in range(20)
    }
    assert len(orders) > 5
    again = line(people[::-1], cohort=COHORT, occurrence=UUID(int=0))
    assert again == line(people, cohort=COHORT, occurrence=UUID(int=0))


@pytest.mark.parametrize(
    ("people", "left", "share"),
    [(1, 24, 8), (3, 24, 8), (6, 24, 4), (12, 24, 2), (50, 24, 2), (1, 5, 4.75), (3, 3, 2)],
)
def test_everybody_has_a_fair_part_of_the_time_that_is_left(
    people: int, left: int, share: float
) -> None:
    due_at = START + left * HOUR
    step = next_step(list(rota(people).values()), now=START, due_at=due_at)
    assert isinstance(step, Ask)
    assert step.silent_at == START + share * HOUR


@pytest.mark.parametrize(
    ("before", "is_asked"), [(30, True), (29, False), (0, False), (-60, False)]
)
def test_shortly_before_it_begins_nobody_is_asked_any_more(before: int, is_asked: bool) -> None:
    step = next_step([waiting("P")], now=START, due_at=START + timedelta(minutes=before))
    assert (step is not None) == is_asked
    assert LAST_ASKED > SETTLED


def test_nobody_is_asked_at_night_and_a_day_that_begins_soon_is_waited_for() -> None:
    night = datetime(2026, 11, 23, 3, tzinfo=UTC)
    tokyo, berlin = waiting("T", zone="Asia/Tokyo"), waiting("B", zone="Europe/Berlin")
    first = [berlin, tokyo]
    seven = datetime(2026, 11, 23, 7, tzinfo=UTC)  # eight in Berlin
    assert next_step(first, now=night, due_at=night + A_DAY) == Wait(seven)
    step = next_step(first, now=night, due_at=night + 6 * HOUR)
    assert isinstance(step, Ask)
    assert step.person == "T"
    assert next_step([berlin], now=night, due_at=night + 6 * HOUR) == Wait(seven)
    assert next_step([berlin], now=night, due_at=seven + 20 * HOUR / 60) is None


def test_a_zone_that_nobody_knows_is_taken_as_utc() -> None:
    step = next_step([waiting("P", zone="Not/AZone")], now=START, due_at=START + A_DAY)
    assert isinstance(step, Ask)


@pytest.mark.parametrize(
    ("answer", "is_coming", "is_taken", "expected"),
    [
        (None, True, False, Standing.ASKED),
        (None, True, True, Standing.TAKEN),
        (None, False, False, Standing.OVER),
        (Answer.SILENT, True, False, Standing.ASKED),
        (Answer.SILENT, True, True, Standing.TAKEN),
        (Answer.SILENT, False, True, Standing.OVER),
        (Answer.PASS, True, False, Standing.PASSED),
        (Answer.PASS, True, True, Standing.PASSED),
        (Answer.PASS, False, False, Standing.OVER),
        (Answer.YES, True, False, Standing.HOLDS),
        (Answer.YES, False, False, Standing.OVER),
    ],
)
def test_how_somebody_stands_who_was_asked(
    answer: Answer | None, is_coming: bool, is_taken: bool, expected: Standing
) -> None:
    assert standing(answer, is_coming=is_coming, is_taken=is_taken) is expected


@pytest.mark.parametrize("before", Standing)
@pytest.mark.parametrize("wish", [Answer.YES, Answer.PASS])
def test_an_answer_counts_only_where_it_changes_something(before: Standing, wish: Answer) -> None:
    expected = {
        (Standing.ASKED, Answer.YES),
        (Standing.ASKED, Answer.PASS),
        (Standing.HOLDS, Answer.PASS),
    }
    assert changes(before, wish) == ((before, wish) in expected)
