"""What both doors have in common."""

from __future__ import annotations

from typing import Protocol


class Door(Protocol):
    """Where Slack's requests come in, and their answers go out."""

    def open(self) -> None:
        """Take requests from now on.

        Raises:
            Exception: it does not open; each door has its own reasons.
        """

    def stop_intake(self) -> None:
        """Take nothing more; answers still go out."""

    def wait(self, seconds: float) -> bool:
        """Return once what began is answered, or False when that took longer than so."""
        ...

    def close(self) -> None:
        """Cut every connection."""

    def troubles(self) -> list[str]:
        """Return what keeps it from working, for the operator."""
        ...

    @property
    def is_open(self) -> bool:
        """Whether a request would be answered now."""
        ...

    @property
    def where(self) -> str:
        """How it stands with Slack, in words that follow "Hearth is"."""
        ...
