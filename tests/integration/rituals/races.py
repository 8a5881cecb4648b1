"""Help for the tests of two who do something at once: a cohort in which everything is due."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, event

from bot import content
from bot.content import rituals as templates
from bot.domain.delivery import Kind
from bot.domain.people import CHECKINS
from bot.domain.reactions import Reaction
from bot.domain.retention import Retention
from bot.domain.rituals import Mode, OnHoliday, Plan, Schedule
from bot.domain.roles import Role
from bot.domain.rota import Answer
from bot.domain.weekly import Filled
from bot.errors import CohortRefused, ConsentNeeded
from bot.ports import SystemClock
from bot.services.cohorts import Cohorts
from bot.services.correspondence import Bell
from bot.services.people import People
from bot.services.reactions import Reactions
from bot.services.rhythm import Rhythm
from bot.services.rituals import Rituals
from bot.services.rota import Rota
from bot.services.speaking import Speaking
from bot.services.weekly import WeeklyCheckins
from storage import cohorts, people, posts, rituals, roles, rota, weekly
from storage.engine import Database

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
"""A Friday, at noon."""

CHANNEL, MAYA, KOFI, LUCIE = "C0RACES01", "U0MAYA001", "U0KOFI001", "U0LUCIE01"
POSTED = "1795780000.000100"
TITLES = ("late", "over", "new", "soon", "begun")
NAMES = {title: UUID(int=number) for number, title in enumerate(TITLES, start=1)}
"""The rituals by what is the matter with them: it is too late for one, one is over and was never
posted, one is to be planned, one comes tomorrow and asks for somebody, and one has begun."""

ASKED = UUID(int=100)
"""The turn of somebody who has not answered."""

PLAN = Plan(
    template="own",
    title="Another title",
    words="",
    links=(),
    schedule=Schedule(
        rule="FREQ=DAILY",
        starts_on=NOW.date(),
        at_minute=15 * 60,
        zone="Europe/Berlin",
        on_holiday=OnHoliday.KEEP,
        country=None,
    ),
    mode=Mode.OPEN,
    minutes=None,
    rotates=False,
    legend="here",
)


HERE = Reaction(
    person=MAYA,
    channel=CHANNEL,
    ts=POSTED,
    emoji="raised_hand",
    at="9",
    added=True,
    author="U0HEARTH1",
)
EVERY_FRIDAY = Filled(wanted="yes", weekday="4", time="12:00", zone="", reminds=False)


class Noon(SystemClock):
    """A clock that stands still."""

    def now(self) -> datetime:
        return NOW


class Nobody:
    """Slack, of which nothing is asked here."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(name)


class Replica:
    """What one process does, by the name of it."""

    def __init__(self, database: Database) -> None:
        clock, bell = Noon(), Bell()
        slack: Any = Nobody()
        speaking = Speaking(database, clock)
        self.database = database
        self.circles = 0
        """How often the server had to end what it did, because two waited for each other."""
        rhythm = Rhythm(database, clock, bell, speaking)
        rota = Rota(database, clock, bell, speaking)
        cohorts = Cohorts(database, clock, slack, slack, bell)
        rituals = Rituals(database, clock, slack, bell)
        people = People(database, clock, slack, bell, Retention())
        weekly = WeeklyCheckins(database, clock, bell)
        reactions = Reactions(database, clock, slack, bell, slack, templates.meant)
        on = NOW.date() + timedelta(days=1)
        self.acts: dict[str, Callable[[], Any]] = {
            "tick": rhythm.tick,
            "rota tick": rota.tick,
            "weekly tick": weekly.tick,
            "leave": lambda: cohorts.leave(MAYA, str(_cohort(database)), take_back=True),
            "close": lambda: cohorts.close(KOFI, str(_cohort(database))),
            "schedule": lambda: rituals.schedule(KOFI, _cohort(database), PLAN),
            "edit": lambda: rituals.edit(KOFI, NAMES["new"], PLAN, 0),
            "skip next": lambda: rituals.skip_next(KOFI, str(NAMES["soon"]), on),
            "pause": lambda: rituals.pause(KOFI, str(NAMES["late"])),
            "delete": lambda: rituals.delete(KOFI, str(NAMES["late"])),
            "run now": lambda: rituals.run_now(KOFI, str(NAMES["soon"])),
            "answer": lambda: rota.answer(MAYA, str(ASKED), Answer.PASS),
            "react": lambda: reactions.heard(HERE, own="U0HEARTH1"),
            "forget": lambda: people.forget(MAYA),
            "choose": lambda: weekly.choose(MAYA, EVERY_FRIDAY),
        }

        @event.listens_for(database.engine, "handle_error")
        def noted(context: Any) -> None:
            state = getattr(context.original_exception, "sqlstate", None)
            self.circles += state == "40P01"

    def does(self, act: str) -> None:
        """Do something; that the other was first may be an answer."""
        with suppress(CohortRefused, ConsentNeeded):
            self.acts[act]()


def _cohort(database: Database) -> UUID:
    with database.read() as connection:
        query = cohorts.cohorts.select().with_only_columns(cohorts.cohorts.c.id)
        return UUID(str(connection.scalar(query)))


def everything_is_due(connection: Connection) -> None:
    """Keep a cohort whose rituals are all at some turn, and people who hold them."""
    for person in (MAYA, KOFI, LUCIE):
        people.join(connection, person, country="DE", now=NOW)
        version = content.consent_version()
        people.record_consent(connection, person, purpose=CHECKINS, version=version, now=NOW)
    cohorts.add(connection, name="Parents", channel=CHANNEL, people=[MAYA, LUCIE], now=NOW)
    row = cohorts.in_channel(connection, CHANNEL)
    assert row is not None
    for person in (MAYA, LUCIE):
        rota.join(connection, row.id, person, now=NOW)
    roles.add(connection, KOFI, Role.FACILITATOR, cohort=row.id, by=None, now=NOW)
    weekly.put(
        connection, MAYA, weekday=4, at_minute=12 * 60, zone="UTC", reminds=False, next_at=NOW
    )
    for title, which in NAMES.items():
        _ritual(connection, row.id, which, title)
    before = NOW - timedelta(hours=3)
    _time(connection, "late", before, state="planned", held_by=MAYA)
    _time(connection, "over", before, state="open", closes_at=NOW, held_by=MAYA)
    tomorrow = NOW + timedelta(days=1)
    _time(connection, "soon", tomorrow, state="planned", ask_at=NOW, asked=MAYA)
    begun = _time(connection, "begun", before, state="open", held_by=MAYA)
    posts.keep(connection, Kind.RITUAL, begun, CHANNEL, POSTED)


def _ritual(connection: Connection, cohort: UUID, which: UUID, title: str) -> None:
    is_live = title == "over"
    values: dict[str, Any] = {"id": which, "cohort_id": cohort, "template": "own", "title": title}
    values |= {"words": "", "links": "[]", "rule": "FREQ=DAILY", "starts_on": NOW.date()}
    values |= {"at_minute": 15 * 60, "zone": "Europe/Berlin", "on_holiday": "keep"}
    values |= {"mode": "live" if is_live else "open", "minutes": 10 if is_live else None}
    values |= {"rotates": title != "new", "legend": "here", "to_plan": title == "new"}
    values |= {"plan_after": NOW, "revision": 0, "created_at": NOW - timedelta(minutes=which.int)}
    connection.execute(rituals.rituals.insert().values(**values))


def _time(
    connection: Connection,
    title: str,
    due_at: datetime,
    *,
    held_by: str | None = None,
    asked: str | None = None,
    **values: Any,
) -> UUID:
    occurrence = uuid4()
    key: dict[str, Any] = {
        "id": occurrence,
        "ritual_id": NAMES[title],
        "on_date": due_at.date(),
        "due_at": due_at,
    }
    connection.execute(rituals.occurrences.insert().values(**key, **values))
    if (person := held_by or asked) is not None:
        turn: dict[str, Any] = {"id": uuid4() if held_by else ASKED, "occurrence_id": occurrence}
        turn |= {"person_id": person, "asked_at": NOW, "answer": "yes" if held_by else None}
        connection.execute(rota.turns.insert().values(**turn))
    return occurrence
