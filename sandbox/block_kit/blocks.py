"""Block Kit as the server keeps it: every block and element has its id."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.block_kit import block_rules, table_rules
from sandbox.block_kit.block_rules import Surface
from sandbox.block_kit.chart_rules import MOST_CHARTS
from sandbox.block_kit.element_rules import INTERACTIVE
from sandbox.block_kit.nesting import inside, is_typed, nested
from sandbox.errors import invalid_arguments, refusal
from sandbox.workspace import Json

_HOLDERS = (dict, list)


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


def elements(blocks: Iterable[Json]) -> Iterator[Placed]:
    """Yield the interactive elements in the order in which a person meets them.

    One that stands in a card or in a block of a container has that block, not the outermost.
    """
    for _place, block in nested(blocks):
        for _where, element in inside(block):
            if "action_id" in element:
                yield Placed(block, element)


def complete(blocks: Any, where: str, surface: Surface) -> list[Json]:
    """Return a copy of `blocks` in which every block and element has an id.

    `where` names the argument for the message of a refusal. Charts that are too many for Slack
    are not in the copy.

    Raises:
        SlackError: `invalid_arguments` when it is no list of blocks; `invalid_blocks` (in a view
            `invalid_arguments`) when they break a rule of this surface; `invalid_attachments`
            for a second table in a message, which Slack keeps with the attachments.
    """
    if not isinstance(blocks, list):
        raise invalid_arguments(f"must be an array [json-pointer:/{where}]")
    for index, block in enumerate(blocks):
        if not is_typed(block):
            raise invalid_arguments(f"must be a block [json-pointer:/{where}/{index}]")
    try:
        completed: list[Json] = copied(blocks)
    except RecursionError:
        raise invalid_arguments(f"nested too deeply [json-pointer:/{where}]") from None
    _identify(completed)
    problems = block_rules.problems(completed, surface, where)
    if problems:
        raise refusal("invalid_blocks" if surface == "message" else "invalid_arguments", *problems)
    if surface == "message" and block_rules.has_two_tables(completed):
        raise refusal("invalid_attachments", table_rules.ONE)
    return _shown(completed)


def copied(value: Any) -> Any:
    """Return a copy of a JSON value; several times faster than deepcopy, which knows cycles."""
    if isinstance(value, dict):
        return {
            key: copied(each) if isinstance(each, _HOLDERS) else each for key, each in value.items()
        }
    if isinstance(value, list):
        return [copied(each) for each in value]
    return value


def _identify(blocks: list[Json]) -> None:
    """Give an id to every block and interactive element that has none."""
    for _place, block in nested(blocks):
        if not block.get("block_id"):
            block["block_id"] = secrets.token_urlsafe(4)
        for _where, element in inside(block):
            if element["type"] in INTERACTIVE and not element.get("action_id"):
                element["action_id"] = secrets.token_urlsafe(4)


def _shown(blocks: list[Json]) -> list[Json]:
    """Return the blocks without the charts after the second."""
    charts = [index for index, each in enumerate(blocks) if each["type"] == "data_visualization"]
    dropped = set(charts[MOST_CHARTS:])
    return [block for index, block in enumerate(blocks) if index not in dropped]
