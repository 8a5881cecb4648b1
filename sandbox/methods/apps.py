"""apps.*: the way into Socket Mode."""

from __future__ import annotations

from sandbox.errors import SlackError
from sandbox.webapi import Call, method
from sandbox.workspace import Json


@method(
    "apps.connections.open",
    tier=1,
    token="app",  # noqa: S106
    errors=("forbidden_team", "service_unavailable"),
)
def open_connection(call: Call) -> Json:
    """Return the address of a WebSocket that opens once.

    Without Socket Mode in the manifest it refuses; the code is the documented one that
    fits best, for which of them Slack answers is not documented.
    """
    slack = call.slack
    if not slack.app.socket_mode:
        raise SlackError("forbidden_team")
    if slack.hub.refusing == "open":
        raise SlackError("service_unavailable")
    address = slack.url.replace("http://", "ws://", 1)
    return {"url": f"{address}/link/?ticket={slack.hub.new_ticket()}&app_id={slack.app_id}"}
