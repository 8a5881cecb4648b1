"""The pieces of Block Kit that our views are made of, as plain dictionaries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Block = dict[str, Any]
View = dict[str, Any]

MOST_OPTIONS = 100
"""As many does Slack show in one select."""


def plain(text: str) -> Block:
    """Return a plain text object; Slack shows it as it is."""
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Block:
    """Return a text object in Slack's markdown. Our own words only."""
    return {"type": "mrkdwn", "text": text}


def section(text: str) -> Block:
    """Return a paragraph of our own words."""
    return {"type": "section", "text": mrkdwn(text)}


def context(text: str) -> Block:
    """Return small print in our own words."""
    return {"type": "context", "elements": [mrkdwn(text)]}


def quoted(text: str) -> Block:
    """Return what a person wrote, shown exactly as written."""
    quote = {"type": "rich_text_quote", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [quote]}


def picture(text: str) -> Block:
    """Return lines of our own drawing, in characters of one width."""
    return section(f"```{text}```")


def buttons(*pairs: tuple[str, str, str]) -> Block:
    """Return a row of buttons, each given as action id, value and label."""
    return {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": action, "value": value, "text": plain(label)}
            for action, value, label in pairs
        ],
    }


def with_button(text: str, *, action: str, value: str, label: str, confirm: str) -> Block:
    """Return a paragraph of our own words with a button that asks once more before it acts."""
    button = {
        "type": "button",
        "action_id": action,
        "value": value,
        "text": plain(label),
        "confirm": {
            "title": plain("Are you sure?"),
            "text": plain(confirm),
            "confirm": plain(label),
            "deny": plain("Keep it"),
        },
    }
    return {**section(text), "accessory": button}


def option(value: str, text: str) -> Block:
    """Return one choice."""
    return {"text": plain(text), "value": value}


def choice(
    name: str,
    label: str,
    options: Sequence[Block],
    *,
    kind: str = "radio_buttons",
    chosen: str | None = None,
    hint: str | None = None,
    optional: bool = False,
) -> Block:
    """Return an input that takes one of `options`; `chosen` is a value of them."""
    element: Block = {"type": kind, "action_id": name, "options": list(options)}
    initial = next((each for each in options if each["value"] == chosen), None)
    if initial is not None:
        element["initial_option"] = initial
    return _input(name, label, element, hint=hint, optional=optional)


def tick(
    name: str,
    label: str,
    text: str,
    *,
    ticked: bool = False,
    optional: bool = False,
    hint: str | None = None,
) -> Block:
    """Return an input with one box to tick; `ticked` only for what somebody has ticked before."""
    box = option("yes", text)
    element: Block = {"type": "checkboxes", "action_id": name, "options": [box]}
    if ticked:
        element["initial_options"] = [box]
    return _input(name, label, element, hint=hint, optional=optional)


def date_field(name: str, label: str, *, optional: bool = False) -> Block:
    """Return an input that takes a day, with none chosen."""
    return _input(name, label, {"type": "datepicker", "action_id": name}, optional=optional)


def text_field(
    name: str, label: str, *, limit: int, initial: str | None = None, hint: str | None = None
) -> Block:
    """Return an optional input of several lines."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": name,
        "multiline": True,
        "max_length": limit,
    }
    if initial:
        element["initial_value"] = initial
    return _input(name, label, element, hint=hint, optional=True)


def _input(
    name: str, label: str, element: Block, *, hint: str | None = None, optional: bool = False
) -> Block:
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "element": element,
        "optional": optional,
    }
    if hint:
        block["hint"] = plain(hint)
    return block


def modal(
    *,
    title: str,
    blocks: Iterable[Block],
    close: str,
    callback_id: str | None = None,
    submit: str | None = None,
    private_metadata: str = "",
) -> View:
    """Return a modal; with `submit` it is a form that comes back under `callback_id`."""
    view: View = {
        "type": "modal",
        "title": plain(title),
        "close": plain(close),
        "blocks": list(blocks),
    }
    if private_metadata:
        view["private_metadata"] = private_metadata
    if callback_id is not None:
        view["callback_id"] = callback_id
    if submit is not None:
        view["submit"] = plain(submit)
    return view


def chosen(view: Mapping[str, Any], name: str) -> str | None:
    """Return the value chosen in the input `name` of a submitted view, or None."""
    picked = _state(view, name).get("selected_option")
    return str(picked["value"]) if isinstance(picked, dict) and "value" in picked else None


def chosen_date(view: Mapping[str, Any], name: str) -> str | None:
    """Return the day chosen in the input `name`, as Slack writes it, or None."""
    day = _state(view, name).get("selected_date")
    return day if isinstance(day, str) and day else None


def ticked(view: Mapping[str, Any], name: str) -> bool:
    """Whether the box of `name` was ticked."""
    return bool(_state(view, name).get("selected_options"))


def typed(view: Mapping[str, Any], name: str) -> str | None:
    """Return the text typed into `name`, or None when it was left empty."""
    value = _state(view, name).get("value")
    return value if isinstance(value, str) and value else None


def inputs(view: Mapping[str, Any]) -> list[str]:
    """Return the block ids of a view's inputs: the only places a sentence can stand beside."""
    return [
        str(block["block_id"]) for block in view.get("blocks", ()) if block.get("type") == "input"
    ]


def _state(view: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    # A forged or outdated form may lack any part of this; then the field counts as empty.
    found = view.get("state", {}).get("values", {}).get(name, {}).get(name)
    return found if isinstance(found, dict) else {}
