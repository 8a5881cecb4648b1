"""Forgetting: everything, silently, in one go, and what is on its way to Slack as well."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import Hearth
from sandbox import Person, Sandbox
from storage import programme, roles
from tests.conftest import Stored, filled_in
from tests.integration.outbox import settled
from tests.integration.weather.conftest import COHORT, LONG, asked, share, waits
from tests.logs import NOTE

THEIRS = ("people", "checkins", "consents", "shares", "posts", "exports", "recipients")


@pytest.fixture
def lead(workspace: Sandbox, hearth: Hearth, member: Person) -> Person:
    """Maya, who leads the programme and has set something up."""
    now = workspace.clock.now()
    hearth.database.write(
        lambda each: roles.add(each, member.id, "lead", cohort=None, by=None, now=now)
    )
    hearth.database.write(
        lambda each: programme.put(each, "countries", ["DE"], revision=0, by=member.id, now=now)
    )
    return member


def leaves(person: Person) -> None:
    person.closes(all=True) if person.view else None
    person.types("/hearth leave")
    assert person.submits().ok


def assert_nothing_is_left(stored: Stored) -> None:
    for table in THEIRS:
        assert stored.count(table) == 0, table


def test_roles_end_and_of_them_only_the_record_stays(lead: Person, stored: Stored) -> None:
    leaves(lead)
    assert lead.is_shown("It is deleted")
    assert_nothing_is_left(stored)
    ((role, by, ended),) = stored.rows("SELECT role, revoked_by, revoked_at FROM grants")
    assert (role, by) == ("lead", None)
    assert ended
    assert stored.rows("SELECT name, set_by FROM programme") == [("countries", None)]
    for table in stored.tables():
        if table != "grants":
            rows = stored.rows(f"SELECT * FROM {table}")  # noqa: S608
            assert lead.id not in str(rows), table


def test_the_question_says_what_stays_and_why(lead: Person) -> None:
    lead.types("/checkin forget")
    for words in ("What stays, and why", "If you held a role", "Copies of the database"):
        assert lead.is_shown(words)


def test_the_record_of_a_role_goes_after_two_years(
    workspace: Sandbox, hearth: Hearth, lead: Person, stored: Stored
) -> None:
    leaves(lead)
    workspace.clock.advance(timedelta(days=729))
    hearth.services.accounts.let_old_ones_go()
    assert stored.count("grants") == 1
    workspace.clock.advance(timedelta(days=2))
    hearth.services.accounts.let_old_ones_go()
    assert stored.count("grants") == 0


@pytest.mark.parametrize("times", [1, 2])
def test_leaving_twice_is_the_same_as_once(
    lead: Person, workspace: Sandbox, hearth: Hearth, stored: Stored, times: int
) -> None:
    share(lead)
    settled(hearth)
    for _ in range(times):
        leaves(lead)
    settled(hearth)
    assert_nothing_is_left(stored)
    assert stored.count("grants") == 1
    assert workspace.posted(COHORT) == []


def test_who_never_joined_can_leave_without_harm(maya: Person, stored: Stored) -> None:
    leaves(maya)
    assert maya.is_shown("It is deleted")
    assert not maya.is_shown("taken away in Slack. That takes")
    assert stored.count("outbox") == 0


@pytest.mark.parametrize("when", ["before", "after"])
def test_forgetting_while_a_share_is_being_sent_leaves_no_message(
    workspace: Sandbox, hearth: Hearth, member: Person, stored: Stored, when: str
) -> None:
    with workspace.hold("chat.postMessage", channel=COHORT, when=when) as hold:  # type: ignore[arg-type]
        share(member)
        hold.wait()
        leaves(member)
        hold.release()
    settled(hearth)
    assert workspace.posted(COHORT) == []
    assert_nothing_is_left(stored)


def test_forgetting_while_a_change_is_being_sent_leaves_no_message(
    workspace: Sandbox, hearth: Hearth, member: Person, stored: Stored
) -> None:
    share(member, 2)
    settled(hearth)
    with workspace.hold("chat.update", channel=COHORT) as hold:
        share(member, 5)
        hold.wait()
        leaves(member)
        hold.release()
    settled(hearth)
    assert workspace.posted(COHORT) == []
    assert_nothing_is_left(stored)


def test_while_slack_is_away_the_rest_is_gone_at_once_and_the_message_later(
    workspace: Sandbox, hearth: Hearth, member: Person, stored: Stored
) -> None:
    share(member)
    settled(hearth)
    workspace.fail("chat.delete", status=500)
    leaves(member)
    assert member.is_shown("while Slack cannot be reached, Hearth goes on trying")
    assert stored.count("checkins") == stored.count("people") == 0
    waits(stored, "no_answer")
    workspace.clock.advance(LONG)
    settled(hearth)
    assert workspace.posted(COHORT) == []
    assert_nothing_is_left(stored)


def test_it_is_silent(workspace: Sandbox, hearth: Hearth, member: Person) -> None:
    before = asked(workspace, "chat.postMessage")
    leaves(member)
    settled(hearth)
    assert asked(workspace, "chat.postMessage") == before


def test_coming_back_begins_from_nothing(member: Person, stored: Stored) -> None:
    member.types("/checkin")
    member.submits(filled_in(note=NOTE))
    leaves(member)
    member.closes(all=True)
    member.types("/checkin")
    assert member.is_shown("Before you begin")
    assert not member.is_shown("What Hearth does has changed")
    assert not member.is_shown(NOTE)


def test_of_many_messages_none_is_left(
    workspace: Sandbox, hearth: Hearth, member: Person, stored: Stored
) -> None:
    for _ in range(30):
        share(member, 4)
        workspace.clock.advance(timedelta(days=1))
    settled(hearth)
    assert len(workspace.posted(COHORT)) == 30
    leaves(member)
    assert member.is_shown("That takes a minute at most")
    settled(hearth)
    assert workspace.posted(COHORT) == []
    assert_nothing_is_left(stored)
