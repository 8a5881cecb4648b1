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
