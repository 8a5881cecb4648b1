"""Accounts that are closed and opened again, and Hearth taken out of the workspace."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from slack_bolt import App, BoltRequest

from app import Hearth
from sandbox import Person, Sandbox
from storage import roles
from tests.conftest import Stored, filled_in
from tests.integration.outbox import settled
from tests.integration.weather.conftest import COHORT, asked, share, told
from tests.logs import NOTE
from tests.waiting import until

GONE = "SELECT gone_since IS NOT NULL FROM people"
HELD = "SELECT role, revoked_by FROM grants WHERE revoked_at IS NULL"


@pytest.fixture
def moderator(workspace: Sandbox, hearth: Hearth, member: Person) -> Person:
    """Maya, who has joined, filed a check-in, belongs to a cohort, and is a moderator."""
    member.types("/checkin")
    member.submits(filled_in(note=NOTE))
    member.closes(all=True)
    now = workspace.clock.now()
    hearth.database.write(
        lambda each: roles.add(each, member.id, "moderator", cohort=None, by=None, now=now)
    )
    return member


def is_gone(stored: Stored) -> bool:
    return bool(stored.rows(GONE)[0][0])


def deactivate(workspace: Sandbox, stored: Stored) -> None:
    workspace.deactivate("maya")
    until(lambda: is_gone(stored), "the account is not known to be closed")


def reactivate(workspace: Sandbox, stored: Stored) -> None:
    workspace.reactivate("maya")
    until(lambda: not is_gone(stored), "the account is not known to be open")


def test_with_the_account_roles_and_memberships_end_and_the_rest_waits(
    workspace: Sandbox, moderator: Person, stored: Stored
) -> None:
    deactivate(workspace, stored)
    assert stored.rows(HELD) == []
    of_maya = f"SELECT count(*) FROM cohort_members WHERE person_id = '{moderator.id}'"  # noqa: S608
    assert stored.rows(of_maya) == [(0,)]
    assert stored.count("checkins") == 1
    assert stored.count("consents") == 1


def test_nobody_writes_to_a_closed_account(
    workspace: Sandbox, hearth: Hearth, moderator: Person, stored: Stored
) -> None:
    workspace.archive(COHORT)
    with workspace.hold("chat.postMessage", channel=COHORT) as hold:
        share(moderator)
        hold.wait()
        deactivate(workspace, stored)
        hold.release()
    settled(hearth)
    kinds = stored.rows("SELECT kind, state FROM outbox ORDER BY id")
    assert kinds == [("share", "failed"), ("share_unsent", "sent")]
    assert asked(workspace, "conversations.open") == 0


def test_who_comes_back_finds_everything_but_roles_and_cohorts_and_is_told(
    workspace: Sandbox, hearth: Hearth, moderator: Person, stored: Stored
) -> None:
    deactivate(workspace, stored)
    workspace.clock.advance(timedelta(days=29))
    hearth.services.accounts.forget_the_gone()
    reactivate(workspace, stored)
    settled(hearth)
    (text,) = told(workspace, moderator)
    assert text.startswith("Welcome back.")
    assert "any role you held have ended" in text
    assert stored.rows(HELD) == []
    moderator.types("/checkin history")
    assert moderator.is_shown(NOTE)


def test_after_thirty_days_whoever_is_gone_is_forgotten(
    workspace: Sandbox, hearth: Hearth, moderator: Person, stored: Stored
) -> None:
    share(moderator)
    settled(hearth)
    assert workspace.posted(COHORT)
    deactivate(workspace, stored)
    workspace.clock.advance(timedelta(days=30, hours=1))
    hearth.services.accounts.forget_the_gone()
    settled(hearth)
    assert workspace.posted(COHORT) == []
    for table in ("people", "checkins", "consents", "shares", "posts", "recipients"):
        assert stored.count(table) == 0, table


def test_who_came_back_unnoticed_is_not_forgotten(
    workspace: Sandbox, hearth: Hearth, moderator: Person, stored: Stored
) -> None:
    assert moderator
    stored.change("UPDATE people SET gone_since = '2020-01-01 00:00:00'")
    hearth.services.accounts.forget_the_gone()
    settled(hearth)
    assert not is_gone(stored)
    assert stored.count("checkins") == 1
    assert len(told(workspace, moderator)) == 1


def test_while_slack_does_not_say_who_is_gone_nobody_is_forgotten(
    workspace: Sandbox, hearth: Hearth, moderator: Person, stored: Stored
) -> None:
    assert moderator
    stored.change("UPDATE people SET gone_since = '2020-01-01 00:00:00'")
    workspace.fail("users.info", status=500, times=None)
    hearth.services.accounts.forget_the_gone()
    assert stored.count("people") == 1


def change(person: Person, *, deleted: bool) -> BoltRequest:
    user = {"id": person.id, "deleted": deleted}
    event = {"type": "user_change", "user": user}
    return BoltRequest(mode="socket_mode", body={"type": "event_callback", "event": event})


@pytest.fixture
def bolt(hearth: Hearth) -> App:
    """What stands behind the socket."""
    return hearth._bolt()


def test_a_late_word_of_a_closed_account_does_not_close_one_that_is_open(
    moderator: Person, bolt: App, stored: Stored
) -> None:
    assert bolt.dispatch(change(moderator, deleted=True)).status == 200
    assert not is_gone(stored)
    assert stored.rows(HELD) == [("moderator", None)]


def test_when_slack_cannot_be_asked_the_event_comes_again(
    workspace: Sandbox, moderator: Person, bolt: App, stored: Stored
) -> None:
    workspace.fail("users.info", status=500)
    assert bolt.dispatch(change(moderator, deleted=True)).status == 500
    assert not is_gone(stored)


def test_what_is_no_news_asks_slack_nothing(
    workspace: Sandbox, moderator: Person, bolt: App
) -> None:
    before = asked(workspace, "users.info")
    stranger = workspace.person("kofi")
    for each in (change(moderator, deleted=False), change(stranger, deleted=False)):
        assert bolt.dispatch(each).status == 200
    assert asked(workspace, "users.info") == before


def test_a_closed_account_that_no_event_told_of_is_noticed_by_the_clock(
    workspace: Sandbox, hearth: Hearth, moderator: Person, stored: Stored
) -> None:
    deactivate(workspace, stored)
    stored.change("UPDATE people SET gone_since = NULL, zone_read_at = NULL")
    hearth.services.people.refresh_zones()
    assert is_gone(stored)
    assert moderator


# Hearth itself


def silent(hearth: Hearth) -> bool:
    return hearth.services.speaking.silent


@pytest.mark.parametrize("how", ["uninstall", "revoke_token"])
def test_taken_out_of_slack_hearth_is_silent_keeps_everything_and_goes_on_when_it_is_back(
    workspace: Sandbox, hearth: Hearth, moderator: Person, stored: Stored, how: str
) -> None:
    share(moderator)
    settled(hearth)
    getattr(workspace, how)()
    until(lambda: silent(hearth), "nobody noticed")
    assert hearth._not_open()[-1:] == ["Hearth was taken out of Slack, or its token was revoked"]
    assert stored.count("checkins") == 1
    before = asked(workspace, "chat.delete")
    hearth.services.people.forget(moderator.id)
    workspace.clock.advance(timedelta(seconds=30))
    assert asked(workspace, "chat.delete") == before
    workspace.install()
    workspace.invite_bot(COHORT)
    workspace.clock.advance(timedelta(minutes=2))
    until(lambda: not silent(hearth), "it stays silent")
    settled(hearth)
    assert workspace.posted(COHORT) == []
    assert stored.rows("SELECT name FROM programme") == []


def event(kind: str, **rest: Any) -> BoltRequest:
    body = {"type": "event_callback", "event": {"type": kind, **rest}}
    return BoltRequest(mode="socket_mode", body=body)


def test_the_same_news_twice_is_the_same_as_once(
    workspace: Sandbox, hearth: Hearth, bolt: App, stored: Stored
) -> None:
    workspace.uninstall()
    for _ in range(2):
        assert bolt.dispatch(event("app_uninstalled")).status == 200
        assert bolt.dispatch(event("tokens_revoked", tokens={"bot": ["B1"]})).status == 200
    assert silent(hearth)
    assert stored.count("programme") == 1


@pytest.mark.parametrize("tokens", [None, {}, {"oauth": ["x"]}, {"bot": []}])
def test_somebody_elses_token_silences_nobody(
    hearth: Hearth, bolt: App, tokens: dict[str, Any] | None
) -> None:
    assert bolt.dispatch(event("tokens_revoked", tokens=tokens)).status == 200
    assert not silent(hearth)


def test_another_process_is_silent_too(hearth: Hearth, stored: Stored) -> None:
    stored.change(
        "INSERT INTO programme (name, value, revision, set_at) "
        "VALUES ('silent', '\"app_uninstalled\"', 1, '2026-01-01 00:00:00')"
    )
    hearth.services.speaking.look()
    assert silent(hearth)


def test_a_word_about_an_uninstalling_that_is_long_undone_does_no_harm(
    hearth: Hearth, moderator: Person, bolt: App, workspace: Sandbox
) -> None:
    assert bolt.dispatch(event("app_uninstalled")).status == 200
    until(lambda: not silent(hearth), "it stays silent though Slack takes the token")
    share(moderator)
    settled(hearth)
    assert workspace.posted(COHORT)
