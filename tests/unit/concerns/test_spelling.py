"""Words written oddly, and the words that they stand for."""

from __future__ import annotations

import pytest

from bot.domain.concerns.phrases import load
from bot.domain.concerns.spelling import Spelling, disguises, misspellings
from bot.domain.concerns.words import Row, Vocabulary

KNOWN = ["i", "want", "to", "die", "dead", "kill", "myself", "suicide", "suicidal", "end", "my"]
KNOWN += ["life", "am", "not", "tired", "haha", "line", "be", "can", "go", "on", "unalive", "kms"]


def spelling() -> Spelling:
    meant = {"myslef": "myself", "my self": "myself", "un alive": "unalive", "kil": "kill"}
    return Spelling(
        KNOWN, watched=["die", "dead", "kill", "myself", "suicide", "suicidal"], meant=meant
    )


def vocabulary() -> Vocabulary:
    signs = {word: chr(0x4E00 + number) for number, word in enumerate(KNOWN)}
    expansions = {"im": "i am", "cant": "can not", "wanna": "want to"}
    return Vocabulary(
        signs, spelling=spelling(), expansions=expansions, fillers=frozenset({"so", "fucking"})
    )


def read(text: str) -> list[str]:
    """Return the words that were read in a text; what is unknown as x."""
    row = vocabulary().row(text)
    return [KNOWN[ord(each) - 0x4E00] if ord(each) >= 0x4E00 else each for each in row.signs]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("su1c1de", "suicide"),
        ("su!c!de", "suicide"),
        ("s*icide", "suicide"),
        ("k1ll", "kill"),
        ("k*ll", "kill"),
        ("my$elf", "myself"),
        ("mys3lf", "myself"),
        ("d*e", "die"),
        ("d1e", "die"),
        ("w4nt", "want"),
        ("dieeeee", "die"),
        ("killlll", "kill"),
        ("suicdie", "suicide"),
        ("suicidl", "suicidal"),
        ("myslef", "myself"),
        ("hahahahaha", "haha"),
        ("ahahah", "haha"),
        ("hehehe", "haha"),
    ],
)
def test_a_word_in_disguise_or_haste_is_read_as_what_was_meant(written: str, meant: str) -> None:
    assert spelling().word(written) == meant


@pytest.mark.parametrize("written", ["dye", "deal", "2031", "skill", "hat", "lie", "x" * 30, "***"])
def test_a_word_of_its_own_is_no_disguise(written: str) -> None:
    assert spelling().word(written) is None


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("iwanttodie", "i want to die"),
        ("killmyself", "kill myself"),
        ("todie", "to die"),
        ("imsotired", "i am tired"),
        ("icantgoon", "i can not go on"),
        ("iamtired", "i am tired"),
        ("amfucking tired", "am tired"),
        ("iwannadie", "i want to die"),
    ],
)
def test_words_run_together_are_read_apart(written: str, words: str) -> None:
    assert read(written) == words.split()


@pytest.mark.parametrize(
    "written", ["deadline", "killable", "deadend", "endline", "idol", "lifeline"]
)
def test_a_word_made_of_two_is_left_whole(written: str) -> None:
    assert read(written) == ["x"]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("k i l l   m y s e l f", "kill myself"),
        ("i w a n t t o d i e", "i want to die"),
        ("k.i.l.l myself", "kill myself"),
        ("e n d   m y   l i f e", "end my life"),
        ("kil my self", "kill myself"),
        ("un-alive my-self", "unalive myself"),
        ("k m s", "kms"),
    ],
)
def test_letters_and_halves_that_stand_apart_are_read_together(written: str, words: str) -> None:
    assert read(written) == words.split()


def test_letters_that_make_no_word_stay_letters() -> None:
    assert read("a g e n d a") == ["x"] * 6


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("die.i want", ["die", ".", "i", "want"]),
        ("die!i want", ["die", ".", "i", "want"]),
        ("die,want", ["die", ",", "want"]),
        ("die... want", ["die", ",", "want"]),
        ('"die"', ['"', "die", '"']),
    ],
)
def test_a_missing_space_ends_a_sentence_all_the_same(text: str, signs: list[str]) -> None:
    assert read(text) == signs


@pytest.mark.parametrize("text", ["k i l l   m y s e l f", "now my self", "x un-alive", "im todie"])
def test_each_sign_stands_where_its_word_was_written(text: str) -> None:
    row: Row = vocabulary().row(text)
    assert row.starts == sorted(row.starts)
    assert row.ends[-1] == len(text)
    assert all(
        0 <= start < end <= len(text) for start, end in zip(row.starts, row.ends, strict=True)
    )


def test_every_misspelling_of_a_long_word_is_near_it_and_short_words_have_none() -> None:
    assert "suicde" in set(misspellings("suicide"))
    assert list(misspellings("dead")) == []


def test_the_disguises_of_a_word_betray_it() -> None:
    assert {"su1ci", "k i l"} & {*disguises("suicide"), *disguises("kill")} == {"su1ci", "k i l"}


def test_what_is_watched_in_the_phrases_is_itself_found_in_disguise() -> None:
    phrases = load()
    found = Spelling(phrases.watched, watched=phrases.watched, meant={})
    hidden = {word: f"{word[0]}*{word[2:]}" for word in phrases.watched if len(word) > 4}
    assert hidden
    assert [word for word, odd in hidden.items() if found.word(odd) is None] == []
