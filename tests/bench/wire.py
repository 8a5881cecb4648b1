"""A Slack without limits that takes messages and notes when each arrived; a process of its own.

It is as cheap as can be, and measured as such: of the two processors of a small machine, it must
leave one to whoever sends. It answers chat.postMessage and refuses everything else. With
CERTIFICATE and KEY in its environment it speaks TLS.
"""

from __future__ import annotations

import asyncio
import json
import os
import ssl
import time
from dataclasses import dataclass, field
from itertools import count
from threading import Thread
from typing import Any

from tests.bench.workers import answer

POST = b"POST /api/chat.postMessage "


@dataclass
class Arrivals:
    """What was posted: when, on the clock that all processes of this machine share."""

    posted: list[tuple[float, str, str]] = field(default_factory=list)
    """Instant in seconds, channel, and the delivery id of the metadata."""
    refused: int = 0
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def take(self, head: bytes, body: bytes) -> bytes:
        """Take one request and return the answer's body."""
        at = time.monotonic()
        if not head.startswith(POST):
            self.refused += 1
            return b'{"ok": false, "error": "unknown_method"}'
        message = json.loads(body)
        channel, delivery = message["channel"], message["metadata"]["event_payload"]["id"]
        self.posted.append((at, channel, delivery))
        return b'{"ok": true, "channel": "%s", "ts": "%d.000000"}' % (
            channel.encode(),
            next(self._numbers),
        )

    def count(self) -> int:
        """Return how many messages have arrived so far."""
        return len(self.posted)

    def tell(self) -> dict[str, Any]:
        """Return everything that arrived since this was last asked."""
        posted, self.posted = self.posted, []
        refused, self.refused = self.refused, 0
        return {"posted": posted, "refused": refused, "cpu": time.process_time()}


class Call(asyncio.Protocol):
    """One connection: one request, one answer, as slack_sdk does it."""

    def __init__(self, arrivals: Arrivals) -> None:
        self._arrivals = arrivals
        self._read = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, whole, body = self._read.partition(b"\r\n\r\n")
        if not whole or len(body) < _length(head) or self._transport is None:
            return
        answer = self._arrivals.take(head, body)
        self._transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(answer), answer)
        )
        self._transport.close()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _tls() -> ssl.SSLContext | None:
    if "CERTIFICATE" not in os.environ:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.environ["CERTIFICATE"], os.environ["KEY"])
    return context


async def serve() -> None:
    """Serve on a free port until nobody asks any more."""
    arrivals, tls = Arrivals(), _tls()
    server = await asyncio.get_running_loop().create_server(
        lambda: Call(arrivals), "127.0.0.1", 0, ssl=tls, backlog=128
    )
    port = server.sockets[0].getsockname()[1]
    url = f"{'https' if tls else 'http'}://127.0.0.1:{port}/api/"
    answers = {"count": arrivals.count, "tell": arrivals.tell}
    Thread(target=answer, args=(url, answers), daemon=True).start()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())
