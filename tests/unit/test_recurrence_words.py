"""What a schedule is called: one line for every sentence there is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.recurrence import describe, monthly, once, read, weekly
from bot.domain.rituals import OnHoliday, Schedule
from bot.errors import InvalidAnswer

FRIDAYS = Schedule(
    rule=weekly([4]),
    starts_on=date(2026, 11, 27),  # a Friday
    at_minute=15 * 60,
    zone="Europe/Berlin",
    on_holiday=OnHoliday.KEEP,
    country=None,
)

SENTENCES = {
    "FREQ=DAILY": "every day",
    "FREQ=DAILY;INTERVAL=3": "every 3 days",
    "FREQ=DAILY;BYDAY=MO,WE": "every Monday and Wednesday",
    "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR": "every day from Monday to Friday",
    "FREQ=DAILY;INTERVAL=2;BYDAY=MO,FR": "every 2 days, if it is a Monday or a Friday,",
    "FREQ=DAILY;BYMONTHDAY=1,15,-1": "every day, if it is the last day, the 1st or the 15th,",
    "FREQ=DAILY;BYMONTHDAY=13;BYDAY=FR": "every day, if it is the 13th, if it is a Friday,",
    "FREQ=DAILY;BYMONTH=12": "every day, only in December,",
    "FREQ=WEEKLY": "every Friday",
    "FREQ=WEEKLY;BYDAY=TU": "every Tuesday",
    "FREQ=WEEKLY;BYDAY=TU,TH,SU": "every Tuesday, Thursday and Sunday",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR": "every day from Monday to Friday",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU": "every day",
    "FREQ=WEEKLY;INTERVAL=2": "every 2 weeks on Friday",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE": "every 2 weeks on Monday and Wednesday",
    "FREQ=WEEKLY;BYMONTH=1,2,3": "every Friday, only in January, February and March,",
    "FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=-1": "every week on the last Monday or Tuesday",
    "FREQ=MONTHLY": "every month on the 27th",
    "FREQ=MONTHLY;INTERVAL=3": "every 3 months on the 27th",
    "FREQ=MONTHLY;BYMONTH=6,7": "every month on the 27th, only in June and July,",
    "FREQ=MONTHLY;BYDAY=2TU": "every month on the second Tuesday",
    "FREQ=MONTHLY;BYDAY=-1FR": "every month on the last Friday",
    "FREQ=MONTHLY;BYDAY=-2FR": "every month on the second to last Friday",
    "FREQ=MONTHLY;BYDAY=MO,2TU": "every month on every Monday and the second Tuesday",
    "FREQ=MONTHLY;BYDAY=1MO,3MO": "every month on the first Monday and the third Monday",
    "FREQ=MONTHLY;BYMONTHDAY=1,2,3": "every month on the 1st, the 2nd and the 3rd",
    "FREQ=MONTHLY;BYMONTHDAY=11,12,13": "every month on the 11th, the 12th and the 13th",
    "FREQ=MONTHLY;BYMONTHDAY=22,31": "every month on the 22nd and the 31st",
    "FREQ=MONTHLY;BYMONTHDAY=-1": "every month on the last day",
    "FREQ=MONTHLY;BYMONTHDAY=-3": "every month on the third to last day",
    "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR": "every month on the 13th, if it is a Friday,",
    "FREQ=MONTHLY;BYMONTHDAY=8;BYDAY=2FR": "every month on the 8th, if it is the second Friday,",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE;BYSETPOS=-1": (
        "every month on the last Monday, Tuesday or Wednesday"
    ),
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1,3": "every month on the first and third Monday",
    "FREQ=MONTHLY;BYMONTHDAY=1,15;BYSETPOS=1": (
        "every month on the first of these days: the 1st or the 15th"
    ),
    "FREQ=MONTHLY;BYDAY=1MO,1TU;BYSETPOS=-2": (
        "every month on the second to last of these days: the first Monday or the first Tuesday"
    ),
    "FREQ=MONTHLY;BYMONTHDAY=5,6,7;BYDAY=MO,TU;BYSETPOS=7": (
        "every month on the 7th of these days: "
        "the 5th, the 6th or the 7th, if it is a Monday or a Tuesday,"
    ),
    "FREQ=YEARLY": "every year on the 27th of November",
    "FREQ=YEARLY;INTERVAL=2;BYMONTH=3,9": "every 2 years on the 27th of March and September",
    "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=12": "every year on the 12th of March",
    "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU": "every year on the last Sunday of March",
    "FREQ=YEARLY;BYMONTH=3;BYDAY=SU;BYSETPOS=2": "every year on the second Sunday of March",
    "FREQ=YEARLY;BYMONTH=1,3;BYMONTHDAY=13;BYDAY=FR": (
        "every year on the 13th of January and March, if it is a Friday,"
    ),
    "FREQ=MONTHLY;BYMONTH=5;BYMONTHDAY=13;BYDAY=FR": (
        "every month on the 13th, if it is a Friday, only in May,"
    ),
    "FREQ=WEEKLY;COUNT=2": "every Friday",
    once(): "once, on Friday 27 November 2026,",
    "FREQ=WEEKLY;BYDAY=TU;COUNT=1": "once, on Tuesday 1 December 2026,",
}


@pytest.mark.parametrize(("rule", "words"), SENTENCES.items())
def test_every_rule_has_plain_words(rule: str, words: str) -> None:
    described = describe(replace(FRIDAYS, rule=read(rule)))
    assert described.removesuffix(", twice") == f"{words} at 15:00, Berlin time"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (
            {"rule": weekly([4], until=date(2027, 3, 12))},
            "every Friday at 15:00, Berlin time, until 12 March 2027",
        ),
        ({"rule": weekly([4], count=2)}, "every Friday at 15:00, Berlin time, twice"),
        ({"rule": weekly([4], count=5)}, "every Friday at 15:00, Berlin time, five times"),
        ({"rule": weekly([4], count=10)}, "every Friday at 15:00, Berlin time, ten times"),
        ({"rule": weekly([4], count=11)}, "every Friday at 15:00, Berlin time, 11 times"),
        (
            {"rule": monthly(1, -1, 2), "at_minute": 65},
            "every 2 months on the last Tuesday at 01:05, Berlin time",
        ),
        ({"zone": "America/New_York"}, "every Friday at 15:00, New York time"),
        (
            {"zone": "America/Argentina/Buenos_Aires"},
            "every Friday at 15:00, Buenos Aires time",
        ),
        ({"zone": "UTC"}, "every Friday at 15:00, UTC"),
        ({"zone": "Etc/UTC"}, "every Friday at 15:00, UTC"),
        (
            {"on_holiday": OnHoliday.SKIP, "country": "DE"},
            "every Friday at 15:00, Berlin time; not on public holidays in Germany",
        ),
        (
            {"on_holiday": OnHoliday.MOVE, "country": "DE"},
            "every Friday at 15:00, Berlin time; "
            "moved to the next working day on public holidays in Germany",
        ),
        (
            {"on_holiday": OnHoliday.KEEP, "country": "DE"},
            "every Friday at 15:00, Berlin time",
        ),
        (
            {"on_holiday": OnHoliday.SKIP, "country": "XX"},
            "every Friday at 15:00, Berlin time",
        ),
        (
            {"on_holiday": OnHoliday.SKIP, "country": None},
            "every Friday at 15:00, Berlin time",
        ),
    ],
)
def test_the_end_the_zone_and_the_holidays_are_said(changed: dict[str, object], words: str) -> None:
    assert describe(replace(FRIDAYS, **changed), "Germany") == words  # type: ignore[arg-type]


def test_without_a_name_the_country_is_left_open() -> None:
    schedule = replace(FRIDAYS, on_holiday=OnHoliday.SKIP, country="DE")
    assert describe(schedule).endswith("; not on public holidays")


def test_what_is_no_rule_has_no_words() -> None:
    with pytest.raises(InvalidAnswer):
        describe(replace(FRIDAYS, rule="every now and then"))
