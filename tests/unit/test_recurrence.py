"""When something comes round: rules as text, instants in a zone, and what becomes of holidays."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.public_holidays import holiday, knows_holidays
from bot.domain.recurrence import check, due_at, monthly, occurrences, once, read, weekly
from bot.domain.rituals import OnHoliday, Schedule
from bot.errors import InvalidAnswer, Problem

FRIDAYS = Schedule(
    rule=weekly([4]),
    starts_on=date(2026, 11, 27),  # a Friday
    at_minute=15 * 60,
    zone="Europe/Berlin",
    on_holiday=OnHoliday.KEEP,
    country="DE",
)
BEFORE = date(2026, 11, 26)

HOSTILE = [
    "",
    ";",
    "=",
    "FREQ",
    "FREQ=",
    "every friday",
    "FREQ=HOURLY",
    "FREQ=MINUTELY;INTERVAL=1440",
    "FREQ=SECONDLY",
    "FREQ=FORTNIGHTLY",
    "FREQ=WEEKLY;",
    "FREQ=WEEKLY;FREQ=DAILY",
    "FREQ=WEEKLY;INTERVAL=0",
    "FREQ=WEEKLY;INTERVAL=-1",
    "FREQ=WEEKLY;INTERVAL=53",
    "FREQ=WEEKLY;INTERVAL=1e9",
    "FREQ=WEEKLY;INTERVAL=99999999999999999999",
    "FREQ=WEEKLY;INTERVAL=",
    "FREQ=WEEKLY;COUNT=0",
    "FREQ=WEEKLY;COUNT=1001",
    "FREQ=WEEKLY;COUNT=5;UNTIL=20270101",
    "FREQ=WEEKLY;UNTIL=20270230",
    "FREQ=WEEKLY;UNTIL=20270101T000000Z",
    "FREQ=WEEKLY;UNTIL=2027-W01",
    "FREQ=WEEKLY;UNTIL=00000000",
    "FREQ=WEEKLY;BYDAY=FRIDAY",
    "FREQ=WEEKLY;BYDAY=FR,",
    "FREQ=WEEKLY;BYDAY=2FR",
    "FREQ=WEEKLY;BYMONTHDAY=13",
    "FREQ=WEEKLY;BYSETPOS=1",
    "FREQ=WEEKLY;WKST=SU",
    "FREQ=WEEKLY;BYHOUR=9",
    "FREQ=WEEKLY;BYMONTH=13",
    "FREQ=WEEKLY;BYMONTH=0",
    "FREQ=DAILY;BYDAY=1MO",
    "FREQ=DAILY;BYDAY=MO;BYSETPOS=1",
    "FREQ=MONTHLY;BYDAY=0MO",
    "FREQ=MONTHLY;BYDAY=6MO",
    "FREQ=MONTHLY;BYMONTHDAY=0",
    "FREQ=MONTHLY;BYMONTHDAY=32",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=367",
    "FREQ=YEARLY;BYMONTHDAY=13",
    "FREQ=YEARLY;BYDAY=20MO",
    "FREQ=YEARLY;BYWEEKNO=20",
    "FREQ=YEARLY;BYYEARDAY=100",
    "FREQ=YEARLY;BYEASTER=0",
    "FREQ=WEEKLY;INTERVAL=٣",  # a three of another script
    "FREQ=WEEKLY;INTERVAL=\uff13",
    "FREQ=DAıLY",  # its capital would be an I
    "FREQ=WEEKLY\x00",
    "FREQ=WEEKLY\nRRULE:FREQ=DAILY",
    "DTSTART:20260101T000000\nFREQ=WEEKLY",
    " " * 201 + "FREQ=WEEKLY",
    "FREQ=WEEKLY;BYDAY=" + "MO," * 3327 + "MO",
    "9" * 10_000,
    "FREQ=MONTHLY;BYMONTHDAY=" + ",".join("1" * 90),
]

READ = {
    "FREQ=WEEKLY;BYDAY=FR": "FREQ=WEEKLY;BYDAY=FR",
    " rrule:byday=fr,mo,fr;interval=1;freq=weekly\n": "FREQ=WEEKLY;BYDAY=MO,FR",
    "FREQ=MONTHLY;BYDAY=+2TU,-1FR;INTERVAL=02": "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR,2TU",
    "UNTIL=20270312;FREQ=DAILY;BYMONTH=12,1": "FREQ=DAILY;BYMONTH=1,12;UNTIL=20270312",
    "FREQ=DAILY;UNTIL=09990101": "FREQ=DAILY;UNTIL=09990101",
    "BYSETPOS=-1;BYDAY=MO;FREQ=MONTHLY;COUNT=1000": (
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-1;COUNT=1000"
    ),
}

NEVER = [
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
    "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=-31",
    "FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=20",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6",
    "FREQ=MONTHLY;INTERVAL=12;BYMONTH=10",
    "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=31",
    "FREQ=YEARLY;INTERVAL=52;BYMONTH=1",
    "FREQ=WEEKLY;UNTIL=20261126",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:40]))
def test_a_text_that_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(InvalidAnswer) as refused:
        read(text)
    assert refused.value.problems == {"rule": Problem.NOT_A_RULE}


@pytest.mark.parametrize(("text", "canonical"), READ.items())
def test_a_rule_is_kept_in_one_way_of_writing(text: str, canonical: str) -> None:
    assert read(text) == canonical
    assert read(canonical) == canonical


def test_rules_are_built_as_they_are_read() -> None:
    assert once() == read("FREQ=DAILY;COUNT=1")
    assert weekly([4, 0, 4], 2, count=3) == read("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=3")
    assert monthly(1, -1, until=date(2027, 3, 12)) == "FREQ=MONTHLY;BYDAY=-1TU;UNTIL=20270312"


@pytest.mark.parametrize(("days", "every"), [([], 1), ([7], 1), ([-1], 1), ([0], 0), ([0], 53)])
def test_no_rule_is_built_of_weekdays_or_weeks_that_there_are_not(
    days: list[int], every: int
) -> None:
    with pytest.raises(InvalidAnswer):
        weekly(days, every)


@pytest.mark.parametrize(("weekday", "nth"), [(7, 1), (-1, 1), (0, 0), (0, 5), (0, -2)])
def test_no_rule_is_built_of_a_weekday_that_not_every_month_has(weekday: int, nth: int) -> None:
    with pytest.raises(InvalidAnswer):
        monthly(weekday, nth)


def test_no_rule_is_built_that_ends_twice_or_before_it_begins() -> None:
    with pytest.raises(InvalidAnswer):
        weekly([0], count=3, until=date(2027, 1, 1))
    with pytest.raises(InvalidAnswer):
        monthly(0, 1, count=0)


@pytest.mark.parametrize("rule", NEVER)
def test_a_rule_that_never_happens_is_refused_and_has_no_days(rule: str) -> None:
    schedule = replace(FRIDAYS, rule=read(rule))
    with pytest.raises(InvalidAnswer) as refused:
        check(schedule)
    assert refused.value.problems == {"rule": Problem.NEVER_HAPPENS}
    assert occurrences(schedule, after=BEFORE, limit=10) == ()


def test_what_falls_on_holidays_alone_never_happens() -> None:
    christmas = replace(
        FRIDAYS, rule="FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25", on_holiday=OnHoliday.SKIP
    )
    with pytest.raises(InvalidAnswer) as refused:
        check(christmas)
    assert refused.value.problems == {"rule": Problem.NEVER_HAPPENS}
    check(replace(christmas, on_holiday=OnHoliday.MOVE))


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "\x00", "x" * 10_000])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    schedule = replace(FRIDAYS, zone=zone)
    with pytest.raises(InvalidAnswer) as refused:
        check(schedule)
    assert refused.value.problems == {"zone": Problem.NOT_A_ZONE}
    with pytest.raises(InvalidAnswer) as refused:
        occurrences(schedule, after=BEFORE, limit=1)
    assert refused.value.problems == {"zone": Problem.NOT_A_ZONE}


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(InvalidAnswer) as refused:
        check(replace(FRIDAYS, rule="often", zone="Mars/Olympus", at_minute=1440))
    assert refused.value.problems == {
        "rule": Problem.NOT_A_RULE,
        "zone": Problem.NOT_A_ZONE,
        "at_minute": Problem.NOT_A_TIME,
    }


@pytest.mark.parametrize("starts_on", [date.min, date(2, 1, 1), date(9989, 1, 1), date.max])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_the_ends_of_the_calendar_break_nothing(starts_on: date, zone: str) -> None:
    schedule = replace(FRIDAYS, rule="FREQ=DAILY", starts_on=starts_on, zone=zone)
    for after in (date.min, date(9989, 12, 31), date.max):
        assert len(occurrences(schedule, after=after, limit=400)) <= 400
    if starts_on.year == 9989:
        check(schedule)


@pytest.mark.parametrize("limit", [0, -1])
def test_who_asks_for_none_gets_none(limit: int) -> None:
    assert occurrences(FRIDAYS, after=BEFORE, limit=limit) == ()


def test_nobody_looks_further_ahead_than_five_years() -> None:
    later = replace(FRIDAYS, starts_on=date(2032, 1, 2))
    assert occurrences(later, after=date(2026, 1, 1), limit=1) == ()
    assert occurrences(later, after=date(2027, 6, 1), limit=1)[0].on_date == date(2032, 1, 2)


@pytest.mark.parametrize("rule", ["FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY;BYDAY=2TU"])
def test_an_old_rule_costs_what_a_new_one_costs(rule: str) -> None:
    old = replace(FRIDAYS, rule=rule, starts_on=date(1026, 11, 27))
    assert _calls(old) <= _calls(replace(old, starts_on=date(2026, 11, 27))) + 10


def _calls(schedule: Schedule) -> int:
    """Count the calls that it takes to know what is due next."""
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    occurrences(schedule, after=date(2026, 12, 31), limit=1)
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        occurrences(schedule, after=date(2026, 12, 31), limit=1)
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize(
    ("day", "time", "zone", "instant"),
    [
        (date(2027, 3, 27), "02:30", "Europe/Berlin", "2027-03-27T01:30"),
        (date(2027, 3, 28), "01:59", "Europe/Berlin", "2027-03-28T00:59"),
        (date(2027, 3, 28), "02:00", "Europe/Berlin", "2027-03-28T01:00"),
        (date(2027, 3, 28), "02:59", "Europe/Berlin", "2027-03-28T01:00"),
        (date(2027, 3, 28), "03:00", "Europe/Berlin", "2027-03-28T01:00"),
        (date(2027, 10, 31), "02:00", "Europe/Berlin", "2027-10-31T00:00"),
        (date(2027, 10, 31), "02:59", "Europe/Berlin", "2027-10-31T00:59"),
        (date(2027, 10, 31), "03:00", "Europe/Berlin", "2027-10-31T02:00"),
        # Half an hour is skipped, and half an hour comes twice.
        (date(2027, 10, 3), "02:15", "Australia/Lord_Howe", "2027-10-02T15:30"),
        (date(2027, 4, 4), "01:45", "Australia/Lord_Howe", "2027-04-03T14:45"),
        # The day begins at one o'clock.
        (date(2027, 4, 30), "00:00", "Africa/Cairo", "2027-04-29T22:00"),
        # The last hour of the day is not there.
        (date(2027, 3, 27), "23:30", "America/Nuuk", "2027-03-28T01:00"),
        # Whole days were not there.
        (date(2011, 12, 30), "09:00", "Pacific/Apia", "2011-12-30T10:00"),
        (date(1993, 8, 21), "09:00", "Pacific/Kwajalein", "1993-08-21T12:00"),
    ],
)
def test_a_time_on_the_wall_is_one_instant(day: date, time: str, zone: str, instant: str) -> None:
    hour, minute = map(int, time.split(":"))
    expected = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert due_at(day, hour * 60 + minute, zone) == expected


def test_a_holiday_is_kept_skipped_or_moved_as_was_chosen() -> None:
    found = {
        choice: occurrences(replace(FRIDAYS, on_holiday=choice), after=date(2026, 12, 20), limit=1)
        for choice in OnHoliday
    }
    christmas, monday = date(2026, 12, 25), date(2026, 12, 28)
    three_o_clock = datetime(2026, 12, 25, 14, tzinfo=UTC)
    assert [
        (each.on_date, each.day, each.due_at, each.holiday)
        for choice in (OnHoliday.KEEP, OnHoliday.SKIP, OnHoliday.MOVE)
        for each in found[choice]
    ] == [
        (christmas, christmas, three_o_clock, None),
        (christmas, christmas, None, "Christmas Day"),
        (christmas, monday, three_o_clock + timedelta(days=3), "Christmas Day"),
    ]


def test_a_holiday_is_skipped_where_moving_would_reach_the_next_one() -> None:
    daily = replace(FRIDAYS, rule=weekly([0, 4]), on_holiday=OnHoliday.MOVE)
    friday, monday = occurrences(daily, after=date(2026, 12, 24), limit=2)
    assert (friday.due_at, friday.holiday) == (None, "Christmas Day")
    assert (monday.on_date, monday.day) == (date(2026, 12, 28), date(2026, 12, 28))


def test_the_last_one_moves_however_near_the_end_is() -> None:
    schedule = replace(
        FRIDAYS, rule=weekly([4], until=date(2026, 12, 25)), on_holiday=OnHoliday.MOVE
    )
    (last,) = occurrences(schedule, after=date(2026, 12, 20), limit=5)
    assert last.day == date(2026, 12, 28)


@pytest.mark.parametrize("country", [None, "", "XX", "de", "DEU", "HolidayBase", "__name__"])
def test_a_country_that_is_not_known_has_no_holidays(country: str | None) -> None:
    schedule = replace(FRIDAYS, on_holiday=OnHoliday.SKIP, country=country)
    assert occurrences(schedule, after=date(2026, 12, 20), limit=1)[0].due_at is not None
    assert holiday(country, date(2026, 12, 25)) is None


def test_what_is_known_of_holidays_can_be_asked() -> None:
    assert knows_holidays("DE")
    assert not knows_holidays("XX")


def test_holidays_are_only_loaded_where_somebody_wants_them() -> None:
    code = """
import sys
from datetime import date
from bot.domain.recurrence import check, describe
from bot.domain.rituals import OnHoliday, Schedule
schedule = Schedule(rule="FREQ=WEEKLY", starts_on=date(2026, 11, 27), at_minute=900,
                    zone="Europe/Berlin", on_holiday=OnHoliday.KEEP, country="DE")
check(schedule)
describe(schedule)
sys.exit("holidays" in sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True)
