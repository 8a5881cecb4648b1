"""Clicks that no client of Slack would send, or not any more."""

from __future__ import annotations

from typing import Any

from slack_bolt import App, BoltRequest

from sandbox import Person
from tests.conftest import top


def pressed(
    bolt: App, person: Person, action: dict[str, Any], *, view: dict[str, Any] | None = None
) -> int:
    """Return the status of a click that no client of Slack would send, or not any more."""
    body = {"type": "block_actions", "user": {"id": person.id}, "view": view or top(person)}
    return bolt.dispatch(BoltRequest(mode="socket_mode", body=body | {"actions": [action]})).status
