"""What Slack refuses in a view, besides its blocks."""

from __future__ import annotations

import json
from typing import Literal

from sandbox.block_kit import blocks
from sandbox.block_kit.rules import Check
from sandbox.errors import SlackError, invalid_arguments
from sandbox.workspace import Json

_LARGEST = 250_000
_HOME = frozenset({"type", "blocks", "private_metadata", "callback_id", "external_id"})
_MODAL = (
    _HOME | {"title", "submit", "close", "clear_on_close", "notify_on_close"} | {"submit_disabled"}
)
_LONGEST = {"private_metadata": 3000, "callback_id": 255, "external_id": 255}


def check(view: Json, kind: Literal["modal", "home"]) -> list[Json]:
    """Return the blocks of a view with their ids, if all of it is as Slack wants it.

    Raises:
        SlackError: `invalid_arguments` with reasons, or `view_too_large`.
    """
    at = Check("view")
    at.known(view, _MODAL if kind == "modal" else _HOME)
    at.texts(view, _LONGEST, least=0)
    if kind == "modal":
        at.text_object(view, "title", most=24, plain=True)
        at.text_objects(view, {"submit": 24, "close": 24}, plain=True)
        at.flags(view, "clear_on_close", "notify_on_close", "submit_disabled")
    if at.problems:
        raise invalid_arguments(*at.problems)
    completed = blocks.complete(view.get("blocks"), "view/blocks", kind)
    if kind == "modal" and not view.get("submit"):
        asks = any(block["type"] == "input" for block in completed)
        if asks:
            raise invalid_arguments("missing required field: submit [json-pointer:/view]")
    if _is_too_large(view):
        raise SlackError("view_too_large")
    return completed


def _is_too_large(view: Json) -> bool:
    """Whether a view has more bytes than Slack takes.

    Escaped it is never shorter, and quickly written; so hardly any has to be written twice.
    """
    if len(json.dumps(view)) <= _LARGEST:
        return False
    return len(json.dumps(view, ensure_ascii=False).encode()) > _LARGEST
