"""The database as somebody sees it who has no key, and as another program would hold it."""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, ClassVar

from psycopg.types.string import TextLoader

from storage.migrate import ONE_AT_A_TIME
from tests.postgres import Server
from tests.waiting import until

OURS = "FROM pg_stat_activity WHERE application_name = 'hearth' AND datname = current_database()"
"""Finds the sessions of Hearth on a server's database."""


class Stored(ABC):
    """One database. Days, instants and row ids come as texts, from either kind."""

    _DAY_BEFORE: ClassVar[str]

    def __init__(self, url: str) -> None:
        self.url = url

    @abstractmethod
    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return what a query finds."""

    @abstractmethod
    def change(self, *statements: str) -> None:
        """Change it as a hand from outside would, all or nothing."""

    @abstractmethod
    def contains(self, text: str) -> bool:
        """Whether these bytes stand anywhere in its files or its journal."""

    @abstractmethod
    def tables(self) -> list[str]:
        """Return the names of all tables."""

    @abstractmethod
    def make_anew(self) -> None:
        """Throw it away; what is there afterwards was never used."""

    @abstractmethod
    def hold(self) -> Callable[[], None]:
        """Let nobody else write, as another program would; return what lets go."""

    @abstractmethod
    def as_it_lies(self) -> object:
        """Return all of it, to see later that nothing was changed."""

    @abstractmethod
    def _literal(self, content: bytes) -> str:
        """Return the bytes as they stand in a statement."""

    def age_checkins(self) -> None:
        """Move every check-in to the day before."""
        self.change(f"UPDATE checkins SET day = {self._DAY_BEFORE}")  # noqa: S608

    def set_latest_note(self, cell: bytes) -> None:
        """Lay these bytes where the latest check-in's note was."""
        latest = "WHERE day = (SELECT max(day) FROM checkins)"
        self.change(f"UPDATE checkins SET note = {self._literal(cell)} {latest}")  # noqa: S608

    def is_whole(self) -> bool:
        """Whether the database finds itself undamaged."""
        return True

    def count(self, table: str) -> int:
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608

    def checkins(self) -> list[tuple[Any, ...]]:
        return self.rows("SELECT day, mood, stress, energy, capacity FROM checkins ORDER BY day")


class StoredFile(Stored):
    """An SQLite file."""

    _DAY_BEFORE = "date(day, '-1 day')"

    def __init__(self, file: Path) -> None:
        super().__init__(f"sqlite:///{file}")
        self.file = file

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as connection:
            return list(connection.execute(query))

    def change(self, *statements: str) -> None:
        with closing(sqlite3.connect(self.file)) as connection, connection:
            connection.execute("PRAGMA foreign_keys = ON")
            for statement in statements:
                connection.execute(statement)

    def is_whole(self) -> bool:
        return self.rows("PRAGMA integrity_check") == [("ok",)]

    def contains(self, text: str) -> bool:
        files = self.file.parent.glob(self.file.name + "*")
        return any(text.encode() in each.read_bytes() for each in files)

    def tables(self) -> list[str]:
        if not self.file.exists():
            return []
        return [name for (name,) in self.rows("SELECT name FROM sqlite_schema WHERE type='table'")]

    def make_anew(self) -> None:
        for each in self.file.parent.glob(self.file.name + "*"):
            each.unlink()

    def hold(self) -> Callable[[], None]:
        connection = sqlite3.connect(self.file, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        return connection.close

    def as_it_lies(self) -> object:
        return contents(self.file.parent)

    def _literal(self, content: bytes) -> str:
        return f"x'{content.hex()}'"


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below, without SQLite's journals and our locks, which come and go."""
    passing = ("-wal", "-shm", "-sender")
    files = [f for f in folder.rglob("*") if f.is_file() and not f.name.endswith(passing)]
    return {str(file): file.read_bytes() for file in files}


def _in_files(folder: Path, text: str) -> bool:
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert files, "the files of this database were not found"
    return any(text.encode() in each.read_bytes() for each in files)


class StoredOnServer(Stored):
    """A database on a PostgreSQL server."""

    _DAY_BEFORE = "day - 1"

    def __init__(self, server: Server, name: str) -> None:
        super().__init__(server.url(name))
        self.server = server
        self.name = name
        ((self._since,),) = self.rows("SELECT pg_current_wal_insert_lsn()")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        connection = self.server.kept(self.name)
        for kind in ("date", "timestamptz", "uuid"):
            connection.adapters.register_loader(kind, TextLoader)
        return list(connection.execute(query.encode()))

    def change(self, *statements: str) -> None:
        connection = self.server.kept(self.name)
        with connection.transaction():
            for statement in statements:
                connection.execute(statement.encode())

    def contains(self, text: str) -> bool:
        return self.in_tables(text) or text.encode() in self._journal()

    def _journal(self) -> bytes:
        """Return what was written into the server's journal since this test has its database."""
        ((first, begin, last, end),) = self.rows(
            "SELECT b.file_name, b.file_offset, e.file_name, e.file_offset"  # noqa: S608
            f" FROM pg_walfile_name_offset('{self._since}') b,"
            " pg_walfile_name_offset(pg_current_wal_insert_lsn()) e"
        )
        files = sorted((self.server.data / "pg_wal").iterdir())
        written = {each.name: each.read_bytes() for each in files if first <= each.name <= last}
        written[last] = written[last][:end]
        return b"".join(written.values())[begin:]

    def in_tables(self, text: str) -> bool:
        """Whether these bytes stand in the files of its tables."""
        self.change_outside("CHECKPOINT")
        ((number,),) = self.rows("SELECT oid FROM pg_database WHERE datname = current_database()")
        return _in_files(self.server.data / "base" / str(number), text)

    def tables(self) -> list[str]:
        query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        return [name for (name,) in self.rows(query)]

    def make_anew(self) -> None:
        self.server.drop(self.name)
        self.server.make(self.name)

    def hold(self) -> Callable[[], None]:
        connection = self.server.connect(self.name)
        connection.execute("BEGIN")
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        for table in self.tables():
            connection.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE".encode())
        return connection.close

    def as_it_lies(self) -> object:
        query = "SELECT * FROM {} ORDER BY 1"
        return {table: self.rows(query.format(table)) for table in self.tables()}

    def _literal(self, content: bytes) -> str:
        return f"'\\x{content.hex()}'::bytea"

    def change_outside(self, statement: str) -> None:
        """Run a statement that is about the server, outside of any transaction."""
        self.server.kept(self.name).execute(statement.encode())

    def somebody_waits(self) -> bool:
        """Whether a statement of Hearth waits for another's lock."""
        return bool(self.rows(f"SELECT 1 {OURS} AND wait_event_type = 'Lock'"))

    def until_somebody_waits(self) -> None:
        """Return once a statement of Hearth waits for another's lock."""
        until(self.somebody_waits, "nobody waits")

    def hang_up_on_the_sender(self) -> None:
        """End the session that has the turn to send, as the server does with one that is silent."""
        self.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database d ON d.oid = database"
            " WHERE locktype = 'advisory' AND granted AND datname = current_database()"
        )


@contextmanager
def away(stored: Stored, *tables: str) -> Iterator[None]:
    """Take the database away for a while: the server, or of a file these tables."""
    if isinstance(stored, StoredOnServer):
        with stored.server.stopped():
            yield
        return
    stored.change(*(f"ALTER TABLE {each} RENAME TO {each}_elsewhere" for each in tables))
    yield
    stored.change(*(f"ALTER TABLE {each}_elsewhere RENAME TO {each}" for each in tables))
