"""Rows of offers: a member reacted with the support emoji, and may do something kind about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Table, UniqueConstraint, delete, func, select, update
from sqlmodel import Field, SQLModel

from storage.dialects import insert_new


class Offer(SQLModel, table=True):
    """What one member may do about one message; gone after a few days."""

    __tablename__ = "support_offers"
    __table_args__ = (
        UniqueConstraint("person_id", "channel_id", "message_ts", name="uq_support_offers_once"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: str = Field(foreign_key="people.id", ondelete="CASCADE")
    author_id: str | None = Field(
        default=None,
        foreign_key="people.id",
        ondelete="SET NULL",
        index=True,
        description="who wrote the message, if they have joined; nobody else is kept",
    )
    channel_id: str
    message_ts: str
    made_at: datetime = Field(index=True)
    chosen: str | None = Field(default=None, description="a code: what was done about it")
    passed_on_at: datetime | None = Field(
        default=None, description="when the author was told of it; None: they were not"
    )


offers: Table = SQLModel.metadata.tables["support_offers"]


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One offer."""

    id: UUID
    person_id: str
    author_id: str | None
    """None for somebody who has not joined, or who left."""
    channel_id: str
    message_ts: str
    chosen: str | None


_COLUMNS = tuple(
    offers.c[name]
    for name in ("id", "person_id", "author_id", "channel_id", "message_ts", "chosen")
)


def add(
    connection: Connection,
    person: str,
    *,
    author: str | None,
    channel: str,
    ts: str,
    now: datetime,
) -> UUID | None:
    """Keep an offer and return its id; None if there is one for that message."""
    unique = ["person_id", "channel_id", "message_ts"]
    values = {"id": uuid4(), "person_id": person, "author_id": author, "channel_id": channel}
    insert = insert_new(offers, connection.dialect, unique=unique)
    new = insert.values(**values, message_ts=ts, made_at=now).returning(offers.c.id)
    made: UUID | None = connection.execute(new).scalar()
    return made


def there_is(connection: Connection, person: str, *, channel: str, ts: str) -> bool:
    """Whether the person was made an offer for that message."""
    that = (offers.c.person_id == person, offers.c.channel_id == channel, offers.c.message_ts == ts)
    return connection.execute(select(offers.c.id).where(*that)).first() is not None


def count(connection: Connection, person: str, *, since: datetime) -> int:
    """Return how many offers a person was made since an instant."""
    that = (offers.c.person_id == person, offers.c.made_at > since)
    return connection.execute(select(func.count()).select_from(offers).where(*that)).scalar_one()


def find(connection: Connection, offer: UUID, *, lock: bool = False) -> OfferRow | None:
    """Return an offer, or None when it is gone; locked, nobody else changes it meanwhile."""
    query = select(*_COLUMNS).where(offers.c.id == offer)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return None if row is None else OfferRow(*row)


def was_passed_on(connection: Connection, author: str, chosen: str, *, since: datetime) -> bool:
    """Whether the author was told of something of that kind since an instant."""
    that = (
        offers.c.author_id == author,
        offers.c.chosen == chosen,
        offers.c.passed_on_at > since,
    )
    return connection.execute(select(offers.c.id).where(*that).limit(1)).first() is not None


def choose(
    connection: Connection, offer: UUID, chosen: str, *, passed_on_at: datetime | None
) -> None:
    """Keep what was done about it, and when the author was told, if they were."""
    values = {"chosen": chosen, "passed_on_at": passed_on_at}
    connection.execute(update(offers).where(offers.c.id == offer).values(**values))


def of_person(connection: Connection, person: str) -> Sequence[Mapping[str, Any]]:
    """Return what is kept of a person's offers that says something about them, oldest first."""
    names = ("channel_id", "message_ts", "made_at", "chosen")
    query = select(*(offers.c[name] for name in names)).where(offers.c.person_id == person)
    rows = connection.execute(query.order_by(offers.c.made_at, offers.c.id))
    return [dict(row) for row in rows.mappings()]


def remove_before(connection: Connection, instant: datetime) -> int:
    """Delete those made before an instant; return how many there were."""
    return connection.execute(delete(offers).where(offers.c.made_at < instant)).rowcount
