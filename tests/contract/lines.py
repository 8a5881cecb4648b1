"""A bare WebSocket of Socket Mode: what Slack says on it, without a client that reacts to it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socket import SHUT_RDWR
from threading import Thread
from urllib.error import HTTPError
from urllib.request import urlopen

from slack_sdk.socket_mode.builtin.connection import Connection, ConnectionState

from tests.contract.rig import Json, Rig
from tests.waiting import until


class Line:
    """One connection; `messages` is all that came, `closed` the code with which it ended."""

    def __init__(self, address: str) -> None:
        self.messages: list[Json] = []
        self.closed: int | None = None
        self._state = ConnectionState()  # type: ignore[no-untyped-call]
        self._link = Connection(
            url=address,
            logger=logging.getLogger("line"),
            on_message_listener=lambda text: self.messages.append(json.loads(text)),
            on_close_listener=self._ended,
        )
        self._link.connect()
        reading = (self._state,)
        Thread(target=self._link.run_until_completion, args=reading, daemon=True).start()

    def next(self, nth: int = -1, at_least: int = 1) -> Json:
        """Return a message once so many have come."""
        until(lambda: len(self.messages) >= at_least, f"only {self.messages} came")
        return self.messages[nth]

    def reasons(self) -> list[str]:
        """Return why Slack said that it will disconnect, in the order in which it did."""
        return [str(each["reason"]) for each in self.messages if each["type"] == "disconnect"]

    def envelopes(self) -> list[Json]:
        """Return what came with an id to acknowledge."""
        return [each for each in self.messages if "envelope_id" in each]

    def ack(self, envelope: Json, **payload: object) -> None:
        """Acknowledge an envelope, which may have come over another line."""
        answer: Json = {"envelope_id": envelope["envelope_id"]}
        self._link.send(json.dumps(answer | ({"payload": payload} if payload else {})))

    def hang_up(self) -> None:
        """End it from this side."""
        self._state.terminated = True
        # The other side may have ended it, and the SDK's own thread closes it in that moment.
        with suppress(OSError, AttributeError):
            if self._link.sock is not None:
                self._link.sock.shutdown(SHUT_RDWR)
            self._link.disconnect()

    def _ended(self, code: int, _reason: str | None) -> None:
        self.closed = code
        self._state.terminated = True


def address(rig: Rig) -> str:
    """Return an address that opens one connection."""
    return str(rig.client.apps_connections_open(app_token=rig.box.app_token)["url"])


@contextmanager
def line(rig: Rig, query: str = "") -> Iterator[Line]:
    """Open a line whose hello has come, with more in its address if told."""
    opened = Line(address(rig) + query)
    try:
        opened.next()
        yield opened
    finally:
        opened.hang_up()


def status_at(address_: str) -> int:
    """Return the HTTP status with which a WebSocket is refused."""
    try:
        with urlopen(address_.replace("ws://", "http://", 1)) as response:
            return int(response.status)
    except HTTPError as refused:
        with refused:
            return int(refused.status or 0)
