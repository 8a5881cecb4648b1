"""How long each class of what is kept stays; whoever runs Hearth may shorten it, never lengthen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

CHECKINS_DAYS = 396
"""Thirteen months, so that a year can be looked back on."""

ENDED_ROLES_DAYS = 730
"""Two years, in which somebody may ask who could receive concerns, and by whose word."""

EXPORT_MINUTES = 60
"""Long enough to save a file, and short enough that few come across it."""

UNSENT_EXPORT = timedelta(hours=24)
"""How long it is tried to send an export; later nobody waits for it."""

GONE_DAYS = 30
"""After so long, whoever was deactivated in Slack is forgotten."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long what is kept stays."""

    checkins_days: int = CHECKINS_DAYS
    ended_roles_days: int = ENDED_ROLES_DAYS
    export_minutes: int = EXPORT_MINUTES
    gone_days: int = GONE_DAYS


def export_is_over(
    now: datetime, *, asked_at: datetime, sent_at: datetime | None, minutes: int
) -> bool:
    """Whether the file of an export has to go: `minutes` after it was there, or never came."""
    if sent_at is None:
        return now - asked_at >= UNSENT_EXPORT
    return now - sent_at >= timedelta(minutes=minutes)
