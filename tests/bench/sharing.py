"""What it costs to share a part of a check-in: the rows of the share and of the outbox.

Both sides are Hearth and get the same check-ins over Socket Mode; one shares each with a cohort,
the other shares none. This process holds the sender's turn at both databases, as another replica
would, so that nothing is sent and only the price of the rows is measured. The sender's thread
is there and woken as always; it looks whether it is its turn, and it is not.
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from statistics import median

from sqlalchemy import func, select

from bot.domain.cohorts import Cohort
from bot.domain.delivery import State
from bot.domain.visibility import Part
from storage.outbox import outbox
from storage.shares import shares
from storage.turns import turn
from tests.bench import sides, traffic
from tests.bench.result import Result, WrongAnswer
from tests.bench.sides import Memory, Side
from tests.bench.submissions import Offer, Submission, a_day
from tests.bench.traffic import Run

OUTSTANDING = 16
ROUNDS = 8
DAYS_A_ROUND = 3
COHORTS = 40
PART = Part.NOTE


@dataclass
class Sharer:
    """Hearth, running, and what it was given so far."""

    side: Side
    memory: Memory
    cohorts: Sequence[Cohort]
    part: Part | None
    """What everybody shares of every check-in."""
    given: list[Submission] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)

    async def take(self, days: range) -> None:
        """Let everybody check in for these days."""
        submissions = list(chain.from_iterable(self._a_day(day) for day in days))
        self.given += submissions
        self.runs.append(await traffic.file(self.side, submissions, OUTSTANDING))

    def _a_day(self, days_ago: int) -> Iterator[Submission]:
        for number, submission in enumerate(a_day(days_ago)):
            offer = Offer(self.cohorts[number % COHORTS], self.part)
            yield replace(submission, offer=offer)


async def outbox_price() -> AsyncIterator[Result]:
    """Measure how much of the throughput is left when every check-in is shared."""
    print(f"\nCheck-ins a second, {OUTSTANDING} outstanding; nothing is sent meanwhile")
    print(f"  {'round':>5} {'kept':>8} {'shared':>8} {'ratio':>6}")
    async with _sharer(None) as kept, _sharer(PART) as shared:
        for number in range(ROUNDS + 1):
            days = range(number * DAYS_A_ROUND, (number + 1) * DAYS_A_ROUND)
            for each in (kept, shared) if number % 2 else (shared, kept):
                await each.take(days)
    pairs = list(zip(kept.runs, shared.runs, strict=True))[1:]  # the first was for warming up
    for number, (plain, ours) in enumerate(pairs, start=1):
        ratio = ours.a_second / plain.a_second
        print(f"  {number:>5} {plain.a_second:>8.0f} {ours.a_second:>8.0f} {ratio:>6.2f}")
    for name, sharer in (("kept", kept), ("shared", shared)):
        cpu = traffic.cpu_of_one(sharer.runs[1:])
        if cpu is not None:
            print(f"  processor time of one check-in that is {name}: {cpu * 1e6:.0f} us")
    yield Result(
        name="outbox-price-ratio",
        value=median(ours.a_second / plain.a_second for plain, ours in pairs),
        unit="ratio",
        floor=0.50,
        goal=0.80,
        more_is_better=True,
    )


@asynccontextmanager
async def _sharer(part: Part | None) -> AsyncIterator[Sharer]:
    """Run Hearth, its sender held back; afterwards prove what lies in its database."""
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as name:
        memory = Memory.in_folder(Path(name))
        cohorts = memory.found_cohorts(COHORTS)
        held = turn(memory.database, "sender")
        if not held.take():
            raise WrongAnswer("somebody else has the sender's turn")
        async with sides.hearth(memory, Path(name)) as side:
            sharer = Sharer(side, memory, cohorts, part)
            yield sharer
        traffic.check_stored(memory, sharer.given)
        _check_outbox(memory, len(sharer.given) if part else 0)
        held.give_back()
        memory.database.close()


def _check_outbox(memory: Memory, expected: int) -> None:
    """Hold the outbox to be one waiting delivery for each share, and none sent."""
    waiting = memory.services.outbox.count()
    if waiting != {state: expected if state is State.PENDING else 0 for state in State}:
        raise WrongAnswer(f"{expected} check-ins were shared, but the outbox holds {waiting}")
    said = select(func.count(func.distinct(outbox.c.subject))).join(
        shares, shares.c.id == outbox.c.subject
    )
    with memory.database.read() as connection:
        if connection.scalar(said) != expected:
            raise WrongAnswer("a share has two deliveries, or none")
