"""Rules of a cohort's settings: what can be kept, and what has to be said anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot import content
from bot.content import guidelines
from bot.domain.cohort_settings import (
    GUIDELINES_LIMIT,
    NOWHERE,
    Wish,
    check_settings,
    needs_a_yes,
    read_reaction,
    read_zone,
)
from bot.domain.cohorts import Founding, Purpose
from bot.errors import CannotStart, InvalidAnswer, Problem
from bot.views import cohort_settings as view

GIVEN: dict[str, str | None] = {
    "name": "New parents",
    "purpose": "support",
    "open": None,
    "guidelines": "Nobody has to speak.",
    "country": "DE",
    "zone": "Europe/Berlin",
    "reaction": "heart",
    "deciders": "no",
}


def checked(**changed: str | None) -> Wish:
    return check_settings(GIVEN | changed, content.countries())


def refused(**changed: str | None) -> Mapping[str, Problem]:
    with pytest.raises(InvalidAnswer) as error:
        checked(**changed)
    return error.value.problems


def test_what_is_left_empty_is_what_is_usual_or_nothing() -> None:
    wish = checked(guidelines=None, country=NOWHERE, zone=None, reaction=None)
    assert (wish.guidelines, wish.country, wish.zone, wish.support_reaction) == (
        "",
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("name", None, Problem.MISSING),
        ("name", "two\nlines", Problem.TOO_LONG),
        ("name", "\ud83c", Problem.TOO_LONG),
        ("purpose", None, Problem.MISSING),
        ("purpose", "gossip", Problem.NOT_A_CHOICE),
        ("guidelines", "x" * (GUIDELINES_LIMIT + 1), Problem.TOO_LONG),
        ("country", None, Problem.MISSING),
        ("country", "XX", Problem.NOT_A_CHOICE),
        ("country", "ZZ", Problem.NOT_A_CHOICE),
        ("zone", "Atlantis/Center", Problem.NOT_A_ZONE),
        ("zone", "../../etc/passwd", Problem.NOT_A_ZONE),
        ("zone", "Europe/Berlin\0", Problem.NOT_A_ZONE),
        ("reaction", "two words", Problem.NOT_A_CHOICE),
        ("reaction", "<!here>", Problem.NOT_A_CHOICE),
        ("reaction", "🫂", Problem.NOT_A_CHOICE),
        ("reaction", "x" * 101, Problem.NOT_A_CHOICE),
        ("deciders", None, Problem.MISSING),
        ("deciders", "perhaps", Problem.NOT_A_CHOICE),
    ],
)
def test_what_cannot_be_kept_is_named_by_its_field_and_has_a_sentence(
    field: str, value: str | None, problem: Problem
) -> None:
    found = refused(**{field: value})
    assert found == {field: problem}
    (sentence,) = view.problems(InvalidAnswer(found)).values()
    assert sentence.startswith(("Please", "The name should", "There is no"))


def test_every_field_that_cannot_be_kept_is_named_at_once() -> None:
    nothing: dict[str, Any] = dict.fromkeys(GIVEN)
    assert set(refused(**nothing)) == {"name", "purpose", "country", "deciders"}


def test_guidelines_at_their_last_character_are_kept_without_what_cannot_be_seen() -> None:
    longest = "x" * GUIDELINES_LIMIT
    assert checked(guidelines=f"{longest}\n\u202e\n").guidelines == longest


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (" europe/berlin ", "Europe/Berlin"),
        ("America/New York", "America/New_York"),
        ("utc", "UTC"),
        ("  ", ""),
        ("Berlin", None),
    ],
)
def test_a_zone_is_found_in_whatever_case_it_was_typed(typed: str, zone: str | None) -> None:
    assert read_zone(typed) == zone


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("people_hugging", "people_hugging"),
        (" :Wave: ", "wave"),
        (":wave::skin-tone-3:", "wave"),
        ("+1", "+1"),
        ("ありがとう", "ありがとう"),
        ("", ""),
        (":", ""),
        ("a:b", None),
    ],
)
def test_a_reaction_is_the_name_of_an_emoji(typed: str, name: str | None) -> None:
    assert read_reaction(typed) == name


@pytest.mark.parametrize("is_open", [True, False])
@pytest.mark.parametrize("yes", [True, False])
@pytest.mark.parametrize("after", Purpose)
@pytest.mark.parametrize("before", Purpose)
def test_support_in_a_public_channel_needs_a_yes_when_it_was_for_something_else(
    before: Purpose, after: Purpose, yes: bool, is_open: bool
) -> None:
    wish = Founding("New parents", after, welcomes_deciders=False, may_be_open=yes)
    becomes_support = after is Purpose.SUPPORT and before is not after
    assert needs_a_yes(before, wish, is_open=is_open) is (becomes_support and is_open and not yes)


@pytest.mark.parametrize("purpose", Purpose)
def test_every_purpose_has_guidelines_that_name_where_help_is(purpose: Purpose) -> None:
    words = guidelines.template(purpose)
    assert words.startswith("What is said here stays here")
    assert "/support" in words
    assert "!" not in words


@pytest.mark.parametrize("broken", [{}, {"support": ""}, {"support": 7}, {"support": "x" * 1501}])
def test_a_template_that_is_missing_or_too_long_is_found_at_start_up(
    broken: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guidelines, "read_file", lambda _: broken)
    with pytest.raises(CannotStart, match=r"guidelines\.yml needs .* at support"):
        guidelines.check()


@pytest.mark.parametrize("metadata", ["", "[]", "null", "{}", '{"cohort": 7}', "[" * 3000, "x"])
def test_a_form_that_does_not_say_what_it_is_about_is_about_nothing(metadata: str) -> None:
    which, revision, given = view.read({"private_metadata": metadata})
    assert (which, revision) == ("", -1)
    assert set(given) == set(GIVEN)
    assert not any(given.values())
