"""Pausing: Hearth asks nothing of its own accord, and everything else stays possible."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from app import Hearth
from bot.domain.pauses import UNTIL_I_SAY
from sandbox import Person, Sandbox
from tests.conftest import Stored, top

NOON = datetime.fromisoformat("2027-03-01T12:00:00+01:00")
PAUSED = "SELECT paused_until FROM people"


@pytest.fixture(autouse=True)
def noon(workspace: Sandbox) -> None:
    workspace.clock.jump(NOON)


@pytest.mark.parametrize(
    ("text", "until", "said"),
    [
        ("2w", "2027-03-15", "until Monday 15 March 2027"),
        ("2027-12-31", "2027-12-31", "until Friday 31 December 2027"),
        ("until I say", "9999-12-31", "until you say so"),
        ("off", None, "The pause is over"),
    ],
)
@pytest.mark.parametrize("command", ["/checkin pause", "/hearth pause"])
def test_a_pause_is_said_from_the_keyboard(
    member: Person, stored: Stored, command: str, text: str, until: str | None, said: str
) -> None:
    member.types(f"{command} {text}")
    assert said in member.ephemerals("general")[-1]["text"]
    assert stored.rows(PAUSED) == [(until,)]
    assert member.view is None


@pytest.mark.parametrize("text", ["", " soon", " 2027-03-01", " -3w"])
def test_what_is_unclear_is_asked_with_a_form(member: Person, stored: Stored, text: str) -> None:
    member.types(f"/checkin pause{text}")
    assert top(member)["callback_id"] == "pause"
    assert member.is_shown("I did not understand") == bool(text)
    assert member.is_shown("You are not pausing now.")
    assert member.submits({"pause": {"pause": "2w"}}, twice=True).ok
    assert member.is_shown("until Monday 15 March 2027")
    assert stored.rows(PAUSED) == [("2027-03-15",)]
    member.closes()
    member.types("/checkin pause")
    assert member.is_shown("You are pausing until Monday 15 March 2027.")


@pytest.mark.parametrize("day", [None, "2027-03-01", "9999-12-31", "2030-01-01"])
def test_a_day_that_does_not_lie_ahead_is_refused_beside_the_field(
    member: Person, stored: Stored, day: str | None
) -> None:
    member.types("/checkin pause")
    refused = member.submits({"pause": {"pause": "date"}, "day": {"day": day}})
    assert set(refused.errors) == {"day"}
    assert stored.rows(PAUSED) == [(None,)]
    assert member.submits({"day": {"day": "2027-03-02"}}).ok
    assert stored.rows(PAUSED) == [("2027-03-02",)]


def test_a_forged_choice_pauses_nobody(member: Person, stored: Stored) -> None:
    member.types("/checkin pause")
    refused = member.submits({"pause": {"pause": "9999-12-31"}}, unchecked=True)
    assert set(refused.errors) == {"pause"}
    assert stored.rows(PAUSED) == [(None,)]


def test_while_paused_ones_own_checkins_go_on(
    hearth: Hearth, member: Person, stored: Stored
) -> None:
    member.types("/checkin pause until I say")
    assert member.types("/checkin 4 2 3 steady").ok
    assert stored.count("checkins") == 1
    people = hearth.services.people
    assert people.paused_until(member.id) == UNTIL_I_SAY
    assert people.paused(member.id, date(2090, 1, 1))
    assert not people.paused("U0SBXNOBODY", date(2090, 1, 1))


def test_who_never_joined_is_told_how_to_begin(maya: Person, stored: Stored) -> None:
    maya.types("/checkin pause 2w")
    assert "`/checkin`" in maya.ephemerals("general")[-1]["text"]
    assert stored.count("people") == 0
