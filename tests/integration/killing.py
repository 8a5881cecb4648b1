"""Hearths that die at a step of the way.

A process learns from the drivers which statement comes, and from SQLAlchemy when there is a
commit, and kills or stops itself right there. Nothing of ours is patched.

`tests.integration.stage` orders them.
"""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy import Connection, Engine, Pool, event

if TYPE_CHECKING:
    from sandbox.weather.holds import When

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
    # Of what the clock does for rituals. What is claimed is put into the outbox, as above.
    LOOKED = ("SELECT EXISTS .*rituals.to_plan", Moment.UNCOMMITTED)
    DUE = ("UPDATE ritual_occurrences SET .*claimed_at=", Moment.BEFORE)
    PLANNING = ("INSERT INTO ritual_occurrences", Moment.BEFORE)
    PLANNED = ("INSERT INTO ritual_occurrences", Moment.UNCOMMITTED)
    PLAN_COMMITTED = ("INSERT INTO ritual_occurrences", Moment.COMMITTED)
    ANNOUNCING = ("UPDATE ritual_occurrences SET announce_at=", Moment.BEFORE)
    CLOSING = (r"UPDATE ritual_occurrences SET state=\S+ reason=", Moment.BEFORE)

    def __init__(self, statement: str, moment: Moment) -> None:
        self.statement = re.compile(statement, re.DOTALL)
        self.moment = moment


@dataclass(frozen=True)
class At:
    """Where a process is killed."""

    words: str
    step: Step | None = None
    """Where it ends itself; else it is killed while Slack holds its call."""
    hold: When = "before"
    cut: bool = False
    """Whether Slack never carries the held call out."""


ON_THE_WAY = (
    At("it is taken up for sending, not committed", Step.TAKEN_UP),
    At("it is taken up, Slack is not asked", Step.LEASED),
    At("Slack is asked, and never does it", cut=True),
    At("Slack is asked, and does it after the process is dead"),
    At("Slack has done it, its answer is not seen", hold="after"),
    At("Slack's answer is seen, nothing is noted", Step.ANSWERED),
    At("it is noted as sent, not committed", Step.MARKED),
    At("it is noted as sent and committed", Step.SETTLED),
)
"""Between the outbox and Slack, or back."""


def end_at(step: Step, *, pauses: bool = False) -> None:
    """Let this process end, or stop, at the first statement or commit that is the step."""
    number = signal.SIGSTOP if pauses else signal.SIGKILL
    to_come = [step]

    def end() -> None:
        to_come.clear()
        # To this thread: sent to the process, others would stop first, and this one go on a bit.
        signal.pthread_kill(threading.get_ident(), number)

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

        def executemany(self, query: Any, *values: Any, **named: Any) -> None:
            comes(str(query), info)
            super().executemany(query, *values, **named)

    if isinstance(driver, psycopg.Connection):
        driver.cursor_factory = Watched
    else:
        driver.set_trace_callback(lambda statement: comes(statement, info))
