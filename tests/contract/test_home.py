"""The app's Home tab: published for one person, opened, and used by them."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox import ControlError
from tests.contract.blocks import error, publish, reasons
from tests.contract.conftest import MakeRig
from tests.contract.facts import Sure, pins
from tests.contract.rig import EVERY_EVENT, SOON, Json, Rig, buttons, modal, opening, options, said

METHODS = "docs.slack.dev/reference/methods"
EVENTS = [*EVERY_EVENT, "app_home_opened"]


def home(*blocks: Json, **more: Any) -> Json:
    return {"type": "home", "blocks": list(blocks), **more}


def refused(call: Any, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return str(caught.value.response["error"])


@pytest.fixture
def listening(make_rig: MakeRig) -> Rig:
    rig = make_rig(events=EVENTS)
    rig.connect()
    return rig


@pins(
    "app_home_opened brings the view that was published last, and needs no scope.",
    "docs.slack.dev/reference/events/app_home_opened",
)
def test_opening_the_home_tab_lets_the_app_publish_it(listening: Rig) -> None:
    events: list[Json] = []

    def show(event: Json, client: WebClient) -> None:
        events.append(event)
        client.views_publish(user_id=event["user"], view=home(said("Welcome home")))

    listening.app.event("app_home_opened")(show)
    assert not listening.maya.is_shown("Welcome home")
    assert listening.maya.opens_home().outcome == "acked"
    shown = listening.maya.home
    assert shown is not None
    assert shown["blocks"][0]["text"]["text"] == "Welcome home"
    assert listening.kofi.home is None
    assert (events[0]["tab"], events[0]["user"]) == ("home", listening.maya.id)
    assert events[0]["channel"].startswith("D")
    assert "view" not in events[0]
    assert listening.maya.opens_home().ok
    assert events[1]["view"]["id"] == shown["id"]
    assert events[1]["view"]["hash"] == shown["hash"]


@pins(
    "The tab for messages is told by the same event with another tab, and without a view.",
    "docs.slack.dev/reference/events/app_home_opened",
)
def test_opening_the_messages_tab_is_another_event(listening: Rig) -> None:
    events: list[Json] = []
    listening.app.event("app_home_opened")(lambda event: events.append(event))
    listening.client.views_publish(user_id=listening.maya.id, view=home(said("x")))
    assert listening.maya.opens_home("messages").ok
    assert events[0]["tab"] == "messages"
    assert "view" not in events[0]
    with pytest.raises(ControlError, match="tab"):
        listening.maya.opens_home("about")


def test_an_app_that_did_not_ask_does_not_hear_of_its_home(rig: Rig) -> None:
    heard: list[Json] = []
    rig.app.event("app_home_opened")(lambda event: heard.append(event))
    assert rig.maya.opens_home().outcome == "opened"
    assert heard == []


def test_an_app_that_does_not_answer_leaves_the_home_as_it_was(listening: Rig) -> None:
    listening.box.ack_seconds = SOON
    listening.client.views_publish(user_id=listening.maya.id, view=home(said("before")))
    assert listening.maya.opens_home().outcome == "timeout"
    assert listening.maya.is_shown("before")


def test_without_a_home_tab_there_is_nothing_to_open_or_publish(make_rig: MakeRig) -> None:
    rig = make_rig(home_tab=False, events=EVENTS)
    assert rig.maya.opens_home().outcome == "not_enabled"
    publish = rig.client.views_publish
    assert refused(publish, user_id=rig.maya.id, view=home(said("x"))) == "not_enabled"


@pins(
    "A click in the Home tab brings its view and a trigger, but neither channel nor response URL.",
    "docs.slack.dev/reference/interaction-payloads/block_actions-payload",
)
def test_a_button_of_the_home_opens_a_modal(rig: Rig) -> None:
    bodies: list[Json] = []
    open_modal = opening(modal())

    def press(ack: Any, body: Json, client: WebClient) -> None:
        bodies.append(body)
        open_modal(ack, body, client)

    rig.app.action("go")(press)
    rig.client.views_publish(
        user_id=rig.maya.id, view=home(buttons("go"), callback_id="front", private_metadata="m")
    )
    assert rig.maya.clicks("go").ok
    (body,) = bodies
    assert body["container"] == {"type": "view", "view_id": body["view"]["id"]}
    assert (body["view"]["type"], body["view"]["callback_id"]) == ("home", "front")
    assert body["view"]["private_metadata"] == "m"
    assert "channel" not in body
    assert "response_url" not in body
    assert rig.maya.view is not None


CHOICES: list[tuple[Json, Any, Json]] = [
    (
        {"type": "static_select", "options": options("a", "b")},
        "b",
        {"selected_option": options("b")[0]},
    ),
    (
        {"type": "radio_buttons", "options": options("a", "b")},
        "a",
        {"selected_option": options("a")[0]},
    ),
    ({"type": "overflow", "options": options("a", "b")}, "b", {"selected_option": options("b")[0]}),
    ({"type": "datepicker"}, "2026-12-01", {"selected_date": "2026-12-01"}),
    (
        {"type": "checkboxes", "options": options("a", "b")},
        ["a", "b"],
        {"selected_options": options("a", "b")},
    ),
]


@pins(
    "Each kind of choice brings what was chosen in its own shape, in modals and in the Home tab.",
    "docs.slack.dev/reference/interaction-payloads/block_actions-payload",
)
@pytest.mark.parametrize("surface", ["home", "modal"])
@pytest.mark.parametrize("place", ["actions", "accessory"])
@pytest.mark.parametrize(
    ("element", "value", "chosen"), CHOICES, ids=[each[0]["type"] for each in CHOICES]
)
def test_every_kind_of_choice_reaches_the_app(
    rig: Rig, surface: str, place: str, element: Json, value: Any, chosen: Json
) -> None:
    bodies: list[Json] = []

    def take(ack: Any, body: Json) -> None:
        bodies.append(body)
        ack()

    rig.app.action("choice")(take)
    element = {**element, "action_id": "choice"}
    block: Json = {"type": "actions", "block_id": "b", "elements": [element]}
    if place == "accessory":
        block = {**said("Choose"), "block_id": "b", "accessory": element}
    if surface == "home":
        rig.client.views_publish(user_id=rig.maya.id, view=home(block))
    else:
        rig.app.command("/hello")(opening(modal(block)))
        rig.maya.types("/hello")
    assert rig.maya.clicks("choice", value).ok
    (action,) = bodies[0]["actions"]
    assert (action["type"], action["block_id"]) == (element["type"], "b")
    assert {key: action[key] for key in chosen} == chosen
    assert bodies[0]["trigger_id"]
    if element["type"] != "overflow":
        state = bodies[0]["view"]["state"]["values"]["b"]["choice"]
        assert {key: state[key] for key in chosen} == chosen


def test_a_modal_lies_before_the_home(rig: Rig) -> None:
    rig.app.command("/hello")(opening(modal()))
    rig.client.views_publish(user_id=rig.maya.id, view=home(buttons("go")))
    rig.maya.types("/hello")
    with pytest.raises(LookupError, match="go"):
        rig.maya.clicks("go")
    rig.app.action("go")(lambda ack: ack())
    assert rig.maya.clicks("go", home=True).ok


def test_nobody_presses_a_button_of_another_persons_home(rig: Rig) -> None:
    view = rig.client.views_publish(user_id=rig.kofi.id, view=home(buttons("go")))["view"]
    with pytest.raises(ControlError, match="no view"):
        rig.act("block_action", view_id=view["id"], block_id="buttons", action_id="go")


@pins("A Home tab is published for one person.", f"{METHODS}/views.publish")
def test_a_home_tab_is_published_for_one_person(offline: Rig) -> None:
    offline.client.views_publish(user_id=offline.maya.id, view=home(said("Good morning")))
    assert offline.maya.is_shown("Good morning")
    assert not offline.kofi.is_shown("Good morning")


@pins(
    "An app whose Home tab is switched off publishes none.",
    f"{METHODS}/views.publish",
    refuses=["views.publish: not_enabled"],
)
def test_a_home_tab_needs_its_tab(make_rig: MakeRig) -> None:
    assert publish(make_rig(home_tab=False), said("x")) == "not_enabled"


@pins(
    "A Home tab is replaced only if its hash is the one that the app saw.",
    f"{METHODS}/views.publish",
    refuses=["views.publish: hash_conflict"],
)
def test_a_home_is_only_replaced_if_nobody_else_did(offline: Rig) -> None:
    publish_, maya = offline.client.views_publish, offline.maya.id
    first = publish_(user_id=maya, view=home(said("1")))["view"]
    second = publish_(user_id=maya, view=home(said("2")), hash=first["hash"])["view"]
    assert second["id"] == first["id"]
    old: Json = {"user_id": maya, "view": home(said("3")), "hash": first["hash"]}
    assert error(publish_, **old) == "hash_conflict"
    assert offline.maya.is_shown("2")


@pins(
    "A person whom Slack does not know is an invalid argument.",
    f"{METHODS}/views.publish",
    refuses=["views.publish: invalid_arguments"],
)
@pins("So is the app itself.", "", Sure.GUESSED, refuses=["views.publish: invalid_arguments"])
def test_a_home_tab_is_somebodys(offline: Rig) -> None:
    for nobody in ("U0NOBODY", offline.client.auth_test()["user_id"]):
        given: Json = {"user_id": nobody, "view": home(said("x"))}
        assert reasons(offline.client.views_publish, **given) == ["[ERROR] invalid `user_id`"]


@pins(
    "A Home tab for somebody of another company is taken, and never seen.",
    "github.com/slackapi/bolt-js/issues/1948",
    Sure.REPORTED,
)
def test_a_home_tab_for_another_company_is_never_seen(rig: Rig) -> None:
    far = rig.box.person(rig.box.add_person("far", external=True))
    given: Json = {"user_id": far.id, "view": home(said("x"))}
    assert error(rig.client.views_publish, **given) is None
    assert far.opens_home().outcome == "not_enabled"
