"""Rows of the rota: who would hold a cohort's rituals, and who was asked for which occurrence."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Table, UniqueConstraint
from sqlmodel import Field, SQLModel


class RotaMember(SQLModel, table=True):
    """Somebody who would hold the rituals of a cohort when it is their turn."""

    __tablename__ = "rota_members"

    cohort_id: UUID = Field(foreign_key="cohorts.id", ondelete="CASCADE", primary_key=True)
    person_id: str = Field(
        foreign_key="people.id", ondelete="CASCADE", primary_key=True, index=True
    )
    since: datetime
    last_turn_at: datetime | None = Field(default=None, description="when they were last asked")


class Turn(SQLModel, table=True):
    """Somebody who was asked to hold one occurrence."""

    __tablename__ = "ritual_turns"
    __table_args__ = (
        UniqueConstraint("occurrence_id", "person_id", name="uq_ritual_turns_asked_once"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    occurrence_id: UUID = Field(foreign_key="ritual_occurrences.id", ondelete="CASCADE")
    person_id: str = Field(foreign_key="people.id", ondelete="CASCADE", index=True)
    asked_at: datetime
    answer: str | None = Field(default=None, description="yes, pass or silent")
    answered_at: datetime | None = None


rota_members: Table = SQLModel.metadata.tables["rota_members"]
turns: Table = SQLModel.metadata.tables["ritual_turns"]
