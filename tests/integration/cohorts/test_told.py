"""What happens to a cohort's channel, told to whoever runs it: once, and only while it is true."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from slack_bolt import BoltRequest

from app import Hearth
from bot.domain.roles import Role
from sandbox import Person, Sandbox
from storage import roles
from tests.conftest import Stored
from tests.integration.cohorts.circles import (
    CHANNEL,
    OTHER,
    agree,
    close,
    give,
    join,
    look_anew,
    make,
    only,
    working,
)
from tests.integration.outbox import settled


def told(workspace: Sandbox, hearth: Hearth, person: str = "kofi") -> list[str]:
    """Return what Hearth has said to somebody alone."""
    settled(hearth)
    return [message["text"] for message in workspace.posted(person)]


@contextmanager
def silence(hearth: Hearth) -> Iterator[None]:
    """Let everything wait in the outbox, as while Slack takes nothing."""
    speaking = hearth.services.speaking
    speaking.may_ask()  # asked a moment ago, so not again for a minute
    speaking.stop("test")
    yield
    speaking.go_on()
    hearth.services.outbox.bell.ring()


@pytest.fixture
def channel(workspace: Sandbox) -> str:
    return next(str(each["id"]) for each in workspace.channels() if each["name"] == CHANNEL)


CHANGES = {
    "make_public": ("open", "was made public", "make_private"),
    "share_channel": ("shared", "shared with another company now", "unshare_channel"),
    "archive": ("archived", "was archived", "unarchive"),
    "remove_bot": ("not_inside", "/invite @hearth", "invite_bot"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whoever_runs_it_is_told_once_what_happened_and_once_that_it_is_well_again(
    workspace: Sandbox, hearth: Hearth, founded: Person, change: str
) -> None:
    agree(hearth, founded)
    assert join(workspace, hearth, founded).ok  # a member as well, and not told twice for that
    reason, words, mend = CHANGES[change]
    getattr(workspace, change)(CHANNEL)
    for _ in range(2):
        look_anew(workspace, hearth)
        working(hearth, halted_for=reason)
    (first,) = told(workspace, hearth)
    assert words in first
    assert "New parents" in first
    getattr(workspace, mend)(CHANNEL)
    for _ in range(2):
        look_anew(workspace, hearth)
        working(hearth)
    assert told(workspace, hearth)[0] == first
    (_, second) = told(workspace, hearth)
    assert "as it should be again" in second
    assert "not posted afterwards" in second


def test_whoever_runs_it_is_told_of_a_deleted_channel_and_can_close_the_cohort(
    workspace: Sandbox, hearth: Hearth, founded: Person
) -> None:
    workspace.delete_channel(CHANNEL)
    for _ in range(2):
        look_anew(workspace, hearth)
        working(hearth, halted_for="not_inside")
    (word,) = told(workspace, hearth)
    assert "If the channel was deleted, `/cohort list` lets you close the cohort." in word
    assert founded


def test_a_channel_that_goes_from_one_trouble_to_another_tells_of_both(
    workspace: Sandbox, hearth: Hearth, founded: Person
) -> None:
    workspace.add_member(CHANNEL, "binod")
    working(hearth, halted_for="guests")
    (first,) = told(workspace, hearth)
    assert "not of the company" in first
    workspace.archive(CHANNEL)
    working(hearth, halted_for="archived")
    (_, second) = told(workspace, hearth)
    assert "was archived" in second
    assert founded


@pytest.mark.parametrize("change", ["archive", "remove_bot"])
def test_what_is_mended_before_it_was_said_is_no_news(
    workspace: Sandbox, hearth: Hearth, founded: Person, change: str
) -> None:
    settled(hearth)
    reason, _, mend = CHANGES[change]
    with silence(hearth):
        for _ in range(3):
            getattr(workspace, change)(CHANNEL)
            working(hearth, halted_for=reason)
            getattr(workspace, mend)(CHANNEL)
            working(hearth)
    assert told(workspace, hearth) == []
    assert founded


def test_a_removal_that_stands_is_said_once_however_often_it_changed_meanwhile(
    workspace: Sandbox, hearth: Hearth, founded: Person
) -> None:
    workspace.remove_bot(CHANNEL)
    working(hearth, halted_for="not_inside")
    assert len(told(workspace, hearth)) == 1
    with silence(hearth):
        workspace.invite_bot(CHANNEL)
        working(hearth)
        workspace.remove_bot(CHANNEL)
        working(hearth, halted_for="not_inside")
    assert len(told(workspace, hearth)) == 1
    assert founded


def test_a_new_name_of_the_channel_is_told_once_for_each_time_it_is_renamed(
    workspace: Sandbox, hearth: Hearth, founded: Person, channel: str
) -> None:
    workspace.rename(CHANNEL, "cohort-parents")
    (first,) = told(workspace, hearth)
    assert f"<#{channel}>" in first
    event = {"type": "group_rename", "channel": {"id": channel, "name": "cohort-parents"}}
    again = {"type": "event_callback", "event_id": "Ev1", "event": event}
    bolt = hearth._bolt()
    for _ in range(2):
        assert bolt.dispatch(BoltRequest(mode="socket_mode", body=again)).status == 200
        assert len(told(workspace, hearth)) == 2
    assert founded


@pytest.mark.parametrize(
    "event",
    [
        {"type": "channel_rename"},
        {"type": "channel_rename", "channel": {"name": "x"}},
        {"type": "group_rename", "channel": {"id": "C0000000009", "name": "x"}},
        {"type": "group_rename", "channel": None},
        {"type": "member_joined_channel"},
        {"type": "member_joined_channel", "channel": "C0000000009", "user": "U1", "inviter": 7},
    ],
)
def test_an_event_that_says_too_little_or_is_of_no_cohort_tells_nobody(
    hearth: Hearth, founded: Person, stored: Stored, event: dict[str, Any]
) -> None:
    before = stored.count("outbox")
    body = {"type": "event_callback", "event_id": "Ev1", "event": event}
    assert hearth._bolt().dispatch(BoltRequest(mode="socket_mode", body=body)).status == 200
    assert stored.count("news") == 0
    assert stored.count("outbox") == before
    assert founded


def test_a_closed_cohort_is_no_news(
    workspace: Sandbox, hearth: Hearth, founded: Person, stored: Stored
) -> None:
    close(founded)
    workspace.rename(CHANNEL, "cohort-parents")
    workspace.archive("cohort-parents")
    look_anew(workspace, hearth)
    assert stored.count("news") == 0


INVITER = "grace"
"""Who made the channel, and whom the workspace names when Hearth is invited."""


@pytest.mark.parametrize("has_cohort", [True, False])
@pytest.mark.parametrize("role", [Role.LEAD, None])
def test_whoever_may_make_a_cohort_and_invites_hearth_is_told_how(
    workspace: Sandbox, hearth: Hearth, stored: Stored, role: Role | None, has_cohort: bool
) -> None:
    inviter = workspace.person(INVITER)
    if role is not None:
        give(hearth, inviter, role)
    (channel,) = [each for each in workspace.channels() if each["name"] == OTHER]
    if has_cohort:
        hearth.services.cohorts.add("First leads", channel["id"], [])
    workspace.remove_bot(OTHER)
    workspace.invite_bot(OTHER)
    settled(hearth)
    words = [each for each in told(workspace, hearth, inviter.name) if "/cohort create" in each]
    assert len(words) == (1 if role and not has_cohort else 0)
    assert stored.count("recipients") == 0
    for _ in range(2):
        hearth.services.cohort_channels.invited(channel["id"], inviter.id, "Ev1")
    settled(hearth)
    words = [each for each in told(workspace, hearth, inviter.name) if "/cohort create" in each]
    assert len(words) == (2 if role and not has_cohort else 0)
    assert stored.count("recipients") == 0


LEFT: Mapping[str, Callable[[Sandbox, Hearth, Person], None]] = {
    "the role was taken": lambda box, hearth, kofi: _revoked(hearth, kofi),
    "they left the channel": lambda box, hearth, kofi: box.remove_member(CHANNEL, "kofi"),
    "their account was closed": lambda box, hearth, kofi: box.deactivate("kofi"),
}


def _revoked(hearth: Hearth, kofi: Person) -> None:
    with hearth.database.read() as connection:
        (grant,) = roles.holders(connection, Role.FACILITATOR)
    hearth.services.roles.revoke(kofi.id, grant.id)


@pytest.mark.parametrize("how", LEFT)
def test_when_nobody_runs_it_any_more_the_leads_are_told_and_hear_its_news(
    workspace: Sandbox, hearth: Hearth, stored: Stored, how: str
) -> None:
    workspace.make_private(CHANNEL)
    kofi, ines = workspace.person("kofi"), workspace.person("ines")
    give(hearth, kofi, Role.FACILITATOR)
    give(hearth, ines, Role.LEAD)
    assert make(kofi).ok
    stored.change("DELETE FROM grants WHERE role = 'facilitator' AND cohort_id IS NULL")
    working(hearth)
    agree(hearth, kofi)
    assert join(workspace, hearth, kofi).ok
    LEFT[how](workspace, hearth, kofi)
    (first,) = told(workspace, hearth, "ines")
    assert "Nobody runs the cohort New parents" in first
    assert "/hearth roles" in first
    workspace.rename(CHANNEL, "cohort-parents")
    assert "has a new name" in told(workspace, hearth, "ines")[1]


def test_somebody_who_takes_it_over_before_that_was_said_makes_it_no_news(
    workspace: Sandbox, hearth: Hearth, founded: Person
) -> None:
    settled(hearth)
    with silence(hearth):
        _revoked(hearth, founded)
        cohort, jonas = only(hearth).id, workspace.person("jonas").id
        facilitator, now = Role.FACILITATOR, workspace.clock.now()
        hearth.database.write(
            lambda c: roles.add(c, jonas, facilitator, cohort=cohort, by=None, now=now)
        )
    assert told(workspace, hearth) == []
