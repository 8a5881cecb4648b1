"""What an event about a reaction says, and which of several has the last word."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.reactions import (
    Choice,
    Mark,
    digest,
    emoji_name,
    is_open_to,
    moment,
    read_reaction,
    tally,
)

ITEM = {"type": "message", "channel": "C0SBX000001", "ts": "1503435956.000247"}
EVENT: dict[str, Any] = {
    "type": "reaction_added",
    "user": "U0SBX000001",
    "reaction": "raised_hand::skin-tone-3",
    "item_user": "U0SBX000002",
    "item": ITEM,
    "event_ts": "1503435957.000100",
}


def test_an_event_says_who_reacted_with_what_to_which_message_of_whom() -> None:
    read = read_reaction(EVENT, added=True)
    assert read is not None
    assert (read.person, read.emoji, read.author) == ("U0SBX000001", "raised_hand", "U0SBX000002")
    assert (read.channel, read.ts, read.added) == (ITEM["channel"], ITEM["ts"], True)
    without = {name: value for name, value in EVENT.items() if name != "item_user"}
    for nobody in (without, EVENT | {"item_user": None}, EVENT | {"item_user": {"id": "U1"}}):
        of_nobody = read_reaction(nobody, added=False)
        assert of_nobody is not None
        assert of_nobody.author is None


SENSELESS: list[dict[str, Any]] = [
    {"item": None},
    {"item": []},
    {"item": {}},
    {"item": {"type": "file", "file": "F1"}},
    {"item": ITEM | {"type": "file_comment"}},
    {"item": ITEM | {"channel": "D0SBX000001"}},
    {"item": ITEM | {"channel": None}},
    {"item": ITEM | {"channel": ["C0SBX000001"]}},
    {"item": ITEM | {"ts": None}},
    {"item": ITEM | {"ts": 1503435956.000247}},
    {"item": ITEM | {"ts": "yesterday"}},
    {"item": ITEM | {"ts": "99999999999999999999.1"}},
    {"user": None},
    {"user": {"id": "U0SBX000001"}},
    {"user": "lantern"},
    {"user": "B0SBX000001"},
    {"reaction": None},
    {"reaction": ""},
    {"reaction": "no such thing!"},
    {"reaction": "x" * 101},
    {"reaction": ["heart"]},
    {"event_ts": None},
    {"event_ts": 7},
    {"event_ts": "1503435957"},
    {"event_ts": "٣.٤"},
]


@pytest.mark.parametrize("wrong", SENSELESS)
def test_what_is_no_reaction_to_a_message_in_a_channel_is_nothing(wrong: dict[str, Any]) -> None:
    assert read_reaction(EVENT | wrong, added=True) is None
    assert read_reaction({}, added=True) is None


@pytest.mark.parametrize(
    ("reaction", "name"),
    [
        ("heart", "heart"),
        ("+1", "+1"),
        ("wave::skin-tone-2", "wave"),
        ("ありがとう", "ありがとう"),
        ("wave::skin-tone-7", None),
        ("wave::", None),
        ("::skin-tone-2", None),
        (":heart:", None),
        ("heart\n", None),
    ],
)
def test_an_emoji_goes_by_its_name_without_a_skin_tone(reaction: str, name: str | None) -> None:
    assert emoji_name(reaction) == name


stamps = st.builds(
    "{}.{}".format,
    st.integers(0, 9_999_999_999),
    st.text("0123456789", min_size=1, max_size=9),
)


@given(stamps, stamps)
def test_moments_are_ordered_as_the_numbers_that_slack_names_them_by(one: str, two: str) -> None:
    first, second = moment(one), moment(two)
    assert first is not None
    assert second is not None
    assert (first < second) == (Decimal(one) < Decimal(two))
    assert (first == second) == (Decimal(one) == Decimal(two))


def test_a_person_counts_once_with_the_last_of_their_emoji_that_stands() -> None:
    marks = [
        Mark("U1", "here", "1", stands=True),
        Mark("U1", "heart", "3", stands=False),
        Mark("U1", "bulb", "2", stands=True),
        Mark("U2", "here", "9", stands=False),
        Mark("U3", "here", "1", stands=True),
    ]
    assert tally(marks) == tally(reversed(marks)) == {"bulb": 1, "here": 1}
    assert tally([]) == {}


def test_who_was_invited_is_known_by_nothing_that_anybody_without_the_key_could_make() -> None:
    assert digest(b"k" * 32, "U1") == digest(b"k" * 32, "U1")
    assert len({digest(key, who) for key in (b"k", b"l") for who in ("U1", "U2")}) == 4
    assert "U1" not in digest(b"k", "U1")


def test_what_was_passed_on_stays_so_and_not_now_can_be_thought_over() -> None:
    assert [each for each in (None, *Choice) if is_open_to(each)] == [None, Choice.NOT_NOW]
