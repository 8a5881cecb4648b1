"""How an SQLite file is opened. Each line of the recipe costs dearly when left out.

WAL so that readers never wait for the writer; `BEGIN IMMEDIATE` for writes, since a read that
turns into a write fails at once under WAL; `synchronous=FULL` so that "received" survives a
power cut; foreign keys on.
"""

from __future__ import annotations

import sqlite3
from time import monotonic, sleep
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event


def engine(url: URL, *, writes: bool, hurried: bool, patience_seconds: float) -> Engine:
    """Return an engine that reads, or one that writes.

    A hurried one is for listeners; the other keeps no connection. Neither waits for a lock
    longer than the patience.
    """
    pool: dict[str, Any] = {"poolclass": NullPool}
    if hurried:
        # One for each listener that may run at the same time.
        pool = {"pool_size": 32, "max_overflow": 0, "pool_timeout": patience_seconds}
    made = create_engine(
        url, hide_parameters=True, connect_args={"timeout": patience_seconds}, **pool
    )

    @event.listens_for(made, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        _write_ahead(connection, patience_seconds)
        for pragma in (
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",  # what a person took back does not linger in free pages
            f"busy_timeout={int(patience_seconds * 1000)}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(made, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return made


def _write_ahead(connection: sqlite3.Connection, patience_seconds: float) -> None:
    """Switch to a write-ahead log.

    Where two switch the same new file at once, SQLite refuses one of them without any patience.
    """
    last = monotonic() + patience_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > last:
                raise
        sleep(0.005)
