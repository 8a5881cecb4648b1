"""Real HTTP servers on loopback, in which an app takes Slack's requests."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import ThreadingMixIn
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from slack_bolt import App

from tests.contract.rig import Rig

Environ = dict[str, Any]
Wsgi = Callable[..., Iterable[bytes]]
Serve = Callable[[Wsgi], str]
Reply = tuple[str, str, bytes]
"""A status line, a content type and a body."""

FINE: Reply = ("200 OK", "text/plain", b"")
BROKEN: Reply = ("500 Internal Server Error", "text/plain", b"oh")


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = False
    block_on_close = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Leave stderr alone."""


@contextmanager
def served(app: Wsgi, port: int = 0) -> Iterator[str]:
    """Serve a WSGI application, and give its request URL."""
    server = make_server("127.0.0.1", port, app, server_class=_Server, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/slack/events"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Taken:
    """A request as it came in."""

    body: bytes
    content_type: str
    headers: dict[str, str]


@dataclass
class Raw:
    """An app without Bolt: it notes each request and gives the replies one after the other.

    The last reply is given again and again.
    """

    replies: list[Reply]
    headers: list[tuple[str, str]] = field(default_factory=list)
    requests: list[Taken] = field(default_factory=list)
    before: Callable[[], Any] = lambda: None

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        headers = {
            name.removeprefix("HTTP_").replace("_", "-").lower(): str(value)
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        self.requests.append(Taken(body, environ["CONTENT_TYPE"], headers))
        self.before()
        status, content_type, answer = self.replies[min(len(self.requests), len(self.replies)) - 1]
        start(status, [("Content-Type", content_type), *self.headers])
        return [answer]


def bolt(rig: Rig, secret: str) -> App:
    """Return an app that does not log what it refuses: Bolt would show the whole request."""
    quiet = logging.getLogger("quiet")
    quiet.setLevel(logging.WARNING)
    return App(
        name="rig",
        client=rig.client,
        signing_secret=secret,
        process_before_response=True,
        logger=quiet,
    )


def status_of(request: Request) -> int:
    """Return the status with which a request is answered, good or bad."""
    try:
        with urlopen(request) as response:
            return int(response.status)
    except HTTPError as refused:
        with refused:
            return int(refused.status or 0)
