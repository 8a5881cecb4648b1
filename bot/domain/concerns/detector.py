"""Finds constructions in a text and weighs them.

The way of a text: most are answered by one pass of an automaton over cues, words without which no
construction can stand. In the others code, quotes and the like are blanked, the rest becomes a
row of signs, everyday phrases are taken out, constructions are sought, and each that was found is
weighed by what stands around it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import takewhile

from bot.domain.concerns.assessment import NOTHING, Assessment, Urgency
from bot.domain.concerns.cues import Cues
from bot.domain.concerns.folding import folded, places
from bot.domain.concerns.forms import Element, pattern
from bot.domain.concerns.judging import Found, Judge
from bot.domain.concerns.phrases import Phrases
from bot.domain.concerns.places import Needs
from bot.domain.concerns.reading import own_words
from bot.domain.concerns.spelling import Spelling
from bot.domain.concerns.words import (
    END,
    FIRST_SIGN,
    PAUSE,
    QUOTE,
    UNKNOWN,
    Row,
    Vocabulary,
)

LONGEST = 40_000
"""As many characters are read; Slack's messages are no longer."""

MOST_WEIGHED = 400
"""So many places are weighed, however many a hostile text has."""

_BLOCK = 1_000
"""A text of more words is looked through in parts of so many for what is gravest."""

_FILLER = -1
"""Where fillers stand, so that none shares its sign with another word."""

SURROUNDINGS = 31
"""So many signs on each side of a place tell one from another; no fewer than are weighed."""


Source = Callable[[tuple[Element, ...]], str]
"""Returns the regular expression for the places of a form."""


class _Forms:
    """The forms of all constructions or allowed phrases, and which of them may match in a row."""

    def __init__(
        self,
        owned: Iterable[tuple[int, tuple[str, ...]]],
        phrases: Phrases,
        signs: Mapping[str, str],
    ) -> None:
        self.owned = [(owner, form) for owner, forms in owned for form in forms]
        self.parsed = parsed = [phrases.parsed[form] for _, form in self.owned]
        self._needs = Needs(parsed, phrases.often, signs)
        self._compiled: dict[int, re.Pattern[str]] = {}
        self._loose: dict[int, re.Pattern[str]] = {}
        self._fillers = phrases.fillers

    def candidates(self, row: str) -> list[int]:
        """Return the numbers of the forms all of whose places have a sign in a row."""
        return self._needs.met(row)

    def compiled(self, number: int, source: Source) -> re.Pattern[str]:
        """Return what finds a form; made when it is first needed, of what `source` returns."""
        found = self._compiled.get(number)
        if found is None:
            found = self._compiled[number] = re.compile(source(self.parsed[number]))
        return found

    def loosely(self, number: int, source: Source) -> re.Pattern[str]:
        """Return what finds a form in a row without punctuation and fillers."""
        elements = self.parsed[number]
        if not any(each.edge or _has_any(each, self._fillers) for each in elements):
            return self.compiled(number, source)
        found = self._loose.get(number)
        if found is None:
            kept = tuple(
                replace(each, optional=each.optional or _has_any(each, self._fillers))
                for each in elements
                if not each.edge
            )
            found = self._loose[number] = re.compile(source(kept))
        return found


class Detector:
    """Assesses texts by phrases. Building it takes about a second; it is safe to share."""

    def __init__(self, phrases: Phrases) -> None:
        self._signs = signs = _signs(phrases)
        spelling = Spelling(signs, watched=phrases.watched, meant=phrases.meant)
        self._vocabulary = Vocabulary(
            signs, spelling=spelling, expansions=phrases.expansions, fillers=phrases.fillers
        )
        self._skipped = _together(phrases.fillers, signs)
        self._guarded = _together(phrases.guarded, signs)
        self._judge = Judge(phrases, lambda form: self._pattern(phrases.parsed[form]))
        allowed = ((owner, each.forms) for owner, each in enumerate(phrases.allowed))
        self._allowed = _Forms(allowed, phrases, signs)
        gravest = sorted(enumerate(phrases.constructions), key=lambda each: -each[1].urgency)
        self._sought = _Forms(((owner, each.forms) for owner, each in gravest), phrases, signs)
        self._gravest = sum(
            len(each.forms) for each in phrases.constructions if each.urgency is Urgency.U3
        )
        hints = ["" if each.urgency else each.sign for each in phrases.constructions]
        self._cues = Cues(
            phrases,
            [(form, hints[owner]) for owner, form in self._sought.owned],
            spelling=spelling,
            signs=self._vocabulary.word,
            may_stand=self._may_stand,
        )

    @property
    def cues(self) -> list[str]:
        """The words that mean something, as they are written."""
        return self._cues.words

    def _may_stand(self, number: int, row: str) -> bool:
        """Return whether a form stands in a row that has no punctuation and no fillers."""
        return self._sought.loosely(number, self._pattern).search(row) is not None

    def assess(self, text: str) -> Assessment:
        """Return the assessment of a text."""
        text = text[:LONGEST]
        copy = text if text.isascii() else folded(text)
        return self._closely(text) if self._cues.are_in(copy) else NOTHING

    def _closely(self, text: str) -> Assessment:
        """Return the same without asking for cues first, for tests to compare with."""
        row = self._vocabulary.row(own_words(folded(text)[:LONGEST]))
        row.signs = self._without_allowed(row.signs)
        assessed = self._grave_soon(row) if len(row.signs) > _BLOCK else NOTHING
        if assessed is NOTHING:
            found = self._apart(row.signs, self._find(row.signs))
            assessed = self._judge.weigh(row, found) if found else NOTHING
        return assessed if text.isascii() or assessed is NOTHING else _placed(assessed, text)

    def _grave_soon(self, row: Row) -> Assessment:
        """Return the assessment of the first part of a long row that is of U3, or nothing.

        In so long a text the gravest is enough; what else it asks for is not sought.
        """
        for start in range(0, len(row.signs), _BLOCK):
            part = row.signs[start : start + _BLOCK + SURROUNDINGS]
            found = self._apart(row.signs, self._find(part, self._gravest, start))
            if found and (assessed := self._judge.weigh(row, found)).urgency is Urgency.U3:
                return assessed
        return NOTHING

    def _apart(self, signs: str, found: Iterable[Found]) -> list[Found]:
        """Return those that differ in their surroundings, and not too many.

        What stands a thousand times in the same surroundings is weighed in the same way.
        """
        quotes = QUOTE in signs
        apart: dict[tuple[int | str, ...], Found] = {}
        for each in found:
            end = signs.find(END, each.end)
            after = signs[each.end : each.end + SURROUNDINGS]
            rest = "" if end < 0 else signs[end : end + SURROUNDINGS]
            before = signs[max(0, each.start - SURROUNDINGS) : each.start]
            own = signs[each.start : each.end]
            key = (each.construction, before, own, after, rest, each.start if quotes else -1)
            apart.setdefault(key, each)
            if len(apart) == MOST_WEIGHED:
                break
        return list(apart.values())

    def _find(self, signs: str, forms: int | None = None, start: int = 0) -> Iterator[Found]:
        """Yield what stands in a row, the gravest first.

        Args:
            signs: the row, or a part of it.
            forms: how many forms are sought; all, if it is not given.
            start: where the part begins.
        """
        sought = self._sought
        most = len(sought.owned) if forms is None else forms
        for number in takewhile(lambda each: each < most, sought.candidates(signs)):
            for match in sought.compiled(number, self._pattern).finditer(signs):
                if match.end() > match.start():
                    yield Found(sought.owned[number][0], start + match.start(), start + match.end())

    def _without_allowed(self, signs: str) -> str:
        for number in self._allowed.candidates(signs):
            signs = self._allowed.compiled(number, self._whole).sub(_unknown, signs)
        return signs

    def _pattern(self, elements: tuple[Element, ...]) -> str:
        """Return what finds a form, over commas and fillers."""
        return pattern(elements, self._signs.__getitem__, skipped=PAUSE + self._skipped)

    def _whole(self, elements: tuple[Element, ...]) -> str:
        """Return what finds an allowed phrase: over no comma, and over no lethal word in a gap."""
        return pattern(
            elements,
            self._signs.__getitem__,
            skipped=self._skipped,
            guarded=self._guarded,
        )


def _unknown(found: re.Match[str]) -> str:
    return UNKNOWN * len(found.group())


def _has_any(element: Element, words: frozenset[str]) -> bool:
    return any(not words.isdisjoint(phrase) for phrase in element.phrases)


def _together(words: Iterable[str], signs: Mapping[str, str]) -> str:
    """Return the signs of those words that have one."""
    return "".join(sorted({signs[word] for word in words if word in signs}))


def _signs(phrases: Phrases) -> dict[str, str]:
    """Give a sign to every word; words that stand in the same places share one."""
    uses: dict[str, set[int]] = {}
    places_seen: dict[tuple[str, ...], int] = {}
    for elements in phrases.parsed.values():
        for element in elements:
            single = tuple(each[0] for each in element.phrases if len(each) == 1)
            for group in (single, *((word,) for each in element.phrases for word in each[1:])):
                number = places_seen.setdefault(group, len(places_seen))
                for word in group:
                    uses.setdefault(word, set()).add(number)
            for each in element.phrases:
                if len(each) > 1:
                    number = places_seen.setdefault((each[0],), len(places_seen))
                    uses.setdefault(each[0], set()).add(number)
    for word in phrases.fillers & uses.keys():
        uses[word].add(_FILLER)
    signs: dict[frozenset[int], str] = {}
    return {
        word: signs.setdefault(frozenset(numbers), chr(FIRST_SIGN + len(signs)))
        for word, numbers in sorted(uses.items())
    }


def _placed(assessed: Assessment, text: str) -> Assessment:
    """Return the same with places of the text instead of those of its folded copy."""
    at = [*places(text[:LONGEST]), len(text)]
    last = len(at) - 1
    moved = tuple(
        type(each)(
            each.construction,
            each.category,
            each.urgency,
            at[min(each.start, last)],
            at[min(each.end - 1, last - 1)] + 1,
            each.softened,
        )
        for each in assessed.reasons
    )
    return Assessment(assessed.urgency, assessed.categories, moved)
