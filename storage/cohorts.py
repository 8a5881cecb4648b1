"""Rows of cohorts: a Slack channel with a name, and who belongs to it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, Table, bindparam, delete, select
from sqlmodel import Field, SQLModel

from storage.dialects import insert_once


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
    closed_at: datetime | None = None
    size_band: str | None = Field(default=None, description="how many members, as a band")
    size_band_at: datetime | None = None


class CohortMember(SQLModel, table=True):
    """Somebody who belongs to a cohort, whether or not they have joined Hearth."""

    __tablename__ = "cohort_members"

    cohort_id: UUID = Field(foreign_key="cohorts.id", ondelete="CASCADE", primary_key=True)
    person_id: str = Field(primary_key=True, index=True)
    decides: bool = Field(default=False, description="decides on a member's work or pay")
    joined_at: datetime | None = None


cohorts: Table = SQLModel.metadata.tables["cohorts"]
members: Table = SQLModel.metadata.tables["cohort_members"]


@dataclass(frozen=True, slots=True)
class CohortRow:
    """One cohort."""

    id: UUID
    name: str
    channel_id: str


_COLUMNS = (cohorts.c.id, cohorts.c.name, cohorts.c.channel_id)
_OF = (
    select(*_COLUMNS)
    .join_from(cohorts, members, members.c.cohort_id == cohorts.c.id)
    .where(members.c.person_id == bindparam("person"))
    .order_by(cohorts.c.name, cohorts.c.channel_id)
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
        {"cohort_id": cohort, "person_id": person, "decides": False}
        for person in sorted(set(people))
    ]
    if rows:
        connection.execute(members.insert(), rows)
    return True


def every(connection: Connection) -> Sequence[CohortRow]:
    """Return all cohorts by name."""
    rows = connection.execute(select(*_COLUMNS).order_by(cohorts.c.name, cohorts.c.channel_id))
    return [CohortRow(*row) for row in rows]


def of(connection: Connection, person: str) -> Sequence[CohortRow]:
    """Return the cohorts that the person belongs to, by name."""
    return [CohortRow(*row) for row in connection.execute(_OF, {"person": person})]


def leave_all(connection: Connection, person: str) -> None:
    """Let the person belong to no cohort any more."""
    connection.execute(delete(members).where(members.c.person_id == person))
