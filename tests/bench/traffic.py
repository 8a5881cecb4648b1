"""Many check-ins through one side, so many at a time, and what came back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter

from storage import checkins
from tests.bench.result import WrongAnswer
from tests.bench.sides import Memory, Side
from tests.bench.slack import Ack
from tests.bench.submissions import MEMBERS, Submission


@dataclass(frozen=True, slots=True)
class Run:
    """Some submissions sent to one side, and what came back."""

    acks: Sequence[Ack]
    a_second: float
    cpu_seconds: float | None


async def send(side: Side, submissions: Iterable[Submission], outstanding: int) -> Run:
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


async def file(side: Side, submissions: Iterable[Submission], outstanding: int) -> Run:
    """As `send`, and hold every ack to be the receipt of a check-in."""
    run = await send(side, submissions, outstanding)
    wrong = [ack.payload for ack in run.acks if not _is_receipt(ack)]
    if wrong:
        raise WrongAnswer(f"{len(wrong)} submissions got no receipt, the first {wrong[0]}")
    return run


def check_stored(memory: Memory, given: Iterable[Submission]) -> None:
    """Hold what lies in the database against what was acknowledged, note by note."""
    expected = {(each.person, each.day): each for each in given}
    found: set[Submission] = set()
    with memory.database.read() as connection:
        for person in MEMBERS:
            rows = checkins.page(connection, memory.keyring, person, before=None, limit=1000)
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


def cpu_of_one(runs: Sequence[Run]) -> float | None:
    """Return the processor time of one submission in seconds; None where nobody told."""
    used = [run.cpu_seconds for run in runs if run.cpu_seconds is not None]
    return sum(used) / sum(len(run.acks) for run in runs) if used else None


def _is_receipt(ack: Ack) -> bool:
    view = ack.payload.get("view", {})
    return (
        ack.payload.get("response_action") == "update"
        and view.get("title", {}).get("text") == "Received"
    )
