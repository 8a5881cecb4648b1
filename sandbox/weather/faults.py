"""Failures that a script orders, and the log of the calls that the app made."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import asdict, dataclass

from sandbox.bell import Bell
from sandbox.workspace import Json

TOO_MANY = 429


@dataclass
class Fault:
    """How the next `times` calls of `method` go wrong; None is every call until cleared.

    Without `after` the call fails before anything is done; a fault that is only a delay lets it
    be done at its end. With `after` it is done at once, and only then the answer goes wrong.

    Attributes:
        status: the HTTP status of the answer.
        error: the error code in the answer.
        delay_seconds: how long the call takes, before whatever else happens.
        channel: only calls about that conversation, as `Workspace.place` names it.
        retry_after: HTTP 429 with so many seconds in its header.
        after: the method is carried out first.
        cut: the connection is hung up without a byte.

    Raises:
        ValueError: nothing goes wrong, or it contradicts itself; the message is a sentence.
    """

    method: str
    times: int | None = 1
    status: int | None = None
    error: str | None = None
    delay_seconds: float = 0.0
    channel: str | None = None
    retry_after: int | None = None
    after: bool = False
    cut: bool = False

    def __post_init__(self) -> None:
        if self.retry_after is not None and self.status not in (None, TOO_MANY):
            raise ValueError('Only status 429 comes with a "retry_after".')
        self.status = TOO_MANY if self.retry_after is not None else self.status
        if not (self.breaks or self.delay_seconds):
            wanted = '"status", "error", "delay_seconds", "retry_after" or "cut"'
            raise ValueError(f"Say how it fails: {wanted}.")
        if self.cut and (self.status or self.error):
            raise ValueError("A connection that is cut carries no status and no error.")
        if self.after and self.status == TOO_MANY:
            raise ValueError('What is answered with 429 was not done: leave "after" away.')
        if self.times is not None and self.times < 1:
            raise ValueError("A fault happens once at least.")

    @property
    def breaks(self) -> bool:
        """Whether the answer is another than the method's own, not only a late one."""
        return bool(self.cut or self.status or self.error)


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

    def next(self, method: str, place: str | None) -> Fault | None:
        """Return the fault for this call of `method`, if there is one, and count it down.

        `place` is the conversation that the call is about, if any.
        """
        for fault in self._waiting:
            if fault.method == method and fault.channel in (None, place):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times == 0:
                        self._waiting.remove(fault)
                return fault
        return None


@dataclass(frozen=True)
class CallRecord:
    """One Web API call; of its arguments it holds the conversation only, the rest is private."""

    method: str
    ok: bool
    error: str | None
    channel: str | None
    ms: float
    at: str


class Calls:
    """The last five hundred Web API calls, and how many there were of each method."""

    def __init__(self, bell: Bell) -> None:
        self._calls: deque[CallRecord] = deque(maxlen=500)
        self._counts: Counter[str] = Counter()
        self._bell = bell

    def add(self, record: CallRecord) -> None:
        """Log a call."""
        self._calls.append(record)
        self._counts[record.method] += 1
        self._bell.ring()

    def count(self, method: str) -> int:
        """Return how often `method` was called, also longer ago than the log goes back."""
        return self._counts[method]

    def as_list(self, method: str | None = None) -> list[Json]:
        """Return the calls (of one method), newest last."""
        return [asdict(record) for record in self._calls if method in (None, record.method)]
