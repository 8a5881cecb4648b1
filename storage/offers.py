"""Rows of offers: a member reacted with the support emoji, and may do something kind about it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Table, UniqueConstraint
from sqlmodel import Field, SQLModel


class Offer(SQLModel, table=True):
    """What one member may do about one message; gone after a few days."""

    __tablename__ = "support_offers"
    __table_args__ = (
        UniqueConstraint("person_id", "channel_id", "message_ts", name="uq_support_offers_once"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: str = Field(foreign_key="people.id", ondelete="CASCADE")
    author_id: str = Field(index=True, description="Slack user id of who wrote the message")
    channel_id: str
    message_ts: str
    made_at: datetime = Field(index=True)
    chosen: str | None = Field(default=None, description="a code: what was done about it")


offers: Table = SQLModel.metadata.tables["support_offers"]
