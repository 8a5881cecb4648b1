"""What stands before the first check-in: short enough to be read, every word one click away."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from bot import content
from bot.domain.checkin_command import Quick
from bot.domain.people import Joining
from bot.views import people
from bot.views.blocks import View

WORDS_A_MINUTE = 240
SECONDS_TO_PRESS = 8
"""Thirty-two keys from the command to the receipt, four in a second; eleven clicks take less."""

AGREED_TO = ("2026-11-22.6", "e9f147b0b4df72d2")
"""The version of the words and their digest. Whoever changes the words changes both, unless the
meaning stays as it was; then the digest alone."""

JOINING = Joining(["U1", "U2"], 396)
PROMISES = [
    *("manager", "HR", "law", "server", "backups", "export", "/checkin forget", "encrypted"),
    *("13 months", "emergency number", "cannot see your check-ins", "now and later"),
]


def words_of(view: View) -> str:
    """Return all that is read in a view, without its buttons and the names in its menus."""
    return " ".join(_texts([block for block in view["blocks"] if block["type"] != "actions"]))


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for each in part:
            yield from _texts(each)
    elif isinstance(part, dict):
        if isinstance(part.get("text"), str):
            yield part["text"]
        for name, each in part.items():
            if not (name == "options" and part.get("type") == "static_select"):
                yield from _texts(each)


def test_it_is_read_and_answered_within_a_minute() -> None:
    read = words_of(people.consent(Quick(), JOINING)).split()
    assert 60 * len(read) / WORDS_A_MINUTE + SECONDS_TO_PRESS <= 60


def test_every_short_word_has_its_long_ones() -> None:
    full = dict(content.consent_points(short=False))
    assert set(dict(content.consent_points(short=True))) <= set(full)
    assert all(full.values())


@pytest.mark.parametrize("names", [["U1"], ["U1", "U2"]])
def test_both_name_the_moderators(names: list[str]) -> None:
    joining = Joining(names, 396)
    for view in (people.consent(Quick(), joining), people.consent_in_full(joining)):
        assert ", ".join(f"<@{each}>" for each in names) in words_of(view)


@pytest.mark.parametrize("promise", PROMISES)
def test_neither_leaves_a_promise_or_a_limit_out(promise: str) -> None:
    assert promise in words_of(people.consent(Quick(), JOINING))
    assert promise in words_of(people.consent_in_full(JOINING))


def test_whoever_changes_the_words_thinks_of_their_version() -> None:
    words = Path(content.__file__).with_name("consent.yml").read_bytes()
    assert (content.consent_version(), sha256(words).hexdigest()[:16]) == AGREED_TO
