"""How fast the sandbox is: every test and every benchmark of the bot waits for it.

Beside it stands what cannot be had for less from the same libraries: an aiohttp server that
answers every call with the same JSON, and a Socket Mode that sends the same text over and over.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import perf_counter, thread_time
from typing import Any, TypeVar
from uuid import uuid4

from aiohttp import web

from sandbox import Sandbox, posting
from sandbox.control import acts
from sandbox.control.fields import Fields
from sandbox.slack import Slack as State
from tests.bench import calling, slack
from tests.bench.result import Result, WrongAnswer
from tests.bench.sides import tokens
from tests.bench.slack import Envelope
from tests.bench.workers import Worker, worker

MANIFEST = Path(__file__).parents[2] / "manifest.yml"
ROUNDS = 5
CONNECTIONS = 8
CALLS = 3000
ENVELOPES = 3000
UNDER_WAY = 32
"""Envelopes that wait for their ack at the same time."""

FRESH = 40
BUSY = 1000
"""Messages in the busy channel."""
POSTS = 250
LOOKS = 20

COHORT = "cohort-new-parents"
_JSON = "application/json;charset=utf-8"
_FORM = "application/x-www-form-urlencoded"
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Rate:
    """How many there were a second, and the processor time of one, in seconds.

    The time is of the thread that serves, so that it stays the same while others use the machine.
    """

    a_second: float
    cpu: float


class Driven(Sandbox):
    """A sandbox whose loop does what a benchmark says."""

    def run(self, work: Callable[[State], Coroutine[Any, Any, Value]]) -> Value:
        """Do `work` on the loop and return its result."""
        return self._server.wait(work(self._slack))

    def cpu(self) -> float:
        """Return the processor time that the loop has used so far, in seconds."""

        async def used(_: State) -> float:
            return thread_time()

        return self.run(used)


async def calls() -> AsyncIterator[Result]:
    """Measure how many calls of the Web API it answers in a second."""
    ours, bare = [], []
    with _worker("calling") as load, Driven(manifest=MANIFEST) as box:
        requests = _mix(box)
        async with _constant() as url:
            for _ in range(1 + ROUNDS):
                before = thread_time()
                rate = await asyncio.to_thread(_called, load, url, "", requests, CALLS)
                bare.append(Rate(rate, (thread_time() - before) / CALLS))
                before = box.cpu()
                rate = _called(load, box.url, box.bot_token, requests, CALLS)
                ours.append(Rate(rate, (box.cpu() - before) / CALLS))
    for result in _results("sandbox-calls", ours[1:], bare[1:], goal=1500, ratio=0.08):
        yield result


async def envelopes() -> AsyncIterator[Result]:
    """Measure how many envelopes a second it gets acknowledged."""
    ours, bare = [], []
    with (
        Driven(manifest=MANIFEST) as box,
        _worker("acking", tokens(box.api_url) | {"SLACK_APP_TOKEN": box.app_token}),
    ):
        box.wait_until_connected()
        doing = _acts(box)
        async with slack.serve() as server:
            with _worker("acking", tokens(server.api_url)):
                await server.connected()
                for _ in range(1 + ROUNDS):
                    bare.append(await _delivered(server))
                    ours.append(box.run(lambda state: _acted(state, doing)))
    for result in _results("sandbox-envelopes", ours[1:], bare[1:], goal=1000, ratio=0.08):
        yield result


async def fresh() -> AsyncIterator[Result]:
    """Measure what a workspace of its own costs a test: to make, start and stop it."""
    parts: dict[str, list[float]] = {"make": [], "start": [], "person": [], "stop": []}
    for _ in range(FRESH):
        at = [perf_counter()]
        box = Sandbox(manifest=MANIFEST)
        at.append(perf_counter())
        box.start()
        at.append(perf_counter())
        box.person("maya")
        at.append(perf_counter())
        box.stop()
        at.append(perf_counter())
        for name, (began, ended) in zip(parts, pairwise(at), strict=True):
            parts[name].append((ended - began) * 1000)
    print("\nMilliseconds for a fresh workspace with one person")
    for name, each in parts.items():
        print(f"  {name:7} {median(each):6.2f}, the first {each[0]:6.2f}")
    whole = median(map(sum, zip(*parts.values(), strict=True)))
    yield Result(name="sandbox-fresh", value=whole, unit="ms", floor=20, goal=5)


async def busy_channel() -> AsyncIterator[Result]:
    """Measure what a thousand messages in a channel add to posting there and to looking at it."""
    with _worker("calling") as load, Driven(manifest=MANIFEST) as box:
        maya = box.person("maya")
        post = [_post(box.run(_cohort))]
        used = [box.cpu()]
        for _ in range(1 + 2 * BUSY // POSTS):
            _called(load, box.url, box.bot_token, post, POSTS)
            used.append(box.cpu())
        looks = [_timed(maya.sees) for _ in range(LOOKS)]
        says = [_timed(lambda: maya.says("Hello", COHORT)) for _ in range(LOOKS)]
    each = [(after - before) / POSTS * 1e6 for before, after in pairwise(used)][1:]
    quiet, busy = min(each[: len(each) // 2]), min(each[len(each) // 2 :])
    print(f"\nA channel of {BUSY} to {2 * BUSY} messages, which everybody in it sees")
    print(f"  processor time of a post: {busy:.0f} us, and of the first {BUSY}: {quiet:.0f} us")
    yield Result(name="sandbox-busy-post-ratio", value=busy / quiet, unit="ratio", floor=2, goal=1)
    yield Result(name="sandbox-busy-look", value=min(looks), unit="ms", floor=300, goal=80)
    yield Result(name="sandbox-busy-say", value=min(says), unit="ms", floor=300, goal=80)


def _results(
    name: str, ours: Sequence[Rate], bare: Sequence[Rate], *, goal: float, ratio: float
) -> Iterator[Result]:
    """Print the rounds; give the best of them, and how much of the bare one's speed is left."""
    what = name.removeprefix("sandbox-")
    print(f"\nThe sandbox: {what} a second, and the processor time of one in microseconds")
    print(f"  {'round':>5} {'bare':>13} {'sandbox':>13} {'ratio':>5}")
    ratios = [plain.cpu / own.cpu for own, plain in zip(ours, bare, strict=True)]
    for number, (own, plain, left) in enumerate(zip(ours, bare, ratios, strict=True), 1):
        print(f"  {number:>5} {_told(plain)} {_told(own)} {left:>5.2f}")
    yield Result(
        name=f"{name}-ratio",
        value=median(ratios),
        unit="ratio",
        floor=ratio,
        more_is_better=True,
    )
    fastest = max(rate.a_second for rate in ours)
    yield Result(name=name, value=fastest, unit=f"{what}/s", goal=goal, more_is_better=True)


def _told(rate: Rate) -> str:
    return f"{rate.a_second:>7.0f} {rate.cpu * 1e6:>5.0f}"


def _called(
    load: Worker, url: str, token: str, requests: Sequence[calling.Request], count: int
) -> float:
    """Let the other process make so many calls, and return how many a second that was."""
    told = load.ask(
        "call", url=url, token=token, requests=requests, calls=count, connections=CONNECTIONS
    )
    if told["refused"]:
        raise WrongAnswer(f"a call was refused: {told['refused'][0]}")
    return count / float(told["seconds"])


def _mix(box: Driven) -> list[calling.Request]:
    """Return what a bot calls: half of it messages with blocks, to a channel and to a person."""
    person = box.person("maya").id
    publish = {"user_id": person, "view": {"type": "home", "blocks": _blocks("Good morning")}}
    return [
        _post(box.run(_cohort)),
        ("/api/auth.test", _FORM, ""),
        _post(person),
        ("/api/views.publish", _JSON, json.dumps(publish)),
    ]


def _post(channel: str) -> calling.Request:
    words = {"text": "A check-in was shared", "blocks": _blocks("Somebody shared a check-in")}
    metadata = {"event_type": "delivery", "event_payload": {"id": str(uuid4())}}
    body = {"channel": channel, **words, "metadata": metadata}
    return ("/api/chat.postMessage", _JSON, json.dumps(body))


def _blocks(said: str) -> list[dict[str, Any]]:
    def words(kind: str, text: str) -> dict[str, str]:
        return {"type": kind, "text": text}

    def button(name: str) -> dict[str, Any]:
        shown = words("plain_text", name.title())
        return {"type": "button", "action_id": name, "text": shown, "value": "7"}

    return [
        {"type": "header", "text": words("plain_text", said)},
        {"type": "section", "text": words("mrkdwn", "*Mood* 4 of 5, *stress* 2 of 5. " * 4)},
        {"type": "divider"},
        {"type": "context", "elements": [words("mrkdwn", "Only its members see it.")]},
        {"type": "actions", "block_id": "what", "elements": [button("answer"), button("thank")]},
    ]


async def _cohort(state: State) -> str:
    channel = state.workspace.find_channel(COHORT)
    assert channel is not None
    return channel.id


def _acts(box: Driven) -> list[bytes]:
    """Return things to do of which each sends one envelope: all the kinds that there are."""
    maya = box.person("maya")

    async def posted(state: State) -> dict[str, str]:
        cohort = state.workspace.channels[await _cohort(state)]
        bot = state.workspace.bot.id
        message = posting.post(state, cohort, bot, {"text": "Hello", "blocks": _blocks("Hello")})
        return {"channel": cohort.id, "ts": message.ts}

    message = box.run(posted)
    doing: list[dict[str, Any]] = [
        {"do": "command", "channel": "general", "text": "/checkin 4 2 3 steady"},
        {"do": "block_action", **message, "block_id": "what", "action_id": "thank"},
        {"do": "open_home"},
        {"do": "shortcut", "callback_id": "checkin"},
    ]
    return [json.dumps({"as": maya.id, **each}).encode() for each in doing]


async def _acted(state: State, doing: Sequence[bytes]) -> Rate:
    """Do so much that so many envelopes are sent, and return when each is acknowledged."""

    async def act(number: int) -> None:
        for turn in range(number, ENVELOPES, UNDER_WAY):
            done = await acts.act(state, Fields(doing[turn % len(doing)]))
            if done["outcome"] != "acked":
                raise WrongAnswer(f"an envelope was not acknowledged: {done}")

    return await _rate(act)


async def _delivered(bare: slack.Slack) -> Rate:
    """As `_acted`, with envelopes that are the same but for their id."""
    ids = [str(uuid4()) for _ in range(ENVELOPES)]
    made = [
        Envelope(each, f'{{"envelope_id": "{each}", "payload": "{"x" * 900}"}}') for each in ids
    ]

    async def deliver(number: int) -> None:
        for envelope in made[number::UNDER_WAY]:
            await bare.deliver(envelope)

    return await _rate(deliver)


async def _rate(work: Callable[[int], Coroutine[Any, Any, None]]) -> Rate:
    began, before = perf_counter(), thread_time()
    await asyncio.gather(*(work(number) for number in range(UNDER_WAY)))
    return Rate(ENVELOPES / (perf_counter() - began), (thread_time() - before) / ENVELOPES)


def _timed(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return (perf_counter() - began) * 1000


@contextmanager
def _worker(name: str, environ: Mapping[str, str] | None = None) -> Iterator[Worker]:
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as folder:
        log = Path(folder) / f"{name}.log"
        with worker(f"tests.bench.{name}", log, environ or {}) as running:
            yield running


@asynccontextmanager
async def _constant() -> AsyncIterator[str]:
    """Serve an answer that is always the same, and return where."""
    said = json.dumps({"ok": True, "message": {"text": "Hello", "blocks": _blocks("Hello")}})

    async def same(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(text=said, content_type="application/json")

    server = web.Application()
    server.router.add_post("/api/{method}", same)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
