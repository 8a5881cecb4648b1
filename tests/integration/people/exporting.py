"""How a test asks for a copy of somebody's data, and looks into it."""

from __future__ import annotations

from typing import Any

from app import Hearth
from sandbox import Person, Sandbox
from tests.conftest import top
from tests.integration.outbox import settled

WITH_NOTES = {"notes": {"notes": ["yes"]}}


def asks(person: Person, values: dict[str, Any] | None = None, *, twice: bool = False) -> None:
    assert person.types("/checkin export").ok
    done = person.submits(values or {}, twice=twice)
    assert done.ok, done
    assert top(person)["title"]["text"] == "On its way"
    person.closes(all=True)


def files(workspace: Sandbox, hearth: Hearth) -> dict[str, str]:
    """Return what Maya is sent, by the end of the name, once nothing is left to send."""
    settled(hearth)
    return {f["name"][-4:]: f["content"].decode() for f in workspace.files("maya")}
