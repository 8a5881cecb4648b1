"""The steps of a tick: each finds some occurrences, changes them and says so, in one transaction.

Who posts is decided in the database: what is due is claimed with its ritual's row held, only what
is still planned is taken, and a ritual has a day only once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import Connection

from bot.domain.cohorts import is_halted
from bot.domain.delivery import TOO_LATE, Kind
from bot.domain.news import Topic
from bot.domain.rhythm import closes_at, is_too_late
from bot.domain.rituals import Mode, State, Why
from bot.errors import Refusal
from bot.services.correspondence import say, say_all
from bot.services.news import tell, tell_halted
from bot.services.occurrences import give_back, plan
from bot.services.rota_places import let_off
from storage import posts, ritual_claims, ritual_planning
from storage.ritual_claims import ClaimRow, DueRow

CLAIMS = 1000
"""So many occurrences are claimed in one transaction."""

LATE_ONES = 50
"""So many that it is too late for: each of them is planned anew in the same transaction."""

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Done:
    """What a step has done."""

    more: bool
    """Whether there may be more to do."""
    told: bool
    """Whether something was put into the outbox."""


def claim(connection: Connection, *, now: datetime, late: timedelta, patient: bool) -> Done:
    """Claim what is due, or where nothing is any more, note as missed what it is too late for.

    Args:
        connection: a transaction of its own.
        now: the present instant.
        late: after how long it is too late.
        patient: wait for rituals that somebody else holds; else they are left out.
    """
    find = partial(ritual_claims.claimable, connection, though=Refusal.UNSEEN, patient=patient)
    rows = find(after=now - late, now=now, limit=CLAIMS)
    on_time = [
        row
        for row in rows
        if not is_too_late(now, due_at=row.due_at, minutes=row.minutes, late=late)
    ]
    if on_time:
        done, told = _open(connection, on_time, now)
        return Done(more=done > 0, told=told)
    # What another held a moment ago, and is not too late, may be free by now: it is not looked at.
    too_late = rows or find(after=LONG_AGO, now=now - late, limit=LATE_ONES)
    done, told = _miss(connection, [row.id for row in too_late[:LATE_ONES]], now, late)
    return Done(more=done > 0, told=told)


def begin(connection: Connection, occurrence: UUID, *, now: datetime) -> bool:
    """Claim one that is due now, as the clock would; of a ritual that is held.

    Returns:
        Whether something was put into the outbox.
    """
    rows = [
        ClaimRow(row.id, row.ritual_id, row.due_at, row.minutes, is_halted=_is_halted(row))
        for row in ritual_claims.these(connection, [occurrence])
    ]
    return _open(connection, rows, now)[1]


def announce(connection: Connection, *, now: datetime) -> Done:
    """Announce the live ones that begin in some minutes."""
    rows = ritual_claims.announceable(connection, now, limit=CLAIMS)
    new = ritual_claims.announced(connection, [row.id for row in rows])
    coming = [row for row in rows if row.id in new and now < row.due_at]
    said = [row.id for row in coming if not _is_halted(row)]
    places = ritual_claims.places(connection, said)
    say_all(connection, Kind.RITUAL_SOON, places, occasion="soon", now=now)
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
    for row in _by_cohort(aloud):
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


def _open(connection: Connection, rows: Sequence[ClaimRow], now: datetime) -> tuple[int, bool]:
    """Claim these, and put their posts into the outbox; return how many, and whether it rings."""
    by_end = defaultdict[datetime, list[UUID]](list)
    for row in rows:
        if not row.is_halted:
            by_end[closes_at(row.due_at, minutes=row.minutes)].append(row.id)
    begun = list[UUID]()
    for end, ids in by_end.items():
        begun += ritual_claims.claim(connection, ids, closes_at=end, now=now)
    if begun:
        of = {row.id: row.ritual_id for row in rows}
        ritual_claims.go_on_from(connection, [of[each] for each in begun], now=now)
        live = {row.id for row in rows if row.minutes is not None}  # these close by themselves
        ritual_claims.close_before(connection, [each for each in begun if each not in live])
        places = ritual_claims.places(connection, begun)
        say_all(connection, Kind.RITUAL, places, occasion="begin", now=now)
    halted = [row.id for row in rows if row.is_halted]
    left_out, told = _leave_out(connection, halted, now) if halted else (0, False)
    return len(begun) + left_out, told or bool(begun)


def _leave_out(connection: Connection, ids: Sequence[UUID], now: datetime) -> tuple[int, bool]:
    """Skip these, because nothing is posted in their cohorts just now."""
    skipped = ritual_claims.drop_out(connection, ids, state=State.SKIPPED, reason=Why.HALTED)
    told = let_off(connection, skipped, now=now)
    rows = ritual_claims.these(connection, skipped)
    ritual_claims.go_on_from(connection, [row.ritual_id for row in rows], now=now)
    for row in _by_cohort(rows):
        give_back(connection, row.id)
        told = tell_halted(connection, row.cohort_id, row.title, now=now) or told
    return len(skipped), told


def _miss(
    connection: Connection, ids: Sequence[UUID], now: datetime, late: timedelta
) -> tuple[int, bool]:
    """Note as missed what it is too late for, and plan anew, which tells of all that is missed."""
    missed = ritual_claims.drop_out(connection, ids, state=State.MISSED, reason=TOO_LATE)
    for each in missed:
        give_back(connection, each)
    days = {row.ritual_id: [row.on_date] for row in ritual_claims.these(connection, missed)}
    planning = ritual_planning.these(connection, list(days))
    told = let_off(connection, missed, now=now)
    told = plan(connection, planning, now=now, late=late, missed=days) or told
    return len(missed), told


def _tell(connection: Connection, row: DueRow, topic: Topic, now: datetime, **details: str) -> bool:
    details |= {"title": row.title, "day": row.on_date.isoformat()}
    return tell(connection, row.cohort_id, topic, now=now, **details)


def _by_cohort(rows: Sequence[DueRow]) -> Sequence[DueRow]:
    """Return them in the order in which everybody holds cohorts; what tells of one holds it."""
    return sorted(rows, key=lambda each: each.cohort_id)


def _is_halted(row: DueRow) -> bool:
    return is_halted(row.halted_for, is_closed=row.is_closed)
