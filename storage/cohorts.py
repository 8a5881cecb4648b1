"""Rows of cohorts: a Slack channel with a name, and who belongs to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlmodel import Field, SQLModel

from storage.dialects import among, insert_new, insert_once
from storage.people import people


class Cohort(SQLModel, table=True):
    """A group of colleagues and the channel they share."""

    __tablename__ = "cohorts"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str
    channel_id: str = Field(unique=True, description="Slack channel id")
    added_at: datetime
    purpose: str = Field(default="support", description="support, skill or accountability")
    welcomes_deciders: bool = Field(
        default=False, description="whether those may join who decide on others' work or pay"
    )
    is_open: bool = Field(default=False, description="a channel that everybody can read")
    halted_at: datetime | None = Field(
        default=None, description="since when nothing is shared there: made public, or shared"
    )
    halted_for: str | None = Field(default=None, description="a code: why nothing is shared there")
    look_at: datetime | None = Field(
        default=None, description="when its channel is looked at again; None: it never was"
    )
    closed_at: datetime | None = None
    size_band: str | None = Field(default=None, description="how many members, as a band")
    size_band_at: datetime | None = None
    guidelines: str | None = Field(default=None, description="as edited; None: the template's")
    country: str | None = Field(default=None, description="ISO 3166: whose holidays count")
    zone: str | None = Field(default=None, description="IANA name: in which its rituals are set")
    support_reaction: str | None = Field(
        default=None, description="an emoji's name; empty: none; None: the usual one"
    )
    revision: int = Field(default=0, description="counts the changes of its settings")


class CohortMember(SQLModel, table=True):
    """Somebody who belongs to a cohort, whether or not they have joined Hearth."""

    __tablename__ = "cohort_members"

    cohort_id: UUID = Field(foreign_key="cohorts.id", ondelete="CASCADE", primary_key=True)
    person_id: str = Field(primary_key=True, index=True)
    decides: bool = Field(default=False, description="decides on a member's work or pay")
    joined_at: datetime | None = None
    ref: UUID | None = Field(
        default=None, unique=True, index=True, description="names the membership in the outbox"
    )


cohorts: Table = SQLModel.metadata.tables["cohorts"]
members: Table = SQLModel.metadata.tables["cohort_members"]


@dataclass(frozen=True, slots=True)
class CohortRow:
    """One cohort."""

    id: UUID
    name: str
    channel_id: str
    purpose: str
    welcomes_deciders: bool
    is_open: bool
    halted_for: str | None
    closed_at: datetime | None
    size_band: str | None
    look_at: datetime | None
    has_decider: bool
    """Whether a member decides on others' work or pay."""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Somebody who belongs to a cohort."""

    person_id: str
    ref: UUID
    has_joined: bool
    """Whether they have joined Hearth as well."""


_DECIDERS = members.alias("deciders")
_COLUMNS = (
    *(cohorts.c[name] for name in ("id", "name", "channel_id", "purpose", "welcomes_deciders")),
    *(cohorts.c[name] for name in ("is_open", "halted_for", "closed_at", "size_band", "look_at")),
    exists().where(_DECIDERS.c.cohort_id == cohorts.c.id, _DECIDERS.c.decides),
)
_BY_NAME = (cohorts.c.name, cohorts.c.channel_id)
_OPEN = cohorts.c.closed_at.is_(None)
_OF = (
    select(*_COLUMNS)
    .join_from(cohorts, members, members.c.cohort_id == cohorts.c.id)
    .where(members.c.person_id == bindparam("person"), _OPEN)
    .order_by(*_BY_NAME)
)


def add(
    connection: Connection, *, name: str, channel: str, people: Collection[str], now: datetime
) -> bool:
    """Keep a cohort with its members; False, and nothing changed, if the channel has one."""
    values = {
        "id": uuid4(),
        "name": name,
        "channel_id": channel,
        "added_at": now,
        "purpose": "support",
    }
    values |= {"welcomes_deciders": False, "is_open": False}
    cohort = insert_once(connection, cohorts, values, key="channel_id")
    if cohort is None:
        return False
    rows = [
        {"cohort_id": cohort, "person_id": person, "decides": False, "ref": uuid4()}
        for person in sorted(set(people))
    ]
    if rows:
        connection.execute(members.insert(), rows)
    return True


def found(
    connection: Connection,
    *,
    name: str,
    channel: str,
    purpose: str,
    welcomes_deciders: bool,
    is_open: bool,
    halted_for: str,
    now: datetime,
) -> UUID | None:
    """Keep a cohort without members, of which nothing is shared yet; None if there is one.

    A cohort of that channel that was closed begins anew. The unique key decides between two.
    """
    values = {
        "name": name,
        "channel_id": channel,
        "purpose": purpose,
        "welcomes_deciders": welcomes_deciders,
        "is_open": is_open,
        "halted_at": now,
        "halted_for": halted_for,
        "look_at": now,
    }
    cohort = insert_once(
        connection, cohorts, {"id": uuid4(), "added_at": now} | values, key="channel_id"
    )
    if cohort is not None:
        return UUID(str(cohort))
    values |= {"closed_at": None, "size_band": None, "size_band_at": None}
    again = (
        update(cohorts)
        .where(cohorts.c.channel_id == channel, cohorts.c.closed_at.is_not(None))
        .values(**values)
        .returning(cohorts.c.id)
    )
    reopened: UUID | None = connection.execute(again).scalar()
    return reopened


def find(connection: Connection, cohort: UUID, *, lock: bool = False) -> CohortRow | None:
    """Return a cohort, closed or not, or None; locked, nobody else changes it meanwhile."""
    if lock:
        held = select(cohorts.c.id).where(cohorts.c.id == cohort).with_for_update()
        connection.execute(held)
    row = connection.execute(select(*_COLUMNS).where(cohorts.c.id == cohort)).first()
    return None if row is None else CohortRow(*row)


def hold(connection: Connection, ids: Collection[UUID]) -> set[UUID]:
    """Let nobody else change these cohorts until the transaction ends; return which there are.

    They are held in the order of their ids.
    """
    these = select(cohorts.c.id).where(among(connection, cohorts.c.id, ids))
    return set(connection.scalars(these.order_by(cohorts.c.id).with_for_update()).all())


def zone(connection: Connection, cohort: UUID) -> str | None:
    """Return the zone that a cohort has set, or None."""
    found = connection.execute(select(cohorts.c.zone).where(cohorts.c.id == cohort))
    return found.scalar()


def in_channel(connection: Connection, channel: str) -> CohortRow | None:
    """Return the cohort of a channel that is not closed, or None."""
    query = select(*_COLUMNS).where(cohorts.c.channel_id == channel, _OPEN)
    row = connection.execute(query).first()
    return None if row is None else CohortRow(*row)


def every(connection: Connection) -> Sequence[CohortRow]:
    """Return all cohorts that are not closed, by name."""
    rows = connection.execute(select(*_COLUMNS).where(_OPEN).order_by(*_BY_NAME))
    return [CohortRow(*row) for row in rows]


def of(connection: Connection, person: str) -> Sequence[CohortRow]:
    """Return the cohorts that the person belongs to and that are not closed, by name."""
    return [CohortRow(*row) for row in connection.execute(_OF, {"person": person})]


def join(
    connection: Connection, cohort: UUID, person: str, *, decides: bool, now: datetime
) -> None:
    """Let the person belong to a cohort; for a member, only the answer is taken anew."""
    insert = insert_new(members, connection.dialect, unique=["cohort_id", "person_id"])
    values = {"cohort_id": cohort, "person_id": person, "decides": decides}
    insert = insert.values(**values, joined_at=now, ref=uuid4()).returning(members.c.person_id)
    if connection.execute(insert).first() is None:
        connection.execute(update(members).where(*_that(cohort, person)).values(decides=decides))


def member(connection: Connection, cohort: UUID, person: str) -> bool:
    """Whether the person belongs to the cohort."""
    query = select(members.c.person_id).where(*_that(cohort, person))
    return connection.execute(query).first() is not None


def decides(connection: Connection, cohort: UUID, person: str) -> bool:
    """Whether a member said that they decide on others' work or pay; they never facilitate it."""
    query = select(members.c.decides).where(*_that(cohort, person))
    return bool(connection.execute(query).scalar())


def leave(connection: Connection, cohort: UUID, person: str) -> bool:
    """Let the person belong to it no more; False if they did not."""
    return connection.execute(delete(members).where(*_that(cohort, person))).rowcount > 0


def named(connection: Connection, ids: Collection[UUID]) -> Sequence[CohortRow]:
    """Return the cohorts with these ids, by name."""
    if not ids:
        return []
    query = select(*_COLUMNS).where(cohorts.c.id.in_(ids))
    rows = connection.execute(query.order_by(cohorts.c.name, cohorts.c.channel_id))
    return [CohortRow(*row) for row in rows]


def memberships(connection: Connection, person: str) -> Sequence[Mapping[str, Any]]:
    """Return all that is kept of each place of a person in a cohort, by the cohort's name."""
    query = (
        select(cohorts.c.name, cohorts.c.channel_id, members.c.joined_at, members.c.decides)
        .join_from(cohorts, members, members.c.cohort_id == cohorts.c.id)
        .where(members.c.person_id == person)
    )
    return [dict(row) for row in connection.execute(query.order_by(*_BY_NAME)).mappings()]


def leave_all(connection: Connection, person: str) -> None:
    """Let the person belong to no cohort any more."""
    connection.execute(delete(members).where(members.c.person_id == person))


def members_of(connection: Connection, cohort: UUID) -> Sequence[MemberRow]:
    """Return who belongs to a cohort, each membership with a name for the outbox."""
    unnamed = select(members.c.person_id).where(
        members.c.cohort_id == cohort, members.c.ref.is_(None)
    )
    for person in connection.scalars(unnamed).all():
        connection.execute(update(members).where(*_that(cohort, person)).values(ref=uuid4()))
    has_joined = exists().where(people.c.id == members.c.person_id)
    columns = (members.c.person_id, members.c.ref, has_joined)
    query = select(*columns).where(members.c.cohort_id == cohort).order_by(members.c.person_id)
    return [MemberRow(*row) for row in connection.execute(query)]


def membership(connection: Connection, ref: UUID) -> tuple[UUID, str] | None:
    """Return cohort and person of a membership, or None when it has ended."""
    row = connection.execute(
        select(members.c.cohort_id, members.c.person_id).where(members.c.ref == ref)
    ).first()
    return None if row is None else (row[0], row[1])


def close(connection: Connection, cohort: UUID, *, now: datetime) -> bool:
    """Close a cohort, and let nobody belong to it any more; False if it was closed."""
    closed = connection.execute(
        update(cohorts).where(cohorts.c.id == cohort, _OPEN).values(closed_at=now)
    )
    connection.execute(delete(members).where(members.c.cohort_id == cohort))
    return closed.rowcount > 0


def halt(connection: Connection, cohort: UUID, reason: str | None, *, now: datetime) -> None:
    """Note why nothing is shared there from now on; without a reason, it is again."""
    values = {"halted_for": reason, "halted_at": None if reason is None else now}
    connection.execute(update(cohorts).where(cohorts.c.id == cohort).values(**values))


def to_look_at(
    connection: Connection, now: datetime, *, unsaid: Collection[str], limit: int
) -> Sequence[CohortRow]:
    """Return cohorts whose channel is due to be looked at, those never looked at first.

    A closed one is among them as long as it is halted for one of `unsaid`: nothing could be said
    there, so nobody has read that it is closed.
    """
    due = or_(cohorts.c.look_at.is_(None), cohorts.c.look_at <= now)
    never_first = (cohorts.c.look_at.is_not(None), cohorts.c.look_at, cohorts.c.id)
    which = or_(_OPEN, cohorts.c.halted_for.in_(unsaid))
    query = select(*_COLUMNS).where(which, due).order_by(*never_first).limit(limit)
    return [CohortRow(*row) for row in connection.execute(query)]


def looked_at(connection: Connection, cohort: UUID, *, is_open: bool, again_at: datetime) -> None:
    """Note what was seen, and when to look again."""
    values = {"is_open": is_open, "look_at": again_at}
    connection.execute(update(cohorts).where(cohorts.c.id == cohort).values(**values))


def look_soon(connection: Connection, channel: str, *, now: datetime) -> None:
    """Have the channel looked at soon; one that never was stays among the first."""
    that = (cohorts.c.channel_id == channel, cohorts.c.look_at.is_not(None))
    connection.execute(update(cohorts).where(*that).values(look_at=now))


def to_count(connection: Connection, *, before: datetime) -> Mapping[UUID, int]:
    """Return how many belong to each cohort whose band is from `before` or was never made."""
    old = or_(cohorts.c.size_band_at.is_(None), cohorts.c.size_band_at <= before)
    query = (
        select(cohorts.c.id, func.count(members.c.person_id))
        .outerjoin_from(cohorts, members, members.c.cohort_id == cohorts.c.id)
        .where(_OPEN, old)
        .group_by(cohorts.c.id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def set_band(connection: Connection, cohort: UUID, band: str, *, now: datetime) -> None:
    """Keep how many belong to it, as a band."""
    values = {"size_band": band, "size_band_at": now}
    connection.execute(update(cohorts).where(cohorts.c.id == cohort).values(**values))


def _that(cohort: UUID, person: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return members.c.cohort_id == cohort, members.c.person_id == person
