"""Failures that a script orders, and the log of the calls that the app made."""

from __future__ import annotations

from collections import deque
from dataclasses import asdict, dataclass

from sandbox.workspace import Json


@dataclass
class Fault:
    """How the next `times` calls of `method` go wrong."""

    method: str
    times: int = 1
    status: int | None = None
    error: str | None = None
    delay_seconds: float = 0.0


class Faults:
    """The faults that wait for their call, first come first served."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Let the next calls of a method fail."""
        self._waiting.append(fault)

    def clear(self) -> None:
        """Forget every fault."""
        self._waiting.clear()

    def next(self, method: str) -> Fault | None:
        """Return the fault for this call of `method`, if there is one, and count it down."""
        for fault in self._waiting:
            if fault.method == method:
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None


@dataclass(frozen=True)
class CallRecord:
    """One Web API call; it holds no arguments, for those may be private."""

    method: str
    ok: bool
    error: str | None
    ms: float
    at: str


class Calls:
    """The last five hundred Web API calls."""

    def __init__(self) -> None:
        self._calls: deque[CallRecord] = deque(maxlen=500)

    def add(self, record: CallRecord) -> None:
        """Log a call."""
        self._calls.append(record)

    def as_list(self) -> list[Json]:
        """Return the calls, newest last."""
        return [asdict(record) for record in self._calls]
