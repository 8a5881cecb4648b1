from dataclasses import replace
from uuid import UUID

import pytest

from bot.domain.checkins import Answer, Capacity
from bot.domain.cohorts import NAME_LIMIT, Cohort, check_cohort
from bot.domain.delivery import NOBODY_KNOWS
from bot.domain.sharing import NOTHING, Choice, Unsent, check, looks_the_same, why_unsent
from bot.domain.visibility import Part, Shared
from bot.errors import InvalidAnswer, Problem

ONE = Cohort(UUID(int=1), "New parents", "C1")
TWO = Cohort(UUID(int=2), "First leads", "C2")
ANSWER = Answer(mood=2, stress=3, energy=4, capacity=Capacity.FULL, note="a walk")


def refused(choice: Choice, answer: Answer = ANSWER) -> dict[str, Problem]:
    with pytest.raises(InvalidAnswer) as error:
        check(choice, answer, [ONE, TWO])
    return error.value.problems


def test_nothing_is_shared_unless_it_was_chosen() -> None:
    assert check(NOTHING, ANSWER, [ONE, TWO]) is None
    assert check(Choice(None, str(ONE.id)), ANSWER, [ONE]) is None


@pytest.mark.parametrize("part", Part)
def test_a_part_goes_to_the_channel_of_the_cohort_that_was_chosen(part: Part) -> None:
    assert check(Choice(part, str(TWO.id)), ANSWER, [ONE, TWO]) == Shared(part, "C2")


def test_without_a_cohort_nothing_can_be_shared() -> None:
    assert refused(Choice(Part.NOTE)) == {"cohort": Problem.MISSING}


@pytest.mark.parametrize("cohort", ["", "C1", str(UUID(int=9)), "lantern"])
def test_a_cohort_that_one_does_not_belong_to_is_refused(cohort: str) -> None:
    assert refused(Choice(Part.NOTE, cohort)) == {"cohort": Problem.NOT_YOURS}


def test_a_note_that_is_not_there_cannot_be_shared() -> None:
    choice = Choice(Part.NOTE, str(ONE.id))
    assert refused(choice, replace(ANSWER, note=None)) == {"share": Problem.NOTHING_TO_SHARE}


@pytest.mark.parametrize(
    ("change", "noticed_in"),
    [
        ({"mood": 5}, {Part.MOOD_AND_CAPACITY}),
        ({"capacity": Capacity.LIGHT}, {Part.CAPACITY, Part.MOOD_AND_CAPACITY}),
        ({"note": "a swim"}, {Part.NOTE}),
        ({"note": None}, {Part.NOTE}),
        ({"stress": 5, "energy": 5}, set()),
    ],
)
def test_a_cohort_notices_only_what_it_is_shown(
    change: dict[str, object], noticed_in: set[Part]
) -> None:
    after = replace(ANSWER, **change)  # type: ignore[arg-type]
    assert {part for part in Part if not looks_the_same(part, ANSWER, after)} == noticed_in


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("channel_not_found", Unsent.NOT_IN_CHANNEL),
        ("not_in_channel", Unsent.NOT_IN_CHANNEL),
        ("is_archived", Unsent.ARCHIVED),
        ("is_inactive", Unsent.ARCHIVED),
        (NOBODY_KNOWS, Unsent.NOBODY_KNOWS),
        ("anything_else", Unsent.REFUSED),
        ("", Unsent.REFUSED),
    ],
)
def test_a_code_becomes_what_it_means_to_a_person(code: str, meaning: Unsent) -> None:
    assert why_unsent(code) is meaning


def test_a_cohort_has_a_name_of_one_line_and_ids_of_slacks() -> None:
    check_cohort("New parents 🏮", "C0SBX000031", ["U0SBX000001", "W0SBX000002"])


@pytest.mark.parametrize(
    ("name", "channel", "people", "field"),
    [
        ("", "C0SBX000031", [], "name"),
        ("   ", "C0SBX000031", [], "name"),
        ("two\nlines", "C0SBX000031", [], "name"),
        ("x" * (NAME_LIMIT + 1), "C0SBX000031", [], "name"),
        ("fine", "general", [], "channel"),
        ("fine", "U0SBX000001", [], "channel"),
        ("fine", "C0SBX000031\n", [], "channel"),
        ("fine", "C0SBX000031", ["maya"], "member"),
        ("fine", "C0SBX000031", ["U0SBX000001", "C0SBX000031"], "member"),
    ],
)
def test_what_is_no_cohort_is_refused(
    name: str, channel: str, people: list[str], field: str
) -> None:
    with pytest.raises(InvalidAnswer) as error:
        check_cohort(name, channel, people)
    assert set(error.value.problems) == {field}
