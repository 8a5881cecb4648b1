"""When something that comes round comes round: by a rule, in a zone, around public holidays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

from bot.domain.days import MINUTES_A_DAY, is_zone
from bot.domain.public_holidays import holiday, knows_holidays
from bot.domain.recurrence_rules import WEEKDAYS, ByDay, Freq, Rule, days_after, parse
from bot.domain.recurrence_words import describe
from bot.domain.rituals import OnHoliday, Schedule
from bot.errors import InvalidAnswer, Problem

__all__ = [
    "Coming",
    "check",
    "describe",
    "due_at",
    "knows_holidays",
    "monthly",
    "occurrences",
    "once",
    "read",
    "weekly",
]

_FURTHEST_MOVE = 30
"""Days; no row of holidays is longer."""

_ENOUGH = 20
"""So many times in a row that fall on holidays, and it never takes place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """One time that a rule names."""

    on_date: date
    """The day by the rule; it names the occurrence."""
    day: date
    """The day on which it takes place: a later one where it was moved."""
    due_at: datetime | None
    """UTC; None where it does not take place because of a holiday."""
    holiday: str | None
    """The holiday, in English, that it was skipped or moved for."""


def read(text: str) -> str:
    """Return the canonical text of an RRULE.

    Raises:
        InvalidAnswer: it is none that can be kept; see `bot.domain.recurrence_rules.parse`.
    """
    return str(parse(text))


def weekly(
    days: Sequence[int], every: int = 1, *, count: int | None = None, until: date | None = None
) -> str:
    """Return the rule for some days of the week (0 is Monday), every so many weeks.

    Raises:
        InvalidAnswer: there are no such days, or it is not between 1 and 52 weeks.
    """
    if not days or not set(days) <= set(range(7)):
        raise InvalidAnswer({"rule": Problem.NOT_A_RULE})
    by_day = tuple(ByDay(0, each) for each in sorted(set(days)))
    return _kept(Rule(freq=Freq.WEEKLY, interval=every, by_day=by_day, count=count, until=until))


def monthly(
    weekday: int, nth: int, every: int = 1, *, count: int | None = None, until: date | None = None
) -> str:
    """Return the rule for the nth weekday (0 is Monday) of a month; -1 is the last.

    Raises:
        InvalidAnswer: there is no such weekday, or not in every month.
    """
    if weekday not in range(len(WEEKDAYS)) or nth not in (1, 2, 3, 4, -1):
        raise InvalidAnswer({"rule": Problem.NOT_A_RULE})
    by_day = (ByDay(nth, weekday),)
    return _kept(Rule(freq=Freq.MONTHLY, interval=every, by_day=by_day, count=count, until=until))


def once() -> str:
    """Return the rule for the first day and no other."""
    return str(Rule(freq=Freq.DAILY, count=1))


def check(schedule: Schedule) -> None:
    """Hold a schedule to be one that can be kept.

    Raises:
        InvalidAnswer: there is no such rule, zone or time of day, or it takes place on no day
            of the first five years.
    """
    problems = {}
    if not is_zone(schedule.zone):
        problems["zone"] = Problem.NOT_A_ZONE
    if schedule.at_minute not in range(MINUTES_A_DAY):
        problems["at_minute"] = Problem.NOT_A_TIME
    try:
        parse(schedule.rule)
    except InvalidAnswer as error:
        problems.update(error.problems)
    if problems:
        raise InvalidAnswer(problems)
    before = date.fromordinal(max(1, schedule.starts_on.toordinal() - 1))
    if not any(each.due_at for each in occurrences(schedule, after=before, limit=_ENOUGH)):
        raise InvalidAnswer({"rule": Problem.NEVER_HAPPENS})


def occurrences(schedule: Schedule, *, after: date, limit: int) -> Sequence[Coming]:
    """Return what comes after a day by the rule, in order: at most `limit`, within five years.

    What does not take place because of a holiday is among them. No two take place on one day,
    and none after the next one: what cannot be moved without that is skipped.

    Raises:
        InvalidAnswer: there is no such rule or zone.
    """
    rule = parse(schedule.rule)
    days = days_after(rule, schedule.starts_on, after)
    return tuple(_coming(schedule, rule, day) for day in islice(days, max(0, limit)))


def due_at(day: date, minute: int, zone: str) -> datetime:
    """Return the instant, in UTC, at which clocks in `zone` show a minute of a day.

    Where clocks skip that time, it is the first minute after the gap; where they show it twice,
    it is the first time.

    Args:
        day: the day on the calendar there.
        minute: minutes after midnight, as clocks show them: 0 to 1439.
        zone: IANA name.

    Raises:
        InvalidAnswer: there is no such zone.
    """
    wall = datetime.combine(day, time(minute // 60, minute % 60), _zone(zone))
    before, after = wall.utcoffset(), wall.replace(fold=1).utcoffset()
    if before is None or after is None or after <= before:
        return wall.astimezone(UTC)
    return _first_after_gap(wall, before)


def _first_after_gap(wall: datetime, before: timedelta) -> datetime:
    """Return the first minute for which another offset holds than before the gap around `wall`.

    PEP 495: what the clocks skip is told by the offset before (fold=0), which gives an instant
    after the change, or by the one after (fold=1), which gives one before it.
    """
    early = wall.replace(fold=1).astimezone(UTC)
    minutes = int((wall.astimezone(UTC) - early) / timedelta(minutes=1))
    low, high = 0, minutes
    while high - low > 1:
        middle = (low + high) // 2
        instant = early + timedelta(minutes=middle)
        if instant.astimezone(wall.tzinfo).utcoffset() == before:
            low = middle
        else:
            high = middle
    return early + timedelta(minutes=high)


def _coming(schedule: Schedule, rule: Rule, on_date: date) -> Coming:
    name, day = None, on_date
    if schedule.on_holiday is not OnHoliday.KEEP:
        name = holiday(schedule.country, on_date)
    if name is not None:
        moved = _moved(schedule, rule, on_date)
        if moved is None:
            return Coming(on_date=on_date, day=on_date, due_at=None, holiday=name)
        day = moved
    due = due_at(day, schedule.at_minute, schedule.zone)
    return Coming(on_date=on_date, day=day, due_at=due, holiday=name)


def _moved(schedule: Schedule, rule: Rule, on_date: date) -> date | None:
    """Return the next day that is no holiday and no weekend, unless the rule is quicker."""
    if schedule.on_holiday is not OnHoliday.MOVE:
        return None
    following = next(days_after(rule, schedule.starts_on, on_date), date.max)
    for later in range(1, _FURTHEST_MOVE + 1):
        day = on_date + timedelta(days=later)
        if day >= following:
            return None
        if day.weekday() < 5 and holiday(schedule.country, day) is None:
            return day
    return None


def _kept(rule: Rule) -> str:
    return read(str(rule))


@lru_cache(maxsize=128)
def _zone(name: str) -> ZoneInfo:
    if not is_zone(name):
        raise InvalidAnswer({"zone": Problem.NOT_A_ZONE})
    return ZoneInfo(name)
