"""The Home tab of several people, to be held against golden files and Slack's limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from bot.domain.checkins import Answer, Capacity
from bot.domain.cohorts import Cohort
from bot.domain.home import SHARES_SHOWN_DAYS, HomePage, Own, SharedDay, Standing, weeks
from bot.domain.pauses import UNTIL_I_SAY
from bot.domain.people import Choices, Safety
from bot.domain.programme import ITEMS, Checklist, Entry
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
)
FULLEST = replace(
    MEMBER,
    weeks=weeks(CHECKINS, today=TODAY),
    paused_until=UNTIL_I_SAY,
    shares=[
        SharedDay(UUID(int=n), TODAY - timedelta(days=n - 1), Shared(Part.NOTE, f"C{n}"))
        for n in range(SHARES_SHOWN_DAYS + 1)
    ],
    cohorts=[Cohort(UUID(int=n), EVIL[:60], f"C{n}") for n in range(50)],
)


BARE = Checklist({item: Entry(item) for item in ITEMS}, {})


def page(own: Own | None, standing: Standing = Standing.MEMBER, *roles: Role) -> HomePage:
    facilitates = MEMBER.cohorts if Role.FACILITATOR in roles else ()
    return HomePage(
        standing=standing,
        own=own,
        roles=frozenset(roles),
        facilitates=facilitates,
        checklist=BARE if Role.LEAD in roles else None,
    )


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
    "home_without_charts": home.home(page(MEMBER), chart=False),
    "home_fullest": home.home(page(FULLEST, Standing.MEMBER, *GRANTED)),
    "home_without_memory": home.without_memory(NotRead(Cause.UNAVAILABLE)),
}
