"""Whether a text is in a language that the phrases can read: they are English.

A text is held to be in another language when it says so: by its letters, or by words that another
language uses all the time and English does not, if they outnumber those of English. In doubt it is
held to be English, so that names, code and short answers are not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from bot.domain.concerns.folding import folded
from bot.domain.concerns.reading import own_words

# Words only: to every other reader of YAML "no" and "on" are not words.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_LONGEST = 40_000
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_MARKED = re.compile("[a-z][\u0300-\u036f]{1,2}")
_ACCENTED = re.compile("[\u00df-\u024f\u1e00-\u1eff]")
_LEAST_FOREIGN = 2
"""Fewer words than this decide nothing: "die", "hola" and "merci" are written in English, too."""
_LEAST_ACCENTED = 4
"""So many words with letters that English has not decide, where no other language is known."""
_OVER_ENGLISH = 1.5
"""Of so many words of another language to one of English a text is not understood."""

_OTHER = "\u0370-\u1dff\u1f00-\u1fff\u2c00-\ud7ff\uf900-\ufdff\ufe70-\uffef"
"""The scripts that are not Latin; neither emoji nor letters in fancy dress are among them."""
_OTHER_LETTER = re.compile(f"[{_OTHER}]")
_OTHER_ROW = re.compile(f"[{_OTHER}]{{2,}}")
"""Such letters that stand alone are drawings: a shrug with a katakana face."""
_FIRST_DENSE = "\u2e80"
_DENSE_LETTERS = 3
"""A sign of Chinese, Japanese or Korean counts for so many letters of other scripts."""
_OTHER_SHARE = 0.5
_STILL_OTHER = 0.08
"""Of English in look-alike letters of another script nothing is left when it is folded."""


@dataclass(frozen=True, slots=True)
class _Words:
    """The words by which languages are told apart."""

    english: frozenset[str]
    foreign: frozenset[str]
    """Those of any other language that English has not."""
    others: tuple[frozenset[str], ...]


def understood(text: str) -> bool:
    """Return whether the phrases can read a text.

    The same text always gets the same answer. What says little, such as a name, "ok", code or an
    emoji, counts as understood, and so does a text of which a fair share is English.
    """
    text = text[:_LONGEST].lower()
    plain = text.isascii()
    if not plain:
        if _in_other_letters(text):
            return False
        text = _MARKED.sub(_composed, text).replace("\u2019", "'")
    words = _words()
    if _is_english(set(_WORD.findall(text)), words, plain=plain):
        return True
    # Only now: what is quoted, or code, is seldom what makes a text look foreign.
    return _is_english(set(_WORD.findall(own_words(text))), words, plain=plain)


def _composed(found: re.Match[str]) -> str:
    """Return a letter and its marks as one; what then remains is the dot of a Turkish capital."""
    # Of a few at a time: many marks in a row take time that grows with their square.
    return unicodedata.normalize("NFC", found.group()).replace("\u0307", "")


def _is_english(found: set[str], words: _Words, *, plain: bool) -> bool:
    foreign = found & words.foreign
    accented = 0 if plain else sum(_is_accented(word) for word in found - foreign)
    if len(foreign) + accented < _LEAST_FOREIGN:
        return True
    english = found & words.english
    if not foreign:
        return accented < _LEAST_ACCENTED or accented <= _OVER_ENGLISH * len(english)
    for other in words.others:
        theirs = len(foreign & other)
        # What both use says nothing about which of them it is: "die", "war", "no", "on".
        ours = len(english - other)
        most = max(_LEAST_FOREIGN - 1, ours + 1, _OVER_ENGLISH * ours)
        # Names and loans have such letters, too: they only bear out what words say already.
        if theirs + min(accented, theirs) > most:
            return False
    return True


def _is_accented(word: str) -> bool:
    return not word.isascii() and _ACCENTED.search(word) is not None


def _in_other_letters(text: str) -> bool:
    """Return whether half of a text and more is in letters of another script."""
    if not _OTHER_LETTER.search(text):
        return False
    # Without marks, which are no letters and would part those of a word of Hindi or Thai.
    bare = "".join(each for each in text if not unicodedata.category(each).startswith("M"))
    other = sum(_weight(row) for row in _OTHER_ROW.findall(bare))
    latin = sum(each.isalpha() and not _OTHER_LETTER.match(each) for each in bare)
    if not other or other < _OTHER_SHARE * (other + latin):
        return False
    return sum(_weight(each) for each in _OTHER_LETTER.findall(folded(bare))) > _STILL_OTHER * other


def _weight(row: str) -> int:
    return sum(_DENSE_LETTERS if each >= _FIRST_DENSE else 1 for each in row if each.isalpha())


@cache
def _words() -> _Words:
    written = (files("bot") / "content" / "languages.yml").read_bytes()
    content = yaml.load(written, Loader=_LOADER)  # noqa: S506
    english = frozenset(content["english"].split())
    others = tuple(_both_ways(words.split(), english) for words in content["others"].values())
    every = frozenset[str]().union(*others) - english
    # One plain letter is rather a key, a drive or an option.
    foreign = frozenset(word for word in every if len(word) > 1 or not word.isascii())
    return _Words(english, foreign, others)


def _both_ways(words: Iterable[str], english: frozenset[str]) -> frozenset[str]:
    """Return words as they are written, and without accents, where that is no English word."""
    known = frozenset(words)
    return known | {plain for word in known if len(plain := folded(word)) > 1} - english
