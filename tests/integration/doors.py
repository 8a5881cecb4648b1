"""The door over HTTP as Slack comes to it: requests signed as Slack signs them."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from bot.ports import Address
from sandbox import Sandbox
from tests.conftest import environ_for

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
MAYA = "U0HTTP00001"
FORM = "application/x-www-form-urlencoded"


def over_http(workspace: Sandbox, database_url: str, **more: str) -> dict[str, str]:
    """Return the settings of a Hearth that Slack comes to."""
    environ = environ_for(workspace, database_url)
    del environ["SLACK_APP_TOKEN"]
    return environ | {"SLACK_SIGNING_SECRET": SECRET, "HEARTH_LISTEN": "127.0.0.1:0"} | more


def signed(body: bytes, *, at: int | None = None, secret: str = SECRET) -> dict[str, str]:
    """Return the two headers that Slack puts beside a body."""
    timestamp = str(int(time.time()) if at is None else at)
    text = b"v0:" + timestamp.encode() + b":" + body
    signature = hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={signature}"}


def command(text: str, name: str = "/checkin", person: str = MAYA) -> bytes:
    """Return the body of a slash command; each is one of its own."""
    trigger = f"{time.perf_counter_ns()}.trigger"
    fields = {"command": name, "text": text, "user_id": person, "team_id": "T0", "channel_id": "C0"}
    return urlencode(fields | {"trigger_id": trigger}).encode()


def event(kind: str, event_id: str = "Ev1") -> bytes:
    """Return the body of an event."""
    inner = {"type": kind, "user": MAYA, "channel": "C0", "ts": "1.0", "event_ts": "1.0"}
    outer = {"type": "event_callback", "event_id": event_id, "team_id": "T0", "event": inner}
    return json.dumps(outer).encode()


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


def ask(
    address: Address,
    method: str = "POST",
    path: str = "/slack/events",
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """Send one request and return the reply."""
    connection = HTTPConnection(address.host, address.port, timeout=30)
    try:
        connection.request(method, path, body, dict(headers or {}))
        got = connection.getresponse()
        return Reply(got.status, dict(got.getheaders()), got.read())
    finally:
        connection.close()


def send(address: Address, body: bytes, kind: str = FORM, **signing: Any) -> Reply:
    """Send a body as Slack does."""
    return ask(address, body=body, headers={"Content-Type": kind} | signed(body, **signing))
