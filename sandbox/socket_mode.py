"""Socket Mode: the app's WebSocket connections and the envelopes sent down them."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from dataclasses import dataclass, field
from typing import Literal
from uuid import uuid4

from aiohttp import WSMsgType, web

from sandbox.bell import Bell
from sandbox.watchers import Watchers
from sandbox.workspace import Json

Kind = Literal["events_api", "slash_commands", "interactive"]
Outcome = Literal["acked", "timeout", "not_connected"]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """How the app answered an envelope; `payload` is what it sent with its ack."""

    outcome: Outcome
    payload: Json = field(default_factory=dict)

    @property
    def acked(self) -> bool:
        """Whether the app acknowledged in time."""
        return self.outcome == "acked"


class Hub:
    """The open connections of the app, and the envelopes that wait for their ack."""

    def __init__(self, *, app_id: str, ack_seconds: float, watchers: Watchers, bell: Bell) -> None:
        self.ack_seconds = ack_seconds
        self._app_id = app_id
        self._watchers = watchers
        self._bell = bell
        self._tickets: set[str] = set()
        self._sockets: list[web.WebSocketResponse] = []
        self._waiting: dict[str, asyncio.Future[Json]] = {}

    @property
    def connections(self) -> int:
        """How many connections the app has open."""
        return len(self._sockets)

    def new_ticket(self) -> str:
        """Return a ticket that opens one connection, once."""
        ticket = secrets.token_urlsafe(24)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold one connection of the app until either side closes it."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403, text="This ticket is unknown or was used before.")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(heartbeat=30, timeout=1.0)
        await socket.prepare(request)
        self._joined(socket)
        try:
            await socket.send_str(json.dumps(self._hello()))
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    self._received(message.data)
        finally:
            self._left(socket)
        return socket

    async def deliver(self, kind: Kind, payload: Json, *, retry: int = 0, why: str = "") -> Answer:
        """Send one envelope to one of the connections and wait for its ack.

        A connection that drops leaves the envelope unanswered until the window ends, as
        Slack cannot know whether the app is still at work. `retry` and `why` mark a second
        delivery of the same event.
        """
        socket = self._next_socket()
        if socket is None:
            return Answer("not_connected")
        envelope = str(uuid4())
        waiting = self._waiting[envelope] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self.ack_seconds):
                await socket.send_str(json.dumps(_envelope(envelope, kind, payload, retry, why)))
                return Answer("acked", await waiting)
        except TimeoutError:
            return Answer("timeout")
        except ConnectionError:
            return Answer("not_connected")
        finally:
            self._waiting.pop(envelope, None)

    async def close(self) -> None:
        """Close every connection and give up every envelope."""
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ConnectionResetError("The sandbox is closing."))
        for socket in list(self._sockets):
            await socket.close(code=1001)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._sockets),
            "debug_info": {
                "host": "applink-sandbox",
                "build_number": 1,
                "approximate_connection_time": 18060,
            },
            "connection_info": {"app_id": self._app_id},
        }

    def _joined(self, socket: web.WebSocketResponse) -> None:
        self._sockets.append(socket)
        self._changed()

    def _left(self, socket: web.WebSocketResponse) -> None:
        self._sockets.remove(socket)
        self._changed()

    def _changed(self) -> None:
        self._watchers.workspace_changed()
        self._bell.ring()

    def _next_socket(self) -> web.WebSocketResponse | None:
        """Return the connection whose turn it is; each takes one envelope, then waits."""
        for _ in range(len(self._sockets)):
            socket = self._sockets.pop(0)
            self._sockets.append(socket)
            if not socket.closed:
                return socket
        return None

    def _received(self, text: str) -> None:
        """Match an ack with its envelope; whatever is late, unknown or no ack is ignored."""
        try:
            message = json.loads(text)
        except ValueError:
            log.warning("The app sent something that is not JSON over Socket Mode.")
            return
        if not isinstance(message, dict):
            return
        waiting = self._waiting.get(str(message.get("envelope_id")))
        payload = message.get("payload")
        if waiting is not None and not waiting.done():
            waiting.set_result(payload if isinstance(payload, dict) else {})


def _envelope(envelope_id: str, kind: Kind, payload: Json, retry: int, why: str) -> Json:
    envelope: Json = {
        "envelope_id": envelope_id,
        "payload": payload,
        "type": kind,
        "accepts_response_payload": kind != "events_api",
    }
    if kind == "events_api":
        envelope |= {"retry_attempt": retry, "retry_reason": why}
    return envelope
