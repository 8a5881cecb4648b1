"""What somebody does about the weekly question: the form, the buttons, the Home tab."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app import Hearth
from sandbox import Person, Sandbox
from tests.conftest import AGREED, Stored, top
from tests.integration.people.weekly import (
    MONDAY_NOON,
    QUESTION,
    asked,
    at,
    comes,
    form,
    wishes,
)
from tests.integration.pressing import pressed

DUE = at("5 15:00")
WISH = "SELECT weekday, at_minute, zone, next_at IS NULL FROM weekly_checkins"
PAUSED = "SELECT paused_until FROM people"
MODAL: dict[str, Any] = {"id": "V0NONE", "hash": "1.2", "type": "modal", "blocks": []}


@pytest.fixture(autouse=True)
def monday(workspace: Sandbox) -> None:
    workspace.clock.jump(MONDAY_NOON)


@pytest.fixture
def question(hearth: Hearth, workspace: Sandbox, member: Person) -> tuple[str, str]:
    """The direct message, once it has come."""
    wishes(member, reminds=True)
    comes(hearth, workspace, DUE)
    (message,) = member.messages("hearth")
    return "hearth", message["ts"]


def test_the_form_says_what_holds_and_can_be_changed(member: Person, stored: Stored) -> None:
    member.types("/checkin weekly")
    assert member.is_shown("*Who will see this:* only you.")
    assert member.submits(form(), twice=True).ok
    assert member.is_shown("every Friday at 15:00, wherever you are (now Europe/Berlin). Next: ")
    assert member.is_shown("Friday 5 March at 15:00")
    member.closes()
    wishes(member, weekday="0", time="08:30", zone="America/New_York")
    assert [tuple(map(str, row[:3])) for row in stored.rows(WISH)] == [
        ("0", "510", "America/New_York")
    ]
    member.types("/checkin weekly")
    assert member.submits({"wanted": {"wanted": "no"}}).ok
    assert member.is_shown("Hearth asks you no weekly question")
    assert [bool(row[3]) for row in stored.rows(WISH)] == [True]


@pytest.mark.parametrize(
    ("field", "value"),
    [("wanted", None), ("weekday", "7"), ("time", "25:99"), ("zone", "Nowhere/AtAll")],
)
def test_what_cannot_be_kept_is_told_beside_its_field_and_nothing_is_stored(
    member: Person, stored: Stored, field: str, value: str | None
) -> None:
    member.types("/checkin weekly")
    refused = member.submits(form() | {field: {field: value}}, unchecked=True)
    assert set(refused.errors) == {field}
    assert stored.count("weekly_checkins") == 0


def test_whoever_has_not_agreed_reads_the_first_screen_and_a_stale_form_stores_nothing(
    member: Person, stored: Stored
) -> None:
    member.types("/checkin weekly")
    stored.change("DELETE FROM people")
    assert "agreed" in str(member.submits(form()).errors)
    assert stored.count("weekly_checkins") == 0
    member.closes(all=True)
    member.types("/checkin weekly")
    assert set(AGREED) <= {each.get("block_id") for each in top(member)["blocks"]}


def test_with_the_checkins_the_wish_to_be_asked_for_them_is_taken_back(
    member: Person, stored: Stored
) -> None:
    wishes(member)
    member.types("/checkin choices")
    assert member.submits({"agreed": {"agreed": []}}).ok
    assert stored.count("weekly_checkins") == 0


def test_the_home_tab_shows_it_and_opens_its_form(member: Person) -> None:
    member.opens_home()
    assert member.is_shown("Hearth asks you no weekly question")
    member.clicks("home_weekly")
    assert member.submits(form()).ok
    member.closes(all=True)
    assert member.is_shown("Hearth asks you every Friday at 15:00")


def test_one_click_checks_in(member: Person, stored: Stored, question: tuple[str, str]) -> None:
    member.clicks("weekly_check_in", message=question)
    assert top(member)["callback_id"] == "checkin"


def test_not_this_week_is_answered_kindly_and_no_reminder_follows(
    hearth: Hearth, workspace: Sandbox, member: Person, question: tuple[str, str]
) -> None:
    for _ in range(2):
        member.clicks("weekly_not_this_week", message=question)
    assert member.is_shown("Not this week, then. Next: Friday 12 March at 15:00.")
    member.closes(all=True)
    comes(hearth, workspace, at("7 15:00"))
    assert asked(member) == [QUESTION]
    comes(hearth, workspace, DUE + timedelta(weeks=1))
    assert asked(member) == [QUESTION] * 2
    member.clicks("weekly_not_this_week", message=question)
    assert member.is_shown("from an earlier week, so nothing is changed")
    comes(hearth, workspace, at("14 15:00"))
    assert len(asked(member)) == 3


def test_one_click_stops_it_for_good_also_under_an_old_question(
    hearth: Hearth, workspace: Sandbox, member: Person, question: tuple[str, str]
) -> None:
    comes(hearth, workspace, DUE + timedelta(weeks=1))
    for _ in range(2):
        member.clicks("weekly_stop", message=question)
    assert member.is_shown("Hearth will not ask you this again.")
    before = asked(member)
    for day in (14, 19, 26):
        comes(hearth, workspace, at(f"{day} 15:00"))
    assert asked(member) == before


def test_one_click_pauses_for_two_weeks_and_never_shortens_a_pause(
    hearth: Hearth,
    workspace: Sandbox,
    member: Person,
    stored: Stored,
    question: tuple[str, str],
) -> None:
    for _ in range(2):
        member.clicks("weekly_pause", message=question)
    assert member.is_shown("Hearth asks you nothing until Friday 19 March 2027.")
    member.closes(all=True)
    for day in (7, 12):
        comes(hearth, workspace, at(f"{day} 15:00"))
    assert asked(member) == [QUESTION]
    comes(hearth, workspace, at("19 15:00"))
    assert asked(member) == [QUESTION] * 2
    member.types("/checkin pause until I say")
    member.clicks("weekly_pause", message=question)
    assert stored.rows(PAUSED) == [("9999-12-31",)]


@pytest.mark.parametrize("value", ["", "lantern", None, 7, str(UUID(int=7))])
def test_a_forged_button_changes_nothing_of_anybody(
    hearth: Hearth,
    workspace: Sandbox,
    member: Person,
    stored: Stored,
    question: tuple[str, str],
    value: Any,
) -> None:
    rows = "SELECT * FROM weekly_checkins"
    before, bolt, kofi = stored.rows(rows), hearth._bolt(), workspace.person("kofi")
    kofi.types("/checkin")
    kofi.submits(AGREED)
    shown = member.messages("hearth")[0]["blocks"][1]["elements"][1]["value"]
    for person, given in ((member, value), (kofi, value), (kofi, shown)):
        for action in ("weekly_not_this_week", "weekly_stop", "weekly_pause", "weekly_check_in"):
            if person is member and action in {"weekly_stop", "weekly_pause"}:
                continue  # they do the same for their owner whatever they carry
            click = {"type": "button", "action_id": action, "value": given, "block_id": "b"}
            pressed(bolt, person, click, view=MODAL)
    assert stored.rows(rows) == before
    assert stored.rows(f"{PAUSED} WHERE id = '{member.id}'") == [(None,)]
