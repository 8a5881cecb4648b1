"""The Web API over HTTP: bodies of every kind in, Slack's JSON out."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import BasicAuth, web

from sandbox import files, forms, json_text, webapi
from sandbox.errors import HungUp, RateLimited, SlackError
from sandbox.responding import respond
from sandbox.slack import Slack
from sandbox.weather.faults import TOO_MANY, CallRecord, Fault
from sandbox.workspace import Json

# These take no token as an argument; one that is there is like a wrong one.
_ONLY_IN_THE_HEADER = frozenset({"apps.connections.open"})
_NO_TOKEN = "-"  # noqa: S105

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Asked:
    """A call as it came in; `refusal` says why its body could not be read."""

    method: str
    token: str
    arguments: Json
    refusal: SlackError | None = None


@dataclass(frozen=True)
class _Answer:
    """What the app is told, and how the log of calls puts it."""

    response: web.Response
    error: str | None


Work = Callable[[], _Answer]
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class WebApi:
    """Answers `/api/<method>` and `/respond/<key>`, and takes and gives files."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    async def call(self, request: web.Request) -> web.Response:
        """Answer one call of a method, unless a hold or a fault stands in its way."""
        asked = await _asked(request)
        named = asked.arguments.get("channel") or asked.arguments.get("channel_id") or ""
        place = self._slack.workspace.place(str(named))
        return await self._through(
            request, asked.method, place, lambda: self._carried_out(asked), asked.arguments
        )

    async def upload(self, request: web.Request) -> web.Response:
        """Take the content of a file; in faults, holds and the log it is called "upload"."""
        content = await _content(request)

        def take() -> _Answer:
            done = files.receive(self._slack, request.match_info["key"], content)
            if done is not None:
                return _Answer(web.Response(status=400, text=done), "refused")
            return _Answer(web.Response(text=f"OK - {len(content)}"), None)

        return await self._through(request, "upload", None, take)

    async def download(self, request: web.Request) -> web.Response:
        """Give the app the content of a file; without its token there is only a page to sign in."""
        file = self._slack.workspace.files.get(request.match_info["id"])
        entitled = _token(request, {}) == self._slack.bot_token and not self._slack.token_error
        if not entitled or "files:read" not in self._slack.app.scopes:
            return web.Response(
                text="<!doctype html><title>Sign in</title>", content_type="text/html"
            )
        if file is None or not file.complete or file.deleted:
            return web.Response(status=404, text="There is no such file.")
        return files.served(file)

    async def respond(self, request: web.Request) -> web.Response:
        """Answer one use of a response URL: `ok` in plain text, or JSON with an error.

        In faults, holds and the log of calls it is called "response_url"; it has no weather.
        """
        raw, key = await request.read(), request.match_info["key"]
        url = self._slack.response_urls.find(key)
        place = self._slack.workspace.place(url.channel) if url else None

        def use() -> _Answer:
            try:
                respond(self._slack, key, _object(raw))
            except SlackError as refusal:
                body = {"ok": False, "error": refusal.code, **refusal.extra}
                return _Answer(_json(body, 404), refusal.code)
            return _Answer(web.Response(text="ok"), None)

        return await self._through(request, "response_url", place, use, sheltered=True)

    async def _through(
        self,
        request: web.Request,
        method: str,
        place: str | None,
        work: Work,
        arguments: Mapping[str, Any] = _NOTHING,
        *,
        sheltered: bool = False,
    ) -> web.Response:
        """Do the work of a call as holds and faults let it, and note it in the log.

        And as the weather lets it, unless it is sheltered.
        """
        started = perf_counter()
        try:
            if sheltered or self._slack.sky.calm:
                answer = await self._answer(method, place, work)
            else:
                key = self._slack.sky.keys.of_call(method, place, arguments)
                answer = await self._in_weather(method, place, work, key)
        except HungUp:
            _hang_up(request)
            answer = _Answer(web.Response(), "cut")
        self._log(method, place, answer, perf_counter() - started)
        return answer.response

    async def _in_weather(self, method: str, place: str | None, work: Work, key: str) -> _Answer:
        """Answer a call late, or with a server error before anything was done.

        Raises:
            HungUp: its answer is lost.
        """
        sky = self._slack.sky
        status = sky.server_error(key)
        answer = None if status else await self._answer(method, place, work)
        await sky.delay(key)
        if answer is None:
            return self._broken(Fault(method, status=status))
        if sky.loses_answer(key):
            raise HungUp
        return answer

    async def _answer(self, method: str, place: str | None, work: Work) -> _Answer:
        """Carry a call out and answer it, with what was ordered before and after that.

        Raises:
            HungUp: a hold or a fault cuts the connection.
        """
        fault = self._slack.faults.next(method, place)
        await self._slack.holds.passing(method, "before", place)
        if fault and not fault.after:
            await asyncio.sleep(fault.delay_seconds)
            if fault.breaks:
                return self._broken(fault)
        answer = work()
        await self._slack.holds.passing(method, "after", place)
        if fault and fault.after:
            await asyncio.sleep(fault.delay_seconds)
            if fault.breaks:
                return self._broken(fault)
        return answer

    def _carried_out(self, asked: _Asked) -> _Answer:
        try:
            if asked.refusal:
                raise asked.refusal
            return self._told(
                webapi.answer(self._slack, asked.method, asked.token, asked.arguments)
            )
        except RateLimited as limit:
            return _Answer(_too_often(limit.retry_after), "ratelimited")
        except SlackError as refusal:
            body = {"ok": False, "error": refusal.code, **refusal.extra}
        except Exception:
            log.exception("The sandbox failed to answer %s.", asked.method)
            body = {"ok": False, "error": "internal_error"}
        return self._told(body)

    def _told(self, body: Json) -> _Answer:
        response = _json(body, 200)
        response.headers["x-oauth-scopes"] = ",".join(self._slack.app.scopes)
        return _Answer(response, body.get("error"))

    def _broken(self, fault: Fault) -> _Answer:
        """Return the answer that a fault orders; like a real one, a server error is not JSON.

        Raises:
            HungUp: there is to be none.
        """
        if fault.cut:
            raise HungUp
        if fault.status is None:
            return self._told({"ok": False, "error": fault.error})
        error = fault.error or f"http_{fault.status}"
        if fault.status == TOO_MANY:
            return _Answer(_too_often(fault.retry_after or 1), error)
        if fault.error:
            return _Answer(_json({"ok": False, "error": fault.error}, fault.status), error)
        text = "Something went wrong on our side."
        return _Answer(web.Response(status=fault.status, text=text), error)

    def _log(self, method: str, place: str | None, answer: _Answer, seconds: float) -> None:
        channel = self._slack.workspace.at(place) if place else None
        self._slack.timeline.sent(method, channel.id if channel else None, answer.error, seconds)
        self._slack.calls.add(
            CallRecord(
                method=method,
                ok=answer.error is None,
                error=answer.error,
                channel=channel.id if channel else None,
                ms=round(seconds * 1000, 3),
                at=self._slack.clock.now().isoformat(),
            )
        )


def _hang_up(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


async def _asked(request: web.Request) -> _Asked:
    method = request.match_info["method"]
    try:
        arguments = await _arguments(request)
    except SlackError as refusal:
        return _Asked(method, "", {}, refusal)
    token = _token(request, arguments)
    if method in _ONLY_IN_THE_HEADER and "Authorization" not in request.headers:
        token = token and _NO_TOKEN
    return _Asked(method, token, _client(request) | arguments)


async def _arguments(request: web.Request) -> Json:
    """Return the arguments of a call, from its query and from a body of any usual kind."""
    arguments: Json = dict(request.query)
    kind = request.content_type
    if kind == "multipart/form-data":
        return arguments | await _form(request)
    try:
        raw = await request.read()
    except web.RequestPayloadError:  # not compressed as it says
        json_ = kind == "application/json"
        raise SlackError("invalid_json" if json_ else "invalid_form_data") from None
    if not raw:
        return arguments
    if "Content-Type" not in request.headers:
        raise SlackError("missing_post_type")
    if kind == "application/json":
        return arguments | _object(raw)
    if kind != "application/x-www-form-urlencoded":
        raise SlackError("invalid_post_type")
    try:
        return arguments | dict(parse_qsl(raw.decode(), keep_blank_values=True))
    except ValueError:
        raise SlackError("invalid_form_data") from None


async def _form(request: web.Request) -> Json:
    """Return the arguments in a multipart form; files are none, for no method takes them there."""
    form = await forms.read(request)
    if form is None or not all(isinstance(value, str) for value in form.values()):
        raise SlackError("invalid_form_data")
    return dict(form)


async def _content(request: web.Request) -> bytes:
    """Return what was sent to an upload address: the body, or the first file of a form."""
    if request.content_type != "multipart/form-data":
        return await request.read()
    for value in (await forms.read(request) or {}).values():
        if isinstance(value, web.FileField):
            return value.file.read()
    return b""


def _object(raw: bytes) -> Json:
    try:
        value: Any = json_text.read(raw)
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(value, dict):
        raise SlackError("json_not_object")
    return value


def _token(request: web.Request, arguments: Json) -> str:
    """Return the token: from the header, else from the arguments, where it is no argument."""
    argument = str(arguments.pop("token", ""))
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else argument


def _client(request: web.Request) -> Json:
    """Return the client id and secret of an app that calls with HTTP Basic authentication."""
    given = request.headers.get("Authorization", "")
    if not given.lower().startswith("basic "):
        return {}
    try:
        client = BasicAuth.decode(given)
    except ValueError:
        return {}
    return {"client_id": client.login, "client_secret": client.password}


def _too_often(seconds: int) -> web.Response:
    response = _json({"ok": False, "error": "ratelimited"}, TOO_MANY)
    response.headers["Retry-After"] = str(seconds)
    return response


def _json(body: Json, status: int) -> web.Response:
    return web.Response(
        body=json.dumps(body).encode(),
        status=status,
        content_type="application/json",
        charset="utf-8",
    )
