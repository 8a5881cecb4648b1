"""Rules about joining: what is agreed to, where a person lives, when their day begins.

Each purpose has a consent of its own. Nothing is ever chosen for anybody.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import ConsentNeeded, InvalidAnswer, Problem

ELSEWHERE = "ZZ"
"""The country of somebody whose country is not in our list (ISO 3166 leaves ZZ to users)."""

CHECKINS = "checkins"
"""The purpose without which nothing is kept."""

SAFETY = "safety_notes"
"""Reading notes for words of somebody who may need help; its consent has a level."""


class Safety(StrEnum):
    """How far somebody lets their own notes be read for their safety."""

    OFF = "off"
    HELP = "help"
    """They are shown help; nothing is stored and nobody is told."""
    TELL = "tell"
    """At the gravest level the duty moderator is told as well."""


_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?")


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the first screen asks for, and the form of one's choices, as far as it could be read."""

    agreed: bool
    country: str | None
    safety: str | None = None
    words: str | None = None
    """The version of the words that were on the screen; None where there was no screen."""


@dataclass(frozen=True, slots=True)
class Joining:
    """What the first screen has to tell."""

    moderators: Sequence[str]
    """Slack user ids."""
    checkins_days: int
    """How long a check-in is kept."""
    again: bool = False
    """Whether they agreed to earlier words."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody has chosen, and can change one by one."""

    checkins: bool
    safety: Safety
    country: str


def check_words(agreement: Agreement, *, version: str) -> None:
    """Refuse an agreement to other words than those of today's version.

    Raises:
        ConsentNeeded: they have to be read once more.
    """
    if agreement.words not in (None, version):
        raise ConsentNeeded


def check_agreement(agreement: Agreement, *, countries: Container[str]) -> str:
    """Return the chosen country of an agreement that can be recorded.

    Raises:
        InvalidAnswer: not agreed, or no country of the list was chosen.
    """
    return _checked(agreement, countries=countries, must_agree=True).country


def check_choices(agreement: Agreement, *, countries: Container[str]) -> Choices:
    """Return what was chosen; the check-ins may be taken back, and no safety level means off.

    Raises:
        InvalidAnswer: no country of the list, or no level that there is.
    """
    return _checked(agreement, countries=countries, must_agree=False)


def _checked(agreement: Agreement, *, countries: Container[str], must_agree: bool) -> Choices:
    problems: dict[str, Problem] = {}
    if must_agree and not agreement.agreed:
        problems["agreed"] = Problem.MISSING
    if agreement.country is None:
        problems["country"] = Problem.MISSING
    elif agreement.country not in countries:
        problems["country"] = Problem.NOT_A_CHOICE
    safety = agreement.safety or Safety.OFF
    if safety not in set(Safety):
        problems["safety"] = Problem.NOT_A_CHOICE
    if problems or agreement.country is None:
        raise InvalidAnswer(problems)
    return Choices(agreement.agreed, Safety(safety), agreement.country)


def read_day_start(text: str) -> int | None:
    """Return the minutes after midnight that "5", "05:00" or "5.30" mean, or None."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    return hour * 60 + minute if hour < 24 and minute < 60 else None
