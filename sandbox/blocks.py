"""Block Kit as the server keeps it: every block and element has its id."""

from __future__ import annotations

import copy
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox import block_rules
from sandbox.block_rules import Surface
from sandbox.chart_rules import MOST_CHARTS
from sandbox.errors import invalid_arguments, refusal
from sandbox.workspace import Json


@dataclass(frozen=True)
class Placed:
    """An interactive element and the block it stands in."""

    block: Json
    element: Json

    @property
    def block_id(self) -> str:
        """The id of the block."""
        return str(self.block["block_id"])

    @property
    def action_id(self) -> str:
        """The id of the element."""
        return str(self.element["action_id"])

    @property
    def in_input(self) -> bool:
        """Whether the element stands in an input block."""
        return bool(self.block["type"] == "input")


def elements(blocks: list[Json]) -> Iterator[Placed]:
    """Yield the interactive elements in the order in which a person meets them."""
    for block in blocks:
        for element in _inside(block):
            if "action_id" in element:
                yield Placed(block, element)


def complete(blocks: Any, where: str, surface: Surface) -> list[Json]:
    """Return a copy of `blocks` in which every block and element has an id.

    `where` names the argument for the message of a refusal. Charts that are too many for Slack
    are not in the copy.

    Raises:
        SlackError: `invalid_arguments` when it is no list of blocks; `invalid_blocks` (in a view
            `invalid_arguments`) when they break a rule of this surface.
    """
    if not isinstance(blocks, list):
        raise invalid_arguments(f"must be an array [json-pointer:/{where}]")
    completed: list[Json] = copy.deepcopy(blocks)
    for index, block in enumerate(completed):
        if not isinstance(block, dict) or not isinstance(block.get("type"), str):
            raise invalid_arguments(f"must be a block [json-pointer:/{where}/{index}]")
        if not block.get("block_id"):
            block["block_id"] = secrets.token_urlsafe(4)
        for element in _inside(block):
            if element.get("type") in INTERACTIVE and not element.get("action_id"):
                element["action_id"] = secrets.token_urlsafe(4)
    problems = block_rules.problems(completed, surface, where)
    if problems:
        code = "invalid_blocks" if surface == "message" else "invalid_arguments"
        raise refusal(code, *problems)
    return _shown(completed)


def _shown(blocks: list[Json]) -> list[Json]:
    """Return the blocks without the charts after the second."""
    charts = [index for index, each in enumerate(blocks) if each["type"] == "data_visualization"]
    dropped = set(charts[MOST_CHARTS:])
    return [block for index, block in enumerate(blocks) if index not in dropped]


def _inside(block: Json) -> Iterator[Json]:
    """Yield what may be interactive in a block."""
    candidates = [block.get("element"), block.get("accessory")]
    if block["type"] in ("actions", "context_actions") and isinstance(block.get("elements"), list):
        candidates += block["elements"]
    yield from (each for each in candidates if isinstance(each, dict))


INTERACTIVE = frozenset(
    {
        "button",
        "checkboxes",
        "channels_select",
        "conversations_select",
        "datepicker",
        "datetimepicker",
        "email_text_input",
        "external_select",
        "feedback_buttons",
        "file_input",
        "icon_button",
        "multi_channels_select",
        "multi_conversations_select",
        "multi_external_select",
        "multi_static_select",
        "multi_users_select",
        "number_input",
        "overflow",
        "plain_text_input",
        "radio_buttons",
        "rich_text_input",
        "static_select",
        "timepicker",
        "url_text_input",
        "users_select",
        "workflow_button",
    }
)
