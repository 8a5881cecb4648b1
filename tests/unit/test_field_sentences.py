"""Beside a field Slack shows a sentence as it is, so that marks would stand there as signs."""

from __future__ import annotations

import pytest

from bot.domain.programme import Item
from bot.errors import (
    CannotJoin,
    Cause,
    CohortRefused,
    ConsentNeeded,
    InvalidAnswer,
    NotAllowed,
    NotRead,
    NotSaved,
    Problem,
    Refusal,
    SlackUnavailable,
)
from bot.views import cohorts, errors, people, roles, setup_forms

EVERY_ERROR = [
    *(NotSaved(cause) for cause in Cause),
    *(NotRead(cause) for cause in Cause),
    *(CohortRefused(reason) for reason in Refusal),
    ConsentNeeded(),
    CannotJoin(),
    NotAllowed(),
    InvalidAnswer({}),
    SlackUnavailable(),
    RuntimeError(),
]


def is_unmarked(sentence: str) -> bool:
    return bool(sentence) and not any(mark in sentence for mark in ("`", "*", "<#", "<@"))


@pytest.mark.parametrize("reason", Refusal)
def test_why_there_is_no_cohort_and_no_place_in_it(reason: Refusal) -> None:
    for sentences in (cohorts.create_refused(reason), cohorts.join_refused(reason)):
        assert all(map(is_unmarked, sentences.values()))


@pytest.mark.parametrize("error", EVERY_ERROR, ids=repr)
def test_why_a_form_could_not_be_sent(error: Exception) -> None:
    assert is_unmarked(errors.for_form(error, "abc123"))


@pytest.mark.parametrize("problem", Problem)
def test_what_is_wrong_with_one_field(problem: Problem) -> None:
    field = {"blocks": [{"type": "input", "block_id": Item.EAP}]}
    assert is_unmarked(*setup_forms.problems(InvalidAnswer({Item.EAP: problem}), field).values())
    assert is_unmarked(roles.sentence(problem, "role"))


def test_what_is_missing_on_the_first_screen() -> None:
    missing = InvalidAnswer(dict.fromkeys(("agreed", "country", "safety"), Problem.MISSING))
    assert all(map(is_unmarked, people.consent_problems(missing).values()))
