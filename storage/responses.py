"""Rows of responses: who reacted with what to which occurrence of a ritual.

They are no check-ins and stand in no anonymous sum: reactions are public in Slack anyway.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Table
from sqlmodel import Field, SQLModel


class Response(SQLModel, table=True):
    """One emoji of one member on one occurrence's post, as the latest event has it."""

    __tablename__ = "ritual_responses"

    occurrence_id: UUID = Field(
        foreign_key="ritual_occurrences.id", ondelete="CASCADE", primary_key=True
    )
    person_id: str = Field(
        foreign_key="people.id", ondelete="CASCADE", primary_key=True, index=True
    )
    emoji: str = Field(primary_key=True, description="Slack's name, without a skin tone")
    event_ts: str = Field(description="Slack's name for the moment; the latest event counts")
    stands: bool = Field(description="whether that event added it")


responses: Table = SQLModel.metadata.tables["ritual_responses"]
