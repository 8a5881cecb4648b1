"""A socket that falls silent, breaks or is refused is replaced, and nobody loses anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event
from threading import enumerate as threads

import pytest
from slack_bolt import App
from slack_sdk.errors import SlackClientError

import handlers
from app import build_services
from bot.delivery.channels import SlackChannels
from bot.delivery.clients import Clients
from bot.delivery.directory import SlackDirectory
from bot.operations.metrics import Metrics
from bot.ports import SystemClock
from bot.settings import load
from handlers.socket_mode import SocketMode
from sandbox import Person, Sandbox
from storage.encryption import Keyring
from storage.engine import Database
from storage.migrate import migrate
from tests.conftest import AGREED, NO_FILE, Lock, Stored, environ_for, filled_in, top
from tests.integration.relay import Relay
from tests.integration.slack import gives_up_soon
from tests.logs import NOTE
from tests.waiting import until

SILENCE_SECONDS = 1.0
"""Longer than a busy machine lets a thread wait for its turn."""

QUICK = {"ping_seconds": 0.05, "silence_seconds": SILENCE_SECONDS, "pauses": (0.0, 0.01, 0.05)}
NEVER_SILENT = QUICK | {"silence_seconds": 300.0}

ROUNDS = 25
"""How often somebody does the same while connections come and go."""

Opens = Callable[..., SocketMode]


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def maya(workspace: Sandbox) -> Person:
    return workspace.person("maya")


@pytest.fixture
def relay(workspace: Sandbox, maya: Person) -> Iterator[Relay]:
    line = Relay(workspace)  # after Maya, who speaks to the workspace directly
    yield line
    line.close()


@pytest.fixture
def opens(workspace: Sandbox, stored: Stored, metrics: Metrics) -> Iterator[Opens]:
    """Give a function that opens a door with limits of its own, over a real database."""
    settings = load(NO_FILE, environ_for(workspace, stored.url))
    clients = Clients(workspace.api_url, metrics, None)
    client = clients.quick(workspace.bot_token)
    database = Database(settings.database_url)
    migrate(database, now=datetime.now(UTC))
    keyring = Keyring(settings.primary_key, settings.keys)
    services = build_services(
        database, SystemClock(), keyring, SlackDirectory(client), SlackChannels(client)
    )
    bolt = App(
        name="watched",
        client=client,
        process_before_response=True,
        request_verification_enabled=False,
    )
    handlers.register(bolt, services, metrics)
    doors: list[SocketMode] = []

    def open_one(**limits: object) -> SocketMode:
        door = SocketMode(
            bolt,
            workspace.app_token,
            clients.patient(),
            clock=workspace.clock,
            meter=metrics,
            **limits,  # type: ignore[arg-type]
        )
        doors.append(door)
        door.open()
        workspace.wait_until_connected()
        return door

    yield open_one
    for door in doors:
        door.close()
    database.close()


def reconnects(metrics: Metrics) -> int:
    lines = metrics.text().decode().splitlines()
    (found,) = [each for each in lines if each.startswith("hearth_socket_reconnects_total ")]
    return int(float(found.split()[1]))


def replaced(metrics: Metrics, times: int) -> None:
    """Wait until the connection was replaced so often since the start."""
    until(lambda: reconnects(metrics) >= times)


def count(workspace: Sandbox, method: str) -> int:
    """Return how often Hearth has called a method of the Web API."""
    return sum(each["method"] == method for each in workspace.calls())


def joined(maya: Person) -> Person:
    assert maya.types("/checkin").ok
    assert maya.submits(AGREED).ok
    return maya


def later_refreshed(workspace: Sandbox) -> None:
    """Let Slack ask for new connections, and keep the old ones for longer than a test lasts."""
    workspace.refresh_sockets(closing_seconds=300.0)


def test_a_socket_that_falls_silent_is_replaced_and_people_are_served_again(
    opens: Opens, relay: Relay, maya: Person, metrics: Metrics
) -> None:
    door = opens(**QUICK)
    joined(maya)
    relay.freeze()
    until(lambda: reconnects(metrics) == 1)
    relay.end()
    until(lambda: maya.types("/checkin help").ok)
    assert door.is_open
    assert door.troubles() == []


def test_a_quiet_socket_whose_server_answers_pings_is_left_alone(
    opens: Opens, relay: Relay, metrics: Metrics
) -> None:
    door = opens(**QUICK)
    Event().wait(3 * SILENCE_SECONDS)
    assert reconnects(metrics) == 0
    assert relay.taken == 1
    assert door.is_open
    assert door.age_seconds() < 3 * SILENCE_SECONDS  # it was heard since


@pytest.mark.parametrize("politely", [True, False], ids=["end of stream", "reset"])
def test_a_connection_that_dies_is_replaced_without_waiting_for_a_ping(
    opens: Opens, relay: Relay, maya: Person, metrics: Metrics, politely: bool
) -> None:
    opens(ping_seconds=60.0)
    relay.end(politely=politely)
    until(lambda: reconnects(metrics) == 1)
    until(lambda: maya.types("/checkin help").ok)
    assert relay.taken == 2


# The SDK leaves a socket whose handshake failed to the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_server_that_refuses_for_a_while_is_asked_until_it_does_not(
    opens: Opens, relay: Relay, maya: Person, metrics: Metrics
) -> None:
    door = opens(**QUICK)
    relay.refuse()
    relay.end()
    until(lambda: relay.turned_away >= 4)
    assert not door.is_open
    relay.refuse(False)
    until(lambda: reconnects(metrics) == 1)
    until(lambda: maya.types("/checkin help").ok)


def test_while_slack_gives_no_address_it_is_asked_again_and_again(
    opens: Opens, relay: Relay, workspace: Sandbox, maya: Person, metrics: Metrics
) -> None:
    opens(**QUICK)
    workspace.fail("apps.connections.open", error="internal_error", times=3)
    relay.end()
    until(lambda: reconnects(metrics) == 1)
    until(lambda: maya.types("/checkin help").ok)
    failed = 'hearth_slack_calls_total{method="apps.connections.open",outcome="internal_error"} 3.0'
    assert failed in metrics.text().decode()


def test_a_server_that_ends_each_connection_at_once_is_not_asked_without_a_pause(
    opens: Opens, relay: Relay, metrics: Metrics
) -> None:
    door = opens(**(QUICK | {"ping_seconds": 5.0, "pauses": (0.0, 0.0, 60.0)}))
    relay.end()
    until(lambda: reconnects(metrics) == 1)
    relay.end()
    until(lambda: not door.is_open)
    Event().wait(0.2)
    assert relay.taken == 2


@pytest.mark.parametrize("announced", [Sandbox.warn_sockets, later_refreshed])
def test_an_announced_end_is_met_with_a_new_connection_before_the_old_one_goes(
    opens: Opens,
    workspace: Sandbox,
    maya: Person,
    metrics: Metrics,
    locked: Lock,
    stored: Stored,
    announced: Callable[[Sandbox], None],
) -> None:
    opens(**NEVER_SILENT, overlap_seconds=300.0)
    joined(maya)
    lock = locked()
    with ThreadPoolExecutor(1) as pool:
        submitting = pool.submit(maya.submits, filled_in(note=NOTE))
        Event().wait(0.2)
        announced(workspace)
        until(lambda: reconnects(metrics) == 1)
        assert workspace.connections == 2
        lock()
        assert submitting.result().ok
    assert stored.count("checkins") == 1


def test_an_old_connection_goes_when_its_time_is_over(
    opens: Opens, workspace: Sandbox, maya: Person, metrics: Metrics
) -> None:
    opens(**NEVER_SILENT, overlap_seconds=0.0)
    later_refreshed(workspace)
    until(lambda: reconnects(metrics) == 1)
    until(lambda: workspace.connections == 1)
    assert maya.types("/checkin help").ok


def test_people_at_work_notice_nothing_of_warnings_and_refreshes(
    opens: Opens, workspace: Sandbox, maya: Person, metrics: Metrics
) -> None:
    opens(**NEVER_SILENT)
    joined(maya)
    names = [f"guest{number}" for number in range(ROUNDS)]
    for name in names:
        workspace.add_person(name, channels=["general"])
    visitors = [workspace.person(name) for name in names]
    before = {method: count(workspace, method) for method in ("views.open", "views.publish")}
    with ThreadPoolExecutor(2) as pool:
        typing = pool.submit(lambda: [maya.types("/checkin").outcome for _ in names])
        visiting = pool.submit(lambda: [each.opens_home().outcome for each in visitors])
        for times in (1, 3, 5):
            workspace.warn_sockets()
            replaced(metrics, times)
            workspace.refresh_sockets()
            replaced(metrics, times + 1)
        assert [*typing.result(), *visiting.result()] == ["acked"] * (2 * ROUNDS)
    for method, made in before.items():
        workspace.wait_for_calls(method, made + ROUNDS)
        assert count(workspace, method) == made + ROUNDS


def test_where_socket_mode_is_switched_off_hearth_waits_until_it_is_on_again(
    opens: Opens, workspace: Sandbox, maya: Person, metrics: Metrics
) -> None:
    door = opens(**NEVER_SILENT)
    workspace.switch_off_sockets()
    workspace.wait_for_calls("apps.connections.open", 3)
    assert not door.is_open
    assert maya.types("/checkin help").outcome == "not_connected"
    workspace.accept_sockets()
    until(lambda: reconnects(metrics) == 1)
    assert maya.types("/checkin help").ok


# The SDK leaves a socket whose handshake failed to the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_after_a_long_life_too_a_server_that_refuses_is_not_asked_without_a_pause(
    opens: Opens, relay: Relay
) -> None:
    opens(**(QUICK | {"pauses": (0.0, 60.0)}))
    Event().wait(3 * 0.05)
    relay.refuse()
    relay.end()
    until(lambda: relay.turned_away)
    Event().wait(0.3)
    assert relay.turned_away == 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # as above
def test_a_submission_whose_line_is_cut_keeps_its_text_and_can_be_pressed_again(
    opens: Opens,
    relay: Relay,
    workspace: Sandbox,
    maya: Person,
    metrics: Metrics,
    locked: Lock,
    stored: Stored,
) -> None:
    opens(**NEVER_SILENT)
    joined(maya)
    lock = locked()
    with gives_up_soon(workspace, 1.0), ThreadPoolExecutor(1) as pool:
        submitting = pool.submit(maya.submits, filled_in(note=NOTE))
        Event().wait(0.2)
        relay.refuse()
        relay.end(politely=False)
        lock()
        assert submitting.result().outcome == "timeout"
    assert stored.count("checkins") == 1
    assert top(maya)["state"]["values"]["note"]["note"]["value"] == NOTE
    relay.refuse(False)
    until(lambda: reconnects(metrics) == 1)
    until(lambda: maya.submits().ok)
    assert stored.count("checkins") == 1


def test_what_makes_no_sense_on_the_socket_is_passed_over(
    opens: Opens,
    workspace: Sandbox,
    maya: Person,
    metrics: Metrics,
    caplog: pytest.LogCaptureFixture,
) -> None:
    opens(**NEVER_SILENT)
    noise = ("not json", "[]", "3", "{}", '{"type": "hello"}', '{"envelope_id": 1, "payload": "x"}')

    async def send() -> None:
        for each in (*noise, '{"envelope_id": "1", "payload": {"type": "event_callback"}}'):
            await workspace._slack.hub._connections[0].link.send_str(each)

    workspace._server.wait(send())
    assert maya.types("/checkin help").ok
    assert reconnects(metrics) == 0
    assert "an answer was lost" not in caplog.text


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # as above
def test_a_door_that_does_not_open_says_so(opens: Opens, relay: Relay) -> None:
    relay.refuse()
    with pytest.raises(SlackClientError):
        opens(**QUICK)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # as above
def test_it_can_be_closed_while_it_tries_to_connect_again(opens: Opens, relay: Relay) -> None:
    door = opens(**(QUICK | {"pauses": (0.0, 0.0, 60.0)}))
    relay.refuse()
    relay.end()
    until(lambda: relay.turned_away)
    door.close()
    assert not [each.name for each in threads() if each.name.startswith("slack-")]
