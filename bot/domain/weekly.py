"""Rules of the weekly question: when somebody wants to be asked whether they like to check in.

Nobody is asked who has not said so. It is asked at their own time, on the clocks of where they
are or of the zone that they chose; late it is asked for a while only, and never at night unless
they chose the night.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.budget import week_of
from bot.domain.days import is_zone, local_time, minutes_of, own_day
from bot.domain.recurrence import due_at
from bot.domain.rituals import LATE_AFTER
from bot.errors import InvalidAnswer, Problem

REMINDED_AFTER_DAYS = (2, 1)
"""The reminder comes so many days after the question: the first that is still in its week."""

NIGHT_FROM, NIGHT_UNTIL = 22 * 60, 7 * 60
"""Minutes after local midnight; nobody is asked then because of a delay."""

PAUSED_FOR = timedelta(days=14)
"""What the button under the question pauses."""

FIRST_OFFERED = 10 * 60
"""The time that the form begins with."""

_LONGEST_ZONE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """When somebody wants to be asked."""

    weekday: int
    """0 for Monday."""
    at_minute: int
    """Minutes after local midnight."""
    zone: str | None
    """IANA name; None: wherever they are."""
    reminds: bool

    def clocks(self, known: str | None) -> str:
        """Return by which zone it is asked; `known` is what Slack says of where they are."""
        return next((each for each in (self.zone, known) if each and is_zone(each)), "UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What somebody has said about the weekly question."""

    wish: Wish | None = None
    """None as long as they have said nothing."""
    next_at: datetime | None = None
    """When they are asked next, by the clocks of their wish; None: not at all."""
    known_zone: str | None = None
    """Where they are, as Slack says."""
    paused_until: date | None = None
    """The first day on which they may be asked, if that is still to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What stood in the form, as far as it could be read."""

    wanted: str | None
    weekday: str | None
    time: str | None
    zone: str
    reminds: bool


def check(filled: Filled) -> Wish | None:
    """Return the wish; None for somebody who does not want to be asked.

    Raises:
        InvalidAnswer: something is missing, or is none of what can be chosen.
    """
    if filled.wanted == "no":
        return None
    problems: dict[str, Problem] = {}
    if filled.wanted != "yes":
        problems["wanted"] = Problem.NOT_A_CHOICE if filled.wanted else Problem.MISSING
    if filled.weekday is None:
        problems["weekday"] = Problem.MISSING
    elif filled.weekday not in {str(day) for day in range(7)}:
        problems["weekday"] = Problem.NOT_A_CHOICE
    minute = minutes_of(filled.time)
    if minute is None:
        problems["time"] = Problem.NOT_A_TIME if filled.time else Problem.MISSING
    zone = filled.zone.strip() or None
    if zone is not None and (len(zone) > _LONGEST_ZONE or not is_zone(zone)):
        problems["zone"] = Problem.NOT_A_ZONE
    if problems or filled.weekday is None or minute is None:
        raise InvalidAnswer(problems)
    return Wish(weekday=int(filled.weekday), at_minute=minute, zone=zone, reminds=filled.reminds)


def next_due(wish: Wish, zone: str, *, after: datetime) -> datetime:
    """Return the first instant after `after`, in UTC, at which the question is due in `zone`."""
    day = _weekday_before(wish, zone, after)
    while (due := due_at(day, wish.at_minute, zone)) <= after:
        day += timedelta(weeks=1)
    return due


def last_due(wish: Wish, zone: str, *, until: datetime) -> datetime:
    """Return the last instant up to `until`, in UTC, at which the question was due in `zone`."""
    day = _weekday_before(wish, zone, until) + timedelta(weeks=1)
    while (due := due_at(day, wish.at_minute, zone)) > until:
        day -= timedelta(weeks=1)
    return due


def reminder_at(
    wish: Wish, zone: str, asked: datetime, *, home: str | None, starts_minute: int
) -> datetime | None:
    """Return when the reminder of a question is due; None if its week leaves no day for one.

    Args:
        wish: what the person wants.
        zone: by which clocks they are asked.
        asked: when the question was due.
        home: where the person is; with `starts_minute` it says which week that is.
        starts_minute: when their own days begin.
    """
    if not wish.reminds:
        return None
    week = week_of(asked, home, starts_minute=starts_minute)
    for days in REMINDED_AFTER_DAYS:
        day = local_time(asked, zone).date() + timedelta(days=days)
        due = due_at(day, wish.at_minute, zone)
        if week_of(due, home, starts_minute=starts_minute) == week:
            return due
    return None


def is_timely(now: datetime, due: datetime, zone: str) -> bool:
    """Whether what was due may still be said: not too late, and not at night for being late."""
    if not due <= now <= due + LATE_AFTER:
        return False
    return _is_night(due, zone) or not _is_night(now, zone)


def moved(instant: datetime, *, wish: Wish, before: str, after: str) -> datetime:
    """Return when something is due on the same day in another zone."""
    return due_at(local_time(instant, before).date(), wish.at_minute, after)


def pause_end(paused_until: date | None, now: datetime, *, zone: str | None, starts: int) -> date:
    """Return until when somebody pauses who presses the button; never sooner than before."""
    end = own_day(now, zone=zone, starts_minute=starts) + PAUSED_FOR
    return max(end, paused_until or end)


def _weekday_before(wish: Wish, zone: str, instant: datetime) -> date:
    """Return such a weekday of the week that ends with the day of `instant` there."""
    today = local_time(instant, zone).date()
    return today - timedelta(days=(today.weekday() - wish.weekday) % 7)


def _is_night(instant: datetime, zone: str) -> bool:
    local = local_time(instant, zone)
    return not NIGHT_UNTIL <= 60 * local.hour + local.minute < NIGHT_FROM
