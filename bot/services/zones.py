"""Where somebody is, and what follows when that changes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.domain.rituals import LATE_AFTER
from bot.domain.weekly import Wish, moved, next_due
from storage import people, weekly
from storage.weekly import WeeklyRow


def keep_zone(connection: Connection, person: str, zone: str | None, *, now: datetime) -> None:
    """Keep what Slack says of where somebody is; None keeps what was known.

    Whoever is asked wherever they are is asked by the new clocks from now on: also for a time
    that came there just now, unless this week has had its question.
    """
    row = weekly.find(connection, person)
    people.set_zone(connection, person, zone, now=now)
    if row is None or row.next_at is None or zone is None:
        return
    wish = wish_of(row)
    before, after = wish.clocks(row.known_zone), wish.clocks(zone)
    if before == after:
        return
    remind_at = row.remind_at and moved(row.remind_at, wish=wish, before=before, after=after)
    next_at = next_due(wish, after, after=now - LATE_AFTER)
    weekly.asked(connection, person, ref=row.ref, next_at=next_at, remind_at=remind_at)


def wish_of(row: WeeklyRow) -> Wish:
    """Return when somebody wants to be asked."""
    return Wish(weekday=row.weekday, at_minute=row.at_minute, zone=row.zone, reminds=row.reminds)
