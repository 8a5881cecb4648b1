"""Steps of an end, any of which may hang."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Thread
from time import monotonic

from bot.errors import places

_log = logging.getLogger(__name__)


class Step:
    """Something that is done in a thread of its own, so that nobody waits for it for ever."""

    def __init__(self, work: Callable[[], object]) -> None:
        """Begin."""
        self._work = work
        self._thread = Thread(target=self._run, name="ending", daemon=True)
        self._thread.start()

    def ended(self, last: float) -> bool:
        """Wait for it until the monotonic instant `last`; False when it hangs."""
        self._thread.join(max(0.0, last - monotonic()))
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._work()
        except Exception as error:
            kind = type(error).__name__
            _log.error("while ending: %s at %s", kind, places(error), extra={"kind": kind})
