"""What Slack refuses in rich text: paragraphs, lists, quotes, code, and what stands in them."""

from __future__ import annotations

from typing import Any

from sandbox.block_kit.rules import Check
from sandbox.workspace import Json

_STYLES = frozenset(
    {"bold", "italic", "strike", "underline", "code", "highlight", "client_highlight", "unlink"}
)
_BLOCK = frozenset({"type", "block_id", "elements"})
_ENDLESS = 40_000
# What an element of a line needs, and what it may have besides a style.
_WORDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "broadcast": (("range",), ()),
    "channel": (("channel_id",), ()),
    "color": (("value",), ()),
    "date": (("format",), ("timestamp", "url", "fallback")),
    "emoji": (("name",), ("skin_tone", "unicode")),
    "link": (("url",), ("text", "unsafe")),
    "team": (("team_id",), ()),
    "text": (("text",), ()),
    "user": (("user_id",), ()),
    "usergroup": (("usergroup_id",), ()),
}
_WORD_KEYS = {
    kind: frozenset({"type", "style", *needed, *more}) for kind, (needed, more) in _WORDS.items()
}
_PART_KEYS = {
    "rich_text_list": frozenset({"type", "elements", "style", "indent", "offset", "border"}),
    "rich_text_preformatted": frozenset({"type", "elements", "border", "language"}),
    "rich_text_quote": frozenset({"type", "elements", "border"}),
    "rich_text_section": frozenset({"type", "elements"}),
}


def block(at: Check, given: Any) -> None:
    """Check a rich_text block, wherever it stands."""
    if not at.known(given, _BLOCK):
        return
    if given.get("type") != "rich_text":
        at.say("type", f"unsupported type: {given.get('type')}")
    for index, part in enumerate(at.list(given, "elements", most=_ENDLESS, least=0)):
        _part(at.at("elements", index), part, _PART_KEYS)


def length(given: Any) -> int:
    """Return how many characters a rich text shows."""
    if isinstance(given, list):
        return sum(map(length, given))
    if not isinstance(given, dict):
        return 0
    text = given.get("text")
    return (len(text) if isinstance(text, str) else 0) + length(given.get("elements"))


def _part(at: Check, given: Any, allowed: dict[str, frozenset[str]]) -> None:
    kind = given.get("type") if isinstance(given, dict) else None
    if not isinstance(kind, str) or kind not in allowed:
        at.say("type", f"unsupported type: {kind}")
        return
    at.known(given, allowed[kind])
    at.whole(given, "border", least=0, most=1)
    if kind == "rich_text_list":
        _list(at, given)
        return
    for index, word in enumerate(at.list(given, "elements", most=_ENDLESS, least=0)):
        _word(at.at("elements", index), word)


def _list(at: Check, given: Json) -> None:
    at.text(given, "style", most=20)
    at.one_of(given, "style", ("bullet", "ordered"))
    at.whole(given, "indent", least=0, most=8)
    at.whole(given, "offset", least=0, most=_ENDLESS)
    sections = {"rich_text_section": _PART_KEYS["rich_text_section"]}
    for index, item in enumerate(at.list(given, "elements", most=_ENDLESS)):
        _part(at.at("elements", index), item, sections)


def _word(at: Check, given: Any) -> None:
    kind = given.get("type") if isinstance(given, dict) else None
    if not isinstance(kind, str) or kind not in _WORDS:
        at.say("type", f"unsupported type: {kind}")
        return
    at.known(given, _WORD_KEYS[kind])
    for key in _WORDS[kind][0]:
        at.text(given, key, most=_ENDLESS)
    if kind == "broadcast":
        at.one_of(given, "range", ("here", "channel", "everyone"))
    elif kind == "date" and at.whole(given, "timestamp", least=0, most=2**53) is None:
        at.say("timestamp", "must provide an integer")
    style = given.get("style")
    if style is not None and at.known(style, _STYLES, what="style"):
        at.at("style").flags(style, *_STYLES)
