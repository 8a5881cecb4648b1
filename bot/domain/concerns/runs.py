"""The rarest words of a form, by which texts without it are told at once."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from bot.domain.concerns.forms import Element
from bot.domain.concerns.phrases import Phrases
from bot.domain.concerns.words import NUMBER

_MOST_RUNS = 100
_LONGEST_RUN = 3
_PLACES = 3
_RARE = 3
"""In so many of 10,000 messages stands a word of which nothing is known."""
_BESIDE, _BESIDE_FREQUENT, _FREQUENT = 12, 3, 100
"""Words side by side are about so many times rarer than the rarest; frequent ones less so."""

Run = tuple[str, ...]
"""Words that stand side by side."""


class Rarest:
    """Finds runs of words of which a text has one wherever it has a form: the rarest there are.

    Fillers are not in the rows that are looked through, so they are in no run.
    """

    def __init__(self, phrases: Phrases) -> None:
        self._fillers, self._often = phrases.fillers, phrases.often
        self._counted: dict[tuple[Run, ...], float] = {}
        self._places: dict[tuple[Run, ...], frozenset[str]] = {}
        self._known: dict[tuple[Run, ...], tuple[Run, ...]] = {}

    def of(self, elements: Iterable[Element]) -> tuple[tuple[Run, ...], tuple[frozenset[str], ...]]:
        """Return the runs for a form, and three more places whose words have to be in the text.

        Raises:
            ValueError: it has no words that could be looked for.
        """
        best: tuple[Run, ...] = ()
        least = float("inf")
        places: dict[frozenset[str], float] = {}
        running: list[tuple[Run, ...]] = []
        for each in elements:
            own = self._own(each.phrases)
            if each.edge or own == ((),):
                continue
            if each.gap or each.optional or each.ends or () in own:
                running = []
                continue
            grown = [
                tuple(run + more for run in runs for more in own)
                for runs in running
                if len(runs) * len(own) <= _MOST_RUNS
            ]
            running = [own, *grown][:_LONGEST_RUN]
            for runs in running:
                if (times := self._all_times(runs)) < least:
                    best, least = runs, times
            if (times := self._all_times(own)) < float("inf"):
                places[self._rarest_words(own)] = times
        if not best:
            raise ValueError("A form has no words that could be looked for.")
        ordered = sorted(places, key=lambda place: (places[place], sorted(place)))
        # The run has the rarest place in it; the next three are asked for beside it.
        return best, (*ordered[1:], *[ordered[0]] * _PLACES)[:_PLACES]

    def _all_times(self, runs: tuple[Run, ...]) -> float:
        known = self._counted.get(runs)
        if known is None:
            known = self._counted[runs] = sum(map(self._times, runs))
        return known

    def _rarest_words(self, runs: tuple[Run, ...]) -> frozenset[str]:
        if runs not in self._places:
            self._places[runs] = frozenset(min(run, key=self._often_of) for run in runs)
        return self._places[runs]

    def _often_of(self, word: str) -> tuple[int, str]:
        return self._often.get(word, _RARE), word

    def _own(self, phrases: tuple[Run, ...]) -> tuple[Run, ...]:
        known = self._known.get(phrases)
        if known is None:
            named = {run for run in phrases if any(word.startswith(":") for word in run)}
            runs = {tuple(w for w in run if w not in self._fillers) for run in {*phrases} - named}
            known = self._known[phrases] = tuple(sorted(runs))
        return known

    def _times(self, run: Run) -> float:
        """Return in about how many of 10,000 messages a run stands."""
        if NUMBER in run:
            return float("inf")
        rarest = min([self._often.get(word, _RARE) for word in run])
        if len(run) > 1:
            known = [self._often.get(" ".join(pair), 0) for pair in pairwise(run)]
            if all(known):
                return float(min(known))
        beside = _BESIDE if rarest < _FREQUENT else _BESIDE_FREQUENT
        return rarest / float(beside ** (len(run) - 1))
