"""Rows of notices: a word that is owed to one person about themselves.

The outbox names nobody; this row says whom its direct message is for.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, Table, delete, select
from sqlmodel import Field, SQLModel


class Notice(SQLModel, table=True):
    """One word to one person."""

    __tablename__ = "notices"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: str = Field(foreign_key="people.id", ondelete="CASCADE", index=True)
    made_at: datetime


notices: Table = SQLModel.metadata.tables["notices"]


def add(connection: Connection, person: str, *, now: datetime) -> UUID:
    """Keep a notice for somebody who has joined, and return its id."""
    notice = uuid4()
    connection.execute(notices.insert().values(id=notice, person_id=person, made_at=now))
    return notice


def whose(connection: Connection, notice: UUID) -> str | None:
    """Return whom a notice is for, or None when nobody is owed it any more."""
    found = connection.execute(select(notices.c.person_id).where(notices.c.id == notice))
    return found.scalar()


def remove_before(connection: Connection, instant: datetime) -> int:
    """Delete the notices made before an instant; return how many there were."""
    return connection.execute(delete(notices).where(notices.c.made_at < instant)).rowcount
