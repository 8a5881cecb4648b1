"""Copies of an SQLite file: made while others write, whole or not there at all."""

from __future__ import annotations

import errno
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from storage.engine import Database
from storage.errors import FileExists, Full, StorageError, Unavailable
from storage.failures import translated

_JOURNALS = ("-wal", "-shm", "-journal")


def copy_beside(database: Database, name: str, now: datetime) -> Path:
    """Copy an SQLite database beside itself, as `name` and `now` say, and return the copy.

    Raises:
        StorageError: no copy was made.
    """
    source = Path(database.url.database or "")
    target = source.with_name(f"{source.name}.{name}-{now:%Y%m%dT%H%M%SZ}.bak")
    with part_of(target) as part:
        with database.unhurried(writes=False) as connection:
            copy_into(part, connection)
        finish(part, target)
    return target


def copy_into(part: Path, connection: Connection) -> None:
    """Copy what `connection` sees of an SQLite file, as it was when its transaction began."""
    driver = connection.connection.driver_connection
    with closing(sqlite3.connect(part)) as copy:
        driver.backup(copy)  # type: ignore[union-attr]  # sqlite3's own


@contextmanager
def part_of(target: Path) -> Iterator[Path]:
    """Give an empty file beside `target`, for its owner only, that is gone in the end.

    Raises:
        FileExists: `target` is there already.
        Full, Unavailable: nothing can be written there.
    """
    # Named before it is made, so that whoever interrupts this leaves nothing behind.
    part = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    try:
        with _told():
            if target.exists():
                raise FileExists(target.name)
            os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        yield part
    finally:
        for each in ("", *_JOURNALS):
            with suppress(OSError):  # where nothing could be made, there is nothing
                part.with_name(part.name + each).unlink()


def finish(part: Path, target: Path) -> None:
    """Give a copy its name, once it is found whole and lies on the disk.

    Raises:
        FileExists: `target` came to be meanwhile.
        StorageError: the copy is damaged, or could not be written to its end.
    """
    with translated(), closing(sqlite3.connect(part)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, with no journal beside it
        if not is_whole(copy):
            raise Unavailable("the copy is damaged")
    with _told():
        _flush(part)
        _name(part, target)
        _flush(target.parent)


def is_whole(connection: sqlite3.Connection) -> bool:
    """Whether SQLite finds the file undamaged, and nothing in it points to what is not there."""
    checked = connection.execute("PRAGMA integrity_check").fetchall()
    return checked == [("ok",)] and not connection.execute("PRAGMA foreign_key_check").fetchall()


def _name(part: Path, target: Path) -> None:
    try:
        target.hardlink_to(part)  # never overwrites
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links
        if target.exists():
            raise FileExistsError from None
        part.rename(target)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except FileExistsError as error:
        raise FileExists(type(error).__name__) from None
    except OSError as error:
        kind: type[StorageError] = Full if error.errno == errno.ENOSPC else Unavailable
        raise kind(type(error).__name__) from None
