"""A person's own day."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MINUTES_A_DAY = 24 * 60


def own_day(now: datetime, *, zone: str | None, starts_minute: int) -> date:
    """Return the day that `now` belongs to for a person in `zone`.

    Their day begins `starts_minute` minutes after local midnight: for somebody whose day
    starts at 05:00, two in the morning still belongs to the evening before. It is the wall
    clock that counts, so a day with a clock change has one hour more or less and no gap.
    An unknown zone is taken as UTC.

    Args:
        now: an aware instant.
        zone: IANA name, None when nobody has told us.
        starts_minute: 0 to 1439.
    """
    local = now.astimezone(_zone(zone))
    minute = local.hour * 60 + local.minute
    return local.date() - timedelta(days=1 if minute < starts_minute else 0)


def local_time(instant: datetime, zone: str | None) -> datetime:
    """Return `instant` as the person's wall clock shows it."""
    return instant.astimezone(_zone(zone))


def minutes_of(clock: str | None) -> int | None:
    """Return the minutes after midnight of a time such as "05:30", or None if it is none."""
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", clock or "", re.ASCII)
    return 60 * int(found[1]) + int(found[2]) if found else None


def is_zone(name: str) -> bool:
    """Whether `name` is a time zone that we can reckon with."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _zone(name: str | None) -> ZoneInfo:
    return ZoneInfo(name) if name is not None and is_zone(name) else ZoneInfo("UTC")
