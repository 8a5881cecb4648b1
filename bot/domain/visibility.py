"""Who gets to see what a person gives."""

from __future__ import annotations

from dataclasses import dataclass
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
