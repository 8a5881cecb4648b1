"""Calls a Web API as fast as it answers, over kept connections; a process of its own.

It is as cheap as can be, because it shares the machine with what it measures: each request is
made into bytes before the clock runs, and of an answer only its length and its `ok` are read.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from functools import partial
from itertools import cycle, islice
from urllib.parse import urlsplit

from tests.bench.workers import answer

Request = tuple[str, str, str]
"""Path, content type and body."""

_LENGTH = b"content-length:"


class Caller(asyncio.Protocol):
    """One connection, on which one request follows the answer to the one before."""

    def __init__(self, requests: Sequence[bytes]) -> None:
        self.refused: list[str] = []
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._requests = iter(requests)
        self._read = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, whole, body = self._read.partition(b"\r\n\r\n")
        if not whole or len(body) < _length(head):
            return
        if b'"ok": true' not in body[:20]:
            self.refused.append(body[:300].decode(errors="replace"))
        self._read = b""
        self._next()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the connection ended"))

    def _next(self) -> None:
        assert self._transport is not None
        request = next(self._requests, None)
        if request is not None:
            self._transport.write(request)
        elif not self.done.done():
            self.done.set_result(None)
            self._transport.close()


def call(
    url: str, token: str, requests: Sequence[Request], calls: int, connections: int
) -> dict[str, object]:
    """Make so many calls, the requests in turn; return the seconds, and what was refused."""
    return asyncio.run(_call(url, token, requests, calls, connections))


async def _call(
    url: str, token: str, requests: Sequence[Request], calls: int, connections: int
) -> dict[str, object]:
    at = urlsplit(url).netloc
    made = list(islice(cycle(_bytes(at, token, *each) for each in requests), calls))
    callers = [Caller(made[number::connections]) for number in range(connections)]
    host, _, port = at.partition(":")
    started = time.perf_counter()
    for caller in callers:
        await asyncio.get_running_loop().create_connection(
            partial(_itself, caller), host, int(port)
        )
    await asyncio.gather(*(caller.done for caller in callers))
    seconds = time.perf_counter() - started
    refused = [each for caller in callers for each in caller.refused]
    return {"seconds": seconds, "refused": refused[:1], "cpu": time.process_time()}


def _itself(caller: Caller) -> Caller:
    return caller


def _bytes(host: str, token: str, path: str, kind: str, body: str) -> bytes:
    raw = body.encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(raw)}\r\n\r\n"
    )
    return head.encode() + raw


def _length(head: bytes) -> int:
    lower = head.lower()
    start = lower.find(_LENGTH)
    if start < 0:
        return 0
    return int(lower[start + len(_LENGTH) :].split(b"\r\n", 1)[0])


if __name__ == "__main__":
    answer("ready", {"call": call})
