"""How fast the outbox empties when Slack sets no limits, and what a message costs over TLS."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.bench import certificates, databases, deliveries
from tests.bench.deliveries import Arrival, Desk, Wire
from tests.bench.result import Result, WrongAnswer
from tests.bench.sending import CONTEXT_PER_CALL, UNLIMITED
from tests.bench.sides import Memory
from tests.bench.workers import Worker, worker

MESSAGES = 400
CHANNELS = 40
WARM_UP = 80
ROUNDS = 3
FLOORS = {"sqlite": 0.10, "postgresql": 0.04}
"""About half of what a machine of two processors showed while others used it as well. Slack takes
a few messages a second; this keeps an evening's outbox from being late because of us."""

WITHOUT_A_CONTEXT = 80
"""Messages of the side that makes a TLS context for each: it takes long."""


@dataclass
class Poster:
    """A process that posts messages, and what it needed for them."""

    running: Worker
    wire: Wire
    rates: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    """Of one message."""

    def note(self, messages: int, cpu_before: float) -> Sequence[Arrival]:
        """Wait for so many messages, and return them."""
        told = self.wire.tell(messages)
        self.rates.append(told.a_second)
        self.cpu_seconds.append((self.cpu() - cpu_before) / messages)
        return told.posted

    def forget(self) -> None:
        """Let what was measured so far have been for warming up."""
        self.rates.clear()
        self.cpu_seconds.clear()

    def cpu(self) -> float:
        """Return the processor time that it has used so far, in seconds."""
        return float(self.running.ask("cpu"))


@dataclass
class Sender(Poster):
    """Hearth's sender over a database."""

    desk: Desk = field(kw_only=True)
    sent_before: Counter[tuple[str, str]] = field(kw_only=True)
    posted: list[Arrival] = field(default_factory=list)

    def warm_up(self) -> None:
        """Let it send a few."""
        self.send(WARM_UP)
        self.forget()

    def send(self, messages: int) -> None:
        """Let it send so many that were put in at once."""
        before = self.cpu()
        self.desk.fill(deliveries.channels(CHANNELS) * (messages // CHANNELS))
        self.posted += self.note(messages, before)
        self.desk.settled()
        self.check()

    def check(self) -> None:
        """Prove that every message was posted once."""
        self.posted += self.wire.tell(0).posted
        self.desk.check(self.posted, self.sent_before)


@dataclass
class Bare(Poster):
    """slack_sdk alone."""

    def post(self, desk: Desk, messages: int) -> None:
        """Let it post the words of so many shares."""
        made = desk.messages(
            desk.fill(deliveries.channels(CHANNELS) * (messages // CHANNELS), to_say=False)
        )
        before = self.cpu()
        self.running.ask("post", messages=made)
        posted = self.note(messages, before)
        wanted = {each["metadata"]["event_payload"]["id"] for each in made}
        if {each for _, _, each in posted} != wanted or len(posted) != messages:
            raise WrongAnswer("slack_sdk alone did not post each message once")


async def throughput() -> AsyncIterator[Result]:
    """Measure how much of slack_sdk's own throughput is left when every message is delivered."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hearth-bench-")))
        wire = stack.enter_context(deliveries.wire(folder))
        senders = {
            name: stack.enter_context(_sender(name, memory, wire, folder, UNLIMITED))
            for name, memory in stack.enter_context(databases.both()).items()
        }
        running = worker("tests.bench.bare", folder / "bare.log", wire.environ())
        bare = Bare(stack.enter_context(running), wire)
        desk = senders["sqlite"].desk
        for sender in senders.values():
            sender.warm_up()
        bare.post(desk, WARM_UP)
        bare.forget()
        wire_before = wire.tell(0).cpu_seconds
        for _ in range(ROUNDS):
            for sender in senders.values():
                sender.send(MESSAGES)
            bare.post(desk, MESSAGES)
        wire_cpu = wire.tell(0).cpu_seconds - wire_before
    _print(bare, senders, wire_cpu / (ROUNDS * MESSAGES * (1 + len(senders))))
    for result in _results(bare, senders):
        yield result


async def cpu_per_message() -> AsyncIterator[Result]:
    """Measure what one context for all calls saves over TLS, where a message is a connection."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hearth-bench-")))
        certificate = certificates.self_signed(folder)
        wire = stack.enter_context(deliveries.wire(folder, **certificate.server))
        figures = {}
        for name, more, messages in (
            ("one for all calls", (), MESSAGES),
            ("one for each call", (CONTEXT_PER_CALL,), WITHOUT_A_CONTEXT),
        ):
            memory = stack.enter_context(databases.sqlite())
            running = _sender(name, memory, wire, folder, UNLIMITED, *more, **certificate.client)
            with running as sender:
                sender.warm_up()
                sender.send(messages)
            figures[name] = sender.cpu_seconds[-1] * 1000
    shared, each = figures.values()
    print("\nProcessor time of the sender for one message over TLS")
    for name, value in figures.items():
        print(f"  a TLS context, {name}: {value:6.2f} ms")
    yield Result(name="sender-cpu-per-message", value=shared, unit="ms", floor=12, goal=4)
    yield Result(name="sender-cpu-context-ratio", value=each / shared, unit="ratio")


@contextmanager
def _sender(
    name: str, memory: Memory, wire: Wire, folder: Path, *switches: str, **environ: str
) -> Iterator[Sender]:
    """Run the sender over a database; afterwards prove once more that it said nothing twice."""
    desk = Desk(memory)
    before = desk.sent()
    whole = memory.environ | wire.environ() | dict.fromkeys(switches, "yes") | environ
    with worker("tests.bench.sending", folder / f"{name}.log", whole) as running:
        sender = Sender(running, wire, desk=desk, sent_before=before)
        yield sender
        running.ask("stop")
        sender.check()


def _results(bare: Bare, senders: Mapping[str, Sender]) -> Iterator[Result]:
    for name, sender in senders.items():
        pairs = list(zip(sender.rates, bare.rates, strict=True))
        yield Result(
            name="delivery-throughput-ratio" + databases.suffix(name),
            value=median(ours / plain for ours, plain in pairs),
            unit="ratio",
            floor=FLOORS[name],
            goal=0.30,
            more_is_better=True,
        )
        yield Result(
            name="delivery-throughput" + databases.suffix(name),
            value=median(ours for ours, _ in pairs),
            unit="messages/s",
        )


def _print(bare: Bare, senders: Mapping[str, Sender], wire_cpu: float) -> None:
    print(f"\nMessages a second, {MESSAGES} waiting in {CHANNELS} channels, no limits")
    names = "".join(f"{name:>12} {'ratio':>6}" for name in senders)
    print(f"  {'round':>5} {'bare sdk':>9}{names}")
    for number in range(ROUNDS):
        plain = bare.rates[number]
        ours = "".join(
            f"{each.rates[number]:>12.0f} {each.rates[number] / plain:>6.2f}"
            for each in senders.values()
        )
        print(f"  {number + 1:>5} {plain:>9.0f}{ours}")
    print("  processor time of one message:")
    for name, poster in {"bare sdk": bare, **senders}.items():
        print(f"    {name:24} {median(poster.cpu_seconds) * 1000:.2f} ms")
    print(f"    {'the Slack that takes it':24} {wire_cpu * 1000:.2f} ms")
