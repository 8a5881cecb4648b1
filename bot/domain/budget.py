"""The one prompt budget: how often Hearth speaks first, over all its features.

Promised to everybody: one prompt and one reminder a week for a person, three posts a week in a
cohort's channel. What follows a worry for somebody's safety, and what belongs to a duty that
somebody has accepted, is not counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.days import own_day

PROMPTS = 1
REMINDERS = 1
"""A week, for a person."""

COHORT_POSTS = 3
"""A week, in a cohort's channel."""

KEPT_FOR = timedelta(weeks=13)
"""How long it is remembered what was used."""


class Feature(StrEnum):
    """What speaks first."""

    WEEKLY_CHECKIN = "weekly_checkin"
    ROTA = "rota"
    """Whether somebody can hold a ritual."""
    SAFETY = "safety"
    """What follows a worry for somebody's safety."""
    DUTY = "duty"
    """What belongs to a duty that the person has accepted."""


class Sort(StrEnum):
    """What is said."""

    PROMPT = "prompt"
    REMINDER = "reminder"
    """Of a prompt in the same week."""


_LIMITS = {Sort.PROMPT: PROMPTS, Sort.REMINDER: REMINDERS}
_EXEMPT = {Feature.SAFETY, Feature.DUTY}


@dataclass(frozen=True, slots=True)
class Said:
    """One prompt or reminder that a person has had."""

    week: date
    """Monday of the week in which it was counted."""
    sort: Sort
    at: datetime


def is_exempt(feature: Feature) -> bool:
    """Whether it may always speak, and is not counted."""
    return feature in _EXEMPT


def week_of(instant: datetime, zone: str | None, *, starts_minute: int = 0) -> date:
    """Return the Monday of the week that `instant` belongs to in `zone`.

    Args:
        instant: an aware one.
        zone: IANA name; None and an unknown one are taken as UTC.
        starts_minute: when the days there begin, for a person's own days.
    """
    day = own_day(instant, zone=zone, starts_minute=starts_minute)
    return day - timedelta(days=day.weekday())


def week_with_room(
    sort: Sort, said: Iterable[Said], *, now: datetime, zone: str | None, starts_minute: int
) -> date | None:
    """Return the week in which it may be said now and is to be counted, or None.

    Somebody who travels sees the same moment in another week. What was said counts in the week
    in which it was counted then, and in the one that it belongs to where they are now: so no
    week of theirs has two, whichever way they travel.

    Args:
        sort: what is to be said.
        said: what the person has had before; what is older than two weeks makes no difference.
        now: the present instant.
        zone: where the person is now.
        starts_minute: when their own days begin.
    """
    week = week_of(now, zone, starts_minute=starts_minute)
    sorts = [
        each.sort
        for each in said
        if week in (each.week, week_of(each.at, zone, starts_minute=starts_minute))
    ]
    if sorts.count(sort) >= _LIMITS[sort]:
        return None
    if sort is Sort.REMINDER and Sort.PROMPT not in sorts:
        return None
    return week


def room(used: int) -> int:
    """Return how many posts a cohort's week has left."""
    return max(0, COHORT_POSTS - used)
