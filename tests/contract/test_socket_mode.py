"""Socket Mode: connections, envelopes and their acks."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from slack_bolt import App
from slack_sdk.socket_mode.client import BaseSocketModeClient

from sandbox.control_client import ControlError
from sandbox.delivery import socket_mode
from tests.contract.facts import Sure, pins
from tests.contract.lines import address, line, status_at
from tests.contract.rig import SOON, Json, Rig, recording
from tests.waiting import until

GUIDE = "docs.slack.dev/apis/events-api/using-socket-mode"
OPEN = "docs.slack.dev/reference/methods/apps.connections.open"
COHORT = "cohort-new-parents"


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as threads:
        yield threads


@pins(
    "apps.connections.open gives the address of a WebSocket with a ticket and the app's id.", OPEN
)
@pins("`hello` names the app and Slack's host.", GUIDE)
def test_the_address_has_a_ticket_and_hello_names_the_app(offline: Rig) -> None:
    app_id = offline.control.get("/control/workspace")["app"]["id"]
    given = urlsplit(address(offline))
    assert given.path == "/link/"
    assert set(parse_qs(given.query)) == {"ticket", "app_id"}
    assert parse_qs(given.query)["app_id"] == [app_id]
    with line(offline) as each:
        hello = each.messages[0]
        assert hello["connection_info"] == {"app_id": app_id}
        assert set(hello["debug_info"]) == {"host", "build_number", "approximate_connection_time"}


@pins("`hello` tells how many connections of the app are open, this one among them.", GUIDE)
def test_hello_tells_how_many_connections_are_open(offline: Rig) -> None:
    greetings: list[Json] = []

    def listen(_client: BaseSocketModeClient, message: Json, _raw: str | None) -> None:
        greetings.append(message)
        heard.set()

    for _ in range(2):
        heard = Event()
        handler = offline.handler()
        handler.client.message_listeners.append(listen)
        offline.connect(handler)
        assert heard.wait(5)
    assert [greeting["type"] for greeting in greetings] == ["hello", "hello"]
    assert [greeting["num_connections"] for greeting in greetings] == [1, 2]


@pins("An envelope has an id, a type, a payload and `accepts_response_payload`.", GUIDE)
@pins("A command may be answered with a payload, an event may not.", GUIDE)
@pins(
    "The envelope of an event counts its tries in `retry_attempt` and `retry_reason`.",
    "slack_bolt 1.30.0",
    Sure.READ,
)
def test_an_envelope_has_what_slack_puts_around_a_payload(offline: Rig) -> None:
    envelopes: list[Json] = []

    def listen(_client: BaseSocketModeClient, message: Json, _raw: str | None) -> None:
        envelopes.append(message)

    handler = offline.handler()
    handler.client.message_listeners.append(listen)
    offline.connect(handler)
    offline.app.command("/hello")(recording()[0])
    offline.app.event("message")(lambda: None)
    offline.maya.types("/hello")
    offline.maya.says("hi", "cohort-new-parents")
    _hello, command, event = envelopes
    assert (command["type"], command["accepts_response_payload"]) == ("slash_commands", True)
    assert (event["type"], event["accepts_response_payload"]) == ("events_api", False)
    assert (event["retry_attempt"], event["retry_reason"]) == (0, "")
    assert command["envelope_id"] != event["envelope_id"]


@pins("Each envelope goes to exactly one of the open connections.", GUIDE)
@pins("The connections take turns; Slack says only that it may be any of them.", "", Sure.GUESSED)
def test_each_envelope_goes_to_one_of_the_connections(offline: Rig) -> None:
    heard: dict[str, list[Json]] = {}
    for name in ("one", "other"):
        app = App(name=name, client=offline.client, process_before_response=True)
        listener, heard[name] = recording()
        app.command("/hello")(listener)
        offline.connect(offline.handler(app))
    for _ in range(6):
        assert offline.maya.types("/hello").outcome == "acked"
    assert {name: len(bodies) for name, bodies in heard.items()} == {"one": 3, "other": 3}


@pins("A ticket opens one connection, once.", "", Sure.GUESSED)
@pins("A ticket that is unknown or missing opens none: HTTP 403.", "", Sure.GUESSED)
def test_a_ticket_opens_one_connection(offline: Rig) -> None:
    handler = offline.connect()
    used = str(handler.client.wss_uri)
    assert status_at(used) == 403
    assert status_at(used.replace("ticket=", "ticket=x")) == 403
    assert status_at(used.partition("?")[0]) == 403


@pins("Of the tickets that nobody used the last thousand open a connection.", "", Sure.OURS)
def test_only_the_last_tickets_count(offline: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket_mode, "MOST_TICKETS", 1)
    ask, token = offline.client.apps_connections_open, offline.box.app_token
    first, second = (str(ask(app_token=token)["url"]) for _ in range(2))
    assert (status_at(first), status_at(second)) == (403, 400)  # a plain GET is no WebSocket


@pins(
    "What is under way to a silent app ends without a word when the sandbox stops.", "", Sure.OURS
)
def test_what_is_under_way_ends_without_a_word_when_the_sandbox_stops(
    rig: Rig, pool: ThreadPoolExecutor, caplog: pytest.LogCaptureFixture
) -> None:
    rig.box.ack_seconds = 0.5
    rig.box.freeze_sockets()
    saying = pool.submit(rig.maya.says, "hi", channel=COHORT)
    until(lambda: rig.kofi.messages(COHORT)[-1]["text"] == "hi")
    rig.box.stop()
    wait([saying])
    gc.collect()
    assert "never retrieved" not in caplog.text


@pins("An envelope under way when its connection drops stays unanswered.", "", Sure.GUESSED)
def test_a_connection_that_drops_leaves_the_envelope_unanswered(rig: Rig) -> None:

    def hang_up(ack: Any) -> None:
        rig.hang_up(rig.handlers[0])

    rig.app.command("/hello")(hang_up)
    rig.box.ack_seconds = SOON
    assert rig.maya.types("/hello").outcome == "timeout"
    assert rig.maya.types("/hello").outcome == "not_connected"


@pins(
    "An ack after three seconds changes nothing: the person has been told of a failure.",
    "docs.slack.dev/interactivity/implementing-slash-commands",
)
def test_an_ack_that_comes_too_late_changes_nothing(rig: Rig) -> None:
    go_on, done = Event(), Event()

    def slow(ack: Any) -> None:
        go_on.wait(5)
        ack("too late")
        done.set()

    rig.app.command("/hello")(slow)
    rig.box.ack_seconds = SOON
    assert rig.maya.types("/hello").outcome == "timeout"
    go_on.set()
    assert done.wait(5)
    assert not rig.maya.is_shown("too late")


def test_the_bot_can_come_back_after_it_was_gone(rig: Rig) -> None:
    rig.app.command("/hello")(recording()[0])
    rig.hang_up(rig.handlers[0])
    assert rig.maya.types("/hello").outcome == "not_connected"
    rig.connect()
    assert rig.maya.types("/hello").outcome == "acked"


@pins("What is no ack, or one of an unknown envelope, is passed over.", "", Sure.GUESSED)
def test_what_is_no_ack_is_ignored(rig: Rig) -> None:
    rig.app.command("/hello")(recording()[0])
    for noise in (
        "not json",
        "[" * 60_000,
        "[]",
        "{}",
        json.dumps({"envelope_id": "unknown", "payload": 3}),
    ):
        rig.handlers[0].client.send_message(noise)
    assert rig.maya.types("/hello").outcome == "acked"


@pins(
    "An ack counts only over the connection that brought the envelope.",
    "",
    Sure.GUESSED,
)
def test_an_ack_over_another_connection_does_not_count(
    offline: Rig, pool: ThreadPoolExecutor
) -> None:
    offline.box.ack_seconds = SOON
    with line(offline) as one, line(offline) as other:
        typing = pool.submit(offline.maya.types, "/hello")
        other.ack(one.next(at_least=2), text="from elsewhere")
        assert typing.result().outcome == "timeout"
        assert not offline.maya.is_shown("from elsewhere")


@pins("The first ack of an envelope counts, a second one does nothing.", "", Sure.GUESSED)
def test_a_second_ack_does_nothing(offline: Rig, pool: ThreadPoolExecutor) -> None:
    with line(offline) as each:
        typing = pool.submit(offline.maya.types, "/hello")
        envelope = each.next(at_least=2)
        each.ack(envelope, text="the first answer")
        each.ack(envelope, text="the second answer")
        assert typing.result().outcome == "acked"
        again = pool.submit(offline.maya.types, "/hello")
        each.ack(each.next(at_least=3))
        assert again.result().outcome == "acked"
    assert offline.maya.is_shown("the first answer")
    assert not offline.maya.is_shown("the second answer")


@pins("A payload in the ack of an event is not read; the ack counts.", "", Sure.GUESSED)
def test_a_payload_in_the_ack_of_an_event_is_not_read(
    offline: Rig, pool: ThreadPoolExecutor
) -> None:
    channel = offline.channel(COHORT)
    with line(offline) as each:
        saying = pool.submit(offline.act, "message", channel=channel, text="hello")
        each.ack(each.next(at_least=2), text="Nobody reads this")
        assert saying.result()["event"] == "acked"
    assert not offline.maya.is_shown("Nobody reads this")


@pins(
    "Slack answers a ping with a pong that carries the same words.",
    "slack_sdk 3.47.0",
    Sure.READ,
)
def test_a_ping_is_answered(offline: Rig) -> None:
    handler = offline.connect(offline.handler(ping_interval=0.02))
    session = handler.client.current_session
    assert session is not None
    until(lambda: session.last_ping_pong_time)


@pytest.mark.parametrize(
    ("order", "then"),
    [
        ({"do": "warn"}, {"open": 1, "leaving": 0}),
        ({"do": "refresh", "closing_seconds": 60}, {"open": 1, "leaving": 1}),
        ({"do": "freeze"}, {"open": 0, "frozen": 1}),
        ({"do": "thaw"}, {"open": 1, "frozen": 0}),
        ({"do": "drop"}, {"open": 0}),
        ({"do": "refuse"}, {"open": 1, "refusing": "open"}),
        ({"do": "refuse", "at": "handshake"}, {"refusing": "handshake"}),
        ({"do": "accept"}, {"refusing": None}),
        ({"do": "disable"}, {"refusing": "off"}),
    ],
)
@pins("The control API orders the weather of the connections.", "", Sure.OURS)
def test_the_control_api_orders_the_weather(offline: Rig, order: Json, then: Json) -> None:
    with line(offline):
        said = offline.control.post("/control/sockets", order)
        assert {**said, **then} == said
        assert offline.control.get("/control/sockets")["refusing"] == said["refusing"]


@pytest.mark.parametrize(
    "order",
    [{}, {"do": "sing"}, {"do": "refuse", "at": "dawn"}, {"do": "refresh", "closing_seconds": -1}],
)
def test_the_control_api_says_what_is_no_order(offline: Rig, order: Json) -> None:
    with pytest.raises(ControlError):
        offline.control.post("/control/sockets", order)
