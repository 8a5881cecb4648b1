"""Rows of news: something happened to a cohort that whoever runs it should know."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, Table, delete, select
from sqlmodel import Field, SQLModel

from storage.outbox import outbox


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


def latest(connection: Connection, cohort: UUID, topics: Collection[str]) -> str | None:
    """Return the topic that was made last for a cohort, of these; None without one."""
    query = select(news.c.topic).where(news.c.cohort_id == cohort, news.c.topic.in_(topics))
    return connection.execute(query.order_by(news.c.made_at.desc()).limit(1)).scalar()


def is_there(connection: Connection, cohort: UUID, topic: str, details: Mapping[str, str]) -> bool:
    """Whether the same was already made for a cohort."""
    same = (news.c.topic == topic, news.c.details == json.dumps(details))
    query = select(news.c.id).where(news.c.cohort_id == cohort, *same)
    return connection.execute(query.limit(1)).first() is not None


def remove_unsaid(
    connection: Connection, cohort: UUID, topics: Collection[str], *, kind: str
) -> int:
    """Delete what a sender has not taken up yet, of these topics; return how much there was.

    Args:
        connection: the transaction; no sender takes up what it deletes.
        cohort: of which it is news.
        topics: which.
        kind: what deliveries of news are called in the outbox.
    """
    waiting = (
        select(outbox.c.subject)
        .join_from(outbox, news, news.c.id == outbox.c.subject)
        .where(outbox.c.kind == kind, outbox.c.state == "pending")
        .where(news.c.cohort_id == cohort, news.c.topic.in_(topics))
        .with_for_update(of=outbox)
    )
    unsaid = connection.scalars(waiting).all()
    connection.execute(delete(news).where(news.c.id.in_(unsaid)))
    return len(unsaid)


def remove_before(connection: Connection, instant: datetime) -> int:
    """Delete what was told before an instant; return how many there were."""
    return connection.execute(delete(news).where(news.c.made_at < instant)).rowcount
