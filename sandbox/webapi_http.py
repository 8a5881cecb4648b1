"""The Web API over HTTP: bodies of every kind in, Slack's JSON out."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass
from time import perf_counter
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from sandbox import webapi
from sandbox.errors import HungUp, RateLimited, SlackError
from sandbox.faults import TOO_MANY, CallRecord, Fault
from sandbox.responding import respond
from sandbox.response_urls import ResponseUrlError
from sandbox.slack import Slack
from sandbox.workspace import Json

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


class WebApi:
    """Answers `/api/<method>` and `/respond/<key>`."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    async def call(self, request: web.Request) -> web.Response:
        """Answer one call of a method, unless a hold or a fault stands in its way."""
        started, asked = perf_counter(), await _asked(request)
        place = self._slack.workspace.place(str(asked.arguments.get("channel", "")))
        try:
            answer = await self._answer(asked, place)
        except HungUp:
            _hang_up(request)
            answer = _Answer(web.Response(), "cut")
        self._log(asked, place, answer, perf_counter() - started)
        return answer.response

    async def respond(self, request: web.Request) -> web.Response:
        """Answer one use of a response URL: `ok` in plain text, or JSON with an error."""
        try:
            content = _object(await request.read())
            respond(self._slack, request.match_info["key"], content)
        except SlackError as refusal:
            return _json({"ok": False, "error": refusal.code, **refusal.extra}, 400)
        except ResponseUrlError as refusal:
            return _json({"ok": False, "error": refusal.code}, 404)
        return web.Response(text="ok")

    async def _answer(self, asked: _Asked, place: str | None) -> _Answer:
        """Carry a call out and answer it, with what was ordered before and after that.

        Raises:
            HungUp: a hold or a fault cuts the connection.
        """
        fault = self._slack.faults.next(asked.method, place)
        await self._slack.holds.passing(asked.method, "before", place)
        if fault and not fault.after:
            await asyncio.sleep(fault.delay_seconds)
            if fault.breaks:
                return self._broken(fault)
        answer = self._carried_out(asked)
        await self._slack.holds.passing(asked.method, "after", place)
        if fault and fault.after:
            await asyncio.sleep(fault.delay_seconds)
            if fault.breaks:
                return self._broken(fault)
        return answer

    def _carried_out(self, asked: _Asked) -> _Answer:
        try:
            if asked.refusal:
                raise asked.refusal
            body = webapi.answer(self._slack, asked.method, asked.token, asked.arguments)
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

    def _log(self, asked: _Asked, place: str | None, answer: _Answer, seconds: float) -> None:
        channel = self._slack.workspace.at(place) if place else None
        self._slack.calls.add(
            CallRecord(
                method=asked.method,
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
    return _Asked(method, _token(request, arguments), arguments)


async def _arguments(request: web.Request) -> Json:
    """Return the arguments of a call, from its query and from a body of any usual kind."""
    arguments: Json = dict(request.query)
    kind = request.content_type
    if kind == "multipart/form-data":
        try:
            return arguments | dict(await request.post())
        except ValueError:
            raise SlackError("invalid_form_data") from None
    raw = await request.read()
    if not raw:
        return arguments
    if kind == "application/json":
        return arguments | _object(raw)
    if kind != "application/x-www-form-urlencoded":
        raise SlackError("invalid_post_type")
    try:
        return arguments | dict(parse_qsl(raw.decode(), keep_blank_values=True))
    except ValueError:
        raise SlackError("invalid_form_data") from None


def _object(raw: bytes) -> Json:
    try:
        value: Any = json.loads(raw)
    except (ValueError, RecursionError):
        raise SlackError("invalid_json") from None
    if not isinstance(value, dict):
        raise SlackError("json_not_object")
    return value


def _token(request: web.Request, arguments: Json) -> str:
    """Return the token: from the header, else from the arguments, where it is no argument."""
    argument = str(arguments.pop("token", ""))
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else argument


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
