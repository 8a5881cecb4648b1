"""How soon what is urgent leaves: from the return of its commit to its arrival at Slack.

Once with nothing else to send, and once with a long queue before it and Slack's real pace. Each
urgent message goes into a channel of its own, where nothing else waits.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from random import Random
from uuid import UUID

from bot.domain.delivery import Priority
from tests.bench import databases, deliveries
from tests.bench.deliveries import Arrival, Desk, Wire
from tests.bench.result import Result, WrongAnswer
from tests.bench.sending import UNLIMITED
from tests.bench.workers import Worker, worker

IDLE_TIMES, LOADED_TIMES = 100, 40
"""How often at each database; of forty, the slowest one stands for p99."""

IDLE_PAUSES, LOADED_PAUSES = (0.05, 0.1), (0.2, 0.35)
"""Seconds from one to the next, at the other database: random, to be in step with nothing."""

WARM_UP = 4
WAITING, CHANNELS = 5000, 40


@dataclass
class Sending:
    """The sender over one database, and what it was asked to say urgently."""

    running: Worker
    wire: Wire
    desk: Desk
    put: dict[str, float] = field(default_factory=dict)
    """By channel, when the commit had returned."""
    posted: Sequence[Arrival] = ()

    def say(self, share: UUID, channel: str) -> None:
        """Put one urgent delivery in."""
        self.put[channel] = self.running.ask("urgent", share=str(share), channel=channel)

    def forget(self) -> None:
        """Let what was said so far have been for warming up."""
        self.put.clear()

    def milliseconds(self) -> list[float]:
        """Return how long each took, the quickest first.

        Raises:
            WrongAnswer: one did not arrive, or arrived twice.
        """
        arrived = [(channel, at) for at, channel, _ in self.posted if channel in self.put]
        if sorted(channel for channel, _ in arrived) != sorted(self.put):
            raise WrongAnswer(f"{len(arrived)} of {len(self.put)} urgent messages arrived")
        return sorted((at - self.put[channel]) * 1000 for channel, at in arrived)


async def commit_to_wire() -> AsyncIterator[Result]:
    """Measure both databases in turns: first idle, then with a long queue."""
    with ExitStack() as stack:
        memories = stack.enter_context(databases.both())
        desks = {name: Desk(memory) for name, memory in memories.items()}
        idle = _measure(desks, IDLE_TIMES, IDLE_PAUSES, {UNLIMITED: "yes"})
        for desk in desks.values():
            desk.fill(deliveries.channels(CHANNELS) * (WAITING // CHANNELS))
        loaded = _measure(desks, LOADED_TIMES, LOADED_PAUSES, {})
    print("\nMilliseconds from the commit of an urgent delivery to Slack")
    print(f"  {'':32} {'p50':>7} {'p90':>7} {'p99':>7}")
    for name in desks:
        for condition, times in (("idle", idle[name]), (f"{WAITING} waiting", loaded[name])):
            shown = " ".join(f"{_quantile(times, share):>7.1f}" for share in (0.5, 0.9, 0.99))
            print(f"  {f'{name}, {condition}':32} {shown}")
    for name in desks:
        suffix = databases.suffix(name)
        yield _result(f"p50{suffix}", idle[name], 0.5)
        yield _result(f"p99{suffix}", idle[name], 0.99, floor=2000, goal=50)
        yield _result(f"p50-loaded{suffix}", loaded[name], 0.5)
        yield _result(f"p99-loaded{suffix}", loaded[name], 0.99, floor=2000, goal=500)


def _measure(
    desks: Mapping[str, Desk], times: int, pauses: tuple[float, float], more: dict[str, str]
) -> Mapping[str, Sequence[float]]:
    """Let both senders run, and each say something urgent so many times."""
    random = Random(0)  # noqa: S311  # the same pauses in every run
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hearth-bench-")))
        sendings = [
            stack.enter_context(_sending(folder / name, desk, more)) for name, desk in desks.items()
        ]
        urgent = [f"CURGENT{number:04d}" for number in range(WARM_UP + times)]
        shares = [sending.desk.fill(urgent, to_say=False) for sending in sendings]
        for number, channel in enumerate(urgent):
            if number == WARM_UP:
                for sending in sendings:
                    sending.forget()
            for sending, theirs in zip(sendings, shares, strict=True):
                time.sleep(random.uniform(*pauses))
                sending.say(theirs[number], channel)
        for sending in sendings:
            sending.desk.settled(least=Priority.URGENT)
    return dict(zip(desks, (each.milliseconds() for each in sendings), strict=True))


@contextmanager
def _sending(folder: Path, desk: Desk, more: dict[str, str]) -> Iterator[Sending]:
    """Run the sender; afterwards prove that what is noted as sent was posted once."""
    folder.mkdir()
    before = desk.sent()
    with deliveries.wire(folder) as wire:
        environ = desk.memory.environ | wire.environ() | more
        with worker("tests.bench.sending", folder / "log", environ) as running:
            sending = Sending(running, wire, desk)
            yield sending
            running.ask("stop")
            sending.posted = wire.tell(len(sending.put)).posted
    desk.check(sending.posted, since=before)


def _result(
    name: str,
    times: Sequence[float],
    share: float,
    floor: float | None = None,
    goal: float | None = None,
) -> Result:
    value = _quantile(times, share)
    name = f"urgent-commit-to-wire-{name}"
    return Result(name=name, value=value, unit="ms", floor=floor, goal=goal)


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[ceil(len(ordered) * share) - 1]
