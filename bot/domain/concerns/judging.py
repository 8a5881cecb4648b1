"""Weighs what was found by what stands around it: who, whether, when, and in what manner.

The rules are those of care-facts: a first-person lethal statement is never fully suppressed;
laughter lowers by one; what is negated or past and over is an offer; somebody else's distress is a
concern for another; quotes and talk of work are silent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bot.domain.concerns.assessment import (
    NOTHING,
    Assessment,
    Category,
    Reason,
    Softened,
    Urgency,
)
from bot.domain.concerns.forms import Element
from bot.domain.concerns.phrases import Construction, Phrases
from bot.domain.concerns.words import END, PAUSE, QUOTE, UNKNOWN, Row

LETHAL = frozenset({Category.SUICIDE_ACTIVE, Category.SUICIDE_PASSIVE, Category.SELF_HARM})
TWO_SIGNS, HINTS, WISH_WITH_MEANS = "two-signs", "several-hints", "wish-with-means"
"""What findings together are called, where a reason names the construction."""

_WEIGHT, _WEIGHT_OF_HINT = 2, 1
"""What each kind of sign weighs, once; a hint (of urgency 0) at a low mood weighs less."""
_WEIGHT_FOR_U2, _WEIGHT_FOR_U1 = 4, 2

_BEFORE = 9
"""So many words before a construction are searched for who acts, and for a negation."""
_BEFORE_TRAPS = 14
"""So many words are searched for what turns a negation round: "not a day goes by that I do not"."""
_AROUND = 30
"""So many words on both sides are looked at for the time, in a sentence without end."""
_NEAR = 2
"""So many words before a construction belong to it, where somebody speaks of their trade."""
_BESIDE = 12
"""So many words on both sides are looked at for what is past: a long story has many times."""
_BESIDE_LAUGHTER = 6
"""So many words on both sides are looked at for laughter, ..."""
_AFTER_LAUGHTER = 12
"""So many words after laughter with which a sentence begins, ..."""
_FROM_THE_END = 2
"""... and so many at the end of the sentence."""
_LEAST_TOLD = 4
"""Laughter after so many words of a clause belongs to them, and not to what follows."""
_NEAR_REFUSAL = 4
_LAST = 2
"""So many of its own words are looked at together with what follows it."""
_LEAST_QUOTED = 4
"""A quotation of fewer words is a word set apart, not somebody else's sentence."""
_MOST_REASONS = 50


@dataclass(frozen=True, slots=True)
class Found:
    """A construction, by its number, at a place of a row of signs."""

    construction: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Sentence:
    """The signs before a construction, its own, and those after it, in its sentence."""

    before: str
    own: str
    after: str
    rest: str
    """What follows the sentence."""
    whole: bool
    """Whether nothing of what stands after it was cut off."""

    @property
    def near(self) -> str:
        return self.before[-_AROUND:] + self.own + self.after[:_AROUND]


class Judge:
    """Weighs what was found in one row."""

    def __init__(self, phrases: Phrases, pattern: Callable[[str], str]) -> None:
        """Take the phrases, and what turns a form into a regular expression over signs."""
        self._constructions = phrases.constructions
        self._by_id = {each.id: each for each in phrases.constructions}
        either = {
            name: "|".join(pattern(form) for form in forms)
            for name, forms in phrases.contexts.items()
        }
        self._contexts = {name: re.compile(source) for name, source in either.items()}
        self._negated = re.compile(f"(?:{either['not']})(?:{either['light']})*$")
        self._negated_within = re.compile(f"(?:{either['not']})(?:{either['light']})*.?{PAUSE}*$")
        self._hold_negation = frozenset(
            number
            for number, each in enumerate(phrases.constructions)
            if any(_holds_negation(phrases.parsed[form]) for form in each.forms)
        )
        self._jest = re.compile(either["jest"])
        self._refused = re.compile(f"(?:{either['not']})$")
        self._laughs = re.compile(f"[{END}]+(?:(?:{either['jest']})[^{END}]{{0,2}})+(?:[{END}]|$)")
        self._denied = re.compile(f"(?:{either['denied']})(?:[{END},]|$)")
        self._took_back = re.compile(f"[{END}]*(?:{either['took_back']})")
        own, light = either["own"], either["light"]
        self._urged = re.compile(f"(?:{either['tells']})(?:{own})(?:(?!{own})(?:{light}))*$")
        self._actors = re.compile(
            "|".join(f"(?P<{name}>{either[name]})" for name in ("own", "another", "you", "thing"))
        )

    def weigh(self, row: Row, found: Iterable[Found]) -> Assessment:
        """Return the assessment of a row in which these were found."""
        weighed = [reason for each in found if (reason := self._reason(row, each)) is not None]
        reasons = [each for each in weighed if each.urgency]
        reasons += self._together(weighed)
        ordered = sorted(set(reasons), key=_order)
        if not ordered:
            return NOTHING
        categories = tuple(dict.fromkeys(each.category for each in ordered))
        return Assessment(ordered[0].urgency, categories, tuple(ordered[:_MOST_REASONS]))

    def _reason(self, row: Row, found: Found) -> Reason | None:
        construction = self._constructions[found.construction]
        sentence = _sentence(row.signs, found)
        most: dict[Softened, Urgency] = {}
        quoted = self._quoted(row.signs, found)
        if quoted is not None:
            why = Softened.ANOTHER_PERSON if quoted else Softened.QUOTED
            most[why] = quoted
        elif (acts := self._acts(construction, sentence)) is not None:
            most[Softened.ANOTHER_PERSON] = acts
        most |= dict(self._manner(found, construction, sentence))
        urgency = min((construction.urgency, *most.values()))
        if urgency is Urgency.U0 and _is_lethal_of_oneself(construction, most):
            urgency = Urgency.U1
        if urgency is Urgency.U0 and (construction.urgency or most):
            return None
        return Reason(
            construction.id,
            _category(construction, most),
            urgency,
            row.starts[found.start],
            row.ends[found.end - 1],
            tuple(most),
        )

    def _quoted(self, signs: str, found: Found) -> Urgency | None:
        """Return the most that a sentence within quotation marks counts for; None if it is none.

        Told of somebody by name it is a concern for them; what one says to have said oneself
        counts in full.
        """
        opened = signs.rfind(QUOTE, 0, found.start)
        if opened < 0 or signs.count(QUOTE, 0, found.start) % 2 == 0:
            return None
        closed = signs.find(QUOTE, found.end)
        if closed < 0 or closed - opened <= _LEAST_QUOTED:
            return None
        before = signs[max(0, opened - _BEFORE) : opened]
        before = before[before.rfind(END) + 1 :]
        after = signs[closed + 1 : closed + 1 + _BEFORE + _LEAST_QUOTED]
        if self._has("example", signs[max(0, opened - _AROUND) : opened]):
            return Urgency.U0
        for beside in (before, after):
            if told := self._contexts["tells"].search(beside):
                return self._told_by(beside[: told.start()])
        return Urgency.U0

    def _told_by(self, before: str) -> Urgency | None:
        """Return the most that somebody's words count for, by what stands before "said"."""
        actor = self._actor(before)
        if actor == "own":
            return None
        named = actor == "nobody" and before.endswith(UNKNOWN)
        return Urgency.U2 if actor == "another" or named else Urgency.U0

    def _acts(self, construction: Construction, sentence: _Sentence) -> Urgency | None:
        """Return the most it counts for where somebody or something else acts; None for oneself."""
        if construction.person == "said":
            return Urgency.U0 if self._is_urged(construction, sentence) else None
        actor = self._actor(sentence.before)
        if actor == "nobody" and construction.person == "mention":
            actor = self._actor(sentence.after[:_BEFORE])
        if actor == "another":
            return min(construction.urgency, Urgency.U2)
        if actor == "you":
            return Urgency.U1 if construction.category in LETHAL else Urgency.U0
        return Urgency.U0 if actor == "thing" else None

    def _is_urged(self, construction: Construction, sentence: _Sentence) -> bool:
        """Return whether others tell the writer to do it: "he told me to go and kill myself"."""
        if construction.category not in LETHAL or not construction.urgency:
            return False
        before = sentence.before[-_BEFORE:]
        told = self._urged.search(before)
        if told is None:
            return False
        before = before[: told.start()]
        return before.endswith(UNKNOWN) or self._actor(before) == "another"

    def _actor(self, before: str) -> str:
        """Return who was named last: "own", "another", "you", "thing" or "nobody"."""
        last = "nobody"
        for each in self._actors.finditer(before[-_BEFORE:]):
            last = each.lastgroup or last
        return last

    def _manner(
        self, found: Found, construction: Construction, sentence: _Sentence
    ) -> Iterator[tuple[Softened, Urgency]]:
        """Yield what lowers it by the manner in which it is said, and to what at most."""
        if construction.negation != "ignored" and self._is_negated(found, sentence):
            yield Softened.NEGATED, _ACTIONS[construction.negation]
        if construction.past != "ignored" and self._is_past(sentence):
            yield Softened.PAST, _ACTIONS[construction.past]
        if construction.category in LETHAL and self._is_figure(sentence):
            yield Softened.FIGURE_OF_SPEECH, Urgency.U1
        if self._is_work(construction, sentence):
            yield Softened.PROFESSIONAL, Urgency.U0
        if construction.urgency < Urgency.U2 or construction.jest == "ignored":
            return
        if self._is_jest(sentence):
            yield Softened.JEST, Urgency(construction.urgency - 1)

    def _is_jest(self, sentence: _Sentence) -> bool:
        """Return whether laughter belongs to it: nearby, at the end, or as the next sentence.

        In "wanted to be a pilot lol now i want to die" it belongs to what stands before it.
        """
        before, after = sentence.before, sentence.after
        for laugh in self._jest.finditer(before[-_AROUND:]):
            told = before[: laugh.start()].split(PAUSE)[-1]
            reach = _BESIDE_LAUGHTER if told else _AFTER_LAUGHTER
            near = len(before) - laugh.end() <= reach
            if near and len(told) < _LEAST_TOLD and not self._is_refused(before[: laugh.start()]):
                return True
        own = len(before)
        said = before + sentence.own + after
        for laugh in self._jest.finditer(said, own):
            near = laugh.start() - own - len(sentence.own) <= _BESIDE_LAUGHTER
            at_the_end = sentence.whole and len(said) - laugh.end() <= _FROM_THE_END
            if (near or at_the_end) and not self._is_refused(said[: laugh.start()]):
                return True
        return self._laughs.match(sentence.rest) is not None

    def _is_refused(self, before: str) -> bool:
        """Return whether what follows is said not to be: "no lol", "not even joking"."""
        return self._refused.search(before[-_NEAR_REFUSAL:]) is not None

    def _is_past(self, sentence: _Sentence) -> bool:
        beside = sentence.before[-_BESIDE:] + sentence.own + sentence.after[:_BESIDE]
        return self._has("past", beside) and not self._has("recent", sentence.near)

    def _is_negated(self, found: Found, sentence: _Sentence) -> bool:
        """Return whether it is denied: before it, within it, or by a "no" after it."""
        before = sentence.before
        negated = self._negated.search(before[-_BEFORE:]) is not None
        if not negated and found.construction not in self._hold_negation:
            negated = self._negated_within.search(sentence.own) is not None
            before += sentence.own
        if not negated:
            return self._denied.match(sentence.after) is not None
        if self._has("no_negation", before[-_BEFORE_TRAPS:]):
            return False
        return not any(map(self._took_back.match, (sentence.rest, sentence.after)))

    def _is_figure(self, sentence: _Sentence) -> bool:
        """Return whether a trifle is the cause: "one more meeting and ..."."""
        return self._has("figure_before", sentence.before + sentence.own) or self._has(
            "figure_after", sentence.own[-_LAST:] + sentence.after
        )

    def _is_work(self, construction: Construction, sentence: _Sentence) -> bool:
        """Return whether somebody speaks of their trade; of themselves they speak in full."""
        if not self._has("work", sentence.near):
            return False
        if construction.category is Category.CONCERN_FOR_ANOTHER:
            return self._has("in_general", sentence.before + sentence.own)
        return construction.person != "said" and not self._has(
            "of_oneself", sentence.before[-_NEAR:] + sentence.own
        )

    def _has(self, context: str, signs: str) -> bool:
        return bool(signs) and self._contexts[context].search(signs) is not None

    def _together(self, reasons: list[Reason]) -> Iterator[Reason]:
        """Yield what several findings amount to: signs and hints, or a wish to die with means."""
        by_id = self._by_id
        whole = [each for each in reasons if not each.softened]
        signs = self._signs_apart(whole)
        if len(signs) > 1:
            weight = sum(map(_weight, signs))
            if weight >= _WEIGHT_FOR_U2:
                yield _both(TWO_SIGNS, signs, Urgency.U2)
            elif weight >= _WEIGHT_FOR_U1:
                yield _both(HINTS, signs, Urgency.U1)
        means = [each for each in whole if each.urgency and by_id[each.construction].means]
        wishes = [each for each in whole if each.category is Category.SUICIDE_PASSIVE]
        wishes = [each for each in wishes if each.urgency >= Urgency.U2]
        if means and wishes:
            yield _both(WISH_WITH_MEANS, [wishes[0], means[0]], Urgency.U3, Category.SUICIDE_ACTIVE)

    def _signs_apart(self, reasons: list[Reason]) -> list[Reason]:
        """Return one reason for each kind of sign; of one phrase that two read, one only."""
        apart: dict[str, Reason] = {}
        for each in sorted(reasons, key=lambda each: (-_weight(each), each.end, *_order(each))):
            sign = self._by_id[each.construction].sign
            if sign and sign not in apart and not any(_overlap(each, x) for x in apart.values()):
                apart[sign] = each
        return sorted(apart.values(), key=_order)


def _order(reason: Reason) -> tuple[int, int, int, str]:
    """The gravest first, then as they stand; the id makes ties the same in every process."""
    return (-reason.urgency, reason.start, reason.end, reason.construction)


def _overlap(one: Reason, other: Reason) -> bool:
    return one.start < other.end and other.start < one.end


def _weight(reason: Reason) -> int:
    light = not reason.urgency and reason.category not in LETHAL
    return _WEIGHT_OF_HINT if light else _WEIGHT


_REFUSALS = frozenset({"not", "never", "no", "nor", "neither", "without"})
_ACTIONS = {"softens": Urgency.U1, "silences": Urgency.U0}


def _holds_negation(elements: Iterable[Element]) -> bool:
    return any(not _REFUSALS.isdisjoint(phrase) for each in elements for phrase in each.phrases)


def _sentence(signs: str, found: Found) -> _Sentence:
    first = signs.rfind(END, 0, found.start) + 1
    last = signs.find(END, found.end)
    last = len(signs) if last < 0 else last
    return _Sentence(
        signs[max(first, found.start - _AROUND) : found.start],
        signs[found.start : found.end],
        signs[found.end : min(last, found.end + _AROUND)],
        signs[last : last + _AROUND],
        last <= found.end + _AROUND,
    )


def _is_lethal_of_oneself(construction: Construction, most: dict[Softened, Urgency]) -> bool:
    """Return whether it is a first-person lethal statement; those are never passed over."""
    others = {Softened.QUOTED, Softened.ANOTHER_PERSON, Softened.PROFESSIONAL}
    if construction.category not in LETHAL or not others.isdisjoint(most):
        return False
    return construction.person != "mention" and construction.urgency >= Urgency.U2


_OF_THE_SPEAKER = {Category.POSTVENTION, Category.ABUSE}
"""What somebody else says or does belongs to these: it happens to the one who tells of it."""


def _category(construction: Construction, most: dict[Softened, Urgency]) -> Category:
    if most.get(Softened.ANOTHER_PERSON) and construction.category not in _OF_THE_SPEAKER:
        return Category.CONCERN_FOR_ANOTHER
    return construction.category


def _both(
    name: str, reasons: list[Reason], urgency: Urgency, category: Category | None = None
) -> Reason:
    lethal = [each.category for each in reasons if each.category in LETHAL]
    return Reason(
        name,
        category or (lethal or [reasons[0].category])[0],
        urgency,
        min(each.start for each in reasons),
        max(each.end for each in reasons),
    )
