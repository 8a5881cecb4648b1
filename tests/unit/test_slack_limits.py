"""Every view and message keeps the rules by which the sandbox, like Slack, refuses one."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.domain.checkins import NOTE_LIMIT
from bot.views import checkins
from bot.views import support as support_view
from sandbox.block_kit import blocks, view_rules
from sandbox.errors import SlackError
from tests.unit import support_views
from tests.unit.shown import MESSAGES, VIEWS, history

MAKERS = Path(checkins.__file__).parent


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_keeps_slacks_rules(name: str) -> None:
    check_view(VIEWS[name])


def test_every_modal_is_among_the_views_that_are_looked_at() -> None:
    looked_at = [*VIEWS.values(), *support_views.EVERY_BOARD]
    titles = {view["title"]["text"] for view in looked_at if view["type"] == "modal"}
    assert titles_in_the_code() - titles == set()


def titles_in_the_code() -> set[str]:
    """Return every title that is written down in a call of `modal`."""
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in MAKERS.glob("*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = [word.value for call in calls for word in call.keywords if word.arg == "title"]
    return {str(each.value) for each in named if isinstance(each, ast.Constant)}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_keeps_slacks_rules(name: str) -> None:
    assert refused(lambda: blocks.complete(MESSAGES[name], "blocks", "message")) == []


def test_help_for_every_country_keeps_slacks_rules() -> None:
    for shown in support_views.EVERY_HELP:
        check_view(support_view.help_now(shown))
        assert len(support_view.help_text(shown)) <= 3000
    for board in support_views.EVERY_BOARD:
        check_view(board)


def test_the_fullest_history_fits_into_a_view() -> None:
    check_view(checkins.history(history("😔" * NOTE_LIMIT)))


def check_view(view: dict[str, Any]) -> None:
    assert refused(lambda: view_rules.check(view, view["type"])) == []


def refused(check: Callable[[], object]) -> list[str]:
    """Return why Slack would refuse it."""
    try:
        check()
    except SlackError as error:
        return [error.code, *error.extra.get("response_metadata", {}).get("messages", [])]
    return []
