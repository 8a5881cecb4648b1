"""Cues: whether a text has what no construction can do without.

Nearly every message is answered here, so it has to be quick; and it may never hide a text in which
the close reading would find something, so it errs on the other side. The words of a text become
a row of signs without regard to punctuation, and one pass of an automaton looks for runs of signs
of which each form has one. Where it finds any, and nothing odd is about the text, the forms that
have all their words are sought in that row.

Words are compared in one plain spelling: small letters and digits, everything else a space,
apostrophes gone.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from types import MappingProxyType

from ahocorasick_rs import AhoCorasick

from bot.domain.concerns.forms import Element
from bot.domain.concerns.phrases import Phrases
from bot.domain.concerns.runs import Rarest
from bot.domain.concerns.spelling import Spelling
from bot.domain.concerns.words import END, FIRST, GLUED, NUMBER, PAUSE, UNKNOWN

_ODD = "*@$!|+#_"
"""Marks that may stand for a letter, or for none, within a word."""
_HIDING = "*#_"
_LETTERS_MEANT = str.maketrans("01345789@$!|+l", "oieastbgasiiti")
"""What digits and marks are read as; an l like an i, as a 1 may be either."""
_PLAIN = bytes(
    ord(chr(code).lower()) if code < 128 and chr(code).isalnum() else ord(" ")
    for code in range(256)
)
_LEAVING_OUT = "`/<>&["
"""Where one of these stands, something may be left out of the text, and words come together."""
_BOTH = "@$"
"""These may do either."""


def _kind(character: str) -> str:
    if character.isalpha():
        return "a"
    if character.isdigit():
        return "0"
    for kind, which in (("~", _BOTH), ("*", _ODD), ("/", _LEAVING_OUT), (":", ":")):
        if character in which:
            return kind
    return " "


_KINDS = bytes(ord(_kind(chr(code))) if code < 128 else ord(" ") for code in range(256))
_MARKED = re.compile(rb"[a0][*~]+[a0]")
_WORD = re.compile(r"[^\W_]+|[^\w\s]")
_ODD_WORD = re.compile(r"[^\W_]+(?:['*@$!|+#_]+[^\W_]+)+")
_APART = re.compile(r"(?<![^\W_])[a-z](?:[ .\-_*]{1,3}[a-z]){2,}(?![^\W_])")
_LETTERS = 3
"""By so many of its first letters a word is known whose letters stand apart."""
_LEAST_GLUED = 4
_LEAST_SECOND = 3
_LONG = b"a" * 14
"""So long a word may be a whole sentence."""
_LEAST_ALONE = 5
"""Shorter words than this are parts of too many others to be looked for without a neighbour."""
_LEAST_FOR_PLURAL = 3
_THRICE = [letter * 3 for letter in string.ascii_lowercase if letter != "w"]
_THRICE += [each for letter in string.ascii_lowercase for each in (f"www{letter}", f"{letter}www")]
"""Letters that are held for long; "www" by itself is none of them."""
_SHORTER = (r"\1\1", r"\1")
_THRICE_IN = re.compile(r"([a-z])\1\1")
_REPEATED = re.compile(r"([a-z0-9])\1{2,}")
_APOSTROPHE = b"'"
_NO_WORD = (UNKNOWN, END, PAUSE)


class Cues:
    """Says of a text whether to look closely. Safe to share between threads."""

    def __init__(
        self,
        phrases: Phrases,
        forms: Iterable[tuple[str, str]],
        *,
        spelling: Spelling,
        signs: Callable[[str], str],
        may_stand: Callable[[int, str], bool],
    ) -> None:
        """Take what is needed.

        Args:
            phrases: of which the words and their ways of being written are taken.
            forms: those that are looked for, and of what each is a hint, if it is only that;
                their numbers are their places among them.
            spelling: finds the words that were meant.
            signs: reads a written word.
            may_stand: whether the form of a number may stand in a row without punctuation.
        """
        self._spelling, self._signs, self._may_stand = spelling, signs, may_stand
        self._watched = sorted(phrases.watched)
        self._beginnings = {each[:end] for each in self._watched for end in range(len(each))}
        self._not_glued = {_plainly(each) for each in (*phrases.expansions, *phrases.fillers)}
        self._quick: dict[str, str] = {}
        self._else: dict[str, str] = {}
        apart = {*_apart(self._watched), *_pictures(phrases)}
        fillers = {signs(each) for each in phrases.fillers}
        for written in _written(phrases, spelling):
            read = "".join(sign for sign in signs(written) if sign not in fillers)
            way = _plainly(written) or written
            if " " in way:
                apart |= {f" {way} ", f" {way.replace(' ', '  ')} "}
            else:
                self._add(way, read)
        self.words = sorted(self._quick)
        self._ambiguous = frozenset(self._else)
        self._meant = {way.translate(_LETTERS_MEANT) for way in self._quick}
        self._learn(phrases, forms)
        self._look_for_odd(sorted(apart), phrases)

    def _look_for_odd(self, apart: list[str], phrases: Phrases) -> None:
        """Look for letters apart, letters held for long, and words without spaces."""
        self._apart = len(apart)
        self._glued = self._apart + len(_THRICE)
        patterns = [*apart, *_THRICE, *sorted(_glued(self._watched, phrases))]
        self._scan = AhoCorasick(patterns, store_patterns=False).find_matches_as_indexes

    def _add(self, way: str, read: str) -> None:
        """Note how a word is read; "hell" may stand for two of them, and no third is known."""
        known = self._quick.setdefault(way, read)
        if known != read:
            self._else[way] = read

    def _learn(self, phrases: Phrases, forms: Iterable[tuple[str, str]]) -> None:
        """Choose for each form runs that are looked for, and places that have to be there too."""
        rarest = Rarest(phrases)
        begun: dict[str, set[int]] = {}
        self._rest: list[tuple[frozenset[str], frozenset[str], frozenset[str]]] = []
        self._hints: list[str] = []
        # Many forms name the same classes.
        read, kept = cache(self._signs), cache(lambda place: frozenset(map(read, place)))
        for number, (form, hint) in enumerate(forms):
            self._hints.append(hint)
            sought, places = rarest.of(phrases.parsed[form])
            rows = {"".join(map(read, run)) for run in sought}
            for row in rows:
                if row and UNKNOWN not in row:  # else it is read as another word, and never stands
                    begun.setdefault(row, set()).add(number)
            one, two, three = map(kept, places)
            self._rest.append((one, two, three))
        runs = sorted(begun)
        self._begun = [tuple(sorted(begun[run])) for run in runs]
        self._find = AhoCorasick(runs, store_patterns=False).find_matches_as_indexes

    def are_in(self, text: str) -> bool:
        """Return whether a text may have a construction in it; capitals do not matter.

        Args:
            text: folded, if it is not of ASCII alone.
        """
        if not text.isascii():
            return self._in_folded(text)
        raw = text.encode()
        plain = raw.translate(_PLAIN, _APOSTROPHE).decode()
        words = plain.split()
        padded = f" {plain} "
        kinds = b" %b " % raw.translate(_KINDS)
        odd = self._is_odd(kinds)
        if odd and self._hidden(text.lower()):
            return True
        if (b"a0" in kinds or b"0a" in kinds) and any(map(self._leet, words)):
            return True
        if _LONG in kinds and any(
            len(each) >= len(_LONG) and self._is_read(each) for each in words
        ):
            return True
        rows = [self._row(words)]
        if self._scan(padded):
            more = self._oddly(padded)
            if more is None:
                return True
            rows += map(self._row, more)
        if not self._ambiguous.isdisjoint(words):
            rows.append(self._row(words, self._else))
        found = [each for row in rows for each in self._find(row, True)]
        if not found:
            return False
        left_out = b"/" in kinds or b"~" in kinds or kinds.count(b":") > 1 or b"www." in raw
        return self._stands(found, rows, in_order=not odd and not left_out and len(rows) == 1)

    @staticmethod
    def _is_odd(kinds: bytes) -> bool:
        """Return whether marks stand within a word, or letters by themselves one after another."""
        if b" a a a " in kinds or b" a  a" in kinds or b" a   a" in kinds:
            return True
        return (b"*" in kinds or b"~" in kinds) and _MARKED.search(kinds) is not None

    def _in_folded(self, text: str) -> bool:
        words = [_plainly(each) or each for each in _WORD.findall(text.replace("'", ""))]
        if self._hidden(text) or any(map(self._leet, words)):
            return True
        padded = f" {' '.join(words)} "
        more = self._oddly(padded) if self._scan(padded) else []
        if more is None:
            return True
        rows = [self._row(words), self._row(words, self._else), *map(self._row, more)]
        found = [each for row in rows for each in self._find(row, True)]
        return self._stands(found, rows, in_order=False)

    def _row(self, words: list[str], first: Mapping[str, str] = MappingProxyType({})) -> str:
        """Return the row of words, without punctuation and fillers."""
        quick = self._quick
        if first:
            return "".join([first.get(word) or quick.get(word, UNKNOWN) for word in words])
        return "".join([quick.get(word, UNKNOWN) for word in words])

    def _stands(
        self, found: list[tuple[int, int, int]], rows: list[str], *, in_order: bool
    ) -> bool:
        """Return whether a form may stand in a text that is read as these rows, a word from any.

        Hints are nothing alone; two of different kinds are.
        """
        signs = frozenset("".join(rows))
        hints, begun, rest = "", self._begun, self._rest
        seen: set[int] = set()
        for run, _, _ in found:
            for number in begun[run]:
                if number in seen:
                    continue
                seen.add(number)
                one, two, three = rest[number]
                if one.isdisjoint(signs) or two.isdisjoint(signs) or three.isdisjoint(signs):
                    continue
                hint = self._hints[number]
                if hint and hint == hints:
                    continue
                if not in_order or self._may_stand(number, rows[0]):
                    if not hint or hints:
                        return True
                    hints = hint
        return False

    def _oddly(self, padded: str) -> list[list[str]] | None:
        """Return the words as they may be meant, where some are held for long.

        "dieee" may be meant for "diee" and for "die". None where anything is hidden in it.
        """
        odd = self._scan(padded, True)
        if any(number < self._apart for number, _, _ in odd):
            return None
        if any(number >= self._glued for number, _, _ in odd):
            starts = {padded.rfind(" ", 0, end - 1) + 1 for number, _, end in odd}
            glued = {padded[start : padded.find(" ", start)] for start in starts}
            known = self._quick
            if any(word not in known and self._is_read(word) for word in glued - self._not_glued):
                return None
        if all(number >= self._glued for number, _, _ in odd):
            return []
        ways = [self._shorter(each) for each in padded.split()]
        return [[each[0] for each in ways], [each[-1] for each in ways]]

    def _shorter(self, word: str) -> list[str]:
        """Return the words that may be meant by one that is held for long, or itself."""
        if not _THRICE_IN.search(word):
            return [word]
        ways = [_REPEATED.sub(shorter, word) for shorter in _SHORTER]
        return [each for each in ways if each in self._quick] or [word]

    def _is_read(self, word: str) -> bool:
        """Return whether a word without spaces is read as several that are known."""
        if len(word) < _LEAST_GLUED or self._spelling.word(word) is not None:
            return False
        return any(each not in _NO_WORD for each in self._signs(word))

    def _leet(self, word: str) -> bool:
        """Return whether digits or marks among the letters of a word may stand for letters."""
        return (
            not word.isalpha()
            and not word.isdigit()
            and word.translate(_LETTERS_MEANT) in self._meant
        )

    def _hidden(self, small: str) -> bool:
        """Return whether some word has marks between its letters and may be read as a known one."""
        return _APART.search(small) is not None or any(
            self._may_hide(found.group()) for found in _ODD_WORD.finditer(small)
        )

    def _may_hide(self, written: str) -> bool:
        bare = written.replace("'", "")
        if not any(mark in bare for mark in _HIDING):
            return self._leet(bare)
        before = bare[: len(bare) - len(bare.lstrip(string.ascii_lowercase))]
        if before not in self._beginnings:
            return False
        after = bare[len(bare.rstrip(string.ascii_lowercase)) :]
        return any(each.startswith(before) and each.endswith(after) for each in self._watched)


def _written(phrases: Phrases, spelling: Spelling) -> Iterator[str]:
    """Yield each way of writing a word, but for disguises."""
    known = {word for elements in phrases.parsed.values() for word in _words_of(elements)}
    known |= {*phrases.fillers, *phrases.expansions, *spelling.meant} - {NUMBER}
    for written in sorted(each for each in known if not each.startswith(":")):
        yield written
        if len(written) >= _LEAST_FOR_PLURAL and f"{written}s" not in known:
            yield f"{written}s"


def _pictures(phrases: Phrases) -> Iterator[str]:
    """Yield the names of pictures (":gun:") in constructions, as they are scanned for."""
    for construction in phrases.constructions:
        for form in construction.forms:
            for word in _words_of(phrases.parsed[form]):
                if word.startswith(":"):
                    yield f" {_plainly(word)} "


def _words_of(elements: Iterable[Element]) -> Iterator[str]:
    for element in elements:
        for phrase in element.phrases:
            yield from phrase


def _plainly(word: str) -> str:
    """Return a word as it stands in a text in plain spelling; nothing if it has no letters."""
    raw = word.encode("ascii", "replace")
    return raw.translate(_PLAIN, _APOSTROPHE).decode().strip()


def _apart(words: Iterable[str]) -> Iterator[str]:
    """Yield the beginnings of words whose letters stand apart."""
    for letters in (_plainly(word)[:_LETTERS] for word in words):
        if len(letters) > 1:
            yield f" {' '.join(letters)}{' ' * (len(letters) < _LETTERS)}"


def _glued(watched: Iterable[str], phrases: Phrases) -> Iterator[str]:
    """Yield what is in words that may be several without a space between them."""
    for word in watched:
        if len(word) >= _LEAST_ALONE:
            yield word
        else:
            yield from (f"{each}{word}" for each in (*GLUED, *phrases.fillers))
            yield from (f"{word}{each}" for each in (*GLUED, *phrases.fillers))
    known = {word for elements in phrases.parsed.values() for word in _words_of(elements)}
    known |= {*phrases.expansions, *phrases.fillers, *phrases.meant}
    for first in FIRST:
        yield from (f" {first}{each} " for each in known if len(each) == _LEAST_SECOND)
        yield from (f" {first}{each}" for each in known if len(each) > _LEAST_SECOND)
    yield from (f" {first}{second} " for first in GLUED for second in GLUED)
    long = [each for each in GLUED if len(each) >= _LEAST_SECOND + 1]
    for second in long:
        yield from (f" {first}{second}" for first in (*FIRST, *long))
