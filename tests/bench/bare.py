"""slack_sdk alone: as many threads as the sender has workers, the same words, no database."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from slack_sdk import WebClient

from bot.delivery.clients import SENDER_SECONDS
from bot.delivery.sender import WORKERS
from tests.bench.workers import answer


class Bare:
    """One client, some threads."""

    def __init__(self) -> None:
        self._client = WebClient(
            token=os.environ["SLACK_BOT_TOKEN"],
            base_url=os.environ["SLACK_API_URL"],
            timeout=SENDER_SECONDS,  # type: ignore[arg-type]  # as in the app
            retry_handlers=[],
        )
        self._pool = ThreadPoolExecutor(WORKERS)

    def post(self, messages: Sequence[dict[str, Any]]) -> None:
        """Post them all, and return when each is answered."""
        list(self._pool.map(self._post, messages))

    def cpu(self) -> float:
        """Return the processor time used so far, in seconds."""
        return time.process_time()

    def _post(self, message: dict[str, Any]) -> None:
        self._client.chat_postMessage(**message)


if __name__ == "__main__":
    bare = Bare()
    answer("ready", {"post": bare.post, "cpu": bare.cpu})
