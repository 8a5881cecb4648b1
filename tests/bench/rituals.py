"""How the clock copes with 10,000 rituals that are due in the same minute.

Beside it stands what the database does by itself: the same rows claimed in two statements, in
one transaction. On PostgreSQL two replicas share the work, each with connections of its own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from threading import Barrier, Thread
from time import perf_counter
from uuid import UUID

from sqlalchemy import text

from bot.ports import SystemClock
from bot.services.correspondence import Bell
from bot.services.rhythm import Rhythm
from bot.services.speaking import Speaking
from storage.engine import Database
from tests.bench import databases, kept_rituals
from tests.bench.result import Result, WrongAnswer
from tests.bench.sides import Memory

RITUALS = 10_000
ROUNDS = 3
IDLE_TICKS = 500
REPLICAS = {"sqlite": 1, "postgresql": 2}

_CHECKS = {
    "claimed": "SELECT count(*) FROM ritual_occurrences WHERE claimed_at IS NOT NULL",
    "said": "SELECT count(*) FROM outbox",
    "planned": "SELECT count(DISTINCT ritual_id) FROM ritual_occurrences WHERE state = 'planned'",
    "reserved": "SELECT count(*) FROM cohort_posts",
}


@dataclass(frozen=True, slots=True)
class Round:
    """The seconds that one round took."""

    bare: float
    claimed: float
    """Until the last batch of claims was on the disk; with so few batches, their 99th percentile
    as well."""
    planned: float
    """From there until the next occurrence of each was planned."""


class Told(Bell):
    """Notes when it was last rung: that is after each commit of claims."""

    def __init__(self) -> None:
        super().__init__()
        self.last = 0.0

    def after(self, put: bool) -> None:
        super().after(put)
        if put:
            self.last = perf_counter()


async def due() -> AsyncIterator[Result]:
    """Measure until all that is due together is claimed, and until the next times are planned."""
    with databases.both() as memories:
        for kind, memory in memories.items():
            where = kept_rituals.add_cohorts(memory.database, RITUALS)
            at = datetime.now(UTC).replace(second=0, microsecond=0)
            kept = kept_rituals.add_rituals(memory.database, where, at)
            rounds = [_round(memory, kept, at, REPLICAS[kind]) for _ in range(ROUNDS)]
            _print(kind, rounds)
            suffix = databases.suffix(kind)
            claimed = median(each.claimed for each in rounds)
            planned = median(each.planned for each in rounds)
            ratio = median(each.bare / each.claimed for each in rounds)
            yield Result(
                name=f"rituals-due-p99{suffix}", value=claimed, unit="s", floor=1, goal=0.5
            )
            yield Result(name=f"rituals-claims{suffix}", value=RITUALS / claimed, unit="claims/s")
            yield Result(
                name=f"rituals-claims-ratio{suffix}",
                value=ratio,
                unit="ratio",
                floor=0.10,
                goal=0.25,
                more_is_better=True,
            )
            yield Result(name=f"rituals-planned{suffix}", value=RITUALS / planned, unit="rituals/s")
            idle = _idle(memory) * 1e6
            yield Result(name=f"rituals-idle{suffix}", value=idle, unit="us", floor=20_000)


def _round(memory: Memory, kept: Sequence[UUID], at: datetime, replicas: int) -> Round:
    bare = _bare(memory, kept, at)
    kept_rituals.as_before(memory.database, kept, at)
    several = [Database(memory.url) for _ in range(replicas)]
    bells = [Told() for _ in several]
    rhythms = [_rhythm(*each) for each in zip(several, bells, strict=True)]
    for rhythm in rhythms:
        rhythm.next_due()  # each has its connections before the minute begins
    begun, ended = _together(rhythms)
    for each in several:
        each.close()
    _check(memory)
    last = max(bell.last for bell in bells)
    return Round(bare=bare, claimed=last - begun, planned=ended - last)


def _bare(memory: Memory, kept: Sequence[UUID], at: datetime) -> float:
    kept_rituals.as_before(memory.database, kept, at)
    begun = perf_counter()
    with memory.database.unhurried(writes=True) as connection:
        kept_rituals.claim_bare(connection, datetime.now(UTC))
    seconds = perf_counter() - begun
    _check(memory, ["claimed", "said"])
    return seconds


def _together(rhythms: Sequence[Rhythm]) -> tuple[float, float]:
    """Let all of them tick at once; return when that began, and when the last had ended."""
    starts = Barrier(len(rhythms) + 1)
    failed = list[Exception]()

    def tick(rhythm: Rhythm) -> None:
        starts.wait()
        try:
            rhythm.tick()
        except Exception as error:
            failed.append(error)

    threads = [Thread(target=tick, args=(each,)) for each in rhythms]
    for each in threads:
        each.start()
    starts.wait()
    begun = perf_counter()
    for each in threads:
        each.join()
    if failed:
        raise WrongAnswer(f"a tick failed: {failed[0]}")
    return begun, perf_counter()


def _check(memory: Memory, which: Sequence[str] = tuple(_CHECKS)) -> None:
    with memory.database.read() as connection:
        for each in which:
            found = connection.scalar(text(_CHECKS[each]))
            if found != RITUALS:
                raise WrongAnswer(f"{found} of {RITUALS} rituals were {each}")


def _idle(memory: Memory) -> float:
    """Return the seconds of a tick that has nothing to do, all being planned."""
    rhythm = _rhythm(memory.database, Bell())
    rhythm.tick()
    seconds = []
    for _ in range(IDLE_TICKS):
        begun = perf_counter()
        rhythm.tick()
        seconds.append(perf_counter() - begun)
    return median(seconds)


def _rhythm(database: Database, bell: Bell) -> Rhythm:
    clock = SystemClock()
    return Rhythm(database, clock, bell, Speaking(database, clock))


def _print(kind: str, rounds: Sequence[Round]) -> None:
    print(f"\n{RITUALS} rituals due together, {kind}, {REPLICAS[kind]} at it, seconds")
    print(f"  {'round':>5} {'bare SQL':>9} {'claimed':>9} {'planned':>9} {'ratio':>6}")
    for number, each in enumerate(rounds, start=1):
        ratio = each.bare / each.claimed
        times = f"{each.bare:>9.3f} {each.claimed:>9.3f} {each.planned:>9.3f}"
        print(f"  {number:>5} {times} {ratio:>6.2f}")
