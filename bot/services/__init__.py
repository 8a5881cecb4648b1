"""Use cases: one verb each. A rule, then storage, in that order."""

from __future__ import annotations

from dataclasses import dataclass

from bot.services.checkins import CheckIns
from bot.services.people import People


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a handler or a job may ask for."""

    checkins: CheckIns
    people: People
