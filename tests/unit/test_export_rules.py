"""Cells of a copy that begin with a sign which some programs leave out."""

from __future__ import annotations

import pytest

from bot.domain.exports import safe_cell


@pytest.mark.parametrize("first", ["\t", "\r", "\n"])
def test_a_cell_that_begins_with_a_tab_or_a_line_end_is_marked_as_text(first: str) -> None:
    assert safe_cell(f"{first}a walk") == f"'{first}a walk"
