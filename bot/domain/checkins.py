"""Rules of a check-in: its scales, its limits, what it leads to, what recent weeks show.

The four scales are our own items, not a validated instrument. They are never summed into a
score, and nothing is concluded from them about a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.cohorts import Cohort
from bot.domain.visibility import Shared, Visibility
from bot.errors import InvalidAnswer, Problem

LOWEST, HIGHEST = 1, 5
NOTE_LIMIT = 1_000
"""Longest note, in characters (Unicode code points)."""

OLDEST_FORM_DAYS = 30
WEEKS_SHOWN = 4

_NO_CHECK_IN: list[int | None] = [None, None, None]


class Capacity(StrEnum):
    """How much room a person has for more."""

    LIGHT = "light"
    STEADY = "steady"
    FULL = "full"
    OVER = "over"


class Scale(StrEnum):
    """What is answered from 1 to 5. For stress, 5 is the hard end; for the others, 1 is."""

    MOOD = "mood"
    STRESS = "stress"
    ENERGY = "energy"


_CAPACITIES = frozenset(Capacity)


SCALES = tuple(Scale)


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """The three answers from 1 to 5."""

    mood: int
    stress: int
    energy: int

    def level(self, scale: Scale) -> int:
        """Return the answer on one scale."""
        level: int = getattr(self, scale.value)
        return level


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Levels):
    """A complete check-in as somebody gave it."""

    capacity: Capacity
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed(Answer):
    """A check-in as it is kept, under the person's own day."""

    day: date
    shared: Shared | None = None


def check(levels: Mapping[Scale, str | None], capacity: str | None, note: str | None) -> Answer:
    """Return the answer that the raw fields of a form stand for.

    A note of nothing but white space is no note. Otherwise it is kept as written.

    Raises:
        InvalidAnswer: names each field that cannot be kept, and why.
    """
    problems: dict[str, Problem] = {}
    read: dict[Scale, int] = {}
    for scale in SCALES:
        raw = levels.get(scale)
        level = _level(raw)
        if level is None:
            problems[scale] = Problem.MISSING if raw is None else Problem.NOT_A_CHOICE
        else:
            read[scale] = level
    if capacity not in _CAPACITIES:
        problems["capacity"] = Problem.MISSING if capacity is None else Problem.NOT_A_CHOICE
    if note is not None and len(note) > NOTE_LIMIT:
        problems["note"] = Problem.TOO_LONG
    if problems or capacity is None:
        raise InvalidAnswer(problems)
    return Answer(
        mood=read[Scale.MOOD],
        stress=read[Scale.STRESS],
        energy=read[Scale.ENERGY],
        capacity=Capacity(capacity),
        note=note if note and note.strip() else None,
    )


def _level(raw: str | None) -> int | None:
    # Only the plain ASCII digits: int() would also take " 4", "+4" and other scripts' digits.
    return int(raw) if raw is not None and raw in {"1", "2", "3", "4", "5"} else None


def check_day(day: date, *, today: date) -> None:
    """Refuse a form that is for a day no open form can be for.

    A form says for which day it was opened. It may stay open over midnight and over a flight, so
    yesterday, tomorrow and a few days back are fine; the rest is a form from somewhere else.

    Raises:
        InvalidAnswer: the form is too old, or from the future.
    """
    if not timedelta(days=-OLDEST_FORM_DAYS) <= day - today <= timedelta(days=1):
        raise InvalidAnswer({"day": Problem.NOT_A_CHOICE})


class NextStep(StrEnum):
    """The one thing offered after a check-in. An offer, never an alarm."""

    SOMEBODY_TO_TALK_TO = "somebody_to_talk_to"
    HAND_ONE_THING_ON = "hand_one_thing_on"
    SHORT_BREAK = "short_break"
    EARLY_NIGHT = "early_night"
    SMALL_KIND_THING = "small_kind_thing"
    NOTICE_WHAT_HELPED = "notice_what_helped"


def next_step(answer: Answer) -> NextStep:
    """Return the step that fits this one answer; the heaviest thing in it comes first."""
    if answer.mood == LOWEST or (answer.mood == 2 and answer.stress == HIGHEST):
        return NextStep.SOMEBODY_TO_TALK_TO
    if answer.capacity is Capacity.OVER:
        return NextStep.HAND_ONE_THING_ON
    if answer.stress >= 4:
        return NextStep.SHORT_BREAK
    if answer.energy <= 2:
        return NextStep.EARLY_NIGHT
    if answer.mood == 2:
        return NextStep.SMALL_KIND_THING
    return NextStep.NOTICE_WHAT_HELPED


@dataclass(frozen=True, slots=True)
class Trend:
    """The last weeks on one scale, oldest day first; None where there was no check-in."""

    levels: tuple[int | None, ...]

    @property
    def given(self) -> tuple[int, ...]:
        """The levels of the days that have a check-in."""
        return tuple(level for level in self.levels if level is not None)


@dataclass(frozen=True, slots=True)
class Recent:
    """A person's last weeks, day by day up to today."""

    first: date
    trends: Mapping[Scale, Trend]


def first_day_shown(today: date) -> date:
    """Return the first of the `WEEKS_SHOWN` weeks that end with `today`."""
    return today - timedelta(days=7 * WEEKS_SHOWN - 1)


def recent(answers: Iterable[tuple[date, int, int, int]], *, today: date) -> Recent:
    """Lay a person's check-ins out day by day over the last weeks.

    Args:
        answers: day, mood, stress and energy; days outside the weeks shown are left out, and of
            two for the same day the later one counts.
        today: the last day shown.
    """
    first = first_day_shown(today)
    given: dict[int, list[int | None]] = {
        (day - first).days: list(levels) for day, *levels in answers
    }
    shown = [given.get(place, _NO_CHECK_IN) for place in range(7 * WEEKS_SHOWN)]
    columns = zip(*shown, strict=True)
    trends = {scale: Trend(levels) for scale, levels in zip(SCALES, columns, strict=True)}
    return Recent(first=first, trends=trends)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a new form starts from."""

    day: date
    visibility: Visibility
    earlier: Answer | None = None
    """The check-in of the same day, which this one would take the place of."""
    earlier_at: datetime | None = None
    """When that was, on the person's own wall clock."""
    cohorts: Sequence[Cohort] = ()
    """Those with whom a part of it can be shared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What can be said once a check-in is on the disk."""

    day: date
    answer: Answer
    replaced: bool
    recent: Recent
    step: NextStep
    visibility: Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A person's own check-ins, one page of them."""

    recent: Recent
    page: Sequence[Filed]
    """The latest first, with their notes and what is shared of each."""
    has_earlier: bool
