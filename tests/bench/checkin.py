"""A submitted check-in against a Bolt listener that does nothing, both over Socket Mode."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from statistics import median
from time import perf_counter

from storage import checkins
from tests.bench import sides
from tests.bench.result import Result, WrongAnswer
from tests.bench.sides import Memory, Side
from tests.bench.slack import Ack
from tests.bench.submissions import MEMBERS, Submission, a_day

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
        run = await _send(self.noop, submissions, outstanding)
        if any(ack.payload for ack in run.acks):
            raise WrongAnswer("the no-op answered with something")
        return run

    async def through_hearth(self, submissions: Sequence[Submission], outstanding: int) -> Run:
        run = await _send(self.hearth, submissions, outstanding)
        self.given += submissions
        wrong = [ack.payload for ack in run.acks if not _is_receipt(ack)]
        if wrong:
            raise WrongAnswer(f"{len(wrong)} submissions got no receipt, the first {wrong[0]}")
        return run


@dataclass(frozen=True, slots=True)
class Run:
    """Some submissions sent to one side, and what came back."""

    acks: Sequence[Ack]
    a_second: float
    cpu_seconds: float | None


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
        submissions = _endless_days()
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
        memory = Memory(folders[0])
        async with sides.bolt_noop(folders[1]) as noop, sides.hearth(memory, folders[0]) as hearth:
            pair = Pair(noop, hearth, memory)
            warm_up = list(a_day(0))
            await pair.through_noop(warm_up, OUTSTANDING)
            await pair.through_hearth(warm_up, OUTSTANDING)
            yield pair
        _check_stored(pair)
        memory.database.close()


async def _send(side: Side, submissions: Iterable[Submission], outstanding: int) -> Run:
    """Send them all, so many at a time, and return when the last is acknowledged.

    The rate is taken while all places are filled. Of the last few acks one is held back by the
    kernel for 40 ms (Nagle's algorithm and a delayed ACK), which a steady flow never sees.
    """
    left = iter([submission.envelope() for submission in submissions])
    acks: list[Ack] = []
    rates: list[float] = []

    async def keep_sending() -> None:
        for envelope in left:
            acks.append(await side.slack.deliver(envelope))
        rates.append(len(acks) / (perf_counter() - started_at))

    cpu_before, started_at = side.cpu_seconds(), perf_counter()
    await asyncio.gather(*(keep_sending() for _ in range(outstanding)))
    cpu_after = side.cpu_seconds()
    cpu = None if cpu_before is None or cpu_after is None else cpu_after - cpu_before
    return Run(acks, rates[0], cpu)


def _is_receipt(ack: Ack) -> bool:
    view = ack.payload.get("view", {})
    return (
        ack.payload.get("response_action") == "update"
        and view.get("title", {}).get("text") == "Received"
    )


def _check_stored(pair: Pair) -> None:
    """Hold what lies in the database against what was acknowledged, note by note."""
    expected = {(each.person, each.day): each for each in pair.given}
    found: set[Submission] = set()
    with pair.memory.database.read() as connection:
        for person in MEMBERS:
            rows = checkins.page(connection, pair.memory.keyring, person, before=None, limit=1000)
            found |= {
                Submission(
                    person,
                    row.day,
                    (row.mood, row.stress, row.energy),
                    row.capacity,
                    row.note or "",
                )
                for row in rows
            }
    if found != set(expected.values()):
        raise WrongAnswer(f"{len(expected)} check-ins acknowledged, but {len(found)} others stored")


def _endless_days() -> Iterator[Submission]:
    days_ago = 0
    while True:
        days_ago += 1
        yield from a_day(days_ago)


def _print_cpu(pairs: Sequence[tuple[Run, Run]]) -> None:
    for name, runs in zip(("no-op", "check-in"), zip(*pairs, strict=True), strict=True):
        used = [run.cpu_seconds for run in runs if run.cpu_seconds is not None]
        if used:
            each = 1000 * sum(used) / sum(len(run.acks) for run in runs)
            print(f"  processor time of one {name}: {each:.2f} ms")
