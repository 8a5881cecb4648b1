"""One database: how it is opened, read and written.

SQLite by default. The recipe (each line costs dearly when left out): WAL so that readers
never wait for the writer; `BEGIN IMMEDIATE` for writes, since a read that turns into a write
fails at once under WAL; `synchronous=FULL` so that "received" survives a power cut; foreign
keys on; one second of patience, because the person's form dies after three.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage.errors import Busy, Full, StorageError, Unavailable
from storage.group_commit import GroupCommit

T = TypeVar("T")

PATIENCE_SECONDS = 1.0
"""How long a listener waits for the database before it tells the person."""


class Database:
    """One database, with one way to read and one way to write.

    Every error that leaves it is a `StorageError`, without statement or values.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self._reads = _engine(url, begin="BEGIN")
        self._writes = _engine(url, begin="BEGIN IMMEDIATE")
        self._group = GroupCommit(self._writes, patience_seconds=PATIENCE_SECONDS)

    @property
    def engine(self) -> Engine:
        """The engine that writes; for migrations."""
        return self._writes

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection whose reads all see the same moment; it writes nothing.

        Raises:
            StorageError: the database did not answer within `PATIENCE_SECONDS`.
        """
        with translated(), self._reads.connect() as connection, connection.begin():
            yield connection

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction and return its result once it is on the disk.

        Several callers may share one commit. `work` may be run again from the start when a
        neighbour in the same commit failed, so it must touch nothing but its connection.

        Raises:
            StorageError: nothing of `work` was stored.
        """
        try:
            return self._group.run(work)
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise _ours(error) from None

    def close(self) -> None:
        """Give the connections back."""
        self._group.close()
        self._reads.dispose()
        self._writes.dispose()


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's errors into ours, leaving statement and values behind.

    Raises:
        StorageError: whenever the block raised an SQLAlchemy or SQLite error.
    """
    try:
        yield
    except StorageError:
        raise
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise _ours(error) from None


def _ours(error: Exception) -> StorageError:
    """Return our error for the driver's; raised `from None`, as the original has the values."""
    return _kind(error)(type(error).__name__)


def _kind(error: Exception) -> type[StorageError]:
    origin = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(origin, "sqlite_errorcode", None)
    if code is not None:
        primary = code & 0xFF
        if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return Busy
        if primary == sqlite3.SQLITE_FULL:
            return Full
    if isinstance(error, PoolTimeout):
        return Busy
    return Unavailable


def _engine(url: str, *, begin: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        raise Unavailable("only SQLite is supported: " + parsed.get_backend_name())
    engine = create_engine(
        parsed,
        hide_parameters=True,
        pool_size=32,  # one for each listener that may run at the same time
        max_overflow=0,
        pool_timeout=PATIENCE_SECONDS,
        connect_args={"timeout": PATIENCE_SECONDS},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",  # what a person took back does not linger in free pages
            f"busy_timeout={int(PATIENCE_SECONDS * 1000)}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
