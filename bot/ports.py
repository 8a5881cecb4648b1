"""What the inside needs from the outside."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Says what time it is."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.now(UTC)


class Directory(Protocol):
    """What the workspace knows of its people."""

    def zone_of(self, person: str) -> str:
        """Return the person's IANA time zone, empty when there is none.

        Raises:
            SlackUnavailable: the workspace did not say.
        """
        ...


class Turn(Protocol):
    """The right to be the one sender; at most one process has it."""

    def take(self) -> bool:
        """Take the turn, or keep it; False while another process has it or nobody knows."""
        ...

    def give_back(self) -> None:
        """Let another process take it."""
        ...
