"""Blocks that make no sense, in any place."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.block_kit import blocks as kept
from sandbox.errors import SlackError
from tests.contract.blocks import (
    actions,
    below,
    beside,
    button,
    card,
    chart,
    container,
    data_table,
    feedback,
    image,
    line,
    listed,
    pie,
    rich,
    select,
    table,
    trash,
    word,
)
from tests.contract.rig import Json, field, options, plain

SAMPLES = [
    beside(select(2, placeholder=plain("x"))),
    field("a", dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"]}),
    field("b", "checkboxes", options=options("a"), initial_options=options("a")),
    actions(button(confirm={}), {"type": "overflow", "options": options("a")}),
    {"type": "context", "elements": [plain("x"), image(slack_file={"id": "F1"})]},
    rich(line(word(style={"bold": True})), listed(line(word()))),
    table(column_settings=[{"align": "left"}]),
    data_table(rows=2),
    chart(),
    pie(),
    container(card(actions=[button()]), actions(button())),
    {"type": "carousel", "elements": [card(icon=image())]},
    below(feedback(), trash()),
    {"type": "plan", "title": "x", "tasks": [{"task_id": "1", "title": "x", "sources": [{}]}]},
]
NONSENSE: list[Any] = [None, True, 7, 1e400, 10**400, "x", "", [], {}, [[]], [7], {"type": []}]


def places(value: Any) -> Iterator[list[Any]]:
    """Yield the way to everything in a value."""
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield [key]
            yield from ([key, *rest] for rest in places(value[key]))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["type"])
@pytest.mark.parametrize("surface", ["message", "modal", "home"])
def test_nonsense_in_any_place_is_taken_or_refused(sample: Json, surface: Any) -> None:
    for place in places(sample):
        for nonsense in NONSENSE:
            spoilt = copy.deepcopy(sample)
            holder = spoilt
            for key in place[:-1]:
                holder = holder[key]
            holder[place[-1]] = nonsense
            try:
                kept.complete([spoilt], "blocks", surface)
            except SlackError:
                continue
