"""The workspace's clock: real time plus an offset that a script may push forwards."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event, Lock

from sandbox.alarms import Alarms

_GLANCE_SECONDS = 0.02  # an event knows nothing of a clock that jumps
LATEST = datetime(2286, 1, 1, tzinfo=UTC)
"""A timestamp of later would be a digit longer, and texts of unequal length do not sort."""


MOST_HALTS = 5_000
"""In one journey; a program that always wants one more would never let it end."""

UNDONE_FOR = timedelta(hours=1)
"""After so long a journey halts again for what could not be done."""


class ClockError(ValueError):
    """The clock cannot go there; the message is a sentence for the person who asked."""


class Clock:
    """A clock that runs at the speed of real time and can jump ahead.

    Safe to read and to set from any thread: the bot of the demo follows it from its own.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._offset = timedelta(0)
        self._jumped_seconds = 0.0
        self._listeners: list[Callable[[], None]] = []
        self._alarms = Alarms(self.elapsed)
        self._journey = Lock()
        self._next_halt: Callable[[], datetime | None] = lambda: None
        self._at_halt: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        """Return the workspace's time as an aware instant in UTC."""
        return datetime.now(UTC) + self._offset

    def elapsed(self) -> float:
        """Return seconds that never go back: those of the machine, and all that were jumped."""
        since = time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
        return since + self._jumped_seconds

    def wait(self, event: Event, seconds: float) -> bool:
        """Return whether `event` was set, at the latest once so many seconds have gone by here."""
        last = self.elapsed() + seconds
        while (left := last - self.elapsed()) > 0:
            if event.wait(min(left, _GLANCE_SECONDS)):
                return True
        return event.is_set()

    async def sleep(self, seconds: float) -> None:
        """Return once so many seconds have gone by here, or a jump has led past them.

        Only for the event loop of the workspace; the clock may be pushed from any thread.
        """
        await self._alarms.sleep(seconds)

    @property
    def offset(self) -> timedelta:
        """How far the workspace is ahead of real time."""
        return self._offset

    def jump(self, to: datetime) -> None:
        """Make it `to` now; the clock runs on from there.

        Raises:
            ClockError: `to` has no zone, lies before the workspace's time or too far ahead.
        """
        with self._lock:
            self._check(to)
            ahead = to - datetime.now(UTC)
            self._jumped_seconds += max(0.0, (ahead - self._offset).total_seconds())
            self._offset = ahead
        self._tell()

    def advance(self, step: timedelta) -> None:
        """Go forwards by `step`.

        Raises:
            ClockError: `step` is negative or leads too far ahead.
        """
        if step < timedelta(0):
            raise ClockError("The clock only goes forwards; go back with real time.")
        with self._lock:
            if step > LATEST - self.now():
                raise ClockError(f"The clock goes no further than the year {LATEST.year}.")
            self._offset += step
            self._jumped_seconds += step.total_seconds()
        self._tell()

    def halt_at(self, when: Callable[[], datetime | None], do: Callable[[], None]) -> None:
        """Let a program say where journeys halt, so that it does what it would have done then.

        Args:
            when: returns when something is next to be done by itself; None for never.
            do: called there, in the thread that travels; the journey goes on once it returns.
        """
        self._next_halt, self._at_halt = when, do

    def travel(self, to: datetime) -> None:
        """Go to `to` by way of every halt; where nobody set any, this is a jump.

        What is due already is done before the clock moves. One journey goes on at a time.

        Raises:
            ClockError: as for `jump`.
        """
        self._check(to)
        with self._journey:
            last: datetime | None = None
            for _ in range(MOST_HALTS):
                wanted = self._next_halt()
                # What could not be done at its halt should not hold up what comes after it.
                halt = self.now() + UNDONE_FOR if wanted == last else wanted
                if wanted is None or halt is None or halt > to:
                    break
                self._reach(halt)
                self._at_halt()
                last = wanted
            self._reach(to)

    def _reach(self, to: datetime) -> None:
        """Go forwards to `to`; time goes by meanwhile, so it may have been reached already."""
        self.advance(max(timedelta(0), to - self.now()))

    def _check(self, to: datetime) -> None:
        if to.tzinfo is None:
            raise ClockError("The time needs a zone, for instance 2026-12-01T09:00:00+01:00.")
        if to > LATEST:
            raise ClockError(f"The clock goes no further than the year {LATEST.year}.")
        if to < self.now():
            raise ClockError("The clock only goes forwards; go back with real time.")

    def real(self) -> None:
        """Return to real time."""
        with self._lock:
            self._offset = timedelta(0)
        self._tell()

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each jump, in the thread that jumped."""
        self._listeners.append(listener)

    def _tell(self) -> None:
        self._alarms.jumped()
        for listener in self._listeners:
            listener()
