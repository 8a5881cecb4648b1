"""Modals: what an app may answer to a submission, and what the person then sees."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt import Ack
from slack_sdk import WebClient

from tests.contract.facts import Sure, pins
from tests.contract.rig import (
    SOON,
    Json,
    Rig,
    buttons,
    field,
    modal,
    opening,
    plain,
    recording,
    said,
)


def opened(rig: Rig, *blocks: Json, **more: Any) -> None:
    """Let maya open a form."""
    rig.app.command("/hello")(opening(modal(*blocks, **more)))
    assert rig.maya.types("/hello").outcome == "acked"


def pushed_by_button(rig: Rig) -> None:
    """Let a button "deeper" push a view with the same button."""

    def push(ack: Ack, body: Json, client: WebClient) -> None:
        client.views_push(trigger_id=body["trigger_id"], view=modal(buttons("deeper")))
        ack()

    rig.app.action("deeper")(push)


@pins(
    "A submission brings the view with the state of every input, also of those left empty.",
    "docs.slack.dev/reference/interaction-payloads/view-interactions-payload",
)
def test_a_submission_brings_every_value_and_the_view_as_slack_describes_it(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.view("form")(listener)
    opened(rig, field("name"), field("nick", optional=True), private_metadata="kept")
    before = rig.maya.view
    assert rig.maya.submits({"name": {"name": "Ada"}}).outcome == "acked"
    (body,) = bodies
    view = body["view"]
    assert before is not None
    assert (body["type"], body["user"]["id"]) == ("view_submission", rig.maya.id)
    assert (view["id"], view["hash"]) == (before["id"], before["hash"])
    assert (view["root_view_id"], view["previous_view_id"]) == (view["id"], None)
    assert view["private_metadata"] == "kept"
    assert view["state"]["values"] == {
        "name": {"name": {"type": "plain_text_input", "value": "Ada"}},
        "nick": {"nick": {"type": "plain_text_input", "value": None}},
    }
    assert {"team", "api_app_id", "token", "trigger_id", "response_urls"} <= set(body)
    assert (body["is_enterprise_install"], body["enterprise"]) == (False, None)


@pins(
    "An empty ack closes the view.",
    "docs.slack.dev/surfaces/modals",
)
def test_an_empty_ack_closes_the_modal(rig: Rig) -> None:
    rig.app.view("form")(recording()[0])
    opened(rig)
    rig.maya.submits({"name": {"name": "Ada"}})
    assert rig.maya.views == []


@pins(
    "Closing a view shows the one below it.",
    "docs.slack.dev/surfaces/modals",
)
def test_an_empty_ack_reveals_the_view_below(rig: Rig) -> None:
    rig.app.view("form")(recording()[0])
    pushed_by_button(rig)
    opened(rig, buttons("deeper"))
    rig.maya.clicks("deeper")
    below, top = rig.maya.views
    assert (top["previous_view_id"], top["root_view_id"]) == (below["id"], below["id"])
    rig.maya.submits()
    assert [view["id"] for view in rig.maya.views] == [below["id"]]


@pins(
    "The response action clear closes the whole stack.",
    "docs.slack.dev/surfaces/modals",
)
def test_clear_closes_the_whole_stack(rig: Rig) -> None:
    rig.app.view("form")(recording(response_action="clear")[0])
    pushed_by_button(rig)
    opened(rig, buttons("deeper"))
    rig.maya.clicks("deeper")
    rig.maya.submits()
    assert rig.maya.views == []


@pins(
    "The response action update replaces the view, which keeps its id and gets a new hash.",
    "docs.slack.dev/surfaces/modals",
)
def test_update_replaces_what_the_view_shows(rig: Rig) -> None:
    thanks = modal(said("Thank you"), callback_id="thanks")
    rig.app.view("form")(recording(response_action="update", view=thanks)[0])
    opened(rig)
    before = rig.maya.view
    rig.maya.submits({"name": {"name": "Ada"}})
    after = rig.maya.view
    assert before is not None
    assert after is not None
    assert (after["id"], after["callback_id"]) == (before["id"], "thanks")
    assert after["hash"] != before["hash"]
    assert rig.maya.is_shown("Thank you")


@pins(
    "What was entered stays where block_id, action_id and kind are the same after an update.",
    "docs.slack.dev/surfaces/modals",
    Sure.REPORTED,
)
def test_update_keeps_what_was_entered_in_the_same_input(rig: Rig) -> None:
    again = modal(field("name", initial_value="ignored"), field("more", optional=True))
    rig.app.view("form")(recording(response_action="update", view=again)[0])
    opened(rig, field("name"), field("gone", optional=True))
    rig.maya.submits({"name": {"name": "Ada"}, "gone": {"gone": "x"}})
    view = rig.maya.view
    assert view is not None
    assert view["state"]["values"]["name"]["name"]["value"] == "Ada"
    assert set(view["state"]["values"]) == {"name", "more"}


@pins(
    "The response action push lays a view on the one that was submitted.",
    "docs.slack.dev/surfaces/modals",
)
def test_push_puts_a_view_on_top(rig: Rig) -> None:
    second = modal(said("second"), callback_id="second")
    rig.app.view("form")(recording(response_action="push", view=second)[0])
    opened(rig)
    rig.maya.submits({"name": {"name": "Ada"}})
    assert [view["callback_id"] for view in rig.maya.views] == ["form", "second"]
    assert rig.maya.views[0]["state"]["values"]["name"]["name"]["value"] == "Ada"


@pins(
    "The response action errors sets sentences at inputs, by block_id; what was entered stays.",
    "docs.slack.dev/surfaces/modals",
)
def test_errors_stand_at_their_inputs_and_keep_the_values(rig: Rig) -> None:
    rig.app.view("form")(recording(response_action="errors", errors={"name": "Too short"})[0])
    opened(rig)
    outcome = rig.maya.submits({"name": {"name": "A"}})
    assert (outcome.outcome, outcome.errors, outcome.ok) == ("errors", {"name": "Too short"}, False)
    view = rig.maya.view
    assert view is not None
    assert view["errors"] == {"name": "Too short"}
    assert view["state"]["values"]["name"]["name"]["value"] == "A"


@pins(
    "Errors for a block that is no input are refused, and the person sees that there was trouble.",
    "github.com/slackapi/bolt-js/issues/554",
    Sure.REPORTED,
)
def test_errors_for_a_block_that_is_no_input_are_refused(rig: Rig) -> None:
    rig.app.view("form")(recording(response_action="errors", errors={"nowhere": "Hm"})[0])
    opened(rig)
    assert rig.maya.submits({"name": {"name": "A"}}).outcome == "refused"
    view = rig.maya.view
    assert view is not None
    assert "trouble" in view["trouble"]


@pins(
    "A response action that Slack does not know is refused.",
    "",
    Sure.GUESSED,
)
def test_a_response_action_that_does_not_exist_is_refused(rig: Rig) -> None:
    rig.app.view("form")(recording(response_action="vanish")[0])
    opened(rig)
    assert rig.maya.submits({"name": {"name": "A"}}).outcome == "refused"


@pins(
    "An error without words is none.",
    "",
    Sure.GUESSED,
)
@pytest.mark.parametrize("errors", [{}, {"name": ""}, {"name": 7}])
def test_errors_have_words(rig: Rig, errors: Any) -> None:
    rig.app.view("form")(lambda ack: ack({"response_action": "errors", "errors": errors}))
    opened(rig)
    assert rig.maya.submits({"name": {"name": "A"}}).outcome == "refused"


@pins(
    "A view in an ack keeps the rules of views.update; otherwise the person sees trouble, and what"
    " they entered.",
    "github.com/slackapi/deno-slack-sdk/issues/275",
    Sure.REPORTED,
)
@pytest.mark.parametrize("action", ["update", "push"])
@pytest.mark.parametrize(
    "view",
    [
        modal(title=plain("x" * 25)),
        modal(said("x" * 3001)),
        {"type": "home", "blocks": []},
        {},
    ],
)
def test_a_view_in_an_ack_keeps_the_rules(rig: Rig, action: str, view: Any) -> None:
    rig.app.view("form")(lambda ack: ack({"response_action": action, "view": view}))
    opened(rig)
    assert rig.maya.submits({"name": {"name": "Ada"}}).outcome == "refused"
    (still_open,) = rig.maya.views
    assert "trouble" in still_open["trouble"]
    assert still_open["state"]["values"]["name"]["name"]["value"] == "Ada"


@pins("A fourth view cannot be pushed by an ack either.", "docs.slack.dev/surfaces/modals")
def test_an_ack_pushes_onto_a_stack_of_three_at_most(rig: Rig) -> None:
    again = modal(callback_id="form")
    rig.app.view("form")(recording(response_action="push", view=again)[0])
    opened(rig)
    outcomes = [rig.maya.submits({"name": {"name": "Ada"}}).outcome for _ in range(3)]
    assert outcomes == ["acked", "acked", "refused"]
    assert len(rig.maya.views) == 3


@pins(
    "A submission without an ack in time tells of trouble, and what was entered stays.",
    "github.com/slackapi/bolt-js/issues/2150",
    Sure.REPORTED,
)
def test_an_unanswered_submission_says_so_and_keeps_the_values(rig: Rig) -> None:
    rig.app.view("form")(lambda body: None)
    opened(rig)
    rig.box.ack_seconds = SOON
    assert rig.maya.submits({"name": {"name": "Ada"}}).outcome == "timeout"
    view = rig.maya.view
    assert view is not None
    assert view["trouble"] == "We had some trouble connecting. Try again?"
    assert view["state"]["values"]["name"]["name"]["value"] == "Ada"


def test_a_second_try_after_trouble_is_a_submission_like_the_first(rig: Rig) -> None:
    tries: list[Json] = []

    def second_time_lucky(ack: Ack, body: Json) -> None:
        tries.append(body)
        if len(tries) == 2:
            ack()

    rig.app.view("form")(second_time_lucky)
    opened(rig)
    rig.box.ack_seconds = SOON
    assert rig.maya.submits({"name": {"name": "Ada"}}).outcome == "timeout"
    rig.box.ack_seconds = 3.0
    assert rig.maya.submits().outcome == "acked"
    assert tries[0]["view"]["id"] == tries[1]["view"]["id"]
    assert tries[1]["view"]["state"]["values"]["name"]["name"]["value"] == "Ada"


def test_the_same_submission_can_arrive_twice(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.view("form")(listener)
    opened(rig)
    outcome = rig.maya.submits({"name": {"name": "Ada"}}, twice=True)
    assert (outcome.outcome, outcome.second) == ("acked", "acked")
    assert bodies[0] == bodies[1]


def test_an_answer_for_a_modal_that_was_closed_meanwhile_changes_nothing(rig: Rig) -> None:
    def closed_meanwhile(ack: Ack) -> None:
        rig.maya.closes()
        ack(response_action="push", view=modal(said("too late")))

    rig.app.view("form")(closed_meanwhile)
    opened(rig)
    assert rig.maya.submits({"name": {"name": "Ada"}}).outcome == "acked"
    assert rig.maya.views == []


@pins(
    "An app that asks to is told when a view is closed.",
    "docs.slack.dev/reference/interaction-payloads/view-interactions-payload",
)
def test_a_closed_modal_is_told_to_an_app_that_asked(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.view_closed("form")(listener)
    opened(rig, notify_on_close=True)
    assert rig.maya.closes().outcome == "closed"
    assert rig.maya.views == []
    assert (bodies[0]["type"], bodies[0]["is_cleared"]) == ("view_closed", False)


def test_a_closed_modal_is_not_told_to_an_app_that_did_not_ask(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.view_closed("form")(listener)
    opened(rig)
    rig.maya.closes()
    assert bodies == []


@pins(
    "Closing all views at once says is_cleared.",
    "docs.slack.dev/reference/interaction-payloads/view-interactions-payload",
)
def test_closing_the_whole_stack_says_that_it_was_cleared(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.view_closed("form")(listener)
    pushed_by_button(rig)
    opened(rig, buttons("deeper"), notify_on_close=True)
    rig.maya.clicks("deeper")
    rig.maya.closes(all=True)
    assert rig.maya.views == []
    assert [body["is_cleared"] for body in bodies] == [True]
