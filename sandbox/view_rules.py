"""What Slack refuses in a view, besides its blocks."""

from __future__ import annotations

import json
from typing import Literal

from sandbox import blocks
from sandbox.errors import SlackError, invalid_arguments
from sandbox.rules import Check
from sandbox.workspace import Json

_LARGEST = 250_000
_LONGEST = {"private_metadata": 3000, "callback_id": 255, "external_id": 255}


def check(view: Json, kind: Literal["modal", "home"]) -> list[Json]:
    """Return the blocks of a view with their ids, if all of it is as Slack wants it.

    Raises:
        SlackError: `invalid_arguments` with reasons, or `view_too_large`.
    """
    at = Check("/view")
    for key, most in _LONGEST.items():
        if view.get(key) is not None:
            at.text(view, key, most=most, least=0)
    if kind == "modal":
        at.text_object(view, "title", most=24, plain=True)
        for key in ("submit", "close"):
            if view.get(key) is not None:
                at.text_object(view, key, most=24, plain=True)
    if at.problems:
        raise invalid_arguments(*at.problems)
    completed = blocks.complete(view.get("blocks"), "view/blocks", kind)
    if kind == "modal" and not view.get("submit"):
        asks = any(block["type"] == "input" for block in completed)
        if asks:
            raise invalid_arguments("missing required field: submit [json-pointer:/view]")
    if len(json.dumps(view, ensure_ascii=False).encode()) > _LARGEST:
        raise SlackError("view_too_large")
    return completed
