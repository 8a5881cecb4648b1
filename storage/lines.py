"""Rows about crisis lines: what was last said of each, and which leads were told of what is due.

The lines themselves are bundled; no row here holds a number that anybody is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, Table, delete, select, update
from sqlmodel import Field, SQLModel

from storage.dialects import insert_new


class LineCheck(SQLModel, table=True):
    """The last word about one line."""

    __tablename__ = "line_checks"

    country: str = Field(primary_key=True)
    line: str = Field(primary_key=True, description="key of the line in its country")
    fingerprint: str = Field(description="of the facts that were checked")
    holds: bool
    checked_on: date = Field(description="UTC")
    checked_by: str | None = Field(default=None, description="Slack user id of the lead")


class LineReminder(SQLModel, table=True):
    """Something that a lead was told once."""

    __tablename__ = "line_reminders"

    grant_id: UUID = Field(foreign_key="grants.id", ondelete="CASCADE", primary_key=True)
    occasion: str = Field(primary_key=True)
    put_on: date


line_checks: Table = SQLModel.metadata.tables["line_checks"]
line_reminders: Table = SQLModel.metadata.tables["line_reminders"]


@dataclass(frozen=True, slots=True)
class CheckRow:
    """The last word about one line, without who said it."""

    country: str
    line: str
    fingerprint: str
    holds: bool
    checked_on: date


_COLUMNS = (
    line_checks.c.country,
    line_checks.c.line,
    line_checks.c.fingerprint,
    line_checks.c.holds,
    line_checks.c.checked_on,
)


def every(connection: Connection) -> Mapping[tuple[str, str], CheckRow]:
    """Return the last word about every line of which there is one, by country and line."""
    rows = [CheckRow(*row) for row in connection.execute(select(*_COLUMNS))]
    return {(row.country, row.line): row for row in rows}


def mark(connection: Connection, row: CheckRow, *, by: str) -> None:
    """Keep the last word about a line, in the place of the one before."""
    values = {
        "fingerprint": row.fingerprint,
        "holds": row.holds,
        "checked_on": row.checked_on,
        "checked_by": by,
    }
    that = {"country": row.country, "line": row.line}
    insert = insert_new(line_checks, connection.dialect, unique=["country", "line"])
    added = insert.values(**that, **values).returning(line_checks.c.line)
    if connection.execute(added).first() is None:
        connection.execute(
            update(line_checks)
            .where(line_checks.c.country == row.country, line_checks.c.line == row.line)
            .values(**values)
        )


def checked_by(connection: Connection, person: str) -> Sequence[tuple[str, str]]:
    """Return the country and key of each line of which the last word is this person's."""
    query = select(line_checks.c.country, line_checks.c.line).where(
        line_checks.c.checked_by == person
    )
    rows = connection.execute(query.order_by(line_checks.c.country, line_checks.c.line))
    return [(row[0], row[1]) for row in rows]


def forget_checker(connection: Connection, person: str) -> None:
    """Keep what the person said about lines, and no longer that it was them."""
    connection.execute(
        update(line_checks).where(line_checks.c.checked_by == person).values(checked_by=None)
    )


def remind(
    connection: Connection, grant: UUID, occasions: Iterable[str], *, today: date
) -> Sequence[str]:
    """Note what a lead is told of; return what of it is new to them.

    The key decides, so two processes cannot both find the same thing new.
    """
    insert = insert_new(line_reminders, connection.dialect, unique=["grant_id", "occasion"])
    insert = insert.returning(line_reminders.c.occasion)
    new = []
    for occasion in occasions:
        values = {"grant_id": grant, "occasion": occasion, "put_on": today}
        if connection.execute(insert.values(**values)).first() is not None:
            new.append(occasion)
    return new


def let_old_reminders_go(connection: Connection, *, before: date) -> None:
    """Delete the notes from before a day, when what they are about is long over."""
    connection.execute(delete(line_reminders).where(line_reminders.c.put_on < before))
