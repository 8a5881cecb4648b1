"""The weekly question comes when it was wished for, and stays away whenever there is a reason."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from app import Hearth
from bot import content
from bot.domain.budget import Sort
from bot.domain.delivery import Kind
from bot.domain.pauses import Pause
from bot.domain.people import CHECKINS
from bot.errors import NotRead
from bot.services.budget import prompt
from bot.services.correspondence import Bell
from bot.services.weekly import A_BATCH, WeeklyCheckins, WeeklyCorrespondence
from bot.services.zones import keep_zone
from sandbox import Person, Sandbox
from storage import people, weekly
from storage.engine import Database
from tests.conftest import Stored, on_postgresql
from tests.integration.people.weekly import (
    MONDAY_NOON,
    QUESTION,
    REMINDER,
    asked,
    at,
    comes,
    wishes,
)
from tests.stored import away

DUE = at("5 15:00")
"""A Friday."""


@pytest.fixture(autouse=True)
def monday(workspace: Sandbox) -> None:
    workspace.clock.jump(MONDAY_NOON)


def test_it_comes_every_week_at_the_time_that_was_wished_for_and_once(
    hearth: Hearth, workspace: Sandbox, member: Person
) -> None:
    wishes(member)
    comes(hearth, workspace, DUE - timedelta(minutes=1))
    assert not asked(member)
    for weeks in (1, 2, 3):
        for _ in range(2):
            hearth.services.weekly.tick()
            comes(hearth, workspace, DUE + timedelta(weeks=weeks - 1, minutes=1))
        assert asked(member) == [QUESTION] * weeks
    # After an absence of two weeks clocks have changed: it is three o'clock there all the same.
    comes(hearth, workspace, datetime.fromisoformat("2027-04-02T15:00+02:00"))
    assert len(asked(member)) == 4


def test_one_reminder_follows_two_days_later_and_no_other(
    hearth: Hearth, workspace: Sandbox, member: Person, stored: Stored
) -> None:
    wishes(member, reminds=True)
    for day in ("5 15:00", "6 15:00", "7 14:59"):
        comes(hearth, workspace, at(day))
    assert asked(member) == [QUESTION]
    for day in ("7 15:01", "8 15:00", "9 15:00"):
        comes(hearth, workspace, at(day))
    assert asked(member) == [QUESTION, REMINDER]
    assert stored.rows("SELECT remind_at FROM weekly_checkins") == [(None,)]


@pytest.mark.parametrize("day", ["5 16:00", "7 09:00"])
def test_whoever_has_checked_in_since_is_not_reminded(
    hearth: Hearth, workspace: Sandbox, member: Person, stored: Stored, day: str
) -> None:
    wishes(member, reminds=True)
    comes(hearth, workspace, DUE)
    workspace.clock.jump(at(day))
    member.types("/checkin 4 2 3 steady")
    comes(hearth, workspace, at("7 15:00"))
    assert asked(member) == [QUESTION]
    assert stored.rows("SELECT sort FROM prompts") == [("prompt",)]


def test_whoever_has_checked_in_that_day_is_not_asked_and_keeps_the_weeks_prompt(
    hearth: Hearth, workspace: Sandbox, member: Person, stored: Stored
) -> None:
    wishes(member)
    workspace.clock.jump(at("5 09:00"))
    member.types("/checkin 4 2 3 steady")
    comes(hearth, workspace, DUE)
    assert not asked(member)
    assert stored.count("prompts") == 0
    comes(hearth, workspace, DUE + timedelta(weeks=1))
    assert asked(member) == [QUESTION]


@pytest.mark.parametrize(("minutes", "comes_then"), [(119, True), (121, False)])
def test_after_an_absence_it_is_asked_within_two_hours_or_not_at_all(
    hearth: Hearth,
    workspace: Sandbox,
    member: Person,
    stored: Stored,
    minutes: int,
    comes_then: bool,
) -> None:
    wishes(member)
    comes(hearth, workspace, DUE + timedelta(minutes=minutes))
    assert bool(asked(member)) is comes_then
    assert stored.count("prompts") == comes_then
    comes(hearth, workspace, DUE + timedelta(weeks=1))
    assert len(asked(member)) == 1 + comes_then


def change(connection: Connection, person: str, why: str, now: datetime) -> None:
    """Give a reason not to ask somebody."""
    if why == "pausing":
        people.pause(connection, person, date(2027, 3, 6))
    elif why == "gone":
        people.set_gone(connection, person, now)
    elif why == "new words":
        people.withdraw_consent(connection, person, purpose=CHECKINS, now=now)
    elif why == "prompted":
        assert prompt(connection, person, Kind.RITUAL_TURN, now=now)
    else:
        weekly.stop(connection, person)


@pytest.mark.parametrize("why", ["pausing", "gone", "new words", "prompted", "stopped"])
def test_nobody_is_asked_who_is_not_to_be_and_the_next_week_is_another(
    hearth: Hearth, workspace: Sandbox, member: Person, why: str
) -> None:
    wishes(member)
    now = workspace.clock.now()
    hearth.database.write(lambda each: change(each, member.id, why, now))
    comes(hearth, workspace, DUE)
    assert not asked(member)
    comes(hearth, workspace, DUE + timedelta(weeks=1))
    assert bool(asked(member)) is (why in {"pausing", "prompted"})


def test_it_follows_somebody_to_another_zone_unless_they_chose_one(
    hearth: Hearth, workspace: Sandbox, member: Person
) -> None:
    wishes(member, reminds=True)

    def moves(zone: str) -> None:
        now = workspace.clock.now()
        hearth.database.write(lambda each: keep_zone(each, member.id, zone, now=now))

    moves("America/New_York")
    comes(hearth, workspace, DUE)
    assert not asked(member)
    comes(hearth, workspace, DUE + timedelta(hours=6))
    assert asked(member) == [QUESTION]
    moves("Europe/Berlin")  # where it is past nine in the evening
    comes(hearth, workspace, at("7 15:00"))
    assert asked(member) == [QUESTION, REMINDER]
    wishes(member, zone="America/New_York")
    moves("Asia/Tokyo")
    comes(hearth, workspace, at("12 15:00"))
    assert len(asked(member)) == 2
    comes(hearth, workspace, at("12 21:00"))
    assert len(asked(member)) == 3


def test_flying_back_over_the_line_brings_no_second_question_in_a_week(
    hearth: Hearth, workspace: Sandbox, member: Person
) -> None:
    wishes(member, weekday="0", time="08:00")
    monday = datetime.fromisoformat("2027-03-08T08:00+13:00")

    def moves(zone: str) -> None:
        now = workspace.clock.now()
        hearth.database.write(lambda each: keep_zone(each, member.id, zone, now=now))

    moves("Pacific/Auckland")
    comes(hearth, workspace, monday)
    assert asked(member) == [QUESTION]
    moves("Pacific/Honolulu")  # where it is Sunday, and Monday comes once more
    comes(hearth, workspace, datetime.fromisoformat("2027-03-08T08:00-10:00"))
    assert asked(member) == [QUESTION]


LATER: dict[str, Any] = {
    "late": lambda _hearth, workspace, _member: workspace.clock.advance(timedelta(hours=2)),
    "checked in": lambda _hearth, _workspace, member: member.types("/checkin 4 2 3 steady"),
    "paused": lambda hearth, _workspace, member: hearth.services.people.pause(
        member.id, Pause(date.max)
    ),
    "stopped": lambda hearth, _workspace, member: hearth.services.weekly.stop(member.id),
    "forgotten": lambda hearth, _workspace, member: hearth.services.people.forget(member.id),
}


@pytest.mark.parametrize("why", [None, *LATER])
def test_what_waited_too_long_to_be_sent_is_said_only_if_it_is_still_to_be(
    hearth: Hearth, workspace: Sandbox, member: Person, why: str | None
) -> None:
    wishes(member)
    comes(hearth, workspace, DUE)
    with hearth.database.read() as connection:
        row = weekly.find(connection, member.id)
    assert row is not None
    if why is not None:
        LATER[why](hearth, workspace, member)
    correspondence = WeeklyCorrespondence(workspace.clock, Sort.PROMPT)
    with hearth.database.read() as connection:
        letter = correspondence.letter(connection, row.ref)
    assert (letter is not None) is (why is None)


def lay(connection: Connection, count: int) -> None:
    """Let many people wish for the same minute."""
    for number in range(count):
        person = f"U0MANY{number}"
        people.join(connection, person, country="DE", now=MONDAY_NOON)
        version = content.consent_version()
        people.record_consent(
            connection, person, purpose=CHECKINS, version=version, now=MONDAY_NOON
        )
        wish: dict[str, Any] = {"weekday": 4, "at_minute": 900, "zone": None, "reminds": False}
        weekly.put(connection, person, **wish, next_at=DUE)


def test_several_processes_ask_everybody_once(
    database: Database, workspace: Sandbox, stored: Stored
) -> None:
    many = 2 * A_BATCH + 3
    database.write(lambda each: lay(each, many))
    workspace.clock.jump(DUE + timedelta(hours=1))  # three o'clock in UTC is what nobody knows
    with ExitStack() as opened, ThreadPoolExecutor(3) as pool:
        own = [opened.enter_context(closing(Database(stored.url))) for _ in range(3)]
        ticks = [WeeklyCheckins(each, workspace.clock, Bell()).tick for each in own]
        assert sum(pool.map(lambda tick: tick(), ticks)) == many
    assert stored.count("prompts") == many
    assert stored.rows("SELECT count(*), count(DISTINCT subject) FROM outbox") == [(many, many)]


@on_postgresql
def test_whom_another_process_holds_is_left_to_it_and_nobody_waits(
    hearth: Hearth, workspace: Sandbox, member: Person, stored: Stored
) -> None:
    wishes(member)
    workspace.clock.jump(DUE)
    with hearth.database.engine.connect() as other, other.begin() as transaction:
        assert weekly.to_ask(other, DUE, limit=1)
        assert hearth.services.weekly.tick() == 0
        transaction.rollback()
    comes(hearth, workspace, DUE)
    assert asked(member) == [QUESTION]


def test_with_the_database_away_it_is_asked_when_that_is_back(
    hearth: Hearth, workspace: Sandbox, member: Person, stored: Stored
) -> None:
    wishes(member)
    workspace.clock.jump(DUE)
    with away(stored, "weekly_checkins"), pytest.raises(NotRead):
        hearth.services.weekly.tick()
    comes(hearth, workspace, DUE)
    assert asked(member) == [QUESTION]
