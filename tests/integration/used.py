"""A database that somebody has used."""

from __future__ import annotations

from app import Hearth
from sandbox import Sandbox
from tests.conftest import (
    AGREED,
    KEY,
    Stored,
    filled_in,
    settings_for,
    top,
)
from tests.logs import NOTE


def used(workspace: Sandbox, stored: Stored, *, keys: str = KEY) -> None:
    """Let Maya agree and check in with a note, and stop."""
    running = Hearth(settings_for(workspace, stored.url, keys=keys), workspace.clock)
    running.start()
    workspace.wait_until_connected()
    maya = workspace.person("maya")
    maya.types("/checkin")
    if top(maya)["callback_id"] == "consent":
        maya.submits(AGREED)
    assert maya.submits(filled_in(note=NOTE)).ok
    running.stop()
