"""Slack did it and nobody heard of it, or the database was away when it was to be noted.

Whoever finds such a delivery after its lease looks for it before saying it again.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app import Hearth
from bot.domain.delivery import LEASE, Kind
from sandbox import Person, Sandbox
from tests.conftest import Stored
from tests.integration.outbox import settled
from tests.integration.weather.conftest import (
    COHORT,
    LONG,
    OTHER,
    asked,
    assert_known,
    client_of,
    put,
    rows,
    share,
    shown,
    told,
    waits,
)
from tests.waiting import until

LOST: dict[str, dict[str, Any]] = {
    "hung up": {"cut": True},
    "broken": {"status": 500},
    "no idea": {"error": "internal_error"},
    "too late": {"delay_seconds": 3.0},
}
"""How an answer gets lost."""

NEVER = {name: how for name, how in LOST.items() if name != "too late"}
"""How a call gets lost that Slack never carries out."""


@pytest.fixture
def lost(workspace: Sandbox, hearth: Hearth, member: Person, stored: Stored) -> Person:
    """Maya, who shared a mood of 4: Slack has it, and nobody knows."""
    workspace.fail("chat.postMessage", after=True, cut=True)
    share(member)
    waits(stored, "no_answer")
    assert shown(workspace) == [4]
    return member


@pytest.fixture
def never(workspace: Sandbox, hearth: Hearth, member: Person, stored: Stored) -> Person:
    """Maya, who shared a mood of 4: Slack does not have it, and nobody knows."""
    workspace.fail("chat.postMessage", cut=True)
    share(member)
    waits(stored, "no_answer")
    assert shown(workspace) == []
    return member


# A message


@pytest.mark.parametrize("how", LOST.values(), ids=LOST.keys())
def test_what_slack_has_is_found_and_not_said_again(
    workspace: Sandbox, hearth: Hearth, member: Person, stored: Stored, how: dict[str, Any]
) -> None:
    client_of(hearth).timeout = 1
    assert_found(workspace, hearth, member, stored, how)


def assert_found(
    workspace: Sandbox, hearth: Hearth, member: Person, stored: Stored, how: dict[str, Any]
) -> None:
    """Let the answer to a share get lost, and see that it is found and stays the only one."""
    workspace.fail("chat.postMessage", after=True, **how)
    share(member)
    waits(stored, "no_answer")
    workspace.clock.advance(LONG)
    settled(hearth)
    assert shown(workspace) == [4]
    assert asked(workspace) <= 1, "it was said again"
    assert_known(workspace, stored)


@pytest.mark.parametrize("how", NEVER.values(), ids=NEVER.keys())
def test_what_slack_does_not_have_is_said_again(
    workspace: Sandbox, hearth: Hearth, member: Person, stored: Stored, how: dict[str, Any]
) -> None:
    workspace.fail("chat.postMessage", **how)
    share(member)
    waits(stored, "no_answer")
    assert shown(workspace) == []
    workspace.clock.advance(LONG)
    settled(hearth)
    assert shown(workspace) == [4]
    assert_known(workspace, stored)


def test_what_slack_has_is_found_in_a_private_channel_as_well(
    workspace: Sandbox, hearth: Hearth, member: Person, stored: Stored
) -> None:
    workspace.make_private(COHORT)
    assert_found(workspace, hearth, member, stored, LOST["hung up"])


@pytest.mark.usefixtures("lost")
def test_it_is_not_looked_for_before_its_lease_has_ended(
    workspace: Sandbox, hearth: Hearth, grace: Person
) -> None:
    workspace.clock.advance(LEASE - timedelta(seconds=5))
    share(grace)
    workspace.wait_for_posts(1, OTHER)
    assert asked(workspace, "conversations.history") == 0
    workspace.clock.advance(timedelta(seconds=6))
    settled(hearth)
    assert asked(workspace, "conversations.history") == 1


def test_it_is_found_among_hundreds_that_were_said_since(
    workspace: Sandbox, hearth: Hearth, lost: Person, stored: Stored
) -> None:
    for number in range(205):
        lost.says(f"number {number}", COHORT)
    workspace.clock.advance(LONG)
    settled(hearth)
    assert shown(workspace) == [4]
    assert asked(workspace, "conversations.history") == 2


@pytest.mark.parametrize("was", ["lost", "never"])
def test_changed_before_it_was_looked_for_it_stands_there_once_with_the_new_words(
    workspace: Sandbox,
    hearth: Hearth,
    stored: Stored,
    was: str,
    request: pytest.FixtureRequest,
) -> None:
    share(request.getfixturevalue(was), 1)
    workspace.clock.advance(LONG)
    settled(hearth)
    assert shown(workspace) == [1]
    assert_known(workspace, stored)


@pytest.mark.parametrize("was", ["lost", "never"])
@pytest.mark.parametrize("how", ["taken back", "forgotten"])
def test_taken_back_before_it_was_looked_for_it_does_not_stay(
    workspace: Sandbox,
    hearth: Hearth,
    stored: Stored,
    was: str,
    how: str,
    request: pytest.FixtureRequest,
) -> None:
    person = request.getfixturevalue(was)
    if how == "taken back":
        share(person, part="nothing")
    else:
        person.types("/checkin forget")
        assert person.submits().ok
    workspace.clock.advance(LONG)
    settled(hearth)
    assert workspace.posted() == []
    assert stored.count("shares") == stored.count("posts") == 0


@pytest.mark.parametrize("trouble", [{"retry_after": 20}, {"status": 500}, {"cut": True}])
def test_found_and_made_to_wait_before_it_is_taken_away_it_is_not_forgotten(
    workspace: Sandbox, hearth: Hearth, lost: Person, stored: Stored, trouble: dict[str, Any]
) -> None:
    share(lost, part="nothing")
    workspace.fail("chat.delete", **trouble)
    workspace.clock.advance(LONG)
    workspace.wait_for_calls("chat.delete", 1)
    until(lambda: not hearth.sender._busy(), "somebody is still at it")
    workspace.clock.advance(LONG)
    settled(hearth)
    assert workspace.posted() == []
    assert stored.count("shares") == stored.count("posts") == 0


@pytest.mark.parametrize("trouble", [{"retry_after": 20}, {"status": 500}, {"cut": True}])
def test_found_and_made_to_wait_before_it_is_changed_it_stands_there_once(
    workspace: Sandbox, hearth: Hearth, lost: Person, stored: Stored, trouble: dict[str, Any]
) -> None:
    share(lost, 1)
    workspace.fail("chat.update", **trouble)
    workspace.clock.advance(LONG)
    workspace.wait_for_calls("chat.update", 1)
    until(lambda: not hearth.sender._busy(), "somebody is still at it")
    workspace.clock.advance(LONG)
    settled(hearth)
    assert shown(workspace) == [1]
    assert_known(workspace, stored)


@pytest.mark.parametrize("trouble", [{"retry_after": 20}, {"status": 500}, {"cut": True}])
@pytest.mark.usefixtures("lost")
def test_while_slack_does_not_let_it_be_looked_for_it_is_looked_for_later(
    workspace: Sandbox, hearth: Hearth, trouble: dict[str, Any]
) -> None:
    workspace.fail("conversations.history", **trouble)
    workspace.clock.advance(LONG)
    workspace.wait_for_calls("conversations.history", 1)
    until(lambda: not hearth.sender._busy(), "somebody is still at it")
    workspace.clock.advance(LONG)
    settled(hearth)
    assert shown(workspace) == [4]
    assert asked(workspace) == 1


def test_what_is_still_in_hand_is_left_to_whoever_is_at_it_however_long_it_takes(
    workspace: Sandbox, hearth: Hearth, member: Person, stored: Stored, cohorts: dict[str, str]
) -> None:
    mine = "SELECT owner, lease_until FROM outbox ORDER BY id LIMIT 1"
    with workspace.hold("chat.postMessage", channel=COHORT) as hold:
        share(member)
        hold.wait()
        leased = stored.rows(mine)
        workspace.clock.advance(LONG)
        lost: dict[str, Any] = {"state": "sending", "owner": "gone", "kind": Kind.SHARE}
        past = workspace.clock.now() - LONG
        put(workspace, hearth, [member.id], 1, channel=cohorts[OTHER], lease_until=past, **lost)
        workspace.wait_for_calls("conversations.history", 1)
        assert stored.rows(mine) == leased
        hold.release()
    settled(hearth)
    assert shown(workspace) == [4]
    assert asked(workspace, "conversations.history") == 1


def test_a_double_that_is_not_ours_to_take_away_is_left(
    workspace: Sandbox, hearth: Hearth, lost: Person, stored: Stored
) -> None:
    (message,) = workspace.posted(COHORT)
    copy = {name: message[name] for name in ("channel", "text", "metadata")}
    client_of(hearth).chat_postMessage(**copy)
    workspace.fail("chat.delete", error="cant_delete_message", times=None)
    workspace.clock.advance(LONG)
    settled(hearth)
    assert rows(stored) == [("share", "sent", None)]
    assert stored.rows("SELECT ts FROM posts") == [(message["ts"],)]
    assert told(workspace, lost) == []


# Where nobody can look


def unreadable(workspace: Sandbox, hearth: Hearth, person: Person) -> None:
    """Let the channel be closed when it is looked for; the person is told, and it opens again."""
    workspace.remove_bot(COHORT)
    workspace.clock.advance(LONG)
    settled(hearth)
    (text,) = told(workspace, person)
    assert "may be there or not" in text
    workspace.invite_bot(COHORT)


def test_where_nobody_can_look_it_is_not_said_again_and_the_person_is_told(
    workspace: Sandbox, hearth: Hearth, lost: Person, stored: Stored
) -> None:
    unreadable(workspace, hearth, lost)
    assert shown(workspace) == [4]
    assert rows(stored) == [("share", "failed", "nobody_knows"), ("share_unsent", "sent", None)]


@pytest.mark.parametrize("mood", [4, 5])
@pytest.mark.parametrize("was", ["lost", "never"])
def test_saved_again_once_somebody_can_look_it_stands_there_once(
    workspace: Sandbox,
    hearth: Hearth,
    stored: Stored,
    was: str,
    mood: int,
    request: pytest.FixtureRequest,
) -> None:
    person = request.getfixturevalue(was)
    unreadable(workspace, hearth, person)
    share(person, mood)
    settled(hearth)
    assert shown(workspace) == [mood]
    assert_known(workspace, stored)


def test_what_nobody_could_look_for_goes_when_it_is_taken_back(
    workspace: Sandbox, hearth: Hearth, lost: Person, stored: Stored
) -> None:
    unreadable(workspace, hearth, lost)
    share(lost, part="nothing")
    settled(hearth)
    assert shown(workspace) == []
    assert stored.count("shares") == 0


def test_without_the_scope_to_look_the_person_is_told_after_a_day(
    workspace: Sandbox, hearth: Hearth, lost: Person, stored: Stored
) -> None:
    workspace.fail("conversations.history", error="missing_scope", times=None)
    workspace.clock.advance(LONG)
    waits(stored, "missing_scope")
    workspace.clock.advance(timedelta(hours=25))
    settled(hearth)
    (text,) = told(workspace, lost)
    assert "may be there or not" in text
    assert shown(workspace) == [4]


# A change, a deletion, a direct message


@pytest.mark.parametrize("how", [{"cut": True}, {"after": True, "cut": True}])
def test_a_change_of_which_nobody_knows_is_made_again(
    workspace: Sandbox, hearth: Hearth, member: Person, stored: Stored, how: dict[str, Any]
) -> None:
    share(member, 2)
    settled(hearth)
    workspace.fail("chat.update", **how)
    share(member, 5)
    waits(stored, "no_answer")
    workspace.clock.advance(LONG)
    settled(hearth)
    assert shown(workspace) == [5]
    assert_known(workspace, stored)


@pytest.mark.parametrize("how", [{"cut": True}, {"after": True, "cut": True}])
def test_a_deletion_of_which_nobody_knows_is_made_again(
    workspace: Sandbox, hearth: Hearth, member: Person, stored: Stored, how: dict[str, Any]
) -> None:
    share(member)
    settled(hearth)
    workspace.fail("chat.delete", **how)
    share(member, part="nothing")
    waits(stored, "no_answer")
    workspace.clock.advance(LONG)
    settled(hearth)
    assert workspace.posted() == []
    assert stored.count("shares") == stored.count("posts") == 0


@pytest.mark.parametrize(("readable", "times"), [(True, 1), (False, 2)])
def test_a_direct_message_is_looked_for_too_and_rather_said_twice_than_not_at_all(
    workspace: Sandbox,
    hearth: Hearth,
    member: Person,
    stored: Stored,
    readable: bool,
    times: int,
) -> None:
    workspace.archive(COHORT)
    workspace.fail("chat.postMessage", channel="maya", after=True, cut=True)
    if not readable:
        workspace.fail("conversations.history", error="channel_not_found")
    share(member)
    waits(stored, "no_answer")
    workspace.clock.advance(LONG)
    settled(hearth)
    assert len(told(workspace, member)) == times
