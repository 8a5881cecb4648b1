"""Everything in one file, and back again, from either database into either.

A backup is always an SQLite file of our own making, of one moment, taken while people go on
writing. Values go through their columns' types, so what comes back is what was there.
"""

from __future__ import annotations

import errno
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Table, func, select, text, update

from storage import files, keys
from storage.encryption import Keyring
from storage.engine import Database
from storage.errors import (
    Full,
    InUse,
    KeyMissing,
    KeyWrong,
    NoBackup,
    NotEmpty,
    SchemaTooNew,
    StorageError,
    Unavailable,
)
from storage.migrate import Shape, migrate, shape
from storage.outbox import outbox
from storage.tables import count, tables

ROWS_AT_ONCE = 1000
"""Rows that are held in memory while they are copied."""

Rows = Mapping[str, int]
"""How many rows each table has."""

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, and where the file is that was there before, if it was kept."""

    rows: Rows
    aside: Path | None


def backup(database: Database, keyring: Keyring, target: Path, *, now: datetime) -> Rows:
    """Write all of one moment into the new file `target`, and return what it holds.

    The file has its name only once it was opened and found whole, with every row and with
    proofs that `keyring` opens. It is for its owner only.

    Raises:
        FileExists: `target` is there; it was left alone.
        KeyMissing, KeyWrong: the backup could not be read with `keyring`; says which id.
        StorageError: the database or the disk failed; there is no file.
    """
    with files.part_of(target) as part:
        with database.unhurried(writes=False) as source:
            rows = count(source)
            if database.is_file:
                files.copy_into(part, source)
            else:
                _write_out(source, part, now)
        with _opened(part) as copy:
            _check(copy, rows, keyring)
        files.finish(part, target)
    return rows


def restore(
    file: Path,
    database: Database,
    keyring: Keyring,
    *,
    now: datetime,
    in_use: Callable[[], bool],
    replace: bool = False,
) -> Restored:
    """Put what a backup holds into `database`: all of it, or nothing.

    The backup file is only read; one of an older Hearth is brought up to date on a copy. With
    `replace`, what was there goes in the same transaction; of an SQLite file a copy is kept.
    Whatever was to be said may have been said since, so Slack is asked before it is said again.

    Raises:
        InUse: a Hearth runs on the database.
        NotEmpty: the database holds something, and `replace` was not asked for.
        NoBackup: the file is damaged, or is something else.
        SchemaTooNew: the file or the database is of a newer Hearth.
        KeyMissing, KeyWrong: the file needs a key that `keyring` has not; says which id.
        StorageError: the database did not take it.
    """
    with _read(file, keyring, now) as copy:
        if in_use():
            raise InUse
        aside = _make_room(database, now, replace=replace)
        with (
            copy.unhurried(writes=False) as source,
            database.unhurried(writes=True) as sink,
        ):
            if not replace and _holds_something(count(sink)):
                raise NotEmpty
            _clear(sink)
            rows = _copy(source, sink)
            _ask_slack_first(sink)
            _number_on(sink)
            if not rows == count(source) == count(sink):
                raise Unavailable("the rows that were written are not those of the backup")
    return Restored(rows, aside)


# Out


def _write_out(source: Connection, part: Path, now: datetime) -> None:
    with _opened(part) as copy:
        migrate(copy, now=now)
        with copy.unhurried(writes=True) as sink:
            _copy(source, sink)


def _check(copy: Database, rows: Rows, keyring: Keyring) -> None:
    if shape(copy) is not Shape.CURRENT:
        raise Unavailable("the copy has another shape")
    with copy.read() as connection:
        if count(connection) != rows:
            raise Unavailable("the copy has not every row")
    keys.prove(keys.known(copy), keyring)


# Back


@contextmanager
def _read(file: Path, keyring: Keyring, now: datetime) -> Iterator[Database]:
    """Give a copy of a backup that is whole, up to date and readable with `keyring`."""
    with tempfile.TemporaryDirectory(prefix="hearth-restore-") as folder:
        part = Path(folder, "copy.db")
        _copy_out(file, part)
        with _opened(part) as copy:
            with _called_no_backup():
                _bring_up_to_date(copy, now)
                keys.prove(keys.known(copy), keyring)
                _read_every_value(copy)
            yield copy


def _copy_out(file: Path, part: Path) -> None:
    """Copy a backup, and the journal of one that was a running Hearth's file, and look at it."""
    journal = file.with_name(file.name + "-wal")
    try:
        shutil.copyfile(file, part)
        if journal.exists():
            shutil.copyfile(journal, part.with_name(part.name + "-wal"))
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise Full(type(error).__name__) from None
        raise NoBackup(type(error).__name__) from None
    try:
        with closing(sqlite3.connect(part)) as connection:
            whole = files.is_whole(connection)
    except sqlite3.Error as error:
        raise NoBackup(type(error).__name__) from None
    if not whole:
        raise NoBackup("it is damaged")


def _bring_up_to_date(copy: Database, now: datetime) -> None:
    found = shape(copy)
    if found is Shape.EMPTY:
        raise NoBackup("it is another program's")
    if found is not Shape.CURRENT:
        migrate(copy, now=now)


def _read_every_value(copy: Database) -> None:
    with copy.unhurried(writes=False) as source:
        for table in tables():
            for _ in _rows(source, table):
                pass


@contextmanager
def _called_no_backup() -> Iterator[None]:
    try:
        yield
    except (NoBackup, SchemaTooNew, KeyMissing, KeyWrong):
        raise
    except (StorageError, ValueError) as error:  # ValueError: a text that is no day or no id
        raise NoBackup(type(error).__name__) from None


def _make_room(database: Database, now: datetime, *, replace: bool) -> Path | None:
    """Give the database its tables, and return the copy of what was there if it is replaced."""
    found, aside = shape(database), None
    if found is Shape.OLDER and not replace:
        raise NotEmpty
    migrate(database, now=now)
    if replace and database.is_file:
        with database.read() as connection:
            holds = _holds_something(count(connection))
        aside = files.copy_beside(database, "before-restore", now) if holds else None
    return aside


def _holds_something(rows: Rows) -> bool:
    """Whether there is more than the proofs of keys, which a first start leaves."""
    return any(number for table, number in rows.items() if table != keys.keys.name)


def _clear(sink: Connection) -> None:
    if sink.dialect.name == "postgresql":
        names = ", ".join(table.name for table in tables())
        sink.execute(text(f"TRUNCATE {names}"))  # nothing of it stays in the server's files
        return
    for table in reversed(tables()):
        sink.execute(table.delete())


def _ask_slack_first(sink: Connection) -> None:
    """Make all that waits look as if its sender had died in the middle of saying it."""
    sink.execute(
        update(outbox)
        .where(outbox.c.state.in_(("pending", "sending")))
        .values(state="sending", owner="restored", lease_until=LONG_AGO)
    )


def _number_on(sink: Connection) -> None:
    """Let PostgreSQL number new rows after the highest there is; SQLite does by itself."""
    if sink.dialect.name != "postgresql":
        return
    for table in tables():
        column = table.autoincrement_column
        highest = None if column is None else sink.scalar(select(func.max(column)))
        if column is not None and highest is not None:
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            sink.execute(select(func.setval(sequence, highest)))


# Both ways


def _copy(source: Connection, sink: Connection) -> Rows:
    copied = {}
    for table in tables():
        copied[table.name] = 0
        for some in _rows(source, table):
            sink.execute(table.insert(), some)
            copied[table.name] += len(some)
    return copied


def _rows(source: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    """Give every row, in the order of the ids, which tells nothing of who came when."""
    query = select(table).order_by(*table.primary_key)
    found = source.execute(query, execution_options={"yield_per": ROWS_AT_ONCE})
    for some in found.mappings().partitions():
        yield [dict(row) for row in some]


@contextmanager
def _opened(file: Path) -> Iterator[Database]:
    with closing(Database(URL.create("sqlite", database=str(file)))) as database:
        yield database
