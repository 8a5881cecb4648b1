"""Web API: which calls Slack takes and how it refuses the others."""

from __future__ import annotations

import json
from dataclasses import replace
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient

from sandbox.webapi import METHODS
from tests.contract.facts import Sure, pins
from tests.contract.refusals import page_of, refusal
from tests.contract.rig import Json, Rig, modal, said

WEB_API = "docs.slack.dev/apis/web-api"


MULTIPART = "multipart/form-data; boundary=x"
PART = b'--x\r\nContent-Disposition: form-data; name="user"'


def post(rig: Rig, method: str, body: bytes, kind: str) -> Json:
    """Call a method with a body of one's own, past the SDK."""
    headers = {"Content-Type": kind, "Authorization": f"Bearer {rig.box.bot_token}"}
    request = Request(rig.box.api_url + method, data=body, headers=headers)
    with urlopen(request) as response:
        answer: Json = json.load(response)
        return answer


@pins(
    "Every answer names the scopes of the token in a header.",
    f"{WEB_API}/using-the-slack-web-api",
)
def test_auth_test_says_who_the_bot_is(offline: Rig) -> None:
    answer = offline.client.auth_test()
    assert answer["team"] == "Tern & Tide"
    assert {"url", "user", "team_id", "user_id", "bot_id"} <= set(answer.data)
    assert "chat:write" in answer.headers["x-oauth-scopes"]


@pins(
    "A method that Slack does not have is refused, and named.",
    "github.com/slackapi/node-slack-sdk",
    Sure.REPORTED,
    refuses=["chat.whisper: unknown_method"],
)
def test_an_unknown_method_is_named_in_the_refusal(offline: Rig) -> None:
    answer = refusal(offline.client.api_call, "chat.whisper")
    assert answer == {"ok": False, "error": "unknown_method", "req_method": "chat.whisper"}


@pins(
    "An argument that a method does not know is refused, and named.",
    "",
    Sure.GUESSED,
    refuses=["users.info: invalid_arguments"],
)
def test_an_unknown_argument_is_refused_and_named(offline: Rig) -> None:
    answer = refusal(offline.client.users_info, user="U1", colour="blue")
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == ["[ERROR] unexpected argument: colour"]


@pins(
    "A required argument that is missing is refused, and named.",
    WEB_API,
    refuses=["views.open: invalid_arguments"],
)
def test_a_missing_argument_is_refused_and_named(offline: Rig) -> None:
    answer = refusal(offline.client.api_call, "views.open", json={"trigger_id": "1.2.3"})
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: view"]


@pins("Any method takes a team_id, which Bolt adds to every call.", "slack_bolt 1.30.0", Sure.READ)
def test_what_bolt_adds_to_every_call_is_no_unknown_argument(offline: Rig) -> None:
    client = WebClient(
        token=offline.box.bot_token, base_url=offline.box.api_url, team_id="T0SBX000001"
    )
    assert client.users_info(user=offline.maya.id)["ok"]


@pins(
    "api.test needs no token, gives back what it was given, and fails as it is told.",
    page_of("api.test"),
    refuses=["api.test: on purpose"],
)
def test_api_test_needs_no_token(offline: Rig) -> None:
    client = WebClient(base_url=offline.box.api_url)
    assert client.api_test(foo="bar")["args"] == {"foo": "bar"}
    assert refusal(client.api_test, error="on purpose")["error"] == "on purpose"


@pins("Arguments come as JSON, as a form or in the query, the token beside them.", WEB_API)
@pytest.mark.parametrize("kind", ["json", "form", "form with the token", "query"])
def test_arguments_may_come_in_any_usual_way(offline: Rig, kind: str) -> None:
    arguments = {"user": offline.maya.id, "include_locale": "true"}
    form = "application/x-www-form-urlencoded"
    if kind == "json":
        answer = post(offline, "users.info", json.dumps(arguments).encode(), "application/json")
    elif kind == "form":
        answer = post(offline, "users.info", urlencode(arguments).encode(), form)
    elif kind == "form with the token":
        body = urlencode(arguments | {"token": offline.box.bot_token}).encode()
        answer = post(offline, "users.info", body, form)
    else:
        answer = post(offline, f"users.info?{urlencode(arguments)}", b"", form)
    assert answer["user"]["locale"] == "en-GB"


@pins("Blocks and the like are JSON as text when they come in a form.", WEB_API)
def test_structured_arguments_may_be_json_in_a_form(offline: Rig) -> None:
    channel = offline.channel("cohort-new-parents")
    form = {"channel": channel, "text": "t", "blocks": json.dumps([said("from a form")])}
    answer = offline.client.api_call("chat.postMessage", params=form)
    assert answer["message"]["blocks"][0]["text"]["text"] == "from a form"


@pins(
    "A body that cannot be read is refused with what is wrong with it.",
    WEB_API,
    refuses=[
        "users.info: invalid_json",
        "users.info: json_not_object",
        "users.info: invalid_form_data",
        "users.info: invalid_post_type",
        "users.info: invalid_arguments",
        "users.info: user_not_found",
    ],
)
@pytest.mark.parametrize(
    ("body", "kind", "error"),
    [
        (b"{", "application/json", "invalid_json"),
        (b"[]", "application/json", "json_not_object"),
        (b"[" * 100_000, "application/json", "invalid_json"),
        (b"\xff\xfe", "application/x-www-form-urlencoded", "invalid_form_data"),
        (b"x", "text/plain", "invalid_post_type"),
        (b"no form", "multipart/form-data; boundary=x", "invalid_form_data"),
        (PART + b'; filename="f"\r\n\r\nx\r\n--x--', MULTIPART, "invalid_form_data"),
        (PART + b"\r\nContent-Type: image/png\r\n\r\nx\r\n--x--", MULTIPART, "invalid_form_data"),
        (
            PART + b"\r\nContent-Type: text/x; charset=k\r\n\r\nx\r\n--x--",
            MULTIPART,
            "invalid_form_data",
        ),
        (
            PART + b"\r\nContent-Transfer-Encoding: k\r\n\r\nx\r\n--x--",
            MULTIPART,
            "invalid_form_data",
        ),
        (b'{"user": {"a": 1}}', "application/json", "invalid_arguments"),
        (b'{"user": "U1", "include_locale": "perhaps"}', "application/json", "user_not_found"),
    ],
)
def test_a_broken_body_is_refused_with_slacks_word(
    offline: Rig, body: bytes, kind: str, error: str
) -> None:
    assert post(offline, "users.info", body, kind)["error"] == error


@pins(
    "A number that is none, half a character and JSON of three hundred floors are no JSON.",
    "",
    Sure.GUESSED,
    refuses=["users.info: invalid_json"],
)
@pytest.mark.parametrize(
    "body",
    [
        b'{"user": NaN}',
        b'{"user": 1e999}',
        b'{"user": "\\ud800"}',
        b'{"user": "\xed\xa0\x80"}',
        b"[" * 300 + b"]" * 300,
    ],
)
def test_what_no_json_can_carry_on_is_refused(offline: Rig, body: bytes) -> None:
    assert post(offline, "users.info", body, "application/json")["error"] == "invalid_json"


@pins(
    "A body without a Content-Type is refused.", WEB_API, refuses=["users.info: missing_post_type"]
)
def test_a_body_has_a_content_type(offline: Rig) -> None:
    connection = HTTPConnection(offline.box.url.removeprefix("http://"))
    try:
        connection.request("POST", "/api/users.info", body=b"user=U1")
        assert json.load(connection.getresponse())["error"] == "missing_post_type"
    finally:
        connection.close()


def test_a_view_that_is_no_json_is_refused(offline: Rig) -> None:
    answer = refusal(
        offline.client.api_call, "views.publish", params={"user_id": offline.maya.id, "view": "{"}
    )
    assert answer["error"] == "invalid_arguments"


@pytest.mark.parametrize(
    ("trigger", "error"),
    [("used", "exchanged_trigger_id"), ("unknown", "invalid_trigger_id")],
)
def test_a_trigger_works_once_and_must_be_real(rig: Rig, trigger: str, error: str) -> None:
    triggers: list[str] = []

    def remember(ack: Any, body: Json, client: WebClient) -> None:
        triggers.append(body["trigger_id"])
        client.views_open(trigger_id=body["trigger_id"], view=modal())
        ack()

    rig.app.command("/hello")(remember)
    rig.maya.types("/hello")
    given = triggers[0] if trigger == "used" else "1.2.3"
    assert refusal(rig.client.views_open, trigger_id=given, view=modal())["error"] == error


def test_a_trigger_expires(rig: Rig) -> None:
    errors: list[str] = []

    def late(ack: Any, body: Json, client: WebClient) -> None:
        answer = refusal(client.views_open, trigger_id=body["trigger_id"], view=modal())
        errors.append(answer["error"])
        ack()

    rig.app.command("/hello")(late)
    rig.box.expire_triggers()
    rig.maya.types("/hello")
    assert errors == ["expired_trigger_id"]
    assert rig.maya.views == []


def test_a_view_that_was_refused_leaves_its_trigger_unused(rig: Rig) -> None:
    def twice(ack: Any, body: Json, client: WebClient) -> None:
        refusal(client.views_open, trigger_id=body["trigger_id"], view={"type": "modal"})
        client.views_open(trigger_id=body["trigger_id"], view=modal())
        ack()

    rig.app.command("/hello")(twice)
    assert rig.maya.types("/hello").ok
    assert len(rig.maya.views) == 1


def test_a_method_that_refuses_with_an_undeclared_error_is_a_fault_of_the_sandbox(
    offline: Rig, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    undeclared = replace(METHODS["users.info"], errors=frozenset())
    monkeypatch.setitem(METHODS, "users.info", undeclared)
    assert refusal(offline.client.users_info, user="U404")["error"] == "internal_error"
    assert "does not declare the error user_not_found" in caplog.text


def test_every_method_declares_itself_in_full() -> None:
    for name, declared in METHODS.items():
        assert declared.name == name
        assert declared.function.__doc__, name
        assert not set(declared.required) & set(declared.optional), name
