"""What a ritual is: something that a cohort does again and again, at a time of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from bot.domain.cohorts import Purpose
from bot.domain.eap import is_link

TITLE_LIMIT = 60
WORDS_LIMIT = 1500
MOST_LINKS = 10
LINK_LIMIT = 500
"""Longest address, in characters."""
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


class Why(StrEnum):
    """Why an occurrence did not take place, where no delivery says so."""

    ASKED = "asked"
    """Whoever runs the cohort skipped it."""
    FULL = "budget"
    """The cohort's week had no room."""
    HALTED = "halted"
    """Nothing is posted in the cohort's channel just now."""
    CLOSED = "cohort_closed"


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


class Repeats(StrEnum):
    """How often a template suggests that it comes round."""

    WEEKLY = "weekly"
    EVERY_TWO_WEEKS = "every_two_weeks"
    MONTHLY = "monthly"
    ONCE = "once"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """When a template suggests that it takes place; a facilitator decides."""

    repeats: Repeats
    day: int | None
    """0 is Monday; None where no day is better than another."""
    at_minute: int
    """Minutes after local midnight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What a ritual may begin as."""

    key: str
    name: str
    purpose: str
    """What it is for, in one line."""
    title: str
    words: str
    """What the post says; empty where the facilitator has to write it."""
    care: str
    """What stands before the words, whatever a facilitator makes of them; empty for most.

    Where it is not, the post shows the way to help.
    """
    mode: Mode
    minutes: int | None
    suggested: Suggested
    suits: frozenset[Purpose]
    legend: str
    rotates: bool
    how_to_hold: str
    """A note for whoever holds it."""
    links: Sequence[Link]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a cohort's channel is told of one occurrence."""

    occurrence: UUID
    channel: str
    template: str
    title: str
    words: str
    links: Sequence[Link]
    number: int
    """How often the ritual took place before; it says which link has its turn."""
    mode: Mode
    minutes: int | None
    holder: str | None
    """Slack user id."""
    facilitators: Sequence[str]
    """Slack user ids of those who run the cohort."""
    rotates: bool
    legend: str
    state: State
    responders: int
    """How many members reacted."""
    due_at: datetime
    zone: str


def pick(links: Sequence[Link], number: int) -> Link | None:
    """Return the link that has its turn when a ritual took place `number` times before.

    They take turns, from the first again after the last; None where there are none.
    """
    return links[number % len(links)] if links else None


def is_safe_link(url: str) -> bool:
    """Whether an address may stand in a post: encrypted, and a host's name without a password.

    Such a name has two parts or more; a number is none, and what stands before an @ only looks
    like one. Nothing in it is invisible.
    """
    fits = len(url) <= LINK_LIMIT and url.isprintable() and is_link(url)
    return fits and _ADDRESS.fullmatch(url) is not None


_PART = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(
    rf"https://(?:{_PART}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?(?::[0-9]+)?(?:[/?#].*)?",
    re.IGNORECASE,
)
