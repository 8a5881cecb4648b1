"""A line between Hearth and the workspace's sockets that can freeze, break, and refuse."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from urllib.parse import urlsplit

from sandbox import Sandbox
from tests.waiting import PATIENCE_SECONDS


class Relay:
    """Carries bytes both ways between whoever connects and the workspace."""

    def __init__(self, workspace: Sandbox) -> None:
        beyond = urlsplit(workspace.url)
        self._beyond = (beyond.hostname or "", beyond.port or 0)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._threads: list[Thread] = []
        self._frozen: set[socket.socket] = set()
        self._refusing = False
        self._closed = False
        self.taken = 0
        self.turned_away = 0
        # What `apps.connections.open` gives out from now on leads through here.
        workspace._slack.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._start(self._accept)

    def freeze(self) -> None:
        """Carry nothing more over the connections there are; new ones work."""
        for pair in self._pairs:
            self._frozen.update(pair)

    def end(self, *, politely: bool = True) -> None:
        """End the connections there are: with an end of the stream, or as a dead peer does."""
        for pair in self._pairs:
            for each in pair:
                with suppress(OSError):
                    if not politely:
                        now = struct.pack("ii", 1, 0)
                        each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)
                    each.shutdown(socket.SHUT_RD if not politely else socket.SHUT_RDWR)
        self._pairs = []

    def refuse(self, refusing: bool = True) -> None:
        """Hang up on whoever connects from now on."""
        self._refusing = refusing

    def close(self) -> None:
        self._closed = True
        self._listening.shutdown(socket.SHUT_RDWR)
        self._frozen.clear()
        self.end()
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS)
        self._listening.close()

    def _start(self, work: Callable[[], None]) -> None:
        self._threads.append(Thread(target=work, daemon=True))
        self._threads[-1].start()

    def _accept(self) -> None:
        while not self._closed:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            if self._refusing:
                self.turned_away += 1
                near.close()
                continue
            self.taken += 1
            far = socket.create_connection(self._beyond)
            self._pairs.append((near, far))
            ended = [Event(), Event()]
            self._start(lambda a=near, b=far, e=ended: self._carry(a, b, e[0], e[1]))  # type: ignore[misc]
            self._start(lambda a=far, b=near, e=ended: self._carry(a, b, e[1], e[0]))  # type: ignore[misc]

    def _carry(
        self, source: socket.socket, target: socket.socket, mine: Event, other: Event
    ) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                while source in self._frozen:
                    Event().wait(0.01)
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)
        mine.set()
        if other.wait(PATIENCE_SECONDS):  # the last of the two closes
            source.close()
            target.close()
