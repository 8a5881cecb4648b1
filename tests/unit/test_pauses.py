from datetime import date, timedelta

import pytest

from bot.domain.pauses import LONGEST, UNTIL_I_SAY, Pause, is_paused, read_pause

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("2w", date(2026, 12, 6)),
        ("2 weeks", date(2026, 12, 6)),
        ("for 10 days", date(2026, 12, 2)),
        ("1D", date(2026, 11, 23)),
        ("2026-12-31", date(2026, 12, 31)),
        (" until   2026-12-31 ", date(2026, 12, 31)),
        ("until I say", UNTIL_I_SAY),
        ("TILL I SAY", UNTIL_I_SAY),
        ("off", None),
        ("resume", None),
    ],
)
def test_a_pause_is_read_as_people_write_it(text: str, until: date | None) -> None:
    assert read_pause(text, today=TODAY) == Pause(until)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "w",
        "0w",
        "0 days",
        "-2w",
        "2.5w",
        "999w",
        "2m",
        "2026-11-22",
        "2026-11-21",
        "2026-02-30",
        "2026-13-01",
        "0001-01-01",
        "9999-12-31",
        "20261231",
        "31.12.2026",
        "\u0662w",
        "2w; DROP TABLE people",
        "2w\x00",
        "until",
        "until I say so please",
        "forever",
        "w" * 5000,
    ],
)
def test_what_is_no_length_of_time_is_not_guessed(text: str) -> None:
    assert read_pause(text, today=TODAY) is None


def test_the_longest_pause_is_two_years_to_the_day() -> None:
    last = TODAY + LONGEST
    assert read_pause(last.isoformat(), today=TODAY) == Pause(last)
    assert read_pause((last + timedelta(days=1)).isoformat(), today=TODAY) is None


def test_a_pause_ends_on_the_day_that_was_named() -> None:
    day = date(2026, 12, 31)
    assert is_paused(day, day=date(2026, 12, 30))
    assert not is_paused(day, day=day)
    assert not is_paused(None, day=day)
    assert is_paused(UNTIL_I_SAY, day=date(9000, 1, 1))
