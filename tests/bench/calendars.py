"""What it costs to open a cohort's calendar, among many cohorts whose rituals ran for years.

Measured inside one process, from the question to the JSON that Slack would be given.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from statistics import median
from time import perf_counter
from uuid import UUID, uuid4

from sqlalchemy import Connection, select

from bot.domain.roles import Role
from bot.views import home, ritual_calendar
from storage import roles
from storage.cohorts import cohorts
from storage.rituals import occurrences, rituals
from tests.bench import databases, kept_rituals
from tests.bench.result import Result, WrongAnswer
from tests.bench.sides import Memory
from tests.bench.submissions import MEMBERS

COHORTS = 1000
RITUALS = 4
IN_THE_LARGEST = 20
WEEKS = 3 * 52
RUNS = 3
"""So many cohorts the facilitator runs."""

WARM_UP, TIMES = 5, 100
MEMBER, FACILITATOR = MEMBERS[:2]


async def opens() -> AsyncIterator[Result]:
    """Measure the calendar of the cohort that has as many rituals as there can be."""
    print(f"\nMilliseconds to open a page, {COHORTS} cohorts and {WEEKS} weeks behind them")
    print(f"  {'':>36} {'p50':>7} {'p99':>7}")
    with databases.both() as memories:
        for kind, memory in memories.items():
            channel = _fill(memory)
            kept_rituals.tidy(memory.database)
            pages = {
                "calendar-open": partial(_opened, memory, channel),
                "calendar-home-member": partial(_home, memory, MEMBER),
                "calendar-home-facilitator": partial(_home, memory, FACILITATOR),
            }
            for name, page in pages.items():
                taken = _taken(page)
                middle, last = median(taken), taken[int(len(taken) * 0.99)]
                print(f"  {name + databases.suffix(kind):>36} {middle:>7.2f} {last:>7.2f}")
                name += databases.suffix(kind)
                yield Result(name=name, value=middle, unit="ms", floor=50, goal=20)
                yield Result(name=f"{name}-p99", value=last, unit="ms")


def _taken(page: Callable[[], object]) -> Sequence[float]:
    """Return the milliseconds of each time, the shortest first."""
    taken = []
    for _ in range(WARM_UP + TIMES):
        begun = perf_counter()
        page()
        taken.append((perf_counter() - begun) * 1000)
    return sorted(taken[WARM_UP:])


def _home(memory: Memory, person: str) -> str:
    return json.dumps(home.home(memory.services.home.page(person)))


def _opened(memory: Memory, channel: str) -> str:
    found = memory.services.rituals.here(MEMBER, channel)
    if found is None:
        raise WrongAnswer("there is no calendar")
    shown = json.dumps(ritual_calendar.calendar(found))
    if shown.count("Next: ") != IN_THE_LARGEST:
        raise WrongAnswer("a ritual is missing, or its next date")
    return shown


def _fill(memory: Memory) -> str:
    """Let there be cohorts with rituals and their years, and return the channel of the largest."""
    memory.found_cohorts(COHORTS)
    with memory.database.read() as connection:
        places = connection.execute(select(cohorts.c.id, cohorts.c.channel_id)).all()
    with memory.database.unhurried(writes=True) as connection:
        for number, place in enumerate(places):
            many = RITUALS if number else IN_THE_LARGEST
            _keep(connection, [_ritual(place.id) for _ in range(many)])
        now, role = datetime.now(UTC), Role.FACILITATOR
        for place in places[:RUNS]:
            roles.add(connection, FACILITATOR, role, cohort=place.id, by=None, now=now)
    return str(places[0].channel_id)


def _ritual(cohort: UUID) -> dict[str, object]:
    now = datetime.now(UTC)
    return {
        "id": uuid4(),
        "cohort_id": cohort,
        "template": "own",
        "title": "Friday wins",
        "words": "What worked? " * 40,
        "links": "[]",
        "rule": "FREQ=WEEKLY;BYDAY=FR",
        "starts_on": now.date() - timedelta(weeks=WEEKS),
        "at_minute": 15 * 60,
        "zone": "Europe/Berlin",
        "on_holiday": "skip",
        "country": "DE",
        "mode": "open",
        "rotates": True,
        "legend": "here",
        "to_plan": False,
        "plan_after": now,
        "revision": 0,
        "created_at": now,
    }


def _keep(connection: Connection, made: list[dict[str, object]]) -> None:
    today = datetime.now(UTC).date()
    coming = today + timedelta(days=7 - (today.weekday() - 4) % 7)
    connection.execute(rituals.insert(), made)
    connection.execute(
        occurrences.insert(),
        [
            _occurrence(each["id"], coming - timedelta(weeks=back), is_planned=not back)
            for each in made
            for back in range(WEEKS + 1)
        ],
    )


def _occurrence(ritual: object, day: date, *, is_planned: bool) -> dict[str, object]:
    return {
        "id": uuid4(),
        "ritual_id": ritual,
        "on_date": day,
        "due_at": datetime(day.year, day.month, day.day, 14, tzinfo=UTC),
        "state": "planned" if is_planned else "closed",
    }
