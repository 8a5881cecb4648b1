"""Help for the tests of cohorts: people who lead, a channel, and a cohort in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app import Hearth
from bot.domain.people import Agreement
from bot.domain.roles import Role
from sandbox import Person, Sandbox
from storage import cohorts, roles
from storage.cohorts import CohortRow
from tests.conftest import filled_in
from tests.integration.outbox import settled
from tests.waiting import until

CHANNEL, PUBLIC, OTHER = "cohort-new-parents", "general", "cohort-first-leads"
FOUNDING: dict[str, Any] = {"name": {"name": "New parents"}, "purpose": {"purpose": "support"}}
NO: dict[str, dict[str, Any]] = {"decides": {"decides": "no"}}
YES: dict[str, dict[str, Any]] = {"decides": {"decides": "yes"}}
DECIDERS: dict[str, Any] = {"deciders": {"deciders": "yes"}}
TICKED: dict[str, Any] = {"open": {"open": ["yes"]}}


def give(hearth: Hearth, person: Person, role: Role) -> None:
    """Let somebody have a role."""
    now = hearth._clock.now()
    hearth.database.write(
        lambda connection: roles.add(connection, person.id, role, cohort=None, by=None, now=now)
    )


def agree(hearth: Hearth, *people: Person) -> None:
    """Let people join Hearth."""
    for person in people:
        hearth.services.people.agree(person.id, Agreement(agreed=True, country="DE"))


def make(person: Person, channel: str = CHANNEL, **more: Any) -> Any:
    """Let somebody make a cohort of a channel; return what became of it."""
    person.types("/cohort create", channel)
    return person.submits(FOUNDING | more)


def look(hearth: Hearth) -> None:
    """Let the clock's job look at every channel that is due."""
    hearth.services.cohort_channels.look_around()


def look_anew(workspace: Sandbox, hearth: Hearth) -> None:
    """Let so much time pass that every channel is looked at again."""
    workspace.clock.advance(timedelta(minutes=16))
    look(hearth)


def only(hearth: Hearth) -> CohortRow:
    """Return the one cohort there is."""
    with hearth.database.read() as connection:
        (row,) = cohorts.every(connection)
    return row


def working(hearth: Hearth, *, halted_for: str | None = None) -> CohortRow:
    """Return the one cohort, once it stands as expected."""

    def as_expected() -> bool:
        look(hearth)
        return only(hearth).halted_for == halted_for

    until(as_expected, f"it is never {halted_for}")
    return only(hearth)


def notices(workspace: Sandbox, hearth: Hearth, channel: str = CHANNEL) -> list[dict[str, Any]]:
    """Return what Hearth shows in the channel, once nothing is left to send."""
    settled(hearth)
    return workspace.posted(channel)


def join(workspace: Sandbox, hearth: Hearth, person: Person, answer: dict[str, Any] = NO) -> Any:
    """Let somebody press the notice's button, answer, and send it."""
    (notice,) = [n for n in notices(workspace, hearth) if "Nobody watches" in n["text"]]
    assert person.clicks("cohort_join", message=(CHANNEL, notice["ts"])).ok
    return person.submits(answer)


def share(person: Person, part: str = "capacity", **answer: Any) -> Any:
    """Let somebody check in and share a part of it."""
    person.types("/checkin")
    return person.submits(filled_in(share=part, **answer))
