"""Socket Mode: the app's WebSocket connections and the envelopes sent down them."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from contextlib import suppress
from typing import Literal
from uuid import uuid4

from aiohttp import WSMsgType, web

from sandbox.answers import Answer, Kind
from sandbox.bell import Bell
from sandbox.connections import Connection
from sandbox.watchers import Watchers
from sandbox.workspace import Json

Refusing = Literal["open", "handshake"]

# The only reason that was ever seen with the next try of an event in Socket Mode.
_WHY = "timeout"

log = logging.getLogger(__name__)


class Hub:
    """The open connections of the app, and the envelopes that wait for their ack.

    `refusing` says where new connections fail: at apps.connections.open, or when the WebSocket
    is opened.
    """

    def __init__(self, *, app_id: str, ack_seconds: float, watchers: Watchers, bell: Bell) -> None:
        self.ack_seconds = ack_seconds
        self.refusing: Refusing | None = None
        self._app_id = app_id
        self._watchers = watchers
        self._bell = bell
        self._tickets: set[str] = set()
        self._connections: list[Connection] = []
        self._waiting: dict[str, tuple[Connection, asyncio.Future[Json]]] = {}

    @property
    def connections(self) -> int:
        """How many connections of the app are open; a frozen one is not."""
        return sum(connection.open for connection in self._connections)

    def new_ticket(self) -> str:
        """Return a ticket that opens one connection, once."""
        ticket = secrets.token_urlsafe(24)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold one connection of the app until either side closes it."""
        if self.refusing == "handshake":
            return web.Response(status=503, text="Nothing connects here now.")
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403, text="This ticket is unknown or was used before.")
        self._tickets.discard(ticket)
        link = web.WebSocketResponse(timeout=1.0)
        await link.prepare(request)
        if request.transport is None:
            return link  # the app has hung up already
        connection = Connection(link, request.transport)
        pings = asyncio.create_task(connection.keep_alive())
        self._connections.append(connection)
        self._changed()
        try:
            await self._talk(connection)
        finally:
            pings.cancel()
            self._connections.remove(connection)
            self._changed()
        return link

    async def deliver(self, kind: Kind, payload: Json, *, retry: int = 0, why: str = "") -> Answer:
        """Send one envelope to one of the connections and wait for its ack.

        A connection that drops leaves the envelope unanswered until the window ends, as
        Slack cannot know whether the app is still at work. `retry` and `why` mark a second
        delivery of the same event.
        """
        connection = self._next()
        if connection is None:
            return Answer("not_connected", why=_WHY)
        envelope = str(uuid4())
        waiting: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope] = connection, waiting
        try:
            async with asyncio.timeout(self.ack_seconds):
                await connection.send(_envelope(envelope, kind, payload, retry, why))
                return Answer("acked", await waiting)
        except TimeoutError:
            return Answer("timeout", why=_WHY)
        except ConnectionError:
            return Answer("not_connected", why=_WHY)
        finally:
            self._waiting.pop(envelope, None)

    def drop(self) -> None:
        """Cut every connection without a close frame."""
        for connection in list(self._connections):
            connection.drop()
        self._changed()

    def freeze(self) -> None:
        """Let every connection fall silent that is open now."""
        for connection in self._connections:
            connection.freeze()
        self._changed()

    def thaw(self) -> None:
        """Let the silent connections go on."""
        for connection in self._connections:
            connection.thaw()
        self._changed()

    async def close(self) -> None:
        """Close every connection and give up every envelope."""
        for _, waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ConnectionResetError("The sandbox is closing."))
        for connection in list(self._connections):
            await connection.close()

    async def _talk(self, connection: Connection) -> None:
        with suppress(ConnectionError):  # cut before it was greeted
            await connection.send(self._hello())
        async for message in connection.link:
            if message.type == WSMsgType.TEXT:
                self._received(connection, message.data)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._connections),
            "debug_info": {
                "host": "applink-sandbox",
                "build_number": 1,
                "approximate_connection_time": 18060,
            },
            "connection_info": {"app_id": self._app_id},
        }

    def _changed(self) -> None:
        self._watchers.workspace_changed()
        self._bell.ring()

    def _next(self) -> Connection | None:
        """Return the connection whose turn it is; each takes one envelope, then waits.

        A frozen one gets its turn only when there is no other: after some silence Slack itself
        gives up on it.
        """
        alive = [each for each in self._connections if each.alive]
        chosen = next((each for each in alive if each.open), alive[0] if alive else None)
        if chosen is not None:
            self._connections.remove(chosen)
            self._connections.append(chosen)
        return chosen

    def _received(self, connection: Connection, text: str) -> None:
        """Match an ack with its envelope; whatever is late, unknown or no ack is ignored.

        So is an ack over another connection than the one that brought the envelope.
        """
        try:
            message = json.loads(text)
        except ValueError:
            log.warning("The app sent something that is not JSON over Socket Mode.")
            return
        if not isinstance(message, dict):
            return
        carrier, waiting = self._waiting.get(str(message.get("envelope_id")), (None, None))
        payload = message.get("payload")
        if carrier is connection and waiting is not None and not waiting.done():
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
