"""Rows of the prompt budget: what was used of it, for people and for cohorts."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index, Table
from sqlmodel import Field, SQLModel


class Prompt(SQLModel, table=True):
    """A person was prompted, or reminded, in one week; the key lets it happen once."""

    __tablename__ = "prompts"

    person_id: str = Field(foreign_key="people.id", ondelete="CASCADE", primary_key=True)
    week: date = Field(primary_key=True, description="the Monday of it, in the person's zone")
    sort: str = Field(primary_key=True, description="prompt or reminder")
    feature: str = Field(description="which feature used it")


class CohortPost(SQLModel, table=True):
    """Posts in a cohort's channel that something has used, or has reserved."""

    __tablename__ = "cohort_posts"
    __table_args__ = (Index("ix_cohort_posts_week", "cohort_id", "week"),)

    occasion: UUID = Field(primary_key=True, description="what they are for, such as an occurrence")
    cohort_id: UUID = Field(foreign_key="cohorts.id", ondelete="CASCADE")
    week: date = Field(description="the Monday of it, in the zone of the cohort")
    posts: int


prompts: Table = SQLModel.metadata.tables["prompts"]
cohort_posts: Table = SQLModel.metadata.tables["cohort_posts"]
