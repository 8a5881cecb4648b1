"""Rows of rituals and of their occurrences.

These tables own the schedule: of every ritual that goes on, the next occurrence is planned here,
and whoever claims it in one transaction is the only one who posts it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    UniqueConstraint,
    delete,
    func,
    select,
    update,
)
from sqlmodel import Field, SQLModel

from storage.cohorts import cohorts
from storage.dialects import index_where, insert_new


class RitualRow(SQLModel, table=True):
    """Something that a cohort does again and again."""

    __tablename__ = "rituals"
    __table_args__ = (index_where("to_plan", "ix_rituals_to_plan", "id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    cohort_id: UUID = Field(foreign_key="cohorts.id", ondelete="CASCADE", index=True)
    template: str = Field(description="key of a template in the content")
    title: str
    words: str = Field(description="what the post says, as the facilitator left it")
    links: str = Field(description="JSON: a list of objects with title and url")
    rule: str = Field(description="RRULE of RFC 5545; days only, the time stands in at_minute")
    starts_on: date
    at_minute: int = Field(description="minutes after local midnight")
    zone: str = Field(description="IANA name")
    on_holiday: str = Field(description="keep, skip or move")
    country: str | None = Field(default=None, description="ISO 3166: whose holidays")
    mode: str = Field(description="open or live")
    minutes: int | None = Field(default=None, description="how long a live one takes")
    rotates: bool = Field(description="whether the rota says who holds it")
    legend: str = Field(description="key of a legend in the content")
    paused_at: datetime | None = None
    ended_at: datetime | None = Field(default=None, description="deleted, or run out")
    deleted_at: datetime | None = Field(default=None, description="then it is shown no more")
    to_plan: bool = Field(description="whether its next occurrence is still to be planned")
    plan_after: datetime = Field(description="nothing due by then is planned")
    revision: int = Field(description="counts the changes; two who change it at once collide")
    created_at: datetime


class OccurrenceRow(SQLModel, table=True):
    """One time that a ritual comes round."""

    __tablename__ = "ritual_occurrences"
    __table_args__ = (
        UniqueConstraint("ritual_id", "on_date", name="uq_ritual_occurrences_once"),
        index_where("state = 'planned'", "ix_ritual_occurrences_due", "due_at"),
        index_where("announce_at IS NOT NULL", "ix_ritual_occurrences_announce", "announce_at"),
        index_where("ask_at IS NOT NULL", "ix_ritual_occurrences_ask", "ask_at"),
        index_where("state = 'open'", "ix_ritual_occurrences_close", "closes_at"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    ritual_id: UUID = Field(foreign_key="rituals.id", ondelete="CASCADE")
    on_date: date = Field(description="the day by its rule; with the ritual the unique key")
    due_at: datetime
    state: str = Field(description="planned, open, closed, skipped, missed or unsent")
    reason: str | None = Field(default=None, description="a code: why it did not take place")
    announce_at: datetime | None = Field(default=None, description="None once that is done")
    ask_at: datetime | None = Field(
        default=None, description="when the next of the rota is asked; None: nobody is to be"
    )
    closes_at: datetime | None = None
    claimed_at: datetime | None = None


rituals: Table = SQLModel.metadata.tables["rituals"]
occurrences: Table = SQLModel.metadata.tables["ritual_occurrences"]

WHOLE = occurrences.join(rituals, rituals.c.id == occurrences.c.ritual_id).join(
    cohorts, cohorts.c.id == rituals.c.cohort_id
)
"""Occurrences with their rituals and cohorts."""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """An occurrence with what its posts tell of it."""

    id: UUID
    ritual_id: UUID
    on_date: date
    cohort_id: UUID
    channel_id: str
    halted_for: str | None
    is_closed: bool
    template: str
    title: str
    words: str
    links: str
    mode: str
    minutes: int | None
    rotates: bool
    legend: str
    zone: str
    due_at: datetime
    closes_at: datetime | None
    state: str
    reason: str | None


_SHOWN: Select[Any] = select(
    *(occurrences.c[name] for name in ("id", "ritual_id", "on_date")),
    *(rituals.c.cohort_id, cohorts.c.channel_id, cohorts.c.halted_for),
    cohorts.c.closed_at.is_not(None),
    *(rituals.c[name] for name in ("template", "title", "words", "links", "mode", "minutes")),
    *(rituals.c[name] for name in ("rotates", "legend", "zone")),
    *(occurrences.c[name] for name in ("due_at", "closes_at", "state", "reason")),
).select_from(WHOLE)


def shown(connection: Connection, occurrence: UUID) -> ShownRow | None:
    """Return an occurrence as its posts tell of it, or None when it is gone."""
    row = connection.execute(_SHOWN.where(occurrences.c.id == occurrence)).first()
    return None if row is None else ShownRow(*row)


def took_place_before(connection: Connection, occurrence: ShownRow) -> int:
    """Return how often the ritual took place before an occurrence."""
    before = (
        occurrences.c.ritual_id == occurrence.ritual_id,
        occurrences.c.on_date < occurrence.on_date,
        occurrences.c.state.in_(("open", "closed")),
    )
    return connection.scalar(select(func.count()).select_from(occurrences).where(*before)) or 0


def next_instant(connection: Connection) -> datetime | None:
    """Return when something about a ritual is due next: to plan, ask, announce, post or close."""
    firsts = (
        select(func.min(rituals.c.plan_after)).where(rituals.c.to_plan),
        select(func.min(occurrences.c.due_at)).where(occurrences.c.state == "planned"),
        select(func.min(occurrences.c.announce_at)).where(occurrences.c.announce_at.is_not(None)),
        select(func.min(occurrences.c.ask_at)).where(occurrences.c.ask_at.is_not(None)),
        select(func.min(occurrences.c.closes_at)).where(occurrences.c.state == "open"),
    )
    found = [connection.scalar(each) for each in firsts]
    return min((each for each in found if each is not None), default=None)


def hold(connection: Connection, ritual: UUID) -> None:
    """Let nobody else change a ritual or its plan until the transaction ends."""
    connection.execute(select(rituals.c.id).where(rituals.c.id == ritual).with_for_update())


def hold_all(connection: Connection, cohort: UUID) -> None:
    """Let nobody else change a cohort's rituals or their plans until the transaction ends."""
    query = select(rituals.c.id).where(
        rituals.c.cohort_id == cohort, rituals.c.deleted_at.is_(None)
    )
    connection.execute(query.order_by(rituals.c.id).with_for_update())


def hold_time(connection: Connection, occurrence: UUID) -> None:
    """Let nobody else change an occurrence until the transaction ends."""
    this = select(occurrences.c.id).where(occurrences.c.id == occurrence)
    connection.execute(this.with_for_update())


def open_ones(connection: Connection, cohort: UUID) -> Sequence[UUID]:
    """Return which of a cohort's occurrences are open."""
    query = select(occurrences.c.id).select_from(WHOLE)
    query = query.where(rituals.c.cohort_id == cohort, occurrences.c.state == "open")
    return connection.scalars(query.order_by(occurrences.c.id)).all()


def to_plan(
    connection: Connection, ids: Collection[UUID], *, after: datetime | None = None
) -> None:
    """Have the next occurrence of these rituals planned, of what is due after an instant."""
    values: dict[str, Any] = {"to_plan": True} | ({} if after is None else {"plan_after": after})
    connection.execute(update(rituals).where(rituals.c.id.in_(ids)).values(values))


def add(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep occurrences; what is there for a ritual's day stays as it is.

    Each row names ritual_id, on_date, due_at and state, and may name the other columns.
    """
    if not rows:
        return
    empty = {"reason": None, "announce_at": None, "ask_at": None, "closes_at": None}
    insert = insert_new(occurrences, connection.dialect, unique=["ritual_id", "on_date"])
    values = [{"id": uuid4(), "claimed_at": None} | empty | dict(row) for row in rows]
    connection.execute(insert, values)


def stop(connection: Connection, ritual: UUID, *, column: str, now: datetime) -> None:
    """Let a ritual not go on: `column` is paused_at or ended_at."""
    values = {"to_plan": False, column: now, "revision": rituals.c.revision + 1}
    connection.execute(update(rituals).where(rituals.c.id == ritual).values(values))


def planned(connection: Connection, ritual: UUID) -> Sequence[UUID]:
    """Hold what is planned for a ritual, and return what it is."""
    query = select(occurrences.c.id).where(*_planned(ritual)).order_by(occurrences.c.id)
    return connection.scalars(query.with_for_update()).all()


def remove_planned(connection: Connection, ritual: UUID) -> Sequence[UUID]:
    """Delete what is planned for a ritual, with the turns for it; return what it was."""
    gone = delete(occurrences).where(*_planned(ritual)).returning(occurrences.c.id)
    return connection.scalars(gone).all()


def _planned(ritual: UUID) -> Sequence[ColumnElement[bool]]:
    return occurrences.c.ritual_id == ritual, occurrences.c.state == "planned"
