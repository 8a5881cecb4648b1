"""Exports: to whom the files go, when they go again, and that none of them stays for ever."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app import Hearth
from sandbox import Person, Sandbox
from tests.conftest import Stored
from tests.integration.outbox import settled
from tests.integration.people.exporting import WITH_NOTES, asks, files
from tests.integration.weather.conftest import LONG, asked, told, waits
from tests.waiting import until

HOUR = timedelta(minutes=61)


def an_hour_passes(workspace: Sandbox, hearth: Hearth) -> None:
    hearth.services.exports.end_old()  # notes since when they are there
    workspace.clock.advance(HOUR)
    hearth.services.exports.end_old()


def test_nobody_else_is_sent_anything(
    workspace: Sandbox, hearth: Hearth, writer: Person, stored: Stored
) -> None:
    asks(writer, WITH_NOTES)
    settled(hearth)
    assert [each for each in workspace.posted() if each["channel"] != _dm(stored)] == []
    assert not workspace.person("kofi").is_shown("copy of your data")


def _dm(stored: Stored) -> str:
    return str(stored.rows("SELECT dm_channel FROM people")[0][0])


def test_pressed_twice_it_is_sent_once(
    workspace: Sandbox, hearth: Hearth, writer: Person, stored: Stored
) -> None:
    asks(writer, twice=True)
    asks(writer)
    settled(hearth)
    assert len(workspace.files("maya")) == 2
    assert stored.count("exports") == 1


def test_neither_outbox_nor_posts_say_whose_it_is_or_what_is_in_it(
    hearth: Hearth, writer: Person, stored: Stored
) -> None:
    asks(writer, WITH_NOTES)
    settled(hearth)
    for table in ("outbox", "posts"):
        rows = str(stored.rows(f"SELECT * FROM {table}"))  # noqa: S608
        assert writer.id not in rows
        assert _dm(stored) not in rows
    assert not stored.contains("lantern")


def test_after_an_hour_the_files_are_gone(
    workspace: Sandbox, hearth: Hearth, writer: Person, stored: Stored
) -> None:
    asks(writer, WITH_NOTES)
    settled(hearth)
    hearth.services.exports.end_old()
    workspace.clock.advance(timedelta(minutes=58))
    hearth.services.exports.end_old()
    assert len(files(workspace, hearth)) == 2
    workspace.clock.advance(timedelta(minutes=3))
    hearth.services.exports.end_old()
    assert files(workspace, hearth) == {}
    assert told(workspace, writer) == []
    assert stored.count("exports") == stored.count("posts") == 0


@pytest.mark.parametrize("error", ["cant_delete_message", "message_not_found", "missing_scope"])
@pytest.mark.parametrize("method", ["chat.delete", "files.info"])
def test_a_message_that_cannot_be_taken_away_keeps_no_file(
    workspace: Sandbox, hearth: Hearth, writer: Person, stored: Stored, method: str, error: str
) -> None:
    workspace.fail(method, error=error, times=None)
    asks(writer)
    settled(hearth)
    an_hour_passes(workspace, hearth)
    assert files(workspace, hearth) == {}
    (text,) = told(workspace, writer)
    assert "they are deleted" in text
    assert stored.count("exports") == stored.count("posts") == 0


@pytest.mark.parametrize("method", ["chat.delete", "files.info"])
def test_a_message_whose_end_is_not_known_goes_later_with_its_files(
    workspace: Sandbox, hearth: Hearth, writer: Person, stored: Stored, method: str
) -> None:
    asks(writer)
    settled(hearth)
    workspace.fail(method, status=500)
    an_hour_passes(workspace, hearth)
    until(lambda: stored.rows(_WAITS), "it is not left for later")
    workspace.clock.advance(LONG)
    assert files(workspace, hearth) == {}
    assert told(workspace, writer) == []


def test_with_slack_down_at_that_moment_they_go_later(
    workspace: Sandbox, hearth: Hearth, writer: Person, stored: Stored
) -> None:
    asks(writer)
    settled(hearth)
    workspace.fail("files.delete", status=500, times=3)
    an_hour_passes(workspace, hearth)
    for times in (1, 2, 3):
        workspace.wait_for_calls("files.delete", times)
        until(lambda: stored.rows(_WAITS), "it is not left for later")
        stored.change("UPDATE outbox SET reason = NULL")
        workspace.clock.advance(LONG)
    assert files(workspace, hearth) == {}
    assert stored.count("exports") == 0


_WAITS = "SELECT 1 FROM outbox WHERE state = 'sending' AND reason = 'no_answer'"


@pytest.mark.parametrize("error", ["file_not_found", "file_deleted"])
def test_files_that_the_person_deleted_are_gone(
    workspace: Sandbox, hearth: Hearth, writer: Person, stored: Stored, error: str
) -> None:
    asks(writer)
    settled(hearth)
    workspace.fail("files.delete", error=error, times=2)
    an_hour_passes(workspace, hearth)
    settled(hearth)
    assert stored.count("exports") == stored.count("posts") == 0


LOST: dict[str, dict[str, Any]] = {"cut": {"cut": True}, "broken": {"status": 500}}


@pytest.mark.parametrize("how", LOST.values(), ids=LOST.keys())
@pytest.mark.parametrize("then", ["sent", "forgotten", "over"])
def test_files_of_which_nobody_knows_are_found_and_go_with_the_others(
    workspace: Sandbox,
    hearth: Hearth,
    writer: Person,
    stored: Stored,
    how: dict[str, Any],
    then: str,
) -> None:
    workspace.fail("files.completeUploadExternal", after=True, **how)
    asks(writer)
    waits(stored, "no_answer")
    assert len(workspace.files("maya")) == 2
    if then == "forgotten":
        hearth.services.people.forget(writer.id)
    elif then == "over":
        stored.change("UPDATE exports SET asked_at = '2020-01-01 00:00:00'")
        hearth.services.exports.end_old()
    workspace.clock.advance(LONG)
    settled(hearth)
    if then == "sent":
        assert len(workspace.files("maya")) == 2
        assert asked(workspace, "files.completeUploadExternal") == 1
        an_hour_passes(workspace, hearth)
    assert files(workspace, hearth) == {}
    assert stored.count("exports") == stored.count("posts") == 0


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "upload"])
@pytest.mark.parametrize("how", LOST.values(), ids=LOST.keys())
def test_an_upload_that_did_not_get_through_is_made_again_and_shown_once(
    workspace: Sandbox,
    hearth: Hearth,
    writer: Person,
    stored: Stored,
    method: str,
    how: dict[str, Any],
) -> None:
    workspace.fail(method, **how)
    asks(writer)
    waits(stored, "no_answer")
    workspace.clock.advance(LONG)
    settled(hearth)
    assert len(workspace.files("maya")) == 2
    an_hour_passes(workspace, hearth)
    assert files(workspace, hearth) == {}


def test_what_slack_refuses_is_told_to_the_person(
    workspace: Sandbox, hearth: Hearth, writer: Person, stored: Stored
) -> None:
    workspace.fail("files.completeUploadExternal", error="storage_limit_reached")
    asks(writer)
    settled(hearth)
    (text,) = told(workspace, writer)
    assert "could not be sent" in text
    assert stored.count("exports") == 0
    workspace.clock.advance(timedelta(hours=25))
    hearth.services.exports.end_old()
    settled(hearth)
    assert len(told(workspace, writer)) == 1
    assert stored.count("recipients") == 0


def test_what_could_not_be_sent_for_a_day_is_not_sent_any_more_and_the_person_is_told(
    workspace: Sandbox, hearth: Hearth, writer: Person, stored: Stored
) -> None:
    workspace.fail("files.getUploadURLExternal", error="missing_scope", times=None)
    asks(writer)
    waits(stored, "missing_scope")
    workspace.clock.advance(timedelta(hours=25))
    hearth.services.exports.end_old()
    workspace.clock.advance(LONG)
    settled(hearth)
    assert workspace.files("maya") == []
    assert stored.count("exports") == stored.count("recipients") == 0
    (text,) = told(workspace, writer)
    assert "could not be sent" in text
    asks(writer)
    assert stored.count("exports") == 1


def test_who_is_forgotten_meanwhile_is_told_nothing_of_it(
    workspace: Sandbox, hearth: Hearth, writer: Person, stored: Stored
) -> None:
    workspace.fail("files.getUploadURLExternal", error="missing_scope", times=None)
    asks(writer)
    waits(stored, "missing_scope")
    workspace.fail("chat.postMessage", status=500)
    workspace.clock.advance(timedelta(hours=25))
    hearth.services.exports.end_old()
    hearth.services.people.forget(writer.id)
    workspace.clock.advance(LONG)
    settled(hearth)
    assert told(workspace, writer) == []
    assert stored.count("recipients") == stored.count("exports") == 0


def test_forgetting_everything_takes_the_files_away(
    workspace: Sandbox, hearth: Hearth, writer: Person, stored: Stored
) -> None:
    asks(writer, WITH_NOTES)
    settled(hearth)
    writer.types("/hearth leave")
    writer.submits()
    assert writer.is_shown("is being taken away in Slack")
    assert files(workspace, hearth) == {}
    for table in ("people", "exports", "posts", "checkins", "consents"):
        assert stored.count(table) == 0, table


def test_forgetting_while_it_is_being_sent_leaves_no_file(
    workspace: Sandbox, hearth: Hearth, writer: Person, stored: Stored
) -> None:
    with workspace.hold("files.completeUploadExternal") as hold:
        asks(writer, WITH_NOTES)
        hold.wait()
        hearth.services.people.forget(writer.id)
        hold.release()
    assert files(workspace, hearth) == {}
    assert stored.count("exports") == stored.count("posts") == 0


def test_who_never_joined_is_sent_nothing(maya: Person, stored: Stored) -> None:
    maya.types("/checkin export")
    assert maya.submits().outcome == "errors"
    assert stored.count("exports") == stored.count("outbox") == 0
