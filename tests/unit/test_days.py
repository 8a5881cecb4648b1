from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.days import MINUTES_A_DAY, is_zone, local_time, own_day

ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "UTC"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("now", "zone", "starts", "day"),
    [
        ("2026-11-22T23:30+00:00", "Europe/Berlin", 0, date(2026, 11, 23)),
        ("2026-11-22T23:30+00:00", "America/New_York", 0, date(2026, 11, 22)),
        ("2026-11-22T18:29+00:00", "Asia/Kolkata", 0, date(2026, 11, 22)),
        ("2026-11-22T18:30+00:00", "Asia/Kolkata", 0, date(2026, 11, 23)),
        ("2026-11-23T02:00+01:00", "Europe/Berlin", 300, date(2026, 11, 22)),
        ("2026-11-23T04:59+01:00", "Europe/Berlin", 300, date(2026, 11, 22)),
        ("2026-11-23T05:00+01:00", "Europe/Berlin", 300, date(2026, 11, 23)),
        # In the night when clocks go back, half past two comes twice: the same day both times.
        ("2026-10-25T00:30+00:00", "Europe/Berlin", 180, date(2026, 10, 24)),
        ("2026-10-25T01:30+00:00", "Europe/Berlin", 180, date(2026, 10, 24)),
        ("2026-10-25T02:00+00:00", "Europe/Berlin", 180, date(2026, 10, 25)),
    ],
)
def test_a_moment_belongs_to_the_persons_own_day(
    now: str, zone: str, starts: int, day: date
) -> None:
    assert own_day(at(now), zone=zone, starts_minute=starts) == day


@pytest.mark.parametrize("zone", [None, "", "Mars/Olympus", "../../etc/passwd", "\x00"])
def test_an_unknown_zone_is_taken_as_utc(zone: str | None) -> None:
    assert own_day(at("2026-11-22T23:30+00:00"), zone=zone, starts_minute=0) == date(2026, 11, 22)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(ZONES),
    st.integers(0, MINUTES_A_DAY - 1),
)
def test_the_day_is_always_that_of_the_wall_clock_or_the_one_before(
    now: datetime, zone: str, starts: int
) -> None:
    wall = local_time(now, zone)
    assert own_day(now, zone=zone, starts_minute=starts) in {
        wall.date(),
        wall.date() - timedelta(days=1),
    }


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata"]),
    st.integers(240, 360),
)
def test_a_day_never_goes_back_when_it_starts_after_the_clock_change(
    now: datetime, zone: str, starts: int
) -> None:
    later = own_day(now + timedelta(minutes=7), zone=zone, starts_minute=starts)
    assert later >= own_day(now, zone=zone, starts_minute=starts)


def test_zones_are_recognised() -> None:
    assert is_zone("Europe/Berlin")
    assert not is_zone("Europe/Atlantis")
