"""A text in plain small letters, and where each of them stood."""

from __future__ import annotations

import pytest

from bot.domain.concerns.folding import folded, places


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("I WANT", "i want"),
        ("кіll муѕеlf", "kill myself"),
        ("ѕuісіԁе", "suicide"),
        ("wαnt tο ԁіе", "want to die"),
        ("ｋｉｌｌ　ｍｙｓｅｌｆ", "kill myself"),
        ("ki\u200bll my\ufeffself", "kill myself"),
        ("dead\u00adline", "deadline"),
        ("café", "cafe"),
        ("di\u0301e", "die"),
        ("don’t “go”", 'don\'t "go"'),
        ("⚰\ufe0f", "⚰"),
    ],
)
def test_what_looks_like_a_plain_letter_is_read_as_one(written: str, plain: str) -> None:
    assert folded(written) == plain


@pytest.mark.parametrize("text", ["İstanbul ǅ ﬁ ½", "\ud800 \x00 \u202e", "ß ſ K Å", "ŉ ΐ ㎏"])
def test_folding_once_more_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_a_backtick_stays_one_so_that_code_is_known_beside_other_letters() -> None:
    assert folded("`kill` café") == "`kill` cafe"


@pytest.mark.parametrize("text", ["ﬁn du mōnd", "a\u200bb\u00adc", "㎏ ｄｉｅ", "plain"])
def test_each_letter_of_the_copy_has_a_place_in_the_text(text: str) -> None:
    found = list(places(text)) if not text.isascii() else list(range(len(text)))
    copy = folded(text)
    assert len(found) == len(copy)
    assert all(copy[at] in folded(text[place]) for at, place in enumerate(found))
