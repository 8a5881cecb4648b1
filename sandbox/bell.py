"""Wakes whoever waits for something to become true in the workspace."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Bell:
    """Rings whenever a call was answered, a message changed or a connection came or went."""

    def __init__(self) -> None:
        self._listening: set[asyncio.Event] = set()

    def ring(self) -> None:
        """Let everybody who waits look again."""
        for event in self._listening:
            event.set()

    async def until(self, true: Callable[[], bool], seconds: float) -> None:
        """Return once `true` is.

        Raises:
            TimeoutError: it is not after so many seconds.
        """
        heard = asyncio.Event()
        self._listening.add(heard)
        try:
            async with asyncio.timeout(seconds):
                while not true():
                    heard.clear()
                    await heard.wait()
        finally:
            self._listening.discard(heard)
