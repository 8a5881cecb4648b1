"""Words that are written oddly, by haste or to be overlooked, and what they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

_LEET = {
    "0": "o",
    "1": "il",
    "3": "e",
    "4": "a",
    "5": "s",
    "7": "t",
    "8": "b",
    "9": "g",
    "@": "a",
    "$": "s",
    "!": "i",
    "|": "il",
    "+": "t",
}
_HIDES = "*#_"
"""Marks that may stand for any one letter, or for none."""
_LEAST_SHOWN = 2
"""So many letters have to be shown of a word in which others are hidden."""

_ODD = re.compile(r"[0-9@$!|+*#_]")
_LAUGHTER = re.compile(r"[bmj]?(?:[aw]?h[aeiou]+){2,}h?")
_REPEATED = re.compile(r"(.)\1{2,}")
_LONGEST = 24
_LONGEST_ROW = 80
_LEAST_FOR_MISSPELLING = 6
_SHORT = frozenset(
    {"a", "i", "am", "an", "as", "at", "be", "by", "do", "go", "he", "id", "if", "im", "in", "is"}
    | {"it", "me", "my", "no", "of", "on", "or", "so", "to", "up", "us", "we"}
)
"""The words of one or two letters that may stand in a row without spaces."""


def misspellings(word: str) -> Iterator[str]:
    """Yield what a hasty finger makes of a word of at least six letters.

    One letter left out, two in each other's place, one twice. Shorter words are left alone: too
    many of their neighbours are words of their own.
    """
    if len(word) < _LEAST_FOR_MISSPELLING:
        return
    for at in range(1, len(word)):
        yield word[:at] + word[at + 1 :]
        yield word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
        yield word[:at] + word[at] + word[at:]


def disguises(word: str) -> Iterator[str]:
    """Yield pieces of three letters or more that betray a word in which letters are hidden."""
    odd_for: dict[str, str] = {}
    for odd, letters in _LEET.items():
        for letter in letters:
            odd_for[letter] = odd_for.get(letter, "") + odd
    for at, letter in enumerate(word):
        before, after = word[max(0, at - 2) : at], word[at + 1 : at + 3]
        for odd in odd_for.get(letter, "") + _HIDES:
            if at and at + 1 < len(word):
                yield before[-1:] + odd + after[:1] if len(word) < 5 else before + odd + after
    for between in " .-_*":
        yield between.join(word[:3])


class Spelling:
    """Finds the word that was meant among the words that are known."""

    def __init__(
        self, known: Iterable[str], *, watched: Iterable[str], meant: Mapping[str, str]
    ) -> None:
        """Take the words.

        Args:
            known: every word that means something to a construction.
            watched: those of them that are looked for in disguise and misspelt.
            meant: misspellings that no rule would find, and what they stand for.
        """
        self._known = frozenset(known)
        self._watched = frozenset(watched)
        self._meant = dict(meant)
        for word in sorted(self._watched):
            for wrong in misspellings(word):
                if wrong not in self._known:
                    self._meant.setdefault(wrong, word)

    @property
    def meant(self) -> Mapping[str, str]:
        """Misspellings and the words that they stand for."""
        return self._meant

    def word(self, written: str) -> str | None:
        """Return the known word that was meant, or None.

        A misspelling is read as what was meant even where a construction knows it by itself.
        """
        if right := self._meant.get(written):
            return right
        if written in self._known and written.isalnum():
            return written
        if len(written) <= _LONGEST:
            for candidate in self._candidates(written):
                if right := self._meant.get(candidate):
                    return right
                if candidate in self._known:
                    return candidate
        return written if written in self._known else None

    def shorter(self, written: str) -> Iterator[str]:
        """Yield a word without the letters that were held for long: "soooo", "pleeease"."""
        if _REPEATED.search(written):
            yield _REPEATED.sub(r"\1\1", written)
            yield _REPEATED.sub(r"\1", written)

    def apart(self, letters: str, also: frozenset[str] = frozenset()) -> list[str] | None:
        """Return the fewest words that stand in a row without spaces, or None if it is no such row.

        Args:
            letters: small letters only.
            also: words that may stand there although no construction knows them.
        """
        if len(letters) > _LONGEST_ROW:
            return None
        ways: list[list[str] | None] = [[]]
        for end in range(1, len(letters) + 1):
            best: list[str] | None = None
            for start in range(max(0, end - _LONGEST), end):
                before = ways[start]
                if before is None or (best is not None and len(before) + 1 >= len(best)):
                    continue
                part = letters[start:end]
                if (part in _SHORT) if end - start < 3 else (part in self._known or part in also):
                    best = [*before, part]
            ways.append(best)
        return ways[-1]

    def is_watched(self, words: Iterable[str]) -> bool:
        """Return whether one of the words is looked for in disguise."""
        return not self._watched.isdisjoint(words)

    def _candidates(self, written: str) -> Iterator[str]:
        yield from self.shorter(written)
        if _LAUGHTER.fullmatch(written):
            yield "haha"
        if _ODD.search(written) and not written.isdigit():
            yield from self._plain(written)
        if written.endswith("s") and len(written) > 3:
            yield written[:-1]

    def _plain(self, written: str) -> Iterator[str]:
        """Yield what a disguised word may be: digits read as letters, stars left open."""
        letters = [_LEET.get(each, each) for each in written]
        if sum(len(each) > 1 for each in letters) <= 3:
            for each in product(*letters):
                yield "".join(each)
        shown = sum(each not in _HIDES for each in written)
        if _LEAST_SHOWN <= shown < len(written):
            yield from self._hidden(written, letters, shown)

    def _hidden(self, written: str, letters: list[str], shown: int) -> Iterator[str]:
        """Yield the watched words that have the letters that are shown, in their places."""
        likely = [
            word
            for word in sorted(self._watched)
            if shown <= len(word) <= len(written)
            and (written[0] in _HIDES or word[0] in letters[0])
            and (written[-1] in _HIDES or word[-1] in letters[-1])
        ]
        if not likely:
            return
        pattern = "".join(
            "[a-z]?" if each in _HIDES else f"[{re.escape(each)}]" for each in letters
        )
        yield from filter(re.compile(pattern).fullmatch, likely)
