"""Socket Mode: connections, envelopes and their acks."""

from __future__ import annotations

import json
from threading import Event
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from slack_bolt import App
from slack_sdk.socket_mode.client import BaseSocketModeClient

from tests.contract.rig import SOON, Json, Rig, recording


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


def test_a_ticket_opens_one_connection(offline: Rig) -> None:
    handler = offline.connect()
    used = str(handler.client.wss_uri).replace("ws://", "http://", 1)
    with pytest.raises(HTTPError) as caught:
        urlopen(used)
    with caught.value as refused:
        assert refused.status == 403


def test_a_connection_that_drops_leaves_the_envelope_unanswered(rig: Rig) -> None:

    def hang_up(ack: Any) -> None:
        rig.hang_up(rig.handlers[0])

    rig.app.command("/hello")(hang_up)
    rig.box.ack_seconds = SOON
    assert rig.maya.types("/hello").outcome == "timeout"
    assert rig.maya.types("/hello").outcome == "not_connected"


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


def test_what_is_no_ack_is_ignored(rig: Rig) -> None:
    rig.app.command("/hello")(recording()[0])
    for noise in ("not json", "[]", "{}", json.dumps({"envelope_id": "unknown", "payload": 3})):
        rig.handlers[0].client.send_message(noise)
    assert rig.maya.types("/hello").outcome == "acked"
