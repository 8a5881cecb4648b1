"""A WSGI application served on one address, in threads of its own, until it is closed in order."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import ErrorTask

from bot.ports import Address

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

LARGEST_BODY = 1024 * 1024
LARGEST_HEAD = 16 * 1024
CONNECTIONS = 256
RECEIVE_BYTES = 64 * 1024
LOOK_SECONDS = 0.01


class Server:
    """Takes requests whole before a thread sees them, so that a slow sender holds none."""

    def __init__(
        self,
        application: WSGIApplication,
        address: Address,
        *,
        name: str,
        threads: int,
        request_seconds: int = 10,
        refused: Callable[[str], None] = lambda _reason: None,
    ) -> None:
        """Prepare to serve; nothing is bound before `start`.

        Args:
            application: answers the requests that are whole and well-formed.
            address: where.
            name: of the thread that reads and writes.
            threads: how many requests are answered at the same time.
            request_seconds: how long a request may take to arrive whole, and a connection idle.
            refused: is told why, when a request never reaches the application.
        """
        self._application = application
        self._name = name
        self._refused = refused
        self._settings = {
            "threads": threads,
            "max_request_body_size": LARGEST_BODY + 1,  # waitress refuses this much, and more
            "max_request_header_size": LARGEST_HEAD,
            "recv_bytes": RECEIVE_BYTES,
            "inbuf_overflow": 2 * LARGEST_BODY,  # never into a temporary file
            "channel_timeout": request_seconds,
            "cleanup_interval": 1,
            "connection_limit": CONNECTIONS,
            "asyncore_use_poll": True,
            "ident": "",
        }
        self._map: dict[int, Any] = {}
        self._server: Any = None
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()
        self.address = address

    def start(self) -> None:
        """Bind and serve; from now on `address` has the real port.

        Raises:
            OSError: the address is taken, or not this machine's.
        """
        family = socket.AF_INET6 if ":" in self.address.host else socket.AF_INET
        listening = socket.create_server(tuple(self.address), family=family, backlog=256)
        self.address = Address(self.address.host, listening.getsockname()[1])
        self._server = create_server(
            self._application, map=self._map, sockets=[listening], **self._settings
        )
        self._server.channel_class = _channel_class(self._refused)
        self._thread = threading.Thread(target=self._serve, name=self._name, daemon=True)
        self._thread.start()

    def is_alive(self) -> bool:
        """Whether it still reads and writes."""
        return self._thread is not None and self._thread.is_alive()

    def wait_until_idle(self, seconds: float) -> bool:
        """Return once every answer has left, or False when that took longer than so."""
        last = monotonic() + seconds
        while self._busy():
            if monotonic() > last:
                return False
            sleep(LOOK_SECONDS)
        return True

    def close(self, seconds: float = 1.0) -> None:
        """Let go of the address and of every connection; a second call does nothing.

        Connections stay open while a request is still being answered after `seconds`: the
        process has to end then, and a thread that comes back writes into nothing foreign.
        """
        if self._server is None or self._thread is None or self._ended.is_set():
            return
        self._ended.set()
        self._server.pull_trigger()
        self._thread.join(seconds)
        self._server.task_dispatcher.shutdown(timeout=seconds)
        if not self._server.task_dispatcher.threads and not self._thread.is_alive():
            wasyncore.close_all(self._map, ignore_all=True)

    def _busy(self) -> bool:
        channels = list(self._server.active_channels.values()) if self._server else []
        return any(channel.requests or channel.total_outbufs_len for channel in channels)

    def _serve(self) -> None:
        while not self._ended.is_set():
            wasyncore.loop(timeout=1.0, use_poll=True, map=self._map, count=1)


def _channel_class(refused: Callable[[str], None]) -> type[Any]:
    """Return waitress' connection with what it lacks: no dripping, and nothing refused unseen."""

    class Refusal(ErrorTask):  # type: ignore[misc]  # ships no types
        def service(self) -> None:
            refused("too large" if self.request.error.code == 413 else "malformed")
            super().service()

    class Channel(HTTPChannel):  # type: ignore[misc]  # ships no types
        error_task_class = Refusal
        last_activity: float = 0.0

        def handle_read(self) -> None:
            """Count the time of a request from its first byte, or a drop now and then holds it."""
            begun, since = self.request, self.last_activity
            super().handle_read()
            if begun is not None and self.request is begun:
                self.last_activity = since

    return Channel
