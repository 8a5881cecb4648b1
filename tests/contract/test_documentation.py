"""docs/sandbox.md: what can be called and done stands there."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.acts import ACTS
from sandbox.webapi import METHODS

DOCS = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted([*METHODS, *ACTS]))
def test_every_method_and_every_act_is_documented(name: str) -> None:
    assert f"`{name}`" in DOCS
