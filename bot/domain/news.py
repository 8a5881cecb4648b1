"""What whoever runs a cohort is told of it without asking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

KEPT_FOR = timedelta(days=7)
"""How long it stays after it was made, told or not."""


class Topic(StrEnum):
    """What happened."""

    RENAMED = "renamed"
    """The cohort's channel has another name."""
    RITUAL_MISSED = "ritual_missed"
    """Hearth was away, and it was too late afterwards."""
    RITUAL_FULL = "ritual_full"
    """The week had no room for it."""
    RITUAL_HALTED = "ritual_halted"
    """It was left out, because nothing is posted in the cohort just now."""
    RITUAL_UNSENT = "ritual_unsent"
    """It could not be posted."""
    RITUAL_ENDED = "ritual_ended"
    """It has no further date."""
    RITUAL_BROKEN = "ritual_broken"
    """Something it was set up with is not known any more, so it was paused."""
    NOBODY_HOLDS = "nobody_holds"
    """Nobody on the rota holds a ritual that comes soon. Texts: title, due_at (ISO 8601)."""


@dataclass(frozen=True, slots=True)
class News:
    """One thing to tell one person."""

    person: str
    cohort: str
    """The cohort's name, as people typed it."""
    channel: str
    topic: Topic
    details: Mapping[str, str]
    """Texts that the topic's words need; none of them names anybody."""
