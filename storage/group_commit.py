"""Many writers, one commit.

SQLite has one writer, and on either database the price of a write is the wait for the disk.
Whoever comes while another commits is gathered into the next transaction: sixteen people who
press "Send" at the same moment wait for the disk once, not sixteen times. Nobody is told "done"
before the commit that holds their work has returned.

Whoever comes first leads: it runs everything that waits, in its own thread. Once it has
committed it passes the lead on to the one who has waited longest by then, and only after that
wakes those whose work it did, so that the disk is never idle while they answer.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from threading import Lock
from time import monotonic
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine

from storage.errors import Busy, Unavailable
from storage.failures import kind, lost, raced
from storage.transactions import begin

T = TypeVar("T")


class _Job(Generic[T]):
    """One caller's work and what became of it."""

    __slots__ = ("called", "done", "error", "leads", "result", "work")

    def __init__(self, work: Callable[[Connection], T]) -> None:
        self.work = work
        # Released when it is done, or when it leads. A bare lock is an event that is set once,
        # at a tenth of an Event's price.
        self.called = Lock()
        self.called.acquire()
        self.leads = False
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
        self._lock = Lock()  # held for a moment only, around the next two
        self._waiting: deque[_Job[Any]] = deque()
        self._led = False
        self._connection: Connection | None = None  # the leader's

    def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` and return its result after the commit; raise what it raised.

        Raises:
            Busy: the turn did not come within the patience; `work` has not run and will not.
        """
        job = _Job(work)
        with self._lock:
            self._waiting.append(job)
            if not self._led:
                self._led = job.leads = True
        if not job.leads:
            self._await(job)
        if job.leads:
            self._lead()
        return job.outcome()

    def _await(self, job: _Job[Any]) -> None:
        if job.called.acquire(timeout=self._patience):
            return
        with self._lock:
            if job in self._waiting and not job.leads:
                self._waiting.remove(job)
                raise Busy("no turn within the patience")
        job.called.acquire()  # a leader has it already, and its own wait is bounded

    def _lead(self) -> None:
        """Take everybody who waits, settle them all, and pass the lead on."""
        with self._lock:
            jobs = [*self._waiting]
            self._waiting.clear()
        try:
            self._together(jobs)
        finally:
            with self._lock:
                self._led = bool(self._waiting)
                if self._led:
                    self._waiting[0].leads = True
                    self._waiting[0].called.release()
            for job in jobs:
                job.called.release()

    def _together(self, jobs: Sequence[_Job[Any]]) -> None:
        """Run the work of all of them in one transaction."""
        try:
            results = self._transact(lambda connection: [_attempt(job, connection) for job in jobs])
        except _WorkFailed as failed:
            if lost(failed.cause) or (len(jobs) == 1 and not raced(failed.cause)):
                _settle_all(jobs, failed.cause)
            else:
                self._apart(jobs, failed)
        except Exception as error:  # no begin or no commit: the same for all of them
            _settle_all(jobs, error)
        else:
            for job, result in zip(jobs, results, strict=True):
                job.settle(result)

    def _apart(self, jobs: Sequence[_Job[Any]], failed: _WorkFailed) -> None:
        """Run each of them again, alone: one piece of work must not spoil its neighbours'.

        Whoever waited in vain for a lock has had their patience. Where several do, those behind
        them are not kept waiting for each in turn.
        """
        last = monotonic() + self._patience
        for job in jobs:
            if job is failed.job and kind(failed.cause) is Busy and not raced(failed.cause):
                job.settle(error=failed.cause)
            elif monotonic() > last:
                job.settle(error=Busy("no turn within the patience"))
            else:
                self._alone(job)

    def _alone(self, job: _Job[Any]) -> None:
        """Run its work; once more if another process came in between."""
        try:
            try:
                result = self._transact(job.work)
            except Exception as error:
                if not raced(error):
                    raise
                result = self._transact(job.work)
        except Exception as error:
            job.settle(error=error)
        else:
            job.settle(result)

    def _transact(self, work: Callable[[Connection], T]) -> T:
        """Run `work` and commit, on a connection that is kept as long as all goes well.

        There is one leader at a time, so one connection is enough; asking the pool for it at
        every commit would cost a third of the commit.
        """
        kept, self._connection = self._connection, None
        transaction = begin(self._engine, kept)
        connection = transaction.connection
        try:
            with transaction:
                result = work(connection)
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return result

    def close(self) -> None:
        """Give the connection back; the next write opens another."""
        with self._lock:
            connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


class _WorkFailed(Exception):
    """A caller's own work raised; its error travels inside."""

    def __init__(self, job: _Job[Any], cause: Exception) -> None:
        super().__init__()
        self.job = job
        self.cause = cause


def _settle_all(jobs: Sequence[_Job[Any]], error: Exception) -> None:
    for job in jobs:
        job.settle(error=error)


def _attempt(job: _Job[T], connection: Connection) -> T:
    try:
        return job.work(connection)
    except Exception as error:
        raise _WorkFailed(job, error) from None
