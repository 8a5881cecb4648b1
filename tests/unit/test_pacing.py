from collections.abc import Iterable
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.pacing import Pace, minutes_for


def sent(pace: Pace, instants: Iterable[float]) -> list[float]:
    """Return the instants at which one more message was allowed to leave, asking at each."""
    left = []
    for now in instants:
        while pace.room(now):
            pace.take(now)
            left.append(now)
    return left


@given(st.lists(st.floats(0, 60), min_size=1, max_size=200))
def test_a_workspace_never_gets_more_than_its_pace_and_one_burst(waits: list[float]) -> None:
    instants = sorted(waits)
    left = sent(Pace(per_second=4, burst=4), instants)
    for i, first in enumerate(left):
        for j in range(i, len(left)):
            assert j - i + 1 <= 4 + 4 * (left[j] - first) + 1e-6


def test_after_a_silence_a_burst_may_leave_and_then_a_few_a_second() -> None:
    pace = Pace(per_second=4, burst=4)
    assert len(sent(pace, [0.0])) == 4
    assert len(sent(pace, [1.0])) == 4
    assert len(sent(pace, [1000.0])) == 4


def test_one_message_a_second_in_a_channel_while_others_go_on() -> None:
    pace = Pace(channel_seconds=1.0)
    pace.sends("C1", 10.0)
    assert pace.blocked(10.5) == {"C1"}
    assert pace.wait("C1", 10.5) == pytest.approx(0.5)
    assert pace.wait("C2", 10.5) == 0.0
    assert pace.blocked(11.0) == set()


def test_one_channel_that_is_refused_does_not_delay_another() -> None:
    pace = Pace()
    pace.refused("C1", 30.0, 10.0)
    assert pace.wait("C1", 11.0) == pytest.approx(29.0)
    assert pace.wait("C2", 11.0) == 0.0
    assert pace.room(11.0) > 0


def test_two_channels_refused_in_a_row_mean_the_whole_workspace() -> None:
    pace = Pace()
    pace.refused("C1", 5.0, 10.0)
    pace.refused("C2", 30.0, 11.0)
    assert pace.room(12.0) == 0
    assert pace.wait("C3", 12.0) == pytest.approx(29.0)
    assert pace.room(41.0) > 0


def test_a_message_that_was_taken_in_between_means_that_it_was_only_the_channels() -> None:
    pace = Pace()
    pace.refused("C1", 30.0, 10.0)
    pace.accepted()
    pace.refused("C2", 30.0, 11.0)
    assert pace.wait("C3", 12.0) == 0.0


def test_the_same_channel_refused_twice_is_still_one_channel() -> None:
    pace = Pace()
    pace.refused("C1", 30.0, 10.0)
    pace.refused("C1", 30.0, 11.0)
    assert pace.wait("C2", 12.0) == 0.0


def test_a_shorter_wait_never_shortens_a_longer_one() -> None:
    pace = Pace()
    pace.refused("C1", 30.0, 10.0)
    pace.sends("C1", 11.0)
    assert pace.wait("C1", 11.0) == pytest.approx(29.0)


def test_the_next_look_is_when_the_first_of_all_waits_ends() -> None:
    pace = Pace(per_second=2, burst=1)
    assert pace.soonest(0.0, most=9.0) == 9.0
    pace.sends("C1", 0.0)
    assert pace.soonest(0.0, most=9.0) == pytest.approx(1.0)
    pace.take(0.0)
    assert pace.soonest(0.0, most=9.0) == pytest.approx(0.5)
    pace.refused("C1", 5.0, 0.0)
    pace.refused("C2", 5.0, 0.0)
    assert pace.soonest(2.0, most=inf) == pytest.approx(3.0)


def test_a_clock_that_stands_still_gives_nothing_more() -> None:
    pace = Pace(per_second=4, burst=4)
    assert len(sent(pace, [5.0] * 10)) == 4


def test_what_cannot_wait_is_made_up_for_by_what_can() -> None:
    pace = Pace(per_second=1, burst=2)
    assert len(sent(pace, [0.0])) == 2
    pace.take(0.0)
    pace.take(0.0)
    assert not pace.silent(0.0)
    assert len(sent(pace, [1.0, 2.0])) == 0
    assert len(sent(pace, [3.0])) == 1


def test_silence_in_the_workspace_is_for_everything() -> None:
    pace = Pace()
    pace.refused("C1", 5.0, 0.0)
    assert not pace.silent(1.0)
    pace.refused("C2", 5.0, 1.0)
    assert pace.silent(2.0)
    assert not pace.silent(6.0)


@pytest.mark.parametrize(
    ("channels", "minutes"),
    [
        ([], 1),
        (["C1"], 1),
        (["C1"] * 60, 1),
        (["C1"] * 61, 2),
        (["C1"] * 396, 7),
        (["C1"] * 60 + ["C2"] * 60, 1),
        ([f"C{number}" for number in range(241)], 2),
    ],
)
def test_how_long_many_messages_take_is_known_beforehand(channels: list[str], minutes: int) -> None:
    assert minutes_for(channels) == minutes
