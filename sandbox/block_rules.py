"""What Slack refuses in blocks: how many, how long, which where.

Only what is documented is checked; blocks of which little is known are let through.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Literal

from sandbox import chart_rules
from sandbox.rules import Check
from sandbox.workspace import Json

Surface = Literal["message", "modal", "home"]

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
_ID = 255
_EVERYWHERE = {
    *("actions", "context", "divider", "header", "image", "input", "rich_text", "section"),
    "video",
}
_BLOCKS = {
    "message": _EVERYWHERE
    | {"card", "carousel", "container", "context_actions", "data_table", "data_visualization"}
    | {"file", "markdown", "plan", "table", "task_card"},
    "modal": _EVERYWHERE | {"alert"},
    "home": _EVERYWHERE
    | {"card", "carousel", "container", "data_table", "data_visualization"}
    | {"table"},
}
_SELECTS = {
    f"{many}{kind}_select"
    for many in ("", "multi_")
    for kind in ("channels", "conversations", "external", "static", "users")
}
_PICKERS = {"checkboxes", "datepicker", "datetimepicker", "radio_buttons", "timepicker"}
_TYPED = {"email_text_input", "number_input", "plain_text_input", "url_text_input"}
_IN_ACTIONS = _SELECTS | _PICKERS | {"button", "overflow", "workflow_button", "rich_text_input"}
_IN_SECTION = (_IN_ACTIONS | {"image"}) - {"rich_text_input"}
_IN_INPUT = _SELECTS | _PICKERS | _TYPED | {"file_input", "rich_text_input"}
_MOST_OPTIONS = {"checkboxes": 10, "radio_buttons": 10, "overflow": 5}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def problems(blocks: Sequence[Json], surface: Surface, where: str) -> list[str]:
    """Return what Slack would say of these blocks, each with its place under `where`."""
    check = Check(f"/{where}")
    check.count(blocks, "", least=0, most=MOST_BLOCKS[surface])
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        at = check.at(index)
        if block["type"] not in _BLOCKS[surface]:
            at.say("type", f"unsupported type: {block['type']}")
            continue
        at.text(block, "block_id", most=_ID)
        if block["block_id"] in seen:
            at.say("block_id", f"block_id already exists: {block['block_id']}")
        seen.add(block["block_id"])
        _RULES.get(block["type"], _anything)(at, block)
    return check.problems


def _anything(_at: Check, _block: Json) -> None:
    """Leave a block alone of which no rule is known."""


def _section(at: Check, block: Json) -> None:
    if block.get("text") is None and not block.get("fields"):
        at.say("", "missing required field: text or fields")
    if block.get("text") is not None:
        at.text_object(block, "text", most=3000)
    if block.get("fields") is not None:
        fields = at.list(block, "fields", most=10)
        for index in range(len(fields)):
            at.at("fields").text_object(fields, index, most=2000)
    if block.get("accessory") is not None:
        _element(at.at("accessory"), block["accessory"], _IN_SECTION)


def _header(at: Check, block: Json) -> None:
    at.text_object(block, "text", most=150, plain=True)


def _context(at: Check, block: Json) -> None:
    elements = at.list(block, "elements", most=10)
    for index, element in enumerate(elements):
        if isinstance(element, dict) and element.get("type") == "image":
            _image(at.at("elements", index), element)
        else:
            at.at("elements").text_object(elements, index, most=3000)


def _actions(at: Check, block: Json) -> None:
    seen: set[Any] = set()
    for index, element in enumerate(at.list(block, "elements", most=25)):
        here = at.at("elements", index)
        _element(here, element, _IN_ACTIONS)
        name = element.get("action_id") if isinstance(element, dict) else None
        if isinstance(name, str) and name in seen:
            here.say("action_id", f"action_id already exists: {name}")
        seen.add(name if isinstance(name, str) else None)


def _input(at: Check, block: Json) -> None:
    at.text_object(block, "label", most=2000, plain=True)
    if block.get("hint") is not None:
        at.text_object(block, "hint", most=2000, plain=True)
    _element(at.at("element"), block.get("element"), _IN_INPUT)


def _image(at: Check, block: Json) -> None:
    at.text(block, "alt_text", most=2000, least=0)
    if block.get("slack_file") is None:
        at.text(block, "image_url", most=3000)
    if block.get("title") is not None:
        at.text_object(block, "title", most=2000, plain=True)


def _element(at: Check, element: Any, allowed: set[str]) -> None:
    if not isinstance(element, dict):
        at.say("", "must be an object")
        return
    kind = element.get("type")
    if kind not in allowed:
        at.say("type", f"unsupported type: {kind}")
        return
    if kind == "image":
        _image(at, element)
        return
    at.text(element, "action_id", most=_ID)
    if element.get("placeholder") is not None:
        at.text_object(element, "placeholder", most=150, plain=True)
    if element.get("confirm") is not None:
        _confirm(at.at("confirm"), element["confirm"])
    rule = _ELEMENTS.get(str(kind))
    if rule is not None:
        rule(at, element)


def _button(at: Check, element: Json) -> None:
    at.text_object(element, "text", most=75, plain=True)
    for key, most in (("value", 2000), ("url", 3000), ("accessibility_label", 75)):
        if element.get(key) is not None:
            at.text(element, key, most=most, least=0)
    if element.get("style") not in (None, "primary", "danger"):
        at.say("style", "must be primary or danger")


def _options(at: Check, element: Json) -> None:
    most = _MOST_OPTIONS.get(element["type"], 100)
    if element.get("option_groups") is not None:
        groups = at.list(element, "option_groups", most=100)
        for index, group in enumerate(groups):
            here = at.at("option_groups", index)
            here.text_object(group, "label", most=75, plain=True)
            _each_option(here, group, most, plain=True)
        options = [option for group in groups for option in group.get("options") or []]
    else:
        plain = element["type"] not in ("checkboxes", "radio_buttons")
        options = _each_option(at, element, most, plain=plain)
    first = element.get("initial_options") or [element.get("initial_option")]
    known = [option.get("value") for option in options if isinstance(option, dict)]
    for chosen in first:
        if chosen is not None and (
            not isinstance(chosen, dict) or chosen.get("value") not in known
        ):
            at.say("initial_option", "must be one of the options")


def _each_option(at: Check, holder: Json, most: int, *, plain: bool) -> list[Any]:
    options = at.list(holder, "options", most=most)
    for index, option in enumerate(options):
        here = at.at("options", index)
        here.text_object(option, "text", most=75, plain=plain)
        here.text(option, "value", most=150)
        if isinstance(option, dict) and option.get("description") is not None:
            here.text_object(option, "description", most=75, plain=plain)
    return options


def _datepicker(at: Check, element: Json) -> None:
    first = element.get("initial_date")
    if first is not None and not (isinstance(first, str) and _DATE.fullmatch(first)):
        at.say("initial_date", "must be a date in the format YYYY-MM-DD")


def _typed(at: Check, element: Json) -> None:
    for key, least in (("min_length", 0), ("max_length", 1)):
        length = element.get(key)
        if length is not None and not (isinstance(length, int) and least <= length <= 3000):
            at.say(key, f"must be an integer from {least} to 3000")
    if element.get("initial_value") is not None:
        at.text(element, "initial_value", most=element.get("max_length") or 3000, least=0)


def _confirm(at: Check, confirm: Any) -> None:
    at.text_object(confirm, "title", most=100, plain=True)
    at.text_object(confirm, "text", most=300)
    at.text_object(confirm, "confirm", most=30, plain=True)
    at.text_object(confirm, "deny", most=30, plain=True)


_RULES: dict[str, Callable[[Check, Json], None]] = {
    "actions": _actions,
    "context": _context,
    "data_visualization": chart_rules.check,
    "header": _header,
    "image": _image,
    "input": _input,
    "section": _section,
}
_ELEMENTS: dict[str, Callable[[Check, Json], None]] = {
    "button": _button,
    "checkboxes": _options,
    "datepicker": _datepicker,
    "multi_static_select": _options,
    "overflow": _options,
    "plain_text_input": _typed,
    "radio_buttons": _options,
    "static_select": _options,
}
