from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.checkins import (
    NOTE_LIMIT,
    Answer,
    Capacity,
    NextStep,
    Scale,
    check,
    first_day_shown,
    next_step,
    recent,
)
from bot.errors import InvalidAnswer, Problem

LEVELS = {Scale.MOOD: "4", Scale.STRESS: "2", Scale.ENERGY: "3"}
TODAY = date(2026, 11, 22)


def test_a_complete_form_becomes_an_answer() -> None:
    assert check(LEVELS, "full", "slept badly") == Answer(
        mood=4, stress=2, energy=3, capacity=Capacity.FULL, note="slept badly"
    )


@pytest.mark.parametrize("note", [None, "", "   ", "\n\t "])
def test_a_note_of_nothing_is_no_note(note: str | None) -> None:
    assert check(LEVELS, "light", note).note is None


@pytest.mark.parametrize(
    "note", ["  indented", "😔" * NOTE_LIMIT, "شكرا لك", "<!channel> & <http://x|y>"]
)
def test_a_note_is_kept_as_it_was_written(note: str) -> None:
    assert check(LEVELS, "light", note).note == note


def test_a_note_that_is_too_long_is_refused_whole() -> None:
    with pytest.raises(InvalidAnswer) as refused:
        check(LEVELS, "light", "x" * (NOTE_LIMIT + 1))
    assert refused.value.problems == {"note": Problem.TOO_LONG}


@pytest.mark.parametrize("level", ["0", "6", "", "4.0", " 4", "٤", "four", "44"])
def test_a_level_that_is_none_of_the_five_is_refused(level: str) -> None:
    with pytest.raises(InvalidAnswer) as refused:
        check(LEVELS | {Scale.MOOD: level}, "light", None)
    assert refused.value.problems == {"mood": Problem.NOT_A_CHOICE}


def test_every_missing_answer_is_named_at_once() -> None:
    with pytest.raises(InvalidAnswer) as refused:
        check({}, None, None)
    assert refused.value.problems == dict.fromkeys(
        ["mood", "stress", "energy", "capacity"], Problem.MISSING
    )


def test_no_refusal_carries_what_was_written() -> None:
    with pytest.raises(InvalidAnswer) as refused:
        check(LEVELS, "my secret", "my secret " * 200)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("mood", "stress", "energy", "capacity", "step"),
    [
        (1, 1, 5, Capacity.LIGHT, NextStep.SOMEBODY_TO_TALK_TO),
        (2, 5, 3, Capacity.OVER, NextStep.SOMEBODY_TO_TALK_TO),
        (3, 5, 1, Capacity.OVER, NextStep.HAND_ONE_THING_ON),
        (4, 4, 1, Capacity.FULL, NextStep.SHORT_BREAK),
        (4, 3, 2, Capacity.STEADY, NextStep.EARLY_NIGHT),
        (2, 3, 3, Capacity.STEADY, NextStep.SMALL_KIND_THING),
        (3, 3, 3, Capacity.FULL, NextStep.NOTICE_WHAT_HELPED),
    ],
)
def test_the_next_step_answers_the_heaviest_thing_first(
    mood: int, stress: int, energy: int, capacity: Capacity, step: NextStep
) -> None:
    answer = Answer(mood=mood, stress=stress, energy=energy, capacity=capacity)
    assert next_step(answer) is step


def test_the_last_four_weeks_are_laid_out_day_by_day() -> None:
    weeks = recent([(TODAY, 4, 2, 3), (TODAY - timedelta(days=27), 1, 5, 1)], today=TODAY)
    assert weeks.first == first_day_shown(TODAY) == date(2026, 10, 26)
    assert weeks.trends[Scale.MOOD].levels == (1, *[None] * 26, 4)
    assert weeks.trends[Scale.STRESS].given == (5, 2)


def test_of_two_checkins_of_one_day_the_later_one_is_shown() -> None:
    weeks = recent([(TODAY, 1, 5, 1), (TODAY, 4, 2, 3)], today=TODAY)
    assert weeks.trends[Scale.MOOD].given == (4,)


@given(
    st.lists(
        st.tuples(st.dates(date(2026, 9, 1), date(2026, 12, 31)), *[st.integers(1, 5)] * 3),
        unique_by=lambda each: each[0],
    )
)
def test_days_outside_the_weeks_are_left_out(answers: list[tuple[date, int, int, int]]) -> None:
    inside = [each for each in answers if first_day_shown(TODAY) <= each[0] <= TODAY]
    weeks = recent(answers, today=TODAY)
    assert all(len(trend.levels) == 28 for trend in weeks.trends.values())
    assert sorted(weeks.trends[Scale.ENERGY].given) == sorted(each[3] for each in inside)
