"""The weather as it happens: what is decided for each call, each delivery and each minute."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from statistics import NormalDist

from sandbox.clock import Clock
from sandbox.weather.keys import Keys
from sandbox.weather.limits import Limits
from sandbox.weather.lots import Decision, Lots
from sandbox.weather.weather import Weather, latency

_BEHIND = 3
_MINUTE = 60.0
_LONGEST_LOOK_BACK = 24 * 60
_NORMAL = NormalDist()


class Sky:
    """The weather of a workspace; `calm` until somebody sets another.

    `keys` names what lots are drawn for. Nothing of this may be asked while it is calm, for
    then nothing is to be decided.
    """

    def __init__(self, clock: Clock, limits: Limits, keys: Keys, drop: Callable[[], None]) -> None:
        self.weather = Weather()
        self.calm = True
        self.keys = keys
        self._clock, self._limits, self._drop = clock, limits, drop
        self._lots = Lots(0)
        self._gusts: asyncio.Task[None] | None = None

    def set(self, weather: Weather) -> None:
        """Begin another weather, with every number from zero; calm keeps what was decided."""
        self.weather, self.calm = weather, weather.calm
        if not weather.calm:
            self._lots = Lots(weather.seed)
        self._limits.follow_tiers(on=weather.rate_limits)
        self.close()
        if weather.dropped_sockets:
            blowing = self._blow(weather.dropped_sockets, self._clock.elapsed())
            self._gusts = asyncio.create_task(blowing)

    def decisions(self) -> list[Decision]:
        """Return what was decided since the last weather that was none of calm."""
        return self._lots.decisions()

    def server_error(self, call: str) -> int:
        """Return the status with which a call fails before anything is done; 0 if it does not."""
        share = self.weather.server_errors
        if not share:
            return 0

        def status(drawn: float) -> float:
            return 0 if drawn >= share else 500 if drawn < share / 2 else 503

        return int(self._lots.decide("server_errors", call, status))

    def loses_answer(self, call: str) -> bool:
        """Whether a call that was carried out gets no answer."""
        return self._met("lost_answers", call, self.weather.lost_answers)

    async def delay(self, call: str) -> None:
        """Return when the answer to a call is due, by the workspace's clock."""
        weather = self.weather
        if not weather.latency_seconds:
            return

        def seconds(drawn: float) -> float:
            return latency(weather, _NORMAL.inv_cdf(drawn))

        await self._clock.sleep(self._lots.decide("latency_seconds", call, seconds))

    def loses_ack(self, delivery: str, retry: int) -> bool:
        """Whether the ack of one try never reaches Slack."""
        return self._met("lost_acks", f"{delivery} {retry}", self.weather.lost_acks)

    def doubles(self, event: str) -> bool:
        """Whether an event is sent twice."""
        return self._met("duplicates", event, self.weather.duplicates)

    def behind(self, event: str) -> int:
        """Return how many later events go before this one; 0 if it is not held back."""
        share = self.weather.reordered
        if not share:
            return 0

        def others(drawn: float) -> float:
            return 1 + int(drawn / share * _BEHIND) if drawn < share else 0

        return int(self._lots.decide("reordered", event, others))

    def close(self) -> None:
        """End what happens by itself."""
        if self._gusts is not None:
            self._gusts.cancel()
            self._gusts = None

    def _met(self, kind: str, key: str, share: float) -> bool:
        return share > 0 and bool(self._lots.decide(kind, key, lambda drawn: drawn < share))

    async def _blow(self, share: float, began: float) -> None:
        """Reset every connection at the end of each minute whose lot says so.

        Of a jump over more than a day only the last day is looked at.
        """
        minute = 0
        while True:
            await self._clock.sleep(began + (minute + 1) * _MINUTE - self._clock.elapsed())
            now = int((self._clock.elapsed() - began) / _MINUTE)
            first = max(minute, now - _LONGEST_LOOK_BACK)
            lots = [self._met("dropped_sockets", str(each), share) for each in range(first, now)]
            minute = now
            if any(lots):
                self._drop()
