"""The door that Slack comes to: HTTP requests, each one signed.

Whoever reaches the address may send anything, so nothing is parsed before its signature was
checked, and what is refused leaves one line that says why.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from http import HTTPStatus
from time import monotonic
from typing import TYPE_CHECKING

from slack_bolt import App, BoltRequest

from bot.errors import places
from bot.ports import Address, Meter
from bot.serving import LARGEST_BODY, Server
from handlers.intake import Intake
from handlers.signatures import Signatures

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PATH = "/slack/events"
LISTENERS_AT_ONCE = 32

_PASSED_ON = {
    "content-type": "CONTENT_TYPE",
    "x-slack-retry-num": "HTTP_X_SLACK_RETRY_NUM",
    "x-slack-retry-reason": "HTTP_X_SLACK_RETRY_REASON",
}
"""Only these: headers are not signed, and Bolt takes orders from some."""

_log = logging.getLogger(__name__)


class Http:
    """Serves Slack's requests until it is told to stop."""

    def __init__(
        self,
        bolt: App,
        signatures: Signatures,
        address: Address,
        *,
        meter: Meter,
        request_seconds: int = 10,
    ) -> None:
        self._intake = Intake(bolt, meter)
        self._signatures = signatures
        self._meter = meter
        self._server = Server(
            self._respond,
            address,
            name="slack-http",
            threads=LISTENERS_AT_ONCE,
            request_seconds=request_seconds,
            refused=self._note_refusal,
        )

    @property
    def address(self) -> Address:
        """Where it listens."""
        return self._server.address

    @property
    def where(self) -> str:
        """How it stands with Slack: where it has to come to."""
        return f"ready for Slack on http://{self.address}{PATH}"

    def open(self) -> None:
        """Begin to listen.

        Raises:
            OSError: the address is taken, or not this machine's.
        """
        self._server.start()

    @property
    def is_open(self) -> bool:
        """Whether a request would be answered now."""
        return self._intake.is_open and self._server.is_alive()

    def troubles(self) -> list[str]:
        """Return what keeps it from working, for the operator."""
        return [] if self._server.is_alive() else ["the thread that serves HTTP has ended"]

    def stop_intake(self) -> None:
        """Refuse whatever comes from now on; a proxy may take it elsewhere."""
        self._intake.close()

    def wait(self, seconds: float) -> bool:
        """Return once what began is answered, or False when that took longer than so."""
        last = monotonic() + seconds
        return self._intake.wait(seconds) and self._server.wait_until_idle(last - monotonic())

    def close(self) -> None:
        """Let go of the address."""
        self._server.close()

    def _respond(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != PATH:
            return self._refuse(HTTPStatus.NOT_FOUND, "elsewhere", start_response)
        if environ.get("REQUEST_METHOD") != "POST":
            return self._refuse(HTTPStatus.METHOD_NOT_ALLOWED, "not a POST", start_response)
        body = environ["wsgi.input"].read(LARGEST_BODY)
        why = self._signatures.check(
            environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", ""),
            environ.get("HTTP_X_SLACK_SIGNATURE", ""),
            body,
        )
        if why is not None:
            return self._refuse(HTTPStatus.UNAUTHORIZED, why.value, start_response)
        if not self._intake.take():
            return self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "stopping", start_response)
        try:
            return self._answer(body, environ, start_response)
        finally:
            self._intake.done()

    def _answer(
        self, body: bytes, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        headers = {name: environ[key] for name, key in _PASSED_ON.items() if key in environ}
        try:
            response = self._intake.answer(BoltRequest(body=body.decode(), headers=headers))
        except Exception as error:
            # Slack signed it, and still it cannot be read; the message may quote it.
            _log.error("a request could not be read: %s at %s", type(error).__name__, places(error))
            return _reply(HTTPStatus.INTERNAL_SERVER_ERROR, start_response)
        kind = response.headers["content-type"][0]
        return _reply(HTTPStatus(response.status), start_response, response.body.encode(), kind)

    def _refuse(
        self, status: HTTPStatus, reason: str, start_response: StartResponse
    ) -> Iterable[bytes]:
        self._note_refusal(reason)
        return _reply(status, start_response)

    def _note_refusal(self, reason: str) -> None:
        self._meter.refused(reason)
        _log.warning("a request was refused: %s", reason, extra={"reason": reason})


def _reply(
    status: HTTPStatus,
    start_response: StartResponse,
    body: bytes = b"",
    kind: str = "text/plain;charset=utf-8",
) -> Iterable[bytes]:
    headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers.append(("Allow", "POST"))
    start_response(f"{status.value} {status.phrase}", headers)
    return [body]
