"""How the database fares where it lies; nothing is changed and nothing stays behind."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile
from time import perf_counter

from sqlalchemy import func, select, text

from storage.engine import Database
from storage.errors import Unavailable
from storage.failures import translated

COMMITS = 9
"""Commits that are measured; the median forgives some that met another's."""

_PAGE = 4096
_MAGIC = b"SQLite format 3\x00"
_WAL = b"\x02\x02"


class File(Enum):
    """What lies where SQLite's file should be."""

    NONE = "none"
    EMPTY = "empty"
    FOREIGN = "foreign"
    UNOPENED = "unopened"
    """A SQLite file that Hearth has not opened yet, for that would change it."""
    OURS = "ours"


def file(database: Database) -> File:
    """Return what lies there, without SQLite, which would make or change it.

    A server's database counts as `File.OURS`.

    Raises:
        Unavailable: it cannot be looked at.
    """
    path = _path(database)
    if path is None:
        return File.OURS
    try:
        with path.open("rb") as opened:
            head = opened.read(20)
    except FileNotFoundError:
        return File.NONE
    except OSError as error:
        raise Unavailable(type(error).__name__) from None
    if not head:
        return File.EMPTY
    if not head.startswith(_MAGIC):
        return File.FOREIGN
    return File.OURS if head.endswith(_WAL) else File.UNOPENED


def try_to_write(database: Database) -> None:
    """Begin a write, and take it back.

    Raises:
        StorageError: the database takes no write.
    """
    with translated(), database.engine.connect() as connection, connection.begin() as transaction:
        connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
        transaction.rollback()


def commit_seconds(database: Database) -> float:
    """Return how long a commit waits for the disk, as a median.

    Beside SQLite's file it is measured on a file without a name; on PostgreSQL with messages
    in its log that nobody reads.

    Raises:
        StorageError: the disk or the server takes no write.
    """
    path = _path(database)
    if path is None:
        message = select(func.pg_logical_emit_message(True, "hearth", ""))
        return _median(lambda: database.write(lambda connection: connection.execute(message)))
    try:
        with TemporaryFile(dir=path.parent) as scratch:

            def flush() -> None:
                scratch.write(bytes(_PAGE))
                scratch.flush()
                os.fsync(scratch.fileno())

            return _median(flush)
    except OSError as error:
        raise Unavailable(type(error).__name__) from None


def room(database: Database) -> tuple[int, int] | None:
    """Return the free bytes of the disk and those of the database; None where a server has them.

    Raises:
        Unavailable: the disk does not say.
    """
    path = _path(database)
    if path is None:
        return None
    try:
        return shutil.disk_usage(path.parent).free, path.stat().st_size
    except OSError as error:
        raise Unavailable(type(error).__name__) from None


def _path(database: Database) -> Path | None:
    return Path(str(database.url.database)) if database.is_file else None


def _median(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(COMMITS):
        begun = perf_counter()
        work()
        taken.append(perf_counter() - begun)
    return median(taken)
