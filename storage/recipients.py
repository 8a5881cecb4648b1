"""Rows of recipients: whom a direct message is for, where no other row says so.

The outbox names nobody; where its subject is such a row, the message is for this person. The row
goes once the message was said or given up, so nobody is remembered by it.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, Table, delete, select, update
from sqlmodel import Field, SQLModel


class Recipient(SQLModel, table=True):
    """Whom one direct message is for."""

    __tablename__ = "recipients"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: str = Field(index=True, description="Slack user id; need not have joined")
    made_at: datetime
    dm_channel: str | None = Field(
        default=None, description="where it is sent, so that it can be looked for there"
    )
    about: UUID | None = Field(
        default=None, description="the cohort or ritual that it speaks of, if any"
    )


recipients: Table = SQLModel.metadata.tables["recipients"]


def add(
    connection: Connection,
    person: str,
    *,
    now: datetime,
    recipient: UUID | None = None,
    about: UUID | None = None,
) -> UUID:
    """Keep whom a direct message is for, and of which cohort or ritual.

    Returns:
        The id to say it with: that given, or a new one.
    """
    recipient = recipient or uuid4()
    values = {"id": recipient, "person_id": person, "made_at": now, "about": about}
    connection.execute(recipients.insert().values(**values))
    return recipient


def whose(connection: Connection, recipient: UUID) -> str | None:
    """Return whom it is for, or None when nobody is owed it any more."""
    found = connection.execute(select(recipients.c.person_id).where(recipients.c.id == recipient))
    return found.scalar()


def about(connection: Connection, recipient: UUID) -> UUID | None:
    """Return the cohort or ritual that the direct message speaks of, if any."""
    found = connection.execute(select(recipients.c.about).where(recipients.c.id == recipient))
    return found.scalar()


def dm_channel(connection: Connection, recipient: UUID) -> str | None:
    """Return the id of the direct message it is sent in, as far as that was opened before."""
    found = connection.execute(select(recipients.c.dm_channel).where(recipients.c.id == recipient))
    return found.scalar()


def set_dm_channel(connection: Connection, recipient: UUID, channel: str) -> None:
    """Keep the id of the direct message it is sent in."""
    connection.execute(
        update(recipients).where(recipients.c.id == recipient).values(dm_channel=channel)
    )


def remove(connection: Connection, recipient: UUID) -> None:
    """Let go whom it was for; harmless when there is no such row."""
    connection.execute(delete(recipients).where(recipients.c.id == recipient))


def remove_of(connection: Connection, person: str) -> None:
    """Owe the person nothing more."""
    connection.execute(delete(recipients).where(recipients.c.person_id == person))


def remove_before(connection: Connection, instant: datetime) -> int:
    """Delete those made before an instant; return how many there were."""
    return connection.execute(delete(recipients).where(recipients.c.made_at < instant)).rowcount
