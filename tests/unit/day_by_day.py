"""What a rule names, found the slow way: every day is asked, and every offset of a zone is seen.

Nothing here is shared with what it is held against: no periods, no folds, no library of rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

ZONES = (
    "Africa/Cairo",  # clocks change at midnight
    "Africa/Casablanca",  # another time in Ramadan
    "Africa/Johannesburg",
    "America/Anchorage",
    "America/Asuncion",
    "America/Denver",
    "America/Halifax",
    "America/Havana",  # clocks change at midnight
    "America/Los_Angeles",
    "America/New_York",
    "America/Nuuk",  # clocks change on Saturday evening
    "America/Santiago",  # clocks change at midnight
    "America/Sao_Paulo",
    "America/St_Johns",  # half an hour off the others
    "Antarctica/Troll",  # clocks change by two hours
    "Asia/Almaty",  # one change for good
    "Asia/Beirut",  # clocks change at midnight
    "Asia/Gaza",
    "Asia/Jerusalem",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Atlantic/Azores",
    "Australia/Lord_Howe",  # clocks change by half an hour
    "Australia/Sydney",
    "Europe/Berlin",
    "Europe/Chisinau",
    "Europe/Dublin",  # winter is the exception there
    "Europe/Kyiv",
    "Europe/London",
    "Pacific/Auckland",
    "Pacific/Chatham",  # three quarters of an hour off, and changes at a quarter to
    "Pacific/Easter",
    "Pacific/Kiritimati",  # as far ahead as can be
    "Pacific/Norfolk",
    "UTC",
)
FIRST, LAST = datetime(2023, 12, 1, tzinfo=UTC), datetime(2042, 1, 1, tzinfo=UTC)
_MINUTE, _LOOK = timedelta(minutes=1), timedelta(hours=8)


@cache
def offsets(zone: str) -> Sequence[tuple[datetime, timedelta]]:
    """Return since when which offset from UTC holds in a zone, seen by looking all the time."""
    info, seen, found = ZoneInfo(zone), FIRST, [(FIRST, _offset(FIRST, ZoneInfo(zone)))]
    while seen < LAST:
        ahead = seen + _LOOK
        if _offset(ahead, info) != found[-1][1]:
            while _offset(seen, info) == found[-1][1]:
                seen += _MINUTE
            found.append((seen, _offset(seen, info)))
        seen = ahead
    return found


def instant(day: date, minute: int, zone: str) -> datetime:
    """Return the first minute at which the clocks of a zone show this time, or are past it."""
    wanted = datetime(day.year, day.month, day.day, tzinfo=UTC) + minute * _MINUTE
    periods = offsets(zone)
    ends = [since for since, _ in periods[1:]] + [LAST]
    for (since, offset), end in zip(periods, ends, strict=True):
        if max(since, wanted - offset) < end:
            return max(since, wanted - offset)
    raise AssertionError(f"{day} is outside of what was looked at")


def days(rule: str, starts_on: date, last: date) -> Iterator[date]:
    """Return every day up to `last` that a canonical rule names, by asking each day."""
    parts = dict(part.split("=") for part in rule.split(";"))
    positions = [int(each) for each in parts.get("BYSETPOS", "").split(",") if each]
    times = int(parts.get("COUNT", 10**6))
    if "UNTIL" in parts:
        last = min(last, date.fromisoformat(parts["UNTIL"]))
    day, end = _period(parts["FREQ"], starts_on)[1], last + timedelta(days=366)
    named: list[date] = []
    period = _period(parts["FREQ"], day)
    while day <= end and times:
        if _period(parts["FREQ"], day) != period:
            for each in _at(named, positions):
                if starts_on <= each <= last and times:
                    times -= 1
                    yield each
            named, period = [], _period(parts["FREQ"], day)
            if day > last:
                return
        if _is_named(parts, starts_on, day):
            named.append(day)
        day += timedelta(days=1)


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).replace(tzinfo=UTC) - moment


def _period(freq: str, day: date) -> tuple[int, date]:
    """Number the period that a day lies in, and give its first day."""
    if freq == "DAILY":
        return (day - date(1, 1, 1)).days, day
    if freq == "WEEKLY":
        while day.isoweekday() != 1:
            day -= timedelta(days=1)
        return (day - date(1, 1, 1)).days // 7, day
    if freq == "MONTHLY":
        return day.year * 12 + day.month, day.replace(day=1)
    return day.year, day.replace(month=1, day=1)


def _at(named: Sequence[date], positions: Sequence[int]) -> Sequence[date]:
    return [
        day
        for number, day in enumerate(named)
        if not positions or number + 1 in positions or number - len(named) in positions
    ]


def _is_named(parts: dict[str, str], starts_on: date, day: date) -> bool:
    freq = parts["FREQ"]
    between = _period(freq, day)[0] - _period(freq, starts_on)[0]
    if between % int(parts.get("INTERVAL", "1")):
        return False
    if "BYMONTH" in parts and str(day.month) not in parts["BYMONTH"].split(","):
        return False
    if "BYMONTHDAY" in parts and not _numbers(day) & set(parts["BYMONTHDAY"].split(",")):
        return False
    if "BYDAY" in parts and not _weekdays(day) & set(parts["BYDAY"].split(",")):
        return False
    if "BYDAY" in parts or "BYMONTHDAY" in parts or freq == "DAILY":
        return True
    if freq == "WEEKLY":
        return day.isoweekday() == starts_on.isoweekday()
    in_month = freq == "MONTHLY" or "BYMONTH" in parts or day.month == starts_on.month
    return in_month and day.day == starts_on.day


def _numbers(day: date) -> set[str]:
    return {str(day.day), str(day.day - 1 - _length(day))}


def _weekdays(day: date) -> set[str]:
    name = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[day.isoweekday() - 1]
    from_end = (_length(day) - day.day) // 7 + 1
    return {name, f"{(day.day - 1) // 7 + 1}{name}", f"-{from_end}{name}"}


def _length(day: date) -> int:
    following = day.replace(day=28) + timedelta(days=4)
    return (following - timedelta(days=following.day)).day
