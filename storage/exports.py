"""Rows of exports: a copy of their data that somebody asked for, and whose file has to go again.

One that was withdrawn stays until its file is deleted in Slack, and points to nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, Table, delete, select, update
from sqlmodel import Field, SQLModel


class Export(SQLModel, table=True):
    """One copy that somebody asked for."""

    __tablename__ = "exports"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: str | None = Field(
        default=None, foreign_key="people.id", ondelete="SET NULL", index=True
    )
    with_notes: bool
    asked_at: datetime
    sent_at: datetime | None = Field(default=None, description="since when its file is in Slack")
    withdrawn: bool = False


exports: Table = SQLModel.metadata.tables["exports"]


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One export that was not withdrawn."""

    id: UUID
    person_id: str
    with_notes: bool
    asked_at: datetime
    sent_at: datetime | None


_COLUMNS = (
    exports.c.id,
    exports.c.person_id,
    exports.c.with_notes,
    exports.c.asked_at,
    exports.c.sent_at,
)
_STANDS = (~exports.c.withdrawn, exports.c.person_id.is_not(None))


def add(connection: Connection, person: str, *, with_notes: bool, now: datetime) -> UUID:
    """Keep that somebody asked for a copy, and return its id."""
    export = uuid4()
    values = {"id": export, "person_id": person, "with_notes": with_notes, "withdrawn": False}
    connection.execute(exports.insert().values(asked_at=now, **values))
    return export


def find(connection: Connection, export: UUID) -> ExportRow | None:
    """Return an export; None when it was withdrawn."""
    row = connection.execute(select(*_COLUMNS).where(exports.c.id == export, *_STANDS)).first()
    return None if row is None else ExportRow(*row)


def standing(connection: Connection, person: str | None = None) -> Sequence[ExportRow]:
    """Return the exports that were not withdrawn, the oldest first; of one person only."""
    query = select(*_COLUMNS).where(*_STANDS)
    if person is not None:
        query = query.where(exports.c.person_id == person)
    rows = connection.execute(query.order_by(exports.c.asked_at, exports.c.id))
    return [ExportRow(*row) for row in rows]


def set_sent(connection: Connection, export: UUID, now: datetime) -> None:
    """Keep since when its file is in Slack."""
    connection.execute(update(exports).where(exports.c.id == export).values(sent_at=now))


def withdraw(connection: Connection, export: UUID) -> None:
    """Withdraw an export; its file is to be deleted in Slack."""
    connection.execute(
        update(exports).where(exports.c.id == export).values(withdrawn=True, person_id=None)
    )


def remove(connection: Connection, export: UUID) -> None:
    """Delete an export of which nothing stands in Slack any more."""
    connection.execute(delete(exports).where(exports.c.id == export))
