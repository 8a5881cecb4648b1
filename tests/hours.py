"""The hour of the day at which tests begin, so that they pass whenever they are run."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from sandbox import Sandbox

MORNING, AFTERNOON = 9, 17
"""Hours in Berlin, where most of the people of the workspace live."""


def at_office_hours(workspace: Sandbox) -> Sandbox:
    """Let it be between morning and afternoon there; by night, go on to the next morning.

    Tests let minutes or hours pass and speak of one and the same day.
    """
    now = workspace.clock.now().astimezone(ZoneInfo("Europe/Berlin"))
    if not MORNING <= now.hour < AFTERNOON:
        morning = now.replace(hour=MORNING, minute=0, second=0, microsecond=0)
        workspace.clock.jump(morning + timedelta(days=1 if morning < now else 0))
    return workspace
