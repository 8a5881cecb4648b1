"""A commit whose answer is lost on the way: told as not done, and not tried again by itself."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from storage import people
from storage.engine import Database
from storage.errors import Unavailable
from tests.conftest import on_postgresql
from tests.stored import StoredOnServer
from tests.waiting import until

pytestmark = on_postgresql

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


class Line:
    """A line to the server that can be cut once the server has carried a commit out."""

    def __init__(self, folder: Path, beyond: Path) -> None:
        self.cut_after_commit = False
        self._beyond = str(beyond)
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / ".s.PGSQL.5432"))
        self._listening.listen()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                self._threads.append(threading.Thread(target=self._carry, args=(near,)))
                self._threads[-1].start()

    def _carry(self, near: socket.socket) -> None:
        with near, socket.socket(socket.AF_UNIX) as far:
            far.connect(self._beyond)
            back = threading.Thread(target=_pour, args=(far, near))
            back.start()
            while said := near.recv(65536):
                if self.cut_after_commit and b"COMMIT\0" in said:
                    near.shutdown(socket.SHUT_RDWR)  # the answer reaches nobody
                    far.sendall(said)
                    break
                far.sendall(said)
            far.shutdown(socket.SHUT_WR)
            back.join()

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for each in self._threads:
            each.join()


def _pour(source: socket.socket, target: socket.socket) -> None:
    while heard := source.recv(65536):
        with suppress(OSError):
            target.sendall(heard)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def test_a_commit_whose_answer_is_lost_is_not_told_as_done_nor_tried_again_by_itself(
    stored: StoredOnServer, tmp_path: Path
) -> None:
    line = Line(tmp_path, stored.server.socket)
    database = Database(stored.url.replace(str(stored.server.socket.parent), str(tmp_path)))
    runs = 0

    def work(connection: Connection) -> None:
        nonlocal runs
        runs += 1
        people.join(connection, "U1", country="DE", now=NOW)
        line.cut_after_commit = runs == 1

    try:
        with pytest.raises(Unavailable):
            database.write(work)
        assert runs == 1
        until(lambda: stored.count("people"))  # the server had it, and is about to carry it out
        database.write(work)
        assert stored.count("people") == 1
    finally:
        database.close()
        line.close()
