"""Help for the tests of what is sent: waiting until nothing is left to send."""

from __future__ import annotations

from app import Hearth
from bot.domain.delivery import State
from tests.waiting import until


def settled(hearth: Hearth) -> None:
    """Return once no delivery is open."""

    def nothing_is_open() -> bool:
        there = hearth.services.outbox.count()
        return not there[State.PENDING] and not there[State.SENDING]

    until(nothing_is_open, "something stays in the outbox")
