"""Tokens and scopes: which calls are let in at all."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.webapi import METHODS
from tests.contract.conftest import MakeRig
from tests.contract.facts import Sure, pins
from tests.contract.refusals import page_of, refusal, refused
from tests.contract.rig import EVERY_SCOPE, Json, Rig, modal

COHORT, PRIVATE = "cohort-new-parents", "care-moderators"
TOKENS = "docs.slack.dev/authentication/tokens"
SCOPES = "docs.slack.dev/reference/scopes"

ARGUMENTS: dict[str, Json] = {
    "channel": {"channel": "C404"},
    "ts": {"ts": "1.000001"},
    "timestamp": {"timestamp": "1.000001"},
    "name": {"name": "heart"},
    "user": {"user": "U404"},
    "user_id": {"user_id": "U404"},
    "file": {"file": "F404"},
    "files": {"files": [{"id": "F404"}]},
    "filename": {"filename": "a.txt"},
    "length": {"length": 1},
    "view": {"view": modal()},
    "trigger_id": {"trigger_id": "1.2.3"},
}
NEEDY = sorted(name for name, declared in METHODS.items() if declared.scopes)
PLACES = {"channels": COHORT, "groups": PRIVATE}


def call(rig: Rig, name: str) -> Any:
    """Call a method with everything that it requires."""
    arguments: Json = {}
    for required in METHODS[name].required:
        arguments |= ARGUMENTS[required]
    return rig.client.api_call(name, json=arguments)


@pins(
    "A method whose scope the app was not granted answers with what it needs and what there is.",
    SCOPES,
    refuses=[f"{name}: missing_scope" for name in NEEDY],
)
def test_every_method_that_needs_a_scope_is_refused_without_it(make_rig: MakeRig) -> None:
    rig = make_rig(scopes=["commands"])
    for name in NEEDY:
        answer = refusal(call, rig, name)
        assert answer["error"] == "missing_scope", name
        assert answer["needed"] == ",".join(METHODS[name].scopes)
        assert answer["provided"] == "commands"


@pytest.mark.parametrize("scope", sorted({METHODS[name].scopes[0] for name in NEEDY}))
def test_a_scope_opens_its_own_methods_and_no_others(make_rig: MakeRig, scope: str) -> None:
    rig = make_rig(scopes=[scope])
    for name in NEEDY:
        declared = METHODS[name].scopes
        try:
            code = call(rig, name).get("error")
        except SlackApiError as error:
            code = error.response["error"]
        if scope not in declared:
            assert code == "missing_scope", name
        elif len(declared) == 1:
            assert code != "missing_scope", name


@pins(
    "What an app may know of a conversation depends on its kind: channels, groups, im or mpim.",
    SCOPES,
    refuses=[
        "conversations.info: missing_scope",
        "conversations.members: missing_scope",
        "conversations.list: missing_scope",
        "conversations.history: missing_scope",
        "conversations.replies: missing_scope",
    ],
)
def test_each_kind_of_conversation_has_scopes_of_its_own(make_rig: MakeRig) -> None:
    whole = make_rig(scopes=[*EVERY_SCOPE, "mpim:write"])
    ids = {family: whole.channel(name) for family, name in PLACES.items()}
    for family, types in (("channels", "public_channel"), ("groups", "private_channel")):
        rig = make_rig(scopes=[each for each in EVERY_SCOPE if not each.startswith(family)])
        client, channel = rig.client, ids[family]
        for read in (client.conversations_info, client.conversations_members):
            answer = refusal(read, channel=channel)
            assert (answer["error"], answer["needed"]) == ("missing_scope", f"{family}:read")
        answer = refusal(client.conversations_list, types=types)
        assert (answer["error"], answer["needed"]) == ("missing_scope", f"{family}:read")
        answer = refusal(client.conversations_history, channel=channel)
        assert (answer["error"], answer["needed"]) == ("missing_scope", f"{family}:history")
        answer = refusal(client.conversations_replies, channel=channel, ts="1.000001")
        assert (answer["error"], answer["needed"]) == ("missing_scope", f"{family}:history")


@pins("A call without any token is not authed.", TOKENS, refuses=["auth.test: not_authed"])
def test_no_token_is_not_authed(offline: Rig) -> None:
    assert refused(WebClient(base_url=offline.box.api_url).auth_test) == "not_authed"


@pins("A token that Slack never gave out is refused.", TOKENS, refuses=["auth.test: invalid_auth"])
def test_a_wrong_token_is_invalid_auth(offline: Rig) -> None:
    assert refused(offline.client.auth_test, token="xoxb-wrong") == "invalid_auth"


@pins(
    "An app-level token is for Socket Mode alone, and a bot token is not for that.",
    page_of("apps.connections.open"),
    refuses=[
        "auth.test: not_allowed_token_type",
        "apps.connections.open: not_allowed_token_type",
    ],
)
def test_a_token_of_the_wrong_kind_is_refused(offline: Rig) -> None:
    box = offline.box
    wrong = "not_allowed_token_type"
    assert refused(offline.client.auth_test, token=box.app_token) == wrong
    assert refused(offline.client.apps_connections_open, app_token=box.bot_token) == wrong


@pins(
    "A revoked token is refused by every method that takes one.",
    page_of("auth.test"),
    Sure.REPORTED,
    refuses=["auth.test: token_revoked", "chat.postMessage: token_revoked"],
)
def test_a_revoked_token_opens_nothing(offline: Rig) -> None:
    offline.box.revoke_token()
    assert refused(offline.client.auth_test) == "token_revoked"
    for name in NEEDY:
        assert refused(call, offline, name) == "token_revoked", name


@pins(
    "Once the app is uninstalled its token belongs to an inactive account.",
    page_of("auth.test"),
    Sure.REPORTED,
    refuses=["auth.test: account_inactive", "chat.postMessage: account_inactive"],
)
def test_an_uninstalled_app_opens_nothing(offline: Rig) -> None:
    offline.box.uninstall()
    assert refused(offline.client.auth_test) == "account_inactive"
    for name in NEEDY:
        assert refused(call, offline, name) == "account_inactive", name


@pins(
    "Socket Mode that is switched off in the manifest opens no connection.",
    page_of("apps.connections.open"),
    Sure.GUESSED,
    refuses=["apps.connections.open: forbidden_team"],
)
def test_socket_mode_that_is_off_refuses_a_connection(make_rig: MakeRig) -> None:
    rig = make_rig(socket_mode=False)
    code = refused(rig.client.apps_connections_open, app_token=rig.box.app_token)
    assert code == "forbidden_team"


@pins(
    "Slack may be unable to open connections for a while.",
    "docs.slack.dev/apis/web-api",
    refuses=["apps.connections.open: service_unavailable"],
)
def test_connections_may_be_out_of_service(offline: Rig) -> None:
    offline.box.refuse_sockets()
    code = refused(offline.client.apps_connections_open, app_token=offline.box.app_token)
    assert code == "service_unavailable"
