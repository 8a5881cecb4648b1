"""Tells open pages that something a person sees has changed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


class Watcher:
    """One open stream: what has changed since it last looked."""

    def __init__(self) -> None:
        self._woken = asyncio.Event()
        self._changes: set[str] = set()
        self.closed = False

    def wake(self, change: str) -> None:
        """Note a change ("changed", "workspace", "timeline"); several of one kind count once."""
        self._changes.add(change)
        self._woken.set()

    def close(self) -> None:
        """End the stream."""
        self.closed = True
        self._woken.set()

    async def changes(self, seconds: float) -> set[str]:
        """Wait for changes, at most so long, and return which kinds there were."""
        try:
            await asyncio.wait_for(self._woken.wait(), seconds)
        except TimeoutError:
            return set()
        self._woken.clear()
        changes, self._changes = self._changes, set()
        return changes


class Watchers:
    """A version per person, and the streams that wait for the next one."""

    def __init__(self) -> None:
        self._versions: Counter[str] = Counter()
        self._watchers: dict[Watcher, str] = {}

    def version(self, user: str) -> int:
        """Return how often what `user` sees has changed."""
        return self._versions[user]

    def changed(self, users: Iterable[str]) -> None:
        """What these people see has changed."""
        touched = set(users)
        self._versions.update(touched)
        for watcher, user in self._watchers.items():
            if user in touched:
                watcher.wake("changed")

    def workspace_changed(self) -> None:
        """The clock or the number of connections has changed."""
        for watcher in self._watchers:
            watcher.wake("workspace")

    def timeline_changed(self) -> None:
        """The app has sent or received something."""
        for watcher in self._watchers:
            watcher.wake("timeline")

    @contextmanager
    def watching(self, user: str) -> Iterator[Watcher]:
        """Watch as `user` for the length of the block."""
        watcher = Watcher()
        self._watchers[watcher] = user
        try:
            yield watcher
        finally:
            del self._watchers[watcher]

    def close(self) -> None:
        """End every stream."""
        for watcher in self._watchers:
            watcher.close()
