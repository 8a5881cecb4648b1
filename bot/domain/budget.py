"""The one prompt budget: how often Hearth speaks first, over all its features.

Promised to everybody: one prompt and one reminder a week for a person, three posts a week in a
cohort's channel. What follows a worry for somebody's safety, and what belongs to a duty that
somebody has accepted, is not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.days import own_day
from bot.domain.delivery import Kind

PROMPTS = 1
REMINDERS = 1
"""A week, for a person."""

COHORT_POSTS = 3
"""A week, in a cohort's channel."""

KEPT_FOR = timedelta(weeks=13)
"""How long it is remembered what was used."""


class Sort(StrEnum):
    """What is said."""

    PROMPT = "prompt"
    REMINDER = "reminder"
    """Of a prompt in the same week."""


class Counts(StrEnum):
    """As what a delivery counts."""

    PROMPT = "prompt"
    """It speaks first, and asks for something."""
    REMINDER = "reminder"
    """It asks for the same once more, in the same week."""
    POST = "post"
    """A post in a cohort's channel; reserved when the occurrence is planned."""
    ANSWER = "answer"
    """It follows what its reader has done, or tells of what is theirs, and asks for nothing."""
    DUTY = "duty"
    """It belongs to a role or a duty that its reader has accepted."""
    COLLEAGUE = "colleague"
    """A colleague's act, not Hearth's: shown in a channel, or passed on, once a day at most."""
    IN_PLACE = "in place"
    """It stands in a channel for good or in a thread, and calls nobody."""


COUNTS: Mapping[Kind, Counts] = {
    Kind.WEEKLY_CHECKIN: Counts.PROMPT,
    Kind.WEEKLY_REMINDER: Counts.REMINDER,
    Kind.RITUAL_TURN: Counts.PROMPT,
    Kind.RITUAL: Counts.POST,
    Kind.RITUAL_SOON: Counts.POST,
    Kind.RITUAL_THANKS: Counts.IN_PLACE,
    Kind.NOTICE: Counts.IN_PLACE,
    Kind.SHARE: Counts.COLLEAGUE,
    Kind.KIND_WORD: Counts.COLLEAGUE,
    Kind.SUPPORT_SUGGESTED: Counts.COLLEAGUE,
    Kind.SHARE_UNSENT: Counts.ANSWER,
    Kind.EXPORT: Counts.ANSWER,
    Kind.EXPORT_UNSENT: Counts.ANSWER,
    Kind.RETURNED: Counts.ANSWER,
    Kind.NOW_A_GUEST: Counts.ANSWER,
    Kind.TURNED_AWAY: Counts.ANSWER,
    Kind.COHORT_HALTED: Counts.ANSWER,
    Kind.INVITATION: Counts.ANSWER,
    Kind.INVITED: Counts.ANSWER,
    Kind.SUPPORT_OFFER: Counts.ANSWER,
    Kind.LET_OFF: Counts.DUTY,
    Kind.ROLE: Counts.DUTY,
    Kind.ROLE_ENDED: Counts.DUTY,
    Kind.LINES_DUE: Counts.DUTY,
    Kind.NEWS: Counts.DUTY,
}
"""Everything that Hearth says, with what it counts as. What is new has to stand here."""


_LIMITS = {Sort.PROMPT: PROMPTS, Sort.REMINDER: REMINDERS}
_SORTS = {Counts.PROMPT: Sort.PROMPT, Counts.REMINDER: Sort.REMINDER}


@dataclass(frozen=True, slots=True)
class Said:
    """One prompt or reminder that a person has had."""

    week: date
    """Monday of the week in which it was counted."""
    sort: Sort
    at: datetime


def sort_of(kind: Kind) -> Sort | None:
    """Return what is counted for a person when this is said; None where nothing is.

    Exempt are an accepted duty and whatever follows a worry for somebody's safety.
    """
    return _SORTS.get(COUNTS[kind])


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
