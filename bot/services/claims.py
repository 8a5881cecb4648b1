"""The steps of a tick: each finds some occurrences, changes them and says so, in one transaction.

Who posts is decided in the database: what is due is claimed with its ritual's row held, only what
is still planned is taken, and a ritual has a day only once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from bot.domain.delivery import TOO_LATE, Kind
from bot.domain.news import Topic
from bot.domain.rhythm import closes_at, is_too_late
from bot.domain.rituals import Mode, State
from bot.errors import Refusal
from bot.services import budget
from bot.services.correspondence import say, say_all
from bot.services.news import tell
from bot.services.occurrences import plan
from storage import posts, ritual_claims, ritual_planning, rituals
from storage.ritual_claims import DueRow

CLAIMS = 500
"""So many occurrences are claimed in one transaction."""

LATE_ONES = 50
"""So many that it is too late for: each of them is planned anew in the same transaction."""

HALTED = "halted"
"""Why an occurrence is skipped in whose channel nothing is posted just now."""


def is_halted(reason: str | None) -> bool:
    """Whether nothing is posted in a cohort that stands like this; one not looked at yet may be."""
    return reason not in (None, Refusal.UNSEEN)


@dataclass(frozen=True, slots=True)
class Done:
    """What a step has done."""

    more: bool
    """Whether there may be more to do."""
    told: bool
    """Whether something was put into the outbox."""


def claim(connection: Connection, *, now: datetime, late: timedelta, patient: bool) -> Done:
    """Claim what is due, the latest first, or note as missed what it is too late for.

    Args:
        connection: a transaction of its own.
        now: the present instant.
        late: after how long it is too late.
        patient: wait for rituals that somebody else holds; else they are left out.
    """
    rows = ritual_claims.claimable(connection, now, limit=CLAIMS, patient=patient)
    too_late = [row for row in rows if _is_too_late(row, now, late)]
    on_time = [row for row in rows if row not in too_late] if too_late else rows
    if on_time:
        done, told = _open(connection, on_time, now)
    else:
        done, told = _miss(connection, too_late[:LATE_ONES], now, late)
    return Done(more=done > 0 and (len(rows) == CLAIMS or bool(too_late)), told=told)


def announce(connection: Connection, *, now: datetime) -> Done:
    """Announce the live ones that begin in some minutes."""
    rows = ritual_claims.announceable(connection, now, limit=CLAIMS)
    new = ritual_claims.announced(connection, [row.id for row in rows])
    said = [row for row in rows if row.id in new and now < row.due_at and not _is_halted(row)]
    say_all(connection, Kind.RITUAL_SOON, _places(said), occasion="soon", now=now)
    return Done(more=len(rows) == CLAIMS, told=bool(said))


def close(connection: Connection, *, now: datetime) -> Done:
    """Close what is over: a live one with thanks, the others in silence."""
    rows = ritual_claims.over(connection, now, limit=CLAIMS)
    aloud = [row for row in rows if row.mode == Mode.LIVE and not _is_halted(row)]
    unsent = {row.id for row in aloud if posts.find(connection, Kind.RITUAL, row.id) is None}
    ended = ritual_claims.end(
        connection, [row.id for row in rows if row.id not in unsent], state=State.CLOSED
    )
    lost = ritual_claims.end(connection, unsent, state=State.UNSENT, reason=TOO_LATE)
    for row in aloud:
        if row.id in lost:
            _tell(connection, row, Topic.RITUAL_UNSENT, now, reason=TOO_LATE)
        if row.id in ended | lost:
            _say_end(connection, row, now, thanks=row.id in ended)
    return Done(more=len(rows) == CLAIMS, told=bool(aloud))


def _say_end(connection: Connection, row: DueRow, now: datetime, *, thanks: bool) -> None:
    """Let the post say that it is over; one that is still on its way is taken away again."""
    channel = row.channel_id
    end = say(connection, Kind.RITUAL, row.id, occasion="end", channel=channel, now=now)
    if thanks:
        kind, once = Kind.RITUAL_THANKS, "thanks"
        say(connection, kind, row.id, occasion=once, channel=channel, now=now, after=end)


def _open(connection: Connection, rows: Sequence[DueRow], now: datetime) -> tuple[int, bool]:
    """Claim these, and put their posts into the outbox; return how many, and whether it rings."""
    halted = [row for row in rows if _is_halted(row)]
    by_end = defaultdict[datetime, list[UUID]](list)
    for row in rows:
        if not _is_halted(row):
            by_end[closes_at(row.due_at, minutes=row.minutes)].append(row.id)
    opened = set[UUID]()
    for end, ids in by_end.items():
        opened |= ritual_claims.claim(connection, ids, closes_at=end, now=now)
    skipped = ritual_claims.drop_out(
        connection, [row.id for row in halted], state=State.SKIPPED, reason=HALTED
    )
    begun = [row for row in rows if row.id in opened]
    left_out = [row for row in halted if row.id in skipped]
    rituals.to_plan(connection, [row.ritual_id for row in (*begun, *left_out)], after=now)
    ritual_claims.close_before(connection, [row.id for row in begun if row.mode == Mode.OPEN])
    say_all(connection, Kind.RITUAL, _places(begun), occasion="begin", now=now)
    told = False
    for row in left_out:
        budget.free(connection, row.id)
        told = _tell(connection, row, Topic.RITUAL_HALTED, now) or told
    return len(begun) + len(left_out), told or bool(begun)


def _miss(
    connection: Connection, rows: Sequence[DueRow], now: datetime, late: timedelta
) -> tuple[int, bool]:
    """Note as missed what it is too late for, and plan anew, which tells of all that is missed."""
    ids = [row.id for row in rows]
    missed = ritual_claims.drop_out(connection, ids, state=State.MISSED, reason=TOO_LATE)
    for each in missed:
        budget.free(connection, each)
    days = {row.ritual_id: row.on_date for row in rows if row.id in missed}
    planning = ritual_planning.these(connection, list(days))
    told = plan(connection, planning, now=now, late=late, missed=days)
    return len(missed), told


def _tell(connection: Connection, row: DueRow, topic: Topic, now: datetime, **details: str) -> bool:
    details |= {"title": row.title, "day": row.on_date.isoformat()}
    return tell(connection, row.cohort_id, topic, now=now, **details)


def _places(rows: Iterable[DueRow]) -> Sequence[tuple[UUID, str]]:
    return [(row.id, row.channel_id) for row in rows]


def _is_too_late(row: DueRow, now: datetime, late: timedelta) -> bool:
    return is_too_late(now, due_at=row.due_at, minutes=row.minutes, late=late)


def _is_halted(row: DueRow) -> bool:
    return row.is_closed or is_halted(row.halted_for)
