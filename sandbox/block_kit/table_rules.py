"""What Slack refuses in tables: rows, cells, and how much they hold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandbox.block_kit import rich_text_rules
from sandbox.block_kit.rules import Check
from sandbox.workspace import Json

KINDS = frozenset({"table", "data_table"})
ONE = "only_one_table_allowed"
"""What Slack says of a second table in a message."""

_MOST_CHARACTERS = 10_000
_CELLS = 20
_TABLE = frozenset({"type", "block_id", "rows", "column_settings"})
_DATA_TABLE = frozenset(
    {"type", "block_id", "rows", "caption", "page_size", "row_header_column_index"}
)
_CELL_KEYS = {
    "raw_text": frozenset({"type", "text"}),
    "raw_number": frozenset({"type", "text", "value"}),
}


def table(at: Check, block: Json) -> None:
    """Check a plain table."""
    at.known(block, _TABLE)
    _rows(at, block, least=1, most=100)
    if block.get("column_settings") is None:
        return
    for index, column in enumerate(at.list(block, "column_settings", most=_CELLS, least=0)):
        here = at.at("column_settings", index)
        if column is not None and here.known(column, frozenset({"align", "is_wrapped"})):
            here.one_of(column, "align", ("left", "center", "right"))
            here.flags(column, "is_wrapped")


def data_table(at: Check, block: Json) -> None:
    """Check a table that can be sorted: its first row is the header, all rows are alike."""
    at.known(block, _DATA_TABLE)
    at.text(block, "caption", most=3000)
    at.whole(block, "page_size", least=1, most=100)
    rows = _rows(at, block, least=2, most=101)
    widths = {len(row) for row in rows}
    if len(widths) > 1:
        at.say("rows", "must all have the same number of cells")
    at.whole(block, "row_header_column_index", least=0, most=max(widths, default=1) - 1)
    for index, cell in enumerate(rows[0] if rows else []):
        if isinstance(cell, dict) and cell.get("type") == "rich_text":
            at.say("rows", f"must not have rich_text in the header, as in its cell {index}")


def characters(tables: Iterable[Json]) -> int:
    """Return how many characters stand in all cells of these tables."""
    return sum(_length(cell) for block in tables for row in _lists(block) for cell in row)


def too_long(tables: Iterable[Json]) -> bool:
    """Whether the cells hold more than Slack takes in a message."""
    return characters(tables) > _MOST_CHARACTERS


def _lists(block: Json) -> list[list[Any]]:
    rows = block.get("rows")
    return [row for row in rows if isinstance(row, list)] if isinstance(rows, list) else []


def _rows(at: Check, block: Json, *, least: int, most: int) -> list[list[Any]]:
    """Check the rows and return those that are some."""
    for index, row in enumerate(at.list(block, "rows", most=most, least=least)):
        if not isinstance(row, list):
            at.at("rows").say(index, "must provide an array")
            continue
        here = at.at("rows", index)
        here.count(row, "", least=1, most=_CELLS)
        for number, cell in enumerate(row):
            _cell(here.at(number), cell)
    return _lists(block)


def _cell(at: Check, cell: Any) -> None:
    kind = cell.get("type") if isinstance(cell, dict) else None
    if kind == "rich_text":
        rich_text_rules.block(at, cell)
    elif isinstance(kind, str) and kind in _CELL_KEYS:
        at.known(cell, _CELL_KEYS[kind])
        if kind == "raw_number":
            at.number(cell, "value")
            at.texts(cell, {"text": _MOST_CHARACTERS})
        else:
            at.text(cell, "text", most=_MOST_CHARACTERS)
    else:
        at.say("type", f"unsupported type: {kind}")


def _length(cell: Any) -> int:
    text = cell.get("text", cell.get("value")) if isinstance(cell, dict) else None
    return len(str(text)) if text is not None else rich_text_rules.length(cell)
