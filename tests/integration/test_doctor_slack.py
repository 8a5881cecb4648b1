"""The doctor asks Slack: tokens, scopes, time, and the channels of cohorts."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.operations.doctor import Finding, Verdict, examine, slack
from bot.operations.doctor.findings import ok
from bot.ports import SystemClock
from sandbox import Sandbox, seed
from storage.engine import Database
from tests.conftest import Stored, environ_for
from tests.integration.cells import NOW
from tests.integration.doctors import MANIFEST, Examine, configured, manifest_with, only
from tests.integration.slack import Line

# Tokens and scopes


@pytest.mark.parametrize(
    ("method", "setting"),
    [("auth.test", "SLACK_BOT_TOKEN"), ("apps.connections.open", "SLACK_APP_TOKEN")],
)
@pytest.mark.parametrize(
    ("fault", "verdict", "words"),
    [
        ({"error": "invalid_auth"}, "bad", "invalid_auth to {setting}"),
        ({"error": "ratelimited"}, "look", "patience before {setting}"),
        ({"error": "fatal_error"}, "bad", "trouble of its own"),
        ({"error": "<xoxb-1>"}, "bad", "trouble of its own"),
        ({"status": 503}, "bad", "trouble of its own"),
    ],
)
def test_slacks_own_reason_is_told_with_the_setting_to_look_at(
    started: Database,
    doctor: Examine,
    workspace: Sandbox,
    method: str,
    setting: str,
    fault: dict[str, Any],
    verdict: str,
    words: str,
) -> None:
    workspace.fail(method, **fault)
    (line,) = [each for each in doctor() if not each.startswith("ok")]
    assert line.startswith(verdict)
    assert words.format(setting=setting) in line


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
def test_a_slack_that_does_not_answer_is_told_in_time(
    started: Database,
    doctor: Examine,
    workspace: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
) -> None:
    monkeypatch.setattr(slack, "SLACK_SECONDS", 0.2)
    workspace.fail(method, delay_seconds=1)
    (line,) = [each for each in doctor() if not each.startswith("ok")]
    assert line.startswith("bad   Slack cannot be reached")


def test_where_nobody_answers_it_says_so_and_looks_at_the_rest(
    started: Database, doctor: Examine
) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: every call is refused
        lines = doctor(SLACK_API_URL=f"http://127.0.0.1:{taken.getsockname()[1]}/api/")
    assert len(only(lines, "bad   Slack cannot be reached")) == 2
    assert len(only(lines, "ok    the database")) == 2


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", b"\xff\xfe"]
)
def test_where_something_else_answers_it_says_so(
    started: Database, doctor: Examine, workspace: Sandbox, answer: bytes
) -> None:
    line = Line(workspace)
    line.broken = answer
    lines = doctor(SLACK_API_URL=line.api_url)
    line.cut()
    assert len(only(lines, "bad   Slack")) == 2


def answered(body: dict[str, Any], *headers: str) -> bytes:
    """Return an answer as it goes over the wire, with these headers only."""
    content = json.dumps(body).encode()
    head = ["HTTP/1.1 200 OK", f"Content-Length: {len(content)}", *headers, "", ""]
    return "\r\n".join(head).encode() + content


def test_an_answer_without_the_headers_is_looked_at(
    started: Database, doctor: Examine, workspace: Sandbox
) -> None:
    line = Line(workspace)
    line.broken = answered({"ok": True, "url": "ws://127.0.0.1:1/"})
    lines = doctor(SLACK_API_URL=line.api_url)
    line.cut()
    assert [each[6:24] for each in only(lines, "look")] == ["Slack did not say "] * 2
    assert only(lines, "bad") == []


def test_each_scope_that_is_missing_or_too_many_is_named(
    started: Database, doctor: Examine, tmp_path: Path
) -> None:
    ours = yaml.safe_load(MANIFEST.read_text())["oauth_config"]["scopes"]["bot"]
    others = {*ours, "bookmarks:read", "usergroups:read"} - {"users:read"}
    lines = doctor(manifest=manifest_with(tmp_path, *others))
    assert [line.split(" - ")[0] for line in only(lines, "bad")] == [
        "bad   the scope bookmarks:read is missing",
        "bad   the scope usergroups:read is missing",
    ]
    assert all("reinstall the app" in line for line in only(lines, "bad"))
    (superfluous,) = only(lines, "look")
    assert "the scope users:read is granted and not needed" in superfluous


@pytest.mark.parametrize("content", [None, b"[", b"- a list", b"oauth_config: 1", b"\xff"])
def test_a_manifest_that_cannot_be_read_is_told(
    started: Database, doctor: Examine, tmp_path: Path, content: bytes | None
) -> None:
    manifest = tmp_path / "manifest.yml"
    if content is not None:
        manifest.write_bytes(content)
    (line,) = only(doctor(manifest=manifest), "bad")
    assert "manifest.yml cannot be read" in line
    assert str(tmp_path) not in line.split(" - ")[0]


def test_a_token_of_an_app_without_socket_mode_is_told(
    stored: Stored, tmp_path: Path, started: Database
) -> None:
    manifest = manifest_with(tmp_path, "commands", "users:read", socket_mode_enabled=False)
    with Sandbox(manifest=manifest) as box:
        settings = configured(environ_for(box, stored.url))
        found = list(examine(settings, manifest=manifest, clock=SystemClock()))
    (finding,) = [each for each in found if each.verdict is Verdict.BAD]
    assert "SLACK_APP_TOKEN" in finding.what
    assert "Socket Mode switched on" in finding.then


def test_without_an_app_token_requests_are_checked_by_signature(workspace: Sandbox) -> None:
    (finding,) = slack.app_token(slack.client(workspace.api_url, ""))
    assert finding == ok("Slack's requests are checked with SLACK_SIGNING_SECRET")
    assert workspace.calls() == []


class Off:
    """A clock that goes wrong by some seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._seconds)


@pytest.mark.parametrize(
    ("seconds", "verdict", "words"),
    [
        (0, "ok", "agrees"),
        (30, "look", "ahead of"),
        (-30, "look", "behind"),
        (300, "bad", "ahead of"),
        (-86400, "bad", "behind"),
    ],
)
def test_a_clock_that_goes_wrong_is_told(
    started: Database, doctor: Examine, seconds: float, verdict: str, words: str
) -> None:
    (line,) = [each for each in doctor(clock=Off(seconds)) if "this machine's clock" in each]
    assert line.startswith(verdict)
    assert words in line


@pytest.mark.parametrize("date", ["never", "Sun, 22 Nov 2026 09:00:00", ""])
def test_a_time_that_is_none_is_looked_at(date: str) -> None:
    assert slack._time(date, NOW).verdict is Verdict.LOOK


# Channels of cohorts


Channels = Callable[..., list[Finding]]


@pytest.fixture
def channels(tmp_path: Path) -> Iterator[Channels]:
    """Give a function that looks at cohorts given as name="channel", in a workspace that lets it.

    Hearth is in #cohort-new-parents and #cohort-first-leads; not in #random, nor in #hidden,
    which is private. Any other name stands for a channel that nobody knows.
    """
    company = yaml.safe_load(seed.COMPANY.read_text())
    company["channels"].append({"name": "hidden", "private": True, "members": ["maya"]})
    planted = tmp_path / "company.yml"
    planted.write_text(yaml.safe_dump(company))
    manifest = manifest_with(tmp_path, "channels:read", "groups:read")
    with Sandbox(manifest=manifest, seed=planted) as box:
        ids = {each.name: each.id for each in box._slack.workspace.channels.values()}
        as_bot = slack.client(box.api_url, box.bot_token)

        def look_at(**cohorts: str) -> list[Finding]:
            named = [(name, ids.get(channel, "C00NOWHERE")) for name, channel in cohorts.items()]
            found = list(slack.channels(as_bot, named))
            assert not any(channel in str(found) for _, channel in named)
            return found

        yield look_at


def test_channels_with_hearth_in_them_are_well(channels: Channels) -> None:
    assert channels() == []
    (one,) = channels(Spring="cohort-new-parents")
    assert one == ok("Hearth is in the channels of 1 cohort")
    (both,) = channels(Spring="cohort-new-parents", Summer="cohort-first-leads")
    assert both == ok("Hearth is in the channels of 2 cohorts")


def test_a_channel_without_hearth_or_without_itself_is_told(channels: Channels) -> None:
    found = channels(Spring="random", Summer="hidden", Autumn="nowhere")
    assert [each.verdict for each in found] == [Verdict.BAD] * 3
    assert "not in the channel of the cohort Spring" in found[0].what
    assert "cohort Summer is gone, or private" in found[1].what
    assert "cohort Autumn is gone" in found[2].what
    assert all("/invite" in each.then for each in found)


def test_an_archived_channel_is_told(workspace: Sandbox) -> None:
    line = Line(workspace)
    line.broken = answered({"ok": True, "channel": {"is_archived": True, "is_member": True}})
    (found,) = slack.channels(slack.client(line.api_url, "xoxb-1"), [("Spring", "C1")])
    line.cut()
    assert found.verdict is Verdict.BAD
    assert "archived" in found.what


def test_channels_that_may_not_be_looked_at_are_no_alarm(workspace: Sandbox) -> None:
    workspace.fail("conversations.info", error="missing_scope", times=None)
    as_bot = slack.client(workspace.api_url, workspace.bot_token)
    (found,) = slack.channels(as_bot, [("Spring", "C1"), ("Summer", "C2")])
    assert found.verdict is Verdict.LOOK
    assert "missing_scope" in found.what


def test_a_slow_slack_is_not_asked_for_every_channel(
    channels: Channels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack, "CHANNELS_SECONDS", -1)
    (found,) = channels(Spring="random", Summer="hidden")
    assert found.verdict is Verdict.LOOK
    assert "only 0 of 2" in found.what
