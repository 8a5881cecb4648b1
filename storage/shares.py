"""Rows of shares: which part of a check-in somebody chose to show in which channel.

A share that was withdrawn, or whose check-in is gone, stays until its message is taken away in
Slack. With the check-in gone it points to nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    select,
    update,
)
from sqlmodel import Field, SQLModel

from storage.checkins import COLUMNS, CheckInRow, checkins, opened
from storage.compiled import Compiled
from storage.dialects import index_where
from storage.encryption import Keyring
from storage.posts import posts


class Share(SQLModel, table=True):
    """One part of one check-in, in one channel."""

    __tablename__ = "shares"
    __table_args__ = (
        index_where("NOT withdrawn", "ix_shares_one_stands", "checkin_id", unique=True),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    checkin_id: UUID | None = Field(
        default=None, foreign_key="checkins.id", ondelete="SET NULL", index=True
    )
    withdrawn: bool = False
    channel_id: str = Field(description="Slack channel id")
    part: str
    revision: int = Field(description="counts the changes; names what is said about each")


shares: Table = SQLModel.metadata.tables["shares"]


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One share that stands."""

    id: UUID
    channel_id: str
    part: str
    revision: int


@dataclass(frozen=True, slots=True)
class SharedCheckIn:
    """A share with what it shows and whose it is."""

    person_id: str
    channel_id: str
    part: str
    checkin: CheckInRow


_COLUMNS = (shares.c.id, shares.c.channel_id, shares.c.part, shares.c.revision)
_ADD = Compiled(shares.insert().values({column: bindparam(column.name) for column in shares.c}))
_SHOWN = (
    select(checkins.c.person_id, shares.c.channel_id, shares.c.part, *COLUMNS)
    .join_from(shares, checkins, checkins.c.id == shares.c.checkin_id)
    .where(shares.c.id == bindparam("share"), ~shares.c.withdrawn)
)


def of_checkin(connection: Connection, checkin: UUID) -> ShareRow | None:
    """Return what of this check-in is shared, or None."""
    stands = (shares.c.checkin_id == checkin, ~shares.c.withdrawn)
    row = connection.execute(select(*_COLUMNS).where(*stands)).first()
    return None if row is None else ShareRow(*row)


def on_days(connection: Connection, person: str, days: Collection[date]) -> Mapping[date, ShareRow]:
    """Return what the person shares of the check-ins of these days."""
    query = (
        select(checkins.c.day, *_COLUMNS)
        .join_from(shares, checkins, checkins.c.id == shares.c.checkin_id)
        .where(checkins.c.person_id == person, checkins.c.day.in_(days), ~shares.c.withdrawn)
    )
    return {row[0]: ShareRow(*row[1:]) for row in connection.execute(query)}


def of_person(connection: Connection, person: str) -> Mapping[date, ShareRow]:
    """Return everything that the person shares, by the day of the check-in."""
    query = (
        select(checkins.c.day, *_COLUMNS)
        .join_from(shares, checkins, checkins.c.id == shares.c.checkin_id)
        .where(checkins.c.person_id == person, ~shares.c.withdrawn)
    )
    return {row[0]: ShareRow(*row[1:]) for row in connection.execute(query)}


def add(connection: Connection, checkin: UUID, *, channel: str, part: str) -> ShareRow:
    """Keep a new share."""
    row = ShareRow(uuid4(), channel, part, 1)
    values = {"id": row.id, "checkin_id": checkin, "withdrawn": False, "revision": row.revision}
    _ADD.run(connection, values | {"channel_id": channel, "part": part})
    return row


def change(connection: Connection, share: UUID, *, part: str) -> int:
    """Set the part that is shown, and return the number of this change."""
    statement = (
        update(shares)
        .where(shares.c.id == share)
        .values(part=part, revision=shares.c.revision + 1)
        .returning(shares.c.revision)
    )
    revision: int = connection.execute(statement).scalar_one()
    return revision


def withdraw(connection: Connection, checkin: UUID) -> Sequence[ShareRow]:
    """Withdraw the share of a check-in; what is returned is to be taken away in Slack."""
    return _withdraw(connection, shares.c.checkin_id == checkin)


def withdraw_of(connection: Connection, person: str) -> Sequence[ShareRow]:
    """As `withdraw`, for every check-in of a person."""
    return _withdraw(connection, _of_those(checkins.c.person_id == person))


def withdraw_in(connection: Connection, person: str, channel: str) -> Sequence[ShareRow]:
    """As `withdraw`, for every check-in of a person, as far as it is shown in a channel."""
    return _withdraw(
        connection,
        and_(shares.c.channel_id == channel, _of_those(checkins.c.person_id == person)),
    )


def withdraw_unposted(connection: Connection, channel: str) -> Sequence[ShareRow]:
    """As `withdraw`, for whatever was to be shown in a channel and does not stand there yet."""
    stands = exists().where(posts.c.kind == "share", posts.c.subject == shares.c.id)
    return _withdraw(connection, and_(shares.c.channel_id == channel, ~stands))


def withdraw_before(connection: Connection, day: date) -> Sequence[ShareRow]:
    """As `withdraw`, for every check-in of a day before `day`."""
    return _withdraw(connection, _of_those(checkins.c.day < day))


def remove_withdrawn(connection: Connection, share: UUID) -> None:
    """Delete a withdrawn share of which nothing stands in Slack any more."""
    connection.execute(delete(shares).where(shares.c.id == share, shares.c.withdrawn))


def shown(connection: Connection, keyring: Keyring, share: UUID) -> SharedCheckIn | None:
    """Return what a share shows; None when it was withdrawn.

    Raises:
        CellUnreadable, KeyMissing: the note does not decrypt.
    """
    row = connection.execute(_SHOWN, {"share": share}).first()
    if row is None:
        return None
    person, channel, part, *checkin = row
    return SharedCheckIn(person, channel, part, opened(checkin, keyring))


def whose(connection: Connection, share: UUID) -> tuple[str, str, bool] | None:
    """Return person and channel of a share and whether it was withdrawn; None without a person."""
    query = (
        select(checkins.c.person_id, shares.c.channel_id, shares.c.withdrawn)
        .join_from(shares, checkins, checkins.c.id == shares.c.checkin_id)
        .where(shares.c.id == share)
    )
    row = connection.execute(query).first()
    return None if row is None else (row[0], row[1], row[2])


def _of_those(which: ColumnElement[bool]) -> ColumnElement[bool]:
    return shares.c.checkin_id.in_(select(checkins.c.id).where(which))


def _withdraw(connection: Connection, which: ColumnElement[bool]) -> Sequence[ShareRow]:
    statement = (
        update(shares)
        .where(which, ~shares.c.withdrawn)
        .values(withdrawn=True, revision=shares.c.revision + 1)
        .returning(*_COLUMNS)
    )
    return [ShareRow(*row) for row in connection.execute(statement)]
