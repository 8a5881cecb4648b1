"""Clicks and choices, in messages and in modals."""

from __future__ import annotations

import pytest

from sandbox import ControlError
from tests.contract.conftest import MakeRig
from tests.contract.facts import Sure, pins
from tests.contract.rig import (
    SOON,
    Json,
    Rig,
    buttons,
    field,
    modal,
    opening,
    options,
    plain,
    recording,
)

COHORT = "cohort-new-parents"


def posted(rig: Rig, *blocks: Json) -> tuple[str, str]:
    channel = rig.channel(COHORT)
    ts = rig.client.chat_postMessage(channel=channel, text="Choose", blocks=list(blocks))["ts"]
    return COHORT, str(ts)


@pins(
    "A click in a message brings the message, a response URL and a trigger.",
    "docs.slack.dev/reference/interaction-payloads/block_actions-payload",
)
def test_a_button_in_a_message_brings_the_message(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.action("yes")(listener)
    message = posted(rig, buttons("no", "yes"))
    assert rig.maya.clicks("yes", message=message).outcome == "acked"
    (body,) = bodies
    (action,) = body["actions"]
    assert (action["type"], action["block_id"]) == ("button", "buttons")
    assert (action["action_id"], action["value"]) == ("yes", "value of yes")
    assert "action_ts" in action
    assert body["container"]["message_ts"] == body["message"]["ts"] == message[1]
    assert body["channel"]["name"] == COHORT
    assert body["state"] == {"values": {}}
    assert {"response_url", "trigger_id", "team", "api_app_id", "token"} <= set(body)


@pins(
    "A click in an ephemeral message brings its container, but not the message.",
    "docs.slack.dev/reference/interaction-payloads/block_actions-payload",
)
def test_a_button_in_an_ephemeral_message_brings_no_message(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.action("yes")(listener)
    channel = rig.channel(COHORT)
    rig.client.chat_postEphemeral(
        channel=channel, user=rig.maya.id, text="t", blocks=[buttons("yes")]
    )
    (seen,) = rig.maya.ephemerals(COHORT)
    assert rig.maya.clicks("yes", message=(COHORT, seen["ts"])).ok
    assert bodies[0]["container"]["is_ephemeral"] is True
    assert "message" not in bodies[0]


@pins(
    "A choice brings its option, and the state of the message's elements.",
    "docs.slack.dev/reference/interaction-payloads/block_actions-payload",
)
def test_a_choice_in_a_message_brings_its_option(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.action("pick")(listener)
    select = {
        "type": "static_select",
        "action_id": "pick",
        "placeholder": plain("Pick"),
        "options": options("a", "b"),
    }
    section = {"type": "section", "block_id": "s", "text": plain("One"), "accessory": select}
    assert rig.maya.clicks("pick", "b", message=posted(rig, section)).ok
    assert bodies[0]["actions"][0]["selected_option"] == options("b")[0]
    assert bodies[0]["state"]["values"]["s"]["pick"]["selected_option"] == options("b")[0]


@pins("An overflow menu has no state.", "", Sure.GUESSED)
def test_an_overflow_menu_brings_its_option(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.action("more")(listener)
    menu = {"type": "overflow", "action_id": "more", "options": options("edit", "delete")}
    rig.maya.clicks("more", "edit", message=posted(rig, {"type": "actions", "elements": [menu]}))
    assert bodies[0]["actions"][0]["selected_option"]["value"] == "edit"
    assert bodies[0]["state"]["values"] == {}


@pins("Who clicks in a message is told when the app does not answer.", "", Sure.GUESSED)
def test_an_unanswered_click_in_a_message_is_told_to_the_person(rig: Rig) -> None:
    rig.box.ack_seconds = SOON
    assert rig.maya.clicks("yes", message=posted(rig, buttons("yes"))).outcome == "timeout"
    assert rig.maya.notices[-1]["text"].startswith("Lantern failed")


@pins(
    "A click in a modal brings the view with what was entered, and no response URL.",
    "docs.slack.dev/reference/interaction-payloads/block_actions-payload",
)
def test_a_button_in_a_modal_brings_the_view_with_what_was_entered(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.action("look")(listener)
    rig.app.command("/hello")(opening(modal(field("name"), buttons("look"))))
    rig.maya.types("/hello")
    assert rig.maya.clicks("look", values={"name": {"name": "Ada"}}).ok
    (body,) = bodies
    view = rig.maya.view
    assert view is not None
    assert body["container"] == {"type": "view", "view_id": view["id"]}
    assert body["view"]["state"]["values"]["name"]["name"]["value"] == "Ada"
    assert "response_url" not in body


def test_a_choice_in_a_modal_is_part_of_its_state(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.action("pick")(listener)
    radio = {"type": "radio_buttons", "action_id": "pick", "options": options("a", "b")}
    block = {"type": "actions", "block_id": "row", "elements": [radio]}
    rig.app.command("/hello")(opening(modal(block)))
    rig.maya.types("/hello")
    rig.maya.clicks("pick", "a")
    assert bodies[0]["actions"][0]["selected_option"]["value"] == "a"
    assert bodies[0]["view"]["state"]["values"]["row"]["pick"]["selected_option"]["value"] == "a"


@pins(
    "An input tells of a change only with dispatch_action.",
    "docs.slack.dev/reference/block-kit/blocks/input-block",
)
def test_an_input_tells_of_a_change_only_if_it_asks_to(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.action("told")(listener)
    told = field("told", "static_select", options=options("a", "b")) | {"dispatch_action": True}
    rig.app.command("/hello")(opening(modal(told, field("quiet"))))
    rig.maya.types("/hello")
    assert rig.maya.clicks("told", "a").ok
    with pytest.raises(ControlError, match="dispatch_action"):
        rig.maya.clicks("quiet", "x")
    assert len(bodies) == 1


@pins(
    "Who clicks in a modal sees trouble when the app does not answer; the modal stays.",
    "",
    Sure.GUESSED,
)
def test_an_unanswered_click_in_a_modal_leaves_it_open_and_says_so(rig: Rig) -> None:
    rig.app.command("/hello")(opening(modal(field("name"), buttons("look"))))
    rig.maya.types("/hello")
    rig.box.ack_seconds = SOON
    assert rig.maya.clicks("look", values={"name": {"name": "Ada"}}).outcome == "timeout"
    view = rig.maya.view
    assert view is not None
    assert view["trouble"]
    assert view["state"]["values"]["name"]["name"]["value"] == "Ada"


def test_a_click_can_arrive_twice(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.action("yes")(listener)
    assert rig.maya.clicks("yes", message=posted(rig, buttons("yes")), twice=True).second == "acked"
    assert bodies[0] == bodies[1]


@pins(
    "Without interactivity in the manifest no button does anything.",
    "docs.slack.dev/interactivity/handling-user-interaction",
)
def test_without_interactivity_a_button_is_dead(make_rig: MakeRig) -> None:
    rig = make_rig(interactivity=False)
    rig.connect()
    listener, bodies = recording()
    rig.app.action("yes")(listener)
    message = posted(rig, buttons("yes"))
    assert rig.maya.clicks("yes", message=message).outcome == "not_enabled"
    assert bodies == []


def test_a_button_in_the_home_tab_brings_its_view(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.action("go")(listener)
    view = {"type": "home", "blocks": [buttons("go")]}
    published = rig.client.views_publish(user_id=rig.maya.id, view=view)["view"]
    assert rig.maya.clicks("go", home=True).ok
    assert bodies[0]["view"]["id"] == published["id"]
