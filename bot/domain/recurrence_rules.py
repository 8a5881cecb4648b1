"""Rules of recurrence: RRULE of RFC 5545, days only, and the days that each names.

dateutil reads the same rules, but cannot be given a stranger's: it looks at UNTIL only where
something matched, so a rule that never happens makes it count to the year 9999; INTERVAL=0 makes
it count for ever; weekdays with and without a number in one rule find nothing; and BYSETPOS
leaves out the days of the first week that lie before the start. The tests hold this
file against dateutil where dateutil is right.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, TypeVar

from bot.errors import InvalidAnswer, Problem

T = TypeVar("T")

LONGEST_TEXT = 200
MOST_TIMES = 1000
"""The largest COUNT."""

LARGEST_INTERVAL = 52
LOOKS_AHEAD = timedelta(days=5 * 366)
_LAST_DAY = date(9990, 12, 31)
"""No day later than this is reckoned with: the calendar of `datetime` ends soon after."""

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_PARTS = (
    "FREQ",
    "INTERVAL",
    "BYMONTH",
    "BYMONTHDAY",
    "BYDAY",
    "BYSETPOS",
    "COUNT",
    "UNTIL",
)
_NUMBER = re.compile(r"[+-]?[0-9]{1,4}")
_WEEKDAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
_DATE = re.compile(r"[0-9]{8}")


class Freq(StrEnum):
    """The period that a rule goes by."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


class ByDay(NamedTuple):
    """A weekday, perhaps only the nth of the month."""

    nth: int
    """1 to 5, or -1 to -5 from the end; 0: every one."""
    weekday: int
    """0 is Monday."""

    def __str__(self) -> str:
        return f"{self.nth or ''}{WEEKDAYS[self.weekday]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule as it was read; every value is within its bounds, each list in order."""

    freq: Freq
    interval: int = 1
    by_month: Sequence[int] = ()
    by_month_day: Sequence[int] = ()
    by_day: Sequence[ByDay] = ()
    by_set_pos: Sequence[int] = ()
    count: int | None = None
    until: date | None = None
    """The last day, if it is one of the rule."""

    def __str__(self) -> str:
        """Return the canonical text: upper case, parts in one order, nothing that says nothing."""
        values = (
            self.freq.value,
            "" if self.interval == 1 else str(self.interval),
            *(
                ",".join(map(str, each))
                for each in (self.by_month, self.by_month_day, self.by_day, self.by_set_pos)
            ),
            "" if self.count is None else str(self.count),
            "" if self.until is None else self.until.isoformat().replace("-", ""),
        )
        named = zip(_PARTS, values, strict=True)
        return ";".join(f"{name}={value}" for name, value in named if value)


@lru_cache(maxsize=1024)
def parse(text: str) -> Rule:
    """Return the rule that a text is.

    RFC 5545, section 3.3.10, without what is smaller than a day, weeks and days by their number
    in the year, and another first day of the week than Monday. A year's days are named by month.

    Raises:
        InvalidAnswer: the text is no such rule.
    """
    try:
        rule = _read(_split(text))
    except ValueError:
        raise InvalidAnswer({"rule": Problem.NOT_A_RULE}) from None
    if not _fits(rule):
        raise InvalidAnswer({"rule": Problem.NOT_A_RULE})
    return rule


def _split(text: str) -> dict[str, str]:
    if len(text) > LONGEST_TEXT or not text.isascii():
        raise ValueError
    parts: dict[str, str] = {}
    for part in text.strip().upper().removeprefix("RRULE:").split(";"):
        name, _, value = part.partition("=")
        if name not in _PARTS or name in parts or not value:
            raise ValueError
        parts[name] = value
    return parts


def _read(parts: dict[str, str]) -> Rule:
    return Rule(
        freq=Freq(parts.get("FREQ", "")),
        interval=_number(parts.get("INTERVAL", "1"), LARGEST_INTERVAL),
        by_month=_numbers(parts.get("BYMONTH"), 1, 12),
        by_month_day=_numbers(parts.get("BYMONTHDAY"), -31, 31),
        by_day=_by_day(parts.get("BYDAY")),
        by_set_pos=_numbers(parts.get("BYSETPOS"), -366, 366),
        count=_number(parts["COUNT"], MOST_TIMES) if "COUNT" in parts else None,
        until=_date(parts["UNTIL"]) if "UNTIL" in parts else None,
    )


def _numbers(text: str | None, least: int, most: int) -> Sequence[int]:
    """Return the numbers of a list, each once and in order; nought is never one."""
    if text is None:
        return ()
    return tuple(sorted({_number(each, most, least) for each in text.split(",")}))


def _number(text: str, most: int, least: int = 1) -> int:
    if _NUMBER.fullmatch(text) is None:
        raise ValueError
    number = int(text)
    if not least <= number <= most or number == 0:
        raise ValueError
    return number


def _by_day(text: str | None) -> Sequence[ByDay]:
    if text is None:
        return ()
    found = [_WEEKDAY.fullmatch(each) for each in text.split(",")]
    days = {ByDay(int(each[1] or 0), WEEKDAYS.index(each[2])) for each in found if each}
    if None in found:
        raise ValueError
    return tuple(sorted(days))


def _date(text: str) -> date:
    if _DATE.fullmatch(text) is None:
        raise ValueError
    return date.fromisoformat(text)


def _fits(rule: Rule) -> bool:
    """Whether the parts of a rule may stand together."""
    by_month_freq = rule.freq in (Freq.MONTHLY, Freq.YEARLY)
    names_days = bool(rule.by_day or rule.by_month_day)
    return (
        not (rule.count and rule.until)
        and (by_month_freq or not any(each.nth for each in rule.by_day))
        and (rule.freq is not Freq.WEEKLY or not rule.by_month_day)
        and (rule.freq is not Freq.YEARLY or not names_days or bool(rule.by_month))
        and (not rule.by_set_pos or (names_days and rule.freq is not Freq.DAILY))
    )


def days_after(rule: Rule, starts_on: date, after: date) -> Iterator[date]:
    """Return the days of a rule that come after a day, in order, at most five years ahead.

    The rule begins on `starts_on`, which counts only if the rule names it. What it costs does
    not grow with the age of a rule, except of one with a COUNT, which ends.
    """
    last = min(_LAST_DAY.toordinal(), after.toordinal() + LOOKS_AHEAD.days)
    if rule.until is not None:
        last = min(last, rule.until.toordinal())
    # What was before is of interest only where it is counted.
    first = starts_on if rule.count else max(starts_on, after)
    times = 0
    for day in _expanded(rule, starts_on, first, date.fromordinal(last)):
        if day < starts_on:
            continue
        if day.toordinal() > last:
            return
        times += 1
        if day > after:
            yield day
        if times == rule.count:
            return


def _expanded(rule: Rule, starts_on: date, first: date, last: date) -> Iterator[date]:
    """Return the days of every period of the rule from that of `first` to that of `last`."""
    start = starts_on.toordinal()
    if rule.freq is Freq.DAILY:
        for number in _every(rule.interval, start, first.toordinal(), last.toordinal()):
            yield from _of_day(rule, date.fromordinal(number))
    elif rule.freq is Freq.WEEKLY:
        start -= starts_on.weekday()
        for monday in _every(7 * rule.interval, start, first.toordinal(), last.toordinal()):
            yield from _of_week(rule, starts_on, monday)
    elif rule.freq is Freq.MONTHLY:
        for number in _every(rule.interval, *map(_month_number, (starts_on, first, last))):
            year, month = divmod(number, 12)
            yield from _at(_of_month(rule, starts_on, year, month + 1), rule.by_set_pos)
    else:
        for year in _every(rule.interval, starts_on.year, first.year, last.year):
            yield from _at(_of_year(rule, starts_on, year), rule.by_set_pos)


def _every(step: int, start: int, first: int, last: int) -> Iterable[int]:
    """Count from `start` in steps, beginning with the last one not after `first`."""
    return range(start + max(0, first - start) // step * step, last + 1, step)


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _of_day(rule: Rule, day: date) -> Sequence[date]:
    if rule.by_month and day.month not in rule.by_month:
        return ()
    if rule.by_day and ByDay(0, day.weekday()) not in rule.by_day:
        return ()
    if rule.by_month_day and day.day not in _month_days(rule, monthrange(day.year, day.month)[1]):
        return ()
    return (day,)


def _of_week(rule: Rule, starts_on: date, monday: int) -> Sequence[date]:
    weekdays = [each.weekday for each in rule.by_day] or [starts_on.weekday()]
    days = [date.fromordinal(monday + each) for each in weekdays]
    if rule.by_month:
        days = [day for day in days if day.month in rule.by_month]
    return _at(days, rule.by_set_pos)


def _of_year(rule: Rule, starts_on: date, year: int) -> Sequence[date]:
    months = rule.by_month or (starts_on.month,)
    return [day for month in months for day in _of_month(rule, starts_on, year, month)]


def _of_month(rule: Rule, starts_on: date, year: int, month: int) -> Sequence[date]:
    if rule.by_month and month not in rule.by_month:
        return ()
    weekday, length = monthrange(year, month)
    days = set(range(1, length + 1))
    if rule.by_month_day:
        days &= _month_days(rule, length)
    if rule.by_day:
        days &= {day for each in rule.by_day for day in _weekdays_of_month(each, weekday, length)}
    if not rule.by_month_day and not rule.by_day:
        days &= {starts_on.day}
    return [date(year, month, day) for day in sorted(days)]


def _month_days(rule: Rule, length: int) -> set[int]:
    return {day if day > 0 else length + 1 + day for day in rule.by_month_day}


def _weekdays_of_month(by_day: ByDay, first_weekday: int, length: int) -> Sequence[int]:
    """Return the days of a month that are such a weekday, all of them or the nth."""
    days = range(1 + (by_day.weekday - first_weekday) % 7, length + 1, 7)
    return days if by_day.nth == 0 else _at(days, (by_day.nth,))


def _at(days: Sequence[T], positions: Sequence[int]) -> Sequence[T]:
    """Return what stands at these positions, -1 being the last; all where none is named."""
    if not positions:
        return days
    indices = {each - 1 if each > 0 else len(days) + each for each in positions}
    return [days[each] for each in sorted(indices) if 0 <= each < len(days)]
