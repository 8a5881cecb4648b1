"""What a person's own page costs, what forgetting costs, and what asking "who may" costs.

Measured inside one process, over a database file: no Slack, and nothing else going on.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from sqlalchemy import Connection, func, select

from bot.domain.roles import Action, Role
from bot.services import access
from bot.views import home
from storage import checkins, roles, shares
from storage.checkins import CheckInRow
from tests.bench.result import Result, WrongAnswer
from tests.bench.sides import Memory
from tests.bench.submissions import MEMBERS

YEARS, WEEKS = 3 * 365, 4 * 7
COHORTS = 40
TIMES = 300
WARM_UP = 10
FORGETTERS = 9
ROLE_HOLDERS = 5_000


async def home_build() -> AsyncIterator[Result]:
    """Measure one Home tab, from the question to the JSON, after weeks and after years."""
    with _memory() as memory:
        old, young = MEMBERS[:2]
        memory.found_cohorts(COHORTS)
        _fill(memory, old, YEARS, share=True)
        _fill(memory, young, WEEKS, share=True)
        for person in MEMBERS[2:42]:
            _fill(memory, person, YEARS // 3)

        def build(person: str) -> Callable[[], object]:
            return lambda: json.dumps(home.home(memory.services.home.page(person)))

        if '"data_visualization"' not in str(build(old)()):
            raise WrongAnswer("there is no chart on the page")
        each = _medians([build(young), build(old)])
        times = dict(zip((WEEKS, YEARS), each, strict=True))
    print("\nMilliseconds for one Home tab, read and made into JSON")
    for days, seconds in times.items():
        print(f"  after {days:>5} daily check-ins: {seconds * 1000:.2f}")
    yield Result(name="home-build", value=times[YEARS] * 1000, unit="ms", floor=20, goal=5)
    yield Result(
        name="home-years-ratio", value=times[YEARS] / times[WEEKS], unit="ratio", floor=2, goal=1.5
    )


async def forget() -> AsyncIterator[Result]:
    """Measure until all of the largest member is gone from the disk, every day of it shared."""
    with _memory() as memory:
        memory.found_cohorts(COHORTS)
        seconds = []
        for person in MEMBERS[:FORGETTERS]:
            _fill(memory, person, YEARS, share=True, note="a note " * 20)
            begun = perf_counter()
            memory.services.people.forget(person)
            seconds.append(perf_counter() - begun)
            _check_gone(memory, person)
    print(f"\nSeconds to forget {YEARS} check-ins with notes, all of them shared")
    print("  " + " ".join(f"{each:.3f}" for each in seconds))
    yield Result(name="forget-largest", value=median(seconds), unit="s", floor=5, goal=1)


async def authorisation() -> AsyncIterator[Result]:
    """Measure what a request pays for being asked whether it may, among many who have roles."""
    with _memory() as memory:
        lead = MEMBERS[0]
        now = datetime.now(UTC)

        def grant(connection: Connection) -> None:
            roles.add(connection, lead, Role.LEAD, cohort=None, by=None, now=now)
            for number in range(ROLE_HOLDERS):
                person = f"U{number:08d}P"
                roles.add(connection, person, Role.PEER_SUPPORTER, cohort=None, by=lead, now=now)

        memory.database.write(grant)
        with memory.database.read() as connection:
            (asked,) = _medians([lambda: access.require(connection, lead, Action.SET_UP)])
    print(f"\nMicroseconds to ask whether somebody may, among {ROLE_HOLDERS} who hold roles")
    print(f"  {asked * 1e6:.0f}")
    yield Result(name="authorisation", value=asked * 1e6, unit="us", floor=2_000, goal=200)


@contextmanager
def _memory() -> Iterator[Memory]:
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as folder:
        memory = Memory.in_folder(Path(folder))
        try:
            yield memory
        finally:
            memory.database.close()


def _fill(
    memory: Memory, person: str, days: int, *, share: bool = False, note: str | None = None
) -> None:
    """Let the person have checked in on each of so many days, up to today."""
    now = datetime.now(UTC)
    channels = [each.channel for each in memory.services.cohorts.every()]

    def work(connection: Connection) -> None:
        for back in range(days):
            row = _row(now.date() - timedelta(days=back), back, note, now)
            filing = checkins.file(connection, memory.keyring, person, row)
            if share:
                shares.add(connection, filing.id, channel=channels[0], part="capacity")

    memory.database.write(work)


def _row(day: date, number: int, note: str | None, now: datetime) -> CheckInRow:
    return CheckInRow(
        day=day,
        mood=1 + number % 5,
        stress=1 + number % 4,
        energy=1 + number % 3,
        capacity="steady",
        note=note,
        changed_at=now,
    )


def _check_gone(memory: Memory, person: str) -> None:
    left = (
        select(func.count())
        .select_from(checkins.checkins)
        .where(checkins.checkins.c.person_id == person),
        select(func.count()).select_from(shares.shares).where(~shares.shares.c.withdrawn),
    )
    with memory.database.read() as connection:
        if any(connection.scalar(query) for query in left):
            raise WrongAnswer("something is left of whoever was forgotten")


def _medians(works: Sequence[Callable[[], object]]) -> Sequence[float]:
    """Return the median of each in seconds; they take turns, so that noise meets them all."""
    seconds: list[list[float]] = [[] for _ in works]
    for number in range(WARM_UP + TIMES):
        for work, taken in zip(works, seconds, strict=True):
            begun = perf_counter()
            work()
            if number >= WARM_UP:
                taken.append(perf_counter() - begun)
    return [median(taken) for taken in seconds]
