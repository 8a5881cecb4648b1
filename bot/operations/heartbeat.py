"""Whether the clock still ticks."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic

EVERY = timedelta(seconds=10)
STOPPED_SECONDS = 120.0


class Heartbeat:
    """Beaten by a job of the clock, and looked at by the operator."""

    def __init__(self) -> None:
        self._at = monotonic()

    def beat(self) -> None:
        """Note that the clock ticks."""
        self._at = monotonic()

    def troubles(self) -> list[str]:
        """Return that the clock has stopped, if it has."""
        stopped = monotonic() - self._at > STOPPED_SECONDS
        return ["the clock has not ticked for two minutes"] if stopped else []
