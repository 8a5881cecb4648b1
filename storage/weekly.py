"""Rows of weekly check-ins: who wants to be asked in a direct message, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, Table, delete, exists, func, or_, select, update
from sqlmodel import Field, SQLModel

from storage.dialects import insert_new
from storage.people import people


class Weekly(SQLModel, table=True):
    """When one member wants to be asked how they are."""

    __tablename__ = "weekly_checkins"

    person_id: str = Field(foreign_key="people.id", ondelete="CASCADE", primary_key=True)
    ref: UUID = Field(default_factory=uuid4, unique=True, description="names it in the outbox")
    weekday: int = Field(description="0 for Monday")
    at_minute: int = Field(description="minutes after local midnight")
    zone: str | None = Field(default=None, description="IANA name; None: wherever Slack says")
    reminds: bool = Field(description="whether one reminder may follow")
    next_at: datetime | None = Field(default=None, index=True, description="None: not now")
    remind_at: datetime | None = Field(default=None, index=True)


weekly: Table = SQLModel.metadata.tables["weekly_checkins"]


@dataclass(frozen=True, slots=True)
class WeeklyRow:
    """One wish, with where the person is."""

    person_id: str
    ref: UUID
    weekday: int
    at_minute: int
    zone: str | None
    reminds: bool
    next_at: datetime | None
    remind_at: datetime | None
    known_zone: str | None
    """As Slack says."""
    day_starts_minute: int


_COLUMNS = (
    *(weekly.c[name] for name in ("person_id", "ref", "weekday", "at_minute", "zone", "reminds")),
    *(weekly.c.next_at, weekly.c.remind_at, people.c.zone, people.c.day_starts_minute),
)
_INSTANTS = (weekly.c.next_at, weekly.c.remind_at)
_EACH = select(*_COLUMNS).join_from(weekly, people, people.c.id == weekly.c.person_id)


def find(connection: Connection, person: str) -> WeeklyRow | None:
    """Return what the person wishes, or None."""
    row = connection.execute(_EACH.where(weekly.c.person_id == person)).first()
    return None if row is None else WeeklyRow(*row)


def named(connection: Connection, ref: UUID) -> WeeklyRow | None:
    """Return the wish whose latest question has that name, or None."""
    row = connection.execute(_EACH.where(weekly.c.ref == ref)).first()
    return None if row is None else WeeklyRow(*row)


def put(
    connection: Connection,
    person: str,
    *,
    weekday: int,
    at_minute: int,
    zone: str | None,
    reminds: bool,
    next_at: datetime,
) -> None:
    """Let this be what the person wishes; no reminder is due any more."""
    values: dict[str, Any] = {"weekday": weekday, "at_minute": at_minute, "zone": zone}
    values |= {"reminds": reminds, "next_at": next_at, "remind_at": None}
    insert = insert_new(weekly, connection.dialect, unique=["person_id"])
    insert = insert.values(person_id=person, ref=uuid4(), **values)
    if connection.execute(insert.returning(weekly.c.ref)).first() is None:
        connection.execute(update(weekly).where(weekly.c.person_id == person).values(**values))


def is_due(connection: Connection, now: datetime) -> bool:
    """Whether anybody is to be asked or reminded by now; one look into two indexes."""
    due = or_(*(exists().where(each <= now) for each in _INSTANTS))
    return bool(connection.scalar(select(due)))


def to_ask(connection: Connection, now: datetime, *, limit: int) -> Sequence[WeeklyRow]:
    """Return up to `limit` whose question is due, the first first, and hold them.

    Those that somebody else holds are left to them.
    """
    return _held(connection, weekly.c.next_at, now, limit)


def to_remind(connection: Connection, now: datetime, *, limit: int) -> Sequence[WeeklyRow]:
    """As `to_ask`, of reminders."""
    return _held(connection, weekly.c.remind_at, now, limit)


def asked(
    connection: Connection,
    person: str,
    *,
    ref: UUID,
    next_at: datetime,
    remind_at: datetime | None,
) -> None:
    """Note that the question was asked, or let go; `ref` names it from now on."""
    values = {"ref": ref, "next_at": next_at, "remind_at": remind_at}
    connection.execute(update(weekly).where(weekly.c.person_id == person).values(**values))


def reminded(connection: Connection, person: str) -> None:
    """Note that no reminder is due any more."""
    connection.execute(update(weekly).where(weekly.c.person_id == person).values(remind_at=None))


def stop(connection: Connection, person: str) -> None:
    """Note that the person is not to be asked; harmless when they are not."""
    values = {"next_at": None, "remind_at": None}
    connection.execute(update(weekly).where(weekly.c.person_id == person).values(**values))


def everything(connection: Connection, person: str) -> Mapping[str, Any]:
    """Return all that is kept of the wish, by the names of the columns."""
    found = connection.execute(select(weekly).where(weekly.c.person_id == person))
    return dict(found.mappings().first() or {})


def remove(connection: Connection, person: str) -> None:
    """Delete the wish; harmless when there is none."""
    connection.execute(delete(weekly).where(weekly.c.person_id == person))


def next_instant(connection: Connection) -> datetime | None:
    """Return when the first of all questions and reminders is due; None without any."""
    firsts = [connection.scalar(select(func.min(each))) for each in _INSTANTS]
    return min((each for each in firsts if each is not None), default=None)


def _held(
    connection: Connection, due: ColumnElement[datetime | None], now: datetime, limit: int
) -> Sequence[WeeklyRow]:
    # The person is held as well, and before: whoever forgets somebody holds them first.
    query = _EACH.where(due <= now).order_by(due, weekly.c.person_id).limit(limit)
    held = query.with_for_update(of=[people, weekly], skip_locked=True, key_share=True)
    return [WeeklyRow(*row) for row in connection.execute(held)]
