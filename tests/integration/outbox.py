"""Help for the tests of what is sent: waiting until nothing is left to send."""

from __future__ import annotations

from time import monotonic, sleep

from app import Hearth
from bot.domain.delivery import State

PATIENCE_SECONDS = 20.0


def settled(hearth: Hearth) -> None:
    """Return once no delivery is open."""
    until = monotonic() + PATIENCE_SECONDS
    while True:
        there = hearth.services.outbox.count()
        if not there[State.PENDING] and not there[State.SENDING]:
            return
        assert monotonic() < until, there
        sleep(0.02)
