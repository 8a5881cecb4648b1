"""Every event is acknowledged, whether a listener cares for it or not.

Bolt answers 404 to an event without a listener, which is no acknowledgement: Slack would send
it again three times, and after many of them stop sending any. A listener that fails still
leaves its event unacknowledged, because then it should come again.
"""

from __future__ import annotations

import re
from typing import Any

from slack_bolt import App

ANY = re.compile("")


def register(app: App) -> None:
    """Listen for what nobody listened for; comes last."""
    app.event(ANY)(leave_be)


def id_in(event: dict[str, Any], name: str) -> str:
    """Return the id that an event gives as `name`, itself or inside; empty when it gives none.

    What is no event as Slack documents it would fail the same way each time it came again.
    """
    found = event.get(name)
    if isinstance(found, dict):
        found = found.get("id")
    return found if isinstance(found, str) else ""


def leave_be() -> None:
    """Do nothing, which Bolt acknowledges."""
