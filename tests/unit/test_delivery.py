from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.delivery import (
    FIRST_PAUSE,
    LEASE,
    LONGEST_PAUSE,
    RULES,
    Delivery,
    Kind,
    pause,
)

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def delivery(kind: Kind, created_at: datetime) -> Delivery:
    return Delivery(
        id=1,
        delivery_id=UUID(int=1),
        kind=kind,
        subject=UUID(int=2),
        channel=None,
        attempts=1,
        created_at=created_at,
        newest=1,
    )


def test_every_kind_has_its_rule() -> None:
    assert set(RULES) == set(Kind)


def test_a_lease_is_longer_than_the_minute_in_which_an_answer_may_still_come() -> None:
    assert timedelta(seconds=60) < LEASE


@given(st.integers(-5, 10_000), st.floats(0, 1))
def test_a_pause_is_never_shorter_than_half_the_first_nor_longer_than_the_longest(
    attempts: int, jitter: float
) -> None:
    assert FIRST_PAUSE / 2 <= pause(attempts, jitter) <= LONGEST_PAUSE


def test_pauses_double_until_they_are_long_enough() -> None:
    pauses = [pause(attempt, 0.0).total_seconds() for attempt in range(1, 11)]
    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_jitter_takes_away_up_to_half() -> None:
    assert pause(3, 1.0) == pause(3, 0.0) / 2


@pytest.mark.parametrize("kind", Kind)
def test_a_delivery_is_given_up_only_when_its_time_is_over(kind: Kind) -> None:
    whole = RULES[kind].keep_trying
    assert not delivery(kind, NOW - whole).given_up(NOW)
    assert delivery(kind, NOW - whole - timedelta(seconds=1)).given_up(NOW)
