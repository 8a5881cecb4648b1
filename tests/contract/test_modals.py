"""Modals: what an app may answer to a submission, and what the person then sees."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.contract.conftest import MakeRig
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


def test_an_empty_ack_closes_the_modal(rig: Rig) -> None:
    rig.app.view("form")(recording()[0])
    opened(rig)
    rig.maya.submits({"name": {"name": "Ada"}})
    assert rig.maya.views == []


def test_an_empty_ack_reveals_the_view_below(rig: Rig) -> None:
    rig.app.view("form")(recording()[0])
    pushed_by_button(rig)
    opened(rig, buttons("deeper"))
    rig.maya.clicks("deeper")
    below, top = rig.maya.views
    assert (top["previous_view_id"], top["root_view_id"]) == (below["id"], below["id"])
    rig.maya.submits()
    assert [view["id"] for view in rig.maya.views] == [below["id"]]


def test_clear_closes_the_whole_stack(rig: Rig) -> None:
    rig.app.view("form")(recording(response_action="clear")[0])
    pushed_by_button(rig)
    opened(rig, buttons("deeper"))
    rig.maya.clicks("deeper")
    rig.maya.submits()
    assert rig.maya.views == []


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


def test_update_keeps_what_was_entered_in_the_same_input(rig: Rig) -> None:
    again = modal(field("name", initial_value="ignored"), field("more", optional=True))
    rig.app.view("form")(recording(response_action="update", view=again)[0])
    opened(rig, field("name"), field("gone", optional=True))
    rig.maya.submits({"name": {"name": "Ada"}, "gone": {"gone": "x"}})
    view = rig.maya.view
    assert view is not None
    assert view["state"]["values"]["name"]["name"]["value"] == "Ada"
    assert set(view["state"]["values"]) == {"name", "more"}


def test_push_puts_a_view_on_top(rig: Rig) -> None:
    second = modal(said("second"), callback_id="second")
    rig.app.view("form")(recording(response_action="push", view=second)[0])
    opened(rig)
    rig.maya.submits({"name": {"name": "Ada"}})
    assert [view["callback_id"] for view in rig.maya.views] == ["form", "second"]
    assert rig.maya.views[0]["state"]["values"]["name"]["name"]["value"] == "Ada"


def test_errors_stand_at_their_inputs_and_keep_the_values(rig: Rig) -> None:
    rig.app.view("form")(recording(response_action="errors", errors={"name": "Too short"})[0])
    opened(rig)
    outcome = rig.maya.submits({"name": {"name": "A"}})
    assert (outcome.outcome, outcome.errors, outcome.ok) == ("errors", {"name": "Too short"}, False)
    view = rig.maya.view
    assert view is not None
    assert view["errors"] == {"name": "Too short"}
    assert view["state"]["values"]["name"]["name"]["value"] == "A"


def test_errors_for_a_block_that_is_no_input_are_refused(rig: Rig) -> None:
    rig.app.view("form")(recording(response_action="errors", errors={"nowhere": "Hm"})[0])
    opened(rig)
    assert rig.maya.submits({"name": {"name": "A"}}).outcome == "refused"
    view = rig.maya.view
    assert view is not None
    assert "trouble" in view["trouble"]


def test_a_response_action_that_does_not_exist_is_refused(rig: Rig) -> None:
    rig.app.view("form")(recording(response_action="vanish")[0])
    opened(rig)
    assert rig.maya.submits({"name": {"name": "A"}}).outcome == "refused"


def test_a_stack_holds_three_views(rig: Rig) -> None:
    refusals: list[str] = []

    def push(ack: Ack, body: Json, client: WebClient) -> None:
        try:
            client.views_push(trigger_id=body["trigger_id"], view=modal(buttons("deeper")))
        except SlackApiError as error:
            refusals.append(error.response["error"])
        ack()

    rig.app.action("deeper")(push)
    opened(rig, buttons("deeper"))
    for _ in range(3):
        rig.maya.clicks("deeper")
    assert len(rig.maya.views) == 3
    assert refusals == ["push_limit_reached"]


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


def test_slacks_client_checks_a_form_before_it_is_sent(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.view("form")(listener)
    opened(rig, field("name"), field("short", max_length=3), field("long", min_length=5))
    outcome = rig.maya.submits({"short": {"short": "four"}, "long": {"long": "four"}})
    assert outcome.outcome == "invalid"
    assert outcome.errors["name"] == "Please complete this required field."
    assert set(outcome.errors) == {"name", "short", "long"}
    assert bodies == []


def test_a_hostile_client_skips_the_checks(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.view("form")(listener)
    opened(rig, field("name"), field("pick", "static_select", options=options("a", "b")))
    assert rig.maya.submits({"pick": {"pick": "zebra"}}, unchecked=True).outcome == "acked"
    values = bodies[0]["view"]["state"]["values"]
    assert values["name"]["name"]["value"] is None
    assert values["pick"]["pick"]["selected_option"]["value"] == "zebra"


TWO = {"options": options("a", "b")}
A, B = options("a", "b")


@pytest.mark.parametrize(
    ("kind", "more", "value", "state"),
    [
        ("plain_text_input", {}, "x", {"value": "x"}),
        ("email_text_input", {}, "a@b.example", {"value": "a@b.example"}),
        ("url_text_input", {}, "https://b.example", {"value": "https://b.example"}),
        ("number_input", {"is_decimal_allowed": True}, "1.5", {"value": "1.5"}),
        ("datepicker", {}, "2026-12-01", {"selected_date": "2026-12-01"}),
        ("timepicker", {}, "09:30", {"selected_time": "09:30"}),
        ("datetimepicker", {}, 1795000000, {"selected_date_time": 1795000000}),
        (
            "static_select",
            {"options": options("a", "b")},
            "b",
            {"selected_option": options("b")[0]},
        ),
        (
            "radio_buttons",
            {"options": options("a", "b")},
            "a",
            {"selected_option": options("a")[0]},
        ),
        ("checkboxes", TWO, ["b"], {"selected_options": [B]}),
        (
            "multi_static_select",
            {"option_groups": [{"label": plain("G"), "options": [A, B]}]},
            ["a", "b"],
            {"selected_options": [A, B]},
        ),
        ("users_select", {}, "U1", {"selected_user": "U1"}),
        ("conversations_select", {}, "C1", {"selected_conversation": "C1"}),
        ("channels_select", {}, "C1", {"selected_channel": "C1"}),
        ("multi_users_select", {}, ["U1", "U2"], {"selected_users": ["U1", "U2"]}),
    ],
)
def test_each_input_reaches_the_app_in_slacks_own_form(
    rig: Rig, kind: str, more: Json, value: Any, state: Json
) -> None:
    listener, bodies = recording()
    rig.app.view("form")(listener)
    opened(rig, field("it", kind, **more))
    assert rig.maya.submits({"it": {"it": value}}).outcome == "acked"
    assert bodies[0]["view"]["state"]["values"]["it"]["it"] == {"type": kind, **state}


def test_what_a_form_starts_with_counts_until_someone_changes_it(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.view("form")(listener)
    choice = options("a", "b")
    opened(
        rig,
        field("name", initial_value="Ada", optional=True),
        field("pick", "radio_buttons", options=choice, initial_option=choice[1]),
    )
    rig.maya.submits({"name": {"name": None}})
    values = bodies[0]["view"]["state"]["values"]
    assert values["name"]["name"]["value"] is None
    assert values["pick"]["pick"]["selected_option"]["value"] == "b"


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


def test_closing_the_whole_stack_says_that_it_was_cleared(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.view_closed("form")(listener)
    pushed_by_button(rig)
    opened(rig, buttons("deeper"), notify_on_close=True)
    rig.maya.clicks("deeper")
    rig.maya.closes(all=True)
    assert rig.maya.views == []
    assert [body["is_cleared"] for body in bodies] == [True]


def test_update_by_id_checks_the_hash(rig: Rig) -> None:
    opened(rig)
    view = rig.maya.view
    assert view is not None
    new = modal(said("new"))
    rig.client.views_update(view_id=view["id"], hash=view["hash"], view=new)
    with pytest.raises(SlackApiError, match="hash_conflict"):
        rig.client.views_update(view_id=view["id"], hash=view["hash"], view=new)
    assert rig.maya.is_shown("new")


def test_update_by_external_id_finds_the_view(rig: Rig) -> None:
    opened(rig, external_id="mine")
    rig.client.views_update(external_id="mine", view=modal(said("found"), external_id="mine"))
    assert rig.maya.is_shown("found")


def test_an_external_id_belongs_to_one_view_of_the_team(rig: Rig) -> None:
    refusals: list[str] = []

    def open_mine(ack: Ack, body: Json, client: WebClient) -> None:
        try:
            client.views_open(trigger_id=body["trigger_id"], view=modal(external_id="mine"))
        except SlackApiError as error:
            refusals.append(error.response["error"])
        ack()

    rig.app.command("/hello")(open_mine)
    rig.maya.types("/hello")
    rig.kofi.types("/hello")
    assert refusals == ["duplicate_external_id"]
    assert rig.kofi.views == []


def test_a_closed_view_cannot_be_updated(rig: Rig) -> None:
    opened(rig)
    view = rig.maya.view
    assert view is not None
    rig.maya.closes()
    with pytest.raises(SlackApiError, match="not_found"):
        rig.client.views_update(view_id=view["id"], view=modal())


def test_a_view_must_be_a_view(rig: Rig) -> None:
    opened(rig)
    view = rig.maya.view
    assert view is not None
    broken: list[Json] = [
        {"type": "modal"},
        {"type": "home", "blocks": []},
        {"type": "modal", "title": {}, "blocks": {}},
        {"type": "modal", "title": {}, "blocks": ["text"]},
    ]
    for each in broken:
        with pytest.raises(SlackApiError, match="invalid_arguments"):
            rig.client.views_update(view_id=view["id"], view=each)


def test_a_home_tab_is_published_for_one_person(offline: Rig) -> None:
    view = {"type": "home", "blocks": [said("Good morning")]}
    offline.client.views_publish(user_id=offline.maya.id, view=view)
    assert offline.maya.is_shown("Good morning")
    assert not offline.kofi.is_shown("Good morning")


def test_a_home_tab_needs_its_tab(make_rig: MakeRig) -> None:
    rig = make_rig(home_tab=False)
    with pytest.raises(SlackApiError, match="not_enabled"):
        rig.client.views_publish(user_id=rig.maya.id, view={"type": "home", "blocks": []})
