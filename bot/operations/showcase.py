"""What the demo begins with: a cohort that has a facilitator, a rota and a first ritual.

Whoever is named here is made up and lives in the sandbox. Everybody else joins by themselves, as
they would in a company.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection

from bot.content.rituals import template
from bot.domain import recurrence
from bot.domain.days import local_time
from bot.domain.people import Agreement
from bot.domain.rituals import Mode, OnHoliday, Plan, Schedule
from bot.domain.roles import Role
from bot.services import Services
from storage import roles
from storage.engine import Database

COHORT = "cohort-new-parents"
FACILITATOR = "kofi"
ON_ROTA = ("kofi", "hanne", "jonas")
PEOPLE = (*ON_ROTA, "priya", "diego")
"""Those who have joined."""
_ZONE, _COUNTRY = "Europe/Berlin", "DE"
_FRIDAY = 4


def furnish(
    services: Services,
    database: Database,
    channels: Mapping[str, tuple[str, Collection[str]]],
    people: Mapping[str, str],
    now: datetime,
) -> None:
    """Make a cohort of every channel that is named for one, and let the first have a rhythm.

    What is there already, from an earlier demo on the same data, stays as it is.

    Args:
        services: of the Hearth of the demo.
        database: its database, for the one role that nobody is there to give.
        channels: name to id and the ids of its members.
        people: the ids of `PEOPLE`, by name.
        now: the present instant.
    """
    for name, (channel, members) in channels.items():
        if name.startswith("cohort-"):
            title = name.removeprefix("cohort-").replace("-", " ").capitalize()
            if services.cohorts.add(title, channel, members) and name == COHORT:
                _give_a_rhythm(services, database, channel, people, now)


def _give_a_rhythm(
    services: Services, database: Database, channel: str, people: Mapping[str, str], now: datetime
) -> None:
    for name in PEOPLE:
        services.people.agree(people[name], Agreement(agreed=True, country=_COUNTRY))
    cohort = services.cohorts.here(channel).id
    kofi = people[FACILITATOR]

    def work(connection: Connection) -> None:
        roles.add(connection, kofi, Role.FACILITATOR, cohort=cohort, by=None, now=now)

    database.write(work)
    for name in ON_ROTA:
        services.rota.opt_in(people[name], str(cohort))
    services.rituals.schedule(kofi, cohort, _friday_wins(now))


def _friday_wins(now: datetime) -> Plan:
    begin = template("friday_wins")
    return Plan(
        template=begin.key,
        title=begin.title,
        words=begin.words,
        links=begin.links,
        schedule=Schedule(
            rule=recurrence.weekly([_FRIDAY]),
            starts_on=local_time(now, _ZONE).date(),
            at_minute=begin.suggested.at_minute,
            zone=_ZONE,
            on_holiday=OnHoliday.SKIP,
            country=_COUNTRY,
        ),
        mode=Mode.OPEN,
        minutes=None,
        rotates=True,
        legend=begin.legend,
    )
