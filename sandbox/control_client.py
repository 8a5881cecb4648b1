"""Talks to the control API from any thread or process."""

from __future__ import annotations

import http.client
import json
import weakref
from typing import Any
from urllib.parse import urlsplit

from sandbox.workspace import Json

_TIMEOUT_SECONDS = 60.0


class ControlError(Exception):
    """The control API refused; the message is its sentence."""


class ControlClient:
    """JSON over kept connections; any number of threads may ask at once."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._host, self._port = address.hostname or "127.0.0.1", address.port
        self._idle: list[http.client.HTTPConnection] = []
        # Without this, a Person that nobody closed would leave sockets to the collector.
        weakref.finalize(self, _close_all, self._idle)

    def close(self) -> None:
        """Close the connections that nobody uses; the next question opens a new one."""
        _close_all(self._idle)

    def get(self, path: str) -> Any:
        """Ask for something.

        Raises:
            ControlError: the control API refuses.
        """
        return self._ask("GET", path, None)

    def post(self, path: str, body: Json) -> Json:
        """Let something happen, and wait until it has.

        Raises:
            ControlError: the control API refuses.
        """
        answer: Json = self._ask("POST", path, json.dumps(body))
        return answer

    def _ask(self, verb: str, path: str, body: str | None) -> Any:
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._connection()
        headers = {"Content-Type": "application/json"} if body is not None else {}
        try:
            connection.request(verb, path, body, headers)
            response = connection.getresponse()
            answer = json.loads(response.read())
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        if response.status != http.HTTPStatus.OK:
            raise ControlError(str(answer.get("error")))
        return answer

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self._host, self._port, timeout=_TIMEOUT_SECONDS)


def _close_all(connections: list[http.client.HTTPConnection]) -> None:
    while connections:
        connections.pop().close()
