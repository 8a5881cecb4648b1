"""Whose turn it is: one process at a time may do what only one should do.

The right ends with the process that holds it, however that dies, so nobody waits for the dead.
On PostgreSQL it is an advisory lock on a connection of its own; the server ends that connection
when its holder has been silent for `SILENCE_SECONDS`, so that a paused process does not keep it.
On SQLite, whose processes share a machine, it is a locked file beside the database.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from time import monotonic

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from storage.engine import Database

SILENCE_SECONDS = 20
KEPT_SECONDS = 1.0
"""For so long the holder does not ask whether it still has it; each row has an owner besides."""


def turn(database: Database, name: str) -> FileTurn | AdvisoryTurn:
    """Return the turn of that name at a database; it is taken by nobody yet."""
    if database.is_file:
        return FileTurn(Path(f"{database.url.database}-{name}"))
    return AdvisoryTurn(database, name)


class FileTurn:
    """A turn that is a lock on a file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._held: int | None = None

    def take(self) -> bool:
        """Take the turn, or keep it; False while another process has it."""
        if self._held is not None:
            return True
        try:
            handle = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return False
        self._held = handle
        return True

    def give_back(self) -> None:
        """Let another process take it."""
        if self._held is not None:
            os.close(self._held)
            self._held = None


class AdvisoryTurn:
    """A turn that is an advisory lock on PostgreSQL."""

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._name = f"hearth {name}"
        self._connection: Connection | None = None
        self._held = False
        self._asked_at = 0.0

    def take(self) -> bool:
        """Take the turn, or keep it; False while another process has it, or nobody knows."""
        try:
            if self._held and monotonic() - self._asked_at < KEPT_SECONDS:
                return True
            if self._connection is None:
                self._connection = self._connect()
            # Asking for nothing keeps the server from ending the connection.
            query = "SELECT true" if self._held else "SELECT pg_try_advisory_lock(hashtext(:name))"
            name = {} if self._held else {"name": self._name}
            self._held = bool(self._connection.scalar(text(query), name))
            self._connection.commit()
            self._asked_at = monotonic()
        except SQLAlchemyError:
            self.give_back()
        return self._held

    def give_back(self) -> None:
        """Let another process take it."""
        connection, self._connection, self._held = self._connection, None, False
        if connection is not None:
            with suppress(SQLAlchemyError):  # the lock ends with its connection, if a moment later
                connection.execute(text("SELECT pg_advisory_unlock_all()"))
            connection.invalidate()
            connection.close()

    def _connect(self) -> Connection:
        connection = self._database.engine.connect()
        try:
            connection.execute(text(f"SET idle_session_timeout = '{SILENCE_SECONDS}s'"))
            connection.commit()
        except BaseException:
            connection.invalidate()
            connection.close()
            raise
        return connection
