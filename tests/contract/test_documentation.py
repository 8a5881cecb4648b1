"""What is written of the sandbox is all there is, and true."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sandbox.control.acts import ACTS
from sandbox.webapi import COMMON_ERRORS, METHODS
from tests.contract.facts import as_markdown, modules, pinned_in

FOLDER = Path(__file__).parents[2] / "docs"
DOCS = (FOLDER / "sandbox.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted([*METHODS, *ACTS]))
def test_every_method_and_every_act_is_documented(name: str) -> None:
    assert f"`{name}`" in DOCS


@pytest.mark.parametrize("name", sorted(METHODS))
def test_every_refusal_of_a_method_is_pinned(name: str) -> None:
    declared = {f"{name}: {code}" for code in METHODS[name].errors - COMMON_ERRORS}
    pinned = {each for m in modules() for _, fact in pinned_in(m) for each in fact.refusals}
    assert declared - pinned == set()


def test_the_page_of_facts_says_what_the_tests_pin() -> None:
    page = FOLDER / "sandbox-facts.md"
    if os.environ.get("UPDATE_GOLDEN"):
        page.write_text(as_markdown(), encoding="utf-8")
    assert page.read_text(encoding="utf-8") == as_markdown()
