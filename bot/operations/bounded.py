"""Asking something that may never answer."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class Bounded(Generic[T]):
    """Runs one question at a time in a thread of its own; who asks meanwhile shares its answer.

    So whatever hangs holds one thread, however often it is asked.
    """

    def __init__(self, question: Callable[[], T], *, seconds: float) -> None:
        self._question = question
        self._seconds = seconds
        self._lock = Lock()
        self._asked: Future[T] | None = None

    def __call__(self) -> T:
        """Return the answer, or raise what the question raised.

        Raises:
            TimeoutError: there is none yet.
        """
        with self._lock:
            if self._asked is None or self._asked.done():
                self._asked = Future()
                Thread(target=self._ask, args=(self._asked,), name="question", daemon=True).start()
            asked = self._asked
        return asked.result(self._seconds)

    def _ask(self, asked: Future[T]) -> None:
        try:
            asked.set_result(self._question())
        except BaseException as error:
            asked.set_exception(error)
