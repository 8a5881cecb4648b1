"""Rows of the prompt budget: what was used of it, for people and for cohorts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Index, Table, delete, func, select, update
from sqlmodel import Field, SQLModel

from storage.dialects import among, insert_new


class Prompt(SQLModel, table=True):
    """A person was prompted, or reminded, in one week; the key lets it happen once."""

    __tablename__ = "prompts"

    person_id: str = Field(foreign_key="people.id", ondelete="CASCADE", primary_key=True)
    week: date = Field(primary_key=True, description="the Monday of it, in the person's zone")
    sort: str = Field(primary_key=True, description="prompt or reminder")
    kind: str = Field(description="of the delivery that used it")
    said_at: datetime


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


@dataclass(frozen=True, slots=True)
class PromptRow:
    """One prompt or reminder."""

    week: date
    sort: str
    said_at: datetime


def prompts_of(connection: Connection, person: str) -> Sequence[PromptRow]:
    """Return what was said to a person, the latest first."""
    columns = (prompts.c.week, prompts.c.sort, prompts.c.said_at)
    query = select(*columns).where(prompts.c.person_id == person)
    return [PromptRow(*row) for row in connection.execute(query.order_by(prompts.c.said_at.desc()))]


def everything(connection: Connection, person: str) -> Sequence[Mapping[str, Any]]:
    """Return all that is kept of what was said to a person, the first first."""
    query = select(prompts).where(prompts.c.person_id == person)
    return [dict(row) for row in connection.execute(query.order_by(prompts.c.said_at)).mappings()]


def add_prompt(
    connection: Connection, person: str, week: date, *, sort: str, kind: str, now: datetime
) -> bool:
    """Count one; False if one of that sort is counted in that week."""
    key = ["person_id", "week", "sort"]
    values = {"person_id": person, "week": week, "sort": sort, "kind": kind, "said_at": now}
    insert = insert_new(prompts, connection.dialect, unique=key).values(**values)
    return connection.execute(insert.returning(prompts.c.person_id)).first() is not None


def posts_in(connection: Connection, cohort: UUID, week: date, *, besides: UUID | None) -> int:
    """Return how many posts of a cohort are used in a week, but for those of one occasion."""
    query = select(func.coalesce(func.sum(cohort_posts.c.posts), 0)).where(
        cohort_posts.c.cohort_id == cohort, cohort_posts.c.week == week
    )
    if besides is not None:
        query = query.where(cohort_posts.c.occasion != besides)
    return int(connection.execute(query).scalar_one())


def posts_since(
    connection: Connection, cohorts: Collection[UUID], week: date
) -> dict[tuple[UUID, date], int]:
    """Return how many posts of each cohort are used in each week, from one week on."""
    used = func.sum(cohort_posts.c.posts)
    query = select(cohort_posts.c.cohort_id, cohort_posts.c.week, used).where(
        among(connection, cohort_posts.c.cohort_id, cohorts), cohort_posts.c.week >= week
    )
    rows = connection.execute(query.group_by(cohort_posts.c.cohort_id, cohort_posts.c.week))
    return {(cohort, of): int(posts) for cohort, of, posts in rows}


def reserve_many(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Let many occasions, of which none is known, use posts; a row names every column."""
    if rows:
        connection.execute(cohort_posts.insert(), rows)


def reserve(
    connection: Connection, occasion: UUID, cohort: UUID, week: date, *, posts: int
) -> None:
    """Let an occasion use so many posts; what it used before is free."""
    free(connection, occasion)
    values = {"occasion": occasion, "cohort_id": cohort, "week": week, "posts": posts}
    connection.execute(cohort_posts.insert().values(**values))


def free(connection: Connection, occasion: UUID) -> None:
    """Give back what an occasion uses; harmless when that is nothing."""
    connection.execute(delete(cohort_posts).where(cohort_posts.c.occasion == occasion))


def keep_one(connection: Connection, occasion: UUID) -> None:
    """Give back what an occasion uses but for one post; harmless when that is nothing."""
    this = (cohort_posts.c.occasion == occasion, cohort_posts.c.posts > 1)
    connection.execute(update(cohort_posts).where(*this).values(posts=1))


def remove_before(connection: Connection, week: date) -> int:
    """Delete what belongs to weeks before one; return how many rows there were."""
    return sum(
        connection.execute(delete(table).where(table.c.week < week)).rowcount
        for table in (prompts, cohort_posts)
    )
