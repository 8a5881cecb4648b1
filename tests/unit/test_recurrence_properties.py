"""Rules, zones and holidays against what is found by asking every day and every offset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise

import holidays
import pytest
from dateutil.rrule import rrulestr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.recurrence import check, describe, occurrences, read
from bot.domain.rituals import OnHoliday, Schedule
from bot.errors import InvalidAnswer
from tests.unit import day_by_day
from tests.unit.day_by_day import ZONES

CHANGES = date(2024, 1, 1), date(2035, 12, 31)
DAY = timedelta(days=1)
COUNTRIES = ["DE", "US", "JP", "CN", "BR", "ZA"]
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
DAILY = Schedule(
    rule="FREQ=DAILY",
    starts_on=date(2023, 12, 5),
    at_minute=0,
    zone="UTC",
    on_holiday=OnHoliday.KEEP,
    country=None,
)

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

starts = st.dates(date(2024, 1, 1), date(2030, 12, 31))
weekdays = st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=4)
nth_weekdays = st.lists(
    st.builds(
        "{}{}".format, st.sampled_from(["", 1, 2, 3, 4, 5, -1, -2, -5]), st.sampled_from(WEEKDAYS)
    ),
    min_size=1,
    max_size=3,
)
month_days = st.lists(st.integers(-31, 31).filter(bool), min_size=1, max_size=4)
months = st.lists(st.integers(1, 12), min_size=1, max_size=4)
positions = st.lists(st.integers(-5, 5).filter(bool), min_size=1, max_size=2)
ends = st.one_of(
    st.just({}),
    st.builds(lambda count: {"COUNT": [count]}, st.integers(1, 60)),
    st.builds(lambda day: {"UNTIL": [f"{day:%Y%m%d}"]}, starts),
)


@st.composite
def rules(draw: st.DrawFn, *, endless: bool = False) -> str:
    """Draw the canonical text of a rule, of any kind that is read."""
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts: dict[str, Sequence[object]] = {"FREQ": [freq]}
    parts["INTERVAL"] = [draw(st.one_of(st.integers(1, 4), st.integers(1, 52)))]
    if draw(st.booleans()):
        by_day = weekdays if freq in ("DAILY", "WEEKLY") else nth_weekdays
        parts["BYDAY"] = draw(by_day)
    if freq != "WEEKLY" and draw(st.booleans()):
        parts["BYMONTHDAY"] = draw(month_days)
    names_days = "BYDAY" in parts or "BYMONTHDAY" in parts
    if (freq == "YEARLY" and names_days) or draw(st.booleans()):
        parts["BYMONTH"] = draw(months)
    if freq != "DAILY" and names_days and draw(st.booleans()):
        parts["BYSETPOS"] = draw(positions)
    parts |= {} if endless else draw(ends)
    return read(";".join(f"{name}={','.join(map(str, each))}" for name, each in parts.items()))


def on_dates(schedule: Schedule, after: date, limit: int) -> list[date]:
    return [each.on_date for each in occurrences(schedule, after=after, limit=limit)]


@settings(unhurried, max_examples=200)
@given(rules(), starts, st.integers(-40, 1500), st.integers(1, 12))
def test_a_rule_names_the_days_that_are_found_by_asking_each(
    rule: str, starts_on: date, days: int, limit: int
) -> None:
    after = starts_on + days * DAY
    last = after + timedelta(days=5 * 366)
    named = (day for day in day_by_day.days(rule, starts_on, last) if day > after)
    schedule = replace(DAILY, rule=rule, starts_on=starts_on)
    assert on_dates(schedule, after, limit) == list(islice(named, limit))


@settings(unhurried, max_examples=150)
@given(rules(endless=True), starts, st.integers(0, 1500))
def test_where_one_begins_to_look_changes_nothing(rule: str, starts_on: date, days: int) -> None:
    schedule = replace(DAILY, rule=rule, starts_on=starts_on)
    counted = replace(schedule, rule=f"{rule};COUNT=1000")  # found from the start, one by one
    after = starts_on + days * DAY
    assert on_dates(schedule, after, 9) == on_dates(counted, after, 9)
    early = [day for day in on_dates(schedule, starts_on - DAY, 2000) if day > after][:9]
    assert on_dates(schedule, after, 9)[: len(early)] == early


@settings(unhurried, max_examples=100)
@given(
    st.one_of(
        st.builds("FREQ=DAILY;INTERVAL={}".format, st.integers(1, 52)),
        st.builds(
            lambda every, days: f"FREQ=WEEKLY;INTERVAL={every};BYDAY={','.join(days)}",
            st.integers(1, 52),
            weekdays,
        ),
        st.builds(
            "FREQ=MONTHLY;INTERVAL={};BYDAY={}{}".format,
            st.integers(1, 12),
            st.sampled_from([1, 2, 3, 4, -1]),
            st.sampled_from(WEEKDAYS),
        ),
        st.builds("FREQ=MONTHLY;BYMONTHDAY={}".format, st.sampled_from([1, 15, 28, 31, -1, -3])),
        st.builds("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS={}".format, st.sampled_from([1, -1])),
        st.builds("FREQ=YEARLY;BYMONTH={};BYDAY=-1SU".format, st.integers(1, 12)),
    ),
    starts,
)
def test_where_dateutil_is_right_it_names_the_same_days(rule: str, starts_on: date) -> None:
    start = datetime(starts_on.year, starts_on.month, starts_on.day)  # noqa: DTZ001
    theirs = [each.date() for each in islice(rrulestr(rule, dtstart=start), 4)]
    schedule = replace(DAILY, rule=read(rule), starts_on=starts_on)
    found = on_dates(schedule, starts_on - DAY, 4)
    assert found == theirs[: len(found)]
    assert len(found) == 4 or theirs[len(found)] > starts_on + timedelta(days=5 * 366 - 1)


@settings(unhurried, max_examples=150)
@given(
    rules(),
    starts,
    st.sampled_from(ZONES),
    st.integers(0, 1439),
    st.integers(0, 400),
)
def test_everything_is_due_when_the_clocks_of_its_zone_say_so(
    rule: str, starts_on: date, zone: str, minute: int, days: int
) -> None:
    schedule = replace(DAILY, rule=rule, starts_on=starts_on, zone=zone, at_minute=minute)
    coming = occurrences(schedule, after=starts_on + days * DAY, limit=5)
    assert [each.due_at for each in coming] == [
        day_by_day.instant(each.on_date, minute, zone) for each in coming
    ]


def times_around(change: datetime, before: timedelta, after: timedelta) -> set[tuple[date, int]]:
    """Return the days and minutes on the wall at the edges of a clock change and within it."""
    walls = sorted([change + before, change + after])
    middle = walls[0] + (walls[1] - walls[0]) / 2
    near = [walls[0] - timedelta(minutes=1), *walls, middle, walls[1] - timedelta(minutes=1)]
    return {(wall.date(), wall.hour * 60 + wall.minute) for wall in near}


@pytest.mark.parametrize("zone", ZONES)
def test_no_clock_change_loses_or_doubles_anything(zone: str) -> None:
    """Every change from 2024 to 2035, for what is daily and what is weekly, in and around it."""
    for (_, before), (change, after) in pairwise(day_by_day.offsets(zone)):
        if not CHANGES[0] <= change.date() <= CHANGES[1]:
            continue
        for day, minute in times_around(change, before, after):
            for rule, step in (("FREQ=DAILY", DAY), ("FREQ=WEEKLY", 7 * DAY)):
                schedule = replace(
                    DAILY, rule=rule, starts_on=day - 70 * DAY, zone=zone, at_minute=minute
                )
                coming = occurrences(schedule, after=day - step - DAY, limit=3)
                wanted = (
                    [day - step, day, day + step] if step > DAY else [day - DAY, day, day + DAY]
                )
                assert [(each.on_date, each.due_at) for each in coming] == [
                    (each, day_by_day.instant(each, minute, zone)) for each in wanted
                ]


@pytest.mark.parametrize("zone", ZONES)
def test_twelve_years_of_days_are_each_due_once_and_in_order(zone: str) -> None:
    """At the minute that the zone's clocks skip or double most often."""
    changes = [
        times_around(change, before, after)
        for (_, before), (change, after) in pairwise(day_by_day.offsets(zone))
    ]
    minutes = sorted(minute for times in changes for _, minute in times) or [0]
    schedule = replace(DAILY, zone=zone, at_minute=max(minutes, key=minutes.count))
    day, due = CHANGES[0] - DAY, datetime(2023, 12, 30, tzinfo=UTC)
    while day < CHANGES[1]:
        for coming in occurrences(schedule, after=day, limit=1000):
            assert coming.on_date == day + DAY
            assert coming.due_at is not None
            assert due < coming.due_at
            day, due = coming.on_date, coming.due_at


@settings(unhurried, max_examples=80)
@given(rules(), starts, st.sampled_from(COUNTRIES), st.sampled_from(list(OnHoliday)))
def test_holidays_are_gone_round_and_never_two_fall_on_one_day(
    rule: str, starts_on: date, country: str, on_holiday: OnHoliday
) -> None:
    schedule = replace(
        DAILY, rule=rule, starts_on=starts_on, country=country, on_holiday=on_holiday
    )
    free = holidays.country_holidays(country, years=range(2023, 2038), language="en_US")
    coming = occurrences(schedule, after=starts_on - DAY, limit=40)
    assert [each.on_date for each in coming] == on_dates(
        replace(schedule, on_holiday=OnHoliday.KEEP), starts_on - DAY, 40
    )
    for each in coming:
        wanted = free.get(each.on_date) if on_holiday is not OnHoliday.KEEP else None
        assert each.holiday == wanted
        assert each.due_at is None or each.due_at.date() == each.day
        if wanted is None or on_holiday is OnHoliday.SKIP:
            assert each.day == each.on_date
            assert (each.due_at is None) == (wanted is not None)
    for each, following in pairwise(coming):
        first = each.on_date + DAY
        while first in free or first.weekday() > 4:
            first += DAY
        assert each.day < following.on_date
        if each.holiday is not None and on_holiday is OnHoliday.MOVE:
            assert (each.due_at is None) == (first >= following.on_date)
            assert each.due_at is None or each.day == first


@settings(unhurried, max_examples=100)
@given(rules(), starts)
def test_what_passes_the_check_comes_round_and_has_words(rule: str, starts_on: date) -> None:
    schedule = replace(DAILY, rule=rule, starts_on=starts_on)
    try:
        check(schedule)
    except InvalidAnswer:
        assert on_dates(schedule, starts_on - DAY, 1) == []
    else:
        assert on_dates(schedule, starts_on - DAY, 1) != []
    words = describe(schedule)
    assert words.startswith(("every ", "once, on "))
    assert "  " not in words
    assert ",," not in words


@settings(unhurried, max_examples=60)
@given(st.one_of(st.text(max_size=300), st.from_regex(r"FREQ=[A-Z]+(;[A-Z]+=[-+0-9A-Z,]*)*")))
def test_any_text_is_read_for_good_or_refused(text: str) -> None:
    try:
        canonical = read(text)
    except InvalidAnswer:
        return
    assert read(canonical) == canonical
    assert len(canonical) <= 200
