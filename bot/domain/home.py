"""What a person's own page shows: one value, gathered in one read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from bot.domain.checkins import SCALES, Answer, Scale
from bot.domain.cohorts import Cohort
from bot.domain.people import Choices
from bot.domain.programme import Checklist
from bot.domain.rituals import State
from bot.domain.roles import Role
from bot.domain.visibility import Shared
from bot.domain.weekly import Setting

WEEKS = 12
"""How far the trend goes back; Slack draws at most twenty points."""

FEWEST_WEEKS = 2
"""One point is no trend."""

SHARES_SHOWN_DAYS = 7

COMING_SHOWN = 5
PAST_SHOWN = 8
RUNS_SHOWN = 3
"""Of so many cohorts, whoever runs them sees how the last rituals went; `/ritual` has the rest."""


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days of somebody's own check-ins."""

    first: date
    checkins: int
    means: Mapping[Scale, float] | None
    """None where there was no check-in: nothing is guessed between two weeks."""


def weeks(answers: Iterable[tuple[date, int, int, int]], *, today: date) -> Sequence[Week]:
    """Return the last `WEEKS` weeks, the oldest first; the last of them ends with `today`.

    Args:
        answers: day, mood, stress and energy, one for each day; days outside are left out.
        today: the person's own day.
    """
    first = first_day(today)
    given: list[list[list[int]]] = [[] for _ in range(WEEKS)]
    for day, *levels in answers:
        place = (day - first).days // 7
        if 0 <= place < WEEKS:
            given[place].append(levels)
    return [_week(first + timedelta(weeks=place), each) for place, each in enumerate(given)]


def first_day(today: date) -> date:
    """Return the first day of the weeks that are shown."""
    return today - timedelta(days=7 * WEEKS - 1)


def is_trend(shown: Iterable[Week]) -> bool:
    """Whether there is enough to draw."""
    return sum(week.means is not None for week in shown) >= FEWEST_WEEKS


def _week(first: date, levels: Sequence[Sequence[int]]) -> Week:
    if not levels:
        return Week(first, 0, None)
    columns = zip(*levels, strict=True)
    means = {
        scale: sum(column) / len(levels) for scale, column in zip(SCALES, columns, strict=True)
    }
    return Week(first, len(levels), means)


@dataclass(frozen=True, slots=True)
class SharedDay:
    """A part of one check-in that stands in a channel."""

    id: UUID
    day: date
    shared: Shared


class Standing(StrEnum):
    """Whether somebody has joined."""

    NEW = "new"
    LEFT = "left"
    """They took their check-ins back, which were deleted; what else they chose is still there."""
    ASKED_AGAIN = "asked again"
    """They agreed to words that do not hold any more; what they gave is still there."""
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Coming:
    """A ritual that comes next in one of somebody's cohorts."""

    title: str
    channel: str
    at: datetime
    """On the person's own wall clock."""


@dataclass(frozen=True, slots=True)
class Past:
    """How one occurrence of a ritual went."""

    title: str
    on: date
    state: State
    reacted: str
    """How many people reacted, as a band."""


@dataclass(frozen=True, slots=True)
class Run:
    """A cohort as whoever runs it sees it."""

    cohort: Cohort
    on_rota: str
    """How many are on the rota, as a band."""
    past: Sequence[Past] = ()
    """The latest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What a member sees of what is theirs."""

    today: date
    choices: Choices
    paused_until: date | None = None
    """The first day on which they may be asked again, if that is still to come."""
    latest: tuple[date, Answer] | None = None
    """The latest check-in, without its note: a page that stands open shows no note."""
    checked_in_at: datetime | None = None
    """When that was, on the person's own wall clock, if it is today's."""
    weeks: Sequence[Week] = ()
    shares: Sequence[SharedDay] = ()
    """Those of the last days, the latest first."""
    cohorts: Sequence[Cohort] = ()
    coming: Sequence[Coming] = ()
    """The next rituals of these cohorts, the earliest first."""
    weekly: Setting = field(default_factory=Setting)
    """When they want to be asked."""
    copies: int = 0
    """How many copies of their data stand in their direct messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """Everything the page of one person is made of."""

    standing: Standing
    own: Own | None = None
    """None for somebody who has not agreed to the words that hold today."""
    roles: frozenset[Role] = field(default_factory=frozenset)
    facilitates: Sequence[Cohort] = ()
    runs: Sequence[Run] = ()
    """The first of these cohorts, as whoever runs them sees them."""
    is_led: bool = True
    """Whether anybody leads the programme."""
    checklist: Checklist | None = None
    """For those who may see how the programme is set up."""
