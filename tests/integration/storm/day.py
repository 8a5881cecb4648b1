"""Ten minutes of the workspace's clock, lived by many people, as fast as the machine goes."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from datetime import timedelta
from itertools import count
from time import monotonic, sleep

from app import Hearth
from bot.domain.delivery import State
from sandbox import Sandbox

Life = Iterator[float]
"""What somebody does; it yields the seconds until they go on."""

TICK = timedelta(seconds=1)
IN_A_CROWD = timedelta(seconds=0.1)
"""How far time goes while more people want something than can do it; else no crowd would be one."""

GAP = 3
"""For so many ticks nothing reaches an app whose connections were cut; then time waits for it."""

IN_HAND_SECONDS = 0.003
"""How long a second of the workspace's clock takes at least while something is being said."""

LIVING = 16
"""How many people do something at the same moment."""

PATIENCE_SECONDS = 120.0
"""How long a storm may take in earnest before it counts as hung; never what is measured."""


class Day:
    """Lets lives go on as the workspace's clock is pushed forwards."""

    def __init__(self, workspace: Sandbox, hearth: Hearth) -> None:
        self._workspace = workspace
        self._hearth = hearth
        self._numbers = count()
        self._waiting: list[tuple[float, int, Life]] = []
        self._living: dict[Future[float | None], Life] = {}
        self._now = 0.0
        self._cut_off = 0
        self._last = monotonic() + PATIENCE_SECONDS

    def add(self, life: Life) -> None:
        """Let somebody begin now."""
        heapq.heappush(self._waiting, (self._now, next(self._numbers), life))

    def pass_(self, seconds: float) -> None:
        """Let so much time go by."""
        end = self._now + seconds
        self._until(lambda: self._now >= end)

    def end(self) -> None:
        """Let time go by until everybody has done what they wanted, and all of it was said."""
        self._until(lambda: not self._waiting and not self._living)
        outbox = self._hearth.services.outbox

        def is_said() -> bool:
            there = outbox.count()
            return not there[State.PENDING] and not there[State.SENDING]

        self._until(is_said)

    def _until(self, over: Callable[[], bool]) -> None:
        with ThreadPoolExecutor(LIVING, thread_name_prefix="life") as lives:
            while not over() or self._living:
                assert monotonic() < self._last, "the day does not end"
                self._tick(lives, begins=not over())

    def _tick(self, lives: ThreadPoolExecutor, *, begins: bool) -> None:
        self._cut_off = 0 if self._workspace.connections else self._cut_off + 1
        if self._cut_off > GAP:
            sleep(0.05)
        crowd = len(self._living) > LIVING
        tick = IN_A_CROWD if crowd else TICK
        # A delivery is lent for 75 seconds of this clock, which else go by in a blink: they are not
        # to run out while its call is under way.
        if self._hearth.services.outbox.count()[State.SENDING]:
            sleep(IN_HAND_SECONDS)
        self._workspace.clock.advance(tick)
        self._now += tick.total_seconds()
        self._hearth.services.outbox.bell.ring()
        while begins and self._waiting and self._waiting[0][0] <= self._now:
            life = heapq.heappop(self._waiting)[2]
            self._living[lives.submit(next, life, None)] = life
        # Time does not run ahead of those who are at it, unless it is time that they wait for.
        seconds = 0.05 if crowd else 0.01
        done, _ = wait(self._living, timeout=seconds, return_when=FIRST_EXCEPTION)
        for each in done:
            life, pause = self._living.pop(each), each.result()
            if pause is not None:
                heapq.heappush(self._waiting, (self._now + pause, next(self._numbers), life))
