"""The request URL: who signs what, the challenge of a new one, and the way to it."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from time import time
from typing import Any
from urllib.parse import parse_qs, urlencode
from urllib.request import Request

import pytest
from aiohttp import ClientSession
from slack_bolt.adapter.wsgi import SlackRequestHandler

from sandbox import Sandbox
from sandbox.delivery.signing import sign
from tests.contract.doors import BROKEN, FINE, Raw, Serve, bolt, served, status_of
from tests.contract.facts import Sure, pins
from tests.contract.rig import Json, Rig, recording

SIGNING = "docs.slack.dev/authentication/verifying-requests-from-slack"
CHALLENGE = "docs.slack.dev/reference/events/url_verification"
BOLT = "slack_bolt 1.30.0"


@pins("A signature is v0, HMAC-SHA256 over the version, the timestamp and the body.", SIGNING)
def test_the_signature_is_that_of_slacks_own_example() -> None:
    body = urlencode(
        {
            "token": "xyzz0WbapA4vBCDEFasx0q6G",
            "team_id": "T1DC2JH3J",
            "team_domain": "testteamnow",
            "channel_id": "G8PSS9T3V",
            "channel_name": "foobar",
            "user_id": "U2CERLKJA",
            "user_name": "roadrunner",
            "command": "/webhook-collect",
            "text": "",
            "response_url": "https://hooks.slack.com/commands/T1DC2JH3J/397700885554"
            "/96rGlfmibIGlgcZRskXaIFfN",
            "trigger_id": "398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
        }
    )
    headers = sign("8f742231b10e8888abcd99yyyzzz85a5", body.encode(), 1531420618)
    assert headers == {
        "X-Slack-Request-Timestamp": "1531420618",
        "X-Slack-Signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    }


@pins("A request older or newer than five minutes, or with another body, is refused.", SIGNING)
@pytest.mark.parametrize(
    ("forged", "status"),
    [
        ({}, 200),
        ({"ago": 295}, 200),
        ({"body": b"command=%2Fother"}, 401),
        ({"ago": 301}, 401),
        ({"ago": -310}, 401),
    ],
)
def test_a_test_can_sign_and_forge_requests(http: Rig, forged: Json, status: int) -> None:
    http.app.command("/hello")(recording()[0])
    body = urlencode({"command": "/hello", "user_id": http.maya.id, "team_id": "T1"}).encode()
    ago = forged.get("ago")
    headers = http.box.sign(body) if ago is None else http.box.sign(body, int(time()) - ago)
    url = http.box.request_url or ""
    assert status_of(Request(url, forged.get("body", body), headers)) == status


def test_an_app_with_another_secret_refuses_and_the_person_is_told(
    offline: Rig, serve: Serve
) -> None:
    app = bolt(offline, "f" * 32)
    app.command("/hello")(recording("never")[0])
    offline.box.deliver_over_http(serve(SlackRequestHandler(app)))
    assert offline.maya.types("/hello").outcome == "http_error"
    assert offline.maya.is_shown("/hello failed")


@pins("A new request URL is tried with `url_verification`, whose challenge comes back.", CHALLENGE)
def test_bolt_gives_the_challenge_back(http: Rig) -> None:
    assert http.box.verify_url()


@pins("The challenge is signed as every request is.", BOLT, Sure.READ)
def test_a_bolt_with_another_secret_does_not(offline: Rig, serve: Serve) -> None:
    app = bolt(offline, "f" * 32)
    offline.box.deliver_over_http(serve(SlackRequestHandler(app)))
    assert not offline.box.verify_url()


class Echo:
    """Gives the challenge back in one of the ways that Slack takes, or in a wrong one."""

    def __init__(self, content_type: str, body: str, status: str = "200 OK") -> None:
        self.reply = content_type, body, status

    def __call__(self, environ: Json, start: Callable[..., Any]) -> list[bytes]:
        asked = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        content_type, body, status = self.reply
        start(status, [("Content-Type", content_type)])
        return [body.replace("CHALLENGE", asked["challenge"]).encode()]


@pins("The challenge may come back as plain text, as a form or as JSON.", CHALLENGE)
@pytest.mark.parametrize(
    ("echo", "verified"),
    [
        (Echo("text/plain", "CHALLENGE"), True),
        (Echo("application/json", '{"challenge": "CHALLENGE"}'), True),
        (Echo("application/x-www-form-urlencoded", "challenge=CHALLENGE"), True),
        (Echo("text/plain", "CHALLENGE", "500 Internal Server Error"), False),
        (Echo("text/plain", "OK"), False),
        (Echo("application/json", '"CHALLENGE"'), False),
        (Echo("application/json", "{"), False),
    ],
)
def test_a_challenge_may_come_back_in_three_ways(
    offline: Rig, serve: Serve, echo: Echo, verified: bool
) -> None:
    offline.box.deliver_over_http(serve(echo))
    assert offline.box.verify_url() == verified


@pins(
    "Now and then Slack sends a request with `ssl_check=1`, which is answered with 200.",
    "docs.slack.dev/interactivity/implementing-slash-commands",
)
def test_bolt_answers_the_check_of_its_certificate_and_nobody_hears_of_it(
    http: Rig, serve: Serve
) -> None:
    listener, bodies = recording()
    http.app.command("/hello")(listener)
    assert http.box.check_ssl()
    raw = Raw([FINE])
    http.box.deliver_over_http(serve(raw))
    assert http.box.check_ssl()
    sent = parse_qs(raw.requests[0].body.decode())
    assert sent["ssl_check"] == ["1"]
    assert (set(sent), bodies) == ({"ssl_check", "token"}, [])


def test_a_check_of_a_certificate_can_fail(offline: Rig, serve: Serve) -> None:
    with pytest.raises(RuntimeError, match="no request URL"):
        offline.box.check_ssl()
    offline.box.deliver_over_http(serve(Raw([BROKEN])))
    assert not offline.box.check_ssl()
    with served(Raw([FINE])) as url:
        offline.box.deliver_over_http(url)
    assert not offline.box.check_ssl()


def test_a_url_without_an_app_is_not_verified(offline: Rig) -> None:
    with pytest.raises(RuntimeError, match="no request URL"):
        offline.box.verify_url()
    with served(Raw([FINE])) as url:
        offline.box.deliver_over_http(url)
    assert not offline.box.verify_url()


def test_the_way_can_change_while_it_runs(rig: Rig, serve: Serve) -> None:
    by_socket, over_socket = recording()
    rig.app.command("/hello")(by_socket)
    raw = Raw([FINE])
    rig.maya.types("/hello")
    rig.box.deliver_over_http(serve(raw))
    rig.maya.types("/hello")
    rig.box.deliver_over_sockets()
    rig.maya.types("/hello")
    assert (len(over_socket), len(raw.requests)) == (2, 1)


def test_the_way_can_be_given_at_the_start(offline: Rig, serve: Serve) -> None:
    raw = Raw([FINE])
    with Sandbox(manifest=offline.manifest, request_url=serve(raw)) as box:
        assert box.person("maya").types("/hello").outcome == "acked"
    assert len(raw.requests) == 1
    sessions = [each for each in gc.get_objects() if isinstance(each, ClientSession)]
    assert all(each.closed for each in sessions)


def test_the_page_knows_whether_there_is_a_way_to_the_app(offline: Rig, serve: Serve) -> None:
    def reachable() -> bool:
        return bool(offline.control.get("/control/workspace")["reachable"])

    assert not reachable()
    offline.box.deliver_over_http(serve(Raw([FINE])))
    assert reachable()
    offline.box.deliver_over_sockets()
    assert not reachable()
    offline.connect()
    assert reachable()


@pins("A request URL is an address on this machine.", "", Sure.OURS)
@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/slack/events",
        "http://slack.example/slack/events",
        "http://127.0.0.1@slack.example/",
        "http://127.0.0.1.slack.example/",
        "//127.0.0.1/",
        "http://[::1/",
        "file:///etc/passwd",
        "",
    ],
)
def test_nothing_of_a_workspace_leaves_this_machine(offline: Rig, url: str) -> None:
    with pytest.raises(ValueError, match="on this machine"):
        offline.box.deliver_over_http(url)
    with pytest.raises(ValueError, match="on this machine"):
        Sandbox(manifest=offline.manifest, request_url=url)
