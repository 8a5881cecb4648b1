"""apps.*: the way into Socket Mode."""

from __future__ import annotations

from sandbox.errors import SlackError
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
