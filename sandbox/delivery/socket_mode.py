"""Socket Mode: the app's WebSocket connections and the envelopes sent down them."""

from __future__ import annotations

import asyncio
import logging
import secrets
from contextlib import suppress
from math import inf
from typing import Literal
from uuid import uuid4

from aiohttp import WSMsgType, web

from sandbox import json_text
from sandbox.bell import Bell
from sandbox.delivery.answers import Answer, Kind
from sandbox.delivery.connections import HOST, Connection, Reason
from sandbox.watchers import Watchers
from sandbox.workspace import Json

Refusing = Literal["open", "handshake"]

MOST_CONNECTIONS = 10
CONNECTION_SECONDS = 18_060.0
DEBUG_SECONDS = 360.0
"""How long Slack keeps a connection, also when its address says debug_reconnects=true."""

WARNING_SECONDS = 10.0
"""How long before the end of a connection Slack warns of it."""

CLOSING_SECONDS = 3.0
"""How long a connection stays after refresh_requested, so that what is under way is answered."""

MOST_TICKETS = 1_000

# The only reason that was ever seen with the next try of an event in Socket Mode.
_WHY = "timeout"

log = logging.getLogger(__name__)


class Hub:
    """The open connections of the app, and the envelopes that wait for their ack.

    `refusing` says where new connections fail: at apps.connections.open, or when the WebSocket
    is opened; it is "off" when Socket Mode is switched off. `connection_seconds` is how long
    Slack will keep those that are opened from now on.
    """

    def __init__(self, *, app_id: str, ack_seconds: float, watchers: Watchers, bell: Bell) -> None:
        self.ack_seconds = ack_seconds
        self.refusing: Refusing | Literal["off"] | None = None
        self.connection_seconds = CONNECTION_SECONDS
        self._app_id = app_id
        self._watchers = watchers
        self._bell = bell
        self._tickets: dict[str, None] = {}  # in the order in which they were given out
        self._connections: list[Connection] = []
        self._opened = 0
        self._waiting: dict[str, tuple[Connection, asyncio.Future[Json]]] = {}

    @property
    def connections(self) -> int:
        """How many connections of the app are open; a frozen one is not."""
        return sum(connection.open for connection in self._connections)

    def counts(self) -> Json:
        """Return how many connections are open, which of them Slack will close, how many frozen."""
        alive = [each for each in self._connections if each.alive]
        return {
            "open": self.connections,
            "leaving": sum(each.open and each.leaving for each in alive),
            "frozen": sum(not each.open for each in alive),
        }

    def new_ticket(self) -> str:
        """Return a ticket that opens one connection, once."""
        ticket = secrets.token_urlsafe(24)
        self._tickets[ticket] = None
        if len(self._tickets) > MOST_TICKETS:
            del self._tickets[next(iter(self._tickets))]
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold one connection of the app until either side closes it."""
        if self.refusing == "handshake":
            return web.Response(status=503, text="Nothing connects here now.")
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets or self.refusing == "off":
            return web.Response(status=403, text="This ticket is unknown or was used before.")
        del self._tickets[ticket]
        link = web.WebSocketResponse(timeout=1.0)
        await link.prepare(request)
        if request.transport is None:
            return link  # the app has hung up already
        self._opened += 1
        connection = Connection(link, request.transport, name=f"socket {self._opened}")
        if sum(each.alive for each in self._connections) >= MOST_CONNECTIONS:
            await connection.say_disconnect("too_many_websockets")
            await connection.close()
            return link
        short = request.query.get("debug_reconnects") == "true"
        seconds = min(self.connection_seconds, DEBUG_SECONDS if short else inf)
        await self._hold(connection, seconds)
        return link

    async def _hold(self, connection: Connection, seconds: float) -> None:
        tasks = [
            asyncio.create_task(connection.keep_alive()),
            asyncio.create_task(_live_out(connection, seconds)),
        ]
        self._connections.append(connection)
        self._changed()
        try:
            await self._talk(connection, seconds)
        finally:
            for task in tasks:
                task.cancel()
            connection.forget()
            self._connections.remove(connection)
            self._changed()

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
                return Answer("acked", await waiting, over=connection.name)
        except TimeoutError:
            return Answer("timeout", why=_WHY, over=connection.name)
        except ConnectionError:
            return Answer("not_connected", why=_WHY, over=connection.name)
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

    async def warn(self) -> None:
        """Tell the app on every connection that Slack will end it in about ten seconds."""
        await self._say("warning")

    async def refresh(self, closing_seconds: float = CLOSING_SECONDS) -> None:
        """Ask the app to replace every connection, and close these after so many seconds."""
        for connection in await self._say("refresh_requested"):
            connection.close_after(closing_seconds)

    async def switch_off(self) -> None:
        """End every connection, and let none be opened, as with Socket Mode switched off."""
        self.refusing = "off"
        for connection in await self._say("link_disabled"):
            connection.close_after(0.0)

    async def close(self) -> None:
        """Close every connection and give up every envelope."""
        for _, waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ConnectionResetError("The sandbox is closing."))
                waiting.exception()  # seen, also where a frozen connection lets nobody wait for it
        for connection in list(self._connections):
            await connection.close()

    async def _say(self, reason: Reason) -> list[Connection]:
        """Say on every open connection that it will end, and return those."""
        told = [each for each in self._connections if each.open]
        for connection in told:
            await connection.say_disconnect(reason)
        return told

    async def _talk(self, connection: Connection, seconds: float) -> None:
        with suppress(ConnectionError):  # cut before it was greeted
            await connection.send(self._hello(seconds))
        async for message in connection.link:
            if message.type == WSMsgType.TEXT:
                self._received(connection, message.data)

    def _hello(self, seconds: float) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._connections),
            "debug_info": {
                "host": HOST,
                "build_number": 1,
                "approximate_connection_time": round(seconds),
            },
            "connection_info": {"app_id": self._app_id},
        }

    def _changed(self) -> None:
        self._watchers.workspace_changed()
        self._bell.ring()

    def _next(self) -> Connection | None:
        """Return the connection whose turn it is; each takes one envelope, then waits.

        One that Slack will close gets its turn only when there is no other, and a frozen one
        last of all: after some silence Slack itself gives up on it.
        """
        alive = (each for each in self._connections if each.alive)
        chosen = min(alive, key=lambda each: (not each.open, each.leaving), default=None)
        if chosen is not None:
            self._connections.remove(chosen)
            self._connections.append(chosen)
        return chosen

    def _received(self, connection: Connection, text: str) -> None:
        """Match an ack with its envelope; whatever is late, unknown or no ack is ignored.

        So is an ack over another connection than the one that brought the envelope.
        """
        try:
            message = json_text.read(text)
        except ValueError:
            log.warning("The app sent something that is not JSON over Socket Mode.")
            return
        if not isinstance(message, dict):
            return
        carrier, waiting = self._waiting.get(str(message.get("envelope_id")), (None, None))
        payload = message.get("payload")
        if carrier is connection and waiting is not None and not waiting.done():
            waiting.set_result(payload if isinstance(payload, dict) else {})


async def _live_out(connection: Connection, seconds: float) -> None:
    """Let a connection end as Slack ends it: with a warning, a request to refresh, a close."""
    await asyncio.sleep(max(0.0, seconds - WARNING_SECONDS))
    await connection.say_disconnect("warning")
    await asyncio.sleep(min(seconds, WARNING_SECONDS))
    await connection.say_disconnect("refresh_requested")
    connection.close_after(CLOSING_SECONDS)


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
