"""Rules of reactions: what an event says, and which of several has the last word."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from bot.domain.cohorts import is_channel

INVITED_AGAIN_AFTER = timedelta(days=365)
"""Whoever was invited to a cohort is left alone for so long."""

OFFERS_A_DAY = 5
"""So often somebody is offered in a day to do something kind; more often it would be noise."""

OFFERS_KEPT_FOR = timedelta(days=7)

PASSED_ON_EVERY = timedelta(days=1)
"""In so long nobody gets more than one kind word, and one suggestion, through Hearth."""

_PERSON = re.compile(r"[UW][A-Z0-9]{6,20}")
_EMOJI = re.compile(r"([\w+'-]{1,100})(::skin-tone-[2-6])?")
_TS = re.compile(r"([0-9]{1,10})\.([0-9]{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """One reaction to one message, added or removed."""

    person: str
    channel: str
    ts: str
    """Slack's name for the message."""
    emoji: str
    """Slack's name for it, without colons and skin tone."""
    at: str
    """When it was, as `moment` writes it."""
    added: bool
    author: str | None
    """Who wrote the message; None for some that no person wrote."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One emoji of one person on one post, as the latest event about it says."""

    person: str
    emoji: str
    at: str
    stands: bool


class Choice(StrEnum):
    """What somebody does about a message that they gave a sign of support."""

    KIND_WORD = "kind_word"
    SUGGESTION = "suggestion"
    NOT_NOW = "not_now"


def read_reaction(event: Mapping[str, Any], *, added: bool) -> Reaction | None:
    """Return what an event of Slack says; None for what is about no message in a channel.

    None as well for one that is not as Slack documents it: it would be so each time it came.
    """
    item = event.get("item")
    if not isinstance(item, dict) or item.get("type") != "message":
        return None
    person, channel, ts = event.get("user"), item.get("channel"), item.get("ts")
    emoji, at = emoji_name(event.get("reaction")), moment(event.get("event_ts"))
    if not isinstance(channel, str) or not is_channel(channel):
        return None
    if not isinstance(ts, str) or moment(ts) is None or not _is_person(person):
        return None
    if emoji is None or at is None:
        return None
    author = event.get("item_user")
    return Reaction(
        person=str(person),
        channel=channel,
        ts=ts,
        emoji=emoji,
        at=at,
        added=added,
        author=str(author) if _is_person(author) else None,
    )


def emoji_name(reaction: object) -> str | None:
    """Return an emoji's name without its skin tone, or None for what is no name."""
    found = _EMOJI.fullmatch(reaction) if isinstance(reaction, str) else None
    return found[1] if found else None


def moment(ts: object) -> str | None:
    """Return Slack's name for a moment so that a later one is a greater text; None for no name."""
    found = _TS.fullmatch(ts) if isinstance(ts, str) else None
    return f"{found[1]:0>10}.{found[2]:0<9}" if found else None


def tally(marks: Iterable[Mark]) -> Mapping[str, int]:
    """Return how many people respond with each emoji to one post.

    A person's response is what they added last among the emoji of theirs that stand.
    """
    latest: dict[str, tuple[str, str]] = {}
    for mark in marks:
        if mark.stands:
            said = (mark.at, mark.emoji)
            latest[mark.person] = max(said, latest.get(mark.person, said))
    return Counter(emoji for _, emoji in latest.values())


def digest(key: bytes, person: str) -> str:
    """Return what stands for somebody of whom nothing else is kept (HMAC-SHA256)."""
    return hmac.new(key, person.encode(), hashlib.sha256).hexdigest()


def is_open_to(chosen: Choice | None) -> bool:
    """Whether something can still be done about a message: what was passed on stays so."""
    return chosen in (None, Choice.NOT_NOW)


def _is_person(value: object) -> bool:
    return isinstance(value, str) and _PERSON.fullmatch(value) is not None
