"""One database: how it is read and written.

SQLite, unless the address names a PostgreSQL server; `storage.sqlite` and `storage.postgresql`
say how each is opened. Both have a second of patience, as the person's form dies after three.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from storage.errors import Unavailable
from storage.failures import ours, translated
from storage.group_commit import GroupCommit
from storage.transactions import begin

T = TypeVar("T")

PATIENCE_SECONDS = 1.0
"""How long a listener waits for the database before it tells the person."""


class Database:
    """One database, with one way to read and one way to write.

    Every error that leaves it is a `StorageError`, without statement or values.
    """

    def __init__(self, url: str | URL, waited: Callable[[float], None] | None = None) -> None:
        """Name a database; nothing is opened yet.

        Args:
            url: of an SQLite file or of a PostgreSQL server.
            waited: told the seconds until each read could begin, or each write was on the disk.
        """
        self._url = _parsed(url)
        self._waited = waited or _nobody_counts
        self._reads = self._engine(writes=False)
        self._writes = self._engine(writes=True)
        # On a server one writer may wait for a row (`postgresql.LOCK_PATIENCE`); those behind it
        # wait a little longer than that, or they would give up together with it.
        turn = 1.0 if self.is_file else 1.6
        self._group = GroupCommit(self._writes, patience_seconds=turn * PATIENCE_SECONDS)

    @property
    def url(self) -> URL:
        """Where the database is, without password and options; fit for a message."""
        at = self._url
        return URL.create(at.drivername, at.username, None, at.host, at.port, at.database)

    @property
    def is_file(self) -> bool:
        """Whether the database is one SQLite file."""
        return self._url.get_backend_name() == "sqlite"

    @property
    def engine(self) -> Engine:
        """The engine that writes."""
        return self._writes

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection whose reads all see the same moment; it writes nothing.

        Raises:
            StorageError: the database did not answer within its patience.
        """
        with translated():
            asked = perf_counter()
            transaction = begin(self._reads)
            self._waited(perf_counter() - asked)
            with transaction.connection as connection, transaction:
                yield connection

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction and return its result once it is on the disk.

        Several callers may share one commit. `work` may be run again from the start when a
        neighbour in the same commit failed, or when another process came in between, so it must
        touch nothing but its connection.

        Raises:
            StorageError: nothing of `work` was stored. Only when the database went away in the
                very moment of the commit may it have been, so whoever tries again must look.
        """
        asked = perf_counter()
        try:
            return self._group.run(work)
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise ours(error) from None
        finally:
            self._waited(perf_counter() - asked)

    @contextmanager
    def unhurried(self, *, writes: bool) -> Iterator[Connection]:
        """Give a connection in a transaction that may take its time: for migrations and copies.

        Only for locks it waits no longer than anybody else.

        Raises:
            StorageError: the database did not answer; nothing was written.
        """
        with translated(), self._engine(writes=writes, hurried=False).begin() as connection:
            yield connection

    def close(self) -> None:
        """Give the connections back."""
        self._group.close()
        self._reads.dispose()
        self._writes.dispose()

    def _engine(self, *, writes: bool, hurried: bool = True) -> Engine:
        options = {"writes": writes, "hurried": hurried}
        if self.is_file:
            from storage import sqlite

            return sqlite.engine(self._url, patience_seconds=PATIENCE_SECONDS, **options)
        from storage import postgresql  # its driver is loaded only where it is used

        return postgresql.engine(self._url, patience_seconds=PATIENCE_SECONDS, **options)


def _nobody_counts(_seconds: float) -> None:
    """Do nothing."""


def _parsed(url: str | URL) -> URL:
    """Raises Unavailable; the message never repeats the address, which may hold a password."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise Unavailable("the address of the database is malformed") from None
    if parsed.drivername not in {"sqlite", "postgresql"}:
        raise Unavailable("only SQLite and PostgreSQL are supported")
    if password := parsed.query.get("password"):  # where SQLAlchemy would show it
        parsed = parsed.difference_update_query(["password"]).set(password=str(password))
    return parsed
