"""auth.* and api.*: who calls, and whether anybody listens."""

from __future__ import annotations

from sandbox import admin
from sandbox.webapi import Call, method
from sandbox.workspace import Json


@method("api.test", tier=4, token="none", optional=("error", "foo"))  # noqa: S106
def test_api(call: Call) -> Json:
    """Return what was given, or fail with whatever error was asked for."""
    failed = {"ok": False, "error": call.text("error")} if call.text("error") else {}
    return {**failed, "args": call.arguments}


@method(
    "auth.test",
    tier=None,
)
def test_auth(call: Call) -> Json:
    """Say which team and which bot the token belongs to."""
    workspace = call.slack.workspace
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": workspace.bot.name,
        "team_id": workspace.team_id,
        "user_id": workspace.bot.id,
        "bot_id": workspace.bot.bot_id,
        "is_enterprise_install": False,
    }


@method("auth.revoke", tier=3, optional=("test",))
def revoke(call: Call) -> Json:
    """Revoke the token; as it is the app's only one, the app is out of the workspace then."""
    if call.flag("test"):
        return {"revoked": False}
    admin.take_out(call.slack)
    call.slack.background.start(admin.tell_taken_out(call.slack))
    return {"revoked": True}
