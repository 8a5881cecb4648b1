"""Rows of recipients: whom a direct message is for, where no other row says so.

The outbox names nobody; where its subject is such a row, the message is for this person.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, Table, delete, select
from sqlmodel import Field, SQLModel


class Recipient(SQLModel, table=True):
    """Whom one direct message is for."""

    __tablename__ = "recipients"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: str = Field(foreign_key="people.id", ondelete="CASCADE", index=True)
    made_at: datetime


recipients: Table = SQLModel.metadata.tables["recipients"]


def add(connection: Connection, person: str, *, now: datetime) -> UUID:
    """Keep that a direct message is for somebody who has joined; return the id to say it with."""
    recipient = uuid4()
    connection.execute(recipients.insert().values(id=recipient, person_id=person, made_at=now))
    return recipient


def whose(connection: Connection, recipient: UUID) -> str | None:
    """Return whom it is for, or None when nobody is owed it any more."""
    found = connection.execute(select(recipients.c.person_id).where(recipients.c.id == recipient))
    return found.scalar()


def remove_before(connection: Connection, instant: datetime) -> int:
    """Delete those made before an instant; return how many there were."""
    return connection.execute(delete(recipients).where(recipients.c.made_at < instant)).rowcount
