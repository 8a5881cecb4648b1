"""Help for the tests of the rota: people on it, what is coming, what they were asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app import Hearth
from sandbox import Person, Sandbox
from storage import rituals, rota
from tests.integration.cohorts.circles import agree
from tests.integration.outbox import settled
from tests.integration.rituals import calendars

HOUR = timedelta(hours=1)
NOBODY = "nobody on the rota"


def to_nine(workspace: Sandbox) -> datetime:
    """Let it be nine in the morning of a Monday in UTC, day in Berlin and in India."""
    now = workspace.clock.now()
    monday = now.replace(hour=9, minute=0, second=0, microsecond=0)
    monday += timedelta(days=7 - now.weekday())
    calendars.until(workspace, monday)
    return monday


def on_rota(hearth: Hearth, workspace: Sandbox, cohort: UUID, *names: str) -> list[Person]:
    """Let people agree and be on the rota, in this order."""
    people = [workspace.person(name) for name in names]
    agree(hearth, *people)
    for person in people:
        hearth.services.rota.opt_in(person.id, str(cohort))
        workspace.clock.advance(timedelta(seconds=1))
    return people


def coming(
    hearth: Hearth,
    cohort: UUID,
    due_at: datetime,
    *,
    ask_at: datetime | None = None,
    announce_at: datetime | None = None,
    **more: Any,
) -> UUID:
    """Plan an occurrence of a ritual that the rota holds; without `ask_at`, it asks now."""
    which = calendars.ritual(
        hearth, cohort, **{"rotates": True, "to_plan": False, "template": "friday_wins"} | more
    )
    row: dict[str, Any] = {
        "ritual_id": which,
        "on_date": due_at.date(),
        "due_at": due_at,
        "state": "planned",
    }
    row |= {"ask_at": ask_at or hearth._clock.now(), "announce_at": announce_at}
    hearth.database.write(lambda connection: rituals.add(connection, [row]))
    return UUID(str(calendars.planned(hearth, which).id))


def asks(hearth: Hearth) -> None:
    """Let the clock's job ask, and what it says be sent."""
    hearth.services.rota.tick()
    settled(hearth)


def tick_at(workspace: Sandbox, hearth: Hearth, instant: datetime) -> None:
    calendars.until(workspace, instant)
    asks(hearth)


def presses(person: Person, action: str, *, twice: bool = False) -> Any:
    """Let somebody press a button of the latest question."""
    question = questions(person)[-1]
    return person.clicks(action, message=(question[0], question[1]["ts"]), twice=twice)


def questions(person: Person) -> list[tuple[str, dict[str, Any]]]:
    """Return what Hearth wrote to somebody, each with its channel."""
    seen = person.sees()
    direct = [each["id"] for each in seen["channels"] if each.get("with")]
    return [(channel, each) for channel in direct for each in person.messages(channel)]


def told(person: Person) -> list[str]:
    """Return the words of what Hearth wrote to somebody, as they stand now."""
    return [each["text"] for _, each in questions(person)]


def asked(hearth: Hearth, occurrence: UUID) -> list[tuple[str, str | None]]:
    """Return who was asked, and what became of it."""
    with hearth.database.read() as connection:
        return [(each.person_id, each.answer) for each in rota.turns_for(connection, occurrence)]


def held_by(hearth: Hearth, occurrence: UUID) -> str | None:
    with hearth.database.read() as connection:
        return rota.holder(connection, occurrence)


def ask_at(hearth: Hearth, occurrence: UUID) -> datetime | None:
    """Return when the next one is asked."""
    query = rituals.occurrences.select().where(rituals.occurrences.c.id == occurrence)
    with hearth.database.read() as connection:
        found: datetime | None = connection.execute(query).one().ask_at
    return found
