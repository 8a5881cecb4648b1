"""Broken networks: connections that are cut, fall silent or cannot be opened."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from socket import create_connection, socket
from threading import Event
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from slack_bolt import Ack
from slack_sdk.errors import SlackApiError

from sandbox.delivery import connections
from tests.contract.facts import Sure, pins
from tests.contract.rig import SOON, Rig, recording
from tests.waiting import until

OFTEN = 0.05
"""Seconds between the SDK's looks at its connection, so that it notices soon what happened."""


PING = b"\x89\x00"
HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


@contextmanager
def greeted(rig: Rig) -> Iterator[socket]:
    """Open a WebSocket by hand, and give it when the hello has been read."""
    opened = rig.client.apps_connections_open(app_token=rig.box.app_token)
    address = urlsplit(str(opened["url"]))
    with create_connection(("127.0.0.1", address.port or 0), timeout=10) as raw:
        raw.sendall(HANDSHAKE.format(path=f"{address.path}?{address.query}").encode())
        received = b""
        while not received.endswith(b"}}"):
            received += raw.recv(4096)
        assert b'"hello"' in received
        yield raw


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as threads:
        yield threads


@pins("Connections can be cut without a close frame.", "", Sure.OURS)
def test_a_connection_is_cut_by_a_reset_and_without_a_close_frame(offline: Rig) -> None:
    with greeted(offline) as raw:
        for _ in range(2):
            offline.box.drop_sockets()
        assert offline.box.connections == 0
        with pytest.raises(ConnectionResetError):
            raw.recv(4096)


@pins("Slack pings its connections; frozen ones stay open and silent.", "", Sure.OURS)
def test_slack_pings_but_not_while_it_is_frozen(
    offline: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_PING_SECONDS", 0.02)
    with greeted(offline) as raw:
        assert raw.recv(2) == PING
        offline.box.freeze_sockets()
        raw.settimeout(SOON)
        with suppress(TimeoutError):
            raw.recv(4096)  # what was sent before the freeze
        with pytest.raises(TimeoutError):
            raw.recv(2)
        offline.box.thaw_sockets()
        raw.settimeout(10)
        assert raw.recv(2) == PING


@pins(
    "slack_sdk opens another connection when one was cut.",
    "slack_sdk 3.47.0, socket_mode/builtin/client.py",
    Sure.READ,
)
def test_an_app_that_was_cut_off_connects_anew(offline: Rig) -> None:
    handler = offline.connect(offline.handler(ping_interval=OFTEN))
    offline.app.command("/hello")(recording()[0])
    session = handler.client.session_id()
    offline.box.drop_sockets()
    offline.box.wait_until_connected()
    assert offline.maya.types("/hello").outcome == "acked"
    assert handler.client.session_id() != session


@pins("An ack counts only over the connection that brought the envelope.", "", Sure.GUESSED)
def test_a_command_under_way_when_the_connection_is_cut_stays_unanswered(offline: Rig) -> None:
    offline.connect(offline.handler(ping_interval=OFTEN))
    heard: list[str] = []
    back = Event()

    def cut_off(ack: Ack) -> None:
        heard.append("once")
        if len(heard) == 1:
            offline.box.drop_sockets()
            offline.box.wait_until_connected()
        ack()
        back.set()

    offline.app.command("/hello")(cut_off)
    offline.box.ack_seconds = SOON
    assert offline.maya.types("/hello").outcome == "timeout"
    assert offline.maya.is_shown("/hello failed")
    assert back.wait(10)
    offline.box.ack_seconds = 3.0
    assert offline.maya.types("/hello").outcome == "acked"
    assert len(heard) == 2


def test_a_frozen_connection_carries_nothing_until_it_thaws(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.command("/hello")(listener)
    rig.box.freeze_sockets()
    assert rig.box.connections == 0
    rig.box.ack_seconds = SOON
    assert rig.maya.types("/hello").outcome == "timeout"
    rig.box.ack_seconds = 3.0
    rig.box.thaw_sockets()
    assert rig.box.connections == 1
    assert rig.maya.types("/hello").outcome == "acked"
    assert len(bodies) == 1


def test_an_ack_into_a_frozen_connection_is_not_read(rig: Rig) -> None:
    frozen: list[bool] = []

    def freeze_first(ack: Ack) -> None:
        if not frozen:
            rig.box.freeze_sockets()
        frozen.append(True)
        ack("answered")

    rig.app.command("/hello")(freeze_first)
    rig.box.ack_seconds = SOON
    assert rig.maya.types("/hello").outcome == "timeout"
    until(lambda: len(frozen) == 1)
    rig.box.ack_seconds = 3.0
    rig.box.thaw_sockets()
    assert rig.maya.types("/hello").outcome == "acked"
    assert len(rig.maya.ephemerals("general")) == 1


def test_what_waits_for_a_thaw_is_sent_if_it_comes_in_time(
    rig: Rig, pool: ThreadPoolExecutor
) -> None:
    listener, bodies = recording()
    rig.app.command("/hello")(listener)
    rig.box.freeze_sockets()
    typed = pool.submit(rig.maya.types, "/hello")
    with pytest.raises(TimeoutError):
        typed.result(SOON)
    assert bodies == []
    rig.box.thaw_sockets()
    assert typed.result(10).outcome == "acked"


@pins(
    "slack_sdk opens another connection when its pings are not answered.",
    "slack_sdk 3.47.0, socket_mode/builtin/connection.py",
    Sure.READ,
)
def test_a_silent_server_answers_no_ping_and_the_app_connects_anew(offline: Rig) -> None:
    handler = offline.connect(offline.handler(ping_interval=OFTEN))
    offline.app.command("/hello")(recording()[0])
    session = handler.client.session_id()
    offline.box.freeze_sockets()
    offline.box.wait_until_connected()
    assert offline.maya.types("/hello").outcome == "acked"
    assert handler.client.session_id() != session


@pins("A connection that fell silent takes nothing while another works.", "", Sure.GUESSED)
def test_connections_opened_after_the_freeze_work_and_come_first(rig: Rig) -> None:
    asleep, nothing = recording()
    rig.app.command("/hello")(asleep)
    rig.box.freeze_sockets()
    other = rig.new_app()
    awake, bodies = recording()
    other.command("/hello")(awake)
    rig.connect(rig.handler(other))
    assert rig.box.connections == 1
    for _ in range(4):
        assert rig.maya.types("/hello").outcome == "acked"
    assert (len(nothing), len(bodies)) == (0, 4)
    rig.box.thaw_sockets()
    for _ in range(4):
        assert rig.maya.types("/hello").outcome == "acked"
    assert (len(nothing), len(bodies)) == (2, 6)


@pins(
    "apps.connections.open can be told to give no address.",
    "",
    Sure.OURS,
    refuses=["apps.connections.open: service_unavailable"],
)
def test_nobody_gets_an_address_while_connections_are_refused(rig: Rig) -> None:
    rig.app.command("/hello")(recording()[0])
    rig.box.refuse_sockets()
    with pytest.raises(SlackApiError, match="service_unavailable"):
        rig.client.apps_connections_open(app_token=rig.box.app_token)
    assert rig.maya.types("/hello").outcome == "acked"
    rig.box.accept_sockets()
    assert rig.client.apps_connections_open(app_token=rig.box.app_token)["ok"]


def test_an_app_comes_back_once_connections_are_accepted_again(offline: Rig) -> None:
    offline.connect(offline.handler(ping_interval=OFTEN))
    offline.app.command("/hello")(recording()[0])
    offline.box.refuse_sockets()
    offline.box.drop_sockets()
    refused = "apps.connections.open"
    before = len([call for call in offline.box.calls() if call["method"] == refused])
    offline.box.wait_for_calls(refused, before + 2)
    assert offline.maya.types("/hello").outcome == "not_connected"
    offline.box.accept_sockets()
    offline.box.wait_until_connected()
    assert offline.maya.types("/hello").outcome == "acked"


@pins("An address can be given whose WebSocket is refused with 503.", "", Sure.OURS)
def test_an_address_may_be_given_whose_websocket_is_refused(offline: Rig) -> None:
    offline.box.refuse_sockets("handshake")
    given = offline.client.apps_connections_open(app_token=offline.box.app_token)
    address = str(given["url"])
    with pytest.raises(HTTPError) as caught:
        urlopen(address.replace("ws://", "http://", 1))
    with caught.value as refused:
        assert refused.status == 503
    offline.box.accept_sockets()
    handler = offline.handler()
    handler.client.wss_uri = address
    offline.connect(handler)
    assert offline.box.connections == 1


@pins("A program can wait until the app has so many connections.", "", Sure.OURS)
def test_waiting_for_connections_counts_them(offline: Rig, pool: ThreadPoolExecutor) -> None:
    waiting = pool.submit(offline.box.wait_until_connected, at_least=2)
    offline.connect()
    with pytest.raises(TimeoutError, match="1 of 2"):
        offline.box.wait_until_connected(0.01, at_least=2)
    assert not waiting.done()
    offline.connect()
    waiting.result(10)
    assert offline.box.connections == 2
