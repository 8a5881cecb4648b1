"""Where the time of a check-in goes, measured inside one process. For information only."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from slack_bolt import App, BoltRequest
from sqlalchemy import Connection

import handlers
from storage import checkins
from storage.checkins import CheckInRow
from storage.encryption import Place
from tests.bench import noop, slack
from tests.bench.result import Result, WrongAnswer
from tests.bench.sides import Memory
from tests.bench.submissions import Submission, a_day

TIMES = 400
WRITERS = 16


async def parts() -> AsyncIterator[Result]:
    """Measure Bolt's dispatch, the disk, the encryption and the commit, each alone."""
    print("\nInside one process, without Socket Mode")
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as folder:
        memory = Memory.in_folder(Path(folder))
        async with slack.serve() as server:
            yield await asyncio.to_thread(_dispatch_noop, server.api_url)
            yield await asyncio.to_thread(_dispatch_checkin, server.api_url, memory)
        yield _encrypt(memory)
        yield _sync(Path(folder))
        yield _one_by_one(memory)
        yield _in_groups(memory)
        memory.database.close()


def _dispatch_noop(api_url: str) -> Result:
    app = noop.bolt(api_url, slack.BOT_TOKEN)
    noop.listen(app)
    return _each("inside-dispatch-noop", _dispatching(app), _days(0, 2))


def _dispatch_checkin(api_url: str, memory: Memory) -> Result:
    app = noop.bolt(api_url, slack.BOT_TOKEN)
    handlers.register(app, memory.services)
    return _each("inside-dispatch-checkin", _dispatching(app), _days(0, 2))


def _dispatching(app: App) -> Callable[[Submission], None]:
    def dispatch(submission: Submission) -> None:
        request = BoltRequest(mode="socket_mode", body=submission.payload())
        if app.dispatch(request).status != 200:
            raise WrongAnswer("a dispatched submission was not acknowledged")

    return dispatch


def _encrypt(memory: Memory) -> Result:
    note, place = next(a_day(0)).note, Place("checkins", "note", "0" * 36)
    return _each("inside-encrypt", lambda _: memory.keyring.encrypt(note, place), range(TIMES))


def _sync(folder: Path) -> Result:
    """Write a page and wait for the disk: no commit can be cheaper."""
    page = b"x" * 4096
    with (folder / "page").open("wb", buffering=0) as file:

        def write(_: int) -> None:
            file.write(page)
            os.fsync(file.fileno())

        return _each("inside-sync-of-a-page", write, range(TIMES))


def _one_by_one(memory: Memory) -> Result:
    """One writer, and a commit for each row."""
    submissions = list(_days(10, 2))
    started_at = perf_counter()
    for submission in submissions:
        with memory.database.engine.begin() as connection:
            _file(memory, submission, connection)
    value = len(submissions) / (perf_counter() - started_at)
    return Result(name="inside-commit-each", value=value, unit="rows/s")


def _in_groups(memory: Memory) -> Result:
    """As many writers as there are submissions at a time, sharing commits."""
    submissions = list(_days(20, 5))
    with ThreadPoolExecutor(WRITERS) as pool:
        started_at = perf_counter()
        writes = [
            pool.submit(memory.database.write, lambda c, each=each: _file(memory, each, c))
            for each in submissions
        ]
        for write in writes:
            write.result()
    value = len(submissions) / (perf_counter() - started_at)
    return Result(name="inside-commit-groups", value=value, unit="rows/s")


def _file(memory: Memory, submission: Submission, connection: Connection) -> None:
    mood, stress, energy = submission.levels
    row = CheckInRow(
        day=submission.day,
        mood=mood,
        stress=stress,
        energy=energy,
        capacity=submission.capacity,
        note=submission.note,
        changed_at=datetime.now(UTC),
    )
    checkins.file(connection, memory.keyring, submission.person, row)


def _days(first: int, count: int) -> Iterator[Submission]:
    return chain.from_iterable(a_day(first + later) for later in range(count))


def _each(name: str, work: Callable[[Any], Any], items: Iterable[Any]) -> Result:
    """Return the median time of `work` on one item, in microseconds."""
    seconds = []
    for item in items:
        started_at = perf_counter()
        work(item)
        seconds.append(perf_counter() - started_at)
    return Result(name=name, value=median(seconds) * 1_000_000, unit="us")
