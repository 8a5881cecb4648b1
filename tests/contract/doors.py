"""Real HTTP servers on loopback, in which an app takes Slack's requests."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

Environ = dict[str, Any]
Wsgi = Callable[..., Iterable[bytes]]
Reply = tuple[str, str, bytes]
"""A status line, a content type and a body."""


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
class Request:
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
    requests: list[Request] = field(default_factory=list)
    before: Callable[[], Any] = lambda: None

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        headers = {
            name.removeprefix("HTTP_").replace("_", "-").lower(): str(value)
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        self.requests.append(Request(body, environ["CONTENT_TYPE"], headers))
        self.before()
        status, content_type, answer = self.replies[min(len(self.requests), len(self.replies)) - 1]
        start(status, [("Content-Type", content_type), *self.headers])
        return [answer]
