"""A cohort's calendar: its rituals, and what comes of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from bot.domain import recurrence
from bot.domain.budget import COHORT_POSTS, week_of
from bot.domain.cohorts import Cohort
from bot.domain.days import local_time
from bot.domain.rituals import Mode, Occurrence, Plan, Ritual, Schedule, State
from bot.errors import Refusal

SHOWN_AHEAD = 5
"""So many dates does a preview show."""

LOOKS_BACK = timedelta(days=30)
"""A date that was moved may lie ahead although the day by its rule has passed."""

BEGINS_FOR = timedelta(minutes=1)
"""For so long something counts as just beginning."""

_LOOKED_AT = 60
"""So many dates are looked at for a preview: thirty daily ones passed, some were skipped."""


class Verb(StrEnum):
    """The things /ritual can do."""

    CALENDAR = "calendar"
    LIST = "list"
    HELP = "help"


def read_verb(text: str) -> Verb:
    """Return what the text after /ritual asks for; nothing asks for the calendar."""
    word = text.strip().lower() or Verb.CALENDAR
    return Verb(word) if word in set(Verb) else Verb.HELP


class Said(StrEnum):
    """What became of something that was asked of a ritual."""

    PAUSED = "paused"
    WAS_PAUSED = "was paused"
    """Nothing was changed; so are all that begin with "was", and those below."""
    RESUMED = "resumed"
    WAS_GOING_ON = "was going on"
    SKIPPED = "skipped"
    NOTHING_TO_SKIP = "nothing to skip"
    """That date was skipped already, or has begun."""
    RUNS = "runs"
    WAS_RUN = "was run"
    """Today's has taken place, or is under way."""
    NO_ROOM = "no room"
    """The cohort's posts of this week are used."""
    IS_PAUSED = "is paused"
    HAS_ENDED = "has ended"
    IS_HALTED = "is halted"
    """Nothing can be posted in the cohort just now."""
    DELETED = "deleted"
    WAS_DELETED = "was deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One ritual in the calendar."""

    ritual: Ritual
    on_date: date | None
    """The day by its rule on which it comes next; None when nothing comes."""
    due_at: datetime | None
    has_ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The rituals of one cohort, as one person sees them."""

    cohort: Cohort
    halted_for: Refusal | None
    entries: Sequence[Entry]
    zone: str | None
    """That of whoever looks; None when nobody has told it."""
    now: datetime
    may_change: bool
    said: Said | None = None
    """What became of what was asked last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcoming:
    """One date that lies ahead."""

    on_date: date
    due_at: datetime | None
    """None where it does not take place."""
    holiday: str | None = None
    """Why it does not take place, or was moved."""
    reason: str | None = None
    """A code, where it was skipped for something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What comes of one ritual."""

    cohort: Cohort
    ritual: Ritual
    dates: Sequence[Upcoming]
    crowded: Sequence[tuple[date, int]]
    """Weeks, by their Monday, in which the cohort's rituals come to more posts than there may be,
    with how many that would be."""
    zone: str | None
    """That of whoever looks."""
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the form of a ritual is about."""

    cohort: UUID
    channel: str
    ritual: UUID
    template: str
    revision: int
    """As it was when the form was opened."""
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a form begins with."""

    desk: Desk
    purpose: str
    """What the cohort is for."""
    zone: str | None
    country: str | None
    plan: Plan | None
    """None for a new one."""
    now: datetime


def preview(
    schedule: Schedule, *, now: datetime, known: Mapping[date, Occurrence] | None = None
) -> Sequence[Upcoming]:
    """Return what lies ahead, until five dates take place; with those between that do not.

    Args:
        schedule: when it comes round.
        now: the present instant.
        known: what has become of dates so far, by the day of the rule.
    """
    known = known or {}
    today = local_time(now, schedule.zone).date()
    found: list[Upcoming] = []
    for each in recurrence.occurrences(schedule, after=today - LOOKS_BACK, limit=_LOOKED_AT):
        row = known.get(each.on_date)
        if row is not None and row.state not in (State.PLANNED, State.SKIPPED):
            continue
        due_at = each.due_at if row is None else row.due_at
        if each.day < today if due_at is None else due_at <= now:
            continue
        if row is not None and row.state is State.SKIPPED:
            found.append(Upcoming(on_date=each.on_date, due_at=None, reason=row.reason or ""))
        else:
            found.append(Upcoming(on_date=each.on_date, due_at=due_at, holiday=each.holiday))
        if sum(date.due_at is not None for date in found) == SHOWN_AHEAD:
            break
    return found


def todays(known: Mapping[date, Occurrence], today: date, zone: str) -> Occurrence | None:
    """Return what is known of today: what has begun, else what is planned, else whatever it is.

    One that was moved to today is today's as well: a ritual takes place at most once a day.
    """
    found = [
        each
        for each in known.values()
        if today in (each.on_date, local_time(each.due_at, zone).date())
    ]
    begun = (State.OPEN, State.CLOSED, State.UNSENT)
    ranks = {**dict.fromkeys(begun, 0), State.PLANNED: 1}
    return min(found, key=lambda each: ranks.get(each.state, 2), default=None)


def is_beginning(time: Occurrence, now: datetime) -> bool:
    """Whether it was begun a moment ago, so that who asks for it twice reads the same."""
    return time.state is State.OPEN and now - time.due_at < BEGINS_FOR


def posts(mode: Mode) -> int:
    """Return how many of a cohort's posts one occurrence needs: a live one is announced before."""
    return 2 if mode is Mode.LIVE else 1


def crowded(
    ahead: Iterable[tuple[Mode, Sequence[Upcoming]]], weeks: Iterable[date], *, zone: str
) -> Sequence[tuple[date, int]]:
    """Return those weeks in which rituals come to more posts than a cohort may have.

    Args:
        ahead: of every ritual, how it is held and what lies ahead.
        weeks: those that matter, by their Monday.
        zone: in which the cohort counts its weeks.
    """
    needed: Counter[date] = Counter()
    for mode, dates in ahead:
        for each in dates:
            if each.due_at is not None:
                needed[week_of(each.due_at, zone)] += posts(mode)
    return [(each, needed[each]) for each in sorted(set(weeks)) if needed[each] > COHORT_POSTS]
