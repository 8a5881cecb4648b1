"""The Web API over HTTP: bodies of every kind in, Slack's JSON out."""

from __future__ import annotations

import asyncio
import json
import logging
from time import perf_counter
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from sandbox import webapi
from sandbox.errors import SlackError
from sandbox.faults import CallRecord, Fault
from sandbox.responding import respond
from sandbox.response_urls import ResponseUrlError
from sandbox.slack import Slack
from sandbox.workspace import Json

log = logging.getLogger(__name__)


class WebApi:
    """Answers `/api/<method>` and `/respond/<key>`."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    async def call(self, request: web.Request) -> web.Response:
        """Answer one call of a method, with the fault that waits for it, if any."""
        started, name = perf_counter(), request.match_info["method"]
        fault = self._slack.faults.next(name)
        if fault and fault.delay_seconds:
            await asyncio.sleep(fault.delay_seconds)
        if fault and fault.status:
            response = _failure(fault)
            error: str | None = fault.error or f"http_{fault.status}"
        else:
            body = await self._body(request, name, fault)
            error = body.get("error")
            response = self._response(body)
        self._slack.calls.add(
            CallRecord(
                method=name,
                ok=error is None,
                error=error,
                ms=round((perf_counter() - started) * 1000, 3),
                at=self._slack.clock.now().isoformat(),
            )
        )
        return response

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

    async def _body(self, request: web.Request, name: str, fault: Fault | None) -> Json:
        if fault and fault.error:
            return {"ok": False, "error": fault.error}
        try:
            arguments = await _arguments(request)
            token = _token(request, arguments)
            return webapi.answer(self._slack, name, token, arguments)
        except SlackError as refusal:
            return {"ok": False, "error": refusal.code, **refusal.extra}
        except Exception:
            log.exception("The sandbox failed to answer %s.", name)
            return {"ok": False, "error": "internal_error"}

    def _response(self, body: Json) -> web.Response:
        response = _json(body, 200)
        response.headers["x-oauth-scopes"] = ",".join(self._slack.app.scopes)
        return response


async def _arguments(request: web.Request) -> Json:
    """Return the arguments of a call, from its query and from a body of any usual kind."""
    arguments: Json = dict(request.query)
    kind = request.content_type
    if kind == "multipart/form-data":
        return arguments | dict(await request.post())
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


def _failure(fault: Fault) -> web.Response:
    """Return a broken answer; like a real one, a server error is not JSON."""
    status = fault.status or 500
    if status == 429:
        headers = {"Retry-After": "1"}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
    if fault.error:
        return _json({"ok": False, "error": fault.error}, status)
    return web.Response(status=status, text="Something went wrong on our side.")


def _json(body: Json, status: int) -> web.Response:
    return web.Response(
        body=json.dumps(body).encode(),
        status=status,
        content_type="application/json",
        charset="utf-8",
    )
