"""Rows of posts: what of ours stands in Slack, so that it can be changed and taken away.

Only in channels: where a direct message stands would say with whom.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, Index, Table, bindparam, delete, select
from sqlmodel import Field, SQLModel

from storage.compiled import Compiled


class PostRow(SQLModel, table=True):
    """A message of ours in a channel, so that it can be changed and taken away."""

    __tablename__ = "posts"
    __table_args__ = (Index("ix_posts_place", "channel", "ts"),)

    kind: str = Field(primary_key=True)
    subject: UUID = Field(primary_key=True)
    channel: str
    ts: str


posts: Table = SQLModel.metadata.tables["posts"]

_THAT = (posts.c.kind == bindparam("about"), posts.c.subject == bindparam("this"))
_FIND = Compiled(select(posts.c.channel, posts.c.ts).where(*_THAT))
_DROP = Compiled(delete(posts).where(*_THAT))
_KEEP = Compiled(posts.insert().values({column: bindparam(column.name) for column in posts.c}))


def find(connection: Connection, kind: str, subject: UUID) -> tuple[str, str] | None:
    """Return channel and ts of the message that stands in Slack about that subject."""
    one = _FIND.run(connection, {"about": kind, "this": subject}).fetchone()
    return None if one is None else (one[0], one[1])


def at(connection: Connection, channel: str, ts: str) -> tuple[str, UUID] | None:
    """Return kind and subject of our message that stands there, or None when it is none of ours."""
    query = select(posts.c.kind, posts.c.subject).where(
        posts.c.channel == channel, posts.c.ts == ts
    )
    one = connection.execute(query).first()
    return None if one is None else (one.kind, one.subject)


def keep(connection: Connection, kind: str, subject: UUID, channel: str, ts: str) -> None:
    """Remember where a message stands, in the place of what was remembered before."""
    drop(connection, kind, subject)
    values = {"kind": kind, "subject": subject, "channel": channel, "ts": ts}
    _KEEP.run(connection, values)


def drop(connection: Connection, kind: str, subject: UUID) -> None:
    """Forget a message that stands in Slack no more."""
    _DROP.run(connection, {"about": kind, "this": subject})
