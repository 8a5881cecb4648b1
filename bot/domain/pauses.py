"""Rules of pausing: for how long Hearth asks somebody nothing of its own accord."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

UNTIL_I_SAY = date.max
"""The day of a pause that only the person ends."""

LONGEST = timedelta(days=731)
"""Whoever wants longer than two years can pause until they say."""

_OFF = {"off", "end", "stop", "over", "resume"}
_OPEN = {"until i say", "till i say"}
_SPAN = re.compile(r"([0-9]{1,3}) ?(d|days?|w|weeks?)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST_TEXT = 40


@dataclass(frozen=True, slots=True)
class Pause:
    """How long somebody wants to be left alone."""

    until: date | None
    """The first day on which they may be asked again; None when they are not paused."""


def read_pause(text: str, *, today: date) -> Pause | None:
    """Return what "2w", "10 days", "2026-12-31", "until I say" or "off" mean, or None.

    A day that is past, or further away than `LONGEST`, is not guessed at.
    """
    if len(text) > _LONGEST_TEXT:
        return None
    words = " ".join(text.lower().split())
    if words in _OFF:
        return Pause(None)
    if words in _OPEN:
        return Pause(UNTIL_I_SAY)
    span = _SPAN.fullmatch(words.removeprefix("for "))
    if span is not None:
        number = int(span[1])
        return _until(today + timedelta(days=number * (7 if span[2][0] == "w" else 1)), today)
    named = words.removeprefix("until ")
    if _DATE.fullmatch(named) is None:
        return None
    try:
        return _until(date.fromisoformat(named), today)
    except ValueError:
        return None


def is_paused(until: date | None, *, day: date) -> bool:
    """Whether somebody is to be left alone on a day of theirs."""
    return until is not None and day < until


def _until(day: date, today: date) -> Pause | None:
    return Pause(day) if today < day <= today + LONGEST else None
