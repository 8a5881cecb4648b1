"""Rules of cohorts: where one can be, who has a place in it, and what is told of its size."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.cohorts import (
    Verb,
    band,
    check_founding,
    is_guest,
    no_place,
    read_verb,
    trouble,
)
from bot.errors import InvalidAnswer, Problem, Refusal
from bot.ports import Channel, Profile

PRIVATE = Channel(is_inside=True, is_private=True)


@pytest.mark.parametrize("may_be_open", [True, False])
@pytest.mark.parametrize(
    ("channel", "reason"),
    [
        (PRIVATE, None),
        (Channel(), Refusal.NOT_INSIDE),
        (replace(PRIVATE, is_inside=False, is_archived=True), Refusal.ARCHIVED),
        (replace(PRIVATE, is_shared=True), Refusal.SHARED),
        (replace(PRIVATE, is_shared=True, is_private=False), Refusal.SHARED),
        (replace(PRIVATE, is_direct=True), Refusal.NOT_A_CHANNEL),
    ],
)
def test_a_channel_holds_a_cohort_or_says_why_not(
    channel: Channel, reason: Refusal | None, may_be_open: bool
) -> None:
    assert trouble(channel, may_be_open=may_be_open) is reason


def test_a_public_channel_holds_one_only_where_somebody_said_yes() -> None:
    public = replace(PRIVATE, is_private=False)
    assert trouble(public, may_be_open=False) is Refusal.OPEN
    assert trouble(public, may_be_open=True) is None


@pytest.mark.parametrize(
    ("profile", "guest", "belongs"),
    [
        (Profile(), False, True),
        (Profile(is_admin=True), False, True),
        (Profile(is_guest=True), True, False),
        (Profile(is_stranger=True), True, False),
        (Profile(is_bot=True), False, False),
        (Profile(is_gone=True), False, False),
    ],
)
def test_only_colleagues_belong(profile: Profile, guest: bool, belongs: bool) -> None:
    assert is_guest(profile) is guest
    assert profile.is_colleague is belongs


@pytest.mark.parametrize(
    ("decides", "welcome", "runs", "reason"),
    [
        (False, False, True, None),
        (False, True, True, None),
        (True, True, False, None),
        (True, False, False, Refusal.DECIDES),
        (True, False, True, Refusal.DECIDES),
        (True, True, True, Refusal.DECIDES_AND_FACILITATES),
    ],
)
def test_whoever_decides_has_a_place_only_where_it_is_welcome_and_never_runs_it(
    decides: bool, welcome: bool, runs: bool, reason: Refusal | None
) -> None:
    found = no_place(decides=decides, welcomes_deciders=welcome, facilitates=runs)
    assert found is reason


@pytest.mark.parametrize(
    ("members", "words"),
    [
        (0, "fewer than 5"),
        (4, "fewer than 5"),
        (5, "5 to 9"),
        (9, "5 to 9"),
        (10, "10 to 19"),
        (49, "20 to 49"),
        (99, "50 to 99"),
        (100, "100 or more"),
        (5_000, "100 or more"),
    ],
)
def test_a_size_is_told_as_a_band(members: int, words: str) -> None:
    assert band(members) == words


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("", Verb.HELP),
        ("help", Verb.HELP),
        ("  JOIN ", Verb.JOIN),
        ("leave", Verb.LEAVE),
        ("create", Verb.CREATE),
        ("list", Verb.LIST),
        ("join now", Verb.HELP),
        ("x" * 5_000, Verb.HELP),
    ],
)
def test_what_is_not_understood_gets_help(text: str, verb: Verb) -> None:
    assert read_verb(text) is verb


@pytest.mark.parametrize(
    ("name", "purpose", "problems"),
    [
        (None, None, {"name": Problem.MISSING, "purpose": Problem.MISSING}),
        ("  ", "support", {"name": Problem.MISSING}),
        ("x" * 61, "skill", {"name": Problem.TOO_LONG}),
        ("a\nb", "skill", {"name": Problem.TOO_LONG}),
        ("New parents", "lantern", {"purpose": Problem.NOT_A_CHOICE}),
    ],
)
def test_a_form_that_names_no_cohort_is_refused(
    name: str | None, purpose: str | None, problems: dict[str, Problem]
) -> None:
    with pytest.raises(InvalidAnswer) as refused:
        check_founding(name, purpose, welcomes_deciders=False, may_be_open=False)
    assert refused.value.problems == problems


def test_a_name_loses_the_space_around_it() -> None:
    made = check_founding(" New parents ", "support", welcomes_deciders=False, may_be_open=True)
    assert made.name == "New parents"
    assert made.may_be_open
