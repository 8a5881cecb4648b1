"""The real Bolt and slack_sdk, wired to a sandbox with a small manifest of the test's own."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable
from pathlib import Path
from socket import SHUT_RDWR
from time import monotonic, sleep
from typing import Any

from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.socket_mode.interval_runner import IntervalRunner

from sandbox import Sandbox
from sandbox.control_client import ControlClient
from tests.waiting import until

Json = dict[str, Any]
Listener = Callable[..., None]

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Else the SDK reads this machine's certificates for each connection, which takes longer than most
tests, and uses none of them."""

SOON = 0.2
"""An ack window for what will not be acknowledged, so that a test need not wait long."""

EVERY_SCOPE = [
    "commands",
    "chat:write",
    "im:write",
    "users:read",
    *(f"{what}:{how}" for what in ("pins", "files") for how in ("read", "write")),
    *(f"{place}:{what}" for place in ("channels", "groups", "im") for what in ("read", "history")),
    "reactions:read",
    "reactions:write",
]
EVERY_EVENT = [
    *("message.channels", "message.groups", "message.im"),
    *("reaction_added", "reaction_removed"),
]
COMMANDS = [
    {"command": "/hello", "description": "Says hello", "usage_hint": "[name]"},
    {"command": "/find", "description": "Finds them", "should_escape": True},
]
SHORTCUTS = [
    {
        "name": "Light it",
        "type": "global",
        "callback_id": "light",
        "description": "Opens a form",
    },
    {
        "name": "Keep it",
        "type": "message",
        "callback_id": "keep",
        "description": "Keeps a message",
    },
]


def manifest(
    *,
    scopes: list[str] | None = None,
    events: list[str] | None = None,
    interactivity: bool = True,
    socket_mode: bool = True,
    home_tab: bool = True,
    messages_tab: str = "open",
    redirect_urls: list[str] | None = None,
) -> Json:
    """Return a manifest in which everything is declared that the test does not leave out."""
    return {
        "display_information": {"name": "Lantern", "description": "An app for tests"},
        "features": {
            "app_home": {
                "home_tab_enabled": home_tab,
                "messages_tab_enabled": messages_tab != "off",
                "messages_tab_read_only_enabled": messages_tab == "read_only",
            },
            "bot_user": {"display_name": "lantern"},
            "slash_commands": COMMANDS,
            "shortcuts": SHORTCUTS,
        },
        "oauth_config": {
            "scopes": {"bot": EVERY_SCOPE if scopes is None else scopes},
            "redirect_urls": redirect_urls or [],
        },
        "settings": {
            "event_subscriptions": {"bot_events": EVERY_EVENT if events is None else events},
            "interactivity": {"is_enabled": interactivity},
            "socket_mode_enabled": socket_mode,
        },
    }


class Rig:
    """A running sandbox and an app made with Bolt, connected when the test says so."""

    def __init__(self, directory: Path, declared: Json, **options: Any) -> None:
        self.manifest = directory / "manifest.yml"
        self.manifest.write_text(json.dumps(declared), encoding="utf-8")
        self.box = Sandbox(manifest=self.manifest, **options)
        self.box.start()
        self.client = WebClient(token=self.box.bot_token, base_url=self.box.api_url)
        self.app = self.new_app()
        self.handlers: list[SocketModeHandler] = []
        self.maya = self.box.person("maya")
        self.kofi = self.box.person("kofi")
        self.control = ControlClient(self.box.url)

    def new_app(self) -> App:
        """Return another app with the same token, as another process would have it."""
        return App(name="rig", client=self.client, process_before_response=True)

    def handler(self, app: App | None = None, *, ping_interval: float = 10) -> SocketModeHandler:
        """Return a handler that is not connected yet."""
        return SocketModeHandler(
            app or self.app,
            self.box.app_token,
            web_client=WebClient(base_url=self.box.api_url, ssl=NO_TLS),
            ping_interval=ping_interval,
            concurrency=4,
        )

    def connect(self, handler: SocketModeHandler | None = None) -> SocketModeHandler:
        """Connect a handler, and let the SDK read from it at once.

        Its own thread looks for a connection ten times a second, which is a tenth of a second
        that a test would wait.
        """
        handler = handler or self.handler()
        self.handlers.append(handler)
        looking = handler.client.current_session_runner
        looking.shutdown()  # type: ignore[no-untyped-call]
        handler.connect()  # type: ignore[no-untyped-call]
        reading = IntervalRunner(looking.target, looking.interval_seconds)
        handler.client.current_session_runner = reading.start()
        self.box.wait_until_connected()
        return handler

    def hang_up(self, handler: SocketModeHandler) -> None:
        """Drop the app's connection, as when its process ends, and wait until that is seen.

        The SDK notices a dead socket only at its next ping, so tell it, too.
        """
        handler.client.auto_reconnect_enabled = False
        session = handler.client.current_session
        assert session is not None
        assert session.sock is not None
        session.sock.shutdown(SHUT_RDWR)
        session.disconnect()
        until(lambda: not self.box.connections, "its connection stays")

    def close(self) -> None:
        """Stop everything quickly.

        The SDK's `close` waits up to three seconds for its own read to end, unless the
        server hangs up first, and one more for its queue, unless something lies in it. Two
        of its threads may then close the same socket at once, so let the first one finish.
        """
        for handler in self.handlers:
            handler.client.auto_reconnect_enabled = False
            handler.client.closed = True
        self.control.close()
        self.box.stop()
        for handler in self.handlers:
            deadline = monotonic() + 5
            while handler.client.is_connected() and monotonic() < deadline:
                sleep(0.002)
            handler.client.message_queue.put(None)
            handler.close()  # type: ignore[no-untyped-call]

    def act(self, do: str, **what: Any) -> Json:
        """Let maya do something, and return the whole answer of the control API."""
        return self.control.post("/control/act", {"as": self.maya.id, "do": do, **what})

    def channel(self, name: str) -> str:
        """Return the id of a channel that the app may list."""
        listed = self.client.conversations_list(types="public_channel,private_channel", limit=200)
        return next(str(c["id"]) for c in listed["channels"] if c["name"] == name)


def recording(*answer: Any, **answers: Any) -> tuple[Listener, list[Json]]:
    """Return a listener that acks with the given answer, and the bodies that it was given."""
    bodies: list[Json] = []

    def listener(ack: Ack, body: Json) -> None:
        bodies.append(body)
        ack(*answer, **answers)

    return listener, bodies


def opening(view: Json) -> Listener:
    """Return a listener that opens `view`, then acks."""

    def listener(ack: Ack, body: Json, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=view)
        ack()

    return listener


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def modal(*blocks: Json, callback_id: str = "form", **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain("A form"),
        "submit": plain("Send"),
        "blocks": list(blocks) or [field("name")],
        **more,
    }


def field(
    block_id: str, kind: str = "plain_text_input", optional: bool = False, **more: Any
) -> Json:
    """Return an input block whose action_id is its block_id."""
    element = {"type": kind, "action_id": block_id, **more}
    label = plain(block_id)
    return {
        "type": "input",
        "block_id": block_id,
        "label": label,
        "optional": optional,
        "element": element,
    }


def options(*values: str) -> list[Json]:
    return [{"text": plain(value.title()), "value": value} for value in values]


def buttons(*action_ids: str) -> Json:
    elements = [
        {"type": "button", "action_id": each, "text": plain(each), "value": f"value of {each}"}
        for each in action_ids
    ]
    return {"type": "actions", "block_id": "buttons", "elements": elements}


def said(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}
