"""Help for the tests of keys: many notes in a database, written with one key or another."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from threading import Event
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, select, update

from bot.operations.keys import rotate_keys
from bot.settings import new_key
from storage import checkins, keys, people
from storage.encryption import Keyring, Place, written_with
from storage.engine import Database
from tests.integration.keyrings import configured
from tests.logs import NOTE

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY = date(2026, 1, 1)
DAYS = 300
OLD, NEW = new_key("old"), new_key("new")
BOTH = f"{NEW},{OLD}"
Table = checkins.checkins


def filled(database: Database, keyring: Keyring, rows: int, *, people_named: str = "P") -> None:
    """Lay so many check-ins with notes into the database, as `keyring` writes them."""
    keys.check(database, keyring)

    def lay(connection: Connection) -> None:
        for number in range(0, rows, DAYS):
            people.join(connection, f"{people_named}{number // DAYS}", country="DE", now=NOW)
        connection.execute(
            Table.insert(), [_row(keyring, f"{people_named}{n // DAYS}", n) for n in range(rows)]
        )

    database.write(lay)


def _row(keyring: Keyring, person: str, number: int) -> dict[str, Any]:
    row_id = uuid4()
    return {
        "id": row_id,
        "person_id": person,
        "day": DAY + timedelta(days=number % DAYS),
        "mood": 1,
        "stress": 2,
        "energy": 3,
        "capacity": "steady",
        "note": keyring.encrypt(f"{NOTE} {number}", place(row_id)),
        "filed_at": NOW,
        "changed_at": NOW,
    }


def place(row_id: UUID) -> Place:
    return Place("checkins", "note", str(row_id))


def cells(database: Database) -> dict[UUID, bytes]:
    with database.read() as connection:
        return {row.id: row.note for row in connection.execute(select(Table.c.id, Table.c.note))}


def written(database: Database) -> Counter[str | None]:
    return Counter(written_with(cell) for cell in cells(database).values())


def notes(database: Database, keyring: Keyring) -> set[str]:
    return {keyring.decrypt(cell, place(row)) for row, cell in cells(database).items()}


def laid(database: Database, row: UUID, cell: bytes | None) -> None:
    """Lay a cell into a row as a hand from outside would."""
    statement = update(Table).where(Table.c.id == row).values(note=cell)
    database.write(lambda connection: connection.execute(statement))


def rotated(url: str, listed: str = BOTH) -> tuple[int, str]:
    """Run a whole rotation; return its exit code and what it said."""
    said: list[str] = []
    code = rotate_keys(configured(url, listed), Event(), said.append)
    return code, "\n".join(said)
