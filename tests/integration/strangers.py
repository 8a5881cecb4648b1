"""People of another company."""

from __future__ import annotations

from typing import Literal

from sandbox import Sandbox

SHARED = "cohort-new-parents"


def strangers(
    workspace: Sandbox, role: Literal["member", "admin"] = "member", *, shared: str = SHARED
) -> tuple[str, str]:
    """Add two: one in no channel of Hearth's, and one in a channel shared with their company."""
    workspace.share_channel(shared)
    far = workspace.add_person("far", role=role, external=True)
    return far, workspace.add_person("near", role=role, external=True, channels=[shared])
