"""Rows of rituals and of their occurrences.

These tables own the schedule: of every ritual that goes on, the next occurrence is planned here,
and whoever claims it in one transaction is the only one who posts it.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Table, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.dialects import index_where


class RitualRow(SQLModel, table=True):
    """Something that a cohort does again and again."""

    __tablename__ = "rituals"
    __table_args__ = (index_where("to_plan", "ix_rituals_to_plan", "id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    cohort_id: UUID = Field(foreign_key="cohorts.id", ondelete="CASCADE", index=True)
    template: str = Field(description="key of a template in the content")
    title: str
    words: str = Field(description="what the post says, as the facilitator left it")
    links: str = Field(description="JSON: a list of objects with title and url")
    rule: str = Field(description="RRULE of RFC 5545; days only, the time stands in at_minute")
    starts_on: date
    at_minute: int = Field(description="minutes after local midnight")
    zone: str = Field(description="IANA name")
    on_holiday: str = Field(description="keep, skip or move")
    country: str | None = Field(default=None, description="ISO 3166: whose holidays")
    mode: str = Field(description="open or live")
    minutes: int | None = Field(default=None, description="how long a live one takes")
    rotates: bool = Field(description="whether the rota says who holds it")
    legend: str = Field(description="key of a legend in the content")
    paused_at: datetime | None = None
    ended_at: datetime | None = Field(default=None, description="deleted, or run out")
    to_plan: bool = Field(description="whether its next occurrence is still to be planned")
    plan_after: datetime = Field(description="nothing due by then is planned")
    revision: int = Field(description="counts the changes; two who change it at once collide")
    created_at: datetime


class OccurrenceRow(SQLModel, table=True):
    """One time that a ritual comes round."""

    __tablename__ = "ritual_occurrences"
    __table_args__ = (
        UniqueConstraint("ritual_id", "on_date", name="uq_ritual_occurrences_once"),
        index_where("state = 'planned'", "ix_ritual_occurrences_due", "due_at"),
        index_where("announce_at IS NOT NULL", "ix_ritual_occurrences_announce", "announce_at"),
        index_where("ask_at IS NOT NULL", "ix_ritual_occurrences_ask", "ask_at"),
        index_where("state = 'open'", "ix_ritual_occurrences_close", "closes_at"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    ritual_id: UUID = Field(foreign_key="rituals.id", ondelete="CASCADE")
    on_date: date = Field(description="the day by its rule; with the ritual the unique key")
    due_at: datetime
    state: str = Field(description="planned, open, closed, skipped, missed or unsent")
    reason: str | None = Field(default=None, description="a code: why it did not take place")
    announce_at: datetime | None = Field(default=None, description="None once that is done")
    ask_at: datetime | None = Field(
        default=None, description="when the next of the rota is asked; None: nobody is to be"
    )
    closes_at: datetime | None = None
    claimed_at: datetime | None = None


rituals: Table = SQLModel.metadata.tables["rituals"]
occurrences: Table = SQLModel.metadata.tables["ritual_occurrences"]
