"""The drivers' errors, told as ours.

SQLite numbers its errors (https://sqlite.org/rescode.html), PostgreSQL names them by SQLSTATE
(appendix A of its manual). Both are read from the error itself, so that no driver is imported.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage.errors import Busy, Full, StorageError, Unavailable

_OF_SQLITE = {
    sqlite3.SQLITE_BUSY: Busy,
    sqlite3.SQLITE_LOCKED: Busy,
    sqlite3.SQLITE_FULL: Full,
}
_RACED = {
    "40001",  # serialization failure
    "40P01",  # deadlock
    "23503",  # what it points to is gone by now
    "23505",  # it is there by now
}
_OF_POSTGRESQL = {
    "40001": Busy,
    "40P01": Busy,
    "53300": Busy,  # no connection left on the server
    "55P03": Busy,  # no lock within the patience
    "57014": Busy,  # the statement took longer than a person waits
    "53100": Full,
}


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
        raise ours(error) from None


def ours(error: Exception) -> StorageError:
    """Return our error for the driver's; to be raised `from None`, as the original has values."""
    return kind(error)(type(error).__name__)


def kind(error: Exception) -> type[StorageError]:
    """Return which of our errors this one of a driver is."""
    if isinstance(error, PoolTimeout):
        return Busy
    number = getattr(_origin(error), "sqlite_errorcode", None)
    if number is not None:
        return _OF_SQLITE.get(number & 0xFF, Unavailable)
    return _OF_POSTGRESQL.get(_sqlstate(error), Unavailable)


def raced(error: Exception) -> bool:
    """Whether another process came in between, so that the same work may go through now.

    Nothing of a transaction that ended so was stored. SQLite has one writer: there, never.
    """
    return _sqlstate(error) in _RACED


def lost(error: BaseException) -> bool:
    """Whether the connection itself is gone."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def _sqlstate(error: Exception) -> str:
    return getattr(_origin(error), "sqlstate", None) or ""


def _origin(error: Exception) -> BaseException | None:
    return error.orig if isinstance(error, DBAPIError) else error
