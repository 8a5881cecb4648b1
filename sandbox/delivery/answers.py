"""How the app answers what it is sent, whichever way that went."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from sandbox.workspace import Json

Kind = Literal["events_api", "slash_commands", "interactive"]
Outcome = Literal["acked", "timeout", "not_connected", "http_error", "delayed"]
"""How a delivery went; "delayed" is an event that the weather holds back until later."""


@dataclass(frozen=True)
class Answer:
    """What became of one delivery.

    Attributes:
        outcome: whether the app acknowledged, and if not, how it failed.
        payload: what the app sent with its ack.
        why: the reason that Slack gives with its next try of an event.
        again: whether the app lets Slack try an event again.
        over: the way that it went: which connection, or "http".
    """

    outcome: Outcome
    payload: Json = field(default_factory=dict)
    why: str = ""
    again: bool = True
    over: str | None = None

    @property
    def acked(self) -> bool:
        """Whether the app acknowledged in time."""
        return self.outcome == "acked"
