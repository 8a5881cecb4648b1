"""What Slack refuses in blocks: how many, how long, which where.

Each kind of block has a rule. A kind without one is unknown, to Slack and here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from sandbox.block_kit import card_rules, chart_rules, element_rules, rich_text_rules, table_rules
from sandbox.block_kit.nesting import inside, nested
from sandbox.block_kit.rules import Check
from sandbox.workspace import Json

Surface = Literal["message", "modal", "home"]

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
_MOST_MARKDOWN = 12_000
_EVERYWHERE = frozenset(
    {"actions", "context", "divider", "header", "image", "input", "rich_text", "section"}
    | {"video"}
)
_SHARED = frozenset({"card", "carousel", "container", "data_table", "data_visualization", "table"})
_BLOCKS = {
    "message": _EVERYWHERE | _SHARED | {"context_actions", "markdown", "plan", "task_card"},
    "modal": _EVERYWHERE | {"alert"},
    "home": _EVERYWHERE | _SHARED,
}
_ONLY_IN_MODALS = frozenset({"file_input"})


def problems(blocks: Sequence[Json], surface: Surface, where: str) -> list[str]:
    """Return what Slack would say of these blocks, each with its place under `where`.

    Every one must have its ids.
    """
    check = Check(*where.split("/"))
    check.count(blocks, "", least=0, most=MOST_BLOCKS[surface])
    seen: set[str] = set()
    focused = 0
    for place, block in nested(blocks):
        at = check.at(*place)
        if block["type"] not in _BLOCKS[surface]:
            at.say("type", f"unsupported type: {block['type']}")
            continue
        name = at.text(block, "block_id", most=element_rules.ID)
        if name in seen:
            at.say("block_id", f"block_id already exists: {name}")
        seen |= {name} if name is not None else set()
        _RULES[block["type"]](at, block)
        focused += _elements(at, block, surface)
    if focused > 1:
        check.say("", "focus_on_load may be set only once")
    _together(check, blocks, surface)
    return check.problems


def has_two_tables(blocks: Sequence[Json]) -> bool:
    """Whether there is more than the one table that Slack shows in a message."""
    return sum(block["type"] in table_rules.KINDS for _place, block in nested(blocks)) > 1


def _elements(at: Check, block: Json, surface: Surface) -> int:
    """Compare the elements of a block, and return how many want to be focused."""
    seen: set[str] = set()
    focused = 0
    for place, element in inside(block):
        name = element.get("action_id")
        if isinstance(name, str) and name in seen:
            at.at(*place).say("action_id", f"action_id already exists: {name}")
        seen |= {name} if isinstance(name, str) else set()
        focused += element.get("focus_on_load") is True
        if element["type"] in _ONLY_IN_MODALS and surface != "modal":
            at.at(*place).say("type", f"unsupported type: {element['type']}")
    return focused


def _together(check: Check, blocks: Sequence[Json], surface: Surface) -> None:
    """Check what counts in a message as a whole."""
    if surface != "message":
        return
    kinds = [block["type"] for block in blocks]
    if kinds.count("plan") > 1:
        check.say("", "Cannot have more than 1 plan block")
    if "markdown" in kinds:
        texts = [block.get("text") for block in blocks if block["type"] == "markdown"]
        if sum(len(text) for text in texts if isinstance(text, str)) > _MOST_MARKDOWN:
            check.say("", f"markdown must be less than {_MOST_MARKDOWN + 1} characters in total")
    tables = [block for _place, block in nested(blocks) if block["type"] in table_rules.KINDS]
    if table_rules.too_long(tables):
        check.say("", "the cells of a table must be less than 10001 characters in total")


def _section(at: Check, block: Json) -> None:
    at.known(block, _keys("text", "fields", "accessory", "expand"))
    if block.get("text") is None and block.get("fields") is None:
        at.say("", "must define either text or fields")
    at.text_objects(block, {"text": 3000})
    at.flags(block, "expand")
    if block.get("fields") is not None:
        fields = at.list(block, "fields", most=10)
        for index in range(len(fields)):
            at.at("fields").text_object(fields, index, most=2000)
    if block.get("accessory") is not None:
        element_rules.element(at.at("accessory"), block["accessory"], element_rules.IN_SECTION)


def _header(at: Check, block: Json) -> None:
    at.known(block, _keys("text", "level"))
    at.text_object(block, "text", most=150, plain=True)
    at.whole(block, "level", least=1, most=4)


def _context(at: Check, block: Json) -> None:
    at.known(block, _keys("elements"))
    elements = at.list(block, "elements", most=10)
    for index, element in enumerate(elements):
        if isinstance(element, dict) and element.get("type") == "image":
            element_rules.image(at.at("elements", index), element)
        else:
            at.at("elements").text_object(elements, index, most=3000)


def _actions(at: Check, block: Json) -> None:
    at.known(block, _keys("elements"))
    for index, element in enumerate(at.list(block, "elements", most=25)):
        element_rules.element(at.at("elements", index), element, element_rules.IN_ACTIONS)


def _input(at: Check, block: Json) -> None:
    at.known(block, _keys("label", "element", "hint", "dispatch_action", "optional"))
    at.text_object(block, "label", most=2000, plain=True)
    at.text_objects(block, {"hint": 2000}, plain=True)
    at.flags(block, "dispatch_action", "optional")
    element_rules.element(at.at("element"), block.get("element"), element_rules.IN_INPUT)


def _image(at: Check, block: Json) -> None:
    element_rules.image(at, block, more=frozenset({"block_id", "title"}))
    at.text_objects(block, {"title": 2000}, plain=True)


def _divider(at: Check, block: Json) -> None:
    at.known(block, _keys())


def _markdown(at: Check, block: Json) -> None:
    at.known(block, _keys("text"))
    at.text(block, "text", most=_MOST_MARKDOWN)


def _video(at: Check, block: Json) -> None:
    at.known(
        block,
        _keys("alt_text", "title", "title_url", "description", "thumbnail_url", "video_url")
        | {"author_name", "provider_name", "provider_icon_url"},
    )
    at.text(block, "alt_text", most=2000)
    at.text_object(block, "title", most=199, plain=True)
    at.text_objects(block, {"description": 199}, plain=True)
    at.texts(block, {"author_name": 49, "provider_name": 49})
    at.url(block, "thumbnail_url")
    at.url(block, "video_url", secure=True)
    for key, secure in (("title_url", True), ("provider_icon_url", False)):
        if block.get(key) is not None:
            at.url(block, key, secure=secure)


def _keys(*names: str) -> frozenset[str]:
    return frozenset({"type", "block_id", *names})


_RULES: dict[str, Callable[[Check, Json], None]] = {
    "actions": _actions,
    "alert": card_rules.alert,
    "card": card_rules.card,
    "carousel": card_rules.carousel,
    "container": card_rules.container,
    "context": _context,
    "context_actions": card_rules.context_actions,
    "data_table": table_rules.data_table,
    "data_visualization": chart_rules.check,
    "divider": _divider,
    "header": _header,
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "plan": card_rules.plan,
    "rich_text": rich_text_rules.block,
    "section": _section,
    "table": table_rules.table,
    "task_card": card_rules.task_card,
    "video": _video,
}
