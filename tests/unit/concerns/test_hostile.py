"""Whatever somebody pastes, an answer comes, and after a bounded amount of work.

Nothing here looks at a clock: how long it takes is measured by `make bench ARGS="concerns"`.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from bot.domain.concerns import Assessment, Category, Reason, Urgency, assess, detector, load
from bot.domain.concerns.detector import LONGEST, MOST_WEIGHED
from bot.domain.concerns.judging import Found, Judge
from tests.concern_texts import HOSTILE, hostile, ordinary

LETHAL = "i am going to kill myself tonight"
FILLER = "the build went through and the table is laid for lunch. "


@pytest.mark.parametrize("kind", HOSTILE)
def test_an_answer_comes_and_is_the_same_again(kind: str) -> None:
    text = hostile(kind)
    assert len(text) == LONGEST
    first = assess(text)
    assert first == assess(text)
    assert all(0 <= each.start < each.end <= LONGEST for each in first.reasons)


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_more_places_are_weighed_than_promised(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    weighed: list[int] = []
    weigh: Callable[..., Assessment] = Judge.weigh

    def counted(self: Judge, row: Any, found: Iterable[Found]) -> Assessment:
        found = list(found)
        weighed.append(len(found))
        return weigh(self, row, found)

    monkeypatch.setattr(Judge, "weigh", counted)
    assess(hostile(kind))
    assert sum(weighed) <= MOST_WEIGHED


@pytest.mark.parametrize("at", [0, 1_500, 2_999])
def test_one_lethal_statement_is_found_among_thousands_that_are_negated(at: int) -> None:
    lines = ["i wont die"] * 3_000
    lines[at] = LETHAL
    text = "\n".join(lines)
    assert len(text) < LONGEST
    assert assess(text).urgency is Urgency.U3


@pytest.mark.parametrize("at", [0, 700, 1_199])
def test_it_is_found_among_negated_statements_that_all_differ(at: int) -> None:
    lines = [f"i would never kill myself {number}" for number in range(1_200)]
    lines[at] = LETHAL
    assert assess(". ".join(lines)).urgency is Urgency.U3


def test_what_stands_behind_the_longest_text_is_not_read() -> None:
    assert assess("a " * (LONGEST // 2) + LETHAL).urgency is Urgency.U0
    assert assess("a " * (LONGEST // 2 - 50) + LETHAL).urgency is Urgency.U3


def shapes(text: str) -> list[str]:
    """Return a text as many people would write it, some of them in order not to be found."""
    hidden = random.Random(text)  # noqa: S311  # the same for the same text
    return [
        text,
        text.upper(),
        text.title(),
        text.replace("'", ""),
        text.replace("'", "’"),
        "!" + text.replace(" ", "! ") + "!",
        text.replace(" ", ", ") if text.isascii() else text,
        f"*{text}*",
        f"({text})",
        f"hello\n{text}",
        text.replace(" ", "\n"),
        text.replace("i", "1").replace("o", "0"),
        "".join(each * hidden.choice([1, 1, 1, 3]) for each in text),
        "".join("*" if each.isalpha() and hidden.random() < 0.1 else each for each in text),
        text.replace("a", "@").replace("s", "$"),
        re.sub(r"\W", "", text),
        text.replace(" ", "", 1),
        " ".join(text.replace(" ", "")),
        "  ".join(text.replace(" ", "")),
        text.replace(" ", "_"),
        text.replace(" ", "-"),
        text.replace(" ", "/"),
        "\u200b".join(text),
    ]


EXAMPLES = [each for one in load().constructions for each in one.fires]


@pytest.mark.parametrize("part", range(8))
def test_the_first_look_never_hides_what_the_close_reading_would_find(part: int) -> None:
    found = detector()
    texts = [*EXAMPLES, *ordinary()[::3]][part::8]
    hidden = [
        shaped
        for text in texts
        for shaped in shapes(text)
        if found._closely(shaped).urgency and not found.assess(shaped).urgency
    ]
    assert hidden == []


@pytest.mark.parametrize("text", EXAMPLES[:: max(1, len(EXAMPLES) // 12)])
def test_filler_around_it_hides_nothing(text: str) -> None:
    found = detector()
    filler = FILLER * ((LONGEST - len(text)) // len(FILLER) // 2)
    for whole in (f"{filler}\n{text}", f"{text}\n{filler}", f"{filler}\n{text}\n{filler}"):
        assert found.assess(whole) == found._closely(whole)


def test_reasons_name_what_was_found() -> None:
    text = f"{FILLER}{LETHAL}"
    reasons = [each for each in assess(text).reasons if each.category is Category.SUICIDE_ACTIVE]
    assert reasons
    assert all(
        isinstance(each, Reason) and text[each.start : each.end] in LETHAL for each in reasons
    )
