"""When things go wrong: nothing is lost or doubled, and the person reads a sentence that helps.

Every test here also looks into the log afterwards: it names nobody and quotes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app import Hearth
from bot.settings import load
from sandbox import Person, Sandbox
from tests.conftest import (
    AGREED,
    NO_FILE,
    Lock,
    Stored,
    environ_for,
    filled_in,
    secrets_of,
    top,
)
from tests.integration.processes import Running
from tests.integration.slack import Line, gives_up_soon, said, texts
from tests.logs import NOTE, assert_names_nobody

# The same thing twice


@pytest.mark.parametrize(
    ("command", "values", "query", "rows"),
    [
        ("/checkin", filled_in(note=NOTE), "SELECT mood, stress FROM checkins", [(4, 2)]),
        (
            "/checkin day",
            {"day_start": {"day_start": "300"}},
            "SELECT day_starts_minute FROM people",
            [(300,)],
        ),
        ("/checkin forget", None, "SELECT id FROM people", []),
    ],
)
def test_the_same_submission_twice_is_done_once(
    member: Person,
    stored: Stored,
    command: str,
    values: dict[str, Any] | None,
    query: str,
    rows: list[Any],
) -> None:
    member.types(command)
    done = member.submits(values, twice=True)
    assert (done.outcome, done.second) == ("acked", "acked")
    assert top(member)["title"]["text"] in {"Received", "Saved", "Deleted"}
    assert stored.rows(query) == rows


def test_the_same_consent_twice_is_recorded_once(maya: Person, stored: Stored) -> None:
    maya.types("/checkin")
    done = maya.submits(AGREED, twice=True)
    assert (done.outcome, done.second) == ("acked", "acked")
    assert top(maya)["callback_id"] == "checkin"
    assert stored.count("people") == stored.count("consents") == 1


def test_the_same_command_twice_is_one_checkin(member: Person, stored: Stored) -> None:
    done = member.types("/checkin 4 2 3 steady", twice=True)
    assert (done.outcome, done.second) == ("acked", "acked")
    assert "is saved" in said(member)
    assert stored.count("checkins") == 1


# Slack does not do what it was asked


FAULTS: list[dict[str, Any]] = [
    {"error": "expired_trigger_id"},
    {"error": "internal_error"},
    {"status": 500},
    {"status": 503},
    {"status": 429},
]


@pytest.mark.parametrize(
    ("fault", "command"),
    [(fault, "/checkin") for fault in FAULTS]
    + [(FAULTS[2], "/checkin 4 2"), (FAULTS[2], "/checkin history")],
)
def test_when_slack_opens_no_form_the_answer_says_so(
    member: Person, workspace: Sandbox, stored: Stored, fault: dict[str, Any], command: str
) -> None:
    workspace.fail("views.open", **fault)
    assert member.types(command).ok
    assert "Slack could not open the form" in said(member)
    assert "findahelpline.com" in said(member)
    assert member.view is None
    assert stored.count("checkins") == 0
    assert member.types(command).ok
    assert member.view is not None


@pytest.mark.parametrize("command", ["/checkin", "/checkin forget", "/hearth checkin day"])
def test_a_trigger_that_came_too_late_opens_nothing_and_loses_nothing(
    member: Person, workspace: Sandbox, stored: Stored, command: str
) -> None:
    workspace.expire_triggers()
    assert member.types(command).ok
    assert "Slack could not open the form" in said(member)
    assert member.view is None
    assert stored.count("people") == 1


def test_a_form_that_cannot_open_before_the_consent_stores_nothing(
    maya: Person, workspace: Sandbox, stored: Stored
) -> None:
    workspace.expire_triggers()
    assert maya.types("/checkin 4 2 3 steady").ok
    assert "Slack could not open the form" in said(maya)
    assert stored.count("people") == stored.count("checkins") == 0


def test_when_the_shortcut_opens_nothing_slack_itself_says_so(
    member: Person, workspace: Sandbox
) -> None:
    workspace.expire_triggers()
    with gives_up_soon(workspace):
        assert member.uses_shortcut("checkin").outcome == "timeout"
    assert any("failed" in notice["text"] for notice in member.notices)
    assert member.view is None


def test_a_slack_that_is_too_slow_is_given_up_while_the_person_still_waits(
    member: Person, workspace: Sandbox
) -> None:
    workspace.fail("views.open", delay_seconds=1.8)
    assert member.types("/checkin").outcome == "acked"
    assert "Slack could not open the form" in said(member)


BROKEN = {
    "hangs up without a word": b"",
    "hangs up in the middle": b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"ok": tr',
    "answers with a page": b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>",
    "answers with no text at all": b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\xff\xfe\xfd",
    "does not speak HTTP": b"220 smtp\r\n\r\n",
}


@pytest.fixture
def line(workspace: Sandbox) -> Iterator[Line]:
    line = Line(workspace)
    yield line
    line.cut()


@pytest.fixture
def over_the_line(workspace: Sandbox, stored: Stored, line: Line) -> Iterator[Person]:
    """Maya, whose Hearth reaches the Web API over a line that can break."""
    environ = environ_for(workspace, stored.url) | {"SLACK_API_URL": line.api_url}
    running = Hearth(load(NO_FILE, environ), workspace.clock)
    running.start()
    workspace.wait_until_connected()
    yield workspace.person("maya")
    running.stop()


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_a_slack_that_breaks_off_costs_nothing(
    over_the_line: Person, line: Line, stored: Stored, broken: bytes
) -> None:
    line.broken = broken
    assert over_the_line.types("/checkin").ok
    assert "Slack could not open the form" in said(over_the_line)
    line.broken = None
    over_the_line.types("/checkin")
    line.broken = broken
    assert over_the_line.submits(AGREED).ok
    assert over_the_line.submits(filled_in(note=NOTE)).ok
    assert stored.rows("SELECT zone, mood FROM people, checkins") == [(None, 4)]


def test_a_slack_that_is_gone_costs_nothing(over_the_line: Person, line: Line) -> None:
    line.cut()
    assert over_the_line.types("/checkin").ok
    assert "Slack could not open the form" in said(over_the_line)


@pytest.mark.parametrize(
    "fault",
    [{"status": 500}, {"error": "user_not_found"}, {"error": "fatal_error"}, {"status": 429}],
)
def test_joining_does_not_fail_because_slack_does_not_say_the_zone(
    maya: Person, hearth: Hearth, workspace: Sandbox, stored: Stored, fault: dict[str, Any]
) -> None:
    workspace.fail("users.info", times=2, **fault)
    maya.types("/checkin")
    assert maya.submits(AGREED).ok
    assert top(maya)["callback_id"] == "checkin"
    assert stored.rows("SELECT zone FROM people") == [(None,)]
    hearth.services.people.refresh_zones()
    workspace.clear_faults()
    workspace.clock.advance(timedelta(days=2))
    hearth.services.people.refresh_zones()
    assert stored.rows("SELECT zone FROM people") == [("Europe/Berlin",)]
    assert stored.count("consents") == 1


def test_somebody_who_left_slack_keeps_nobody_from_their_zone(
    member: Person, hearth: Hearth, stored: Stored
) -> None:
    stored.change(
        "UPDATE people SET zone = NULL, zone_read_at = '2026-01-01 00:00:00'",
        "INSERT INTO people (id, country, day_starts_minute, joined_at)"
        " VALUES ('U0GONE', 'DE', 0, '2026-01-01 00:00:00')",
    )
    for _ in range(2):
        hearth.services.people.refresh_zones()
    zones = dict(stored.rows("SELECT id, zone FROM people"))
    assert zones == {"U0GONE": None, member.id: "Europe/Berlin"}


# What people write


EXACTLY = {
    "a thousand emoji": "🏮" * 1000,
    "emoji of many parts": "👩🏽‍🚒🏴󠁧󠁢󠁳󠁣󠁴󠁿👨‍👩‍👧‍👦" * 20,
    "right to left": "היום היה יום קשה, אבל עבר. شكرا",
    "turned around": "\u202eevil\u202c \u2066inside\u2069 \u200fmark\u061c",
    "nothing to see": "a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg",
    "control characters": "a\x00b\x07c\x1b[31md\x7fe",
    "marks on letters": "e\u0301 n\u0303 Z" + "\u0335\u0321" * 40,
    "pings": "<!channel> <!everyone> <!here> @channel @here",
    "a mention": "<@U0SBX000001> <#C0SBX000001> <!subteam^S1> @kofi",
    "a link": "<http://evil.example|click me> http://evil.example",
    "markdown": "*bold* _it_ ~gone~ `code` ```block``` > quote :tada:",
    "escapes": "&lt;!channel&gt; &amp; < > & \\n %s {} ${x}",
    "white space": "  first\r\n\n\tsecond  \u2028third\u00a0",
    "the last character": "\U0010ffff\ufffe",
}


def test_a_note_comes_back_exactly_as_written_and_pings_nobody(
    member: Person, workspace: Sandbox
) -> None:
    kofi = workspace.person("kofi")
    before = kofi.sees()["messages"], member.sees()["messages"]
    for name, note in EXACTLY.items():
        member.types("/checkin")
        assert member.submits(filled_in(note=note)).ok, name
        shown = [top(member)]
        member.types("/checkin")
        shown.append(top(member))
        (field,) = (block for block in top(member)["blocks"] if block["block_id"] == "note")
        assert field["element"]["initial_value"] == note, name
        member.types("/checkin history")
        shown.append(top(member))
        assert note in texts(top(member), "text"), name
        assert not any(note in text for text in texts(shown, "mrkdwn")), name
    assert (kofi.sees()["messages"], member.sees()["messages"]) == before
    assert {call["method"] for call in workspace.calls()} <= {
        *("auth.test", "apps.connections.open", "users.info", "views.open")
    }


def test_a_note_that_is_far_too_long_is_refused_with_its_length_and_kept(
    member: Person, stored: Stored
) -> None:
    note = "lantern " * 5000
    member.types("/checkin")
    refused = member.submits(filled_in(note=note), unchecked=True)
    assert list(refused.errors) == ["note"]
    assert "40,000 characters" in refused.errors["note"]
    assert "39,000 away" in refused.errors["note"]
    assert top(member)["state"]["values"]["note"]["note"]["value"] == note
    assert stored.count("checkins") == 0
    assert member.submits(filled_in(note=note[:1000])).ok
    assert stored.count("checkins") == 1


STRANGE = [
    "lantern " * 1000,
    "lantern \x00\x07\x1b[31m",
    "4 2 3 lantern <!channel> <@U0SBX000001>",
    "history " + "lantern " * 1000,
    "forget lantern",
    "day lantern " + "9" * 4000,
    "day 99:99 lantern",
    "4 2 3 \u202esteady lantern",
    "４ ２ ３ steady",
    "-4 -2 -3 steady",
    "9" * 5000,
    "mood " * 40,
]


@pytest.mark.parametrize("command", ["/checkin", "/hearth checkin"])
def test_a_strange_command_saves_nothing_and_is_never_repeated(
    member: Person, workspace: Sandbox, stored: Stored, command: str
) -> None:
    before = stored.rows("SELECT * FROM people")
    for text in STRANGE:
        assert member.types(f"{command} {text}").ok, text
        assert top(member)["title"]["text"] != "That did not work", text
        assert not member.is_shown("lantern"), text
        member.closes()
    assert not workspace.person("kofi").is_shown("lantern")
    assert member.ephemerals("general") == []
    assert stored.count("checkins") == 0
    assert stored.rows("SELECT * FROM people") == before


# The log


def test_a_whole_session_with_errors_of_every_kind_leaves_a_log_that_names_nobody(
    workspace: Sandbox, stored: Stored, locked: Lock, tmp_path: Path
) -> None:
    running = Running(environ_for(workspace, stored.url), tmp_path)
    try:
        running.until_connected(workspace)
        maya = workspace.person("maya")
        workspace.fail("users.info", status=500)
        maya.types("/checkin lantern 4")
        maya.submits(AGREED)
        let_go = locked()
        maya.submits(filled_in(note=NOTE))
        let_go()
        maya.types("/checkin day lantern")
        workspace.fail("views.open", status=500)
        maya.types("/checkin history lantern")
        maya.types("/checkin")
        maya.submits(filled_in(note=NOTE * 100), unchecked=True)
        maya.submits(filled_in(note=NOTE))
        stored.set_latest_note(b"noise" * 12)
        maya.types("/checkin history")
        stored.change("ALTER TABLE people RENAME TO elsewhere")
        maya.types("/checkin 4 2 3 steady")
    finally:
        running.close()
    for kind in ("NotSaved: busy", "SlackUnavailable", "NotRead: unreadable", "unavailable"):
        assert kind in running.errors()
    ours = "hearth|bot|handlers|scheduler|storage"
    assert not re.search(rf" INFO (?!{ours})", running.errors())
    assert_names_nobody(running.errors(), secrets_of(workspace))
