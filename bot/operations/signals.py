"""Requests to end: Ctrl-C and SIGTERM, as each command takes them."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import suppress
from queue import Empty, SimpleQueue


def on_signals(*, end_within: float | None = None) -> SimpleQueue[int]:
    """Return the queue of requests to end.

    With `end_within`, the process ends so many seconds after the first request, or at the second,
    whatever hangs. Only a simple queue may be touched where a signal interrupts.
    """
    asked: SimpleQueue[int] = SimpleQueue()
    watched: SimpleQueue[int] = SimpleQueue()

    def ask(number: int, _frame: object) -> None:
        asked.put(number)
        watched.put(number)

    def insist(seconds: float) -> None:
        watched.get()
        with suppress(Empty):
            watched.get(timeout=seconds)
        os._exit(1)

    if end_within is not None:
        threading.Thread(target=insist, args=(end_within,), name="end", daemon=True).start()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
    return asked


def wait_for(asked: SimpleQueue[int]) -> None:
    """Return once somebody asked.

    A signal to a process that was stopped may go to any thread, and Python deals with it only
    when the main thread wakes up.
    """
    while True:
        with suppress(Empty):
            asked.get(timeout=1.0)
            return


def set_on_signals() -> threading.Event:
    """Return the event that a request to end sets; set by a thread, never where a signal is."""
    asked, stopped = on_signals(), threading.Event()

    def wait() -> None:
        asked.get()
        stopped.set()

    threading.Thread(target=wait, name="stop", daemon=True).start()
    return stopped


def interrupt_on_sigterm() -> None:
    """Let SIGTERM end a command as Ctrl-C does: it takes back what it began."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
