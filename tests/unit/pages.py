"""The Home tab of several people, to be held against golden files and Slack's limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from bot.domain.checkins import Answer, Capacity
from bot.domain.cohorts import Cohort
from bot.domain.home import (
    COMING_SHOWN,
    PAST_SHOWN,
    RUNS_SHOWN,
    SHARES_SHOWN_DAYS,
    Coming,
    HomePage,
    Own,
    Past,
    Run,
    SharedDay,
    Standing,
    weeks,
)
from bot.domain.pauses import UNTIL_I_SAY
from bot.domain.people import Choices, Safety
from bot.domain.programme import ITEMS, Checklist, Entry
from bot.domain.rituals import State
from bot.domain.roles import GRANTED, Role
from bot.domain.visibility import Part, Shared
from bot.errors import Cause, NotRead
from bot.views import home
from bot.views.blocks import View

NOW = datetime.fromisoformat("2026-11-22T09:12+01:00")
TODAY = NOW.date()
EVIL = "<!channel> *bold* <https://evil.example|click> & `code` :wave:"
ANSWER = Answer(mood=2, stress=5, energy=1, capacity=Capacity.OVER)

CHECKINS = [(TODAY - timedelta(days=n), 1 + n % 5, 5 - n % 5, 1 + n % 3) for n in range(80)]
BEGUN = Own(today=TODAY, choices=Choices(True, Safety.OFF, "DE"))
MEMBER = Own(
    today=TODAY,
    choices=Choices(True, Safety.HELP, "FR"),
    latest=(TODAY, ANSWER),
    checked_in_at=NOW,
    weeks=weeks([each for each in CHECKINS if not 21 <= (TODAY - each[0]).days < 42], today=TODAY),
    shares=[SharedDay(UUID(int=3), TODAY, Shared(Part.MOOD_AND_CAPACITY, "C1"))],
    cohorts=[Cohort(UUID(int=1), "New parents", "C1"), Cohort(UUID(int=2), EVIL, "C2")],
    coming=[
        Coming("Friday wins", "C1", NOW + timedelta(days=5)),
        Coming(EVIL[:60], "C2", NOW + timedelta(days=6)),
    ],
)
PAST = [
    Past("Friday wins", TODAY - timedelta(days=7 * number), state, "fewer than 5")
    for number, state in enumerate(State)
    if state is not State.PLANNED
]
FULLEST = replace(
    MEMBER,
    weeks=weeks(CHECKINS, today=TODAY),
    paused_until=UNTIL_I_SAY,
    shares=[
        SharedDay(UUID(int=n), TODAY - timedelta(days=n - 1), Shared(Part.NOTE, f"C{n}"))
        for n in range(SHARES_SHOWN_DAYS + 1)
    ],
    cohorts=[Cohort(UUID(int=n), EVIL[:60], f"C{n}") for n in range(50)],
    coming=[Coming(EVIL[:60], f"C{n}", NOW) for n in range(COMING_SHOWN)],
)


BARE = Checklist({item: Entry(item) for item in ITEMS}, {})


def page(own: Own | None, standing: Standing = Standing.MEMBER, *roles: Role) -> HomePage:
    facilitates = MEMBER.cohorts if Role.FACILITATOR in roles else ()
    return HomePage(
        standing=standing,
        own=own,
        roles=frozenset(roles),
        facilitates=facilitates,
        runs=[Run(each, "5 to 9", PAST) for each in facilitates[:1]]
        + [Run(each, "fewer than 5") for each in facilitates[1:]],
        checklist=BARE if Role.LEAD in roles else None,
    )


def fullest() -> HomePage:
    past = [Past(EVIL[:60], TODAY, State.CLOSED, "100 or more")] * PAST_SHOWN
    runs = [Run(Cohort(UUID(int=n), EVIL[:60], f"C{n}"), "100 or more", past) for n in range(1, 4)]
    assert len(runs) == RUNS_SHOWN
    return replace(page(FULLEST, Standing.MEMBER, *GRANTED), runs=runs)


VIEWS: dict[str, View] = {
    "home_new": home.home(replace(page(None, Standing.NEW), is_led=False)),
    "home_left": home.home(page(None, Standing.LEFT)),
    "home_asked_again": home.home(page(None, Standing.ASKED_AGAIN)),
    "home_begun": home.home(page(BEGUN)),
    "home_yesterday": home.home(
        page(
            replace(
                BEGUN,
                latest=(TODAY - timedelta(days=1), ANSWER),
                paused_until=TODAY + timedelta(days=14),
            )
        )
    ),
    "home_member": home.home(page(MEMBER)),
    "home_facilitator": home.home(page(BEGUN, Standing.MEMBER, Role.FACILITATOR)),
    "home_without_charts": home.home(page(MEMBER), chart=False),
    "home_fullest": home.home(fullest()),
    "home_without_memory": home.without_memory(NotRead(Cause.UNAVAILABLE)),
}
