"""What is known of rituals when their next occurrence is planned."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    text,
    update,
)

from storage.cohorts import cohorts
from storage.rituals import occurrences, rituals


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A ritual whose next occurrence is to be planned."""

    id: UUID
    cohort_id: UUID
    cohort_zone: str | None
    template: str
    legend: str
    title: str
    rule: str
    starts_on: date
    at_minute: int
    zone: str
    on_holiday: str
    country: str | None
    mode: str
    minutes: int | None
    rotates: bool
    plan_after: datetime
    goes_on: bool
    """Neither paused nor ended, nor its cohort closed."""


@dataclass(frozen=True, slots=True)
class TakenRow:
    """What is known already of one day of a ritual."""

    ritual_id: UUID
    on_date: date
    due_at: datetime
    state: str


_ONE_PLANS = 7_423_377_122
"""The advisory lock of whoever plans."""

_OVER = (rituals.c.paused_at, rituals.c.ended_at, cohorts.c.closed_at)
_ROWS: Select[Any] = select(
    *(rituals.c.id, rituals.c.cohort_id, cohorts.c.zone),
    *(rituals.c[name] for name in ("template", "legend", "title", "rule", "starts_on")),
    *(rituals.c[name] for name in ("at_minute", "zone", "on_holiday", "country", "mode")),
    *(rituals.c[name] for name in ("minutes", "rotates", "plan_after")),
    and_(*(each.is_(None) for each in _OVER)),
).join_from(rituals, cohorts, cohorts.c.id == rituals.c.cohort_id)
_PLANNABLE = (
    # As in the index, which SQLite uses only for what it can see is in it.
    _ROWS.where(text("rituals.to_plan"))
    .order_by(rituals.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=rituals)
)


def plannable(connection: Connection, *, limit: int) -> Sequence[PlanRow]:
    """Return up to `limit` rituals whose next occurrence is to be planned, and hold them.

    On a server one process plans at a time, for two would wait for each other's cohorts; for
    the other there is nothing.
    """
    if connection.dialect.name == "postgresql":
        mine = select(func.pg_try_advisory_xact_lock(_ONE_PLANS))
        if not connection.scalar(mine):
            return []
    return [PlanRow(*row) for row in connection.execute(_PLANNABLE, {"most": limit})]


def these(connection: Connection, ids: Collection[UUID]) -> Sequence[PlanRow]:
    """Return rituals that the caller holds, as what is needed to plan them."""
    rows = connection.execute(_ROWS.where(rituals.c.id.in_(ids)))
    return [PlanRow(*row) for row in rows]


def taken(
    connection: Connection, ids: Collection[UUID], *, since: date
) -> Mapping[UUID, Sequence[TakenRow]]:
    """Return what is known of the days of these rituals from a day on, or is still planned."""
    columns = ("ritual_id", "on_date", "due_at", "state")
    query = select(*(occurrences.c[name] for name in columns)).where(
        occurrences.c.ritual_id.in_(ids),
        or_(occurrences.c.on_date >= since, occurrences.c.state == "planned"),
    )
    found: dict[UUID, list[TakenRow]] = {each: [] for each in ids}
    for row in connection.execute(query):
        found[row.ritual_id].append(TakenRow(*row))
    return found


def planned(connection: Connection, ids: Collection[UUID]) -> None:
    """Note that nothing is to be planned for these rituals now."""
    connection.execute(update(rituals).where(rituals.c.id.in_(ids)).values(to_plan=False))


def is_ahead(connection: Connection, now: datetime, *, by: timedelta) -> bool:
    """Whether anything is called missed before its time, or was done later than now."""
    early = exists().where(*_early(now))
    return bool(connection.scalar(select(or_(early, exists().where(*_ahead(now + by))))))


def hold_ahead(connection: Connection, now: datetime, *, by: timedelta) -> None:
    """Hold all that the next two change: rituals before what is of them, by their ids."""
    early = select(occurrences.c.ritual_id).where(*_early(now))
    which = or_(and_(*_ahead(now + by)), rituals.c.id.in_(early))
    query = select(rituals.c.id).where(which).order_by(rituals.c.id)
    connection.execute(query.with_for_update())


def bring_back(connection: Connection, now: datetime, *, by: timedelta) -> set[UUID]:
    """Let those go on that ended later than now, and return whatever was planned later than now.

    A clock that is ahead by less than `by` counts as right.
    """
    since = now + by
    ended = case((rituals.c.ended_at > since, None), else_=rituals.c.ended_at)
    back = update(rituals).where(*_ahead(since)).values(ended_at=ended, plan_after=now)
    return set(connection.scalars(back.returning(rituals.c.id)).all())


def _ahead(since: datetime) -> Sequence[ColumnElement[bool]]:
    done = or_(rituals.c.plan_after > since, rituals.c.ended_at > since)
    return rituals.c.deleted_at.is_(None), done


def remove_missed_after(connection: Connection, now: datetime) -> set[UUID]:
    """Delete what was called missed before its time, and return the rituals."""
    gone = delete(occurrences).where(*_early(now)).returning(occurrences.c.ritual_id)
    return set(connection.scalars(gone).all())


def _early(now: datetime) -> Sequence[ColumnElement[bool]]:
    return occurrences.c.state == "missed", occurrences.c.due_at > now
