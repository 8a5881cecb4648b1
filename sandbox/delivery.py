"""Brings to the app what happened, and an event again if the app did not acknowledge it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from sandbox.answers import Answer, Kind, Outcome
from sandbox.http_delivery import RequestUrl
from sandbox.socket_mode import Hub
from sandbox.workspace import Json

AT_ONCE_THEN_LATER = (0.0, 60.0, 300.0)
"""Slack's three further tries of an event: seconds after the one before has failed."""


class Delivery:
    """The way of every payload to the app: its request URL if it has one, else its socket.

    The seconds between tries are real ones.
    """

    def __init__(self, hub: Hub, request_url: RequestUrl, retry_after: Sequence[float]) -> None:
        self.retry_after_seconds = retry_after
        self._hub = hub
        self._request_url = request_url
        self._trying_again: set[asyncio.Task[None]] = set()

    @property
    def reachable(self) -> bool:
        """Whether there is a way to the app; at the other end of a URL there may be nobody."""
        return self._request_url.url is not None or self._hub.connections > 0

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
        answer = await self._deliver("events_api", event)
        if not answer.acked:
            task = asyncio.create_task(self._tell_again(event, answer))
            self._trying_again.add(task)
            task.add_done_callback(self._trying_again.discard)
        return answer.outcome

    async def close(self) -> None:
        """Give up every event that waits for its next try."""
        for task in self._trying_again:
            task.cancel()
        await asyncio.gather(*self._trying_again, return_exceptions=True)

    async def _tell_again(self, event: Json, answer: Answer) -> None:
        for retry, seconds in enumerate(self.retry_after_seconds, start=1):
            if answer.acked or not answer.again:
                return
            await asyncio.sleep(seconds)
            answer = await self._deliver("events_api", event, retry=retry, why=answer.why)

    async def _deliver(self, kind: Kind, payload: Json, *, retry: int = 0, why: str = "") -> Answer:
        if self._request_url.url is None:
            return await self._hub.deliver(kind, payload, retry=retry, why=why)
        seconds = self._hub.ack_seconds
        return await self._request_url.deliver(kind, payload, seconds=seconds, retry=retry, why=why)
