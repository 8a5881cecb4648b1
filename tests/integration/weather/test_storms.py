"""Slack refuses and fails: nothing is lost, nothing comes twice, and nobody waits for another.

Hours pass by the workspace's clock, also those that Slack asks Hearth to wait.
"""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from time import monotonic
from typing import Any

import pytest

from app import Hearth
from bot.delivery.sender import WORKERS
from bot.domain.delivery import WAIT_FOR_ANOTHER, Kind, Priority
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
from tests.logs import NOTE
from tests.waiting import until

AT_ONCE_SECONDS = 2.0
"""What is urgent leaves within this time, whatever else waits: a promise."""

in_earnest = pytest.mark.parametrize("pace", [None], ids=["in earnest"])
"""At the pace that Slack is spoken to when no test wants otherwise."""


# Slack asks to wait


def test_a_channel_that_has_to_wait_delays_no_other(
    workspace: Sandbox, hearth: Hearth, member: Person, grace: Person, stored: Stored
) -> None:
    workspace.fail("chat.postMessage", channel=COHORT, retry_after=30, times=None)
    share(member)
    waits(stored, "ratelimited")
    share(grace)
    settled_but(hearth, stored, 1)
    assert shown(workspace, OTHER) == [4]
    assert asked(workspace) == 2, "the channel that has to wait was asked again"
    assert stored.rows("SELECT attempts FROM outbox WHERE state = 'pending'") == [(0,)]


def settled_but(hearth: Hearth, stored: Stored, left: int) -> None:
    """Return once only so many deliveries are open."""
    query = "SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')"
    until(lambda: stored.rows(query) == [(left,)], "another number is open")


def test_what_slack_asks_to_wait_is_waited_and_then_it_is_said_once(
    workspace: Sandbox, hearth: Hearth, member: Person, grace: Person, stored: Stored
) -> None:
    workspace.fail("chat.postMessage", retry_after=600)
    share(member)
    waits(stored, "ratelimited")
    workspace.clock.advance(timedelta(seconds=500))
    share(grace)
    settled_but(hearth, stored, 1)
    assert asked(workspace) == 2, "Slack was asked before its time"
    workspace.clock.advance(timedelta(seconds=101))
    settled(hearth)
    assert shown(workspace) == [4]
    assert asked(workspace) == 3


def test_when_two_channels_are_refused_the_whole_workspace_waits(
    workspace: Sandbox, hearth: Hearth, member: Person, grace: Person, stored: Stored
) -> None:
    for channel in (COHORT, OTHER):
        workspace.fail("chat.postMessage", channel=channel, retry_after=2)
    share(member)
    waits(stored, "ratelimited")
    share(grace)
    refused = "SELECT 1 FROM outbox WHERE reason = 'ratelimited' AND state = 'pending'"
    until(lambda: len(stored.rows(refused)) == 2)
    since = monotonic()
    put(workspace, hearth, [member.id], 1, channel="C0", priority=Priority.URGENT)
    workspace.wait_for_posts(1, "maya")
    assert monotonic() - since > 1.0
    settled(hearth)
    assert shown(workspace) == shown(workspace, OTHER) == [4]


def test_while_the_token_is_revoked_nothing_is_lost(
    workspace: Sandbox, hearth: Hearth, member: Person, stored: Stored
) -> None:
    workspace.fail("chat.postMessage", error="token_revoked", times=None)
    share(member, 2)
    for attempts in (1, 2, 3):
        until(lambda: stored.rows("SELECT attempts, state FROM outbox") == [(attempts, "pending")])  # noqa: B023
        workspace.clock.advance(LONG)
    workspace.clear_faults()
    workspace.clock.advance(LONG)
    settled(hearth)
    assert shown(workspace) == [2]
    assert told(workspace, member) == []
    assert_known(workspace, stored)


# Many wait


@in_earnest
def test_behind_five_thousand_messages_an_urgent_one_leaves_at_once(
    workspace: Sandbox, hearth: Hearth, member: Person
) -> None:
    everybody = workspace.channels()[0]["members"]
    put(workspace, hearth, everybody, 5000, channel="C0", priority=Priority.LATER)
    workspace.wait_for_posts(5)
    put_urgent(workspace, hearth, member)
    begun = monotonic()
    workspace.wait_for_posts(1, COHORT)
    assert monotonic() - begun < AT_ONCE_SECONDS


@in_earnest
def test_while_slack_is_slow_with_others_an_urgent_one_leaves_at_once(
    workspace: Sandbox, hearth: Hearth, member: Person
) -> None:
    everybody = workspace.channels()[0]["members"]
    with ExitStack() as slow:
        holds = [
            slow.enter_context(workspace.hold("chat.postMessage", channel=each))
            for each in everybody
        ]
        put(workspace, hearth, everybody, 100, channel="C0", priority=Priority.LATER)
        until(lambda: sum(each.reached.is_set() for each in holds) == WORKERS - 1)
        put_urgent(workspace, hearth, member)
        begun = monotonic()
        workspace.wait_for_posts(1, COHORT)
        assert monotonic() - begun < AT_ONCE_SECONDS


@in_earnest
def test_while_thousands_are_looked_for_an_urgent_one_leaves_at_once(
    workspace: Sandbox, hearth: Hearth, member: Person, stored: Stored
) -> None:
    everybody = workspace.channels()[0]["members"]
    past = workspace.clock.now() - LONG
    lost: dict[str, Any] = {"state": "sending", "owner": "gone", "lease_until": past}
    put(workspace, hearth, everybody, 1000, channel="C0", priority=Priority.LATER, **lost)
    workspace.wait_for_posts(5)
    put_urgent(workspace, hearth, member)
    begun = monotonic()
    workspace.wait_for_posts(1, COHORT)
    assert monotonic() - begun < AT_ONCE_SECONDS


def put_urgent(workspace: Sandbox, hearth: Hearth, person: Person) -> None:
    """Put something urgent into the outbox; commits before it returns."""
    channel = next(each["id"] for each in workspace.channels() if each["name"] == COHORT)
    put(
        workspace,
        hearth,
        [person.id],
        1,
        kind=Kind.SHARE,
        channel=channel,
        priority=Priority.URGENT,
    )


# One waits for another


def test_what_comes_after_another_waits_for_it_no_longer_than_was_said(
    workspace: Sandbox, hearth: Hearth, member: Person, grace: Person, stored: Stored
) -> None:
    first = waiting_for_a_channel(workspace, member, stored)
    put_after(workspace, hearth, grace, first)
    share(grace, 2)
    workspace.wait_for_posts(1, OTHER)
    assert shown(workspace, OTHER) == [2]
    workspace.clock.advance(WAIT_FOR_ANOTHER)
    workspace.wait_for_posts(2, OTHER)
    assert shown(workspace) == []


def test_what_comes_after_another_follows_it_at_once(
    workspace: Sandbox, hearth: Hearth, member: Person, grace: Person, stored: Stored
) -> None:
    with workspace.hold("chat.postMessage", channel=COHORT) as hold:
        share(member)
        hold.wait()
        ((first,),) = stored.rows("SELECT id FROM outbox")
        put_after(workspace, hearth, grace, first)
        share(grace, 2)
        workspace.wait_for_posts(1, OTHER)
    settled(hearth)
    assert shown(workspace) == [4]
    assert shown(workspace, OTHER) == [2, 4]


def waiting_for_a_channel(workspace: Sandbox, person: Person, stored: Stored) -> int:
    """Let somebody share where Slack asks to wait; return the delivery."""
    workspace.fail("chat.postMessage", channel=COHORT, retry_after=30, times=None)
    share(person)
    waits(stored, "ratelimited")
    return int(stored.rows("SELECT id FROM outbox")[0][0])


def put_after(workspace: Sandbox, hearth: Hearth, person: Person, first: int) -> None:
    """Put something into the outbox that comes after another."""
    channel = next(each["id"] for each in workspace.channels() if each["name"] == OTHER)
    after: dict[str, Any] = {
        "after_id": first,
        "after_until": workspace.clock.now() + WAIT_FOR_ANOTHER,
    }
    put(workspace, hearth, [person.id], 1, kind=Kind.SHARE, channel=channel, **after)


def test_what_is_said_about_one_subject_is_said_in_order_while_the_first_waits(
    workspace: Sandbox, hearth: Hearth, member: Person, stored: Stored
) -> None:
    workspace.fail("chat.postMessage", error="token_expired")
    share(member, 2)
    waits(stored, "token_expired")
    share(member, 5)
    settled_but(hearth, stored, 2)
    assert asked(workspace) == 1
    workspace.clock.advance(LONG)
    settled(hearth)
    assert shown(workspace) == [5]
    assert [row[1:] for row in rows(stored)] == [("sent", None), ("sent", "joined")]
    assert asked(workspace) == 2
    assert asked(workspace, "chat.update") == 0


# Something cannot be said


def test_a_share_without_words_keeps_nobody_else_waiting_and_is_said_once_it_has_some(
    workspace: Sandbox, hearth: Hearth, member: Person, grace: Person, stored: Stored
) -> None:
    workspace.fail("chat.postMessage", error="token_expired")
    share(member)
    waits(stored, "token_expired")
    stored.change("UPDATE shares SET part = 'nonsense'")
    workspace.clock.advance(LONG)
    waits(stored, "unexpected")
    share(grace)
    workspace.wait_for_posts(1, OTHER)
    stored.change("UPDATE shares SET part = 'mood_and_capacity'")
    workspace.clock.advance(LONG)
    settled(hearth)
    assert shown(workspace) == [4]


def test_a_note_that_cannot_be_opened_any_more_is_told_after_a_day(
    workspace: Sandbox, hearth: Hearth, member: Person, stored: Stored
) -> None:
    workspace.fail("chat.postMessage", error="token_expired")
    share(member, part="note", note=NOTE)
    waits(stored, "token_expired")
    stored.set_latest_note(b"noise")
    workspace.clock.advance(LONG)
    waits(stored, "unreadable")
    workspace.clock.advance(timedelta(hours=25))
    settled(hearth)
    assert workspace.posted(COHORT) == []
    (text,) = told(workspace, member)
    assert "could not be posted" in text
    assert "lantern" not in text


@pytest.mark.parametrize(
    ("closes", "why"),
    [("archive", "archived"), ("remove_bot", "not in that channel")],
)
def test_where_hearth_may_not_write_the_person_is_told(
    workspace: Sandbox, hearth: Hearth, member: Person, stored: Stored, closes: str, why: str
) -> None:
    getattr(workspace, closes)(COHORT)
    share(member)
    settled(hearth)
    (text,) = told(workspace, member)
    assert "could not be posted" in text
    assert why in text
    assert asked(workspace) == 2
    assert [row[:2] for row in rows(stored)] == [("share", "failed"), ("share_unsent", "sent")]


def test_once_hearth_was_invited_again_saving_once_more_posts_it(
    workspace: Sandbox, hearth: Hearth, member: Person, stored: Stored
) -> None:
    workspace.remove_bot(COHORT)
    share(member)
    settled(hearth)
    (text,) = told(workspace, member)
    assert "Saving your check-in once more today tries it again" in text
    workspace.invite_bot(COHORT)
    share(member)
    settled(hearth)
    assert shown(workspace) == [4]
    assert_known(workspace, stored)


def test_nobody_is_told_of_a_failure_that_was_mended_meanwhile(
    workspace: Sandbox, hearth: Hearth, member: Person, stored: Stored
) -> None:
    workspace.remove_bot(COHORT)
    workspace.fail("conversations.open", error="token_expired", times=None)
    share(member, 2)
    waits(stored, "token_expired")
    workspace.invite_bot(COHORT)
    share(member, 5)
    workspace.wait_for_posts(1, COHORT)
    workspace.clear_faults()
    workspace.clock.advance(LONG)
    settled(hearth)
    assert shown(workspace) == [5]
    assert told(workspace, member) == []


def test_whoever_cannot_be_told_either_is_told_of_to_the_operator(
    workspace: Sandbox,
    hearth: Hearth,
    member: Person,
    stored: Stored,
    caplog: pytest.LogCaptureFixture,
) -> None:
    workspace.archive(COHORT)
    workspace.fail("conversations.open", error="user_disabled")
    share(member)
    settled(hearth)

    def said() -> list[tuple[str, bool]]:
        given_up = [each for each in caplog.records if each.message == "a delivery was given up"]
        return [(each.__dict__["kind"], each.__dict__["told"]) for each in given_up]

    until(lambda: len(said()) == 2, "the log comes after the commit, but it does not come")
    assert said() == [("share", True), ("share_unsent", False)]
    assert workspace.posted() == []


def test_a_message_that_somebody_deleted_in_slack_is_not_changed_and_nobody_is_bothered(
    workspace: Sandbox, hearth: Hearth, member: Person, stored: Stored
) -> None:
    share(member, 2)
    settled(hearth)
    ((channel, ts),) = stored.rows("SELECT channel, ts FROM posts")
    client_of(hearth).chat_delete(channel=channel, ts=ts)
    share(member, 5)
    settled(hearth)
    assert workspace.posted() == []
    assert {row[1] for row in rows(stored)} == {"sent"}
    assert_known(workspace, stored)
