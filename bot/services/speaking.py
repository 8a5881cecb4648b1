"""Whether Hearth may speak at all: not while it is taken out of the workspace.

Every process learns of it from the same row, so it does not matter which one Slack told.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from threading import Lock

from sqlalchemy import Connection

from bot.ports import Clock
from bot.services.failures import reading, saving
from storage import programme
from storage.engine import Database

_log = logging.getLogger(__name__)

SILENT = "silent"
"""The setting that is there while Hearth is silent."""

ASK_EVERY = timedelta(minutes=1)


class Speaking:
    """Knows whether Hearth may speak."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._lock = Lock()
        self._silent = False
        self._ask_at = clock.now()

    @property
    def silent(self) -> bool:
        """Whether nothing may be said now."""
        return self._silent

    def stop(self, reason: str) -> None:
        """Say nothing more, until Slack takes the token again; harmless when it is so already.

        Raises:
            NotSaved: the other processes do not know of it.
        """
        now = self._clock.now()

        def work(connection: Connection) -> None:
            programme.put(connection, SILENT, reason, revision=0, by=None, now=now)

        with saving():
            self._database.write(work)
        self._set(silent=True)

    def look(self) -> None:
        """Take in what another process was told.

        Raises:
            NotRead: storage did not say.
        """
        with reading(), self._database.read() as connection:
            there = SILENT in programme.everything(connection)
        self._set(silent=there)

    def may_ask(self) -> bool:
        """Whether it is time to ask Slack whether Hearth is back; True once a minute."""
        now = self._clock.now()
        with self._lock:
            if now < self._ask_at:
                return False
            self._ask_at = now + ASK_EVERY
        return True

    def go_on(self) -> None:
        """Speak again: Slack takes the token.

        Raises:
            NotSaved: the other processes do not know of it.
        """
        with saving():
            self._database.write(lambda connection: programme.drop(connection, SILENT))
        self._set(silent=False)

    def troubles(self) -> list[str]:
        """Return that Hearth is silent, if it is, for the operator."""
        return ["Hearth was taken out of Slack, or its token was revoked"] if self._silent else []

    def _set(self, *, silent: bool) -> None:
        with self._lock:
            changed, self._silent = self._silent != silent, silent
        if changed and silent:
            _log.error(
                "Hearth was taken out of Slack, or its token was revoked: it says nothing more, "
                "and keeps what it has; docs/operations.md tells what to do"
            )
        elif changed:
            _log.warning("Slack takes the token again: Hearth goes on with what waits")
