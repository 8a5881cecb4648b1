"""What Slack refuses in the blocks of 2025 and 2026: cards, containers, alerts, tasks."""

from __future__ import annotations

from typing import Any

from sandbox.block_kit import element_rules, rich_text_rules
from sandbox.block_kit.rules import Check
from sandbox.workspace import Json

_ALERT = frozenset({"type", "block_id", "text", "level"})
_LEVELS = ("default", "info", "warning", "error", "success")
_CARD = frozenset(
    {"type", "block_id", "hero_image", "icon", "slack_icon", "title", "subtitle", "body"}
    | {"subtext", "actions"}
)
_CAROUSEL = frozenset({"type", "block_id", "elements"})
_CONTAINER = frozenset(
    {"type", "block_id", "child_blocks", "title", "rich_text_title", "subtitle", "icon", "width"}
    | {"is_collapsible", "default_collapsed", "has_header_divider"}
)
IN_CONTAINER = frozenset(
    {"actions", "context", "divider", "header", "image", "input", "rich_text", "section"}
    | {"table", "video"}
)
"""What may stand in a container."""

_TASK = frozenset(
    {"type", "block_id", "task_id", "title", "details", "output", "sources", "status"}
)
_STATES = ("pending", "in_progress", "complete", "error")
_LONGEST = 12_000


def alert(at: Check, block: Json) -> None:
    """Check an alert."""
    at.known(block, _ALERT)
    at.text_object(block, "text", most=200)
    at.one_of(block, "level", _LEVELS)


def card(at: Check, block: Json) -> None:
    """Check a card, alone or in a carousel."""
    at.known(block, _CARD)
    if not any(block.get(key) for key in ("hero_image", "title", "actions", "body")):
        at.say("", "must define hero_image, title, actions or body")
    at.text_objects(block, {"title": 150, "subtitle": 150, "body": 200, "subtext": 200})
    if block.get("icon") is not None and block.get("slack_icon") is not None:
        at.say("", "must define either icon or slack_icon")
    _images(at, block)
    if block.get("actions") is not None:
        for index, each in enumerate(at.list(block, "actions", most=3)):
            element_rules.element(at.at("actions", index), each, element_rules.IN_CARD)


def carousel(at: Check, block: Json) -> None:
    """Check a carousel; its cards are checked as the blocks that they are."""
    at.known(block, _CAROUSEL)
    for index, each in enumerate(at.list(block, "elements", most=10)):
        if not isinstance(each, dict) or each.get("type") != "card":
            at.at("elements").say(index, "must be a card")


def container(at: Check, block: Json) -> None:
    """Check a container; the blocks in it are checked as the blocks that they are."""
    at.known(block, _CONTAINER)
    if block.get("title") is None and block.get("rich_text_title") is None:
        at.say("", "must define title or rich_text_title")
    at.text_objects(block, {"title": 150}, plain=True)
    at.text_objects(block, {"subtitle": 150})
    if block.get("rich_text_title") is not None:
        rich_text_rules.block(at.at("rich_text_title"), block["rich_text_title"])
    _images(at, block)
    at.one_of(block, "width", ("narrow", "standard", "wide", "full"))
    at.flags(block, "is_collapsible", "default_collapsed", "has_header_divider")
    if block.get("default_collapsed") and not block.get("is_collapsible"):
        at.say("default_collapsed", "needs is_collapsible")
    if block.get("has_header_divider") and block.get("is_collapsible"):
        at.say("has_header_divider", "cannot be set with is_collapsible")
    for index, each in enumerate(at.list(block, "child_blocks", most=10)):
        kind = each.get("type") if isinstance(each, dict) else None
        if not isinstance(kind, str) or kind not in IN_CONTAINER:
            at.at("child_blocks", index).say("type", f"unsupported type: {kind}")


def context_actions(at: Check, block: Json) -> None:
    """Check the small buttons below a message."""
    at.known(block, frozenset({"type", "block_id", "elements"}))
    for index, each in enumerate(at.list(block, "elements", most=5)):
        element_rules.element(at.at("elements", index), each, element_rules.IN_CONTEXT_ACTIONS)


def task_card(at: Check, block: Any) -> None:
    """Check one task, alone or in a plan."""
    if not at.known(block, _TASK):
        return
    at.text(block, "task_id", most=_LONGEST)
    at.text(block, "title", most=_LONGEST)
    at.one_of(block, "status", _STATES)
    for key in ("details", "output"):
        if block.get(key) is not None:
            rich_text_rules.block(at.at(key), block[key])
    if block.get("sources") is None:
        return
    for index, source in enumerate(at.list(block, "sources", most=_LONGEST, least=0)):
        here = at.at("sources", index)
        if here.known(source, frozenset({"type", "url", "text"})):
            here.text(source, "type", most=3)
            here.one_of(source, "type", ("url",))
            here.url(source, "url")
            here.text(source, "text", most=_LONGEST)


def plan(at: Check, block: Json) -> None:
    """Check a plan and the tasks in it."""
    at.known(block, frozenset({"type", "block_id", "title", "tasks"}))
    if isinstance(block.get("title"), dict):
        at.text_object(block, "title", most=_LONGEST, plain=True)
    else:
        at.text(block, "title", most=_LONGEST)
    if block.get("tasks") is not None:
        for index, each in enumerate(at.list(block, "tasks", most=_LONGEST, least=0)):
            task_card(at.at("tasks", index), each)


def _images(at: Check, block: Json) -> None:
    for key in ("hero_image", "icon"):
        if block.get(key) is not None:
            element_rules.element(at.at(key), block[key], frozenset({"image"}))
