"""Shortcuts, global ones and those of a message: what arrives, and where there are none."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt import Ack, Respond

from sandbox import ControlError
from tests.contract.conftest import MakeRig
from tests.contract.facts import Sure, pins
from tests.contract.rig import SOON, Json, Rig, modal, opening, recording

SHORTCUTS = "docs.slack.dev/interactivity/implementing-shortcuts"
PAYLOADS = "docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload"


@pins("A global shortcut has no channel and no response URL.", PAYLOADS)
@pins("A shortcut brings a trigger that opens a modal.", PAYLOADS)
def test_a_global_shortcut_opens_a_modal_and_has_no_channel(rig: Rig) -> None:
    bodies: list[Json] = []

    def light(ack: Ack, body: Json, client: Any) -> None:
        bodies.append(body)
        opening(modal())(ack, body, client)

    rig.app.shortcut("light")(light)
    assert rig.maya.uses_shortcut("light").outcome == "acked"
    (body,) = bodies
    assert (body["type"], body["callback_id"]) == ("shortcut", "light")
    assert body["user"]["id"] == rig.maya.id
    assert not {"channel", "response_url", "message"} & set(body)
    assert rig.maya.view is not None


@pins("A message shortcut brings the whole message, its channel and a response URL.", PAYLOADS)
@pins(
    "Message shortcuts are there where the app is no member.",
    "github.com/slackapi/bolt-js/issues/963",
    Sure.REPORTED,
)
def test_a_message_shortcut_brings_the_message(rig: Rig) -> None:
    bodies: list[Json] = []

    def keep(ack: Ack, body: Json, respond: Respond) -> None:
        bodies.append(body)
        ack()
        respond("Kept.")

    rig.app.shortcut("keep")(keep)
    channel, ts = rig.channel("general"), rig.kofi.says("worth keeping", "general")
    assert rig.maya.uses_message_shortcut("keep", "general", ts).outcome == "acked"
    (body,) = bodies
    assert (body["type"], body["callback_id"]) == ("message_action", "keep")
    assert (body["channel"], body["message_ts"]) == ({"id": channel, "name": "general"}, ts)
    message = body["message"]
    assert (message["user"], message["text"]) == (rig.kofi.id, "worth keeping")
    assert rig.maya.ephemerals("general")[-1]["text"] == "Kept."
    assert not rig.kofi.is_shown("Kept.")


@pins("A message shortcut opens a modal with its trigger.", PAYLOADS)
def test_a_message_shortcut_opens_a_modal(rig: Rig) -> None:
    rig.app.shortcut("keep")(opening(modal()))
    assert rig.maya.uses_message_shortcut("keep", "general", rig.maya.says("this")).ok
    assert rig.maya.view is not None


@pins("An ephemeral message has no shortcuts in its menu.", SHORTCUTS)
def test_an_ephemeral_message_has_no_shortcuts(rig: Rig) -> None:
    channel = rig.channel("cohort-new-parents")
    rig.client.chat_postEphemeral(channel=channel, user=rig.maya.id, text="psst")
    ts = rig.maya.ephemerals(channel)[0]["ts"]
    with pytest.raises(ControlError, match="no shortcuts"):
        rig.maya.uses_message_shortcut("keep", channel, ts)


@pins("A global shortcut is none of a message, and the other way round.", SHORTCUTS)
def test_the_two_kinds_are_not_mixed_up(rig: Rig) -> None:
    listener, bodies = recording()
    for name in ("light", "keep", "dim"):
        rig.app.shortcut(name)(listener)
    ts = rig.maya.says("this")
    for name in ("light", "dim"):
        outcome = rig.maya.uses_message_shortcut(name, "general", ts).outcome
        assert outcome == "unknown_shortcut"
    assert rig.maya.uses_shortcut("keep").outcome == "unknown_shortcut"
    assert rig.maya.uses_shortcut("dim").outcome == "unknown_shortcut"
    assert bodies == []


@pins("Shortcuts need the scope `commands`, as commands do.", "docs.slack.dev/reference/scopes")
def test_shortcuts_need_their_scope(make_rig: MakeRig) -> None:
    rig = make_rig(scopes=["chat:write"])
    ts = rig.maya.says("this")
    assert rig.maya.uses_shortcut("light").outcome == "unknown_shortcut"
    assert rig.maya.uses_message_shortcut("keep", "general", ts).outcome == "unknown_shortcut"
    assert rig.control.get("/control/workspace")["app"]["shortcuts"] == []


@pins("With interactivity switched off no shortcut reaches the app, and no form.", SHORTCUTS)
def test_without_interactivity_there_are_commands_but_no_shortcuts(make_rig: MakeRig) -> None:
    rig = make_rig(interactivity=False)
    rig.connect()
    listener, bodies = recording()
    for name in ("light", "keep"):
        rig.app.shortcut(name)(listener)
    rig.app.view("form")(listener)
    rig.app.command("/hello")(opening(modal()))
    ts = rig.maya.says("this")
    assert rig.maya.uses_shortcut("light").outcome == "not_enabled"
    assert rig.maya.uses_message_shortcut("keep", "general", ts).outcome == "not_enabled"
    assert rig.maya.types("/hello").outcome == "acked"
    assert rig.maya.submits({"name": {"name": "x"}}).outcome == "not_enabled"
    assert bodies == []


def test_an_unanswered_shortcut_is_told_to_the_person(rig: Rig) -> None:
    rig.app.shortcut("keep")(lambda body: None)
    rig.box.ack_seconds = SOON
    ts = rig.maya.says("this")
    assert rig.maya.uses_message_shortcut("keep", "general", ts).outcome == "timeout"
    assert rig.maya.notices[-1]["text"].startswith("Keep it failed")
    rig.hang_up(rig.handlers[0])
    assert rig.maya.uses_shortcut("light").outcome == "not_connected"
    assert rig.maya.notices[-1]["text"].startswith("Light it failed")


def test_the_page_is_told_which_shortcuts_there_are(offline: Rig) -> None:
    listed = offline.control.get("/control/workspace")["app"]["shortcuts"]
    assert [(each["type"], each["callback_id"]) for each in listed] == [
        ("global", "light"),
        ("message", "keep"),
    ]
    assert listed[1] | {"name": "Keep it", "description": "Keeps a message"} == listed[1]
