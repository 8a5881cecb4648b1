"""apps.*: the way into Socket Mode, and out of the workspace."""

from __future__ import annotations

from sandbox import admin
from sandbox.errors import SlackError
from sandbox.oauth import check_client
from sandbox.webapi import Call, method
from sandbox.workspace import Json


@method(
    "apps.connections.open",
    tier=1,  # a newer page says 3; whoever keeps to the stricter passes either
    token="app",  # noqa: S106
    errors=("forbidden_team", "service_unavailable"),
)
def open_connection(call: Call) -> Json:
    """Return the address of a WebSocket that opens once.

    Without Socket Mode it refuses; the code is the documented one that fits best, for which
    of them Slack answers is not documented. That too many are open shows only on the socket.
    """
    slack = call.slack
    if "connections:write" not in slack.app_scopes:
        needed, provided = "connections:write", ",".join(slack.app_scopes)
        raise SlackError("missing_scope", needed=needed, provided=provided)
    if not slack.app.socket_mode or slack.hub.refusing == "off":
        raise SlackError("forbidden_team")
    if slack.hub.refusing == "open":
        raise SlackError("service_unavailable")
    address = slack.url.replace("http://", "ws://", 1)
    return {"url": f"{address}/link/?ticket={slack.hub.new_ticket()}&app_id={slack.app_id}"}


@method(
    "apps.uninstall",
    tier=1,
    required=("client_id", "client_secret"),
    errors=("invalid_client_id", "bad_client_secret"),
)
def uninstall(call: Call) -> Json:
    """Let the app leave the workspace; it is told of that as of any other end."""
    check_client(call.text("client_id"), call.text("client_secret"))
    admin.take_out(call.slack)
    call.slack.background.start(admin.tell_taken_out(call.slack))
    return {}
