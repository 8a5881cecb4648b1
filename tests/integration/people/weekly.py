"""Help for the tests of the weekly question: a wish, and time that passes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app import Hearth
from sandbox import Person, Sandbox
from tests.integration.outbox import settled

MONDAY_NOON = datetime.fromisoformat("2027-03-01T12:00+01:00")
QUESTION = "Your weekly check-in, if you like."
REMINDER = "Your weekly check-in is still open, if you like."


def at(text: str) -> datetime:
    """Return an instant of March 2027 in Berlin, from for instance "5 15:00"."""
    day, clock = text.split()
    return datetime.fromisoformat(f"2027-03-{int(day):02d}T{clock}+01:00")


def form(
    weekday: str = "4",
    time: str = "15:00",
    zone: str = "",
    *,
    wanted: str = "yes",
    reminds: bool = False,
) -> dict[str, dict[str, Any]]:
    """Return the form as somebody fills it in who wants to be asked on Fridays at three."""
    given: dict[str, Any] = {"wanted": wanted, "weekday": weekday, "time": time, "zone": zone}
    given["reminds"] = ["yes"] if reminds else []
    return {name: {name: value} for name, value in given.items()}


def wishes(person: Person, **filled: Any) -> None:
    """Fill in the form and close it."""
    person.types("/checkin weekly")
    assert person.submits(form(**filled)).ok
    person.closes(all=True)


def comes(hearth: Hearth, workspace: Sandbox, instant: datetime) -> None:
    """Let it be that time, the clock do its work, and everything be sent."""
    if workspace.clock.now() < instant:  # it runs on by itself
        workspace.clock.jump(instant)
    hearth.services.weekly.tick()
    settled(hearth)


def asked(person: Person) -> list[str]:
    """Return what Hearth wrote to somebody, the first first."""
    return [each["text"] for each in person.messages("hearth")]
