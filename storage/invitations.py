"""Rows of invitations: that somebody who is no member was invited once, and not again.

Nothing is kept of who has not joined: a row is a keyed digest of their id, and goes after a year.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Table
from sqlmodel import Field, SQLModel


class Invitation(SQLModel, table=True):
    """Somebody was invited."""

    __tablename__ = "invitations"

    digest: str = Field(primary_key=True)
    invited_on: date = Field(index=True)


invitations: Table = SQLModel.metadata.tables["invitations"]
