"""Rules of sharing: which part of a check-in may be shown to which cohort.

Nothing is shared unless somebody says so in that very form.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.checkins import Answer
from bot.domain.cohorts import Cohort
from bot.domain.delivery import NOBODY_KNOWS
from bot.domain.visibility import Part, Shared
from bot.errors import InvalidAnswer, Problem


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose in the form, as far as it could be read."""

    part: Part | None = None
    """None shares nothing."""
    cohort: str | None = None
    """The id of the cohort."""


NOTHING = Choice()


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedCheckIn:
    """What a cohort sees, and whose it is."""

    person: str
    day: date
    answer: Answer
    shared: Shared


def looks_the_same(part: Part, before: Answer, after: Answer) -> bool:
    """Whether a cohort that is shown `part` would see no difference."""
    if part is Part.NOTE:
        return before.note == after.note
    if part is Part.MOOD_AND_CAPACITY and before.mood != after.mood:
        return False
    return before.capacity == after.capacity


class Unsent(StrEnum):
    """Why something could not be posted, as far as it helps the person who reads it."""

    NOT_IN_CHANNEL = "not in channel"
    ARCHIVED = "archived"
    NOBODY_KNOWS = "nobody knows"
    REFUSED = "refused"


def why_unsent(code: str) -> Unsent:
    """Return what a code of Slack's, or one of ours, means to a person."""
    return _REASONS.get(code, Unsent.REFUSED)


_REASONS = {
    "channel_not_found": Unsent.NOT_IN_CHANNEL,
    "not_in_channel": Unsent.NOT_IN_CHANNEL,
    "is_archived": Unsent.ARCHIVED,
    "is_inactive": Unsent.ARCHIVED,
    NOBODY_KNOWS: Unsent.NOBODY_KNOWS,
}


def check(choice: Choice, answer: Answer, cohorts: Iterable[Cohort]) -> Shared | None:
    """Return what is to be shown where, or None.

    Args:
        choice: what the person chose.
        answer: their check-in.
        cohorts: those that they belong to, and the chosen one if it was closed.

    Raises:
        InvalidAnswer: no cohort was chosen, or none that the person belongs to, or one that was
            closed or with which nothing is shared just now; or there is no note to show.
    """
    if choice.part is None:
        return None
    if choice.cohort is None:
        raise InvalidAnswer({"cohort": Problem.MISSING})
    chosen = next((each for each in cohorts if str(each.id) == choice.cohort), None)
    if chosen is None:
        raise InvalidAnswer({"cohort": Problem.NOT_YOURS})
    if chosen.is_closed:
        raise InvalidAnswer({"cohort": Problem.CLOSED})
    if chosen.is_halted:
        raise InvalidAnswer({"cohort": Problem.PAUSED})
    if choice.part is Part.NOTE and answer.note is None:
        raise InvalidAnswer({"share": Problem.NOTHING_TO_SHARE})
    return Shared(choice.part, chosen.channel)
