"""What a cohort is: colleagues with a channel of their own, and a purpose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from bot.errors import InvalidAnswer, Problem, Refusal
from bot.ports import Channel, Profile

NAME_LIMIT = 60
"""Longest name, in characters: it has to fit beside "With which cohort?" on a phone."""

LOOK_EVERY = timedelta(minutes=15)
"""How often a cohort's channel is looked at; Slack does not tell when one is made public."""

COUNT_EVERY = timedelta(days=7)
"""How often members are counted: seldom enough that nobody's coming or going shows."""

CANNOT_BE_SAID = frozenset({Refusal.ARCHIVED, Refusal.NOT_INSIDE})
"""Why nothing can be said or taken away in a channel; it can, once that is mended."""

_BANDS = (5, 10, 20, 50, 100)


class Purpose(StrEnum):
    """What a cohort is for."""

    SUPPORT = "support"
    SKILL = "skill"
    ACCOUNTABILITY = "accountability"


class Verb(StrEnum):
    """The things /cohort can do."""

    CREATE = "create"
    JOIN = "join"
    LEAVE = "leave"
    LIST = "list"
    SETTINGS = "settings"
    ROTA = "rota"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Cohort:
    """One cohort."""

    id: UUID
    name: str
    channel: str
    """Slack channel id."""
    is_halted: bool = False
    """Whether nothing is shared with it just now."""
    has_decider: bool = False
    """Whether somebody belongs to it who decides on others' work or pay."""
    is_open: bool = False
    """Whether everybody in the company can read its channel."""
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Founding:
    """What the form for a new cohort asks for."""

    name: str
    purpose: Purpose
    welcomes_deciders: bool
    may_be_open: bool
    """Whether it was said that everybody in the company may read its channel."""

    @property
    def takes_open_channels(self) -> bool:
        """Whether everybody may read its channel; where people support one another, if said."""
        return self.may_be_open or self.purpose is not Purpose.SUPPORT


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What stands in a cohort's channel about it."""

    id: UUID
    name: str
    channel: str
    purpose: Purpose
    welcomes_deciders: bool
    has_decider: bool
    is_open: bool
    halted_for: Refusal | None
    is_closed: bool
    facilitators: Sequence[str]
    guidelines: str


@dataclass(frozen=True, slots=True)
class Door:
    """What somebody sees who asks to join or leave a cohort."""

    cohort: Cohort
    guidelines: str
    knows_hearth: bool
    """Whether they have agreed to what Hearth keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A cohort as somebody sees it in their list."""

    cohort: Cohort
    purpose: Purpose
    halted_for: Refusal | None
    is_mine: bool
    """Whether they belong to it."""
    is_run: bool
    """Whether they may change and close it."""
    band: str | None
    """How many belong to it; None for whoever is not to see that."""


def read_verb(text: str) -> Verb:
    """Return what the text after /cohort asks for; help, where that is not clear."""
    word = text.strip().lower()
    return Verb(word) if word in set(Verb) else Verb.HELP


def check_cohort(name: str, channel: str, people: Iterable[str]) -> None:
    """Refuse what is no cohort.

    Raises:
        InvalidAnswer: the name is empty, has several lines or does not fit; or an id is not one of
            Slack's (C or G for channels, U or W for people).
    """
    problems = _name_problems(name)
    if not is_channel(channel):
        problems["channel"] = Problem.NOT_A_CHOICE
    if not all(re.fullmatch(r"[UW][A-Z0-9]{6,20}", person) for person in people):
        problems["member"] = Problem.NOT_A_CHOICE
    if problems:
        raise InvalidAnswer(problems)


def is_channel(channel: str) -> bool:
    """Whether this is the id of a channel, and not of a direct message."""
    return re.fullmatch(r"[CG][A-Z0-9]{6,20}", channel) is not None


def check_founding(
    name: str | None, purpose: str | None, *, welcomes_deciders: bool, may_be_open: bool
) -> Founding:
    """Return what the raw fields of the form stand for.

    Raises:
        InvalidAnswer: names each field that cannot be kept, and why.
    """
    name = (name or "").strip()
    problems = _name_problems(name)
    if purpose not in set(Purpose):
        problems["purpose"] = Problem.MISSING if purpose is None else Problem.NOT_A_CHOICE
    if problems:
        raise InvalidAnswer(problems)
    return Founding(name, Purpose(purpose or ""), welcomes_deciders, may_be_open)


def _name_problems(name: str) -> dict[str, Problem]:
    if not name.strip():
        return {"name": Problem.MISSING}
    fits = len(name) <= NAME_LIMIT and name.isprintable()
    return {} if fits else {"name": Problem.TOO_LONG}


def trouble(channel: Channel, *, may_be_open: bool) -> Refusal | None:
    """Return why nothing may be shared in a channel, as far as the channel itself tells."""
    if channel.is_direct:
        return Refusal.NOT_A_CHANNEL
    if channel.is_archived:  # Slack counts nobody as inside then
        return Refusal.ARCHIVED
    if not channel.is_inside:
        return Refusal.NOT_INSIDE
    if channel.is_shared:
        return Refusal.SHARED
    if not channel.is_private and not may_be_open:
        return Refusal.OPEN
    return None


def is_halted(reason: str | None, *, is_closed: bool = False) -> bool:
    """Whether nothing is posted in a cohort that stands like this; one not looked at yet may be."""
    return is_closed or reason not in (None, Refusal.UNSEEN)


def is_guest(profile: Profile) -> bool:
    """Whether this is a person who is not of the company."""
    return not profile.is_bot and (profile.is_guest or profile.is_stranger)


def no_place(*, decides: bool, welcomes_deciders: bool, facilitates: bool) -> Refusal | None:
    """Return why somebody cannot belong to a cohort, by what they said of themselves."""
    if decides and not welcomes_deciders:
        return Refusal.DECIDES
    if decides and facilitates:
        return Refusal.DECIDES_AND_FACILITATES
    return None


def band(members: int) -> str:
    """Return the band that a number of members lies in, such as "fewer than 5" or "5 to 9"."""
    if members < _BANDS[0]:
        return f"fewer than {_BANDS[0]}"
    for low, high in pairwise(_BANDS):
        if members < high:
            return f"{low} to {high - 1}"
    return f"{_BANDS[-1]} or more"
