"""Waiting for what other threads and processes do."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep
from typing import Any

PATIENCE_SECONDS = 30.0
"""How long a state may take to come about before a test gives up; never what a test measures."""


def until(true: Callable[[], Any], what: str = "") -> None:
    """Return once something is true.

    Raises:
        AssertionError: it did not become true; `what` says what it was.
    """
    last = monotonic() + PATIENCE_SECONDS
    while not true():
        assert monotonic() < last, what or true
        sleep(0.01)
