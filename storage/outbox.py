"""Rows of the outbox: what is to be said, and who is saying it.

No row holds a word that somebody reads, nor anybody's id: `subject` refers to the fact that is
spoken about, and direct messages have no channel here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    FromClause,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlmodel import Field, SQLModel

from storage.compiled import Compiled
from storage.dialects import index_where, insert_new
from storage.posts import posts

_OPEN = "state IN ('pending', 'sending')"
_FAILED = "state = 'failed'"


class OutboxRow(SQLModel, table=True):
    """Something to say, once."""

    __tablename__ = "outbox"
    __table_args__ = (
        index_where(_OPEN, "ix_outbox_due", "state", "priority", "due_at", "id"),
        index_where(_OPEN, "ix_outbox_open_subject", "kind", "subject", "id"),
        index_where(_FAILED, "ix_outbox_failed_subject", "kind", "subject", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    delivery_id: UUID = Field(unique=True, description="random; stands in the message's metadata")
    kind: str
    subject: UUID = Field(description="id of the fact that is spoken about")
    dedupe_key: str = Field(unique=True)
    channel: str | None = Field(default=None, description="Slack channel; none for a DM")
    priority: int = Field(description="the lowest goes first")
    due_at: datetime
    after_id: int | None = Field(default=None, description="waits until that row is settled")
    after_until: datetime | None = Field(default=None, description="but no longer than this")
    state: str = Field(description="pending, sending, sent or failed")
    owner: str | None = Field(default=None, description="the sender that holds it")
    lease_until: datetime | None = None
    attempts: int = 0
    reason: str | None = Field(default=None, description="a code: why it waits or was given up")
    ts: str | None = Field(default=None, description="Slack's name for the message")
    created_at: datetime
    settled_at: datetime | None = Field(default=None, index=True)


outbox: Table = SQLModel.metadata.tables["outbox"]


@dataclass(frozen=True, slots=True)
class Leased:
    """A row that a sender has taken up."""

    id: int
    delivery_id: UUID
    kind: str
    subject: UUID
    channel: str | None
    attempts: int
    created_at: datetime
    newest: int


_PENDING: ColumnElement[str] = literal_column("'pending'")
_SENDING: ColumnElement[str] = literal_column("'sending'")


def _open(rows: FromClause) -> ColumnElement[bool]:
    # Spelt out as in the indexes: SQLite uses a partial index only for what it can see is in it.
    return rows.c.state.in_((_PENDING, _SENDING))


def _awaited() -> ColumnElement[bool]:
    """Whether the row that this one comes after is still open."""
    first = outbox.alias("first")
    return exists().where(first.c.id == outbox.c.after_id, _open(first))


def _earlier_open() -> ColumnElement[bool]:
    earlier = outbox.alias("earlier")
    return exists().where(
        earlier.c.kind == outbox.c.kind,
        earlier.c.subject == outbox.c.subject,
        _open(earlier),
        earlier.c.id < outbox.c.id,
    )


def _newest_open() -> ColumnElement[int]:
    other = outbox.alias("other")
    same = (other.c.kind == outbox.c.kind, other.c.subject == outbox.c.subject)
    return select(func.max(other.c.id)).where(*same, _open(other)).scalar_subquery()


# What every delivery runs is made here, once: making it costs ten times as much as running it.
_LATER = {"id", "owner", "lease_until", "reason", "ts", "settled_at"}
_ADD = Compiled(
    lambda dialect: (
        insert_new(outbox, dialect, unique=["dedupe_key"])
        .values({each: bindparam(each.name) for each in outbox.c if each.name not in _LATER})
        .returning(outbox.c.id)
    )
)
_BUSY: ColumnElement[str] = bindparam("not_in", expanding=True)
_DUE = (
    select(outbox.c.id, outbox.c.channel)
    .where(
        _open(outbox),
        outbox.c.state == _PENDING,
        outbox.c.priority < bindparam("before_priority"),
        outbox.c.due_at <= bindparam("now"),
        or_(outbox.c.channel.is_(None), outbox.c.channel.not_in(_BUSY)),
        or_(outbox.c.after_until.is_(None), outbox.c.after_until <= bindparam("now"), ~_awaited()),
        ~_earlier_open(),
    )
    .order_by(outbox.c.priority, outbox.c.due_at, outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=outbox)
)
_LOST = (
    select(outbox.c.id)
    .where(_open(outbox), outbox.c.state == _SENDING, outbox.c.lease_until < bindparam("now"))
    .where(outbox.c.id.not_in(bindparam("in_hand", expanding=True)), ~_earlier_open())
    .order_by(outbox.c.priority, outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=outbox)
)
_THESE = outbox.c.id.in_(bindparam("ids", expanding=True))
_HOLD = (
    update(outbox)
    .where(_THESE)
    .values(
        state="sending",
        owner=bindparam("holder"),
        lease_until=bindparam("until"),
        attempts=outbox.c.attempts + bindparam("tries"),
    )
)
_ROW = ("id", "delivery_id", "kind", "subject", "channel", "attempts", "created_at")
_HELD: Executable = select(*(outbox.c[name] for name in _ROW), _newest_open()).where(_THESE)
_HELD_BY = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"), outbox.c.state == _SENDING)
    .where(outbox.c.owner == bindparam("holder"))
)
_END = ("state", "ts", "reason", "settled_at")
_SETTLE = Compiled(_HELD_BY.values(owner=None, **{name: bindparam(f"_{name}") for name in _END}))
_JOIN = Compiled(
    update(outbox)
    .where(
        outbox.c.kind == bindparam("about"),
        outbox.c.subject == bindparam("this"),
        _open(outbox),
        outbox.c.state == _PENDING,
        outbox.c.id <= bindparam("newest"),
    )
    .values(state="sent", reason="joined", settled_at=bindparam("now"))
)
_GIVEN_UP = (
    select(outbox.c.id, outbox.c.delivery_id, outbox.c.reason, outbox.c.created_at)
    .where(outbox.c.kind == bindparam("about"), outbox.c.subject == bindparam("this"))
    .where(outbox.c.state == literal_column("'failed'"))
    .order_by(outbox.c.id)
)


def add(
    connection: Connection,
    *,
    kind: str,
    subject: UUID,
    dedupe_key: str,
    channel: str | None,
    priority: int,
    now: datetime,
    after: tuple[int, datetime] | None = None,
) -> int | None:
    """Put something into the outbox and return its id; None when that key is already there.

    `after` is the id of the row that has to be settled first, and until when to wait for that.
    """
    after_id, after_until = after or (None, None)
    values = {
        "delivery_id": uuid4(),
        "kind": kind,
        "subject": subject,
        "dedupe_key": dedupe_key,
        "channel": channel,
        "priority": priority,
        "due_at": now,
        "after_id": after_id,
        "after_until": after_until,
        "state": "pending",
        "attempts": 0,
        "created_at": now,
    }
    added = _ADD.run(connection, values).fetchall()
    return added[0][0] if added else None


def lease(
    connection: Connection,
    owner: str,
    *,
    now: datetime,
    until: datetime,
    limit: int,
    before_priority: int,
    not_in: Collection[str],
) -> Sequence[Leased]:
    """Take up to `limit` rows that may be sent now, the most urgent first, one for a channel.

    Left alone are rows in the channels `not_in`, rows of `before_priority` and less urgent, rows
    that wait for another, and rows about a subject of which an earlier row is still open: so what
    is said about one subject is said in order. Where nothing is returned, nothing may be sent.
    """
    values = {"now": now, "before_priority": before_priority, "not_in": [*not_in], "most": limit}
    ids, channels = [], set[str]()
    for row in connection.execute(_DUE, values):
        if row.channel not in channels:
            ids.append(row.id)
            channels |= {row.channel} if row.channel else set()
    return _take(connection, ids, owner, until, tries=1)


def take_over(
    connection: Connection,
    owner: str,
    *,
    now: datetime,
    until: datetime,
    limit: int,
    in_hand: Collection[int],
) -> Sequence[Leased]:
    """Take up to `limit` rows whose lease has run out: nobody knows whether Slack has them.

    Left alone are those `in_hand`: their own worker is still at them, however late. After a
    restore several about one subject may be lost at once; they are taken in their order, or two
    senders would each find nothing in Slack and both post.
    """
    values = {"now": now, "most": limit, "in_hand": list(in_hand)}
    ids = connection.execute(_LOST, values).scalars().all()
    return _take(connection, ids, owner, until, tries=0)


def settle(
    connection: Connection,
    row: int,
    owner: str,
    *,
    state: str,
    now: datetime,
    ts: str | None = None,
    reason: str | None = None,
) -> bool:
    """End a row; False when `owner` does not hold it any more, and then nothing is changed."""
    values = {"_state": state, "_ts": ts, "_reason": reason, "_settled_at": now}
    held: int = _SETTLE.run(connection, {"row": row, "holder": owner, **values}).rowcount
    return held == 1


def join(connection: Connection, kind: str, subject: UUID, *, newest: int, now: datetime) -> None:
    """Settle the rows about a subject up to `newest` that wait: another has said it all."""
    _JOIN.run(connection, {"about": kind, "this": subject, "newest": newest, "now": now})


def put_back(
    connection: Connection,
    row: int,
    owner: str,
    *,
    due_at: datetime,
    reason: str,
    tried: bool,
) -> None:
    """Give a row back until `due_at`; with `tried` False it does not count as an attempt.

    Nothing is changed where `owner` does not hold it any more.
    """
    values: dict[str, Any] = {"state": "pending", "owner": None}
    values |= {"due_at": due_at, "reason": reason}
    if not tried:
        values["attempts"] = outbox.c.attempts - 1
    _change_held(connection, row, owner, values)


def hold(connection: Connection, row: int, owner: str, *, until: datetime, reason: str) -> None:
    """Keep a row of which nobody knows whether Slack has it, to be looked for after `until`.

    As for `put_back`, only by its owner.
    """
    _change_held(connection, row, owner, {"lease_until": until, "reason": reason})


def outcome(connection: Connection, row: int) -> tuple[str, str | None] | None:
    """Return a row's state and Slack's name for its message, or None when there is no such row."""
    query = select(outbox.c.state, outbox.c.ts).where(outbox.c.id == row)
    one = connection.execute(query).first()
    return None if one is None else (one.state, one.ts)


def is_on_its_way(connection: Connection, kind: str, channel: str) -> bool:
    """Whether something is being said in a channel, and nobody has noted where it stands."""
    query = select(outbox.c.id).where(
        _open(outbox),
        outbox.c.kind == kind,
        outbox.c.channel == channel,
        ~exists().where(posts.c.kind == outbox.c.kind, posts.c.subject == outbox.c.subject),
    )
    return connection.execute(query.limit(1)).first() is not None


def last_failed(connection: Connection, kind: str, subject: UUID) -> tuple[int, str] | None:
    """Return the id of the latest row about that subject that was given up, and why."""
    rows = connection.execute(_GIVEN_UP, {"about": kind, "this": subject}).all()
    return (rows[-1].id, rows[-1].reason or "") if rows else None


def unknown(
    connection: Connection, kind: str, subject: UUID, *, reason: str
) -> Sequence[tuple[UUID, datetime]]:
    """Return delivery id and beginning of the rows about a subject given up for that reason."""
    rows = connection.execute(_GIVEN_UP, {"about": kind, "this": subject})
    return [(row.delivery_id, row.created_at) for row in rows if row.reason == reason]


def gave_up(connection: Connection, kind: str, subject: UUID) -> bool:
    """Whether the latest row about that subject was given up."""
    failed = last_failed(connection, kind, subject)
    if failed is None:
        return False
    later = (outbox.c.kind == kind, outbox.c.subject == subject, outbox.c.id > failed[0])
    return connection.execute(select(outbox.c.id).where(*later).limit(1)).first() is None


def waiting_since(connection: Connection, now: datetime) -> Mapping[int, datetime]:
    """Return for each priority the oldest instant at which an open row was due."""
    query = (
        select(outbox.c.priority, func.min(outbox.c.due_at))
        .where(_open(outbox), outbox.c.due_at <= now)
        .group_by(outbox.c.priority)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def count(connection: Connection) -> Mapping[str, int]:
    """Return how many rows there are in each state."""
    query = select(outbox.c.state, func.count()).group_by(outbox.c.state)
    return {row[0]: row[1] for row in connection.execute(query)}


def remove_settled(connection: Connection, *, sent: datetime, failed: datetime) -> int:
    """Delete rows that were sent before one instant, or given up before another."""
    old = or_(
        and_(outbox.c.state == "sent", outbox.c.settled_at < sent),
        and_(outbox.c.state == "failed", outbox.c.settled_at < failed),
    )
    return connection.execute(delete(outbox).where(old)).rowcount


def _take(
    connection: Connection, ids: Sequence[int], owner: str, until: datetime, *, tries: int
) -> Sequence[Leased]:
    """Hold these rows and return them in that order."""
    if not ids:
        return ()
    held = {"ids": [*ids], "holder": owner, "until": until, "tries": tries}
    connection.execute(_HOLD, held)
    rows = {row[0]: Leased(*row) for row in connection.execute(_HELD, {"ids": [*ids]})}
    return [rows[each] for each in ids]


def _change_held(connection: Connection, row: int, owner: str, values: Mapping[str, Any]) -> None:
    connection.execute(_HELD_BY.values(**values), {"row": row, "holder": owner})
