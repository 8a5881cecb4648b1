"""The control API: a script (or the page) acts as a person and reads what that person sees."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime, timedelta

from aiohttp import web

from sandbox import files
from sandbox.clock import Clock, ClockError
from sandbox.control import acts, sight, window
from sandbox.control.fields import Fields
from sandbox.delivery import socket_control
from sandbox.errors import ActError
from sandbox.slack import Slack
from sandbox.weather.faults import Fault
from sandbox.weather.weather import Weather
from sandbox.workspace import Json

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_KEEP_ALIVE_SECONDS = 15.0
_BREATH_SECONDS = 0.02  # a page is not told of each of a thousand calls
_MOST_SECONDS = 3600.0 * 24 * 366 * 10


class Control:
    """Answers `/control/...`."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of the control API."""
        return [
            web.get("/control/workspace", _sentence(self._workspace)),
            web.get("/control/see", _sentence(self._see)),
            web.get("/control/stream", _sentence(self._stream)),
            web.post("/control/act", _sentence(self._act)),
            web.get("/control/clock", _sentence(self._clock)),
            web.post("/control/clock", _sentence(self._set_clock)),
            web.post("/control/faults", _sentence(self._fault)),
            web.delete("/control/faults", _sentence(self._clear_faults)),
            web.get("/control/weather", _sentence(self._weather)),
            web.post("/control/weather", _sentence(self._set_weather)),
            web.delete("/control/weather", _sentence(self._calm)),
            web.get("/control/sockets", _sentence(self._sockets)),
            web.post("/control/sockets", _sentence(self._order_sockets)),
            web.get("/control/calls", _sentence(self._calls)),
            web.get("/control/timeline", _sentence(self._timeline)),
            web.get("/control/file", _sentence(self._file)),
            web.get("/control/panels/{name}", _sentence(self._panel)),
        ]

    async def _workspace(self, _request: web.Request) -> web.Response:
        return _json(sight.workspace(self._slack))

    async def _see(self, request: web.Request) -> web.Response:
        user = acts.person(self._slack, request.query.get("as", ""))
        if "in" in request.query:
            return _json(window.see(self._slack, user, _window(request)))
        return _json(sight.see(self._slack, user))

    async def _act(self, request: web.Request) -> web.Response:
        return _json(await acts.act(self._slack, await _fields(request)))

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        """Send an event whenever what the person sees changes, until the page goes away."""
        user = acts.person(self._slack, request.query.get("as", ""))
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        with self._slack.watchers.watching(user.id) as watcher:
            try:
                await response.write(_event("changed", self._version(user.id)))
                while not watcher.closed:
                    changes = await watcher.changes(_KEEP_ALIVE_SECONDS)
                    data = self._version(user.id)
                    events = [_event(change, data) for change in sorted(changes)]
                    await response.write(b"".join(events) or b": still here\n\n")
                    await asyncio.sleep(_BREATH_SECONDS)
            except ConnectionError:
                return response  # the page was closed
        return response

    def _version(self, user: str) -> Json:
        return {"version": self._slack.watchers.version(user)}

    async def _clock(self, _request: web.Request) -> web.Response:
        return _json(sight.clock(self._slack))

    async def _set_clock(self, request: web.Request) -> web.Response:
        fields, clock = await _fields(request), self._slack.clock
        try:
            if fields.flag("real"):
                clock.real()
            elif fields.has("to"):
                await _travel(clock, _instant(fields.text("to")))
            elif fields.has("advance_seconds"):
                seconds = fields.number("advance_seconds", most=_MOST_SECONDS)
                await _travel(clock, clock.now() + timedelta(seconds=seconds))
            else:
                raise ActError('Say "to", "advance_seconds" or "real".')
        except ClockError as error:
            raise ActError(str(error)) from error
        return _json(sight.clock(self._slack))

    async def _fault(self, request: web.Request) -> web.Response:
        fields = await _fields(request)
        if fields.has("trigger_seconds"):
            self._slack.triggers.seconds = fields.number("trigger_seconds", most=3600)
        elif not fields.has("method"):
            raise ActError('Say which "method" fails, or "trigger_seconds".')
        if fields.has("method"):
            self._slack.faults.add(_fault(self._slack, fields))
        return _json({"ok": True})

    async def _clear_faults(self, _request: web.Request) -> web.Response:
        self._slack.faults.clear()
        self._slack.triggers.seconds = 3.0
        return _json({"ok": True})

    async def _weather(self, _request: web.Request) -> web.Response:
        weather = self._slack.sky.weather
        return _json({"weather": asdict(weather), "calm": weather.calm})

    async def _set_weather(self, request: web.Request) -> web.Response:
        given = (await _fields(request)).all()
        known = asdict(self._slack.sky.weather)
        if unknown := [name for name in given if name not in known]:
            raise ActError(f"The weather has no field {unknown[0][:50]!r}.")
        try:
            weather = Weather(**known | given)
        except ValueError as error:
            raise ActError(str(error)) from None
        self._slack.set_weather(weather)
        return await self._weather(request)

    async def _calm(self, request: web.Request) -> web.Response:
        self._slack.set_weather(Weather())
        return await self._weather(request)

    async def _sockets(self, _request: web.Request) -> web.Response:
        return _json(socket_control.state(self._slack.hub))

    async def _order_sockets(self, request: web.Request) -> web.Response:
        return _json(await socket_control.order(self._slack.hub, await _fields(request)))

    async def _calls(self, _request: web.Request) -> web.Response:
        return web.Response(
            text=json.dumps(self._slack.calls.as_list()), content_type="application/json"
        )

    async def _timeline(self, request: web.Request) -> web.Response:
        n = _whole(request, "after", default=0, least=0)
        return _json(self._slack.timeline.after(n))

    async def _file(self, request: web.Request) -> web.Response:
        """Give a person a file that one of their conversations shows."""
        user = acts.person(self._slack, request.query.get("as", ""))
        file = self._slack.workspace.files.get(request.query.get("file", ""))
        if file is None or file.deleted or not sight.has(self._slack, user, file):
            raise ActError(f"{user.name} sees no such file.")
        return files.served(file)

    async def _panel(self, request: web.Request) -> web.Response:
        panel = self._slack.panels.get(request.match_info["name"])
        if panel is None:
            raise ActError(f"There is no panel {request.match_info['name']!r}.")
        return _json(panel())


def _window(request: web.Request) -> window.Window:
    last = _whole(request, "last", default=100, least=1)
    known = frozenset(request.query.get("known", "").split(","))
    return window.Window(request.query["in"], last, known)


def _whole(request: web.Request, name: str, *, default: int, least: int) -> int:
    """Return a number of the query."""
    text = request.query.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < least:
        raise ActError(f"The field {name!r} must be a whole number, {least} or more.")
    return int(text)


def _fault(slack: Slack, fields: Fields) -> Fault:
    most = 1_000_000
    forever = fields.is_null("times")
    channel = fields.text("channel", "") or None
    place = slack.workspace.place(channel) if channel else None
    if channel and place is None:
        raise ActError(f"There is no conversation {channel!r} here.")
    try:
        return Fault(
            method=fields.text("method"),
            times=None if forever else fields.whole("times", default=1, least=1, most=most),
            status=_optional(fields, "status", least=400, most=599),
            error=fields.text("error", "") or None,
            delay_seconds=fields.number("delay_seconds", most=60),
            channel=place,
            retry_after=_optional(fields, "retry_after", least=0, most=86_400),
            after=fields.flag("after"),
            cut=fields.flag("cut"),
        )
    except ValueError as error:
        raise ActError(str(error)) from None


def _optional(fields: Fields, name: str, *, least: int, most: int) -> int | None:
    given = fields.has(name)
    return fields.whole(name, default=least, least=least, most=most) if given else None


async def _fields(request: web.Request) -> Fields:
    """Return the JSON body; another content type is refused.

    A foreign web page can send a form here without being asked, but JSON only after a
    question that this server answers with no.
    """
    if request.content_type != "application/json":
        raise ActError("The content type must be application/json.")
    return Fields(await request.read())


async def _travel(clock: Clock, to: datetime) -> None:
    """Go there; at each halt the app asks this very event loop, so it has to stay free."""
    await asyncio.to_thread(clock.travel, to)


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ActError("The time must look like 2026-12-01T09:00:00+01:00.") from None


def _sentence(handler: Handler) -> Handler:
    """Answer an ActError with HTTP 400 and its sentence."""

    async def answered(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except ActError as error:
            return _json({"ok": False, "error": str(error)}, status=400)

    return answered


def _event(name: str, data: Json) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()


def _json(body: Json, status: int = 200) -> web.Response:
    return web.Response(
        text=json.dumps(body),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
