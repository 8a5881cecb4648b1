"""Rules about joining: what is agreed to, where a person lives, when their day begins."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass

from bot.errors import InvalidAnswer, Problem

ELSEWHERE = "ZZ"
"""The country of somebody whose country is not in our list (ISO 3166 leaves ZZ to users)."""

CHECKINS = "checkins"
"""The one purpose there is consent for so far."""

RETENTION_DAYS = 396
"""How long a check-in is kept: thirteen months, so that a year can be looked back on."""

_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?")


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the first screen asks for."""

    agreed: bool
    country: str | None


def check_agreement(agreement: Agreement, *, countries: Container[str]) -> str:
    """Return the chosen country of an agreement that can be recorded.

    Raises:
        InvalidAnswer: not agreed, or no country of the list was chosen.
    """
    problems: dict[str, Problem] = {}
    if not agreement.agreed:
        problems["agreed"] = Problem.MISSING
    if agreement.country is None:
        problems["country"] = Problem.MISSING
    elif agreement.country not in countries:
        problems["country"] = Problem.NOT_A_CHOICE
    if problems or agreement.country is None:
        raise InvalidAnswer(problems)
    return agreement.country


def read_day_start(text: str) -> int | None:
    """Return the minutes after midnight that "5", "05:00" or "5.30" mean, or None."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    return hour * 60 + minute if hour < 24 and minute < 60 else None
