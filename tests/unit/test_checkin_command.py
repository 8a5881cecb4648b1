import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.checkin_command import Command, Verb, read, read_quick
from bot.domain.checkins import Answer, Capacity, Scale

STEADY = Answer(mood=4, stress=2, energy=3, capacity=Capacity.STEADY)


@pytest.mark.parametrize(
    "text",
    [
        "4 2 3 steady",
        "steady 4 2 3",
        "4 2 steady 3",
        "4,2,3,steady",
        "  4\t2 3   STEADY ",
        "mood 4 stress 2 energy 3 steady",
        "energy 3 steady stress 2 mood 4",
        "mood: 4, stress: 2, energy: 3, capacity: steady",
        "Mood=4 Stress=2 Energy=3 Capacity=Steady",
        "4/2/3 steady",
    ],
)
def test_a_complete_checkin_is_understood_in_any_order(text: str) -> None:
    assert read_quick(text).answer() == STEADY


@pytest.mark.parametrize(
    ("text", "levels", "capacity", "puzzled"),
    [
        ("", {}, None, False),
        ("4", {Scale.MOOD: 4}, None, False),
        ("4 2", {Scale.MOOD: 4, Scale.STRESS: 2}, None, False),
        ("mood 4 stress 2", {Scale.MOOD: 4, Scale.STRESS: 2}, None, False),
        ("over", {}, Capacity.OVER, False),
        ("9 2 3 steady", {Scale.STRESS: 2, Scale.ENERGY: 3}, Capacity.STEADY, True),
        ("0", {}, None, True),
        ("4 2 3 1 steady", {}, Capacity.STEADY, True),
        ("mood 4 mood 5", {Scale.MOOD: 4}, None, True),
        ("mood stress 2", {Scale.STRESS: 2}, None, True),
        ("mood", {}, None, True),
        ("mood 4 2 3 steady", {Scale.MOOD: 4}, Capacity.STEADY, True),
        ("light full", {}, Capacity.LIGHT, True),
        (
            "4 2 3 steady a hard day",
            {Scale.MOOD: 4, Scale.STRESS: 2, Scale.ENERGY: 3},
            Capacity.STEADY,
            True,
        ),
        ("I cannot go on", {}, None, True),
        ("٤ ٢ ٣ steady", {}, Capacity.STEADY, True),
        ("4.5 2 3 steady", {Scale.STRESS: 2, Scale.ENERGY: 3}, Capacity.STEADY, True),
        ("mood 7 stress 2", {Scale.STRESS: 2}, None, True),
        ("-4", {}, None, True),
    ],
)
def test_what_is_not_clear_is_never_guessed(
    text: str, levels: dict[Scale, int], capacity: Capacity | None, puzzled: bool
) -> None:
    quick = read_quick(text)
    assert (quick.levels, quick.capacity, quick.puzzled) == (levels, capacity, puzzled)
    assert quick.answer() is None


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("help", Command(Verb.HELP)),
        ("HELP me", Command(Verb.HELP, rest="me")),
        ("history", Command(Verb.HISTORY)),
        ("day 5:00", Command(Verb.DAY, rest="5:00")),
        (" forget ", Command(Verb.FORGET)),
    ],
)
def test_the_first_word_may_be_something_else_to_do(text: str, command: Command) -> None:
    assert read(text) == command


def test_a_very_long_text_is_not_looked_at() -> None:
    quick = read_quick("4 2 3 steady " * 100)
    assert quick.puzzled
    assert not quick.levels


@given(st.text(max_size=300))
def test_any_text_is_read_without_failing(text: str) -> None:
    read(text)


@given(st.permutations(["mood 4", "stress 2", "energy 3", "steady"]))
def test_named_answers_may_stand_in_any_order(parts: list[str]) -> None:
    assert read_quick(" ".join(parts)).answer() == STEADY
