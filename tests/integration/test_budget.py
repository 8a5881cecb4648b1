"""The one prompt budget in real databases: two that ask at once, and whatever order they ask in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from bot import content
from bot.domain.budget import COHORT_POSTS, sort_of, week_of
from bot.domain.delivery import Kind
from bot.domain.people import CHECKINS
from bot.ports import SystemClock
from bot.services.budget import Budget, cohort_week, free, prompt, reserve, room
from storage import cohorts, people
from storage.budget import cohort_posts, prompts
from storage.engine import Database
from tests.conftest import on_postgresql
from tests.stored import StoredOnServer

NOW = datetime(2027, 3, 23, 9, 0, tzinfo=UTC)
"""A Tuesday."""
WEEK = date(2027, 3, 22)
PERSON = "U0BUDGET"


class At(SystemClock):
    """A clock that stands."""

    def __init__(self, instant: datetime) -> None:
        self._instant = instant

    def now(self) -> datetime:
        return self._instant


def join(connection: Connection) -> None:
    """Let somebody agree."""
    people.join(connection, PERSON, country="DE", now=NOW)
    people.set_zone(connection, PERSON, "Europe/Berlin", now=NOW)
    version = content.consent_version()
    people.record_consent(connection, PERSON, purpose=CHECKINS, version=version, now=NOW)


@pytest.fixture
def joined(database: Database) -> Database:
    database.write(join)
    return database


@pytest.fixture
def cohort(joined: Database) -> UUID:
    joined.write(lambda each: cohorts.add(each, name="A", channel="C0A", people=[], now=NOW))
    with joined.read() as connection:
        return cohorts.every(connection)[0].id


def asked(
    database: Database,
    now: datetime = NOW,
    kind: Kind = Kind.RITUAL_TURN,
) -> bool:
    return database.write(lambda each: prompt(each, PERSON, kind, now=now))


@on_postgresql
@pytest.mark.parametrize("what", ["prompt", "posts"])
def test_of_two_that_ask_at_once_one_may(
    joined: Database, cohort: UUID, stored: StoredOnServer, what: str
) -> None:
    def work(connection: Connection) -> bool:
        if what == "posts":
            return reserve(connection, uuid4(), cohort, WEEK, 2)
        return prompt(connection, PERSON, Kind.RITUAL_TURN, now=NOW)

    with ThreadPoolExecutor(1) as pool:
        with joined.engine.connect() as first, first.begin():
            assert work(first)
            second = pool.submit(joined.write, work)
            stored.until_somebody_waits()
        assert not second.result()


def test_the_next_week_has_a_prompt_and_a_reminder_of_its_own(joined: Database) -> None:
    assert not asked(joined, kind=Kind.WEEKLY_REMINDER)
    assert [asked(joined), asked(joined, kind=Kind.WEEKLY_CHECKIN)] == [True, False]
    assert [asked(joined, kind=Kind.WEEKLY_REMINDER) for _ in range(2)] == [True, False]
    sunday_late = datetime(2027, 3, 28, 21, 59, tzinfo=UTC)  # 23:59 in Berlin
    assert not asked(joined, sunday_late)
    assert not asked(joined, sunday_late + timedelta(minutes=1), Kind.WEEKLY_REMINDER)
    assert asked(joined, sunday_late + timedelta(minutes=1))


def test_what_is_exempt_is_never_counted_and_never_refused(joined: Database) -> None:
    assert [asked(joined, kind=Kind.LINES_DUE) for _ in range(3)] == [True] * 3
    assert asked(joined)
    assert asked(joined, kind=Kind.LET_OFF)


@pytest.mark.parametrize("why", ["pausing", "gone", "taken back", "unknown"])
def test_who_is_not_to_be_asked_is_not_and_nothing_is_counted(joined: Database, why: str) -> None:
    def change(connection: Connection) -> None:
        if why == "pausing":
            people.pause(connection, PERSON, date(2027, 3, 24))
        elif why == "gone":
            people.set_gone(connection, PERSON, NOW)
        elif why == "taken back":
            people.withdraw_consent(connection, PERSON, purpose=CHECKINS, now=NOW)
        else:
            people.remove(connection, PERSON)

    joined.write(change)
    assert not asked(joined)
    with joined.read() as connection:
        assert connection.scalar(select(func.count()).select_from(prompts)) == 0
    if why == "pausing":
        assert asked(joined, NOW + timedelta(days=1))  # the first day on which they may be asked


def test_a_cohorts_week_is_the_one_where_the_cohort_is(joined: Database, cohort: UUID) -> None:
    sunday = datetime(2027, 3, 21, 12, 0, tzinfo=UTC)
    with joined.engine.begin() as connection:
        assert cohort_week(connection, cohort, sunday, zone="Pacific/Auckland") == WEEK
        connection.execute(cohorts.cohorts.update().values(zone="America/New_York"))
        assert cohort_week(connection, cohort, sunday, zone="Pacific/Auckland") < WEEK
        assert not reserve(connection, uuid4(), uuid4(), WEEK, 1)  # of no cohort


def test_rows_older_than_thirteen_weeks_go(joined: Database, cohort: UUID) -> None:
    asked(joined)
    joined.write(lambda each: reserve(each, uuid4(), cohort, WEEK, 1))
    for weeks, gone in ((13, 0), (14, 2), (14, 0)):
        assert Budget(joined, At(NOW + timedelta(weeks=weeks))).let_old_ones_go() == gone


INSTANTS = st.integers(0, 20 * 24).map(lambda hours: NOW + timedelta(hours=hours))
ZONES = st.sampled_from(["Pacific/Honolulu", "Europe/Berlin", "Pacific/Auckland"])
PERSONAL = st.tuples(INSTANTS, ZONES, st.sampled_from(Kind))
POSTS = st.tuples(st.integers(0, 4), st.integers(0, 1), st.integers(1, 3), st.booleans())
BRIEFLY = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@BRIEFLY
@given(wishes=st.lists(PERSONAL, max_size=10))
def test_whatever_is_wished_nobodys_week_has_more_than_one_of_each(
    joined: Database, wishes: list[tuple[datetime, str, Kind]]
) -> None:
    had = []
    with joined.engine.connect() as connection, connection.begin() as transaction:
        for at, zone, kind in wishes:
            people.set_zone(connection, PERSON, zone, now=at)
            sort = sort_of(kind)
            if prompt(connection, PERSON, kind, now=at) and sort is not None:
                had.append((at, zone, sort))
        counted = connection.scalar(select(func.count()).select_from(prompts))
        transaction.rollback()
    assert counted == len(had)
    for index, (at, zone, sort) in enumerate(had):
        week = week_of(at, zone)
        assert sort not in [s for a, _, s in had[:index] if week_of(a, zone) == week]


@BRIEFLY
@given(wishes=st.lists(POSTS, max_size=10))
def test_whatever_is_planned_no_cohorts_week_has_more_than_three_posts(
    joined: Database, cohort: UUID, wishes: list[tuple[int, int, int, bool]]
) -> None:
    with joined.engine.connect() as connection, connection.begin() as transaction:
        held: dict[int, tuple[int, int]] = {}
        for occasion, week, posts, frees in wishes:
            name, monday = UUID(int=occasion), WEEK + timedelta(weeks=week)
            others = sum(p for o, (w, p) in held.items() if w == week and o != occasion)
            if frees:
                free(connection, name)
                held.pop(occasion, None)
            elif reserve(connection, name, cohort, monday, posts):
                held[occasion] = (week, posts)
                assert others + posts <= COHORT_POSTS
            else:
                assert others + posts > COHORT_POSTS
            for each in range(2):
                used = sum(p for w, p in held.values() if w == each)
                assert room(connection, cohort, WEEK + timedelta(weeks=each)) == 3 - used
        assert connection.scalar(select(func.count()).select_from(cohort_posts)) == len(held)
        transaction.rollback()
