"""Dates and lengths of time in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.domain.days import local_time

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def long_date(day: date) -> str:
    """Return for instance "Sunday 22 November"; the same on every machine's locale."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def full_date(day: date) -> str:
    """Return for instance "Thursday 31 December 2026"; for days that may lie in another year."""
    return f"{long_date(day)} {day.year}"


def short_date(day: date) -> str:
    """Return for instance "22 Nov"."""
    return f"{day.day} {_MONTHS[day.month - 1][:3]}"


def date_with_year(day: date) -> str:
    """Return for instance "22 Nov 2026"."""
    return f"{short_date(day)} {day.year}"


def weekdays(days: Sequence[int]) -> str:
    """Return for instance "Monday to Friday", or "Monday, Wednesday"; 0 is Monday."""
    names = [_DAYS[day] for day in days]
    in_a_row = list(days) == list(range(days[0], days[0] + len(days))) if days else False
    return f"{names[0]} to {names[-1]}" if in_a_row and len(days) > 2 else ", ".join(names)


def clock_time(instant: datetime) -> str:
    """Return the wall time of an instant that is already in the person's zone."""
    return f"{instant:%H:%M}"


def in_own_time(instant: datetime, zone: str) -> str:
    """Return a time that Slack shows each reader by their own clock; elsewhere by `zone`'s."""
    place = zone.rsplit("/", 1)[-1].replace("_", " ")
    named = f"{clock_time(local_time(instant, zone))} {place}"
    if "/" in zone:
        named += " time"
    return f"<!date^{int(instant.timestamp())}^{{time}}|{named}>"


def day_in_own_time(instant: datetime, zone: str | None) -> str:
    """Return a day and a time that Slack shows by the reader's clock; elsewhere by `zone`'s."""
    local = local_time(instant, zone)
    named = f"{long_date(local.date())}, {clock_time(local)}"
    return f"<!date^{int(instant.timestamp())}^{{date_long}} at {{time}}|{named}>"


def minutes_as_clock(minutes: int) -> str:
    """Return minutes after midnight as a wall time, for instance "05:00"."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def length(days: int) -> str:
    """Return a number of days as a person thinks of it: in months, rounded down, from two on."""
    whole = int(days / 30.44)
    if whole >= 2:
        return f"{whole} months"
    return "1 day" if days == 1 else f"{days} days"
