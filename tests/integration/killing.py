"""Hearths that die at a step: `python -m tests.integration.killing`.

What a start imports is imported once; each Hearth is then a fork that runs the real `hearth run`
in a process of its own. It learns from the drivers which statement comes, and from SQLAlchemy
when there is a commit, and kills or stops itself right there. Nothing of ours is patched, but
for the one limit in seconds that nobody has the time to wait for.

`tests.integration.stage` orders them.
"""

from __future__ import annotations

import inspect
import json
import os
import re
import signal
import sys
from collections.abc import Callable
from enum import Enum
from typing import Any, NoReturn

import psycopg
from sqlalchemy import Connection, Engine, Pool, event

from bot.delivery import carrier

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


def main() -> None:
    """Read orders, one a line; fork for each, and say the number of the process."""
    import app  # noqa: F401  # so that no fork has to load it
    import cli
    import handlers.socket_mode  # noqa: F401
    import storage.postgresql
    import storage.sqlite  # noqa: F401
    from bot import content

    content.check()
    inspect.stack()  # Bolt looks through all modules when it starts, and Python remembers that
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody here waits for their end
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _become(cli.main, **json.loads(line))
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _become(
    run: Callable[[list[str]], int],
    *,
    environ: dict[str, str],
    folder: str,
    step: str | None,
    pauses: bool,
    begin_within: float | None,
) -> NoReturn:
    """Run Hearth in this fork, and end with it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.chdir(folder)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for name, handle in (("out", 1), ("err", 2)):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND), handle)
    os.environ.clear()
    os.environ.update(environ)
    if step is not None:
        _end_at(Step[step], signal.SIGSTOP if pauses else signal.SIGKILL)
    if begin_within is not None:
        carrier.BEGIN_WITHIN_SECONDS = begin_within
    code = 1
    try:
        code = run(["run"])
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _end_at(step: Step, number: signal.Signals) -> None:
    """Let this process get a signal at the first statement or commit that is the step."""
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


if __name__ == "__main__":
    main()
