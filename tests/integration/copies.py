"""Help for the tests of backup and restore: a database with something in every table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import URL, Column, Connection, insert, select, update

from storage import (
    checkins,
    cohorts,
    exports,
    keys,
    lines,
    migrate,
    outbox,
    people,
    posts,
    programme,
    recipients,
    roles,
    shares,
)
from storage.backup import Restored, backup, restore
from storage.checkins import CheckInRow
from storage.engine import Database
from storage.lines import CheckRow
from storage.tables import tables
from tests.integration.keyrings import ring
from tests.logs import NOTE

NOW = datetime(2026, 11, 22, 9, 30, 15, 123456, tzinfo=UTC)
STATES = ("pending", "sending", "sent", "failed")

Everything = dict[str, list[tuple[Any, ...]]]


def address(file: Path) -> URL:
    """Return the address of a file, whatever its name."""
    return URL.create("sqlite", database=str(file))


@contextmanager
def opened(url: str | URL) -> Iterator[Database]:
    """Give a database that has its tables."""
    with closing(Database(url)) as database:
        migrate.migrate(database, now=NOW)
        yield database


def filled(database: Database, *, notes: int = 3, length: int = 20) -> None:
    """Lay something into every table; so many check-ins have notes of that length."""
    keyring = ring()
    keys.check(database, keyring)

    def lay(connection: Connection) -> None:
        for person in ("U0000001", "U0000002"):
            people.join(connection, person, country="DE", now=NOW)
            people.record_consent(connection, person, purpose="p", version="1", now=NOW)
        people.set_zone(connection, "U0000002", "Asia/Kolkata", now=NOW)
        for number in range(notes):
            note = (NOTE + "🏮" * length)[:length] if number % 3 else None
            day = date(2020, 1, 1) + timedelta(days=number)
            row = CheckInRow(day, 4, 2, 3, "steady", note, NOW)
            checkins.file(connection, keyring, "U0000001", row)
        cohorts.add(connection, name="Nürnberg", channel="C0000001", people=["U0000001"], now=NOW)
        checkin = connection.scalars(select(checkins.checkins.c.id)).first()
        assert checkin is not None
        shares.add(connection, checkin, channel="C0000001", part="capacity")
        connection.execute(insert(shares.shares), _withdrawn())
        lead = roles.add(connection, "U0000001", "lead", cohort=None, by=None, now=NOW)
        assert lead is not None
        lines.mark(connection, CheckRow("DE", "emergency", "f", True, NOW.date()), by="U0000001")
        lines.remind(connection, lead, ["month 2026-11"], today=NOW.date())
        programme.put(connection, "countries", ["DE"], revision=0, by="U0000001", now=NOW)
        exports.add(connection, "U0000001", with_notes=True, now=NOW)
        recipients.add(connection, "U0000002", now=NOW)
        for state in STATES:
            _say(connection, state)
        posts.keep(connection, "share", uuid4(), "C0000001", "1700000000.000100")
        for table in tables():  # each comes after those that it points to
            if connection.execute(select(table).limit(1)).first() is None:
                made = {each.name: _made_up(connection, each) for each in table.columns}
                connection.execute(insert(table).values(**made))

    database.write(lay)


def _made_up(connection: Connection, column: Column[Any]) -> Any:
    """Return something that a column takes; where it points to a row, one that is there."""
    for key in column.foreign_keys:
        return connection.scalars(select(key.column)).first()
    examples: dict[type, Any] = {str: "Nürnberg", int: 7, bool: True, UUID: uuid4()}
    examples[date] = NOW.date()
    return examples.get(column.type.python_type, NOW)  # an instant has no type of its own there


def _withdrawn() -> dict[str, Any]:
    share = {"id": uuid4(), "checkin_id": None, "withdrawn": True}
    return {**share, "channel_id": "C0000001", "part": "capacity", "revision": 3}


def _say(connection: Connection, state: str) -> None:
    row = outbox.add(
        connection,
        kind="share",
        subject=uuid4(),
        dedupe_key=f"share:{state}",
        channel="C0000001",
        priority=5,
        now=NOW,
    )
    settled_at = NOW if state in {"sent", "failed"} else None
    connection.execute(
        update(outbox.outbox)
        .where(outbox.outbox.c.id == row)
        .values(state=state, settled_at=settled_at)
    )


def backed_up(folder: Path, *, notes: int = 3, length: int = 20) -> Path:
    """Return a backup of a database with something in every table, in a folder of its own."""
    folder.mkdir()
    with opened(address(folder / "hearth.db")) as database:
        filled(database, notes=notes, length=length)
        backup(database, ring(), folder / "backup.db", now=NOW)
    return folder / "backup.db"


def restored(file: Path, database: Database, *, replace: bool = False) -> Restored:
    """Restore with the right key, while no Hearth runs."""
    return restore(file, database, ring(), now=NOW, in_use=lambda: False, replace=replace)


def everything(database: Database) -> Everything:
    """Return every row of every table as values, whatever kind of database it is."""
    with database.read() as connection:
        return {
            table.name: [
                tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))
            ]
            for table in tables()
        }


def as_restored(rows: Everything) -> Everything:
    """Return the same with every delivery that was open as one whose sender died long ago."""
    names = outbox.outbox.columns.keys()
    long_ago = datetime(1970, 1, 1, tzinfo=UTC)
    held = {"state": "sending", "owner": "restored", "lease_until": long_ago}
    delivered = [dict(zip(names, row, strict=True)) for row in rows["outbox"]]
    changed = [row | held if row["state"] in {"pending", "sending"} else row for row in delivered]
    return rows | {"outbox": [tuple(row.values()) for row in changed]}
