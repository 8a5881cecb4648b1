"""`hearth run` from its first word to its last, through either door."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml
from slack_bolt import BoltRequest

import handlers
from app import Hearth
from bot.ports import Address, Unmetered
from bot.settings import load
from handlers.socket_mode import SocketMode
from sandbox import Person, Sandbox
from tests.conftest import AGREED, NO_FILE, ROOT, Lock, Stored, environ_for, filled_in, top
from tests.integration.apps import empty, failing_at
from tests.integration.doors import MAYA, Reply, command, over_http, send
from tests.integration.processes import Running
from tests.integration.slack import gives_up_soon
from tests.integration.test_http import CONSENT
from tests.integration.test_manifest import EVENTS, SCOPE_OF_EVENT
from tests.logs import NOTE

Starts = Callable[..., Running]
WAITING_SECONDS = 0.3
"""Time in which a submission reaches Hearth and begins to wait; too short costs no test."""

HANGS = "import storage.engine\nstorage.engine.PATIENCE_SECONDS = 600.0\n"
SOON = "import cli\ncli.END_SECONDS = 1.5\n"
LATE = "import cli\ncli.END_SECONDS = 600.0\n"


@pytest.fixture
def starts(tmp_path: Path) -> Iterator[Starts]:
    """Give a function that starts a process, which is ended after the test."""
    started: list[Running] = []

    def start(environ: dict[str, str], before: str = "", *, anew: bool = False) -> Running:
        started.append(Running(environ, tmp_path, before=before, anew=anew))
        return started[-1]

    yield start
    for each in started:
        each.close()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


def address_of(running: Running) -> Address:
    """Return where it listens for Slack, as it says itself."""
    found = re.search(
        r"ready for Slack on http://([\d.]+):(\d+)/slack/events", running.first_words()
    )
    assert found, running.errors()
    return Address(found[1], int(found[2]))


def joined(workspace: Sandbox) -> Person:
    maya = workspace.person("maya")
    maya.types("/checkin")
    assert maya.submits(AGREED).ok
    return maya


def submission(view: dict[str, Any]) -> bytes:
    payload = {"type": "view_submission", "user": {"id": MAYA}, "view": view}
    return urlencode({"payload": json.dumps(payload)}).encode()


def agreed_over_http(address: Address) -> dict[str, Any]:
    """Agree, and return the form as it would be sent when it is filled in."""
    form: dict[str, Any] = send(address, submission(CONSENT)).json["view"]
    values: dict[str, Any] = {}
    for name, value in {"mood": "4", "stress": "2", "energy": "3", "capacity": "steady"}.items():
        values[name] = {name: {"type": "radio_buttons", "selected_option": {"value": value}}}
    values["note"] = {"note": {"type": "plain_text_input", "value": NOTE}}
    return form | {"id": "V1", "state": {"values": values}}


# The end


def test_over_http_a_submission_under_way_is_answered_and_stored_before_the_end(
    workspace: Sandbox,
    stored: Stored,
    starts: Starts,
    locked: Lock,
    pool: ThreadPoolExecutor,
) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        running = starts(over_http(workspace, stored.url), HANGS)
        address = address_of(running)
        form = agreed_over_http(address)
        lock = locked()
        submitting = pool.submit(send, address, submission(form))
        Event().wait(WAITING_SECONDS)
        running.send(number)
        Event().wait(WAITING_SECONDS)
        assert send(address, command("help")).status == 503
        lock()
        assert running.wait() == 0
        reply: Reply = submitting.result()
        assert reply.json["response_action"] == "update"
        assert "Received" in reply.body.decode()
    assert [row[1:] for row in stored.checkins()] == [(4, 2, 3, "steady")]


def test_whatever_hangs_the_end_comes_and_nothing_is_lost(
    workspace: Sandbox,
    stored: Stored,
    starts: Starts,
    locked: Lock,
    pool: ThreadPoolExecutor,
) -> None:
    environ = environ_for(workspace, stored.url)
    running = starts(environ, HANGS + SOON).until_connected(workspace)
    maya = joined(workspace)
    lock = locked()
    with gives_up_soon(workspace, 1.0):
        submitting = pool.submit(maya.submits, filled_in(note=NOTE))
        Event().wait(WAITING_SECONDS)
        running.ask_to_end()
        assert running.wait() == 1
        assert submitting.result().outcome == "timeout"
    lock()
    assert stored.count("checkins") == 0
    assert top(maya)["state"]["values"]["note"]["note"]["value"] == NOTE
    starts(environ).until_connected(workspace)
    assert maya.submits().ok
    assert stored.count("checkins") == 1


def test_over_http_whatever_hangs_the_end_comes(
    workspace: Sandbox,
    stored: Stored,
    starts: Starts,
    locked: Lock,
    pool: ThreadPoolExecutor,
) -> None:
    running = starts(over_http(workspace, stored.url), HANGS + SOON)
    address = address_of(running)
    form = agreed_over_http(address)
    locked()
    submitting = pool.submit(send, address, submission(form))
    Event().wait(WAITING_SECONDS)
    running.ask_to_end()
    assert running.wait() == 1
    assert submitting.exception() is not None
    assert stored.count("checkins") == 0


def test_a_second_signal_ends_at_once(
    workspace: Sandbox,
    stored: Stored,
    starts: Starts,
    locked: Lock,
    pool: ThreadPoolExecutor,
) -> None:
    running = starts(environ_for(workspace, stored.url), HANGS + LATE).until_connected(workspace)
    maya = joined(workspace)
    locked()
    with gives_up_soon(workspace, 1.0):
        submitting = pool.submit(maya.submits, filled_in(note=NOTE))
        Event().wait(WAITING_SECONDS)
        running.send(signal.SIGINT)
        Event().wait(WAITING_SECONDS)
        assert running.code is None
        running.send(signal.SIGINT)
        assert running.wait() == 1
        assert not submitting.result().ok


def test_asked_to_end_while_it_still_starts_it_ends(
    workspace: Sandbox, stored: Stored, starts: Starts, locked: Lock
) -> None:
    starts(environ_for(workspace, stored.url)).until_connected(workspace)
    lock = locked()
    starting = starts(environ_for(workspace, stored.url), "print('begun', flush=True)")
    assert starting.first_words() == "begun"
    Event().wait(WAITING_SECONDS)
    starting.ask_to_end()
    lock()
    starting.wait()


@pytest.mark.usefixtures("maya")
def test_after_the_end_nothing_of_it_runs_any_more(hearth: Hearth) -> None:
    door = hearth.door
    assert isinstance(door, SocketMode)
    assert hearth.stop() is True
    assert not door.is_open
    assert not door._keeper.is_alive()
    assert hearth.stop() is True


# What it says, and what it takes


def test_it_says_through_which_door_slack_comes(
    workspace: Sandbox, stored: Stored, starts: Starts
) -> None:
    running = starts(environ_for(workspace, stored.url))
    assert running.first_words() == "Hearth is connected. Ctrl-C stops it."
    address = address_of(starts(over_http(workspace, stored.url)))
    assert send(address, command("help")).status == 200


def test_at_rest_it_takes_little_memory(workspace: Sandbox, stored: Stored, starts: Starts) -> None:
    environ = environ_for(workspace, stored.url) | {"HEARTH_HEALTH": "127.0.0.1:0"}
    starts(environ).until_connected(workspace).kill()  # the first start migrates, and loads more
    running = starts(environ, anew=True).until_connected(workspace)
    status = Path(f"/proc/{running.pid}/status")
    if status.exists():
        (resident,) = re.findall(r"VmRSS:\s+(\d+) kB", status.read_text())
        is_file = stored.url.startswith("sqlite")
        assert int(resident) < (88_000 if is_file else 97_000)  # a server's driver takes its part


# Events


def manifest_with(folder: Path, *subscribed: str) -> Path:
    """Write a manifest that subscribes to more than ours."""
    ours: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())
    ours["settings"]["event_subscriptions"] = {"bot_events": [*subscribed]}
    ours["oauth_config"]["scopes"]["bot"] += [
        "channels:history",
        "groups:history",
        "im:history",
        "reactions:read",
    ]
    file = folder / "manifest.yml"
    file.write_text(yaml.safe_dump(ours))
    return file


SUBSCRIBED = ("message.channels", "message.groups", "reaction_added", "reaction_removed")


@pytest.fixture
def lively(tmp_path: Path) -> Iterator[Sandbox]:
    with Sandbox(manifest=manifest_with(tmp_path, *SUBSCRIBED)) as box:
        yield box


def act(person: Person, do: str, **what: Any) -> dict[str, Any]:
    done: dict[str, Any] = person._act(do, **what)
    return done


def test_an_event_that_nobody_cares_for_is_acknowledged(lively: Sandbox, stored: Stored) -> None:
    running = Hearth(load(NO_FILE, environ_for(lively, stored.url)), lively.clock)
    running.start()
    lively.wait_until_connected()
    maya = lively.person("maya")
    channel = maya._channel("cohort-new-parents")
    for thread in (None, act(maya, "message", channel=channel, text="hello", thread_ts=None)["ts"]):
        said = act(maya, "message", channel=channel, text="hello", thread_ts=thread)
        assert said["event"] == "acked"
    running.stop()


def test_an_event_whose_listener_fails_is_not_acknowledged(
    lively: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    bolt = failing_at(lively, "message")
    door = SocketMode(bolt, lively.app_token, bolt.client, clock=lively.clock, meter=Unmetered())
    door.open()
    lively.wait_until_connected()
    maya = lively.person("maya")
    channel = maya._channel("cohort-new-parents")
    with gives_up_soon(lively, 0.5):
        said = act(maya, "message", channel=channel, text="lantern", thread_ts=None)
    assert said["event"] == "timeout"
    door.close()
    assert "unexpected ZeroDivisionError" in caplog.text


@pytest.mark.parametrize("kind", sorted(EVENTS | set(SCOPE_OF_EVENT) | {"something_new", ""}))
def test_every_kind_of_event_is_acknowledged(hearth: Hearth, workspace: Sandbox, kind: str) -> None:
    bolt = empty(workspace)
    handlers.register(bolt, hearth.services)
    for inner in ({}, {"subtype": "message_changed"}, {"user": "U0HTTP00001"}):
        event = {"type": kind.partition(".")[0], **inner}
        body = {"type": "event_callback", "event_id": "Ev1", "event": event}
        assert bolt.dispatch(BoltRequest(mode="socket_mode", body=body)).status == 200
