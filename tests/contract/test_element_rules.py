"""What Slack refuses in buttons, menus, pickers and fields."""

from __future__ import annotations

from typing import Any

from tests.contract.blocks import (
    REFERENCE,
    REFUSED,
    actions,
    beside,
    button,
    each,
    error,
    form,
    post,
    publish,
    refused,
    select,
    taken,
)
from tests.contract.facts import Sure, pins
from tests.contract.rig import Json, Rig, field, modal, options, plain

ELEMENTS = f"{REFERENCE}/block-elements"
DIALOG = {"title": plain("x"), "text": plain("x"), "confirm": plain("x"), "deny": plain("x")}


def one(kind: str, **more: Any) -> Json:
    """Return an actions block with one element."""
    return actions({"type": kind, "action_id": "a", **more})


def choice(kind: str, count: int, **more: Any) -> Json:
    return one(kind, options=options(*map(str, range(count))), **more)


@pins(
    "A button has a plain text of up to 75 characters, a value of 2000, an address of 3000, an"
    " accessibility label of 75, and is primary or danger or neither.",
    f"{ELEMENTS}/button-element",
    refuses=REFUSED,
)
def test_a_button_is_short(offline: Rig) -> None:
    address = "https://example.com/" + "x" * 2980
    full = button(text=plain("x" * 75), value="x" * 2000, url=address, style="danger")
    assert taken(offline, actions(full | {"accessibility_label": "x" * 75})) == []
    wrong: list[Json] = [
        {"text": plain("x" * 76)},
        {"text": plain("")},
        {"text": {"type": "mrkdwn", "text": "x"}},
        {"value": "x" * 2001},
        {"value": 7},
        {"url": address + "x"},
        {"accessibility_label": "x" * 76},
        {"style": "loud"},
    ]
    assert refused(offline, *(actions(button(**change)) for change in wrong)) == []


@pins(
    "The address of a button must be one.",
    "github.com/MacPaw/together-app/issues/4",
    Sure.REPORTED,
    refuses=REFUSED,
)
def test_an_address_has_its_shape(offline: Rig) -> None:
    addresses = ["example.com", "https://", "javascript:alert(1)", "http://a b", "http://["]
    assert refused(offline, *(actions(button(url=address)) for address in addresses)) == []


@pins(
    "A confirmation has a title of up to 100 characters, a text of 300 and two buttons of 30.",
    f"{REFERENCE}/composition-objects/confirmation-dialog-object",
    refuses=REFUSED,
)
def test_a_confirmation_is_short(offline: Rig) -> None:
    full: Json = {"title": plain("x" * 100), "text": plain("x" * 300), "style": "danger"}
    full |= {"confirm": plain("x" * 30), "deny": plain("x" * 30)}
    assert taken(offline, actions(button(confirm=full))) == []
    wrong: list[Json] = [
        *each(DIALOG, "title", [None, plain("x" * 101)]),
        *each(DIALOG, "text", [None, plain("x" * 301)]),
        *each(DIALOG, "confirm", [None, plain("x" * 31)]),
        *each(DIALOG, "deny", [None, plain("x" * 31)]),
        {**DIALOG, "style": "loud"},
    ]
    assert refused(offline, *(actions(button(confirm=dialog)) for dialog in wrong)) == []


@pins(
    "A menu has up to 100 options, or up to 100 groups of them, but not both.",
    f"{ELEMENTS}/select-menu-element",
    refuses=REFUSED,
)
def test_a_menu_has_a_hundred_options(offline: Rig) -> None:
    group = {"label": plain("x" * 75), "options": options("a")}
    grouped = one("multi_static_select", option_groups=[group] * 100)
    assert taken(offline, actions(select(100)), grouped) == []
    wrong = [
        actions(select(101)),
        actions(select(0)),
        actions(select(1, option_groups=[group])),
        one("static_select"),
        one("static_select", option_groups=[group] * 101),
        one("static_select", option_groups=[{**group, "label": plain("x" * 76)}]),
        one("static_select", option_groups=[{**group, "options": options(*map(str, range(101)))}]),
    ]
    assert refused(offline, *wrong) == []


@pins(
    "An option has a text and a description of up to 75 characters and a value of 150.",
    f"{REFERENCE}/composition-objects/option-object",
    refuses=REFUSED,
)
def test_an_option_is_short(offline: Rig) -> None:
    full = {"text": plain("x" * 75), "value": "x" * 150, "description": plain("x" * 75)}
    assert taken(offline, one("static_select", options=[full])) == []
    wrong = [
        {**full, "text": plain("x" * 76)},
        {**full, "text": plain("")},
        {**full, "text": {"type": "mrkdwn", "text": "x"}},
        {**full, "value": "x" * 151},
        {**full, "value": ""},
        {**full, "description": plain("x" * 76)},
    ]
    assert refused(offline, *(one("static_select", options=[option]) for option in wrong)) == []
    marked = {**full, "text": {"type": "mrkdwn", "text": "*x*"}}
    assert taken(offline, one("radio_buttons", options=[marked])) == []


@pins(
    "Radio buttons and checkboxes have 1 to 10 options.",
    f"{ELEMENTS}/radio-button-group-element",
    refuses=REFUSED,
)
def test_radio_buttons_and_checkboxes_have_ten_options(offline: Rig) -> None:
    kinds = ("radio_buttons", "checkboxes")
    assert taken(offline, *(choice(kind, 10) for kind in kinds)) == []
    assert refused(offline, *(choice(kind, count) for kind in kinds for count in (0, 11))) == []


@pins(
    "An overflow menu has 1 to 5 options, which may be links.",
    f"{ELEMENTS}/overflow-menu-element",
    refuses=REFUSED,
)
def test_an_overflow_menu_has_five_options(offline: Rig) -> None:
    link = {**options("a")[0], "url": "https://example.com"}
    assert taken(offline, *(choice("overflow", n) for n in (1, 5))) == []
    assert taken(offline, one("overflow", options=[link])) == []
    assert refused(offline, *(choice("overflow", n) for n in (0, 6))) == []


@pins(
    "What is chosen at first is one of the options, exactly.",
    f"{ELEMENTS}/select-menu-element",
    refuses=REFUSED,
)
def test_what_is_chosen_at_first_is_one_of_the_options(offline: Rig) -> None:
    (known, other) = options("0", "z")
    renamed = {**known, "text": plain("Another")}
    assert taken(offline, choice("static_select", 1, initial_option=known)) == []
    assert taken(offline, choice("checkboxes", 1, initial_options=[known])) == []
    wrong = [
        *(choice("static_select", 1, initial_option=first) for first in (other, renamed)),
        *(choice("checkboxes", 1, initial_options=first) for first in ([other], [])),
    ]
    assert refused(offline, *wrong) == []


@pins(
    "A placeholder has at most 150 characters.",
    f"{ELEMENTS}/select-menu-element",
    refuses=REFUSED,
)
def test_a_placeholder_is_short(offline: Rig) -> None:
    assert taken(offline, actions(select(placeholder=plain("x" * 150)))) == []
    assert refused(offline, actions(select(placeholder=plain("x" * 151)))) == []


@pins(
    "A date is written YYYY-MM-DD, a time HH:mm, a moment as ten digits.",
    f"{ELEMENTS}/date-picker-element",
    refuses=REFUSED,
)
def test_what_a_picker_starts_with_has_its_shape(offline: Rig) -> None:
    right = [
        one("datepicker", initial_date="2026-12-01"),
        one("timepicker", initial_time="23:59", timezone="Europe/Berlin"),
        one("datetimepicker", initial_date_time=1_795_000_000),
    ]
    assert taken(offline, *right) == []
    wrong = [
        *(one("datepicker", initial_date=day) for day in ("tomorrow", "2026-02-30", "20261201")),
        *(one("timepicker", initial_time=time) for time in ("24:00", "9:30", 930)),
        *(one("datetimepicker", initial_date_time=at) for at in ("1795000000", 1795, True)),
    ]
    assert refused(offline, *wrong) == []


@pins(
    "A plain text input takes at most 3000 characters, and starts within its own limits.",
    f"{ELEMENTS}/plain-text-input-element",
    refuses=REFUSED,
)
def test_a_field_has_limits_that_make_sense(offline: Rig) -> None:
    right: list[Json] = [{"min_length": 0}, {"max_length": 3000, "initial_value": "x" * 3000}]
    assert taken(offline, *(field("a", **given) for given in right)) == []
    wrong: list[Json] = [
        {"min_length": -1},
        {"min_length": 3001},
        {"max_length": 0},
        {"max_length": 3001},
        {"min_length": 3, "max_length": 2},
        {"max_length": 2, "initial_value": "xxx"},
        {"initial_value": "x" * 3001},
        {"multiline": "yes"},
        {"dispatch_action_config": {"trigger_actions_on": ["on_a_whim"]}},
    ]
    assert refused(offline, *(field("a", **given) for given in wrong)) == []


@pins(
    "A number input says whether it takes decimals, and its least is not more than its most.",
    f"{ELEMENTS}/number-input-element",
    refuses=REFUSED,
)
def test_a_number_field_has_limits_that_make_sense(offline: Rig) -> None:
    number: Json = {"is_decimal_allowed": False}
    assert taken(offline, field("n", "number_input", **number, min_value="1", max_value="1")) == []
    wrong: list[Json] = [
        {},
        {**number, "min_value": 1},
        {**number, "min_value": "2", "max_value": "1"},
        {**number, "max_value": "1", "initial_value": "2"},
        {**number, "initial_value": "many"},
    ]
    assert refused(offline, *(field("n", "number_input", **given) for given in wrong)) == []


@pins(
    "Fields to type in stand in input blocks only, buttons never do.",
    f"{ELEMENTS}",
    refuses=REFUSED,
)
def test_each_element_has_its_places(offline: Rig) -> None:
    typed = ("plain_text_input", "email_text_input", "url_text_input", "rich_text_input")
    wrong = [
        *(one(kind) for kind in typed),
        *(beside({"type": kind, "action_id": "a"}) for kind in typed),
        field("a", "button", text=plain("x")),
        field("a", "overflow", options=options("a")),
    ]
    assert refused(offline, *wrong) == []
    assert taken(offline, *(field("a", kind) for kind in typed)) == []


@pins(
    "A picker of date and time stands in actions and input blocks, not beside a section.",
    f"{ELEMENTS}/datetime-picker-element",
    refuses=REFUSED,
)
def test_a_moment_is_not_picked_beside_a_section(offline: Rig) -> None:
    assert taken(offline, one("datetimepicker"), field("a", "datetimepicker")) == []
    assert refused(offline, beside({"type": "datetimepicker", "action_id": "a"})) == []


@pins(
    "At most one element of a view is focused when it opens.",
    f"{ELEMENTS}/plain-text-input-element",
    refuses=REFUSED,
)
def test_one_element_is_focused(offline: Rig) -> None:
    first, second = (field(name, focus_on_load=True) for name in "ab")
    assert publish(offline, first, field("c")) is None
    assert publish(offline, first, second) == "invalid_arguments"
    assert post(offline, first, second) == "invalid_blocks"


@pins(
    "A file input stands in modals only and takes 1 to 10 files.",
    f"{ELEMENTS}/file-input-element",
    Sure.GUESSED,
    refuses=["views.update: invalid_arguments"],
)
def test_files_are_asked_for_in_modals(rig: Rig) -> None:
    view_id, asks = form(rig), field("f", "file_input", max_files=10)
    update = rig.client.views_update
    assert refused(rig, asks) == []
    assert error(update, view_id=view_id, view=modal(asks)) is None
    many = field("f", "file_input", max_files=11)
    assert error(update, view_id=view_id, view=modal(many)) == "invalid_arguments"


@pins(
    "A menu of conversations is filtered by known kinds, and no filter is empty.",
    f"{REFERENCE}/composition-objects/conversation-filter-object",
    refuses=REFUSED,
)
def test_menus_of_people_and_conversations(offline: Rig) -> None:
    kind = "multi_conversations_select"
    right = [
        one("users_select", initial_user="U1"),
        one("external_select", initial_option=options("a")[0], min_query_length=0),
        one(kind, filter={"include": ["im"], "exclude_bot_users": True}, max_selected_items=1),
    ]
    assert taken(offline, *right) == []
    filters: list[Json] = [{}, {"include": ["mars"]}, {"include": []}]
    wrong = [
        *(one(kind, filter=given) for given in filters),
        one("multi_users_select", initial_users=[7]),
        one("multi_users_select", max_selected_items=0),
        one("external_select", initial_option={"value": "a"}),
    ]
    assert refused(offline, *wrong) == []


@pins(
    "A workflow button names the trigger that it starts.",
    f"{ELEMENTS}/workflow-button-element",
    refuses=REFUSED,
)
def test_a_workflow_button_names_its_trigger(offline: Rig) -> None:
    starts = {"trigger": {"url": "https://slack.com/shortcuts/Ft1/1"}}
    assert taken(offline, one("workflow_button", text=plain("x"), workflow=starts)) == []
    wrong: list[Json] = [{}, {"trigger": {}}, {"trigger": {"url": "Ft1"}}]
    assert (
        refused(offline, *(one("workflow_button", text=plain("x"), workflow=w) for w in wrong))
        == []
    )
