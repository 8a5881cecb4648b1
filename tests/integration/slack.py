"""What tests read from Slack's side, and a line to it that breaks."""

from __future__ import annotations

import re
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from sandbox import Person, Sandbox


def said(person: Person) -> str:
    """Return the latest answer to a command."""
    return str(person.ephemerals("general")[-1]["text"])


def texts(shown: Any, kind: str) -> Iterator[str]:
    """Give the text of every object of that kind inside."""
    if isinstance(shown, dict):
        if shown.get("type") == kind and isinstance(shown.get("text"), str):
            yield shown["text"]
        shown = list(shown.values())
    if isinstance(shown, list):
        for each in shown:
            yield from texts(each, kind)


@contextmanager
def gives_up_soon(workspace: Sandbox, seconds: float = 0.2) -> Iterator[None]:
    """Let Slack wait only so long for an answer that does not come anyway."""
    usual, workspace.ack_seconds = workspace.ack_seconds, seconds
    try:
        yield
    finally:
        workspace.ack_seconds = usual


class Line:
    """A line to the sandbox's Web API that a test can break.

    Every call of slack_sdk is one connection. While `broken` holds bytes, each is read, answered
    with these bytes and hung up; no bytes at all is a server that hangs up without a word.
    """

    def __init__(self, workspace: Sandbox) -> None:
        self.broken: bytes | None = None
        address = urlsplit(workspace.url)
        self._beyond = (address.hostname or "", address.port or 0)
        line = self

        class Call(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                line.carry(self.request)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Call)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.api_url = f"http://127.0.0.1:{self._server.server_address[1]}/api/"

    def carry(self, near: socket.socket) -> None:
        """Pass one request on and its answer back, or break."""
        asked = _request(near)
        if self.broken is not None:
            near.sendall(self.broken)
            return
        with socket.create_connection(self._beyond) as far:
            far.sendall(asked)
            while answer := far.recv(65536):
                near.sendall(answer)

    def cut(self) -> None:
        """Let nobody answer at this address any more."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()


def _request(near: socket.socket) -> bytes:
    asked = b""
    while b"\r\n\r\n" not in asked and (more := near.recv(65536)):
        asked += more
    found = re.search(rb"(?i)content-length: (\d+)", asked)
    length = asked.index(b"\r\n\r\n") + 4 + (int(found[1]) if found else 0)
    while len(asked) < length and (more := near.recv(65536)):
        asked += more
    return asked
