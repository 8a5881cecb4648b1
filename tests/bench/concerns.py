"""How fast a message is assessed, beside the bare automaton, and what the detector costs.

The bare automaton looks for the same cues in the same texts in small letters, and does nothing
with what it finds. Each figure about starting is taken in a process of its own.
"""

from __future__ import annotations

import gc
import random
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

from ahocorasick_rs import AhoCorasick

from bot.domain.concerns import assess, detector
from tests.bench.result import Result, WrongAnswer
from tests.concern_texts import HOSTILE, hostile
from tests.unit.concerns.corpus import FOLDER, read

MESSAGES, ROUNDS, STARTS = 20_000, 7, 5
CHAT = Path(__file__).parents[3] / "shared" / "data" / "chat" / "ubuntu-irc-messages.txt"
"""Real messages of technical chat, on machines that have them."""

LEAST = 2
"""Words of so few letters stand within nearly all others; no scan would look for them."""

EVERYDAY = ("small_talk", "false_alarms")
_START = """
import resource, time
from pathlib import Path
def resident():  # what getrusage tells is inherited from the parent
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
began = time.perf_counter()
import bot.domain.concerns as concerns
imported = time.perf_counter()
before = resident()
built_from = time.perf_counter()
found = concerns.detector()
built = time.perf_counter()
found.assess("i am going to kill myself")
after = resident()
print(imported - began, built - built_from, (after - before) / 2**20)
"""


async def assessing() -> AsyncIterator[Result]:
    """Measure messages a second, and beside the bare automaton."""
    messages = _messages()
    gc.freeze()  # as Hearth does once it has started
    cues = [each for each in detector().cues if len(each) > LEAST]
    scan = AhoCorasick(cues).find_matches_as_indexes
    if not any(scan(f" {each.lower()} ") for each in messages):
        raise WrongAnswer("the bare automaton finds nothing in any message")
    print(f"\n{MESSAGES} messages assessed, a second; {len(cues)} cues")
    print(f"  {'round':>5} {'bare':>10} {'ours':>10} {'ratio':>6}")
    pairs = [
        (_a_second(lambda text: scan(text.lower()), messages), _a_second(assess, messages))
        for _ in range(ROUNDS + 1)
    ][1:]  # the first was for warming up
    for number, (bare, ours) in enumerate(pairs, start=1):
        print(f"  {number:>5} {bare:>10.0f} {ours:>10.0f} {ours / bare:>6.2f}")
    yield Result(
        name="concerns-assess-ratio",
        value=median(ours / bare for bare, ours in pairs),
        unit="ratio",
        floor=0.3,
        goal=0.6,
        more_is_better=True,
    )
    yield Result(
        name="concerns-messages-per-second",
        value=median(ours for _, ours in pairs),
        unit="messages/s",
        goal=150_000,
        more_is_better=True,
    )


async def worst() -> AsyncIterator[Result]:
    """Measure a text of 40,000 characters of each hostile kind."""
    print("\nA hostile text of 40,000 characters, ms")
    slowest = {}
    for kind in HOSTILE:
        text = hostile(kind)
        assess(text)
        slowest[kind] = median(1_000 / _a_second(assess, [text]) for _ in range(3))
        print(f"  {kind:>20} {slowest[kind]:>8.2f}")
    kind = max(slowest, key=slowest.__getitem__)
    print(f"  the slowest: {kind}")
    yield Result(
        name="concerns-hostile-worst", value=slowest[kind], unit="ms", floor=50.0, goal=2.0
    )


async def starting() -> AsyncIterator[Result]:
    """Measure the import, the building, and the memory that both take."""
    runs = [_start() for _ in range(STARTS)]
    imported, built, memory = (median(column) for column in zip(*runs, strict=True))
    yield Result(name="concerns-import", value=imported * 1_000, unit="ms", goal=60.0)
    yield Result(name="concerns-build", value=built * 1_000, unit="ms", goal=60.0)
    yield Result(name="concerns-memory", value=memory, unit="MB", goal=3.0)


def _start() -> list[float]:
    done = subprocess.run(
        [sys.executable, "-c", _START], capture_output=True, check=True, text=True
    )
    return [float(each) for each in done.stdout.split()]


def _messages() -> Sequence[str]:
    """Return real messages, or a mix of everyday ones where there are none."""
    chance = random.Random(7)  # noqa: S311  # the same messages in each run
    if CHAT.exists():
        lines = [line for line in CHAT.read_text(encoding="utf-8").split("\n") if line]
        return chance.sample(lines, MESSAGES)
    everyday = [each.text for name in EVERYDAY for each in read(FOLDER / f"{name}.tsv")]
    return chance.choices(everyday, k=MESSAGES)


def _a_second(work: Callable[[str], object], texts: Sequence[str]) -> float:
    started_at = perf_counter()
    for text in texts:
        work(text)
    return len(texts) / (perf_counter() - started_at)
