"""A person's own page, gathered in one read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.domain.checkins import Answer, Capacity
from bot.domain.cohorts import Cohort, band
from bot.domain.days import local_time, own_day
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
    first_day,
    weeks,
)
from bot.domain.pauses import is_paused
from bot.domain.people import CHECKINS, Choices
from bot.domain.rituals import State
from bot.domain.roles import Action, Role, may
from bot.domain.visibility import Part, Shared
from bot.ports import Clock
from bot.services.access import is_led
from bot.services.failures import reading
from bot.services.people import find, safety_of
from bot.services.programme import Programme
from bot.services.shares import cohort
from bot.services.weekly import setting
from storage import checkins, cohorts, coming, exports, people, roles, shares
from storage.checkins import LatestRow
from storage.engine import Database
from storage.people import PersonRow


class Home:
    """What the Home tab shows."""

    def __init__(self, database: Database, clock: Clock, programme: Programme) -> None:
        self._database = database
        self._clock = clock
        self._programme = programme

    def page(self, person: str) -> HomePage:
        """Return the person's page; it takes as long after three years as after three weeks.

        Raises:
            NotRead: storage did not answer.
        """
        now = self._clock.now()
        with reading(), self._database.read() as connection:
            row = find(connection, person)
            held = roles.held(connection, person)
            runs = [where for role, where in held if role == Role.FACILITATOR and where]
            is_ = frozenset(Role(role) for role, _ in held)
            facilitates = [cohort(each) for each in cohorts.named(connection, runs)]
            page = HomePage(
                standing=_standing(connection, row),
                own=self._own(connection, row) if row is not None and row.agreed else None,
                roles=is_,
                facilitates=facilitates,
                runs=[_run(connection, each, now) for each in facilitates[:RUNS_SHOWN]],
                is_led=is_led(connection),
                checklist=(
                    self._programme.listed(connection) if may(Action.SEE_SET_UP, is_) else None
                ),
            )
        if page.checklist is None:
            return page
        return replace(page, checklist=self._programme.proved(page.checklist))

    def _own(self, connection: Connection, row: PersonRow) -> Own:
        today = own_day(self._clock.now(), zone=row.zone, starts_minute=row.day_starts_minute)
        found = checkins.latest(connection, row.id)
        latest = None if found is None else (found.day, _answer(found))
        at = found.changed_at if found is not None and found.day >= today else None
        until = people.paused_until(connection, row.id)
        mine = cohorts.of(connection, row.id)
        next_ = coming.coming(connection, [each.id for each in mine], limit=COMING_SHOWN)
        return Own(
            today=today,
            choices=Choices(True, safety_of(connection, row.id), row.country),
            paused_until=until if is_paused(until, day=today) else None,
            latest=latest,
            checked_in_at=local_time(at, row.zone) if at else None,
            weeks=weeks(checkins.since(connection, row.id, first_day(today)), today=today),
            shares=_shared_days(connection, row.id, today),
            cohorts=[cohort(each) for each in mine],
            coming=[
                Coming(each.title, each.channel_id, local_time(each.due_at, row.zone))
                for each in next_
            ],
            weekly=setting(connection, row, now=self._clock.now()),
            copies=len(exports.standing(connection, row.id)),
        )


def _run(connection: Connection, run: Cohort, now: datetime) -> Run:
    past = [
        Past(each.title, each.on_date, State(each.state), band(each.people))
        for each in coming.latest(connection, run.id, now=now, limit=PAST_SHOWN)
    ]
    return Run(run, band(coming.on_rota(connection, run.id)), past)


def _standing(connection: Connection, row: PersonRow | None) -> Standing:
    if row is None:
        return Standing.NEW
    if row.agreed:
        return Standing.MEMBER
    held = people.consents_for(connection, row.id)
    return Standing.ASKED_AGAIN if CHECKINS in held else Standing.LEFT


def _shared_days(connection: Connection, person: str, today: date) -> list[SharedDay]:
    # Whoever flew west may have checked in for what is tomorrow there.
    days = [today + timedelta(days=1 - back) for back in range(SHARES_SHOWN_DAYS + 1)]
    found = shares.on_days(connection, person, days)
    return [
        SharedDay(share.id, day, Shared(Part(share.part), share.channel_id))
        for day in days
        if (share := found.get(day)) is not None
    ]


def _answer(row: LatestRow) -> Answer:
    return Answer(
        mood=row.mood, stress=row.stress, energy=row.energy, capacity=Capacity(row.capacity)
    )
