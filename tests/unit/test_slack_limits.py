"""Every view keeps Slack's limits for what we use (docs.slack.dev, Block Kit reference)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.domain.checkins import NOTE_LIMIT
from bot.views import checkins
from bot.views import support as support_view
from tests.unit import support_views
from tests.unit.shown import VIEWS, history, parts


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_keeps_slacks_limits(name: str) -> None:
    check_view(VIEWS[name])


def test_help_for_every_country_keeps_slacks_limits() -> None:
    for shown in support_views.EVERY_HELP:
        check_view(support_view.help_now(shown))
        assert len(support_view.help_text(shown)) <= 3000
    for board in support_views.EVERY_BOARD:
        check_view(board)


def check_view(view: dict[str, Any]) -> None:
    for part in ("title", "submit", "close"):
        assert len(view.get(part, {"text": ""})["text"]) <= 24
    assert len(view["blocks"]) <= 100
    assert len(view.get("private_metadata", "")) <= 3000
    assert len(json.dumps(view)) <= 250_000
    ids = [block["block_id"] for block in view["blocks"] if "block_id" in block]
    assert len(ids) == len(set(ids))
    has_input = any(block["type"] == "input" for block in view["blocks"])
    assert not has_input or "submit" in view
    for part in parts(view["blocks"]):
        check_part(part)


def check_part(part: dict[str, Any]) -> None:
    if part.get("type") == "section":
        assert 1 <= len(part["text"]["text"]) <= 3000
    if part.get("type") == "context":
        assert len(part["elements"]) <= 10
    if "options" in part:
        assert len(part["options"]) <= {"radio_buttons": 10, "checkboxes": 10}.get(
            part["type"], 100
        )
    if "value" in part and "text" in part:
        assert len(part["value"]) <= 150
        assert len(part["text"]["text"]) <= 75
    if isinstance(part.get("label"), dict):
        assert len(part["label"]["text"]) <= 2000
    if part.get("type") == "button":
        assert len(part["value"]) <= 2000
        assert len(part["text"]["text"]) <= 75
    if "placeholder" in part:
        assert len(part["placeholder"]["text"]) <= 150


def test_the_fullest_history_fits_into_a_view() -> None:
    page = checkins.history(history("😔" * NOTE_LIMIT))
    assert len(json.dumps(page)) <= 250_000
    assert len(page["blocks"]) <= 100
