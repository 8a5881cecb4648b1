"""What the operator's machines are told: is it well, can it serve, and how much of what."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from threading import Event

import pytest
from slack_sdk.errors import SlackClientError

from app import Hearth
from bot.delivery.clients import Clients
from bot.domain.delivery import Priority, State
from bot.operations.bounded import Bounded
from bot.operations.health import Health
from bot.operations.heartbeat import Heartbeat
from bot.operations.metrics import Metrics, OutboxState
from bot.ports import Address
from bot.settings import load
from handlers import socket_mode
from sandbox import Person, Sandbox
from tests.conftest import AGREED, NO_FILE, Lock, Stored, environ_for, filled_in, secrets_of
from tests.integration.doors import Reply, ask
from tests.integration.slack import Line
from tests.logs import NOTE, assert_names_nobody
from tests.waiting import until

ANYWHERE = Address("127.0.0.1", 0)


@pytest.fixture
def hearth(workspace: Sandbox, stored: Stored) -> Iterator[Hearth]:
    """Hearth, connected to the workspace, with an address for the operator."""
    environ = environ_for(workspace, stored.url) | {"HEARTH_HEALTH": "127.0.0.1:0"}
    running = Hearth(load(NO_FILE, environ), workspace.clock)
    running.start()
    workspace.wait_until_connected()
    yield running
    running.stop()


def get(hearth: Hearth, path: str, method: str = "GET") -> Reply:
    assert hearth.health is not None
    return ask(hearth.health.address, method, path)


def numbers(hearth: Hearth) -> dict[str, float]:
    """Return every number by its name and labels."""
    lines = get(hearth, "/metrics").body.decode().splitlines()
    pairs = [each.rpartition(" ") for each in lines if not each.startswith("#")]
    return {name: float(value) for name, _, value in pairs}


# Well and ready


def test_while_it_works_it_is_well_and_ready(hearth: Hearth) -> None:
    for path in ("/healthz", "/readyz"):
        reply = get(hearth, path)
        assert (reply.status, reply.body) == (200, b"ok\n")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD", "OPTIONS"])
def test_it_can_only_be_looked_at(hearth: Hearth, method: str) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        assert get(hearth, path, method).status == 405


@pytest.mark.parametrize("path", ["/", "/healthz/", "/metrics/x", "/../metrics", "/slack/events"])
def test_there_is_nothing_else_to_see(hearth: Hearth, path: str) -> None:
    assert (get(hearth, path).status, get(hearth, path).body) == (404, b"")


def test_it_is_not_ready_while_the_database_is_of_another_version(
    hearth: Hearth, stored: Stored
) -> None:
    stored.change("UPDATE alembic_version SET version_num = '9999'")
    reply = get(hearth, "/readyz")
    assert (reply.status, reply.body) == (
        503,
        b"the database was changed by another version of Hearth\n",
    )
    assert get(hearth, "/healthz").status == 200
    stored.change("DROP TABLE alembic_version")
    assert get(hearth, "/readyz").body == b"the database does not answer\n"


def test_while_somebody_writes_it_stays_ready(hearth: Hearth, locked: Lock) -> None:
    locked()
    assert get(hearth, "/readyz").status == 200


def test_a_database_that_never_answers_is_told_and_holds_one_thread(
    workspace: Sandbox,
) -> None:
    goes_on, asked = Event(), []

    def hang() -> list[str]:
        asked.append(1)
        goes_on.wait(30)
        return []

    health = Health(ANYWHERE, unwell=list, unready=hang, metrics=bytes)
    health.start()
    try:
        for _ in range(2):
            reply = ask(health.address, "GET", "/readyz")
            assert (reply.status, reply.body) == (503, b"the database does not answer\n")
        assert asked == [1]
        assert ask(health.address, "GET", "/healthz").status == 200
        goes_on.set()
        assert ask(health.address, "GET", "/readyz").status == 200
    finally:
        health.close()


def test_a_database_that_never_answers_keeps_no_other_number_back_and_holds_one_thread(
    hearth: Hearth, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "hearth_outbox_rows" in get(hearth, "/metrics").body.decode()
    goes_on, asked = Event(), []

    def hang() -> dict[Priority, float]:
        asked.append(1)
        goes_on.wait(30)
        return {}

    monkeypatch.setattr(hearth.services.outbox, "lag", hang)
    try:
        for _ in range(2):
            reply = get(hearth, "/metrics")
            assert reply.status == 200
            assert "hearth_listener_seconds_count" in reply.body.decode()
            assert not [n for n in numbers(hearth) if n.startswith("hearth_outbox_rows")]
        assert asked == [1]
        assert get(hearth, "/healthz").status == 200
    finally:
        goes_on.set()
    monkeypatch.undo()
    until(lambda: "hearth_outbox_rows" in get(hearth, "/metrics").body.decode(), "never again")


def test_what_fails_when_asked_is_raised_and_asked_again() -> None:
    divisors = iter([0, 1])
    bounded = Bounded(lambda: 7 // next(divisors), seconds=30)
    with pytest.raises(ZeroDivisionError):
        bounded()
    assert bounded() == 7


def test_while_it_ends_it_is_not_ready_and_still_well(hearth: Hearth) -> None:
    assert hearth.door is not None
    hearth.door.stop_intake()
    assert get(hearth, "/readyz").body == b"what Slack sends is not taken now\n"
    assert get(hearth, "/healthz").status == 200


def test_while_it_waits_for_its_database_it_is_not_ready(
    workspace: Sandbox, stored: Stored, locked: Lock
) -> None:
    environ = environ_for(workspace, stored.url) | {"HEARTH_HEALTH": "127.0.0.1:0"}
    running = Hearth(load(NO_FILE, environ), workspace.clock)
    running._start_health()
    try:
        assert get(running, "/readyz").status == 503
        assert get(running, "/healthz").status == 200
    finally:
        running.stop()


def test_a_socket_that_is_silent_for_long_is_not_well(
    hearth: Hearth, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_mode, "SILENT_FOR_THE_OPERATOR_SECONDS", -1.0)
    reply = get(hearth, "/healthz")
    assert (reply.status, reply.body) == (503, b"nothing was heard from Slack for two minutes\n")


def test_a_clock_that_has_stopped_is_not_well(monkeypatch: pytest.MonkeyPatch) -> None:
    heartbeat = Heartbeat()
    assert heartbeat.troubles() == []
    monkeypatch.setattr("bot.operations.heartbeat.STOPPED_SECONDS", -1.0)
    heartbeat.beat()
    assert heartbeat.troubles() == ["the clock has not ticked for two minutes"]


def test_a_door_whose_thread_has_ended_is_not_well(hearth: Hearth) -> None:
    assert hearth.door is not None
    hearth.door.close()
    assert get(hearth, "/healthz").body == b"the thread that keeps the socket has ended\n"


def test_an_address_that_is_taken_keeps_nobody_from_checking_in(
    workspace: Sandbox, stored: Stored, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        where = f"127.0.0.1:{taken.getsockname()[1]}"
        environ = environ_for(workspace, stored.url) | {"HEARTH_HEALTH": where}
        running = Hearth(load(NO_FILE, environ), workspace.clock)
        running.start()
        workspace.wait_until_connected()
        assert workspace.person("maya").types("/checkin help").ok
        running.stop()
    assert f"nobody can ask how Hearth is: {where} cannot be used" in caplog.text


def test_switched_off_it_opens_nothing(workspace: Sandbox, stored: Stored) -> None:
    running = Hearth(load(NO_FILE, environ_for(workspace, stored.url)))
    running.start()
    assert (running.health, running.metrics) == (None, None)
    running.stop()


# Numbers


def test_after_a_busy_round_the_numbers_are_there_and_name_nobody(
    hearth: Hearth, workspace: Sandbox, stored: Stored
) -> None:
    maya = busy(workspace, stored)
    told = numbers(hearth)
    assert told["hearth_listener_seconds_count"] == 8
    assert told['hearth_slack_calls_total{method="views.open",outcome="ok"}'] == 2
    assert told['hearth_slack_calls_total{method="views.open",outcome="expired_trigger_id"}'] == 1
    assert told['hearth_slack_calls_total{method="views.open",outcome="http_500"}'] == 1
    assert told['hearth_slack_calls_total{method="views.open",outcome="ratelimited"}'] == 1
    assert told['hearth_slack_rate_limited_total{method="views.open"}'] == 1
    assert told['hearth_errors_total{kind="SlackUnavailable"}'] == 3
    assert told['hearth_errors_total{kind="NotRead"}'] == 1
    assert told["hearth_socket_reconnects_total"] == 0
    assert 0 <= told["hearth_socket_age_seconds"] < 60
    text = get(hearth, "/metrics").body.decode()
    assert_names_nobody(text, secrets_of(workspace))
    assert not re.search(r"\b[BCDGTVW][A-Z0-9]{7,}", text)
    assert maya.id not in text
    assert str(Path.cwd()) not in text
    assert "process_" not in text
    assert "python_" not in text


def busy(workspace: Sandbox, stored: Stored) -> Person:
    """Let Maya use everything, with a failure of each kind."""
    maya = workspace.person("maya")
    maya.types("/checkin")
    maya.submits(AGREED)
    maya.submits(filled_in(note=NOTE))
    maya.types("/checkin history")
    workspace.fail("views.open", status=500)
    maya.types("/checkin lantern")
    workspace.fail("views.open", status=429)
    maya.types("/checkin")
    workspace.fail("views.open", error="expired_trigger_id")
    maya.types("/checkin")
    stored.change("ALTER TABLE people RENAME TO elsewhere")
    maya.types("/checkin history")
    return maya


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (b"", "unreachable"),
        (b"HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n", "ratelimited"),
        (b"HTTP/1.1 502 Bad\r\nContent-Length: 6\r\n\r\n<html>", "http_502"),
        (b'HTTP/1.1 200 OK\r\nContent-Length: 23\r\n\r\n{"error": "U0SBX00001"}', "http_200"),
    ],
)
def test_whatever_answers_in_slacks_place_is_counted_in_few_words(
    workspace: Sandbox, metrics_alone: Metrics, answer: bytes, outcome: str
) -> None:
    line = Line(workspace)
    line.broken = answer
    client = Clients(line.api_url, metrics_alone, None).quick(workspace.bot_token)
    with pytest.raises((SlackClientError, OSError, HTTPException, ValueError)):
        client.auth_test()
    line.cut()
    counted = f'hearth_slack_calls_total{{method="auth.test",outcome="{outcome}"}} 1.0'
    assert counted in metrics_alone.text().decode()


def test_how_long_the_database_is_waited_for_is_counted(hearth: Hearth) -> None:
    before = numbers(hearth)["hearth_database_wait_seconds_count"]
    hearth.database.write(lambda _connection: None)
    with hearth.database.read():
        pass
    assert numbers(hearth)["hearth_database_wait_seconds_count"] >= before + 2


def test_what_waits_in_the_outbox_is_told_by_priority_and_state(hearth: Hearth) -> None:
    told = numbers(hearth)
    assert told['hearth_outbox_lag_seconds{priority="urgent"}'] == 0
    assert {
        state: told[f'hearth_outbox_rows{{state="{state}"}}'] for state in State
    } == dict.fromkeys(State, 0)


@pytest.fixture
def metrics_alone() -> Metrics:
    return Metrics()


def test_two_meters_share_nothing() -> None:
    one, other = Metrics(), Metrics()
    one.refused("replayed")
    assert "replayed" not in other.text().decode()


def test_the_outbox_is_asked_when_the_numbers_are_read(metrics_alone: Metrics) -> None:
    states = iter([None, OutboxState({"concern": 1.5}, {"pending": 3, "sent": 9})])
    metrics_alone.watch_outbox(lambda: next(states))
    assert "hearth_outbox_rows{" not in metrics_alone.text().decode()
    text = metrics_alone.text().decode()
    assert 'hearth_outbox_lag_seconds{priority="concern"} 1.5' in text
    assert 'hearth_outbox_rows{state="sent"} 9.0' in text
