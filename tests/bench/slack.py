"""The least of Slack that one app needs: a few Web API methods and one Socket Mode connection.

It is as cheap as can be, because it shares the machine with what it measures. It trusts the app
and checks nothing; whether the bot speaks to Slack correctly is for the tests to say.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from aiohttp import WSMsgType, web

BOT_TOKEN = "xoxb-bench"
APP_TOKEN = "xapp-bench"
TEAM, BOT = "T0000BENCH", "U0000HEART"

_ANSWERS: dict[str, dict[str, Any]] = {
    "auth.test": {"team_id": TEAM, "user_id": BOT, "bot_id": "B0000HEART", "user": "hearth"},
    "users.info": {"user": {"tz": "Europe/Berlin"}},
    "views.open": {"view": {"id": "V1"}},
    "views.update": {"view": {"id": "V1"}},
}


@dataclass(frozen=True, slots=True)
class Envelope:
    """What Slack sends, made into text before the clock runs."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Ack:
    """What the app answered, and how long that took, in seconds."""

    payload: dict[str, Any]
    seconds: float


class Slack:
    """Slack, as one app sees it."""

    def __init__(self) -> None:
        self.api_url = ""
        self._connected_at: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._socket = web.WebSocketResponse()
        self._waiting: dict[str, asyncio.Future[tuple[float, str]]] = {}

    async def connected(self) -> float:
        """Return when the app's connection was greeted, once it is.

        Raises:
            ConnectionError: the app ended before it was connected.
        """
        return await self._connected_at

    def gone(self) -> None:
        """Take note that the app has ended."""
        if not self._connected_at.done():
            self._connected_at.set_exception(ConnectionError("the app ended"))

    async def deliver(self, envelope: Envelope) -> Ack:
        """Send one envelope and wait for its ack."""
        answered = asyncio.get_running_loop().create_future()
        self._waiting[envelope.id] = answered
        sent_at = perf_counter()
        await self._socket.send_str(envelope.text)
        answered_at, text = await asyncio.wait_for(answered, timeout=10)
        return Ack(json.loads(text).get("payload", {}), answered_at - sent_at)

    async def answer(self, request: web.Request) -> web.Response:
        """Answer one call of the Web API."""
        method = request.match_info["method"]
        if method == "apps.connections.open":
            address = self.api_url.replace("http", "ws", 1).replace("/api/", "/link/")
            return web.json_response({"ok": True, "url": f"{address}?ticket=1"})
        if method not in _ANSWERS:
            return web.json_response({"ok": False, "error": "unknown_method"})
        return web.json_response({"ok": True, **_ANSWERS[method]})

    async def link(self, request: web.Request) -> web.WebSocketResponse:
        """Hold the connection of the app."""
        self._socket = web.WebSocketResponse(compress=False)
        await self._socket.prepare(request)
        await self._socket.send_str('{"type": "hello", "num_connections": 1}')
        if not self._connected_at.done():
            self._connected_at.set_result(perf_counter())
        async for message in self._socket:
            if message.type is WSMsgType.TEXT:
                self._acked(message.data, perf_counter())
        return self._socket

    def _acked(self, text: str, at: float) -> None:
        envelope_id = text[17:53]  # {"envelope_id": "<36 characters>"...
        waiting = self._waiting.pop(envelope_id, None)
        if waiting is not None and not waiting.done():
            waiting.set_result((at, text))


@asynccontextmanager
async def serve() -> AsyncIterator[Slack]:
    """Serve on a free port of this machine."""
    slack = Slack()
    server = web.Application()
    server.router.add_post("/api/{method}", slack.answer)
    server.router.add_get("/link/", slack.link)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.api_url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    try:
        yield slack
    finally:
        await runner.cleanup()
