"""Web API: which calls Slack takes and how it refuses the others."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.webapi import METHODS
from tests.contract.conftest import MakeRig
from tests.contract.rig import Json, Rig, modal, said


def refusal(call: Any, *arguments: Any, **named: Any) -> Json:
    """Return the body with which a call is refused."""
    with pytest.raises(SlackApiError) as caught:
        call(*arguments, **named)
    body: Json = caught.value.response.data
    return body


def post(rig: Rig, method: str, body: bytes, kind: str) -> Json:
    """Call a method with a body of one's own, past the SDK."""
    headers = {"Content-Type": kind, "Authorization": f"Bearer {rig.box.bot_token}"}
    request = Request(rig.box.api_url + method, data=body, headers=headers)
    with urlopen(request) as response:
        answer: Json = json.load(response)
        return answer


def test_auth_test_says_who_the_bot_is(offline: Rig) -> None:
    answer = offline.client.auth_test()
    assert answer["team"] == "Tern & Tide"
    assert {"url", "user", "team_id", "user_id", "bot_id"} <= set(answer.data)
    assert "chat:write" in answer.headers["x-oauth-scopes"]


def test_an_unknown_method_is_named_in_the_refusal(offline: Rig) -> None:
    answer = refusal(offline.client.api_call, "chat.whisper")
    assert answer == {"ok": False, "error": "unknown_method", "req_method": "chat.whisper"}


def test_an_unknown_argument_is_refused_and_named(offline: Rig) -> None:
    answer = refusal(offline.client.users_info, user="U1", colour="blue")
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == ["[ERROR] unexpected argument: colour"]


def test_a_missing_argument_is_refused_and_named(offline: Rig) -> None:
    answer = refusal(offline.client.api_call, "views.open", json={"trigger_id": "1.2.3"})
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: view"]


def test_what_bolt_adds_to_every_call_is_no_unknown_argument(offline: Rig) -> None:
    client = WebClient(
        token=offline.box.bot_token, base_url=offline.box.api_url, team_id="T0SBX000001"
    )
    assert client.users_info(user=offline.maya.id)["ok"]


def test_no_token_is_not_authed(offline: Rig) -> None:
    client = WebClient(base_url=offline.box.api_url)
    assert refusal(client.auth_test)["error"] == "not_authed"


def test_a_wrong_token_is_invalid_auth(offline: Rig) -> None:
    assert refusal(offline.client.auth_test, token="xoxb-wrong")["error"] == "invalid_auth"


def test_a_token_of_the_wrong_kind_is_refused(offline: Rig) -> None:
    box = offline.box
    wrong = "not_allowed_token_type"
    assert refusal(offline.client.auth_test, token=box.app_token)["error"] == wrong
    call = offline.client.apps_connections_open
    assert refusal(call, app_token=box.bot_token)["error"] == wrong


def test_a_scope_that_the_manifest_lacks_is_named(make_rig: MakeRig) -> None:
    rig = make_rig(scopes=["commands", "users:read"])
    answer = refusal(rig.client.chat_postMessage, channel="C1", text="hi")
    assert answer["error"] == "missing_scope"
    assert (answer["needed"], answer["provided"]) == ("chat:write", "commands,users:read")


def test_each_kind_of_channel_has_its_own_scope(make_rig: MakeRig) -> None:
    rig = make_rig(scopes=["channels:read"])
    assert rig.client.conversations_list()["channels"]
    answer = refusal(rig.client.conversations_list, types="private_channel")
    assert (answer["error"], answer["needed"]) == ("missing_scope", "groups:read")


def test_api_test_needs_no_token(offline: Rig) -> None:
    client = WebClient(base_url=offline.box.api_url)
    assert client.api_test(foo="bar")["args"] == {"foo": "bar"}
    assert refusal(client.api_test, error="on purpose")["error"] == "on purpose"


def test_socket_mode_that_is_off_refuses_a_connection(make_rig: MakeRig) -> None:
    rig = make_rig(socket_mode=False)
    answer = refusal(rig.client.apps_connections_open, app_token=rig.box.app_token)
    assert answer["error"] == "forbidden_team"


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


def test_structured_arguments_may_be_json_in_a_form(offline: Rig) -> None:
    channel = offline.channel("cohort-new-parents")
    form = {"channel": channel, "text": "t", "blocks": json.dumps([said("from a form")])}
    answer = offline.client.api_call("chat.postMessage", params=form)
    assert answer["message"]["blocks"][0]["text"]["text"] == "from a form"


@pytest.mark.parametrize(
    ("body", "kind", "error"),
    [
        (b"{", "application/json", "invalid_json"),
        (b"[]", "application/json", "json_not_object"),
        (b"[" * 100_000, "application/json", "invalid_json"),
        (b"\xff\xfe", "application/x-www-form-urlencoded", "invalid_form_data"),
        (b"x", "text/plain", "invalid_post_type"),
        (b'{"user": {"a": 1}}', "application/json", "invalid_arguments"),
        (b'{"user": "U1", "include_locale": "perhaps"}', "application/json", "user_not_found"),
    ],
)
def test_a_broken_body_is_refused_with_slacks_word(
    offline: Rig, body: bytes, kind: str, error: str
) -> None:
    assert post(offline, "users.info", body, kind)["error"] == error


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
