"""Whether Hearth is well, for whoever runs it: a small HTTP server on an address of its own.

`/healthz` asks whether the process does its work (if not, start it anew), `/readyz` whether it
can serve people now, and `/metrics` gives the numbers. Reasons are plain sentences that name
nobody; anybody who reaches the address may read them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING

from bot.errors import NotRead
from bot.operations.bounded import Bounded
from bot.operations.metrics import OutboxState
from bot.ports import Address
from bot.services.outbox import Outbox
from bot.serving import Server
from storage.engine import Database
from storage.errors import StorageError
from storage.migrate import is_current

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

THREADS = 3
ANSWER_SECONDS = 2.0

Reasons = Callable[[], Sequence[str]]


class Health:
    """Answers the operator's machines."""

    def __init__(
        self, address: Address, *, unwell: Reasons, unready: Reasons, metrics: Callable[[], bytes]
    ) -> None:
        """Prepare to answer; nothing is bound before `start`.

        Args:
            address: where.
            unwell: what keeps the process from its work; must not wait for anything.
            unready: why people cannot be served now; may take its time.
            metrics: the numbers, as Prometheus reads them.
        """
        self._unwell = unwell
        self._unready = Bounded(unready, seconds=ANSWER_SECONDS)
        self._metrics = metrics
        self._server = Server(self._respond, address, name="health", threads=THREADS)

    @property
    def address(self) -> Address:
        """Where it answers."""
        return self._server.address

    def start(self) -> None:
        """Begin to answer.

        Raises:
            OSError: the address is taken, or not this machine's.
        """
        self._server.start()

    def close(self) -> None:
        """Answer no more."""
        self._server.close()

    def _respond(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        status, body = self._page(environ.get("PATH_INFO", ""))
        if environ.get("REQUEST_METHOD") != "GET":
            status, body = HTTPStatus.METHOD_NOT_ALLOWED, b""
        headers = [
            ("Content-Type", "text/plain; version=0.0.4; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
        ]
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            headers.append(("Allow", "GET"))
        start_response(f"{status.value} {status.phrase}", headers)
        return [body]

    def _page(self, path: str) -> tuple[HTTPStatus, bytes]:
        if path == "/healthz":
            return _verdict(self._unwell())
        if path == "/readyz":
            try:
                return _verdict(self._unready())
            except TimeoutError:
                return _verdict(["the database does not answer"])
        if path == "/metrics":
            return HTTPStatus.OK, self._metrics()
        return HTTPStatus.NOT_FOUND, b""


def _verdict(reasons: Sequence[str]) -> tuple[HTTPStatus, bytes]:
    if not reasons:
        return HTTPStatus.OK, b"ok\n"
    return HTTPStatus.SERVICE_UNAVAILABLE, "".join(f"{each}\n" for each in reasons).encode()


def database_troubles(database: Database) -> list[str]:
    """Return why the database cannot serve people now; nothing when it can."""
    try:
        current = is_current(database)
    except StorageError:
        return ["the database does not answer"]
    return [] if current else ["the database was changed by another version of Hearth"]


def watched(state: Callable[[], OutboxState | None]) -> Callable[[], OutboxState | None]:
    """Return a question that answers soon: with None when `state` takes its time.

    So a database that hangs holds one thread and no number but its own.
    """
    asked = Bounded(state, seconds=ANSWER_SECONDS)

    def answer() -> OutboxState | None:
        try:
            return asked()
        except TimeoutError:
            return None

    return answer


def outbox_state(outbox: Outbox) -> OutboxState | None:
    """Return what waits to be sent; None while the database does not say."""
    try:
        lag, rows = outbox.lag(), outbox.count()
    except NotRead:
        return None
    return OutboxState(
        lag_seconds={priority.name.lower(): seconds for priority, seconds in lag.items()},
        rows={state.value: number for state, number in rows.items()},
    )
