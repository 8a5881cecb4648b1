"""Calls that are stopped on their way, until a test has done what it wanted to meanwhile."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from types import TracebackType
from typing import Literal

from sandbox.errors import HungUp

When = Literal["before", "after"]


class Hold:
    """One call that waits: Slack has received it ("before") or carried it out ("after").

    `reached` is set as soon as a call waits here. Any thread may use it; at the end of a `with`
    block the call goes on.
    """

    def __init__(self, method: str, when: When, place: str | None) -> None:
        self.reached = threading.Event()
        self._meant = (method, when)
        self._place = place
        self._goes_on: Future[bool] = Future()

    def __enter__(self) -> Hold:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()

    def wait(self, seconds: float = 10.0) -> None:
        """Return once a call waits here.

        Raises:
            TimeoutError: none came within so many seconds.
        """
        if not self.reached.wait(seconds):
            raise TimeoutError(f"No call of {self._meant[0]} came within {seconds:g} seconds.")

    def release(self) -> None:
        """Let the call go on: it is carried out (unless it was) and answered."""
        self._end(goes_on=True)

    def cut(self) -> None:
        """Hang up instead: nothing more is done with the call, and it gets no answer."""
        self._end(goes_on=False)

    def means(self, method: str, when: When, place: str | None) -> bool:
        """Whether a call that got this far is one to be held."""
        return self._meant == (method, when) and self._place in (None, place)

    async def stop(self) -> None:
        """Hold the call that has come here.

        Raises:
            HungUp: it was cut.
        """
        self.reached.set()
        if not await asyncio.wrap_future(self._goes_on):
            raise HungUp

    def _end(self, *, goes_on: bool) -> None:
        with suppress(InvalidStateError):  # the first word counts
            self._goes_on.set_result(goes_on)


class Holds:
    """The holds that wait for their call, and those that have one."""

    def __init__(self) -> None:
        self._waiting: list[Hold] = []
        self._made: list[Hold] = []

    def add(self, hold: Hold) -> None:
        """Let the next call that `hold` means wait."""
        self._waiting.append(hold)
        self._made.append(hold)

    async def passing(self, method: str, when: When, place: str | None) -> None:
        """Wait if somebody holds this call here; each hold takes one call.

        Raises:
            HungUp: the call was cut.
        """
        for hold in self._waiting:
            if hold.means(method, when, place):
                self._waiting.remove(hold)
                await hold.stop()
                return

    def close(self) -> None:
        """Hang up every call that is held."""
        for hold in self._made:
            hold.cut()
