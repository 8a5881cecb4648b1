"""What Slack refuses in the elements of a block: buttons, menus, pickers, fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from datetime import date
from typing import Any

from sandbox.block_kit import option_rules, rich_text_rules
from sandbox.block_kit.rules import Check
from sandbox.workspace import Json

ID = 255
_SELECTS = frozenset(
    f"{many}{kind}_select"
    for many in ("", "multi_")
    for kind in ("channels", "conversations", "external", "static", "users")
)
_PICKERS = frozenset({"checkboxes", "datepicker", "radio_buttons", "timepicker"})
_TYPED = frozenset({"email_text_input", "number_input", "plain_text_input", "url_text_input"})
_PRESSED = frozenset({"button", "overflow", "workflow_button"})
IN_ACTIONS = _SELECTS | _PICKERS | _PRESSED | {"datetimepicker"}
IN_SECTION = _SELECTS | _PICKERS | _PRESSED | {"image"}
IN_INPUT = _SELECTS | _PICKERS | _TYPED | {"datetimepicker", "file_input", "rich_text_input"}
IN_CARD = frozenset({"button"})
IN_CONTEXT_ACTIONS = frozenset({"feedback_buttons", "icon_button"})

_IMAGE = frozenset({"type", "alt_text", "image_url", "slack_file"})
_STYLES = ("primary", "danger")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_ON = ("on_enter_pressed", "on_character_entered")
_WHO = ("im", "mpim", "private", "public")
_THIS_MACHINE = re.compile(r"https?://(localhost|127\.|\[::1\])", re.IGNORECASE)


def element(at: Check, given: Any, allowed: Set[str]) -> None:
    """Check an element that must be of one of the kinds `allowed`."""
    kind = given.get("type") if isinstance(given, dict) else None
    if not isinstance(kind, str):
        at.say("", "must provide an object")
    elif kind not in allowed:
        at.say("type", f"unsupported type: {kind}")
    elif kind == "image":
        image(at, given)
    else:
        at.known(given, _KEYS[kind])
        at.text(given, "action_id", most=ID)
        at.text_objects(given, {"placeholder": 150}, plain=True)
        at.flags(given, "focus_on_load")
        if given.get("confirm") is not None:
            option_rules.confirm(at.at("confirm"), given["confirm"])
        _RULES[kind](at, given)


def image(at: Check, given: Any, *, more: Set[str] = frozenset()) -> None:
    """Check an image, as an element or, with `more` keys, as a block."""
    if not at.known(given, _IMAGE | more):
        return
    at.text(given, "alt_text", most=2000)
    file = given.get("slack_file")
    if (file is None) == (given.get("image_url") is None):
        at.say("", "must define either image_url or slack_file")
    elif file is None:
        _downloaded(at, given)
    elif at.known(file, frozenset({"id", "url"}), what="slack_file"):
        at.at("slack_file").texts(file, {"id": 255, "url": 3000})
        if (file.get("id") is None) == (file.get("url") is None):
            at.say("slack_file", "must define either id or url")


def _downloaded(at: Check, given: Json) -> None:
    """Check an address from which Slack fetches the picture, so not one of this machine."""
    at.url(given, "image_url")
    address = given["image_url"]
    if isinstance(address, str) and _THIS_MACHINE.match(address):
        at.say("image_url", "downloading image failed")


def _button(at: Check, given: Json) -> None:
    at.text_object(given, "text", most=75, plain=True)
    at.texts(given, {"value": 2000, "accessibility_label": 75, "agent_prompt": 4000})
    at.one_of(given, "style", _STYLES)
    if given.get("url") is not None:
        at.url(given, "url")


def _icon_button(at: Check, given: Json) -> None:
    _button(at, given)
    at.text(given, "icon", most=75)
    at.one_of(given, "icon", ("trash",))


def _feedback(at: Check, given: Json) -> None:
    for key in ("positive_button", "negative_button"):
        here = at.at(key)
        if here.known(given.get(key), frozenset({"text", "value", "accessibility_label"})):
            here.text_object(given[key], "text", most=75, plain=True)
            here.text(given[key], "value", most=2000)
            here.texts(given[key], {"accessibility_label": 75})


def _workflow(at: Check, given: Json) -> None:
    _button(at, given)
    flow, here = given.get("workflow"), at.at("workflow")
    if here.known(flow, frozenset({"trigger"})) and isinstance(flow, dict):
        trigger, place = flow.get("trigger"), here.at("trigger")
        if place.known(trigger, frozenset({"url", "customizable_input_parameters"})):
            place.url(trigger, "url")


def _date(at: Check, given: Json) -> None:
    first = given.get("initial_date")
    if first is None:
        return
    try:
        fits = isinstance(first, str) and date.fromisoformat(first).isoformat() == first
    except ValueError:
        fits = False
    if not fits:
        at.say("initial_date", "must be a date in the format YYYY-MM-DD")


def _time(at: Check, given: Json) -> None:
    first = given.get("initial_time")
    if first is not None and not (isinstance(first, str) and _TIME.fullmatch(first)):
        at.say("initial_time", "must be a time in the format HH:mm")
    at.texts(given, {"timezone": 255})


def _instant(at: Check, given: Json) -> None:
    at.whole(given, "initial_date_time", least=1_000_000_000, most=9_999_999_999)


def _field(at: Check, given: Json) -> None:
    at.texts(given, {"initial_value": 3000}, least=0)
    config = given.get("dispatch_action_config")
    place = at.at("dispatch_action_config")
    if config is not None and place.known(config, frozenset({"trigger_actions_on"})):
        wanted = place.list(config, "trigger_actions_on", most=2)
        if not all(each in _ON for each in wanted):
            place.say("trigger_actions_on", "must be a valid enum value")


def _plain_field(at: Check, given: Json) -> None:
    _field(at, given)
    at.flags(given, "multiline")
    least = at.whole(given, "min_length", least=0, most=3000) or 0
    most = at.whole(given, "max_length", least=1, most=3000) or 3000
    first = given.get("initial_value")
    if least > most:
        at.say("min_length", "must be less than max_length")
    elif isinstance(first, str) and len(first) > most:
        at.say("initial_value", f"must be less than {most + 1} characters")


def _number_field(at: Check, given: Json) -> None:
    _field(at, given)
    if not isinstance(given.get("is_decimal_allowed"), bool):
        at.say("", "missing required field: is_decimal_allowed")
    bounds = {}
    for key in ("min_value", "initial_value", "max_value"):
        value = given.get(key)
        if isinstance(value, str) and _NUMBER.fullmatch(value):
            bounds[key] = float(value)
        elif value is not None:
            at.say(key, "must be a number in a string")
    if list(bounds.values()) != sorted(bounds.values()):
        at.say("min_value", "must be less than max_value, with initial_value between them")


def _formatted_field(at: Check, given: Json) -> None:
    if given.get("initial_value") is not None:
        rich_text_rules.block(at.at("initial_value"), given["initial_value"])


def _file_field(at: Check, given: Json) -> None:
    at.whole(given, "max_files", least=1, most=10)
    if given.get("filetypes") is not None:
        at.list(given, "filetypes", most=100)


def _select(at: Check, given: Json) -> None:
    """Check a menu of people or conversations."""
    kind = given["type"].removeprefix("multi_").removesuffix("s_select")
    at.texts(given, {f"initial_{kind}": 255})
    at.whole(given, "max_selected_items", least=1, most=1000)
    at.flags(given, "response_url_enabled", "default_to_current_conversation")
    several = f"initial_{kind}s"
    if given.get(several) is not None:
        chosen = at.list(given, several, most=1000)
        if not all(isinstance(each, str) for each in chosen):
            at.say(several, "must provide a string")
    if given.get("filter") is not None:
        _filter(at.at("filter"), given["filter"])


def _filter(at: Check, given: Any) -> None:
    keys = frozenset({"include", "exclude_external_shared_channels", "exclude_bot_users"})
    if not at.known(given, keys):
        return
    if not given:
        at.say("", "must define at least one filter")
    if given.get("include") is not None and not all(
        each in _WHO for each in at.list(given, "include", most=4)
    ):
        at.say("include", "must be a valid enum value")


def _menu(at: Check, given: Json) -> None:
    option_rules.menu(at, given)
    at.whole(given, "max_selected_items", least=1, most=1000)


def _loaded(at: Check, given: Json) -> None:
    option_rules.loaded(at, given)
    at.whole(given, "max_selected_items", least=1, most=1000)


def _keys(*names: str) -> frozenset[str]:
    return frozenset({"type", "action_id", *names})


_WORDED = ("text", "value", "confirm", "accessibility_label", "visible_to_user_ids")
_SELECT = ("placeholder", "confirm", "focus_on_load")
_MULTI = (*_SELECT, "max_selected_items")
_INPUT = ("placeholder", "focus_on_load", "initial_value", "dispatch_action_config")
_CHOICES = ("options", "confirm", "focus_on_load")
_CURRENT = ("default_to_current_conversation", "filter")
_KEYS: dict[str, frozenset[str]] = {
    "button": _keys(*_WORDED, "url", "style", "agent_prompt", "agent_prompt_display"),
    "channels_select": _keys(*_SELECT, "initial_channel", "response_url_enabled"),
    "checkboxes": _keys(*_CHOICES, "initial_options"),
    "conversations_select": _keys(
        *_SELECT, *_CURRENT, "initial_conversation", "response_url_enabled"
    ),
    "datepicker": _keys(*_SELECT, "initial_date"),
    "datetimepicker": _keys("confirm", "focus_on_load", "initial_date_time"),
    "email_text_input": _keys(*_INPUT),
    "external_select": _keys(*_SELECT, "initial_option", "min_query_length"),
    "feedback_buttons": _keys("positive_button", "negative_button"),
    "file_input": _keys("filetypes", "max_files"),
    "icon_button": _keys(*_WORDED, "icon"),
    "multi_channels_select": _keys(*_MULTI, "initial_channels"),
    "multi_conversations_select": _keys(*_MULTI, *_CURRENT, "initial_conversations"),
    "multi_external_select": _keys(*_MULTI, "initial_options", "min_query_length"),
    "multi_static_select": _keys(*_MULTI, "options", "option_groups", "initial_options"),
    "multi_users_select": _keys(*_MULTI, "initial_users"),
    "number_input": _keys(*_INPUT, "is_decimal_allowed", "min_value", "max_value"),
    "overflow": _keys("options", "confirm"),
    "plain_text_input": _keys(*_INPUT, "multiline", "min_length", "max_length"),
    "radio_buttons": _keys(*_CHOICES, "initial_option"),
    "rich_text_input": _keys(*_INPUT, "min_lines", "max_lines"),
    "static_select": _keys(*_SELECT, "options", "option_groups", "initial_option"),
    "timepicker": _keys(*_SELECT, "initial_time", "timezone"),
    "url_text_input": _keys(*_INPUT),
    "users_select": _keys(*_SELECT, "initial_user"),
    "workflow_button": _keys("text", "workflow", "style", "accessibility_label"),
}
INTERACTIVE = frozenset(_KEYS)
"""The kinds that a person can use, each with an action_id of its own."""

_RULES: dict[str, Callable[[Check, Json], None]] = {
    "button": _button,
    "channels_select": _select,
    "checkboxes": _menu,
    "conversations_select": _select,
    "datepicker": _date,
    "datetimepicker": _instant,
    "email_text_input": _field,
    "external_select": _loaded,
    "feedback_buttons": _feedback,
    "file_input": _file_field,
    "icon_button": _icon_button,
    "multi_channels_select": _select,
    "multi_conversations_select": _select,
    "multi_external_select": _loaded,
    "multi_static_select": _menu,
    "multi_users_select": _select,
    "number_input": _number_field,
    "overflow": _menu,
    "plain_text_input": _plain_field,
    "radio_buttons": _menu,
    "rich_text_input": _formatted_field,
    "static_select": _menu,
    "timepicker": _time,
    "url_text_input": _field,
    "users_select": _select,
    "workflow_button": _workflow,
}
