"""Delivery over HTTP: the same outcomes as over a socket, by signed requests."""

from __future__ import annotations

import json
from socket import create_server
from threading import Event, Thread
from time import time
from typing import Any
from urllib.parse import parse_qs

import pytest
from slack_bolt.adapter.wsgi import SlackRequestHandler

from sandbox.delivery.signing import sign
from tests.contract.doors import BROKEN, FINE, Raw, Reply, Serve, bolt, served
from tests.contract.facts import Sure, pins
from tests.contract.rig import (
    SOON,
    Json,
    Rig,
    buttons,
    field,
    modal,
    opening,
    recording,
)
from tests.waiting import until

COHORT = "cohort-new-parents"
EVENTS_API = "docs.slack.dev/apis/events-api"
COMMANDS = "docs.slack.dev/interactivity/implementing-slash-commands"
INTERACTIONS = "docs.slack.dev/interactivity/handling-user-interaction"
SIGNING = "docs.slack.dev/authentication/verifying-requests-from-slack"


def said(rig: Rig, text: str = "hello") -> str:
    """Let maya say something, and return how the first try of the event went."""
    return str(rig.act("message", channel=rig.channel(COHORT), text=text)["event"])


@pins("Over HTTP the body of the answer to a command is the answer to the person.", COMMANDS)
def test_a_command_is_answered_without_any_socket(http: Rig) -> None:
    listener, bodies = recording("Good morning")
    http.app.command("/hello")(listener)
    text = "a & b = c + d % e; ümläut 🌱 <x>"
    assert http.maya.types(f"/hello {text}").outcome == "acked"
    assert http.maya.ephemerals("general")[-1]["text"] == "Good morning"
    (body,) = bodies
    assert (body["command"], body["text"]) == ("/hello", text)
    assert body["user_id"] == http.maya.id
    assert http.box.connections == 0


def test_a_command_is_answered_with_blocks_to_everybody(http: Rig) -> None:
    http.app.command("/hello")(
        recording(text="in words", blocks=[buttons("yes")], response_type="in_channel")[0]
    )
    assert http.maya.types("/hello", "general").outcome == "acked"
    assert http.kofi.messages("general")[-1]["blocks"][0]["block_id"] == "buttons"


@pins("Over HTTP a submission is answered with JSON in the body of the 200.", INTERACTIONS)
def test_forms_are_opened_refused_and_replaced(http: Rig) -> None:
    answers: list[Json] = [
        {"response_action": "errors", "errors": {"name": "Too short"}},
        {"response_action": "update", "view": modal(field("again"), callback_id="next")},
    ]
    http.app.command("/hello")(opening(modal()))
    http.app.view("form")(lambda ack: ack(**answers.pop(0)))
    assert http.maya.types("/hello").outcome == "acked"
    refused = http.maya.submits({"name": {"name": "A"}})
    assert (refused.outcome, refused.errors) == ("errors", {"name": "Too short"})
    assert http.maya.submits({"name": {"name": "Ada"}}).outcome == "acked"
    assert http.maya.view is not None
    assert http.maya.view["callback_id"] == "next"


def test_clicks_shortcuts_and_closed_forms_arrive(http: Rig) -> None:
    heard: list[str] = []

    def note(ack: Any, body: Json) -> None:
        heard.append(body["type"])
        ack()

    http.app.shortcut("light")(opening(modal(buttons("yes"), notify_on_close=True)))
    http.app.action("yes")(note)
    http.app.view_closed("form")(note)
    assert http.maya.uses_shortcut("light").outcome == "acked"
    assert http.maya.clicks("yes").outcome == "acked"
    http.maya.closes()
    assert heard == ["block_actions", "view_closed"]


def test_the_same_submission_can_arrive_twice(http: Rig) -> None:
    listener, bodies = recording()
    http.app.command("/hello")(opening(modal()))
    http.app.view("form")(listener)
    http.maya.types("/hello")
    assert http.maya.submits({"name": {"name": "Ada"}}, twice=True).second == "acked"
    assert len(bodies) == 2


def test_events_arrive(http: Rig) -> None:
    heard: list[Json] = []
    http.app.event("message")(lambda body: heard.append(body))
    assert said(http) == "acked"
    assert (heard[0]["type"], heard[0]["event"]["text"]) == ("event_callback", "hello")


@pins(
    "Commands come as a form, interactions as a form with `payload`, events as JSON.", INTERACTIONS
)
@pins("Each request is signed with the signing secret at the time in its header.", SIGNING)
@pins("A first delivery carries no marks of a retry.", EVENTS_API)
def test_requests_look_as_slack_sends_them(offline: Rig, serve: Serve) -> None:
    raw = Raw([FINE])
    offline.box.deliver_over_http(serve(raw))
    offline.maya.types("/hello you")
    offline.maya.uses_shortcut("light")
    said(offline)
    command, shortcut, event = raw.requests
    form = "application/x-www-form-urlencoded"
    assert [each.content_type for each in raw.requests] == [form, form, "application/json"]
    assert parse_qs(command.body.decode())["text"] == ["you"]
    (payload,) = parse_qs(shortcut.body.decode())["payload"]
    assert json.loads(payload)["callback_id"] == "light"
    assert json.loads(event.body)["event"]["text"] == "hello"
    for each in raw.requests:
        at = each.headers["x-slack-request-timestamp"]
        signed = sign(offline.box.signing_secret, each.body, int(at))
        assert each.headers["x-slack-signature"] == signed["X-Slack-Signature"]
        assert abs(int(at) - time()) < 60
        assert not {"x-slack-retry-num", "x-slack-retry-reason"} & set(each.headers)
        assert each.headers["connection"] == "close"


HTML: Reply = ("200 OK", "text/html", b"<h1>Welcome</h1>")
GARBAGE: Reply = ("200 OK", "application/json", b"{")
LIST: Reply = ("200 OK", "application/json", b"[]")
MOVED: Reply = ("302 Found", "text/plain", b"")
MOVED_FOR_EVER: Reply = ("301 Moved Permanently", "text/plain", b"")
EMPTY: Reply = ("204 No Content", "text/plain", b"")


@pins("A command or a form that is not answered with 2xx failed, and the person is told.", COMMANDS)
@pins("A submission that is answered with another body than JSON failed.", "", Sure.GUESSED)
@pytest.mark.parametrize(
    ("reply", "command", "submission"),
    [
        (FINE, "acked", "acked"),
        (EMPTY, "acked", "acked"),
        (BROKEN, "http_error", "http_error"),
        (MOVED, "http_error", "http_error"),
        (HTML, "acked", "http_error"),
        (GARBAGE, "http_error", "http_error"),
        (LIST, "http_error", "http_error"),
    ],
)
def test_each_answer_has_its_outcome(
    offline: Rig, serve: Serve, reply: Reply, command: str, submission: str
) -> None:
    app = bolt(offline, offline.box.signing_secret)
    app.command("/hello")(opening(modal()))
    offline.box.deliver_over_http(serve(SlackRequestHandler(app)))
    offline.maya.types("/hello")
    offline.box.deliver_over_http(serve(Raw([reply])))
    assert offline.maya.types("/hello").outcome == command
    assert offline.maya.is_shown("/hello failed") == (command != "acked")
    assert offline.maya.submits({"name": {"name": "Ada"}}).outcome == submission
    assert offline.maya.is_shown("We had some trouble") == (submission != "acked")
    assert (offline.maya.view is None) == (submission == "acked")
    assert said(offline) == ("acked" if reply[0].startswith("2") else "http_error")


@pins("Every status from 200 to 299 acknowledges an event, and no other does.", EVENTS_API)
@pytest.mark.parametrize(
    ("status", "event"),
    [(status, "acked") for status in (200, 201, 202, 204, 299)]
    + [(status, "http_error") for status in (300, 304, 307, 400, 401, 404, 410, 429, 500, 503)],
)
def test_a_status_acknowledges_or_does_not(
    offline: Rig, serve: Serve, status: int, event: str
) -> None:
    offline.box.retry_after_seconds = ()
    elsewhere = [("Location", offline.box.url)]
    answered = Raw([(f"{status} So", "text/plain", b"")], headers=elsewhere)
    offline.box.deliver_over_http(serve(answered))
    assert said(offline) == event


@pins("An event follows a 301 or 302 to another address, twice at most.", EVENTS_API)
@pins("It arrives there as it was sent first, with the same body and signature.", "", Sure.GUESSED)
def test_an_event_follows_two_redirects(offline: Rig, serve: Serve) -> None:
    there = Raw([FINE])
    second = Raw([MOVED], headers=[("Location", serve(there))])
    first = Raw([MOVED_FOR_EVER], headers=[("Location", serve(second))])
    offline.box.deliver_over_http(serve(first))
    assert said(offline) == "acked"
    (taken,) = there.requests
    assert taken.body == first.requests[0].body
    assert {"x-slack-signature", "x-slack-request-timestamp"} <= set(taken.headers)


@pins("After more than two redirects an event is sent again for `too_many_redirects`.", EVENTS_API)
def test_a_third_redirect_is_too_many(offline: Rig, serve: Serve) -> None:
    offline.box.retry_after_seconds = (0,)
    round_and_round = Raw([MOVED], headers=[("Location", "/slack/events")])
    offline.box.deliver_over_http(serve(round_and_round))
    assert said(offline) == "http_error"
    until(lambda: len(round_and_round.requests) == 6)
    reasons = [each.headers.get("x-slack-retry-reason") for each in round_and_round.requests]
    assert reasons == [None] * 3 + ["too_many_redirects"] * 3


@pins("A command does not follow a redirect.", "", Sure.GUESSED)
def test_a_command_does_not_follow_a_redirect(offline: Rig, serve: Serve) -> None:
    elsewhere = Raw([FINE])
    moved = Raw([MOVED], headers=[("Location", serve(elsewhere))])
    offline.box.deliver_over_http(serve(moved))
    assert offline.maya.types("/hello").outcome == "http_error"
    assert (len(moved.requests), elsewhere.requests) == (1, [])


@pins("No redirect leads away from this machine.", "", Sure.OURS)
@pytest.mark.parametrize("address", ["http://slack.example/", "https://127.0.0.1/", "//[::1/"])
def test_no_redirect_leads_away(offline: Rig, serve: Serve, address: str) -> None:
    offline.box.retry_after_seconds = ()
    offline.box.deliver_over_http(serve(Raw([MOVED], headers=[("Location", address)])))
    assert said(offline) == "http_error"


@pins("A command may be answered with plain text.", COMMANDS)
def test_a_plain_body_is_shown_to_whoever_typed_the_command(offline: Rig, serve: Serve) -> None:
    words = "Grüße".encode()
    offline.box.deliver_over_http(serve(Raw([("200 OK", "text/plain", words)])))
    offline.maya.types("/hello")
    assert offline.maya.ephemerals("general")[-1]["text"] == "Grüße"


@pins("What comes with the answer to a click is not read.", "", Sure.GUESSED)
def test_what_comes_with_the_ack_of_a_click_is_not_read(offline: Rig, serve: Serve) -> None:
    channel = offline.channel(COHORT)
    asked = offline.client.chat_postMessage(channel=channel, text="t", blocks=[buttons("yes")])
    offline.box.deliver_over_http(serve(Raw([HTML])))
    assert offline.maya.clicks("yes", message=(COHORT, str(asked["ts"]))).outcome == "acked"
    assert not offline.maya.is_shown("Welcome")


@pins("Slack waits three seconds for an answer; what comes later is not read.", COMMANDS)
def test_an_app_that_is_too_slow_times_out(offline: Rig, serve: Serve) -> None:
    assert offline.box.ack_seconds == 3.0
    go_on = Event()
    raw = Raw([("200 OK", "text/plain", b"too late")], before=lambda: go_on.wait(10))
    offline.box.deliver_over_http(serve(raw))
    offline.box.ack_seconds = SOON
    assert offline.maya.types("/hello").outcome == "timeout"
    go_on.set()
    assert offline.maya.is_shown("/hello failed")
    assert not offline.maya.is_shown("too late")


def test_an_app_that_is_not_there_is_not_connected(offline: Rig, serve: Serve) -> None:
    with served(Raw([FINE])) as url:
        offline.box.deliver_over_http(url)
    assert offline.maya.types("/hello").outcome == "not_connected"
    assert offline.maya.is_shown("/hello failed")


def test_an_app_that_hangs_up_has_not_answered(offline: Rig) -> None:
    with create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)

        thread = Thread(target=hang_up)
        thread.start()
        offline.box.deliver_over_http(f"http://127.0.0.1:{listener.getsockname()[1]}/")
        assert offline.maya.types("/hello").outcome == "http_error"
        thread.join()


@pins("An event that failed is sent again, the same, with x-slack-retry-num from 1 on.", EVENTS_API)
def test_an_event_that_was_refused_is_sent_again_with_its_marks(offline: Rig, serve: Serve) -> None:
    offline.box.retry_after_seconds = (0, 0, 0)
    raw = Raw([BROKEN, BROKEN, FINE])
    offline.box.deliver_over_http(serve(raw))
    assert said(offline) == "http_error"
    until(lambda: len(raw.requests) == 3)
    assert said(offline, "next") == "acked"
    marks = [
        (each.headers.get("x-slack-retry-num"), each.headers.get("x-slack-retry-reason"))
        for each in raw.requests
    ]
    assert marks == [(None, None), ("1", "http_error"), ("2", "http_error"), (None, None)]
    assert len({each.body for each in raw.requests[:3]}) == 1


@pins(
    "x-slack-retry-reason says how the last try went: http_timeout, connection_failed, http_error.",
    EVENTS_API,
)
def test_each_failure_has_the_reason_of_the_next_try(offline: Rig, serve: Serve) -> None:
    offline.box.retry_after_seconds = (0.02,) * 600
    raw, slow = Raw([FINE]), Event()
    lazy = Raw([FINE], before=lambda: slow.wait(10))
    offline.box.deliver_over_http(serve(lazy))
    offline.box.ack_seconds = SOON
    assert said(offline) == "timeout"
    offline.box.ack_seconds = 3.0
    until(lambda: len(lazy.requests) == 2)
    slow.set()
    assert lazy.requests[1].headers["x-slack-retry-reason"] == "http_timeout"
    with served(Raw([FINE])) as url:
        offline.box.deliver_over_http(url)
    assert said(offline) == "not_connected"
    with served(raw, port=int(url.split(":")[2].partition("/")[0])):
        until(lambda: len(raw.requests) == 1)
    assert raw.requests[0].headers["x-slack-retry-reason"] == "connection_failed"


@pins(
    "With `x-slack-no-retry: 1` beside another status than 2xx that event is not sent again.",
    EVENTS_API,
)
def test_an_app_can_ask_not_to_be_tried_again(offline: Rig, serve: Serve) -> None:
    offline.box.retry_after_seconds = (0, 0, 0)
    raw = Raw([BROKEN, FINE], headers=[("X-Slack-No-Retry", "1")])
    offline.box.deliver_over_http(serve(raw))
    assert said(offline) == "http_error"
    assert said(offline, "next") == "acked"
    texts = [json.loads(each.body)["event"]["text"] for each in raw.requests]
    assert texts == ["hello", "next"]


@pins("Commands and interactions are sent once.", "", Sure.GUESSED)
def test_commands_and_interactions_have_one_try(offline: Rig, serve: Serve) -> None:
    offline.box.retry_after_seconds = (0, 0, 0)
    raw = Raw([BROKEN, BROKEN, FINE])
    offline.box.deliver_over_http(serve(raw))
    assert offline.maya.types("/hello").outcome == "http_error"
    assert offline.maya.uses_shortcut("light").outcome == "http_error"
    assert said(offline) == "acked"
    assert len(raw.requests) == 3
