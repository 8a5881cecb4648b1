"""Guests: who slips in while Slack cannot say who they are, and members who become guests."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import pytest
from slack_bolt import BoltRequest
from sqlalchemy import Connection

from app import Hearth
from bot.domain.people import Agreement
from bot.domain.roles import Role
from sandbox import Person, Sandbox
from storage import people, roles
from tests.conftest import AGREED, Stored, filled_in
from tests.integration.outbox import settled
from tests.integration.slack import gives_up_soon
from tests.integration.weather.conftest import COHORT, LONG, asked, share, told, waits
from tests.logs import NOTE
from tests.waiting import until

MINUTE = timedelta(minutes=1)
TURNED_AWAY = "Slack could not say"
NOW_A_GUEST = "Your account in this workspace is a guest's now"
HELD = "SELECT role FROM grants WHERE revoked_at IS NULL"
Guest = Literal["guest", "single_channel_guest"]


def joins_unseen(workspace: Sandbox, person: Person) -> None:
    """Let somebody join while Slack does not say who they are."""
    person.types("/checkin")
    workspace.fail("users.info", status=500)
    assert person.submits(AGREED).ok
    assert person.submits(filled_in(note=NOTE)).ok
    person.closes(all=True)


@pytest.fixture
def binod(workspace: Sandbox, hearth: Hearth) -> Person:
    """A guest, who joined while Slack did not say who he is, and filed a check-in."""
    assert hearth
    person = workspace.person("binod")
    joins_unseen(workspace, person)
    return person


def a_minute_passes(workspace: Sandbox, hearth: Hearth) -> None:
    workspace.clock.advance(MINUTE)
    hearth.services.people.refresh_zones()


def assert_nothing_is_kept_of(person: Person, stored: Stored) -> None:
    for table in stored.tables():
        rows = str(stored.rows(f"SELECT * FROM {table}"))  # noqa: S608
        assert person.id not in rows, table


# Slipped in


def test_a_guest_who_slipped_in_is_forgotten_within_a_minute_and_told_once(
    workspace: Sandbox, hearth: Hearth, binod: Person, stored: Stored
) -> None:
    assert stored.count("checkins") == 1
    a_minute_passes(workspace, hearth)
    for table in ("people", "checkins", "consents"):
        assert stored.count(table) == 0, table
    a_minute_passes(workspace, hearth)
    settled(hearth)
    (text,) = told(workspace, binod)
    assert TURNED_AWAY in text
    assert "`/support`" in text
    assert_nothing_is_kept_of(binod, stored)


def test_what_they_asked_for_is_taken_away_as_well(
    workspace: Sandbox, hearth: Hearth, binod: Person, stored: Stored
) -> None:
    binod.types("/checkin export")
    assert binod.submits().ok
    settled(hearth)
    assert workspace.files("binod")
    a_minute_passes(workspace, hearth)
    settled(hearth)
    assert workspace.files("binod") == []
    assert stored.count("exports") == stored.count("posts") == 0


def test_while_slack_goes_on_not_to_say_nothing_is_deleted(
    workspace: Sandbox, hearth: Hearth, binod: Person, stored: Stored
) -> None:
    workspace.fail("users.info", status=500)
    a_minute_passes(workspace, hearth)
    assert stored.count("people") == 1
    a_minute_passes(workspace, hearth)
    assert stored.count("people") == 0
    settled(hearth)
    assert len(told(workspace, binod)) == 1


def test_a_member_who_joined_unseen_stays(
    workspace: Sandbox, hearth: Hearth, maya: Person, stored: Stored
) -> None:
    joins_unseen(workspace, maya)
    a_minute_passes(workspace, hearth)
    settled(hearth)
    assert stored.rows("SELECT zone FROM people") == [("Europe/Berlin",)]
    assert stored.count("checkins") == 1
    assert told(workspace, maya) == []


def test_who_leaves_before_slack_says_is_told_nothing(
    workspace: Sandbox, hearth: Hearth, binod: Person, stored: Stored
) -> None:
    hearth.services.people.forget(binod.id)
    a_minute_passes(workspace, hearth)
    settled(hearth)
    assert told(workspace, binod) == []
    assert_nothing_is_kept_of(binod, stored)


def test_who_is_owed_the_word_and_asks_to_be_forgotten_is_not_sent_it(
    workspace: Sandbox, hearth: Hearth, binod: Person, stored: Stored
) -> None:
    workspace.fail("conversations.open", status=500)
    a_minute_passes(workspace, hearth)
    hearth.services.people.forget(binod.id)
    assert_nothing_is_kept_of(binod, stored)
    workspace.clock.advance(LONG)
    settled(hearth)
    assert told(workspace, binod) == []


def test_whom_the_word_is_for_is_let_go_when_it_cannot_be_said(
    workspace: Sandbox, hearth: Hearth, binod: Person, stored: Stored
) -> None:
    workspace.fail("conversations.open", error="user_not_found", times=None)
    a_minute_passes(workspace, hearth)
    settled(hearth)
    assert stored.rows("SELECT kind, state FROM outbox") == [("turned_away", "failed")]
    assert_nothing_is_kept_of(binod, stored)


def test_the_word_is_said_once_though_its_answer_was_lost(
    workspace: Sandbox, hearth: Hearth, binod: Person, stored: Stored
) -> None:
    workspace.fail("chat.postMessage", status=500, after=True)
    a_minute_passes(workspace, hearth)
    waits(stored, "no_answer")
    workspace.clock.advance(LONG)
    settled(hearth)
    assert len(told(workspace, binod)) == 1
    assert stored.count("recipients") == 0


def test_among_many_whose_zone_is_old_who_was_never_seen_comes_first(
    workspace: Sandbox, hearth: Hearth, binod: Person, stored: Stored
) -> None:
    assert binod
    long_ago = workspace.clock.now() - timedelta(days=9)

    def many(connection: Connection) -> None:
        for n in range(30):
            people.join(connection, f"U9{n:03}", country="DE", now=long_ago)
            people.set_zone(connection, f"U9{n:03}", "UTC", now=long_ago)

    hearth.database.write(many)
    hearth.services.people.refresh_zones()
    assert stored.count("checkins") == 0


# Became a guest


@pytest.fixture
def insider(workspace: Sandbox, hearth: Hearth, member: Person) -> Person:
    """Maya, who has joined, filed a check-in, belongs to a cohort, and is a moderator."""
    member.types("/checkin")
    member.submits(filled_in(note=NOTE))
    member.closes(all=True)
    now = workspace.clock.now()
    hearth.database.write(
        lambda each: roles.add(each, member.id, Role.MODERATOR, cohort=None, by=None, now=now)
    )
    return member


def places(stored: Stored, person: Person) -> int:
    query = f"SELECT 1 FROM cohort_members WHERE person_id = '{person.id}'"  # noqa: S608
    return len(stored.rows(query))


@pytest.mark.parametrize("role", ["guest", "single_channel_guest"])
@pytest.mark.parametrize("how", ["event", "clock"])
def test_for_a_member_who_becomes_a_guest_cohorts_and_roles_end_and_the_rest_stays_theirs(
    workspace: Sandbox, hearth: Hearth, insider: Person, stored: Stored, role: Guest, how: str
) -> None:
    share(insider)
    settled(hearth)
    if how == "clock":
        before = asked(workspace, "users.info")
        workspace.fail("users.info", status=500)  # so that the event changes nothing
        workspace.retry_after_seconds = []  # nor tries it again
        with gives_up_soon(workspace):
            workspace.set_role("maya", role)
        workspace.wait_for_calls("users.info", before + 1)
        assert places(stored, insider)
        stored.change("UPDATE people SET zone_read_at = '2026-01-01 00:00:00'")
        hearth.services.people.refresh_zones()
    else:
        workspace.set_role("maya", role)
    until(lambda: places(stored, insider) == 0, "they still belong to a cohort")
    settled(hearth)
    assert stored.rows(HELD) == []
    assert stored.count("checkins") == 1
    assert len(workspace.posted(COHORT)) == 1
    (text,) = told(workspace, insider)
    assert NOW_A_GUEST in text
    assert stored.count("recipients") == 0
    insider.types("/checkin history")
    assert insider.is_shown("Shared: your mood and capacity")
    insider.closes(all=True)
    insider.types("/hearth leave")
    assert insider.submits().ok
    settled(hearth)
    assert workspace.posted(COHORT) == []


def test_it_is_told_once_however_often_slack_says_so(
    workspace: Sandbox, hearth: Hearth, insider: Person, stored: Stored
) -> None:
    workspace.set_role("maya", "guest")
    until(lambda: places(stored, insider) == 0, "they still belong to a cohort")
    before = asked(workspace, "users.info")
    bolt = hearth._bolt()
    user = {"id": insider.id, "deleted": False, "is_restricted": True}
    event = {"type": "user_change", "user": user}
    body = {"type": "event_callback", "event": event}
    for _ in range(3):
        assert bolt.dispatch(BoltRequest(mode="socket_mode", body=body)).status == 200
    assert asked(workspace, "users.info") == before
    stored.change("UPDATE people SET zone_read_at = '2026-01-01 00:00:00'")
    hearth.services.people.refresh_zones()
    settled(hearth)
    assert len(told(workspace, insider)) == 1


def test_a_member_with_no_cohort_and_no_role_hears_nothing_and_keeps_everything(
    workspace: Sandbox, hearth: Hearth, maya: Person, stored: Stored
) -> None:
    hearth.services.people.agree(maya.id, Agreement(agreed=True, country="DE"))
    stored.change("DELETE FROM cohort_members")
    workspace.set_role("maya", "guest")
    workspace.clock.advance(timedelta(hours=25))
    hearth.services.people.refresh_zones()
    settled(hearth)
    assert told(workspace, maya) == []
    assert stored.count("people") == 1


def test_a_late_word_of_a_guest_who_is_a_member_again_ends_nothing(
    hearth: Hearth, insider: Person, stored: Stored
) -> None:
    user = {"id": insider.id, "deleted": False, "is_ultra_restricted": True}
    event = {"type": "user_change", "user": user}
    body = {"type": "event_callback", "event": event}
    assert hearth._bolt().dispatch(BoltRequest(mode="socket_mode", body=body)).status == 200
    assert stored.rows(HELD) == [("moderator",)]


def test_who_agrees_anew_while_slack_does_not_say_is_still_known_to_have_been_seen(
    workspace: Sandbox, hearth: Hearth, insider: Person, stored: Stored
) -> None:
    workspace.fail("users.info", status=500)
    hearth.services.people.agree(insider.id, Agreement(agreed=True, country="DE"))
    workspace.set_role("maya", "guest")
    until(lambda: places(stored, insider) == 0, "they still belong to a cohort")
    workspace.clock.advance(timedelta(hours=25))
    hearth.services.people.refresh_zones()
    assert stored.count("checkins") == 1


def test_who_comes_back_as_a_guest_is_told_what_that_means(
    workspace: Sandbox, hearth: Hearth, insider: Person, stored: Stored
) -> None:
    workspace.deactivate("maya")
    until(lambda: stored.rows("SELECT 1 FROM people WHERE gone_since IS NOT NULL"), "still open")
    workspace.set_role("maya", "guest")
    workspace.reactivate("maya")
    until(lambda: not stored.rows("SELECT 1 FROM people WHERE gone_since IS NOT NULL"), "closed")
    settled(hearth)
    (text,) = told(workspace, insider)
    assert NOW_A_GUEST in text
    assert stored.count("checkins") == 1
