"""Help for the tests of rituals: cohorts and rituals made in storage, and what became of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from app import Hearth
from bot.domain.roles import Role
from sandbox import Person, Sandbox
from storage import cohorts, roles
from storage.rituals import occurrences, rituals
from tests.integration.outbox import settled

CHANNEL, OTHER = "cohort-new-parents", "cohort-first-leads"
FRIDAY = "FREQ=WEEKLY;BYDAY=FR"


def cohort(hearth: Hearth, workspace: Sandbox, channel: str = CHANNEL) -> UUID:
    """Let a channel that Hearth is in be the one of a cohort with which people share."""
    (place,) = [each for each in workspace.channels() if each["name"] == channel]
    name = channel.removeprefix("cohort-").replace("-", " ").capitalize()
    hearth.services.cohorts.add(name, place["id"], place["members"])
    with hearth.database.read() as connection:
        row = cohorts.in_channel(connection, place["id"])
    assert row is not None
    return row.id


def facilitator(hearth: Hearth, person: Person, which: UUID) -> None:
    """Let somebody run a cohort."""
    now = hearth._clock.now()
    hearth.database.write(
        lambda each: roles.add(each, person.id, Role.FACILITATOR, cohort=which, by=None, now=now)
    )


def ritual(hearth: Hearth, cohort: UUID, **schedule: Any) -> UUID:
    """Keep a ritual that is still to be planned: Fridays at 15:00 in Berlin, unless it is said.

    Args:
        hearth: whose database it is.
        cohort: whose ritual.
        schedule: columns of `rituals` that are to be other than here.
    """
    row = columns(cohort, hearth._clock.now()) | schedule
    hearth.database.write(lambda connection: connection.execute(rituals.insert().values(**row)))
    return UUID(str(row["id"]))


def columns(cohort: UUID, now: datetime) -> dict[str, Any]:
    """Return the row of a ritual that begins now, and is still to be planned."""
    return {
        "id": uuid4(),
        "cohort_id": cohort,
        "template": "own",
        "title": "Friday wins",
        "words": "What went well this week?",
        "links": "[]",
        "rule": FRIDAY,
        "starts_on": now.date(),
        "at_minute": 15 * 60,
        "zone": "Europe/Berlin",
        "on_holiday": "keep",
        "country": None,
        "mode": "open",
        "minutes": None,
        "rotates": False,
        "legend": "here",
        "to_plan": True,
        "plan_after": now,
        "revision": 0,
        "created_at": now,
    }


def dates(hearth: Hearth, which: UUID, state: str | None = None) -> list[date]:
    """Return the days of a ritual's occurrences, in order; only those of a state if it is given."""
    return [row.on_date for row in rows(hearth, which) if state in (None, row.state)]


def rows(hearth: Hearth, which: UUID) -> list[Any]:
    """Return the occurrences of a ritual, in order."""
    query = select(occurrences).where(occurrences.c.ritual_id == which)
    with hearth.database.read() as connection:
        return list(connection.execute(query.order_by(occurrences.c.on_date)))


def planned(hearth: Hearth, which: UUID) -> Any:
    """Return the one occurrence of a ritual that is planned."""
    (row,) = [row for row in rows(hearth, which) if row.state == "planned"]
    return row


def until(workspace: Sandbox, instant: datetime) -> None:
    """Let the clock be at an instant."""
    workspace.clock.advance(instant - workspace.clock.now())


def utc(*parts: int) -> datetime:
    """Return an instant in UTC."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def tick(hearth: Hearth) -> None:
    """Let the clock's job do what is due."""
    hearth.services.rhythm.tick()


def shown(workspace: Sandbox, hearth: Hearth, channel: str = CHANNEL) -> list[str]:
    """Return the first line of every message of Hearth's, once nothing is left to send."""
    settled(hearth)
    return [each["text"].splitlines()[0] for each in workspace.posted(channel)]


def told(workspace: Sandbox, hearth: Hearth, person: Person) -> list[str]:
    """Return what Hearth has written to somebody, once nothing is left to send."""
    settled(hearth)
    return [str(message["text"]) for message in workspace.posted(person.id)]
