"""What becomes of what is planned for a ritual when somebody changes it.

Each of these belongs into the transaction of the change, which holds the ritual's row first: so
does the clock, and neither waits for the other in a circle.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from bot.domain.delivery import Kind
from bot.services.correspondence import say
from storage import posts, rituals


def release(connection: Connection, ritual: UUID, *, now: datetime) -> bool:
    """Drop what is planned for a ritual, with whoever was asked to hold it.

    Returns:
        Whether something was put into the outbox: what was announced is taken away again.
    """
    rituals.hold(connection, ritual)
    told = False
    for each in rituals.remove_planned(connection, ritual):
        told = take_back(connection, each, now=now) or told
    return told


def plan_anew(connection: Connection, ritual: UUID, *, now: datetime) -> None:
    """Have the next occurrence of a ritual planned at the next tick; nothing due by now counts."""
    rituals.to_plan(connection, [ritual], after=now)


def take_back(connection: Connection, occurrence: UUID, *, now: datetime) -> bool:
    """Take the announcement of an occurrence away, if it stands; False if it does not."""
    stands = posts.find(connection, Kind.RITUAL_SOON, occurrence)
    if stands is None:
        return False
    kind, channel = Kind.RITUAL_SOON, stands[0]
    say(connection, kind, occurrence, occasion="taken back", channel=channel, now=now)
    return True
