"""What a ritual is: something that a cohort does again and again, at a time of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

TITLE_LIMIT = 60
WORDS_LIMIT = 1500
MOST_LINKS = 10
MINUTES = (10, 15, 20)
"""How long a live ritual may take."""

LATE_AFTER = timedelta(hours=2)
"""Later than this nothing is posted, unless the operator set another time."""

ANNOUNCED_BEFORE = timedelta(minutes=10)
"""How long before its start a live ritual is announced."""

OPEN_FOR = timedelta(days=7)
"""How long a ritual that is not live takes responses."""


class OnHoliday(StrEnum):
    """What becomes of a day that is a public holiday."""

    KEEP = "keep"
    SKIP = "skip"
    MOVE = "move"
    """To the next day that is no holiday and no weekend."""


class Mode(StrEnum):
    """How people take part."""

    OPEN = "open"
    """Whenever it suits them."""
    LIVE = "live"
    """All at the same time, for some minutes."""


class State(StrEnum):
    """Where one occurrence stands."""

    PLANNED = "planned"
    OPEN = "open"
    """Claimed, and posted or on its way."""
    CLOSED = "closed"
    SKIPPED = "skipped"
    """Somebody asked for it, or a rule did."""
    MISSED = "missed"
    """Hearth was away, and it was too late afterwards."""
    UNSENT = "unsent"
    """It could not be posted."""


@dataclass(frozen=True, slots=True)
class Link:
    """Something to read, hear or watch."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a ritual comes round."""

    rule: str
    """RRULE of RFC 5545, as `bot.domain.recurrence.read` returns it: days only."""
    starts_on: date
    at_minute: int
    """Minutes after local midnight."""
    zone: str
    """IANA name."""
    on_holiday: OnHoliday
    country: str | None
    """ISO 3166, whose holidays count; None: nobody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a facilitator sets about a ritual."""

    template: str
    """Key of a template in the content."""
    title: str
    words: str
    links: Sequence[Link]
    schedule: Schedule
    mode: Mode
    minutes: int | None
    """How long a live one takes; None for an open one."""
    rotates: bool
    """Whether the rota says who holds it."""
    legend: str
    """Key of a legend in the content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ritual:
    """One ritual of one cohort."""

    id: UUID
    cohort: UUID
    plan: Plan
    is_paused: bool
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One time that a ritual comes round."""

    id: UUID
    on_date: date
    """The day by the rule; a moved one takes place later."""
    due_at: datetime
    state: State
    reason: str | None = None
    """A code: why it did not take place."""
