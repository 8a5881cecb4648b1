"""The rules of a ritual's rhythm, without any database."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest

from bot.domain.rhythm import announce_at, closes_at, is_too_late, not_after, upcoming
from bot.domain.rituals import LATE_AFTER, Mode, OnHoliday, Schedule

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)  # a Wednesday
FRIDAYS = Schedule(
    rule="FREQ=WEEKLY;BYDAY=FR",
    starts_on=date(2026, 11, 1),
    at_minute=900,
    zone="Europe/Berlin",
    on_holiday=OnHoliday.KEEP,
    country=None,
)


def schedule(rule: str, **more: object) -> Schedule:
    """Return Fridays' schedule with another rule."""
    given = {name: getattr(FRIDAYS, name) for name in Schedule.__slots__}
    return Schedule(**(given | {"rule": rule} | more))


def test_the_times_after_an_instant_come_in_order_without_the_days_that_are_taken() -> None:
    taken = {date(2026, 11, 27)}
    times = islice(upcoming(FRIDAYS, after=NOW, now=NOW, taken=taken), 3)
    assert [each.on_date.day for each in times] == [20, 4, 11]


def test_a_time_at_the_very_instant_is_not_after_it() -> None:
    due = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
    (next_one,) = islice(upcoming(FRIDAYS, after=due, now=due), 1)
    assert next_one.due_at == due + timedelta(days=7)
    (same,) = islice(upcoming(FRIDAYS, after=due - timedelta(microseconds=1), now=due), 1)
    assert same.due_at == due


def test_a_day_that_was_moved_behind_the_instant_still_comes() -> None:
    """25 and 26 December are holidays in Germany, the days after them a weekend."""
    moved = schedule(
        "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25", on_holiday=OnHoliday.MOVE, country="DE"
    )
    after = datetime(2026, 12, 26, 12, 0, tzinfo=UTC)
    (first,) = islice(upcoming(moved, after=after, now=after), 1)
    assert (first.on_date, first.due_at.date()) == (date(2026, 12, 25), date(2026, 12, 28))


@pytest.mark.parametrize(
    "ended",
    [
        schedule("FREQ=DAILY;COUNT=3"),
        schedule("FREQ=DAILY;UNTIL=20261110"),
        schedule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
        schedule("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25", on_holiday=OnHoliday.SKIP, country="DE"),
    ],
)
def test_a_rule_that_has_run_out_or_never_happens_ends(ended: Schedule) -> None:
    assert list(upcoming(ended, after=NOW, now=NOW)) == []


def test_a_rule_that_never_ends_is_looked_at_for_five_years_and_no_longer() -> None:
    days = list(upcoming(schedule("FREQ=DAILY"), after=NOW, now=NOW))
    assert 5 * 365 <= len(days) <= 5 * 366 + 10
    assert len({each.on_date for each in days}) == len(days)


def test_after_years_of_absence_the_next_time_is_still_found() -> None:
    back = NOW + timedelta(days=8 * 365)
    assert any(each.due_at > back for each in upcoming(FRIDAYS, after=NOW, now=back))


@pytest.mark.parametrize(
    ("minutes", "passed", "too_late"),
    [
        (None, timedelta(0), False),
        (None, timedelta(hours=2, microseconds=-1), False),
        (None, timedelta(hours=2), True),
        (15, timedelta(minutes=14), False),
        (15, timedelta(minutes=15), True),
    ],
)
def test_two_hours_later_it_is_too_late_and_for_a_live_one_when_it_would_be_over(
    minutes: int | None, passed: timedelta, *, too_late: bool
) -> None:
    assert is_too_late(NOW + passed, due_at=NOW, minutes=minutes, late=LATE_AFTER) is too_late


def test_where_the_operator_set_less_that_counts_for_a_live_one_too() -> None:
    assert not_after(NOW, minutes=20, late=timedelta(minutes=5)) == NOW + timedelta(minutes=5)


def test_a_live_one_is_announced_before_and_ends_after_its_minutes() -> None:
    soon = NOW + timedelta(minutes=5)
    assert announce_at(soon, Mode.LIVE, now=NOW) == NOW - timedelta(minutes=5)
    assert announce_at(NOW, Mode.LIVE, now=NOW) is None
    assert announce_at(soon, Mode.OPEN, now=NOW) is None
    assert closes_at(NOW, minutes=15) == NOW + timedelta(minutes=15)
    assert closes_at(NOW, minutes=None) == NOW + timedelta(days=7)
