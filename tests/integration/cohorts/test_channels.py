"""A cohort's channel that changes: sharing stops, people are told, and it goes on by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app import Hearth
from bot.domain.roles import Role
from sandbox import Person, Sandbox
from storage import cohorts
from tests.conftest import Lock, Stored, filled_in, top
from tests.integration.cohorts.circles import (
    CHANNEL,
    NO,
    agree,
    give,
    join,
    look_anew,
    make,
    notices,
    only,
    share,
    working,
)
from tests.integration.outbox import settled
from tests.integration.slack import gives_up_soon
from tests.logs import NOTE
from tests.waiting import until


@pytest.fixture
def maya(workspace: Sandbox, hearth: Hearth) -> Person:
    """A member of a working cohort in a private channel that Kofi runs."""
    workspace.make_private(CHANNEL)
    kofi, maya = workspace.person("kofi"), workspace.person("maya")
    give(hearth, kofi, Role.LEAD)
    assert make(kofi).ok
    working(hearth)
    agree(hearth, maya)
    assert join(workspace, hearth, maya).ok
    maya.closes(all=True)
    return maya


def told(workspace: Sandbox, hearth: Hearth, person: str) -> list[str]:
    """Return what Hearth has said to somebody alone."""
    settled(hearth)
    return [message["text"] for message in workspace.posted(person)]


CHANGES = {
    "make_public": ("open", "everybody in the company can read the channel now", "make_private"),
    "share_channel": ("shared", "shared with another company", "unshare_channel"),
    "archive": ("archived", "archived", "unarchive"),
    "remove_bot": ("not_inside", "not in the channel any more", "invite_bot"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_sharing_stops_people_are_told_once_and_it_goes_on_once_that_is_mended(
    workspace: Sandbox, hearth: Hearth, maya: Person, change: str
) -> None:
    reason, words, mend = CHANGES[change]
    before = len(notices(workspace, hearth))
    getattr(workspace, change)(CHANNEL)
    look_anew(workspace, hearth)
    working(hearth, halted_for=reason)
    (text,) = told(workspace, hearth, "maya")
    assert words in text
    assert ("take yours back" in text) is (reason in ("open", "shared"))
    look_anew(workspace, hearth)
    assert len(told(workspace, hearth, "maya")) == 1
    maya.types("/checkin")
    assert not maya.is_shown("Share a part of it")
    maya.closes(all=True)
    getattr(workspace, mend)(CHANNEL)
    look_anew(workspace, hearth)
    working(hearth)
    assert share(maya).ok
    shown = notices(workspace, hearth)
    assert len(shown) == before + 1
    assert "Nothing is shared here just now" not in shown[0]["text"]
    assert len(told(workspace, hearth, "maya")) == 1


@pytest.mark.parametrize("change", ["share_channel", "archive", "remove_bot"])
def test_what_slack_tells_is_looked_at_without_waiting(
    workspace: Sandbox, hearth: Hearth, maya: Person, change: str
) -> None:
    getattr(workspace, change)(CHANNEL)
    working(hearth, halted_for=CHANGES[change][0])


def test_the_notice_says_that_nothing_is_shared_and_why(
    workspace: Sandbox, hearth: Hearth, maya: Person
) -> None:
    workspace.share_channel(CHANNEL)
    working(hearth, halted_for="shared")
    (notice,) = notices(workspace, hearth)
    assert "Nothing is shared here just now:" in notice["text"]
    assert "another company" in notice["text"]


def test_a_share_form_that_is_open_when_the_channel_becomes_public_keeps_everything(
    workspace: Sandbox, hearth: Hearth, maya: Person, stored: Stored
) -> None:
    maya.types("/checkin")
    workspace.make_public(CHANNEL)
    look_anew(workspace, hearth)
    refused = maya.submits(filled_in(share="note", note=NOTE))
    assert "paused" in refused.errors["share"]
    assert stored.count("checkins") == 0
    assert top(maya)["state"]["values"]["note"]["note"]["value"] == NOTE
    assert maya.submits({"share": {"share": "nothing"}}).ok
    assert stored.count("checkins") == 1
    assert stored.count("shares") == 0


def test_what_was_on_its_way_when_the_channel_became_public_does_not_stay_there(
    workspace: Sandbox, hearth: Hearth, maya: Person, stored: Stored
) -> None:
    before = len(notices(workspace, hearth))
    held = workspace.hold("chat.postMessage", channel=CHANNEL)
    assert share(maya).ok
    workspace.make_public(CHANNEL)
    look_anew(workspace, hearth)
    held.release()
    assert len(notices(workspace, hearth)) == before
    assert stored.count("shares") == 0
    assert stored.count("checkins") == 1


def test_what_stands_there_stays_until_it_is_taken_back_and_no_news_is_added(
    workspace: Sandbox, hearth: Hearth, maya: Person
) -> None:
    assert share(maya, "mood_and_capacity", mood=4).ok
    before = notices(workspace, hearth)
    workspace.make_public(CHANNEL)
    look_anew(workspace, hearth)
    assert len(notices(workspace, hearth)) == len(before)
    maya.closes(all=True)
    maya.types("/checkin")
    refused = maya.submits(filled_in(mood=1))
    assert "paused" in refused.errors["share"]
    maya.closes(all=True)
    maya.types("/checkin 1 1 1 over")
    assert len(notices(workspace, hearth)) == len(before) - 1
    assert not any("Mood" in each["text"] for each in notices(workspace, hearth))


def test_somebody_from_outside_who_comes_into_the_channel_stops_it(
    workspace: Sandbox, hearth: Hearth, maya: Person
) -> None:
    workspace.add_member(CHANNEL, "binod")
    working(hearth, halted_for="guests")
    assert len(told(workspace, hearth, "maya")) == 1
    workspace.remove_member(CHANNEL, "binod")
    working(hearth)


def test_a_channel_that_was_public_with_a_yes_and_then_private_is_private_from_then_on(
    workspace: Sandbox, hearth: Hearth
) -> None:
    kofi = workspace.person("kofi")
    give(hearth, kofi, Role.LEAD)
    assert make(kofi, open={"open": ["yes"]}).ok
    working(hearth)
    workspace.make_private(CHANNEL)
    look_anew(workspace, hearth)
    until(lambda: not only(hearth).is_open)
    workspace.make_public(CHANNEL)
    look_anew(workspace, hearth)
    working(hearth, halted_for="open")


def test_with_a_public_channel_the_form_and_the_receipt_say_that_the_company_reads_it(
    workspace: Sandbox, hearth: Hearth
) -> None:
    kofi, maya = workspace.person("kofi"), workspace.person("maya")
    give(hearth, kofi, Role.LEAD)
    agree(hearth, maya)
    assert make(kofi, open={"open": ["yes"]}).ok
    working(hearth)
    hearth.services.cohorts.join(maya.id, str(only(hearth).id), decides=False)
    maya.types("/checkin")
    assert maya.is_shown("if it is public, everybody in the company")
    assert maya.submits(filled_in(share="capacity")).ok
    assert maya.is_shown("It is public: everybody in the company can read it")
    maya.closes(all=True)
    workspace.make_private(CHANNEL)
    look_anew(workspace, hearth)
    until(lambda: not only(hearth).is_open)
    maya.types("/checkin")
    assert "the company" not in str(top(maya))


def test_a_cohort_from_the_command_line_is_taken_as_its_channel_is(
    workspace: Sandbox, hearth: Hearth
) -> None:
    (channel,) = [each for each in workspace.channels() if each["name"] == CHANNEL]
    hearth.services.cohorts.add("New parents", channel["id"], channel["members"])
    assert working(hearth).look_at is None or only(hearth).is_open
    until(lambda: only(hearth).is_open)
    workspace.make_private(CHANNEL)
    look_anew(workspace, hearth)
    workspace.make_public(CHANNEL)
    look_anew(workspace, hearth)
    working(hearth, halted_for="open")
    # Nobody of them has joined Hearth, so nobody hears of it.
    assert told(workspace, hearth, "maya") == []


def test_when_slack_does_not_say_nothing_is_concluded_and_it_is_asked_again(
    workspace: Sandbox, hearth: Hearth, maya: Person
) -> None:
    workspace.fail("conversations.info", retry_after=30, times=1)
    workspace.make_public(CHANNEL)
    look_anew(workspace, hearth)
    assert only(hearth).halted_for is None
    workspace.clock.advance(timedelta(minutes=2))
    working(hearth, halted_for="open")


def test_an_event_while_the_database_is_busy_comes_again(
    workspace: Sandbox, hearth: Hearth, maya: Person, stored: Stored, locked: Lock
) -> None:
    workspace.retry_after_seconds = (0.2, 2.0, 8.0)
    let_go = locked()
    with gives_up_soon(workspace, 1.2):  # a little longer than Hearth waits for the database
        workspace.remove_member(CHANNEL, "maya")
    let_go()
    until(lambda: stored.count("cohort_members") == 0)


def test_an_event_of_a_channel_without_a_cohort_changes_nothing(
    workspace: Sandbox, hearth: Hearth, stored: Stored
) -> None:
    workspace.archive(CHANNEL)
    workspace.unarchive(CHANNEL)
    workspace.remove_member(CHANNEL, "maya")
    assert stored.count("cohorts") == stored.count("outbox") == 0


def test_joining_is_refused_while_slack_does_not_say_who_somebody_is(
    workspace: Sandbox, hearth: Hearth, maya: Person, stored: Stored
) -> None:
    jonas = workspace.person("jonas")
    agree(hearth, jonas)
    jonas.types("/cohort join", CHANNEL)
    workspace.fail("users.info", error="fatal_error", times=1)
    refused: Any = jonas.submits(NO)
    assert "Slack" in refused.errors["decides"]
    assert stored.count("cohort_members") == 1
    assert jonas.submits().ok


def test_many_strange_faces_are_asked_for_a_few_at_a_time(
    workspace: Sandbox, hearth: Hearth, maya: Person
) -> None:
    asked = len([c for c in workspace.calls() if c["method"] == "users.info"])
    assert asked >= len(only_channel(workspace)["members"])
    look_anew(workspace, hearth)
    again = len([c for c in workspace.calls() if c["method"] == "users.info"])
    assert again == asked
    with hearth.database.read() as connection:
        assert cohorts.every(connection)[0].halted_for is None


def only_channel(workspace: Sandbox) -> dict[str, Any]:
    (channel,) = [each for each in workspace.channels() if each["name"] == CHANNEL]
    return channel
