"""Rows of rituals as facilitators change them; the clock's side of them is in `rituals`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, bindparam, select, update

from storage.dialects import insert_new
from storage.rituals import occurrences, rituals


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One ritual, as it stands."""

    id: UUID
    cohort_id: UUID
    template: str
    title: str
    words: str
    links: str
    rule: str
    starts_on: date
    at_minute: int
    zone: str
    on_holiday: str
    country: str | None
    mode: str
    minutes: int | None
    rotates: bool
    legend: str
    paused_at: datetime | None
    ended_at: datetime | None
    deleted_at: datetime | None
    revision: int


@dataclass(frozen=True, slots=True)
class TimeRow:
    """One time that a ritual comes round."""

    id: UUID
    ritual_id: UUID
    on_date: date
    due_at: datetime
    state: str
    reason: str | None


_KEPT = tuple(rituals.c[each.name] for each in fields(KeptRow))
_TIME = tuple(occurrences.c[each.name] for each in fields(TimeRow))
_OF_COHORT = (
    select(*_KEPT)
    .where(rituals.c.cohort_id == bindparam("cohort"), rituals.c.deleted_at.is_(None))
    .order_by(rituals.c.created_at, rituals.c.id)
)
_LATELY = select(*_TIME).where(
    # By the unique key, so that what lies behind costs nothing.
    occurrences.c.ritual_id.in_(bindparam("rituals", expanding=True)),
    occurrences.c.on_date >= bindparam("since"),
)


def of_cohort(connection: Connection, cohort: UUID) -> Sequence[KeptRow]:
    """Return the rituals of a cohort that were not deleted, the oldest first."""
    return [KeptRow(*row) for row in connection.execute(_OF_COHORT, {"cohort": cohort})]


def lately(connection: Connection, which: Collection[UUID], *, since: date) -> Sequence[TimeRow]:
    """Return every time that some rituals came or come round by a day, from that day on."""
    if not which:
        return []
    found = connection.execute(_LATELY, {"rituals": list(which), "since": since})
    return [TimeRow(*row) for row in found]


def find(connection: Connection, ritual: UUID, *, lock: bool = False) -> KeptRow | None:
    """Return a ritual, deleted or not, or None; locked, nobody else changes it meanwhile."""
    query = select(*_KEPT).where(rituals.c.id == ritual)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return None if row is None else KeptRow(*row)


def add(
    connection: Connection, ritual: UUID, cohort: UUID, plan: Mapping[str, Any], *, now: datetime
) -> bool:
    """Keep a new ritual; False, and nothing changed, if there is one of that id."""
    values = {"id": ritual, "cohort_id": cohort, **plan, "revision": 0, "created_at": now}
    values |= {"to_plan": True, "plan_after": now}
    statement = insert_new(rituals, connection.dialect, unique=["id"]).values(**values)
    return connection.execute(statement.returning(rituals.c.id)).first() is not None


def change(connection: Connection, ritual: UUID, plan: Mapping[str, Any]) -> None:
    """Let this be what is set about a ritual; one that had ended goes on."""
    connection.execute(
        update(rituals)
        .where(rituals.c.id == ritual)
        .values(**plan, ended_at=None, revision=rituals.c.revision + 1)
    )


def set_paused(connection: Connection, ritual: UUID, since: datetime | None) -> None:
    """Let nothing come of it from now on; None lets it go on."""
    values: dict[str, Any] = {"paused_at": since}
    if since is not None:
        values["to_plan"] = False
    connection.execute(update(rituals).where(rituals.c.id == ritual).values(**values))


def delete(connection: Connection, ritual: UUID, *, now: datetime) -> None:
    """Let nothing come of it ever again, and show it no more; what took place stays."""
    connection.execute(
        update(rituals)
        .where(rituals.c.id == ritual)
        .values(ended_at=now, deleted_at=now, to_plan=False)
    )


def skip(
    connection: Connection, ritual: UUID, on_date: date, *, due_at: datetime, reason: str
) -> UUID:
    """Let a date not take place, planned or not yet, of a ritual that is held; return which it was.

    The next one is to be planned.
    """
    values: dict[str, Any] = {"state": "skipped", "reason": reason}
    values |= {"announce_at": None, "ask_at": None}
    this = (occurrences.c.ritual_id == ritual, occurrences.c.on_date == on_date)
    changed = update(occurrences).where(*this, occurrences.c.state == "planned").values(**values)
    skipped: UUID | None = connection.execute(changed.returning(occurrences.c.id)).scalar()
    if skipped is None:
        skipped = uuid4()
        values |= {"id": skipped, "ritual_id": ritual, "on_date": on_date, "due_at": due_at}
        connection.execute(occurrences.insert().values(**values))
    connection.execute(update(rituals).where(rituals.c.id == ritual).values(to_plan=True))
    return skipped


def bring_forward(
    connection: Connection, which: UUID, ritual: UUID, on_date: date, *, now: datetime
) -> None:
    """Let one time that nothing was posted of be due now; of a ritual that is held.

    Args:
        connection: the transaction that holds it.
        which: the occurrence, known or new.
        ritual: whose it is.
        on_date: the day that names it.
        now: the present instant.
    """
    values = {"due_at": now, "state": "planned", "reason": None, "announce_at": None}
    values |= {"ask_at": None, "closes_at": None}
    changed = update(occurrences).where(occurrences.c.id == which).values(**values)
    if not connection.execute(changed).rowcount:
        values |= {"id": which, "ritual_id": ritual, "on_date": on_date}
        connection.execute(occurrences.insert().values(**values))
