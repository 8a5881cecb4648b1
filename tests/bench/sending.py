"""Hearth's own sender in a process that does nothing else: wired as the app wires it.

Settings come from the environment, as for `hearth run`. UNLIMITED lets it send as fast as it can;
CONTEXT_PER_CALL lets slack_sdk make a TLS context for every call, as it does when it is given none.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection

from app import Hearth
from bot.delivery.clients import Clients
from bot.delivery.messenger import SlackMessenger
from bot.delivery.sender import Sender
from bot.domain.delivery import Kind, Priority
from bot.domain.pacing import Pace
from bot.ports import SystemClock, Unmetered
from bot.settings import Settings, load
from storage import outbox
from storage.turns import turn
from tests.bench.workers import answer

UNLIMITED = "BENCH_UNLIMITED"
CONTEXT_PER_CALL = "BENCH_CONTEXT_PER_CALL"
DRAIN_SECONDS = 5.0


class Sending:
    """The sender, running, and what is asked of it."""

    def __init__(self, settings: Settings) -> None:
        pace = Pace()
        if UNLIMITED in os.environ:
            pace = Pace(channel_seconds=0.0, per_second=1e9, burst=1e9)
        self._hearth = Hearth(settings, None, pace)
        self._sender = self._hearth.sender
        if CONTEXT_PER_CALL in os.environ:
            self._sender = self._without_a_context(settings, pace)
        self._sender.start()

    def cpu(self) -> float:
        """Return the processor time used so far, in seconds."""
        return time.process_time()

    def urgent(self, share: str, channel: str) -> float:
        """Say a share urgently; return when the commit had returned, before the bell."""
        subject, now = UUID(share), datetime.now(UTC)

        def put(connection: Connection) -> None:
            outbox.add(
                connection,
                kind=Kind.SHARE,
                subject=subject,
                dedupe_key=f"{Kind.SHARE}:{subject}:urgent",
                channel=channel,
                priority=Priority.URGENT,
                now=now,
            )

        self._hearth.database.write(put)
        committed_at = time.monotonic()
        self._hearth.services.outbox.bell.ring()
        return committed_at

    def stop(self) -> None:
        """Finish what is in hand, as the app does at its end."""
        self._sender.stop(DRAIN_SECONDS)
        self._hearth.database.close()

    def _without_a_context(self, settings: Settings, pace: Pace) -> Sender:
        clients = Clients(settings.api_url, Unmetered(), tls=None)
        messenger = SlackMessenger(clients.sending(settings.bot_token))
        held = turn(self._hearth.database, "sender")
        return Sender(self._hearth.services.outbox, messenger, held, SystemClock(), pace)


if __name__ == "__main__":
    sending = Sending(load(Path(os.devnull)))
    answer("ready", {"cpu": sending.cpu, "urgent": sending.urgent, "stop": sending.stop})
