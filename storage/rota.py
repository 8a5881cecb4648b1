"""Rows of the rota: who would hold a cohort's rituals, and who was asked for which occurrence."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    Connection,
    Table,
    UniqueConstraint,
    delete,
    or_,
    select,
    update,
)
from sqlmodel import Field, SQLModel

from storage.cohorts import cohorts, members
from storage.dialects import insert_new
from storage.people import people
from storage.posts import posts
from storage.rituals import WHOLE, occurrences, rituals


class RotaMember(SQLModel, table=True):
    """Somebody who would hold the rituals of a cohort when it is their turn."""

    __tablename__ = "rota_members"

    cohort_id: UUID = Field(foreign_key="cohorts.id", ondelete="CASCADE", primary_key=True)
    person_id: str = Field(
        foreign_key="people.id", ondelete="CASCADE", primary_key=True, index=True
    )
    since: datetime
    last_turn_at: datetime | None = Field(default=None, description="when they were last asked")


class Turn(SQLModel, table=True):
    """Somebody who was asked to hold one occurrence."""

    __tablename__ = "ritual_turns"
    __table_args__ = (
        UniqueConstraint("occurrence_id", "person_id", name="uq_ritual_turns_asked_once"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    occurrence_id: UUID = Field(foreign_key="ritual_occurrences.id", ondelete="CASCADE")
    person_id: str = Field(foreign_key="people.id", ondelete="CASCADE", index=True)
    asked_at: datetime
    answer: str | None = Field(default=None, description="yes, pass or silent")
    answered_at: datetime | None = None


rota_members: Table = SQLModel.metadata.tables["rota_members"]
turns: Table = SQLModel.metadata.tables["ritual_turns"]


@dataclass(frozen=True, slots=True)
class OnRota:
    """Somebody on a rota who belongs to the cohort and may hold its rituals."""

    person_id: str
    since: datetime
    last_turn_at: datetime | None
    zone: str | None
    paused_until: date | None


@dataclass(frozen=True, slots=True)
class ComingRow:
    """One occurrence with what the rota has to know of its ritual and its cohort."""

    id: UUID
    state: str
    due_at: datetime
    title: str
    minutes: int | None
    template: str
    rotates: bool
    cohort_id: UUID
    channel_id: str
    halted_for: str | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class TurnRow:
    """Somebody who was asked."""

    id: UUID
    occurrence_id: UUID
    person_id: str
    answer: str | None


_ON_ROTA = (
    *(rota_members.c[name] for name in ("person_id", "since", "last_turn_at")),
    *(people.c[name] for name in ("zone", "paused_until")),
)
_MAY_HOLD = (~members.c.decides, people.c.gone_since.is_(None))
_COMING = select(
    *(occurrences.c[name] for name in ("id", "state", "due_at")),
    *(rituals.c[name] for name in ("title", "minutes", "template", "rotates")),
    *(cohorts.c[name] for name in ("id", "channel_id", "halted_for", "closed_at")),
).select_from(WHOLE)
_TURN = tuple(turns.c[name] for name in ("id", "occurrence_id", "person_id", "answer"))
_UNFINISHED = (
    occurrences.c.state.in_(("planned", "open")),
    or_(turns.c.answer.is_(None), turns.c.answer == "yes"),
)


def join(connection: Connection, cohort: UUID, person: str, *, now: datetime) -> None:
    """Put somebody on the rota; harmless when they are."""
    insert = insert_new(rota_members, connection.dialect, unique=["cohort_id", "person_id"])
    connection.execute(insert.values(cohort_id=cohort, person_id=person, since=now))


def leave(connection: Connection, person: str, *, cohort: UUID | None) -> None:
    """Take somebody off the rota of a cohort; None: of every cohort."""
    which = [rota_members.c.person_id == person]
    if cohort is not None:
        which.append(rota_members.c.cohort_id == cohort)
    connection.execute(delete(rota_members).where(*which))


def clear(connection: Connection, cohort: UUID) -> None:
    """Take everybody off the rota of a cohort."""
    connection.execute(delete(rota_members).where(rota_members.c.cohort_id == cohort))


def on_rota(connection: Connection, cohort: UUID, *, lock: bool = False) -> Sequence[OnRota]:
    """Return who could hold a cohort's rituals, the longest on the rota first.

    Locked, nobody else asks one of them for the same cohort until the transaction ends.
    """
    query = (
        select(*_ON_ROTA)
        .join_from(rota_members, people, people.c.id == rota_members.c.person_id)
        .join(
            members,
            (members.c.cohort_id == rota_members.c.cohort_id)
            & (members.c.person_id == rota_members.c.person_id),
        )
        .where(rota_members.c.cohort_id == cohort, *_MAY_HOLD)
        .order_by(rota_members.c.since, rota_members.c.person_id)
    )
    if lock:
        query = query.with_for_update(of=rota_members)
    return [OnRota(*row) for row in connection.execute(query)]


def set_last_turn(connection: Connection, cohort: UUID, person: str, at: datetime) -> None:
    """Keep when somebody was last asked."""
    that = (rota_members.c.cohort_id == cohort, rota_members.c.person_id == person)
    connection.execute(update(rota_members).where(*that).values(last_turn_at=at))


def to_ask(connection: Connection, now: datetime, *, limit: int) -> Sequence[tuple[UUID, UUID]]:
    """Return occurrences for which somebody is to be asked now, each with its cohort."""
    query = (
        select(occurrences.c.id, rituals.c.cohort_id)
        .join_from(occurrences, rituals, rituals.c.id == occurrences.c.ritual_id)
        .where(occurrences.c.ask_at.is_not(None), occurrences.c.ask_at <= now)
        .order_by(occurrences.c.ask_at, occurrences.c.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in connection.execute(query)]


def hold_due(
    connection: Connection, occurrence: UUID, cohort: UUID, *, now: datetime
) -> ComingRow | None:
    """Return an occurrence that nobody else asks for meanwhile; None when somebody else does.

    Its ritual is held first, so that whoever is just leaving is not asked, and its cohort last.
    """
    due = (
        select(occurrences.c.id)
        .join_from(occurrences, rituals, rituals.c.id == occurrences.c.ritual_id)
        .where(occurrences.c.id == occurrence, occurrences.c.ask_at <= now)
    )
    for each in (rituals, occurrences):
        if connection.execute(due.with_for_update(skip_locked=True, of=each)).first() is None:
            return None
    this = select(cohorts.c.id).where(cohorts.c.id == cohort)
    connection.execute(this.with_for_update(read=True, key_share=True))
    return find(connection, occurrence)


def hold_places(connection: Connection, person: str, *, cohort: UUID | None) -> None:
    """Lock the rituals that somebody holds or may be asked to, of a cohort or of all.

    With them what is unfinished of it. Whoever asks somebody locks the ritual as well, so nobody
    asks them for more until the transaction ends.
    """
    places = select(rota_members.c.cohort_id).where(rota_members.c.person_id == person)
    held = (
        select(occurrences.c.ritual_id)
        .join_from(turns, occurrences, occurrences.c.id == turns.c.occurrence_id)
        .where(turns.c.person_id == person, *_UNFINISHED)
    )
    query = select(rituals.c.id).where(or_(rituals.c.cohort_id.in_(places), rituals.c.id.in_(held)))
    if cohort is not None:
        query = query.where(rituals.c.cohort_id == cohort)
    connection.execute(query.order_by(rituals.c.id).with_for_update())
    ids = [each.occurrence_id for each in unfinished(connection, person, cohort=cohort)]
    times = select(occurrences.c.id).where(occurrences.c.id.in_(ids)).order_by(occurrences.c.id)
    connection.execute(times.with_for_update())


def find(connection: Connection, occurrence: UUID, *, lock: bool = False) -> ComingRow | None:
    """Return an occurrence, or None; locked, nobody else changes it meanwhile."""
    if lock:
        this = select(occurrences.c.id).where(occurrences.c.id == occurrence)
        connection.execute(this.with_for_update())
    row = connection.execute(_COMING.where(occurrences.c.id == occurrence)).first()
    return None if row is None else ComingRow(*row)


def set_ask_at(connection: Connection, occurrence: UUID, at: datetime | None) -> None:
    """Set when the next of the rota is asked; None: nobody is."""
    connection.execute(update(occurrences).where(occurrences.c.id == occurrence).values(ask_at=at))


def add_turn(
    connection: Connection, occurrence: UUID, person: str, *, now: datetime
) -> UUID | None:
    """Keep that somebody is asked; None if they were before."""
    insert = insert_new(turns, connection.dialect, unique=["occurrence_id", "person_id"])
    values = {"id": uuid4(), "occurrence_id": occurrence, "person_id": person, "asked_at": now}
    found: UUID | None = connection.execute(insert.values(values).returning(turns.c.id)).scalar()
    return found


def find_turn(connection: Connection, turn: UUID) -> TurnRow | None:
    """Return a turn, or None when it is gone."""
    row = connection.execute(select(*_TURN).where(turns.c.id == turn)).first()
    return None if row is None else TurnRow(*row)


def turns_for(connection: Connection, occurrence: UUID) -> Sequence[TurnRow]:
    """Return who was asked for an occurrence, the first first."""
    query = select(*_TURN).where(turns.c.occurrence_id == occurrence)
    return [TurnRow(*row) for row in connection.execute(query.order_by(turns.c.asked_at))]


def answer(connection: Connection, turn: UUID, answer: str, *, now: datetime) -> None:
    """Keep what became of a turn."""
    values = {"answer": answer, "answered_at": now}
    connection.execute(update(turns).where(turns.c.id == turn).values(**values))


def holder(connection: Connection, occurrence: UUID) -> str | None:
    """Return who holds an occurrence, or None."""
    held = (turns.c.occurrence_id == occurrence, turns.c.answer == "yes")
    found: str | None = connection.execute(select(turns.c.person_id).where(*held)).scalar()
    return found


def held(connection: Connection, which: Collection[UUID]) -> Sequence[tuple[UUID, str]]:
    """Return who holds one of these occurrences, each with the ritual that it is of."""
    query = (
        select(occurrences.c.ritual_id, turns.c.person_id)
        .join_from(turns, occurrences, occurrences.c.id == turns.c.occurrence_id)
        .where(turns.c.answer == "yes", occurrences.c.id.in_(which))
    )
    return [(row[0], row[1]) for row in connection.execute(query)]


def holds(connection: Connection, ritual: UUID, person: str) -> bool:
    """Whether somebody holds what is coming of a ritual, or has begun."""
    query = (
        select(turns.c.id)
        .join_from(turns, occurrences, occurrences.c.id == turns.c.occurrence_id)
        .where(occurrences.c.ritual_id == ritual, occurrences.c.state.in_(("planned", "open")))
        .where(turns.c.person_id == person, turns.c.answer == "yes")
    )
    return connection.execute(query).first() is not None


def remove_turns(connection: Connection, occurrence: UUID) -> None:
    """Let go who was asked for an occurrence."""
    connection.execute(delete(turns).where(turns.c.occurrence_id == occurrence))


def unfinished(
    connection: Connection, person: str, *, cohort: UUID | None = None
) -> Sequence[TurnRow]:
    """Return the turns of somebody that hold or wait for an answer, of what is not over yet."""
    which = [turns.c.person_id == person, *_UNFINISHED]
    if cohort is not None:
        which.append(rituals.c.cohort_id == cohort)
    query = (
        select(*_TURN)
        .join_from(turns, occurrences, occurrences.c.id == turns.c.occurrence_id)
        .join(rituals, rituals.c.id == occurrences.c.ritual_id)
        .where(*which)
        .order_by(turns.c.occurrence_id)
    )
    return [TurnRow(*row) for row in connection.execute(query)]


def named_in_posts(connection: Connection, person: str, kind: str) -> Sequence[tuple[UUID, str]]:
    """Return the occurrences whose message in Slack may name somebody: they were asked for them.

    Args:
        connection: any read or write.
        person: Slack user id.
        kind: of delivery, whose messages are looked at.

    Returns:
        Each occurrence with the channel of its message.
    """
    query = (
        select(turns.c.occurrence_id, posts.c.channel)
        .join_from(turns, posts, posts.c.subject == turns.c.occurrence_id)
        .where(posts.c.kind == kind, turns.c.person_id == person)
        .order_by(turns.c.occurrence_id)
    )
    return [(row[0], row[1]) for row in connection.execute(query)]


def places(connection: Connection, person: str) -> Sequence[Mapping[str, Any]]:
    """Return all that is kept of each place of a person on a rota."""
    query = (
        select(cohorts.c.name, rota_members.c.since, rota_members.c.last_turn_at)
        .join_from(rota_members, cohorts, cohorts.c.id == rota_members.c.cohort_id)
        .where(rota_members.c.person_id == person)
        .order_by(cohorts.c.name, cohorts.c.channel_id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def history(connection: Connection, person: str) -> Sequence[Mapping[str, Any]]:
    """Return all that is kept of each turn of a person, the first first."""
    query = (
        select(
            rituals.c.title.label("ritual"),
            occurrences.c.due_at,
            *(turns.c[name] for name in ("asked_at", "answer", "answered_at")),
        )
        .join_from(turns, occurrences, occurrences.c.id == turns.c.occurrence_id)
        .join(rituals, rituals.c.id == occurrences.c.ritual_id)
        .where(turns.c.person_id == person)
        .order_by(turns.c.asked_at, turns.c.id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]
