"""A submitted check-in against a Bolt listener that does nothing, both over Socket Mode."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from statistics import median

from tests.bench import sides, traffic
from tests.bench.result import Result, WrongAnswer
from tests.bench.sides import Memory, Side
from tests.bench.slack import Ack
from tests.bench.submissions import Submission, a_day, days
from tests.bench.traffic import Run

OUTSTANDING = 16
ROUNDS = 8
DAYS_A_ROUND = 3
NOOP_TIMES = 3
"""The no-op gets the same check-ins several times, so that its rounds are no shorter."""

BLOCKS = 10
BLOCK = 50


@dataclass
class Pair:
    """Both sides, running, and what Hearth was given so far."""

    noop: Side
    hearth: Side
    memory: Memory
    given: list[Submission] = field(default_factory=list)

    async def through_noop(self, submissions: Iterable[Submission], outstanding: int) -> Run:
        run = await traffic.send(self.noop, submissions, outstanding)
        if any(ack.payload for ack in run.acks):
            raise WrongAnswer("the no-op answered with something")
        return run

    async def through_hearth(self, submissions: Sequence[Submission], outstanding: int) -> Run:
        self.given += submissions
        return await traffic.file(self.hearth, submissions, outstanding)


async def throughput() -> AsyncIterator[Result]:
    """Measure how much of Bolt's own throughput is left when a check-in is really stored."""
    print(f"\nCheck-ins a second, {OUTSTANDING} outstanding")
    print(f"  {'round':>5} {'no-op':>8} {'check-in':>9} {'ratio':>6}")
    pairs: list[tuple[Run, Run]] = []
    async with _pair() as pair:
        for number in range(1, ROUNDS + 1):
            first = number * DAYS_A_ROUND
            submissions = list(chain(*(a_day(first + later) for later in range(DAYS_A_ROUND))))
            noop = await pair.through_noop(submissions * NOOP_TIMES, OUTSTANDING)
            ours = await pair.through_hearth(submissions, OUTSTANDING)
            pairs.append((noop, ours))
            ratio = ours.a_second / noop.a_second
            print(f"  {number:>5} {noop.a_second:>8.0f} {ours.a_second:>9.0f} {ratio:>6.2f}")
    _print_cpu(pairs)
    value = median(ours.a_second / noop.a_second for noop, ours in pairs)
    yield Result(
        name="checkin-throughput-ratio",
        value=value,
        unit="ratio",
        floor=0.30,
        goal=0.60,
        more_is_better=True,
    )


async def ack_time() -> AsyncIterator[Result]:
    """Measure how long one person waits when nobody else is there."""
    noop, ours = list[Ack](), list[Ack]()
    async with _pair() as pair:
        submissions = days(1)
        for _ in range(BLOCKS):
            block = [next(submissions) for _ in range(BLOCK)]
            noop += (await pair.through_noop(block, 1)).acks
            ours += (await pair.through_hearth(block, 1)).acks
    print("\nMilliseconds from envelope to ack, one at a time")
    print(f"  {'':9} {'p50':>6} {'p90':>6} {'p99':>6}")
    for name, acks in (("no-op", noop), ("check-in", ours)):
        times = sorted(ack.seconds * 1000 for ack in acks)
        shown = (times[int(len(times) * share)] for share in (0.5, 0.9, 0.99))
        print(f"  {name:9} " + " ".join(f"{each:>6.2f}" for each in shown))
    value = median(ack.seconds for ack in ours) * 1000
    yield Result(name="checkin-ack-p50", value=value, unit="ms", floor=5, goal=2)


@asynccontextmanager
async def _pair() -> AsyncIterator[Pair]:
    """Run both sides, warm; afterwards prove that all that was acknowledged is stored."""
    async with AsyncExitStack() as stack:
        folders = [
            Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hearth-bench-")))
            for _ in range(2)
        ]
        memory = Memory.in_folder(folders[0])
        async with sides.bolt_noop(folders[1]) as noop, sides.hearth(memory, folders[0]) as hearth:
            pair = Pair(noop, hearth, memory)
            warm_up = list(a_day(0))
            await pair.through_noop(warm_up, OUTSTANDING)
            await pair.through_hearth(warm_up, OUTSTANDING)
            yield pair
        traffic.check_stored(pair.memory, pair.given)
        memory.database.close()


def _print_cpu(pairs: Sequence[tuple[Run, Run]]) -> None:
    for name, runs in zip(("no-op", "check-in"), zip(*pairs, strict=True), strict=True):
        each = traffic.cpu_of_one(runs)
        if each is not None:
            print(f"  processor time of one {name}: {1000 * each:.2f} ms")
