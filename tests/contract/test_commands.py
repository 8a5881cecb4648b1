"""Slash commands and shortcuts: what arrives, and what an ack shows."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import ControlError
from tests.contract.conftest import MakeRig
from tests.contract.rig import SOON, Rig, modal, opening, recording, said


def test_a_command_brings_everything_that_slack_sends(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.command("/hello")(listener)
    assert rig.maya.types("/hello  4 <2> & 3 ").outcome == "acked"
    rig.maya.types("/hello\nagain\nand again")
    body, other = bodies
    assert other["text"] == "again\nand again"
    assert (body["command"], body["text"]) == ("/hello", "4 <2> & 3")
    assert (body["user_id"], body["user_name"]) == (rig.maya.id, "maya")
    assert (body["channel_name"], body["is_enterprise_install"]) == ("general", "false")
    expected = {"token", "team_id", "team_domain", "channel_id", "api_app_id", "trigger_id"}
    assert expected <= set(body)
    assert body["response_url"].startswith(rig.box.url)


def test_text_in_the_ack_of_a_command_is_ephemeral(rig: Rig) -> None:
    rig.app.command("/hello")(recording("Hello back")[0])
    rig.maya.types("/hello", channel="random")
    assert rig.maya.ephemerals("random")[-1]["text"] == "Hello back"
    assert not rig.kofi.is_shown("Hello back")


def test_the_ack_of_a_command_can_be_for_everyone(rig: Rig) -> None:
    listener, _ = recording("Hello all", response_type="in_channel", blocks=[said("Hello blocks")])
    rig.app.command("/hello")(listener)
    rig.maya.types("/hello", channel="random")
    assert rig.kofi.messages("random")[-1]["text"] == "Hello all"
    assert rig.kofi.is_shown("Hello blocks")


def test_a_command_opens_a_modal(rig: Rig) -> None:
    rig.app.command("/hello")(opening(modal()))
    assert rig.maya.types("/hello").ok
    view = rig.maya.view
    assert view is not None
    assert (view["type"], view["callback_id"]) == ("modal", "form")
    assert rig.kofi.view is None


def test_an_undeclared_command_does_not_reach_the_app(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.command("/goodbye")(listener)
    assert rig.maya.types("/goodbye").outcome == "unknown_command"
    assert bodies == []
    assert rig.maya.notices[-1]["text"] == "/goodbye is not a valid command."


def test_commands_need_their_scope(make_rig: MakeRig) -> None:
    rig = make_rig(scopes=["chat:write"])
    assert rig.maya.types("/hello").outcome == "unknown_command"
    assert rig.maya.uses_shortcut("light").outcome == "unknown_shortcut"


def test_an_unanswered_command_is_told_to_the_person(rig: Rig) -> None:
    rig.app.command("/hello")(lambda body: None)
    rig.box.ack_seconds = SOON
    assert rig.maya.types("/hello").outcome == "timeout"
    notice = rig.maya.notices[-1]
    assert notice["text"].startswith("/hello failed because the app did not respond.")
    rig.maya.dismisses(notice["id"])
    assert rig.maya.notices == []


def test_a_listener_that_raises_leaves_a_command_unanswered(rig: Rig) -> None:

    def broken(ack: Any) -> None:
        raise ValueError("broken on purpose")

    rig.app.command("/hello")(broken)
    rig.box.ack_seconds = SOON
    assert rig.maya.types("/hello").outcome == "timeout"


def test_without_a_connection_a_command_fails_at_once(offline: Rig) -> None:
    assert offline.maya.types("/hello").outcome == "not_connected"
    assert len(offline.maya.notices) == 1


def test_a_command_can_arrive_twice(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.command("/hello")(listener)
    assert rig.maya.types("/hello", twice=True).second == "acked"
    assert len(bodies) == 2


def test_private_places_have_no_name_for_the_app(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.command("/hello")(listener)
    rig.box.person("rosa").types("/hello", channel="care-moderators")
    rig.maya.types("/hello", channel=rig.maya.opens_dm("kofi"))
    assert [body["channel_name"] for body in bodies] == ["privategroup", "directmessage"]


def test_a_global_shortcut_opens_a_modal_and_has_no_channel(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.shortcut("light")(listener)
    assert rig.maya.uses_shortcut("light").outcome == "acked"
    (body,) = bodies
    assert (body["type"], body["callback_id"]) == ("shortcut", "light")
    assert body["user"]["id"] == rig.maya.id
    assert "trigger_id" in body
    assert not {"channel", "response_url"} & set(body)


def test_an_unanswered_shortcut_is_told_to_the_person(offline: Rig) -> None:
    assert offline.maya.uses_shortcut("light").outcome == "not_connected"
    assert offline.maya.notices[-1]["text"].startswith("Light it failed")


def test_an_undeclared_shortcut_does_not_exist(rig: Rig) -> None:
    assert rig.maya.uses_shortcut("dim").outcome == "unknown_shortcut"


def test_without_interactivity_there_are_commands_but_no_shortcuts(make_rig: MakeRig) -> None:
    rig = make_rig(interactivity=False)
    rig.connect()
    listener, bodies = recording()
    rig.app.shortcut("light")(listener)
    rig.app.view("form")(listener)
    rig.app.command("/hello")(opening(modal()))
    assert rig.maya.uses_shortcut("light").outcome == "not_enabled"
    assert rig.maya.types("/hello").outcome == "acked"
    assert rig.maya.submits({"name": {"name": "x"}}).outcome == "not_enabled"
    assert bodies == []


def test_a_closed_messages_tab_has_no_composer(make_rig: MakeRig) -> None:
    rig = make_rig(messages_tab="read_only")
    channel = rig.maya.opens_dm("lantern")
    shown = [c for c in rig.maya.sees()["channels"] if c["id"] == channel]
    assert shown[0]["read_only"]
    with pytest.raises(ControlError, match="Sending messages to this app"):
        rig.maya.says("hello", channel)
    with pytest.raises(ControlError, match="Sending messages to this app"):
        rig.maya.types("/hello", channel)
