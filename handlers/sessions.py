"""One connection of Socket Mode: the SDK's WebSocket, with its traps covered.

The SDK spins on a connection that its other end has closed without a word, notices one that
fell silent only by a clock of its own, and ends it while another thread reads. Here the socket
itself tells: no byte for too long, or no byte any more, is an error that ends the session, and
only the thread that reads closes it.
"""

from __future__ import annotations

import logging
import os
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from time import monotonic
from typing import Any

from slack_sdk.errors import SlackClientNotConnectedError
from slack_sdk.socket_mode.builtin.connection import Connection, ConnectionState

from handlers.frames import text_frame

RECEIVE_BYTES = 64 * 1024
"""Read at once from the socket: the SDK recurses once for each piece of a burst, and its own
pieces are of 1 KB."""


class Session:
    """A connection from its handshake until either side ends it."""

    def __init__(
        self,
        url: str,
        *,
        on_text: Callable[[Session, str], None],
        on_byte: Callable[[], None],
        silence_seconds: float,
        tls: ssl.SSLContext | None = None,
        proxy: str | None = None,
    ) -> None:
        self.leaving = Event()
        """Set when another session should take its place: it has ended, or will soon."""
        self._on_byte = on_byte
        self._silence_seconds = silence_seconds
        self._state = ConnectionState()  # type: ignore[no-untyped-call]
        self._connection = Connection(
            url=url,
            logger=logging.getLogger("slack_sdk.socket_mode"),
            receive_buffer_size=RECEIVE_BYTES,
            proxy=proxy,
            # Without one the SDK loads every certificate of the machine, also for a line that is
            # not encrypted. This one knows none, and so would trust nobody.
            ssl_context=tls or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            on_message_listener=lambda text: on_text(self, text),
            on_error_listener=self._fail,
            on_close_listener=lambda _code, _reason: None,
        )
        self._socket: Any = None
        self._reader = Thread(target=self._read, name="slack-socket", daemon=True)
        self._since = self._until = monotonic()

    def open(self) -> None:
        """Shake hands, and begin to read in a thread of its own.

        Raises:
            SlackClientNotConnectedError: the server did not take the connection.
        """
        self._connection.connect()  # reports its failures to the log only
        self._socket = self._connection.sock
        if self._socket is None:
            raise SlackClientNotConnectedError("no handshake")
        self._socket.settimeout(self._silence_seconds)
        self._connection.sock = _Ear(self._socket, self._on_byte)  # type: ignore[assignment]
        self._since = monotonic()
        self._reader.start()

    def send(self, text: str) -> bool:
        """Send a message; False when the connection is gone."""
        frame = text_frame(text, os.urandom(4))
        with self._connection.sock_send_lock:
            ear = self._connection.sock
            if ear is None:
                return False
            try:
                ear.send(frame)
            except OSError:
                return False
        return True

    def ping(self) -> None:
        """Ask the server for a sign of life; one that cannot be asked is left."""
        try:
            self._connection.ping(f"{self._connection.session_id}:0")
        except OSError:
            self.hang_up()

    def leave(self) -> None:
        """Ask for another session in the place of this one, which still works."""
        if not self.leaving.is_set():
            self._until = monotonic()
            self.leaving.set()

    def hang_up(self) -> None:
        """End the connection; its reader notices and closes it."""
        self._state.terminated = True
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def is_alive(self) -> bool:
        """Whether it still reads."""
        return self._reader.is_alive()

    def join(self, seconds: float) -> None:
        """Wait until its reader has ended, but no longer than so."""
        if self._reader.is_alive():
            self._reader.join(seconds)

    def lasted(self) -> float:
        """Return for how many seconds nobody asked for another."""
        return (self._until if self.leaving.is_set() else monotonic()) - self._since

    def _read(self) -> None:
        try:
            self._connection.run_until_completion(self._state)
        finally:
            self._connection.disconnect()
            self.leave()

    def _fail(self, _error: Exception) -> None:
        """End after whatever went wrong: what follows could not be told apart any more."""
        self._state.terminated = True


class _Ear:
    """The socket as the SDK reads it: it notes each sign of life, and says when there is none."""

    def __init__(self, socket_: Any, heard: Callable[[], None]) -> None:
        self._socket = socket_
        self._heard = heard

    def recv(self, size: int) -> bytes:
        try:
            data: bytes = self._socket.recv(size)
        except TimeoutError:  # which the SDK would wait out for ever
            data = b""
        if not data:  # which the SDK would read again, without a pause
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)  # nobody may wait to send any more
            raise ConnectionResetError("silent, or closed by the other end")
        self._heard()
        return data

    def send(self, data: bytes) -> int:
        self._socket.sendall(data)  # the SDK would not send the rest
        return len(data)

    def close(self) -> None:
        self._socket.close()
