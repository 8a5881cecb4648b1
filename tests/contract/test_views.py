"""What views.open, views.push, views.update and views.publish refuse."""

from __future__ import annotations

import json
from typing import Any

import pytest
from slack_bolt import Ack
from slack_sdk.errors import SlackRequestError

from sandbox.triggers import Triggers
from tests.contract.blocks import DIVIDER, error, form, publish, reasons
from tests.contract.facts import Sure, pins
from tests.contract.rig import Json, Rig, buttons, field, modal, opening, plain, said

METHODS = "docs.slack.dev/reference/methods"
MODALS = "docs.slack.dev/surfaces/modals"
FIELDS = "docs.slack.dev/reference/views/modal-views"
LARGE = [said("x" * 3000)] * 100


def home(*blocks: Json, **more: Any) -> Json:
    return {"type": "home", "blocks": list(blocks), **more}


class Presses:
    """Lets maya act, and keeps the trigger id that the app was given for it."""

    def __init__(self, rig: Rig) -> None:
        self._rig, self._given = rig, ""
        rig.app.command("/hello")(self._keep)
        rig.app.action("more")(self._keep)

    def typed(self) -> str:
        """Return the trigger id of a command."""
        assert self._rig.maya.types("/hello").ok
        return self._given

    def opened(self) -> str:
        """Open a modal with a button, and return its id."""
        view = modal(buttons("more"))
        opened = self._rig.client.views_open(trigger_id=self.typed(), view=view)
        return str(opened["view"]["id"])

    def pressed(self) -> str:
        """Return the trigger id of that button."""
        assert self._rig.maya.clicks("more").ok
        return self._given

    def _keep(self, ack: Ack, body: Json) -> None:
        self._given = body["trigger_id"]
        ack()


@pytest.fixture
def presses(rig: Rig) -> Presses:
    return Presses(rig)


# What a view may be


@pins(
    "A modal has a title of 1 to 24 characters, and so have its two buttons.",
    FIELDS,
    refuses=["views.update: invalid_arguments"],
)
def test_the_titles_of_a_modal_are_short(rig: Rig) -> None:
    view_id, update = form(rig), rig.client.views_update
    for key in ("title", "submit", "close"):
        for length, answer in ((24, None), (25, "invalid_arguments"), (0, "invalid_arguments")):
            view = {**modal(), key: plain("x" * length)}
            assert error(update, view_id=view_id, view=view) == answer
    for title in (None, {"type": "mrkdwn", "text": "x"}, "x"):
        assert error(update, view_id=view_id, view=modal(title=title)) == "invalid_arguments"


@pins(
    "A modal with an input has a button to submit it.",
    FIELDS,
    refuses=["views.update: invalid_arguments"],
)
def test_an_input_needs_a_submit_button(rig: Rig) -> None:
    view_id, update = form(rig), rig.client.views_update
    assert error(update, view_id=view_id, view=modal(said("x"), submit=None)) is None
    asks = modal(field("name"), submit=None)
    assert error(update, view_id=view_id, view=asks) == "invalid_arguments"


@pins(
    "private_metadata has up to 3000 characters, a callback_id and an external_id 255.",
    FIELDS,
    refuses=["views.publish: invalid_arguments"],
)
@pytest.mark.parametrize("key", ["private_metadata", "callback_id", "external_id"])
def test_what_a_view_carries_has_an_end(offline: Rig, key: str) -> None:
    most = 3000 if key == "private_metadata" else 255
    assert publish(offline, said("x"), **{key: "x" * most}) is None
    assert publish(offline, said("x"), **{key: "x" * (most + 1)}) == "invalid_arguments"


@pins(
    "A view of more than 250 kB is too large.",
    f"{METHODS}/views.open",
    refuses=[f"views.{each}: view_too_large" for each in ("open", "push", "update", "publish")],
)
def test_a_view_can_be_too_large(rig: Rig, presses: Presses) -> None:
    large, id_ = modal(*LARGE), presses.typed()
    assert error(rig.client.views_open, trigger_id=id_, view=large) == "view_too_large"
    view_id, id_ = presses.opened(), presses.pressed()
    assert error(rig.client.views_push, trigger_id=id_, view=large) == "view_too_large"
    assert error(rig.client.views_update, view_id=view_id, view=large) == "view_too_large"
    assert publish(rig, *LARGE) == "view_too_large"


@pins(
    "Bytes are counted: a letter that takes three of them counts three times.",
    f"{METHODS}/views.open",
    Sure.GUESSED,
    refuses=["views.publish: view_too_large"],
)
def test_the_size_of_a_view_is_in_bytes(offline: Rig) -> None:
    assert publish(offline, *[said("x" * 3000)] * 40) is None
    assert publish(offline, *[said("€" * 3000)] * 40) == "view_too_large"
    nearly = [said("x" * 3000)] * 81
    rest = 250_000 - len(json.dumps(home(*nearly, said(""))))
    assert publish(offline, *nearly, said("x" * rest)) is None
    assert publish(offline, *nearly, said("x" * (rest + 1))) == "view_too_large"


@pins(
    "A view that Slack sent is no view to send back: its id and state are unknown fields.",
    "",
    Sure.GUESSED,
    refuses=["views.update: invalid_arguments"],
)
def test_a_view_is_not_sent_back_as_it_came(rig: Rig) -> None:
    view_id = form(rig)
    said_ = reasons(rig.client.views_update, view_id=view_id, view={**modal(), "id": view_id})
    assert said_ == ["[ERROR] invalid additional property: id [json-pointer:/view]"]


@pins(
    "A view is an object with a list of blocks.",
    FIELDS,
    refuses=["views.update: invalid_arguments"],
)
def test_a_view_must_be_a_view(rig: Rig) -> None:
    view_id, update = form(rig), rig.client.views_update
    titled: Json = {"type": "modal", "title": plain("x")}
    broken = [titled, {**titled, "blocks": {}}, {**titled, "blocks": ["text"]}, modal(type=[])]
    for each in broken:
        assert error(update, view_id=view_id, view=each) == "invalid_arguments"


@pins(
    "A modal is opened, pushed and updated, a Home tab published; neither is the other.",
    "github.com/slackapi/node-slack-sdk/issues/925",
    Sure.REPORTED,
    refuses=[f"views.{each}: invalid_arguments" for each in ("open", "push", "update", "publish")],
)
def test_a_modal_is_no_home_tab(rig: Rig, presses: Presses) -> None:
    a_home, id_ = home(said("x")), presses.typed()
    (reason,) = reasons(rig.client.views_open, trigger_id=id_, view=a_home)
    assert reason == "[ERROR] must be a valid enum value [json-pointer:/view/type]"
    view_id, id_ = presses.opened(), presses.pressed()
    assert error(rig.client.views_push, trigger_id=id_, view=a_home) == "invalid_arguments"
    assert error(rig.client.views_update, view_id=view_id, view=a_home) == "invalid_arguments"
    to_maya: Json = {"user_id": rig.maya.id, "view": modal()}
    assert error(rig.client.views_publish, **to_maya) == "invalid_arguments"


# Triggers


@pins(
    "A trigger id opens or pushes one view, and lives three seconds.",
    f"{METHODS}/views.open",
    refuses=[
        f"views.{method}: {code}_trigger_id"
        for method in ("open", "push")
        for code in ("exchanged", "expired", "invalid")
    ],
)
@pytest.mark.parametrize("method", ["open", "push"])
def test_a_trigger_works_once_and_for_three_seconds(
    rig: Rig, presses: Presses, method: str
) -> None:
    call = rig.client.views_open if method == "open" else rig.client.views_push
    view = modal(buttons("more"))
    assert error(call, trigger_id="1.2.3", view=view) == "invalid_trigger_id"
    presses.opened()
    id_ = presses.pressed()
    assert error(call, trigger_id=id_, view=view) is None
    assert error(call, trigger_id=id_, view=view) == "exchanged_trigger_id"
    assert Triggers().seconds == 3.0
    rig.box.expire_triggers()
    assert error(call, trigger_id=presses.pressed(), view=view) == "expired_trigger_id"


@pins(
    "All listeners of a payload, and its second delivery, have one trigger between them.",
    "docs.slack.dev/interactivity/handling-user-interaction",
    refuses=["views.open: exchanged_trigger_id"],
)
def test_a_payload_has_one_trigger(rig: Rig) -> None:
    answers: list[str | None] = []

    def open_it(ack: Ack, body: Json) -> None:
        view = modal()
        answers.append(error(rig.client.views_open, trigger_id=body["trigger_id"], view=view))
        ack()

    rig.app.command("/hello")(open_it)
    assert rig.maya.types("/hello", twice=True).second == "acked"
    assert answers == [None, "exchanged_trigger_id"]


@pins(
    "A view that is refused leaves its trigger for another try.",
    "",
    Sure.GUESSED,
    refuses=["views.open: invalid_arguments"],
)
def test_a_refused_view_does_not_use_its_trigger_up(rig: Rig, presses: Presses) -> None:
    id_, wrong = presses.typed(), modal(title=plain("x" * 25))
    assert error(rig.client.views_open, trigger_id=id_, view=wrong) == "invalid_arguments"
    assert error(rig.client.views_open, trigger_id=id_, view=modal()) is None


# The stack


@pins(
    "A stack holds three views.",
    f"{METHODS}/views.push",
    refuses=["views.push: push_limit_reached"],
)
def test_a_stack_holds_three_views(rig: Rig, presses: Presses) -> None:
    push, view = rig.client.views_push, modal(buttons("more"))
    presses.opened()
    assert error(push, trigger_id=presses.pressed(), view=view) is None
    assert error(push, trigger_id=presses.pressed(), view=view) is None
    assert error(push, trigger_id=presses.pressed(), view=view) == "push_limit_reached"
    assert len(rig.maya.views) == 3


@pins(
    "A view is pushed with a trigger from within the modal that it is to lie on.",
    f"{METHODS}/views.push",
)
@pins(
    "With another trigger it is an invalid one.",
    "",
    Sure.GUESSED,
    refuses=["views.push: invalid_trigger_id"],
)
def test_a_view_is_pushed_from_within_a_modal(rig: Rig, presses: Presses) -> None:
    push, lonely = rig.client.views_push, presses.typed()
    assert error(push, trigger_id=lonely, view=modal()) == "invalid_trigger_id"
    presses.opened()
    assert error(push, trigger_id=lonely, view=modal()) == "invalid_trigger_id"
    inside = presses.pressed()
    rig.maya.closes()
    assert error(push, trigger_id=inside, view=modal()) == "invalid_trigger_id"


# Ids and hashes


@pins(
    "A view is replaced only if its hash is the one that the app saw.",
    f"{MODALS}#handling-race-conditions",
    refuses=["views.update: hash_conflict"],
)
def test_update_by_id_checks_the_hash(rig: Rig) -> None:
    form(rig)
    view, new = rig.maya.view, modal(said("new"))
    assert view is not None
    seen: Json = {"view_id": view["id"], "hash": view["hash"], "view": new}
    assert error(rig.client.views_update, **seen) is None
    assert error(rig.client.views_update, **seen) == "hash_conflict"
    assert rig.maya.is_shown("new")


@pins(
    "A view that is closed, or was never open, cannot be found.",
    f"{METHODS}/views.update",
    refuses=["views.update: not_found"],
)
def test_a_closed_view_cannot_be_updated(rig: Rig) -> None:
    view_id, update = form(rig), rig.client.views_update
    rig.maya.closes()
    for which in ({"view_id": view_id}, {"view_id": "V0NOWHERE"}, {"external_id": "nobodys"}):
        assert error(update, **which, view=modal()) == "not_found"


@pins(
    "A view is named by its id or by its external_id; one of them is needed.",
    f"{METHODS}/views.update",
    refuses=["views.update: invalid_arguments"],
)
def test_an_update_names_its_view(rig: Rig) -> None:
    unnamed: Json = {"view": modal()}
    (reason,) = reasons(rig.client.api_call, api_method="views.update", json=unnamed)
    assert "view_id or external_id" in reason


@pins(
    "The client of the SDK asks for one of the two ids, and of both it sends the app's own.",
    "slack_sdk 3.47, web/client.py",
    Sure.READ,
)
def test_of_two_ids_the_client_sends_one(rig: Rig) -> None:
    rig.app.command("/hello")(opening(modal(external_id="mine")))
    assert rig.maya.types("/hello").ok
    update = rig.client.views_update
    assert error(update, view_id="V0NOWHERE", external_id="mine", view=modal()) is None
    with pytest.raises(SlackRequestError):
        update(view=modal())


@pins("A view is found by its external_id, too.", f"{METHODS}/views.update")
def test_update_by_external_id_finds_the_view(rig: Rig) -> None:
    rig.app.command("/hello")(opening(modal(external_id="mine")))
    assert rig.maya.types("/hello").ok
    rig.client.views_update(external_id="mine", view=modal(said("found"), external_id="mine"))
    assert rig.maya.is_shown("found")


@pins(
    "No two views of a team have the same external_id; that of a closed view is free again.",
    f"{METHODS}/views.open",
    refuses=[
        f"views.{each}: duplicate_external_id" for each in ("open", "push", "update", "publish")
    ],
)
def test_an_external_id_belongs_to_one_view_of_the_team(rig: Rig, presses: Presses) -> None:
    mine, id_ = modal(external_id="mine"), presses.typed()
    rig.client.views_publish(user_id=rig.kofi.id, view=home(DIVIDER, external_id="mine"))
    assert error(rig.client.views_open, trigger_id=id_, view=mine) == "duplicate_external_id"
    view_id, id_ = presses.opened(), presses.pressed()
    assert error(rig.client.views_push, trigger_id=id_, view=mine) == "duplicate_external_id"
    assert error(rig.client.views_update, view_id=view_id, view=mine) == "duplicate_external_id"
    assert publish(rig, DIVIDER, external_id="mine") == "duplicate_external_id"
    rig.client.views_publish(user_id=rig.kofi.id, view=home(DIVIDER))
    assert error(rig.client.views_update, view_id=view_id, view=mine) is None
    rig.maya.closes()
    assert publish(rig, DIVIDER, external_id="mine") is None
