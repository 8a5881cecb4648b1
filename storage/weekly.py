"""Rows of weekly check-ins: who wants to be asked in a direct message, and when."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Table
from sqlmodel import Field, SQLModel


class Weekly(SQLModel, table=True):
    """When one member wants to be asked how they are."""

    __tablename__ = "weekly_checkins"

    person_id: str = Field(foreign_key="people.id", ondelete="CASCADE", primary_key=True)
    ref: UUID = Field(default_factory=uuid4, unique=True, description="names it in the outbox")
    weekday: int = Field(description="0 for Monday")
    at_minute: int = Field(description="minutes after local midnight")
    zone: str | None = Field(default=None, description="IANA name; None: wherever Slack says")
    reminds: bool = Field(description="whether one reminder may follow")
    next_at: datetime | None = Field(default=None, index=True, description="None: not now")
    remind_at: datetime | None = Field(default=None, index=True)


weekly: Table = SQLModel.metadata.tables["weekly_checkins"]
