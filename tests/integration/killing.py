"""Hearths that die at a step of the way.

A process learns from the drivers which statement comes, and from SQLAlchemy when there is a
commit, and kills or stops itself right there. Nothing of ours is patched.

`tests.integration.stage` orders them.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from enum import Enum
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, Pool, event

Info = dict[Any, Any]


class Moment(Enum):
    """When, seen from a statement, the process ends or is stopped."""

    BEFORE = "before it"
    UNCOMMITTED = "after it, before its commit"
    COMMITTED = "after its commit, before anybody is told"


class Step(Enum):
    """A step on the way of something said, at which a process can end or be stopped."""

    ARRIVED = ("INSERT INTO checkins", Moment.BEFORE)
    HALF_WRITTEN = ("INSERT INTO outbox", Moment.BEFORE)
    WRITTEN = ("INSERT INTO outbox", Moment.UNCOMMITTED)
    COMMITTED = ("INSERT INTO outbox", Moment.COMMITTED)
    TAKEN_UP = ("UPDATE outbox SET .*lease_until=", Moment.UNCOMMITTED)
    LEASED = ("UPDATE outbox SET .*lease_until=", Moment.COMMITTED)
    ANSWERED = ("UPDATE outbox SET .*settled_at=", Moment.BEFORE)
    MARKED = ("UPDATE outbox SET .*settled_at=", Moment.UNCOMMITTED)
    SETTLED = ("UPDATE outbox SET .*settled_at=", Moment.COMMITTED)

    def __init__(self, statement: str, moment: Moment) -> None:
        self.statement = re.compile(statement, re.DOTALL)
        self.moment = moment


def end_at(step: Step, *, pauses: bool = False) -> None:
    """Let this process end, or stop, at the first statement or commit that is the step."""
    number = signal.SIGSTOP if pauses else signal.SIGKILL
    to_come = [step]

    def end() -> None:
        to_come.clear()
        os.kill(os.getpid(), number)

    def comes(statement: str, info: Info) -> None:
        if to_come and step.statement.match(statement):
            if step.moment is Moment.BEFORE:
                end()
            info[step] = True

    def begins(connection: Connection) -> None:
        connection.info[step] = False

    def commits(connection: Connection) -> None:
        if to_come and connection.info[step]:
            if step.moment is Moment.COMMITTED:
                driver: Any = connection.connection.dbapi_connection
                driver.commit()
            end()

    event.listen(Pool, "connect", lambda driver, record: _watch(driver, record.info, comes))
    event.listen(Engine, "begin", begins)
    event.listen(Engine, "commit", commits)


def _watch(driver: Any, info: Info, comes: Callable[[str, Info], None]) -> None:
    """Have `comes` told of every statement on that connection just before it runs."""

    class Watched(psycopg.Cursor[Any]):
        def execute(self, query: Any, *values: Any, **named: Any) -> Any:
            comes(str(query), info)
            return super().execute(query, *values, **named)

    if isinstance(driver, psycopg.Connection):
        driver.cursor_factory = Watched
    else:
        driver.set_trace_callback(lambda statement: comes(statement, info))
