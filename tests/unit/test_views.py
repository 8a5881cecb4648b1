"""Every view as it is shown, held against golden files.

`UPDATE_GOLDEN=1 make test` writes the golden files anew; read the difference before keeping it.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.checkin_command import Quick, read_quick
from bot.domain.checkins import NextStep, Receipt, Scale, recent
from bot.domain.visibility import Part, Shared, Visibility
from bot.errors import (
    CannotJoin,
    Cause,
    CohortRefused,
    ConsentNeeded,
    HearthError,
    InvalidAnswer,
    NotAllowed,
    NotRead,
    NotSaved,
    Problem,
    Refusal,
    SlackUnavailable,
)
from bot.views import checkin_form, checkins, errors, people
from tests.unit.shown import ANSWER, EVIL, JOINING, TEXTS, TODAY, VIEWS, parts, receipt

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_is_as_it_was_agreed(name: str) -> None:
    shown = json.dumps(VIEWS[name], indent=1, ensure_ascii=False) + "\n"
    agree(GOLDEN / f"{name}.json", shown)


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_as_it_was_agreed(name: str) -> None:
    agree(GOLDEN / f"{name}.txt", TEXTS[name] + "\n")


def test_every_error_has_its_agreed_words() -> None:
    told: list[HearthError | Exception] = [
        *(NotSaved(cause) for cause in Cause),
        *(NotRead(cause) for cause in Cause),
        ConsentNeeded(),
        CannotJoin(),
        NotAllowed(),
        CohortRefused(Refusal.TAKEN),
        InvalidAnswer({"mood": Problem.NOT_A_CHOICE}),
        SlackUnavailable(),
        ZeroDivisionError("with a secret"),
    ]
    lines = [
        f"{type(error).__name__} {error if isinstance(error, HearthError) else ''}\n"
        f"  form: {errors.for_form(error, 'abc123')}\n"
        f"  command: {errors.for_command(error, 'abc123')}\n"
        for error in told
    ]
    assert "secret" not in "".join(lines)
    agree(GOLDEN / "errors.txt", "".join(lines))


def agree(file: Path, shown: str) -> None:
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(shown, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == shown


def test_no_golden_file_is_left_over() -> None:
    kept = {file.stem for file in GOLDEN.iterdir()}
    assert kept == {*VIEWS, *TEXTS, "errors"}


def test_the_words_of_a_receipt_name_the_same_audience_as_its_blocks() -> None:
    shared = replace(receipt(), visibility=Visibility(Shared(Part.NOTE, "C1")))
    assert "everyone in <#C1>" in checkins.receipt_text(shared)
    assert "everyone in <#C1>" in json.dumps(checkins.receipt_blocks(shared))
    assert "your note: everyone" in checkins.receipt_text(shared)


# What people type


@pytest.mark.parametrize("name", ["form_again", "history", "home_member"])
def test_what_a_person_typed_never_stands_in_markdown(name: str) -> None:
    marked = [part["text"] for part in parts(VIEWS[name]) if part.get("type") == "mrkdwn"]
    assert EVIL in json.dumps(VIEWS[name], ensure_ascii=False)
    assert not any("evil" in text or "<!channel>" in text for text in marked)


@pytest.mark.parametrize("text", ["4 2", "9 2 3 steady", "mood 4", "over", "", "nonsense"])
def test_what_was_understood_survives_the_consent(text: str) -> None:
    quick = read_quick(text)
    view = people.consent(quick, JOINING)
    assert people.read_consent({**view, "state": {"values": {}}})[1] == quick


@pytest.mark.parametrize(
    "metadata", ["", "{}", "null", "[]", '{"levels": 4}', '{"levels": {"mood": "x"}}', "\x00"]
)
def test_a_forged_memory_counts_as_empty(metadata: str) -> None:
    assert people.read_consent({"private_metadata": metadata})[1] == Quick()


@pytest.mark.parametrize("view", [{}, {"state": None}, {"state": {"values": {"mood": 4}}}])
def test_a_form_with_missing_parts_is_an_invalid_answer_or_no_form_of_ours(
    view: dict[str, Any],
) -> None:
    with pytest.raises((InvalidAnswer, ValueError)):
        checkin_form.read(view)


@pytest.mark.parametrize("step", NextStep)
def test_no_next_step_praises_or_alarms(step: NextStep) -> None:
    shown = checkins.receipt(
        Receipt(
            day=TODAY,
            answer=ANSWER,
            replaced=False,
            recent=recent([], today=TODAY),
            step=step,
            visibility=Visibility(),
        )
    )
    words = json.dumps(shown).lower()
    assert "!" not in words
    assert not any(word in words for word in ("great", "well done", "risk", "streak", "warning"))


@pytest.mark.parametrize("scale", Scale)
def test_weeks_without_a_checkin_have_words_too(scale: Scale) -> None:
    empty = recent([], today=TODAY)
    assert "no check-in" in checkins.trend_words(scale, empty.trends[scale])
