"""What a closed cohort leaves behind: a notice that says so and is pinned no more, and forms."""

from __future__ import annotations

from typing import Any

import pytest

from app import Hearth
from bot.domain.roles import Role
from sandbox import Person, Sandbox
from storage import roles
from tests.conftest import Stored, filled_in, top
from tests.integration.cohorts.circles import (
    CHANNEL,
    OTHER,
    agree,
    close,
    join,
    look_anew,
    make,
    notices,
    only,
    share,
    working,
)
from tests.integration.outbox import settled
from tests.integration.weather.conftest import LONG, waits
from tests.waiting import until

CLOSED = "This cohort is closed."


def pinned(person: Person, text: str = "") -> list[str]:
    """Return what stands pinned in the channel."""
    return [m["text"] for m in person.messages(CHANNEL) if m["pinned"] and text in m["text"]]


def test_the_notice_says_that_it_is_closed_and_is_pinned_no_more(
    workspace: Sandbox, hearth: Hearth, founded: Person
) -> None:
    notices(workspace, hearth)
    until(lambda: pinned(founded), "it was never pinned")
    close(founded)
    (notice,) = notices(workspace, hearth)
    assert CLOSED in notice["text"]
    assert pinned(founded) == []


def test_a_pin_that_could_not_be_taken_off_is_taken_off_later(
    workspace: Sandbox, hearth: Hearth, founded: Person, stored: Stored
) -> None:
    notices(workspace, hearth)
    until(lambda: pinned(founded), "it was never pinned")
    workspace.fail("pins.remove", status=500)
    close(founded)
    waits(stored, "no_answer")
    workspace.clock.advance(LONG)
    settled(hearth)
    assert pinned(founded) == []
    (notice,) = notices(workspace, hearth)
    assert CLOSED in notice["text"]


@pytest.mark.parametrize("error", ["no_pin", "not_pinned", "is_archived"])
def test_where_there_is_no_pin_to_take_off_the_words_stand_all_the_same(
    workspace: Sandbox, hearth: Hearth, founded: Person, error: str
) -> None:
    notices(workspace, hearth)
    workspace.fail("pins.remove", error=error, times=None)
    close(founded)
    (notice,) = notices(workspace, hearth)
    assert CLOSED in notice["text"]


def test_a_channel_that_begins_anew_has_its_notice_pinned_again(
    workspace: Sandbox, hearth: Hearth, founded: Person
) -> None:
    notices(workspace, hearth)
    close(founded)
    settled(hearth)
    assert pinned(founded) == []
    founded.closes(all=True)
    assert make(founded).ok
    settled(hearth)
    until(lambda: pinned(founded, "Nobody watches"), "it is not pinned again")


@pytest.fixture
def sharer(workspace: Sandbox, hearth: Hearth, founded: Person) -> Person:
    """Maya, who belongs to the cohort."""
    maya = workspace.person("maya")
    agree(hearth, maya)
    join(workspace, hearth, maya)
    maya.closes(all=True)
    return maya


@pytest.mark.parametrize("which", ["the only one", "one of two"])
def test_a_check_in_that_was_to_be_shared_with_it_says_what_happened_and_loses_nothing(
    workspace: Sandbox,
    hearth: Hearth,
    founded: Person,
    sharer: Person,
    stored: Stored,
    which: str,
) -> None:
    picked: dict[str, Any] = {}
    if which == "one of two":
        hearth.services.cohorts.add("First leads", _id(workspace, OTHER), [sharer.id])
    sharer.types("/checkin")
    if which == "one of two":
        (block,) = [b for b in top(sharer)["blocks"] if b.get("block_id") == "cohort"]
        (picked["cohort"],) = [
            option["value"]
            for option in block["element"]["options"]
            if option["text"]["text"] == "New parents"
        ]
        hearth.services.cohorts.close(founded.id, picked["cohort"])
    else:
        close(founded)
    refused = sharer.submits(filled_in(share="capacity", note="kept here", **picked))
    (said,) = refused.errors.values()
    assert "was closed meanwhile" in said
    assert "Nothing is lost" in said
    assert stored.count("checkins") == 0
    sharer.submits({"share": {"share": "nothing"}})
    assert stored.count("checkins") == 1
    assert stored.count("shares") == 0


def test_who_belongs_to_it_no_more_is_told_that(
    hearth: Hearth, founded: Person, sharer: Person, stored: Stored
) -> None:
    assert founded
    sharer.types("/checkin")
    stored.change("DELETE FROM cohort_members")
    refused = sharer.submits(filled_in(share="capacity"))
    (said,) = refused.errors.values()
    assert "do not belong to this cohort any more" in said
    assert hearth


def test_a_shared_check_in_that_is_edited_after_the_closing_says_so_as_well(
    workspace: Sandbox, hearth: Hearth, founded: Person, sharer: Person, stored: Stored
) -> None:
    share(sharer)
    settled(hearth)
    sharer.closes(all=True)
    sharer.types("/checkin")
    close(founded)
    refused = sharer.submits(filled_in(share="capacity", capacity="over"))
    assert "was closed meanwhile" in refused.errors["share"]
    assert len(workspace.posted(CHANNEL)) == 2
    sharer.submits({"share": {"share": "nothing"}})
    settled(hearth)
    assert stored.count("shares") == 0
    assert len(workspace.posted(CHANNEL)) == 1


def test_what_was_not_posted_before_is_never_posted(
    workspace: Sandbox, hearth: Hearth, founded: Person, stored: Stored
) -> None:
    maya = workspace.person("maya")
    agree(hearth, maya)
    hearth.services.cohorts.join(maya.id, str(only(hearth).id), decides=False)
    (notice,) = notices(workspace, hearth)
    workspace.fail("chat.postMessage", error="missing_scope")
    assert share(maya).ok
    waits(stored, "missing_scope")
    hearth.services.cohorts.close(founded.id, str(only(hearth).id))
    workspace.clock.advance(LONG)
    assert [each["ts"] for each in notices(workspace, hearth)] == [notice["ts"]]
    assert stored.count("checkins") == 1
    assert stored.count("shares") == 0


def test_nobody_runs_it_any_more_and_its_place_is_free(
    workspace: Sandbox, hearth: Hearth, founded: Person
) -> None:
    closed = only(hearth).id
    hearth.services.cohorts.close(founded.id, str(closed))
    with hearth.database.read() as connection:
        held = roles.held(connection, founded.id)
    assert Role.FACILITATOR not in [role for role, _ in held]
    assert (Role.LEAD, None) in held
    assert "Run by" not in notices(workspace, hearth)[0]["text"]
    assert make(founded).ok


def _id(workspace: Sandbox, name: str) -> str:
    return next(str(each["id"]) for each in workspace.channels() if each["name"] == name)


@pytest.mark.parametrize("gone", ["archived", "not_inside"])
def test_closed_where_nothing_could_be_said_its_notice_says_so_and_names_nobody_once_it_can(
    workspace: Sandbox, hearth: Hearth, founded: Person, gone: str
) -> None:
    (notice,) = notices(workspace, hearth)
    assert founded.id in notice["text"]
    (workspace.archive if gone == "archived" else workspace.remove_bot)(CHANNEL)
    working(hearth, halted_for=gone)
    hearth.services.cohorts.close(founded.id, str(only(hearth).id))
    hearth.services.people.forget(founded.id)
    settled(hearth)
    look_anew(workspace, hearth)
    (workspace.unarchive if gone == "archived" else workspace.invite_bot)(CHANNEL)
    look_anew(workspace, hearth)
    (notice,) = notices(workspace, hearth)
    assert "This cohort is closed" in notice["text"]
    assert founded.id not in notice["text"]
