"""Many writers, one commit.

SQLite has one writer, and with `synchronous=FULL` the price of a write is the wait for the
disk. Whoever comes while another commits is gathered into the next transaction: sixteen people
who press "Send" at the same moment wait for the disk once, not sixteen times. Nobody is told
"done" before the commit that holds their work has returned.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine

from storage.errors import Busy, Unavailable

T = TypeVar("T")


class _Job(Generic[T]):
    """One caller's work and what became of it."""

    __slots__ = ("done", "error", "result", "work")

    def __init__(self, work: Callable[[Connection], T]) -> None:
        self.work = work
        self.done = False
        self.result: T | None = None
        self.error: BaseException | None = None

    def settle(self, result: T | None = None, error: BaseException | None = None) -> None:
        self.result, self.error, self.done = result, error, True

    def outcome(self) -> T:
        if self.error is not None:
            raise self.error
        if not self.done:  # its leader was torn down in the middle
            raise Unavailable("the work was not run")
        return self.result  # type: ignore[return-value]  # T may itself be None


class GroupCommit:
    """Runs callers' work on one connection at a time, several per commit."""

    def __init__(self, engine: Engine, *, patience_seconds: float) -> None:
        self._engine = engine
        self._patience = patience_seconds
        self._waiting: deque[_Job[Any]] = deque()
        self._turn = Lock()

    def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` and return its result after the commit; raise what it raised.

        Raises:
            Busy: the turn did not come within the patience; `work` has not run and will not.
        """
        job = _Job(work)
        self._waiting.append(job)
        if not self._turn.acquire(timeout=self._patience):
            if self._withdraw(job):
                raise Busy("no turn within the patience")
            self._turn.acquire()  # a leader has it already, and its own wait is bounded
        try:
            if not job.done:
                self._lead()
        finally:
            self._turn.release()
        return job.outcome()

    def _withdraw(self, job: _Job[Any]) -> bool:
        try:
            self._waiting.remove(job)
        except ValueError:
            return False
        return True

    def _lead(self) -> None:
        """Take everybody who waits and settle them all."""
        jobs = []
        while self._waiting:
            jobs.append(self._waiting.popleft())
        try:
            with self._engine.begin() as connection:
                results = [_attempt(job, connection) for job in jobs]
        except _WorkFailed as failed:
            if len(jobs) == 1:
                jobs[0].settle(error=failed.cause)
                return
            # One piece of work must not spoil its neighbours': each again, alone.
            for job in jobs:
                self._alone(job)
        except Exception as error:  # no begin or no commit: the same for all of them
            for job in jobs:
                job.settle(error=error)
        else:
            for job, result in zip(jobs, results, strict=True):
                job.settle(result)

    def _alone(self, job: _Job[Any]) -> None:
        try:
            with self._engine.begin() as connection:
                result = job.work(connection)
        except Exception as error:
            job.settle(error=error)
        else:
            job.settle(result)


class _WorkFailed(Exception):
    """A caller's own work raised; its error travels inside."""

    def __init__(self, cause: Exception) -> None:
        super().__init__()
        self.cause = cause


def _attempt(job: _Job[T], connection: Connection) -> T:
    try:
        return job.work(connection)
    except Exception as error:
        raise _WorkFailed(error) from None
