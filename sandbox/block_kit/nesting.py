"""Blocks within blocks, and the elements in them: where ids are given, looked up and compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sandbox.workspace import Json

_CHILDREN = {"carousel": "elements", "container": "child_blocks"}
_ELEMENTS = {"actions": "elements", "card": "actions", "context_actions": "elements"}


def nested(
    blocks: Iterable[Any], *place: str | int
) -> Iterator[tuple[tuple[str | int, ...], Json]]:
    """Yield each block with its place below `place`: itself, then the blocks that it holds."""
    for index, block in enumerate(blocks):
        if not is_typed(block):
            continue
        here = (*place, index)
        yield here, block
        key = _CHILDREN.get(block["type"])
        if key is not None and isinstance(block.get(key), list):
            yield from nested(block[key], *here, key)


def inside(block: Json) -> list[tuple[tuple[str | int, ...], Json]]:
    """Return what may be interactive in a block, but not in its children, each with its place."""
    found: list[tuple[tuple[str | int, ...], Any]] = [
        ((key,), block[key]) for key in ("element", "accessory") if key in block
    ]
    key = _ELEMENTS.get(block["type"])
    if key is not None and isinstance(block.get(key), list):
        found += [((key, index), each) for index, each in enumerate(block[key])]
    return [(place, each) for place, each in found if is_typed(each)]


def is_typed(value: Any) -> bool:
    """Whether this is an object with a type, as blocks and elements are."""
    return isinstance(value, dict) and isinstance(value.get("type"), str)
