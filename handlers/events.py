"""Every event is acknowledged, whether a listener cares for it or not.

Bolt answers 404 to an event without a listener, which is no acknowledgement: Slack would send
it again three times, and after many of them stop sending any. A listener that fails still
leaves its event unacknowledged, because then it should come again.
"""

from __future__ import annotations

import re

from slack_bolt import App

ANY = re.compile("")


def register(app: App) -> None:
    """Listen for what nobody listened for; comes last."""
    app.event(ANY)(leave_be)


def leave_be() -> None:
    """Do nothing, which Bolt acknowledges."""
