"""Rows of news: something happened to a cohort that whoever runs it should know."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, Table, delete, select
from sqlmodel import Field, SQLModel


class NewsRow(SQLModel, table=True):
    """One thing to tell one holder of a role; its details name nobody."""

    __tablename__ = "news"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    grant_id: UUID = Field(foreign_key="grants.id", ondelete="CASCADE", index=True)
    cohort_id: UUID = Field(foreign_key="cohorts.id", ondelete="CASCADE", index=True)
    topic: str
    details: str = Field(description="JSON: an object of texts")
    made_at: datetime = Field(index=True)


news: Table = SQLModel.metadata.tables["news"]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to tell, and whom."""

    grant: UUID
    cohort: UUID
    topic: str
    details: Mapping[str, str]


def add(
    connection: Connection,
    *,
    grant: UUID,
    cohort: UUID,
    topic: str,
    details: Mapping[str, str],
    now: datetime,
) -> UUID:
    """Keep something to tell, and return its id."""
    row = uuid4()
    values = {"id": row, "grant_id": grant, "cohort_id": cohort, "topic": topic}
    values |= {"details": json.dumps(details), "made_at": now}
    connection.execute(news.insert().values(**values))
    return row


def find(connection: Connection, which: UUID) -> Item | None:
    """Return something to tell, or None when it is gone."""
    columns = (news.c.grant_id, news.c.cohort_id, news.c.topic, news.c.details)
    row = connection.execute(select(*columns).where(news.c.id == which)).first()
    return None if row is None else Item(row[0], row[1], row[2], json.loads(row[3]))


def remove_before(connection: Connection, instant: datetime) -> int:
    """Delete what was told before an instant; return how many there were."""
    return connection.execute(delete(news).where(news.c.made_at < instant)).rowcount
