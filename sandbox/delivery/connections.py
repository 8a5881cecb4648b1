"""One Socket Mode connection of the app, and the weather that it goes through."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from contextlib import suppress
from typing import Literal

from aiohttp import web

from sandbox.workspace import Json

HOST = "applink-sandbox"
"""What calls itself Slack's end of a connection."""

Reason = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]

_PING_SECONDS = 30.0
# Closing such a socket sends a reset at once, and nothing that still waits in it.
_RESET = struct.pack("ii", 1, 0)


class Connection:
    """A WebSocket that can be cut or frozen as a broken network does it."""

    def __init__(
        self, link: web.WebSocketResponse, transport: asyncio.Transport, *, name: str
    ) -> None:
        self.link = link
        self.name = name
        self._transport = transport
        self._thawed = asyncio.Event()
        self._thawed.set()
        self._dropped = False
        self._closing: asyncio.TimerHandle | None = None
        self._closed: asyncio.Task[None] | None = None
        self.leaving = False
        """Whether it gets an envelope only where there is no other connection."""

    @property
    def alive(self) -> bool:
        """Whether it was neither closed nor cut; it may be frozen."""
        return not (self._dropped or self.link.closed)

    @property
    def open(self) -> bool:
        """Whether something sent now is on its way: it is alive and not frozen."""
        return self.alive and self._thawed.is_set()

    async def send(self, message: Json) -> None:
        """Send a message; while the connection is frozen, wait.

        Raises:
            ConnectionError: it is closed.
        """
        await self._thawed.wait()
        await self.link.send_str(json.dumps(message))

    async def say_disconnect(self, reason: Reason) -> None:
        """Tell the app that this connection will end, or why it has; nothing if it is gone."""
        message = {"type": "disconnect", "reason": reason, "debug_info": {"host": HOST}}
        with suppress(ConnectionError):
            await self.send(message)

    async def keep_alive(self) -> None:
        """Ping for as long as the connection lasts, as Slack does.

        The WebSocket's own heartbeat would go on while the connection is frozen, and end it.
        """
        with suppress(ConnectionError):  # it ended meanwhile
            while self.alive:
                await asyncio.sleep(_PING_SECONDS)
                await self._thawed.wait()
                await self.link.ping()

    def drop(self) -> None:
        """End it without a close frame, by a TCP reset; nothing if it has ended."""
        self._dropped = True
        if self._transport.is_closing():
            return
        raw = self._transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self._transport.abort()

    def freeze(self) -> None:
        """Leave it open, but neither read nor send anything, pongs included."""
        self._thawed.clear()
        self._transport.pause_reading()

    def thaw(self) -> None:
        """Go on, with what came meanwhile and what waits to be sent."""
        self._transport.resume_reading()
        self._thawed.set()

    def close_after(self, seconds: float) -> None:
        """Let it take what is under way for so long, then close it."""
        self.leaving = True
        if self._closing is None:
            self._closing = asyncio.get_running_loop().call_later(seconds, self._goodbye)

    def forget(self) -> None:
        """Let go of what was to be done with a connection that has ended."""
        if self._closing is not None:
            self._closing.cancel()

    async def close(self) -> None:
        """Say goodbye, unless the connection is frozen and could not."""
        await self._goodbye()

    def _goodbye(self) -> asyncio.Task[None]:
        """Begin to close it, once."""
        if self._closed is None:
            self._closed = asyncio.create_task(self._close())
        return self._closed

    async def _close(self) -> None:
        if self._thawed.is_set():
            await self.link.close(code=1001)
        else:
            self.drop()
