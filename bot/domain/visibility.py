"""Who gets to see what a person gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Part(StrEnum):
    """What of a check-in can be shown to others."""

    CAPACITY = "capacity"
    MOOD_AND_CAPACITY = "mood_and_capacity"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Shared:
    """A part of a check-in that is shown in a channel."""

    part: Part
    channel: str
    """Slack channel id."""


@dataclass(frozen=True, slots=True)
class Visibility:
    """Everybody, besides the person, to whom something given will be shown.

    Built by the service that routes it, never by the form that talks about it, so that "Who
    will see this" cannot promise more than the routing keeps.
    """

    shared: Shared | None = None
    """What of it is shown."""
    may_share: bool = False
    """Whether the person can choose, right there, to show a part of it."""
    has_decider: bool = False
    """Whether somebody is among those who may see it who decides on others' work or pay."""
    is_open: bool = False
    """Whether everybody in the company can read where it is shown, or may be."""


class Viewer(StrEnum):
    """Who might see something of a person."""

    YOU = "you"
    COHORT = "cohort"
    """Everyone in the channel of one of their cohorts."""
    MODERATOR = "moderator"
    LEAD = "lead"
    MANAGER = "manager"
    """Whoever decides on their work or pay; no role in the programme."""
    ADMIN = "admin"
    """A workspace admin, through Hearth."""
    OPERATOR = "operator"
    """Whoever runs the server and holds the key."""
    COMPANY = "company"
    """Whoever may export what is in Slack."""


class Thing(StrEnum):
    """What there is about a person."""

    ANSWERS = "answers"
    NOTES = "notes"
    SHARED = "shared"
    CHANNELS = "channels"
    """That they are in the channel of a cohort, which is Slack's own to show."""
    COHORTS = "cohorts"
    """Which cohorts they joined."""
    REACTIONS = "reactions"
    """How they reacted to the rituals of their cohorts, which stands in Slack as well."""
    ROTA = "rota"
    """That they would hold rituals, and when they were asked."""
    JOINED = "joined"
    CHOICES = "choices"
    ROLES = "roles"
    COPY = "copy"


class Sight(StrEnum):
    """How much of it somebody sees."""

    ALL = "all"
    NEVER = "never"
    WHAT_YOU_SHARE = "what you share"
    IN_CHANNEL = "in channel"
    """As anybody does who is in that channel."""
    BANDS = "bands"
    """Only how many there are, as a band."""
    NAMED = "named"
    """That somebody leads, moderates or supports, which everybody may know; and that they run a
    cohort, which its notice says in its channel."""
    HOLDING = "holding"
    """That they hold a ritual, which its post says."""
    COULD = "could"
    COULD_WITH_KEY = "could with key"
    EXPORT = "export"
    """Through Slack's own export, on plans that have it."""
    HOUR = "hour"
    """As `EXPORT`, while the files are there."""


def _row(
    *, cohort: Sight, moderator: Sight, lead: Sight, manager: Sight, admin: Sight, company: Sight
) -> dict[Viewer, Sight]:
    return {
        Viewer.YOU: Sight.ALL,
        Viewer.COHORT: cohort,
        Viewer.MODERATOR: moderator,
        Viewer.LEAD: lead,
        Viewer.MANAGER: manager,
        Viewer.ADMIN: admin,
        Viewer.OPERATOR: Sight.COULD,
        Viewer.COMPANY: company,
    }


def _only_you(*, cohort: Sight = Sight.NEVER, company: Sight = Sight.NEVER) -> dict[Viewer, Sight]:
    never = Sight.NEVER
    return _row(
        cohort=cohort, moderator=never, lead=never, manager=never, admin=never, company=company
    )


def _in_channel() -> dict[Viewer, Sight]:
    there = Sight.IN_CHANNEL
    return _row(
        cohort=Sight.ALL,
        moderator=there,
        lead=there,
        manager=there,
        admin=there,
        company=Sight.EXPORT,
    )


WHO_SEES: Mapping[Thing, Mapping[Viewer, Sight]] = {
    Thing.ANSWERS: _only_you(cohort=Sight.WHAT_YOU_SHARE),
    Thing.NOTES: _only_you(cohort=Sight.WHAT_YOU_SHARE) | {Viewer.OPERATOR: Sight.COULD_WITH_KEY},
    Thing.SHARED: _in_channel(),
    Thing.CHANNELS: _in_channel(),
    Thing.COHORTS: _only_you() | {Viewer.LEAD: Sight.BANDS},
    Thing.REACTIONS: _in_channel(),
    Thing.ROTA: _only_you(cohort=Sight.HOLDING, company=Sight.EXPORT) | {Viewer.LEAD: Sight.BANDS},
    Thing.JOINED: _only_you(),
    Thing.CHOICES: _only_you(),
    Thing.ROLES: _row(
        cohort=Sight.NAMED,
        moderator=Sight.NAMED,
        lead=Sight.ALL,
        manager=Sight.NAMED,
        admin=Sight.NAMED,
        company=Sight.EXPORT,
    ),
    Thing.COPY: _only_you(company=Sight.HOUR),
}
"""The one table of who sees what; the page of the person and docs/privacy.md are made from it."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """What of a person others can see just now."""

    shared: Sequence[tuple[date, Shared]]
    """Every part that stands in a channel, the latest day first."""
    cohorts: Sequence[str]
    """The Slack channel ids of their cohorts."""
    copies: int
    """How many copies of their data are in their direct messages."""
