"""A schedule in plain English."""

from __future__ import annotations

from calendar import day_name, month_name
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.domain.public_holidays import knows_holidays
from bot.domain.recurrence_rules import ByDay, Freq, Rule, days_after, parse
from bot.domain.rituals import OnHoliday, Schedule

_NUMBERS = ("", "", "", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ORDINALS = ("", "first", "second", "third", "fourth", "fifth")
_UNITS = {Freq.DAILY: "day", Freq.WEEKLY: "week", Freq.MONTHLY: "month", Freq.YEARLY: "year"}
_HOLIDAYS = {
    OnHoliday.SKIP: "not on public holidays{place}",
    OnHoliday.MOVE: "moved to the next working day on public holidays{place}",
}


def describe(schedule: Schedule, country: str | None = None) -> str:
    """Say when a schedule comes round, as the middle of a sentence: no capital, no full stop.

    "every Friday at 15:00, Berlin time, five times; not on public holidays in Germany"

    Args:
        schedule: one that `bot.domain.recurrence.check` lets pass.
        country: the name of its country, with the article if it has one; without it the words
            leave open whose holidays they are.

    Raises:
        InvalidAnswer: its rule is none.
    """
    rule = parse(schedule.rule)
    hour, minute = divmod(schedule.at_minute, 60)
    words = f"{_when(rule, schedule.starts_on)} at {hour:02}:{minute:02}, {_clock(schedule.zone)}"
    if rule.until is not None:
        words += f", until {_date(rule.until)}"
    elif rule.count is not None and rule.count > 1:
        words += f", {_times(rule.count)}"
    return words + _around_holidays(schedule, country)


def _around_holidays(schedule: Schedule, country: str | None) -> str:
    if schedule.on_holiday is OnHoliday.KEEP or schedule.country is None:
        return ""
    if not knows_holidays(schedule.country):
        return ""
    return "; " + _HOLIDAYS[schedule.on_holiday].format(place=f" in {country}" if country else "")


def _when(rule: Rule, starts_on: date) -> str:
    if rule.count == 1:
        before = date.fromordinal(max(1, starts_on.toordinal() - 1))
        day = next(days_after(rule, starts_on, before), starts_on)
        return f"once, on {day_name[day.weekday()]} {_date(day)},"
    only = f"only in {_months(rule.by_month)}" if rule.by_month else ""
    if rule.freq is Freq.DAILY:
        return _daily(rule, only)
    if rule.freq is Freq.WEEKLY:
        return _but(_weekly(rule, starts_on), only)
    if not rule.by_day and not rule.by_month_day:
        rule = replace(rule, by_month_day=(starts_on.day,))
    words = f"{_every(rule)} on {_days_of_month(rule)}"
    if rule.freq is Freq.MONTHLY:
        return _but(words, _if_weekday(rule), only)
    months = _months(rule.by_month or (starts_on.month,))
    return _but(f"{words} of {months}", _if_weekday(rule))


def _but(words: str, *clauses: str) -> str:
    """Add what narrows the words down, and a comma after it."""
    return f"{', '.join([words, *filter(None, clauses)])}," if any(clauses) else words


def _daily(rule: Rule, only: str) -> str:
    if rule.interval == 1 and rule.by_day and not rule.by_month_day:
        return _but(_each(rule.by_day), only)
    numbers = f"if it is {_or(list(map(_the, rule.by_month_day)))}" if rule.by_month_day else ""
    return _but(_every(rule), numbers, _if_weekday(rule, always=True), only)


def _weekly(rule: Rule, starts_on: date) -> str:
    by_day = rule.by_day or (ByDay(0, starts_on.weekday()),)
    if rule.by_set_pos:
        return f"{_every(rule)} on {_positions(rule, _weekdays(by_day, 'or'))}"
    if rule.interval == 1:
        return _each(by_day)
    return f"{_every(rule)} on {_weekdays(by_day, 'and')}"


def _each(by_day: Sequence[ByDay]) -> str:
    if len(by_day) == len(day_name):
        return "every day"
    if [each.weekday for each in by_day] == [0, 1, 2, 3, 4]:
        return f"every day from {day_name[0]} to {day_name[4]}"
    return f"every {_weekdays(by_day, 'and')}"


def _if_weekday(rule: Rule, *, always: bool = False) -> str:
    """Say that days which are named by their number have to be some weekday, too."""
    if not rule.by_day or not (rule.by_month_day or always):
        return ""
    return f"if it is {_or([_weekday(each, 'a') for each in rule.by_day])}"


def _days_of_month(rule: Rule) -> str:
    numbers = list(map(_the, rule.by_month_day))
    if rule.by_set_pos and not numbers and not any(each.nth for each in rule.by_day):
        return _positions(rule, _weekdays(rule.by_day, "or"))
    days = numbers or [_weekday(each, "every") for each in rule.by_day]
    if rule.by_set_pos:
        return f"{_positions(rule, 'of these days')}: {_or(days)}"
    return _and(days)


def _positions(rule: Rule, of: str) -> str:
    return f"the {_and(list(map(_ordinal, rule.by_set_pos)))} {of}"


def _weekday(by_day: ByDay, article: str) -> str:
    article = f"the {_ordinal(by_day.nth)}" if by_day.nth else article
    return f"{article} {day_name[by_day.weekday]}"


def _weekdays(by_day: Sequence[ByDay], joined: str) -> str:
    return _joined([day_name[each.weekday] for each in by_day], joined)


def _every(rule: Rule) -> str:
    unit = _UNITS[rule.freq]
    return f"every {unit}" if rule.interval == 1 else f"every {rule.interval} {unit}s"


def _months(months: Sequence[int]) -> str:
    return _and([month_name[each] for each in months])


def _the(day: int) -> str:
    """Name a day of the month by its number, from the end if that is below nought."""
    return f"the {_numbered(day)}" if day > 0 else f"the {_ordinal(day)} day"


def _ordinal(number: int) -> str:
    if number == -1:
        return "last"
    if number < 0:
        return f"{_ordinal(-number)} to last"
    return _ORDINALS[number] if number < len(_ORDINALS) else _numbered(number)


def _numbered(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ending}"


def _times(count: int) -> str:
    if count == 2:
        return "twice"
    return f"{_NUMBERS[count] if count < len(_NUMBERS) else count} times"


def _clock(zone: str) -> str:
    """Name a zone by its town; what has none is left as it is."""
    area, _, town = zone.rpartition("/")
    return f"{town.replace('_', ' ')} time" if area not in ("", "Etc") else town


def _date(day: date) -> str:
    return f"{day.day} {month_name[day.month]} {day.year}"


def _and(words: Sequence[str]) -> str:
    return _joined(words, "and")


def _or(words: Sequence[str]) -> str:
    return _joined(words, "or")


def _joined(words: Sequence[str], joined: str) -> str:
    *others, last = words
    return f"{', '.join(others)} {joined} {last}" if others else last
