"""Rows of invitations: that somebody who is no member was invited once, and not again.

Nothing is kept of who has not joined: a row is a keyed digest of their id, and goes after a year.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, Table, delete, select
from sqlmodel import Field, SQLModel

from storage.dialects import insert_new


class Invitation(SQLModel, table=True):
    """Somebody was invited."""

    __tablename__ = "invitations"

    digest: str = Field(primary_key=True)
    invited_on: date = Field(index=True)


invitations: Table = SQLModel.metadata.tables["invitations"]


def add(connection: Connection, digest: str, *, on: date) -> bool:
    """Keep that somebody was invited; False, and nothing changed, if they were before."""
    insert = insert_new(invitations, connection.dialect, unique=["digest"])
    new = insert.values(digest=digest, invited_on=on).returning(invitations.c.digest)
    return connection.execute(new).first() is not None


def is_there(connection: Connection, digest: str) -> bool:
    """Whether somebody was invited."""
    query = select(invitations.c.digest).where(invitations.c.digest == digest)
    return connection.execute(query).first() is not None


def remove_before(connection: Connection, day: date) -> int:
    """Delete those from before a day; return how many there were."""
    return connection.execute(delete(invitations).where(invitations.c.invited_on < day)).rowcount
