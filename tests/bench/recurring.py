"""How fast it is known when a ritual comes round next, beside bare dateutil and zoneinfo.

dateutil gets rules that are parsed already, and knows no holidays and no gap in the clocks. It
counts from the first day on, so that old rituals cost it more; new ones are where it is best.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from statistics import median
from time import perf_counter
from typing import TypeVar
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rruleset, rrulestr

from bot.domain.recurrence import monthly, occurrences, weekly
from bot.domain.rituals import OnHoliday, Schedule
from tests.bench.result import Result, WrongAnswer

T = TypeVar("T")

RITUALS = 2000
ROUNDS = 7
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "UTC")
RULES = (weekly([4]), weekly([0, 3]), weekly([2], 2), monthly(1, 2), monthly(4, -1))
HOLIDAYS = (OnHoliday.KEEP, OnHoliday.SKIP)
TODAY = date(2026, 11, 22)
AGES = {"new": 28, "old": 1000}
"""Days within which the rituals came round for the first time."""

MOST_HOLIDAYS = 5
"""So many in a row are looked past."""


@dataclass(frozen=True, slots=True)
class Bare:
    """The same ritual for dateutil."""

    rule: rrule | rruleset
    zone: ZoneInfo


async def next_due() -> AsyncIterator[Result]:
    """Measure how many rituals a second can be planned, and how many dateutil does."""
    for age, days in AGES.items():
        print(f"\nNext due of {RITUALS} rituals that began within {days} days, a second")
        schedules = _schedules(days)
        bare = [_bare(each) for each in schedules]
        _check_same(schedules, bare)
        print(f"  {'round':>5} {'dateutil':>9} {'ours':>9} {'ratio':>6}")
        pairs = [
            (_a_second(_theirs, bare), _a_second(_ours, schedules)) for _ in range(ROUNDS + 1)
        ][1:]  # the first was for warming up
        for number, (theirs, ours) in enumerate(pairs, start=1):
            print(f"  {number:>5} {theirs:>9.0f} {ours:>9.0f} {ours / theirs:>6.2f}")
        value = median(ours for _, ours in pairs)
        yield Result(name=f"recurring-next-due-{age}", value=value, unit="rituals/s")
        yield Result(
            name=f"recurring-next-due-{age}-ratio",
            value=median(ours / theirs for theirs, ours in pairs),
            unit="ratio",
            floor=1.0,
            goal=1.5,
            more_is_better=True,
        )


def _schedules(oldest: int) -> Sequence[Schedule]:
    """Return rituals of every kind in turn, the ages spread evenly."""
    kinds = list(product(RULES, ZONES, HOLIDAYS))
    return [
        Schedule(
            rule=kinds[number % len(kinds)][0],
            starts_on=TODAY - timedelta(days=number * oldest // RITUALS),
            at_minute=9 * 60 + number % 480,
            zone=kinds[number % len(kinds)][1],
            on_holiday=kinds[number % len(kinds)][2],
            country="DE",
        )
        for number in range(RITUALS)
    ]


def _bare(schedule: Schedule) -> Bare:
    at = time(*divmod(schedule.at_minute, 60))
    # dateutil reckons in the time on the wall; the zone comes last.
    start = datetime.combine(schedule.starts_on, at)
    return Bare(rrulestr(schedule.rule, dtstart=start), ZoneInfo(schedule.zone))


def _ours(schedule: Schedule) -> datetime | None:
    coming = occurrences(schedule, after=TODAY, limit=1)
    if coming and coming[0].due_at is None:
        coming = occurrences(schedule, after=TODAY, limit=MOST_HOLIDAYS)
    return next((each.due_at for each in coming if each.due_at is not None), None)


def _theirs(bare: Bare) -> datetime | None:
    wall = bare.rule.after(datetime.combine(TODAY, time.max))
    return None if wall is None else wall.replace(tzinfo=bare.zone).astimezone(UTC)


def _check_same(schedules: Sequence[Schedule], bare: Sequence[Bare]) -> None:
    """Hold both sides to the same answer; what the holidays change is not asked for here."""
    for schedule, each in zip(schedules, bare, strict=True):
        if _ours(replace(schedule, on_holiday=OnHoliday.KEEP)) != _theirs(each):
            raise WrongAnswer(f"{schedule.rule} from {schedule.starts_on} on is due at two times")


def _a_second(work: Callable[[T], object], items: Sequence[T]) -> float:
    started_at = perf_counter()
    for item in items:
        work(item)
    return len(items) / (perf_counter() - started_at)
