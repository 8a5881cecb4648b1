"""Delivery over HTTP: signed requests to the app's request URL, and what it answers."""

from __future__ import annotations

import asyncio
import json
import secrets
from contextlib import AbstractAsyncContextManager
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import aiohttp

from sandbox import json_text
from sandbox.credentials import SIGNING_SECRET, VERIFICATION_TOKEN
from sandbox.delivery.answers import Answer, Kind
from sandbox.delivery.loopback import is_here
from sandbox.delivery.signing import sign
from sandbox.workspace import Json

_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"
_MOVED = (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.FOUND)
_MOST_REDIRECTS = 2
_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


class RequestUrl:
    """The app's request URL, if it has one; commands, interactions and events all go there."""

    def __init__(self, url: str | None) -> None:
        self.url = url
        self._session: aiohttp.ClientSession | None = None

    @property
    def url(self) -> str | None:
        """Where Slack sends its requests; None while the app is reached by Socket Mode.

        Raises:
            ValueError: it is no http:// address on this machine.
        """
        return self._url

    @url.setter
    def url(self, url: str | None) -> None:
        if url is not None and not (is_here(url) and urlsplit(url).scheme == "http"):
            raise ValueError("A request URL is an http:// address on this machine.")
        self._url = url

    async def deliver(
        self, kind: Kind, payload: Json, *, seconds: float, retry: int = 0, why: str = ""
    ) -> Answer:
        """Send one request and return what the app answered within so many seconds.

        `retry` and `why` mark a second delivery of the same event. An event follows the app to
        another address on this machine, twice at most.
        """
        marks = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": why} if retry else {}
        try:
            async with asyncio.timeout(seconds):
                return await self._followed(kind, payload, marks)
        except TimeoutError:
            return Answer("timeout", why="http_timeout")
        except aiohttp.ClientConnectorError:
            return Answer("not_connected", why="connection_failed")
        except aiohttp.ClientError:
            return Answer("http_error", why="unknown_error")

    async def _followed(self, kind: Kind, payload: Json, marks: dict[str, str]) -> Answer:
        content_type, body = _body(kind, payload)
        url = self._url
        for _ in range(1 + _MOST_REDIRECTS):
            async with self._post(body, content_type, marks, url) as response:
                url = _elsewhere(response) if kind == "events_api" else None
                if url is None:
                    return _answer(kind, payload, response, await response.read())
        return Answer("http_error", why="too_many_redirects")

    async def check_ssl(self, seconds: float) -> bool:
        """Send what Slack sends to see a certificate, and return whether it was answered well."""
        body = urlencode({"ssl_check": "1", "token": VERIFICATION_TOKEN}).encode()
        try:
            async with asyncio.timeout(seconds), self._post(body, _FORM, {}, self._url) as response:
                return response.status == HTTPStatus.OK
        except (TimeoutError, aiohttp.ClientError):
            return False

    async def verify(self, seconds: float) -> bool:
        """Send a challenge, and return whether the app gave it back."""
        challenge = secrets.token_urlsafe(32)
        asked = {"token": VERIFICATION_TOKEN, "challenge": challenge, "type": "url_verification"}
        body = json.dumps(asked).encode()
        try:
            async with asyncio.timeout(seconds), self._post(body, _JSON, {}, self._url) as response:
                answered = (await response.read()).decode(errors="replace")
                fine = response.status == HTTPStatus.OK
                return fine and challenge == _given_back(response.content_type, answered)
        except (TimeoutError, aiohttp.ClientError):
            return False

    async def close(self) -> None:
        """Let go of every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _post(
        self, body: bytes, content_type: str, marks: dict[str, str], url: str | None
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        if url is None:
            raise RuntimeError("The app has no request URL.")
        if self._session is None:
            # An app that was killed leaves dead connections behind, so none is kept.
            connector = aiohttp.TCPConnector(force_close=True)
            self._session = aiohttp.ClientSession(connector=connector)
        headers = {"Content-Type": content_type, "User-Agent": _AGENT, "Accept": "*/*"}
        headers |= sign(SIGNING_SECRET, body) | marks
        return self._session.post(url, data=body, headers=headers, allow_redirects=False)


def _body(kind: Kind, payload: Json) -> tuple[str, bytes]:
    """Return the content type and the body in which Slack sends a payload of that kind."""
    if kind == "slash_commands":
        return _FORM, urlencode(payload).encode()
    if kind == "interactive":
        return _FORM, urlencode({"payload": json.dumps(payload)}).encode()
    return _JSON, json.dumps(payload).encode()


def _elsewhere(response: aiohttp.ClientResponse) -> str | None:
    """Return where the app sends Slack instead, if it is an address on this machine."""
    if response.status not in _MOVED or "Location" not in response.headers:
        return None
    try:
        url = urljoin(str(response.url), response.headers["Location"])
        return url if is_here(url) and urlsplit(url).scheme == "http" else None
    except ValueError:  # no address at all
        return None


def _answer(kind: Kind, payload: Json, response: aiohttp.ClientResponse, body: bytes) -> Answer:
    if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
        again = response.headers.get("X-Slack-No-Retry") != "1"
        return Answer("http_error", why="http_error", again=again)
    means_something = kind == "slash_commands" or payload.get("type") == "view_submission"
    if not means_something or not body.strip():
        return Answer("acked")
    if response.content_type == _JSON:
        value = _object(body)
        return Answer("http_error") if value is None else Answer("acked", value)
    if kind == "slash_commands":
        return Answer("acked", {"text": body.decode(errors="replace")})
    return Answer("http_error")


def _object(body: bytes | str) -> Json | None:
    try:
        value = json_text.read(body)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _given_back(content_type: str, answered: str) -> str | None:
    """Return the challenge in an answer, which may be JSON, a form or nothing but it."""
    if content_type == _JSON:
        return (_object(answered) or {}).get("challenge")
    if content_type == _FORM:
        return dict(parse_qsl(answered)).get("challenge")
    return answered
