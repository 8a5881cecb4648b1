"""Brings to the app what happened, and an event again if the app did not acknowledge it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from time import perf_counter
from typing import Any

from sandbox.clock import Clock
from sandbox.delivery.answers import Answer, Kind, Outcome
from sandbox.delivery.http_delivery import RequestUrl
from sandbox.delivery.socket_mode import Hub
from sandbox.timeline import Timeline
from sandbox.weather.sky import Sky
from sandbox.workspace import Json

AT_ONCE_THEN_LATER = (0.0, 60.0, 300.0)
"""Slack's three further tries of an event: seconds after the one before has failed."""

_LONGEST_HELD_SECONDS = 5.0


class _Held:
    """An event that so many others overtake; `gone` once its own turn has come."""

    def __init__(self, others: int) -> None:
        self.others = others
        self.gone = asyncio.Event()

    def overtaken(self) -> None:
        """Count one that went first."""
        self.others -= 1
        if self.others <= 0:
            self.gone.set()


class Delivery:
    """The way of every payload to the app: its request URL if it has one, else its socket.

    The seconds between tries are those of the workspace's clock, the ack window is real.
    """

    def __init__(
        self,
        hub: Hub,
        request_url: RequestUrl,
        clock: Clock,
        sky: Sky,
        timeline: Timeline,
        retry_after: Sequence[float],
    ) -> None:
        self.retry_after_seconds = retry_after
        self._hub = hub
        self._request_url = request_url
        self._clock = clock
        self._sky = sky
        self._timeline = timeline
        self._later: set[asyncio.Task[Any]] = set()
        self._held: list[_Held] = []

    @property
    def reachable(self) -> bool:
        """Whether there is a way to the app; at the other end of a URL there may be nobody."""
        return self._over_http or self._hub.connections > 0

    @property
    def retry_after_seconds(self) -> Sequence[float]:
        """How long after each failed try an event is sent again; one more try for each.

        Raises:
            ValueError: a number of seconds is below zero.
        """
        return self._retry_after_seconds

    @retry_after_seconds.setter
    def retry_after_seconds(self, seconds: Sequence[float]) -> None:
        if any(not each >= 0 for each in seconds):
            raise ValueError("An event is sent again after zero seconds or more.")
        self._retry_after_seconds = tuple(seconds)

    async def ask(self, kind: Kind, payload: Json) -> Answer:
        """Deliver a command or an interaction; there is one try, for a person waits."""
        return await self._deliver(kind, payload)

    async def tell(self, event: Json) -> Outcome:
        """Deliver an event and return how the first try went; the others follow by themselves.

        It keeps its `event_id`. Once no try is left, it is lost.
        """
        if self._sky.calm:
            return await self._tell(event)
        key = self._sky.keys.of_delivery("events_api", event)
        others = self._sky.behind(key)
        doubled = self._sky.doubles(key)
        if not others:
            return await self._tell(event, doubled=doubled)
        held = _Held(others)
        self._held.append(held)
        self._begin(self._tell_behind(event, held, doubled=doubled))
        return "delayed"

    def tell_later(self, event: Json) -> None:
        """Deliver an event whose first try nobody waits for either."""
        self._begin(self.tell(event))

    async def close(self) -> None:
        """Give up every event that waits for its turn or its next try."""
        later = list(self._later)
        for task in later:
            task.cancel()
        await asyncio.gather(*later, return_exceptions=True)

    @property
    def _over_http(self) -> bool:
        return self._request_url.url is not None

    def _begin(self, work: Coroutine[Any, Any, Any]) -> None:
        """Let something go on by itself, until the sandbox stops."""
        task = asyncio.create_task(work)
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def _tell(self, event: Json, *, doubled: bool = False) -> Outcome:
        if doubled:
            self._begin(self._deliver("events_api", event, twin=True))
        answer = await self._deliver("events_api", event)
        for held in self._held:
            held.overtaken()
        if not answer.acked:
            self._begin(self._tell_again(event, answer))
        return answer.outcome

    async def _tell_behind(self, event: Json, held: _Held, *, doubled: bool) -> None:
        """Deliver an event once the others went, or after a while in which too few came."""
        self._begin(self._let_go(held))
        await held.gone.wait()
        self._held.remove(held)
        await self._tell(event, doubled=doubled)

    async def _let_go(self, held: _Held) -> None:
        await self._clock.sleep(_LONGEST_HELD_SECONDS)
        held.gone.set()

    async def _tell_again(self, event: Json, answer: Answer) -> None:
        for retry, seconds in enumerate(self.retry_after_seconds, start=1):
            if answer.acked or not answer.again:
                return
            await self._clock.sleep(seconds)
            answer = await self._deliver("events_api", event, retry=retry, why=answer.why)

    async def _deliver(
        self, kind: Kind, payload: Json, *, retry: int = 0, why: str = "", twin: bool = False
    ) -> Answer:
        """Carry a payload to the app; the weather may lose its ack once that has come."""
        started = perf_counter()
        answer = await self._carry(kind, payload, retry=retry, why=why)
        if not self._sky.calm and answer.acked and not twin:
            answer = self._weathered(kind, payload, answer, retry)
        seconds = perf_counter() - started
        self._timeline.received(kind, payload, answer, seconds, attempt=retry)
        return answer

    def _weathered(self, kind: Kind, payload: Json, answer: Answer, retry: int) -> Answer:
        if not self._sky.loses_ack(self._sky.keys.of_delivery(kind, payload), retry):
            return answer
        why = "http_timeout" if self._over_http else "timeout"
        return replace(answer, outcome="timeout", payload={}, why=why)

    async def _carry(self, kind: Kind, payload: Json, *, retry: int, why: str) -> Answer:
        if not self._over_http:
            return await self._hub.deliver(kind, payload, retry=retry, why=why)
        seconds = self._hub.ack_seconds
        answer = await self._request_url.deliver(
            kind, payload, seconds=seconds, retry=retry, why=why
        )
        return replace(answer, over="http")
