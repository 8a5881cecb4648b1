"""Rules of a ritual's rhythm: which time comes next, and when it is too late for one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.recurrence import occurrences
from bot.domain.rituals import ANNOUNCED_BEFORE, OPEN_FOR, Mode, OnHoliday, Schedule

ASKED_BEFORE = timedelta(days=1)
"""How long before it begins the rota is asked who would hold it."""

MISSED_KEPT = 60
"""So many of the times that Hearth was away are remembered, the latest."""

_AT_ONCE = 8
_AHEAD = timedelta(days=5 * 366)
_MOVED = timedelta(days=31)
"""A day that was moved takes place at most so much later."""


@dataclass(frozen=True, slots=True)
class Time:
    """One time that a ritual comes round."""

    on_date: date
    """The day by the rule."""
    due_at: datetime


def upcoming(
    schedule: Schedule, *, after: datetime, now: datetime, taken: Collection[date] = ()
) -> Iterator[Time]:
    """Give the times that come after an instant, in order, but for the days that are taken.

    It ends where the rule does, and five years ahead.

    Raises:
        InvalidAnswer: there is no such rule or zone.
    """
    back = _MOVED if schedule.on_holiday is OnHoliday.MOVE else timedelta(days=2)
    since, last = after.date() - back, max(after, now).date() + _AHEAD
    while since < last:
        found = occurrences(schedule, after=since, limit=_AT_ONCE)
        for each in found:
            since = each.on_date
            if each.due_at is not None and each.due_at > after and each.on_date not in taken:
                yield Time(each.on_date, each.due_at)
        if len(found) < _AT_ONCE:
            return


def is_too_late(now: datetime, *, due_at: datetime, minutes: int | None, late: timedelta) -> bool:
    """Whether nothing is posted any more; for a live ritual that is so once it would be over."""
    return now >= not_after(due_at, minutes=minutes, late=late)


def not_after(due_at: datetime, *, minutes: int | None, late: timedelta) -> datetime:
    """Return the instant from which on it is too late.

    Args:
        due_at: when it was to take place.
        minutes: how long a live one takes.
        late: how late one that is not live may be.
    """
    return due_at + (late if minutes is None else min(late, timedelta(minutes=minutes)))


def closes_at(due_at: datetime, *, minutes: int | None) -> datetime:
    """Return when it is over."""
    return due_at + (OPEN_FOR if minutes is None else timedelta(minutes=minutes))


def announce_at(due_at: datetime, mode: Mode, *, now: datetime) -> datetime | None:
    """Return when it is announced; None for what is not, or would be only as it begins."""
    return due_at - ANNOUNCED_BEFORE if mode is Mode.LIVE and now < due_at else None
