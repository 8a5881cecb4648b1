"""The words of help: calm, and nothing that a lead entered does more than stand there."""

from __future__ import annotations

import json

import pytest

from bot.views import support as support_view
from tests.unit import support_views
from tests.unit.shown import TEXTS, VIEWS


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("eap.example", "<https://eap.example|eap.example>"),
        ("https://eap.example/a-b", "<https://eap.example/a-b|https://eap.example/a-b>"),
        ("http://eap.example", "http://eap.example"),
        ("eap.example|x> <!channel>", "eap.example|x&gt; &lt;!channel&gt;"),
        ("ask at the desk", "ask at the desk"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_only_what_is_plainly_an_address_becomes_a_link(address: str, shown: str) -> None:
    assert support_view.linked(address) == shown


def test_nothing_that_a_lead_entered_pings_anybody() -> None:
    for shown in support_views.EVERY_HELP:
        assert "<!" not in json.dumps(support_view.help_now(shown))
        assert "<!" not in support_view.help_text(shown)


@pytest.mark.parametrize("name", [*support_views.VIEWS, *support_views.TEXTS])
def test_the_words_of_help_are_calm(name: str) -> None:
    words = TEXTS.get(name) or json.dumps(VIEWS[name], ensure_ascii=False)
    assert "!" not in words
    for word in ("risk", "suicidal", "commit", "don't worry", "crisis!", "please call"):
        assert word not in words.lower()
