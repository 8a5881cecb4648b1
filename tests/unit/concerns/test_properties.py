"""What holds for every text, whoever wrote it."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.concerns import Urgency, assess, load
from bot.domain.concerns.detector import LONGEST
from bot.domain.concerns.folding import folded
from tests.unit.concerns import corpus

MODEST = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)

LETHAL = [
    "i want to kill myself",
    "i am going to kill myself",
    "im gonna end my life",
    "i am going to end my life",
    "i want to die",
    "i wish i was dead",
    "i want to unalive myself",
    "i am thinking about killing myself",
]
SAID = [
    *LETHAL,
    "i do not want to live anymore",
    "everyone would be better off without me",
    "i feel worthless",
    "i feel hopeless",
    "i am not suicidal",
    "i was suicidal ten years ago",
    "my brother wants to kill himself",
    "the build is broken again",
]
BENIGN = [
    "lol the coffee machine is out of order again",
    "The training on Tuesday was moved to room four",
    "We used to have the stand-up at ten",
    "Can somebody look at my pull request",
    "Lunch is at one, the soup is good",
]
SUFFIXES = [
    "lol", "haha", "lmao", "jk", "😂", "💀", "xd", "in minecraft", "brb", "for this stupidity",
    "if i have to sit through one more meeting", "because of this bug", "lol jk", "i said no",
]  # fmt: skip

anything = st.text(st.characters(categories=None), max_size=300)
pieces = st.lists(
    st.sampled_from(
        [*SAID, *BENIGN, '"', "`", "```", "\n> ", "…", "k i l l", "\ud800", "\x00", "!1", "**"]
    ),
    max_size=12,
).map(" ".join)
texts = st.lists(st.sampled_from(SAID), min_size=1, max_size=4)


@MODEST
@given(st.one_of(anything, pieces))
def test_every_text_has_an_answer_and_always_the_same(text: str) -> None:
    assert assess(text) == assess(text)
    assert (assess(text).urgency > Urgency.U0) == bool(assess(text).reasons)


@MODEST
@given(st.one_of(anything, pieces))
def test_what_was_found_stands_where_it_is_said_to_stand(text: str) -> None:
    for reason in assess(text).reasons:
        assert 0 <= reason.start < reason.end <= len(text)
        assert text[reason.start : reason.end].strip()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("well, i want to kill myself ok", "kill myself"),
        ("well, i want to kіll муѕеlf ok", "kіll муѕеlf"),
        ("well k i l l   m y s e l f ok", "k i l l   m y s e l f"),
        ("i want to ki\u200bll my\u200bself", "ki\u200bll my\u200bself"),
        ("gonna kill my self ok", "kill my self"),
    ],
)
def test_a_place_covers_what_was_written_however_it_was_written(text: str, found: str) -> None:
    assert any(found in text[each.start : each.end] for each in assess(text).reasons)


@MODEST
@given(anything)
def test_folding_is_done_once_for_all(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@MODEST
@given(texts, st.sampled_from(BENIGN), st.data())
def test_an_everyday_sentence_beside_it_never_lowers_a_text(
    said: list[str], benign: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(said)))
    longer = [*said[:at], benign, *said[at:]]
    for mark in (". ", "\n"):
        assert assess(mark.join(longer)).urgency >= assess(mark.join(said)).urgency


@MODEST
@given(texts)
def test_quoting_a_text_never_raises_it(said: list[str]) -> None:
    text = ".\n".join(said)
    plain = assess(text).urgency
    lines = "\n".join(f"> {each}" for each in text.split("\n"))
    for quoted in (lines, f"```\n{text}\n```", f'"{text}"'):
        assert assess(quoted).urgency <= plain


@pytest.mark.parametrize("said", LETHAL)
@pytest.mark.parametrize("mark", [" ", ", ", ". ", "\n"])
def test_no_laughter_after_it_silences_a_lethal_statement(said: str, mark: str) -> None:
    silenced = [each for each in SUFFIXES if assess(said + mark + each).urgency is Urgency.U0]
    assert silenced == []


def test_no_everyday_phrase_after_it_silences_a_lethal_statement() -> None:
    phrases = [each for allowed in load().allowed for each in allowed.silent]
    silenced = [
        f"{said}. {each}"
        for said in LETHAL
        for each in phrases
        if assess(f"{said}. {each}").urgency is Urgency.U0
    ]
    assert phrases
    assert silenced == []


def test_no_sentence_of_small_talk_beside_it_silences_a_lethal_statement() -> None:
    small_talk = [each.text for each in corpus.read(corpus.FOLDER / "small_talk.tsv")]
    quiet = [each for each in small_talk if '"' not in each and "`" not in each]
    silenced = [
        each for each in quiet if assess(f"{each}\ni want to kill myself").urgency < Urgency.U3
    ]
    assert quiet
    assert silenced == []


@pytest.mark.parametrize(
    "piece",
    [
        " ", "a.", '"', "&gt;", "7", "i want to ", "`", "i'", "\u0301", "a\u0301", "k i l l ",
        "not ",
        "i am so ", "die", "lol ", "*", "a*", "-", "i-", "my self ", "i want to kill myself ", "😂",
        "\ud800", "imso",
    ],
)  # fmt: skip
def test_the_longest_hostile_text_is_answered_at_once(piece: str) -> None:
    text = (piece * LONGEST)[:LONGEST]
    before = time.perf_counter()
    assess(text)
    assert time.perf_counter() - before < 2
