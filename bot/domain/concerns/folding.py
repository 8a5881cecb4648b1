"""A copy of a text in plain small letters, one place for each place of the text.

Sources: Unicode NFKC and UTS 39 (confusables); only the letters that look like those of English
are mapped, by hand.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_LOOKALIKES = {
    "a": "аαɑ",
    "b": "вЬ",
    "c": "сϲ",
    "d": "ԁ",
    "e": "еєεҽ",
    "g": "ɡ",
    "h": "һн",
    "i": "іιıɩӏ",
    "j": "јʝ",
    "k": "кκ",
    "l": "ⅼǀ",
    "m": "м",
    "n": "ոη",
    "o": "оοσօ",
    "p": "рρ",
    "q": "ԛ",
    "r": "гɾ",
    "s": "ѕꜱ",
    "t": "тτ",
    "u": "υսʋ",
    "v": "ѵν",
    "w": "ԝωш",
    "x": "хχ",
    "y": "уγү",
    "z": "ᴢ",
    "'": "’‘ʼ´′＇",
    '"': "“”„«»〝〞",
    "-": "‐‑‒–—―−",
    ".": "…。",
    ">": "›",
}
_MAPPED = {ord(odd): plain for plain, odds in _LOOKALIKES.items() for odd in odds}
_UNSEEN = {"Cf", "Mn", "Me", "Cc", "Cs", "Co"}
_KEPT_CONTROLS = "\n\t\r"


class _Fold(dict[int, str]):
    """Maps each character when it is first met; what it learned is the same for every text."""

    def __missing__(self, code: int) -> str:
        folded = _fold(chr(code))
        self[code] = folded
        return folded


def _fold(character: str) -> str:
    if character in _KEPT_CONTROLS:
        return character
    if unicodedata.category(character) in _UNSEEN:
        return ""
    if plain := _MAPPED.get(ord(character)):
        return plain
    apart = unicodedata.normalize("NFKD", character)
    lowered = "".join(_plain(each) for each in apart)
    return lowered.lower()


def _plain(character: str) -> str:
    if unicodedata.category(character) in _UNSEEN:
        return ""
    small = character.lower()
    return _MAPPED.get(ord(small[0]), small) if len(small) == 1 else small[0]


_FOLDS = _Fold()
_MOST_KEPT = 20_000


def folded(text: str) -> str:
    """Return a copy in small letters: compatibility forms and look-alikes as plain letters.

    Marks, accents and what is not seen are gone. Folding a copy once more changes nothing.
    """
    if text.isascii():
        return text.lower()
    if len(_FOLDS) > _MOST_KEPT:
        _FOLDS.clear()
    return text.translate(_FOLDS)


def places(text: str) -> Iterator[int]:
    """Yield for each place of `folded(text)` its place in the text."""
    for place, character in enumerate(text):
        width = 1 if character.isascii() else len(_FOLDS[ord(character)])
        for _ in range(width):
            yield place
