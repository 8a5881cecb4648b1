"""Slash commands: what arrives, and what an ack shows."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import ControlError
from tests.contract.conftest import MakeRig
from tests.contract.facts import Sure, pins
from tests.contract.rig import SOON, Rig, modal, opening, recording, said

COMMANDS = "docs.slack.dev/interactivity/implementing-slash-commands"


@pins("The text of a command arrives as it was typed, its signs not escaped.", COMMANDS)
@pins("A command brings its channel, its person, a trigger and a response URL.", COMMANDS)
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


@pins("What is acked to a command is ephemeral unless it says otherwise.", COMMANDS)
def test_text_in_the_ack_of_a_command_is_ephemeral(rig: Rig) -> None:
    rig.app.command("/hello")(recording("Hello back")[0])
    rig.maya.types("/hello", channel="random")
    assert rig.maya.ephemerals("random")[-1]["text"] == "Hello back"
    assert not rig.kofi.is_shown("Hello back")


@pins("An ack to a command with `in_channel` is for everybody there.", COMMANDS)
def test_the_ack_of_a_command_can_be_for_everyone(rig: Rig) -> None:
    listener, _ = recording("Hello all", response_type="in_channel", blocks=[said("Hello blocks")])
    rig.app.command("/hello")(listener)
    rig.maya.types("/hello", channel="random")
    assert rig.kofi.messages("random")[-1]["text"] == "Hello all"
    assert rig.kofi.is_shown("Hello blocks")


@pins("A command brings a trigger that opens a modal.", COMMANDS)
def test_a_command_opens_a_modal(rig: Rig) -> None:
    rig.app.command("/hello")(opening(modal()))
    assert rig.maya.types("/hello").ok
    view = rig.maya.view
    assert view is not None
    assert (view["type"], view["callback_id"]) == ("modal", "form")
    assert rig.kofi.view is None


@pins("A command that no app declares is told to the person, and goes nowhere.", COMMANDS)
def test_an_undeclared_command_does_not_reach_the_app(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.command("/goodbye")(listener)
    assert rig.maya.types("/goodbye").outcome == "unknown_command"
    assert bodies == []
    assert rig.maya.notices[-1]["text"] == "/goodbye is not a valid command."


@pins("Commands need the scope `commands`.", "docs.slack.dev/reference/scopes/commands")
def test_commands_need_their_scope(make_rig: MakeRig) -> None:
    rig = make_rig(scopes=["chat:write"])
    assert rig.maya.types("/hello").outcome == "unknown_command"


@pins("A command that is not acknowledged in time fails before the person.", COMMANDS)
def test_an_unanswered_command_is_told_to_the_person(rig: Rig) -> None:
    rig.app.command("/hello")(lambda body: None)
    rig.box.ack_seconds = SOON
    assert rig.maya.types("/hello").outcome == "timeout"
    notice = rig.maya.notices[-1]
    assert notice["text"].startswith("/hello failed because the app did not respond.")
    rig.maya.dismisses(notice["id"])
    assert rig.maya.notices == []


@pins("A listener that raises leaves its command unanswered.", "slack_bolt 1.30.0", Sure.READ)
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


@pins(
    "A command tells `privategroup` or `directmessage` in place of a private name.",
    COMMANDS,
    Sure.REPORTED,
)
@pins("Commands work in channels and direct messages that the app is not in.", COMMANDS)
def test_private_places_have_no_name_for_the_app(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.command("/hello")(listener)
    rig.box.person("rosa").types("/hello", channel="care-moderators")
    rig.maya.types("/hello", channel=rig.maya.opens_dm("kofi"))
    assert [body["channel_name"] for body in bodies] == ["privategroup", "directmessage"]


@pins(
    "In a read-only Messages tab nobody writes to the app, not even a command.",
    "docs.slack.dev/surfaces/app-home",
)
def test_a_closed_messages_tab_has_no_composer(make_rig: MakeRig) -> None:
    rig = make_rig(messages_tab="read_only")
    channel = rig.maya.opens_dm("lantern")
    shown = [c for c in rig.maya.sees()["channels"] if c["id"] == channel]
    assert shown[0]["read_only"]
    with pytest.raises(ControlError, match="Sending messages to this app"):
        rig.maya.says("hello", channel)
    with pytest.raises(ControlError, match="Sending messages to this app"):
        rig.maya.types("/hello", channel)


@pins("A command of an app cannot be typed below a message, in its thread.", COMMANDS)
def test_a_command_in_a_thread_does_not_reach_the_app(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.command("/hello")(listener)
    ts = rig.maya.says("a thread begins", "random")
    assert rig.maya.types("/hello", "random", thread_ts=ts).outcome == "not_in_threads"
    assert rig.maya.notices[-1]["text"].startswith("/hello is not supported in threads.")
    with pytest.raises(ControlError, match="no message"):
        rig.maya.types("/hello", "random", thread_ts="1.2")
    assert bodies == []
    assert rig.maya.types("/hello", "random").outcome == "acked"


TYPED = "ask @kofi & @nobody in #random, #nowhere and #care-moderators of https://example.org/a?b"


@pins("Without `should_escape` @names, #channels and links arrive as plain text.", COMMANDS)
def test_a_command_that_asks_for_nothing_gets_what_was_typed(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.command("/hello")(listener)
    assert rig.maya.types(f"/hello {TYPED}").ok
    assert bodies[0]["text"] == TYPED


@pins("With `should_escape` people, channels and links are marked, with id and name.", COMMANDS)
@pins(
    "With `should_escape` & and < are escaped, and a private channel is named to its members only.",
    "",
    Sure.GUESSED,
)
def test_a_command_that_asks_for_it_gets_ids(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.command("/find")(listener)
    random, private = rig.channel("random"), rig.channel("care-moderators")
    assert rig.maya.types(f"/find {TYPED}").ok
    assert rig.box.person("rosa").types("/find #care-moderators <b>").ok
    assert [body["text"] for body in bodies] == [
        f"ask <@{rig.kofi.id}|kofi> &amp; @nobody in <#{random}|random>, #nowhere and "
        "#care-moderators of <https://example.org/a?b>",
        f"<#{private}|care-moderators> &lt;b&gt;",
    ]
