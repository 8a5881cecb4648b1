"""What the clock finds among the rituals' rows: what is due, claimed once and ended once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    exists,
    literal_column,
    or_,
    select,
    text,
    update,
)

from storage.cohorts import cohorts
from storage.dialects import among
from storage.rituals import WHOLE, occurrences, rituals


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A planned occurrence whose time has come, with what decides what becomes of it."""

    id: UUID
    ritual_id: UUID
    due_at: datetime
    minutes: int | None
    is_halted: bool
    """Whether nothing is posted in its cohort."""


@dataclass(frozen=True, slots=True)
class DueRow:
    """An occurrence whose time has come, with what is said of it."""

    id: UUID
    ritual_id: UUID
    on_date: date
    due_at: datetime
    mode: str
    minutes: int | None
    title: str
    cohort_id: UUID
    channel_id: str
    halted_for: str | None
    """A code: why nothing is shared in the cohort's channel."""
    is_closed: bool
    """Whether the cohort is."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What there is to do at some instant."""

    claim: bool
    announce: bool
    close: bool
    plan: bool

    def __bool__(self) -> bool:
        return self.claim or self.announce or self.close or self.plan


# Spelt out as in the indexes: SQLite uses a partial index only for what it can see is in it.
_PLANNED = occurrences.c.state == literal_column("'planned'")
_OPEN = occurrences.c.state == literal_column("'open'")
_NOW: ColumnElement[datetime] = bindparam("now", type_=occurrences.c.due_at.type)
_DUE = (_PLANNED, occurrences.c.due_at <= _NOW)
_SOON = (occurrences.c.announce_at <= _NOW,)
_OVER = (_OPEN, occurrences.c.closes_at <= _NOW)
_MOST: ColumnElement[int] = bindparam("most")

_WAITING = select(
    exists().where(*_DUE),
    exists().where(*_SOON),
    exists().where(*_OVER),
    exists(select(rituals.c.id).where(text("rituals.to_plan"))),
)
_ROWS: Select[Any] = select(
    *(occurrences.c[name] for name in ("id", "ritual_id", "on_date", "due_at")),
    *(rituals.c[name] for name in ("mode", "minutes", "title", "cohort_id")),
    *(cohorts.c.channel_id, cohorts.c.halted_for, cohorts.c.closed_at.is_not(None)),
).select_from(WHOLE)
_HALTED = or_(
    cohorts.c.closed_at.is_not(None),
    and_(cohorts.c.halted_for.is_not(None), cohorts.c.halted_for != bindparam("though")),
)
_BATCH = (
    select(occurrences.c.id, occurrences.c.ritual_id, occurrences.c.due_at)
    .where(*_DUE, occurrences.c.due_at > bindparam("after", type_=occurrences.c.due_at.type))
    .limit(_MOST)
)


def _claimable(*, patient: bool) -> Select[Any]:
    """Return what finds a batch, and holds its rituals.

    Without any order: to sort thousands that are due together would cost more than the rest.
    """
    # What is held here goes to one clock alone; who waits holds no more than it waits for.
    batch = (_BATCH if patient else _BATCH.with_for_update(skip_locked=True)).subquery()
    query = (
        select(batch.c.id, batch.c.ritual_id, batch.c.due_at, rituals.c.minutes, _HALTED)
        .join_from(batch, rituals, rituals.c.id == batch.c.ritual_id)
        .join(cohorts, cohorts.c.id == rituals.c.cohort_id)
    )
    if patient:  # several who wait do so in the same order
        query = query.order_by(rituals.c.id)
    return query.with_for_update(skip_locked=not patient, of=rituals)


_CLAIMABLE = {patient: _claimable(patient=patient) for patient in (False, True)}


def waiting(connection: Connection, now: datetime) -> Waiting:
    """Return what there is to do by now; one look into four small indexes."""
    return Waiting(*map(bool, connection.execute(_WAITING, {"now": now}).one()))


def claimable(
    connection: Connection,
    *,
    after: datetime,
    now: datetime,
    though: str,
    limit: int,
    patient: bool,
) -> Sequence[ClaimRow]:
    """Return up to `limit` occurrences that became due after an instant, and hold their rituals.

    Whoever changes a ritual or its plan holds its row first. What somebody else holds is left
    out, or with `patient` waited for; what was claimed meanwhile may still be among them, so
    only what `claim` returns is the caller's. A cohort halted for the reason `though` counts as
    one that is not.
    """
    values = {"after": after, "now": now, "most": limit, "though": though}
    return [ClaimRow(*row) for row in connection.execute(_CLAIMABLE[patient], values)]


def these(connection: Connection, ids: Collection[UUID]) -> Sequence[DueRow]:
    """Return occurrences with what is said of them."""
    rows = connection.execute(_ROWS.where(among(connection, occurrences.c.id, ids)))
    return [DueRow(*row) for row in rows]


def places(connection: Connection, ids: Collection[UUID]) -> Select[Any]:
    """Return what finds, for the outbox, these occurrences and the channel of each."""
    query = select(occurrences.c.id, cohorts.c.channel_id).select_from(WHOLE)
    return query.where(among(connection, occurrences.c.id, ids))


def claim(
    connection: Connection, ids: Collection[UUID], *, closes_at: datetime, now: datetime
) -> set[UUID]:
    """Open those of the occurrences that are still planned, and return which they are."""
    opened = {"state": "open", "claimed_at": now, "closes_at": closes_at}
    return _settle(connection, ids, opened)


def drop_out(
    connection: Connection, ids: Collection[UUID], *, state: str, reason: str | None
) -> set[UUID]:
    """Let those that are still planned not take place, and return which they are."""
    return _settle(connection, ids, {"state": state, "reason": reason})


def go_on_from(connection: Connection, which: Collection[UUID], *, now: datetime) -> None:
    """Have these rituals planned anew, of what is due after now."""
    values = {"to_plan": True, "plan_after": now}
    these = among(connection, rituals.c.id, which)
    connection.execute(update(rituals).where(these).values(values))


def close_before(connection: Connection, ids: Collection[UUID]) -> None:
    """Close, of the rituals of these occurrences, the ones before if they are open."""
    this, before = occurrences.alias("this"), occurrences.alias("before")
    same = (before.c.ritual_id == this.c.ritual_id, before.c.on_date < this.c.on_date)
    latest = select(before.c.id).where(*same).order_by(before.c.on_date.desc()).limit(1)
    which = select(latest.correlate(this).scalar_subquery()).where(
        among(connection, this.c.id, ids)
    )
    closed = update(occurrences).where(occurrences.c.id.in_(which), occurrences.c.state == "open")
    connection.execute(closed.values(state="closed"))


def announceable(connection: Connection, now: datetime, *, limit: int) -> Sequence[DueRow]:
    """Return up to `limit` occurrences that are to be announced, and hold them."""
    return _held(connection, _SOON, now, limit)


def announced(connection: Connection, ids: Collection[UUID]) -> set[UUID]:
    """Note that these need no announcement any more; return those for which that is new."""
    noted = update(occurrences).where(
        among(connection, occurrences.c.id, ids), occurrences.c.announce_at.is_not(None)
    )
    return set(connection.scalars(noted.values(announce_at=None).returning(occurrences.c.id)).all())


def over(connection: Connection, now: datetime, *, limit: int) -> Sequence[DueRow]:
    """Return up to `limit` open occurrences whose time is over, and hold them."""
    return _held(connection, _OVER, now, limit)


def end(
    connection: Connection, ids: Collection[UUID], *, state: str, reason: str | None = None
) -> set[UUID]:
    """End those of the occurrences that are open, and return which they are."""
    ended = update(occurrences).where(among(connection, occurrences.c.id, ids), _OPEN)
    ended = ended.values(state=state, reason=reason)
    return set(connection.scalars(ended.returning(occurrences.c.id)).all())


def _held(
    connection: Connection, which: Sequence[ColumnElement[bool]], now: datetime, limit: int
) -> Sequence[DueRow]:
    query = _ROWS.where(*which).order_by(occurrences.c.id)
    held = query.limit(_MOST).with_for_update(skip_locked=True, of=occurrences)
    return [DueRow(*row) for row in connection.execute(held, {"now": now, "most": limit})]


def _settle(connection: Connection, ids: Collection[UUID], values: Mapping[str, Any]) -> set[UUID]:
    settled = (
        update(occurrences)
        .where(among(connection, occurrences.c.id, ids), _PLANNED)
        .values(announce_at=None, ask_at=None, **values)
        .returning(occurrences.c.id)
    )
    return set(connection.scalars(settled).all())
