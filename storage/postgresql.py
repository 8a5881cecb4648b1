"""How a PostgreSQL server is reached. Imported only where one is used.

Reads see one moment (`REPEATABLE READ, READ ONLY`). Whatever may wait has an end: the server
gives up a lock or a statement, the network a dead line, and a server that is alive but silent is
hung up on, because the person's form dies after three seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event

from storage.dialects import tell_server
from storage.errors import Unavailable
from storage.tables import tables

_READS = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_WRITES = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"

LOCK_PATIENCE = 1.3
"""Times the patience: the server takes a second to find a deadlock, and would else never tell; a
busy one takes a little longer."""

_LINE: dict[str, Any] = {
    "application_name": "hearth",
    "client_encoding": "utf8",
    "connect_timeout": 2,  # seconds; the driver takes no less
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 3000,  # milliseconds
}
"""How soon a dead line is noticed. What the operator's URL says about these wins."""


def engine(url: URL, *, writes: bool, hurried: bool, patience_seconds: float) -> Engine:
    """Return an engine that reads, or one that writes.

    A hurried one is for listeners. The other takes its time with everything but locks.
    """
    tell_server(tables())
    lock = LOCK_PATIENCE * patience_seconds
    if not hurried:
        return _engine(url, writes, _Patience(lock, statement=0, idle=0), poolclass=NullPool)
    return _engine(
        url,
        writes,
        _Patience(lock, statement=2 * patience_seconds, idle=10 * patience_seconds),
        pool_size=4 if writes else 16,  # of a server's usual hundred, for each replica
        max_overflow=0,
        pool_timeout=patience_seconds,
        pool_use_lifo=True,
    )


class _Patience:
    """How long the server may take for what, in seconds; 0 is as long as it needs."""

    def __init__(self, lock: float, *, statement: float, idle: float) -> None:
        self.for_an_answer = statement + lock if statement else None
        self.settings = (
            f"SET lock_timeout = {int(lock * 1000)};"
            f"SET statement_timeout = {int(statement * 1000)};"
            f"SET idle_in_transaction_session_timeout = {int(idle * 1000)};"
            "SET datestyle = 'ISO'; SET timezone = 'UTC'"
        )


class _Impatient(psycopg.Connection[Any]):
    """A connection that hangs up on a server which is there but does not answer."""

    for_an_answer: float | None = None

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return super().wait(gen, interval, timeout or self.for_an_answer)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.close()  # the answer may still come, and must not be taken for another's
            raise


def _engine(url: URL, writes: bool, patience: _Patience, **pool: Any) -> Engine:
    made = create_engine(
        url.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        paramstyle="format",  # numbered values, as `storage.compiled` needs them
        connect_args={
            "autocommit": True,  # we say BEGIN ourselves, below
            **{name: value for name, value in _LINE.items() if name not in url.query},
        },
        **pool,
    )

    @event.listens_for(made, "do_connect")
    def connect(_dialect: Any, _record: Any, args: Sequence[Any], named: dict[str, Any]) -> Any:
        return _Impatient.connect(*args, **named)

    @event.listens_for(made, "connect")
    def configure(connection: _Impatient, _record: Any) -> None:
        connection.for_an_answer = patience.for_an_answer
        connection.execute(patience.settings)

    @event.listens_for(made, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(_WRITES if writes else _READS)

    @event.listens_for(made, "commit")
    def refuse_half(connection: Connection) -> None:
        # After a failed statement the server answers COMMIT with a rollback and no error. Work
        # that swallowed its error must not be told that it was stored.
        driver: Any = connection.connection.dbapi_connection
        if driver.pgconn.transaction_status == TransactionStatus.INERROR:
            raise Unavailable("work went on after a statement had failed")

    return made
