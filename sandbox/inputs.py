"""What a person puts into a form: from a simple value to Slack's state object, and back.

The simple form is what a script writes: a text, the value of an option, a list of them,
or None for "emptied". Slack's form is what the app receives in `view.state.values`.
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.block_kit import blocks
from sandbox.block_kit.blocks import Placed
from sandbox.errors import ActError
from sandbox.workspace import Json

Values = dict[str, dict[str, Any]]

REQUIRED = "Please complete this required field."
LONGEST_TEXT = 3000  # what Slack's client allows where the app sets no max_length

# element type -> (key of its state, key of its first value)
_TEXTS = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
}
_LISTS = {
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
}
_OPTION = ("static_select", "radio_buttons")
_OPTIONS = ("checkboxes", "multi_static_select")
_SHAPES = {
    "datepicker": (re.compile(r"\d{4}-\d{2}-\d{2}"), "a date such as 2026-12-01"),
    "timepicker": (re.compile(r"\d{2}:\d{2}"), "a time such as 09:30"),
}


def is_stateful(element: Json) -> bool:
    """Whether Slack keeps a state for this kind of element."""
    kind = element.get("type")
    return kind in _TEXTS or kind in _LISTS or kind in _OPTION or kind in _OPTIONS


def first_state(element: Json) -> Json:
    """Return the state of an element that nobody has touched: its `initial_...` or empty."""
    kind = element["type"]
    if kind in _OPTION:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in _OPTIONS:
        return {"type": kind, "selected_options": element.get("initial_options") or []}
    if kind in _LISTS:
        key, first = _LISTS[kind]
        return {"type": kind, key: element.get(first) or []}
    key, first = _TEXTS[kind]
    return {"type": kind, key: element.get(first)}


def state(element: Json, simple: Any, *, unchecked: bool = False) -> Json:
    """Return Slack's state object for a simple value of this element.

    With `unchecked`, an option that does not exist is passed on, as a hostile client would.

    Raises:
        ActError: the value is of the wrong kind, or names an option that does not exist.
    """
    kind = element["type"]
    if kind in _OPTION:
        chosen = None if simple is None else _option(element, simple, unchecked)
        return {"type": kind, "selected_option": chosen}
    if kind in _OPTIONS:
        chosen_ones = [_option(element, each, unchecked) for each in _list(element, simple)]
        return {"type": kind, "selected_options": chosen_ones}
    if kind in _LISTS:
        return {"type": kind, _LISTS[kind][0]: [str(each) for each in _list(element, simple)]}
    return {"type": kind, _TEXTS[kind][0]: _text(element, simple, unchecked)}


def action_value(element: Json, simple: Any) -> Json:
    """Return what a `block_actions` payload says of an element besides its ids.

    Raises:
        ActError: as `state` does.
    """
    kind = element["type"]
    if kind == "overflow":
        return {"type": kind, "selected_option": _option(element, simple, unchecked=False)}
    if is_stateful(element):
        return state(element, simple)
    if kind == "feedback_buttons":
        return {"type": kind, "value": _feedback(element, simple)}
    said: Json = {"type": kind}
    said |= {key: element[key] for key in ("text", "value", "style") if key in element}
    return said


def merge(view_blocks: list[Json], current: Values, given: Any, *, unchecked: bool) -> Values:
    """Return the state of a view after a person entered the simple values `given`.

    Raises:
        ActError: `given` names a block or an action that the view does not show.
    """
    merged = {block_id: dict(actions) for block_id, actions in current.items()}
    for block_id, action_id, simple in _entries(given):
        placed = find(view_blocks, block_id, action_id)
        if not is_stateful(placed.element):
            raise ActError(
                f"{block_id}/{action_id} is a {placed.element['type']}: it has no value."
            )
        merged[block_id][action_id] = state(placed.element, simple, unchecked=unchecked)
    return merged


def initial(view_blocks: list[Json], kept: Values) -> Values:
    """Return the state of a view that is shown now.

    What a person entered stays where block_id, action_id and kind are still the same.
    """
    values: Values = {}
    for placed in blocks.elements(view_blocks):
        if not is_stateful(placed.element):
            continue
        before = kept.get(placed.block_id, {}).get(placed.action_id)
        same = before is not None and before["type"] == placed.element["type"]
        now = before if same else first_state(placed.element)
        values.setdefault(placed.block_id, {})[placed.action_id] = now
    return values


def find(view_blocks: list[Json], block_id: str, action_id: str) -> Placed:
    """Return the element with these ids.

    Raises:
        ActError: there is none.
    """
    for placed in blocks.elements(view_blocks):
        if (placed.block_id, placed.action_id) == (block_id, action_id):
            return placed
    raise ActError(f"Nothing here has block_id {block_id!r} and action_id {action_id!r}.")


def check(view_blocks: list[Json], values: Values) -> dict[str, str]:
    """Return what Slack's own client says of a form, by block_id, before it sends it."""
    problems = {}
    for placed in blocks.elements(view_blocks):
        if not placed.in_input or not is_stateful(placed.element):
            continue
        value = _value(values[placed.block_id][placed.action_id])
        problem = _problem(placed, value)
        if problem:
            problems[placed.block_id] = problem
    return problems


def _problem(placed: Placed, value: Any) -> str | None:
    if value in (None, "", []):
        return None if placed.block.get("optional") else REQUIRED
    element = placed.element
    if isinstance(value, list) and len(value) > element.get("max_selected_items", len(value)):
        return f"Please choose at most {element['max_selected_items']}."
    if element["type"] == "plain_text_input":
        return _length_problem(element, value)
    if element["type"] == "number_input":
        return _number_problem(element, value)
    if element["type"] == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+", value):
        return "Please enter a valid email address."
    if element["type"] == "url_text_input" and not re.fullmatch(r"https?://\S+", value):
        return "Please enter a valid URL."
    return None


def _length_problem(element: Json, value: str) -> str | None:
    shortest, longest = element.get("min_length", 0), element.get("max_length", LONGEST_TEXT)
    if len(value) < shortest:
        return f"Please use at least {shortest} characters."
    if len(value) > longest:
        return f"Please use at most {longest} characters."
    return None


def _number_problem(element: Json, value: str) -> str | None:
    if not re.fullmatch(r"-?\d+(\.\d+)?", value):
        return "Please enter a valid number."
    if "." in value and not element.get("is_decimal_allowed"):
        return "Please enter a whole number."
    number = float(value)
    if number < float(element.get("min_value", number)):
        return f"Please enter a number that is at least {element['min_value']}."
    if number > float(element.get("max_value", number)):
        return f"Please enter a number that is at most {element['max_value']}."
    return None


def _value(entry: Json) -> Any:
    return next((value for key, value in entry.items() if key != "type"), None)


def _entries(given: Any) -> list[tuple[str, str, Any]]:
    if not isinstance(given, dict) or not all(isinstance(each, dict) for each in given.values()):
        raise ActError('values must look like {"block_id": {"action_id": value}}.')
    return [(block, action, v) for block, actions in given.items() for action, v in actions.items()]


def _list(element: Json, simple: Any) -> list[Any]:
    if simple is None:
        return []
    if not isinstance(simple, list):
        raise ActError(f"{element['action_id']} takes a list of values.")
    return simple


def _text(element: Json, simple: Any, unchecked: bool) -> str | int | None:
    if simple is None or simple == "":
        return None
    if element["type"] == "datetimepicker":
        if isinstance(simple, bool) or not isinstance(simple, int):
            raise ActError(f"{element['action_id']} takes a time in whole seconds since 1970.")
        return simple
    if not isinstance(simple, str):
        raise ActError(f"{element['action_id']} takes a text.")
    shape = _SHAPES.get(element["type"])
    if shape and not unchecked and not shape[0].fullmatch(simple):
        raise ActError(f"{element['action_id']} takes {shape[1]}.")
    return simple


def _feedback(element: Json, simple: Any) -> str:
    """Return the value of the one of two buttons that was pressed."""
    for key in ("positive_button", "negative_button"):
        if element[key]["value"] == simple:
            return str(simple)
    raise ActError(f"{element['action_id']} has no button with the value {simple!r}.")


def _option(element: Json, value: Any, unchecked: bool) -> Json:
    groups = element.get("option_groups") or []
    options = [*(element.get("options") or []), *(o for g in groups for o in g["options"])]
    for option in options:
        if option.get("value") == value:
            return dict(option)
    if unchecked and isinstance(value, str):
        return {"text": {"type": "plain_text", "text": value, "emoji": True}, "value": value}
    raise ActError(f"{element['action_id']} has no option with the value {value!r}.")
