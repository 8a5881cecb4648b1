"""What a person enters in a form: checked by the client, and as the app gets it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.facts import Sure, pins
from tests.contract.rig import Json, Rig, field, modal, opening, options, plain, recording


def opened(rig: Rig, *blocks: Json, **more: Any) -> None:
    """Let maya open a form."""
    rig.app.command("/hello")(opening(modal(*blocks, **more)))
    assert rig.maya.types("/hello").outcome == "acked"


@pins(
    "The client checks required inputs and lengths before it sends a form.",
    "docs.slack.dev/reference/block-kit/blocks/input-block",
)
def test_slacks_client_checks_a_form_before_it_is_sent(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.view("form")(listener)
    opened(rig, field("name"), field("short", max_length=3), field("long", min_length=5))
    outcome = rig.maya.submits({"short": {"short": "four"}, "long": {"long": "four"}})
    assert outcome.outcome == "invalid"
    assert outcome.errors["name"] == "Please complete this required field."
    assert set(outcome.errors) == {"name", "short", "long"}
    assert bodies == []


@pins(
    "Where an app sets no max_length a text ends at 3000 characters.",
    "docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element",
)
def test_a_text_has_three_thousand_characters(rig: Rig) -> None:
    rig.app.view("form")(recording()[0])
    opened(rig, field("name"))
    assert rig.maya.submits({"name": {"name": "x" * 3001}}).outcome == "invalid"
    assert rig.maya.submits({"name": {"name": "x" * 3000}}).outcome == "acked"


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


@pins(
    "Each kind of input has a state of its own shape.",
    "docs.slack.dev/reference/interaction-payloads/view-interactions-payload",
)
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


@pins(
    "What an input starts with is its state until somebody changes it.",
    "",
    Sure.GUESSED,
)
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


@pins(
    "A menu of several takes as many choices as it says.",
    "docs.slack.dev/reference/block-kit/block-elements/multi-select-menu-element",
)
def test_the_client_counts_choices(rig: Rig) -> None:
    rig.app.view("form")(recording()[0])
    opened(rig, field("it", "multi_users_select", max_selected_items=1))
    assert rig.maya.submits({"it": {"it": ["U1", "U2"]}}).outcome == "invalid"
    assert rig.maya.submits({"it": {"it": ["U1"]}}).outcome == "acked"
