"""The pieces of Block Kit that our views are made of, as plain dictionaries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
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


def plain_context(text: str) -> Block:
    """Return small print that names something people wrote; Slack shows it as it is."""
    return {"type": "context", "elements": [plain(text)]}


def header(text: str) -> Block:
    """Return a heading."""
    return {"type": "header", "text": plain(text)}


def bullets(items: Iterable[Sequence[Block]]) -> Block:
    """Return a list; each item is made of rich text elements, shown exactly as they are."""
    sections = [{"type": "rich_text_section", "elements": list(item)} for item in items]
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_list", "style": "bullet", "elements": sections}],
    }


def line_chart(
    title: str, labels: Sequence[str], series: Mapping[str, Sequence[float]], *, x: str, y: str
) -> Block:
    """Return a chart of lines, each with one point for every label.

    Slack draws up to six lines and twenty points; names and labels have up to twenty characters.
    """
    lines = [
        {
            "name": name,
            "data": [
                {"label": label, "value": value}
                for label, value in zip(labels, values, strict=True)
            ],
        }
        for name, values in series.items()
    ]
    axes = {"categories": list(labels), "x_label": x, "y_label": y}
    return {
        "type": "data_visualization",
        "title": title,
        "chart": {"type": "line", "series": lines, "axis_config": axes},
    }


def paragraph(*elements: Block) -> Block:
    """Return a paragraph of rich text elements, shown exactly as they are."""
    words = {"type": "rich_text_section", "elements": list(elements)}
    return {"type": "rich_text", "elements": [words]}


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


def button(action: str, value: str, label: str, *, confirm: str | None = None) -> Block:
    """Return a button; with `confirm` it asks once more before it acts."""
    made: Block = {
        "type": "button",
        "action_id": action,
        "value": value,
        "text": plain(label),
    }
    if confirm is not None:
        made["confirm"] = {
            "title": plain("Are you sure?"),
            "text": plain(confirm),
            "confirm": plain(label),
            "deny": plain("Keep it"),
        }
    return made


def with_button(
    text: str, *, action: str, value: str, label: str, confirm: str | None = None
) -> Block:
    """Return a paragraph of our own words with a button; with `confirm` it asks before it acts."""
    return {**section(text), "accessory": button(action, value, label, confirm=confirm)}


def with_select(
    text: str,
    *,
    action: str,
    options: Sequence[Block],
    chosen: str | None,
    placeholder: str,
) -> Block:
    """Return a paragraph of our own words with a menu that acts at once when one is chosen."""
    menu: Block = {
        "type": "static_select",
        "action_id": action,
        "placeholder": plain(placeholder),
        "options": list(options),
    }
    initial = next((each for each in options if each["value"] == chosen), None)
    if initial is not None:
        menu["initial_option"] = initial
    return {**section(text), "accessory": menu}


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


def line_field(name: str, label: str, *, limit: int, hint: str) -> Block:
    """Return an input of one line."""
    element: Block = {"type": "plain_text_input", "action_id": name, "max_length": limit}
    return _input(name, label, element, hint=hint)


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
    name: str,
    label: str,
    *,
    limit: int,
    initial: str | None = None,
    hint: str | None = None,
    multiline: bool = True,
    optional: bool = True,
) -> Block:
    """Return an input, of several lines and optional unless it is said."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": name,
        "multiline": multiline,
        "max_length": limit,
    }
    if initial:
        element["initial_value"] = initial
    return _input(name, label, element, hint=hint, optional=optional)


def choices(
    name: str,
    label: str,
    options: Sequence[Block],
    *,
    kind: str,
    chosen: Collection[str] = (),
    hint: str | None = None,
    optional: bool = True,
) -> Block:
    """Return an input that takes any number of `options`; `chosen` holds values of them."""
    element: Block = {"type": kind, "action_id": name, "options": list(options)}
    initial = [each for each in options if each["value"] in chosen]
    if initial:
        element["initial_options"] = initial
    return _input(name, label, element, hint=hint, optional=optional)


def pick(
    name: str,
    label: str,
    kind: str,
    *,
    initial: str | None = None,
    hint: str | None = None,
    optional: bool = False,
) -> Block:
    """Return an input of one of Slack's own pickers: users_select, timepicker or datepicker."""
    element: Block = {"type": kind, "action_id": name}
    if initial:
        element[f"initial_{_PICKED[kind].removeprefix('selected_')}"] = initial
    return _input(name, label, element, hint=hint, optional=optional)


_PICKED = {
    "users_select": "selected_user",
    "timepicker": "selected_time",
    "datepicker": "selected_date",
}


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


def home_tab(blocks: Iterable[Block]) -> View:
    """Return what stands in somebody's Home tab.

    Its rows of buttons keep their names, so that a click is understood that meets the tab just as
    it is drawn anew.
    """
    return {"type": "home", "blocks": [_named(each) for each in blocks]}


def _named(block: Block) -> Block:
    if block["type"] != "actions":
        return block
    return {**block, "block_id": block["elements"][0]["action_id"]}


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


def picked(view: Mapping[str, Any], name: str) -> str | None:
    """Return what was picked in one of Slack's own pickers, or None."""
    state = _state(view, name)
    found = next((state[key] for key in _PICKED.values() if state.get(key)), None)
    return found if isinstance(found, str) else None


def all_chosen(view: Mapping[str, Any], name: str) -> list[str]:
    """Return the values chosen in the input `name`, in the order of their options."""
    given = _state(view, name).get("selected_options")
    options = given if isinstance(given, list) else []
    return [str(each["value"]) for each in options if isinstance(each, dict) and "value" in each]


def inputs(view: Mapping[str, Any]) -> list[str]:
    """Return the block ids of a view's inputs: the only places a sentence can stand beside."""
    return [
        str(block["block_id"]) for block in view.get("blocks", ()) if block.get("type") == "input"
    ]


def escaped(text: str) -> str:
    """Return what a person wrote so that Slack shows it and does nothing else with it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unmarked(text: str) -> str:
    """Return our own words for a place where Slack draws no marks, such as beside a field."""
    return text.replace("`", "").replace("*", "")


def _state(view: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    # A forged or outdated form may lack any part of this; then the field counts as empty.
    found = view.get("state", {}).get("values", {}).get(name, {}).get(name)
    return found if isinstance(found, dict) else {}
