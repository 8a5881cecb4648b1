"""What the doctor found, and how checks are run so that none holds up another."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from queue import Empty, Queue
from time import monotonic

CHECK_SECONDS = 6.0
"""How long the doctor waits; every check gives up by itself before that, if it can."""


class Verdict(StrEnum):
    """How it stands."""

    OK = "ok"
    LOOK = "look"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and what to do unless it is well."""

    verdict: Verdict
    what: str
    then: str = ""

    def __str__(self) -> str:
        told = f"{self.verdict:<4}  {self.what}"
        return f"{told} - {self.then}" if self.then else told


def ok(what: str) -> Finding:
    """Return a finding that all is well."""
    return Finding(Verdict.OK, what)


def look(what: str, then: str) -> Finding:
    """Return a finding that somebody should look at some time."""
    return Finding(Verdict.LOOK, what, then)


def bad(what: str, then: str) -> Finding:
    """Return a finding that keeps Hearth from working."""
    return Finding(Verdict.BAD, what, then)


def exit_code(findings: Iterable[Finding]) -> int:
    """Return 1 when something is bad, else 0."""
    return int(any(each.verdict is Verdict.BAD for each in findings))


def as_json(findings: Sequence[Finding]) -> str:
    """Return the findings for a script."""
    return json.dumps({"checks": [asdict(each) for each in findings]}, indent=2)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at."""

    name: str
    find: Callable[[], Iterable[Finding]]


def run(checks: Iterable[Check], *, seconds: float = CHECK_SECONDS) -> Iterator[Finding]:
    """Run all checks at once and give their findings in order.

    A check that fails, or has not ended after so many seconds, is told as bad; the threads are
    daemons, so that one that hangs for ever does not keep the process.
    """
    deadline = monotonic() + seconds
    for name, findings in [(check.name, _started(check)) for check in checks]:
        try:
            while (finding := findings.get(timeout=max(0, deadline - monotonic()))) is not None:
                yield finding
        except Empty:
            yield bad(
                f"{name}: no answer within {seconds:g} seconds",
                "look what it waits for, then run the doctor again",
            )


def _started(check: Check) -> Queue[Finding | None]:
    found: Queue[Finding | None] = Queue()

    def work() -> None:
        try:
            for finding in check.find():
                found.put(finding)
        except Exception as error:  # a defect in one check must not hide what the others see
            found.put(bad(f"{check.name}: could not be looked at ({type(error).__name__})", _TELL))
        found.put(None)

    threading.Thread(target=work, name=f"doctor {check.name}", daemon=True).start()
    return found


_TELL = "this is a defect of the doctor; please tell those who look after Hearth"
