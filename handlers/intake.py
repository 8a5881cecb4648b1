"""What came in and is not answered yet, whichever door it came through."""

from __future__ import annotations

from threading import Condition
from time import perf_counter

from slack_bolt import App, BoltRequest, BoltResponse

from bot.ports import Meter


class Intake:
    """Gives requests to Bolt, and knows how many of them are under way."""

    def __init__(self, bolt: App, meter: Meter) -> None:
        self._bolt = bolt
        self._meter = meter
        self._changed = Condition()
        self._open = True
        self._under_way = 0

    @property
    def is_open(self) -> bool:
        """Whether anything is taken."""
        return self._open

    def take(self) -> bool:
        """Count one more in; False when nothing is taken any more. Ends with `done`."""
        with self._changed:
            if self._open:
                self._under_way += 1
            return self._open

    def done(self) -> None:
        """Count one out: its answer has been handed over."""
        with self._changed:
            self._under_way -= 1
            if not self._under_way:
                self._changed.notify_all()

    def answer(self, request: BoltRequest) -> BoltResponse:
        """Let a listener work, and return what it answers."""
        begun = perf_counter()
        response = self._bolt.dispatch(request)
        self._meter.listener_took(perf_counter() - begun)
        return response

    def close(self) -> None:
        """Take nothing more; what is under way goes on."""
        with self._changed:
            self._open = False

    def wait(self, seconds: float) -> bool:
        """Return once nothing is under way, or False when that took longer than so."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._under_way, seconds)
