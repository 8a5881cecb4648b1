"""Wakes coroutines of one event loop when a clock reaches their instant, however it gets there."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Callable
from contextlib import suppress


class Alarms:
    """Those who sleep until the workspace's clock has come so far, the earliest first.

    One timer waits for the first of them; a jump of the clock only has to look who is due.
    """

    def __init__(self, elapsed: Callable[[], float]) -> None:
        self._elapsed = elapsed
        self._sleeping: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def sleep(self, seconds: float) -> None:
        """Return once so many seconds of the clock have gone by.

        All who sleep at one time have to be on the same event loop.
        """
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._timer = loop, None
            self._sleeping.clear()
        due = self._elapsed() + max(0.0, seconds)
        woken = loop.create_future()
        heapq.heappush(self._sleeping, (due, next(self._numbers), woken))
        self._ring()
        await woken

    def jumped(self) -> None:
        """Wake whoever is due now; any thread may say so."""
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # the loop has closed
                loop.call_soon_threadsafe(self._ring)

    def _ring(self) -> None:
        """Wake everybody who is due, and set the timer for the next one."""
        now = self._elapsed()
        while self._sleeping and (self._sleeping[0][0] <= now or self._sleeping[0][2].done()):
            woken = heapq.heappop(self._sleeping)[2]
            if not woken.done():
                woken.set_result(None)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._sleeping and self._loop is not None:
            self._timer = self._loop.call_later(self._sleeping[0][0] - now, self._ring)
