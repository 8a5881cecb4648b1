"""What Slack does not take in a manifest."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox import Sandbox, SandboxError
from tests.contract.facts import Sure, pins
from tests.contract.rig import Json, manifest

SCHEMA = "github.com/slackapi/manifest-schema, 2.0.0"
URL = "https://example.org/slack"

# A place, the longest text that may stand there, and how short it may be.
TEXTS = [
    ("display_information.name", 35, 1),
    ("display_information.description", 140, 1),
    ("display_information.long_description", 4000, 175),
    ("features.bot_user.display_name", 80, 1),
    ("features.shortcuts.0.name", 24, 1),
    ("features.shortcuts.0.callback_id", 255, 1),
    ("features.shortcuts.0.description", 150, 1),
    ("features.slash_commands.0.description", 2000, 1),
    ("features.slash_commands.0.usage_hint", 1000, 1),
    ("features.slash_commands.0.command", 32, 2),
    ("oauth_config.scopes.bot.0", 50, 1),
    ("settings.event_subscriptions.bot_events.0", 50, 1),
]
# A place, how few and how many entries there may be, and what entries they are.
COMMAND = {"command": "/c", "description": "d"}
SHORTCUT = {"name": "n", "type": "global", "callback_id": "c", "description": "d"}
LISTS: list[tuple[str, int, int, Any]] = [
    ("features.slash_commands", 1, 50, COMMAND),
    ("features.shortcuts", 1, 10, SHORTCUT),
    ("features.unfurl_domains", 1, 5, "example.org"),
    ("oauth_config.redirect_urls", 0, 1000, URL),
    ("oauth_config.scopes.bot", 0, 255, "chat:write"),
    ("oauth_config.scopes.bot_optional", 0, 255, "chat:write"),
    ("settings.event_subscriptions.bot_events", 0, 100, "user_change"),
]
UNIQUE = ["features.unfurl_domains", "oauth_config.redirect_urls"]
NEEDED = [
    "features.bot_user.display_name",
    "features.shortcuts.0.name",
    "features.shortcuts.0.type",
    "features.shortcuts.0.callback_id",
    "features.shortcuts.0.description",
    "features.slash_commands.0.command",
    "features.slash_commands.0.description",
    "settings.interactivity.is_enabled",
]
SHAPES = [
    ("display_information.background_color", "red!", "#4a154b"),
    ("features.shortcuts.0.type", "local", "message"),
    ("features.slash_commands.0.command", "hello", "/hello-again"),
    ("settings.interactivity.message_menu_options_url", "example.org", None),
]
URLS = [
    "features.slash_commands.0.url",
    "settings.event_subscriptions.request_url",
    "settings.interactivity.request_url",
    "settings.interactivity.message_menu_options_url",
]


def changed(place: str, value: Any, **declared: Any) -> Json:
    """Return the manifest with something else at a place; None takes away what is there."""
    document = deepcopy(manifest(**declared))
    holder: Any = document
    *way, last = place.split(".")
    for step in way:
        holder = holder[int(step)] if isinstance(holder, list) else holder.setdefault(step, {})
    if isinstance(holder, list):
        holder[int(last)] = value
    elif value is None:
        holder.pop(last, None)
    else:
        holder[last] = value
    return document


@pytest.fixture
def install(tmp_path: Path) -> Any:
    """Give a function that makes a sandbox with a manifest."""

    def install(document: Json) -> Sandbox:
        path = tmp_path / "m.yml"
        path.write_text(yaml.safe_dump(document), encoding="utf-8")
        return Sandbox(manifest=path)

    return install


def named(place: str) -> str:
    """Return a place as a sentence names it, as a pattern."""
    return "".join(rf"\[{s}\]" if s.isdecimal() else f".{s}" for s in place.split("."))[1:]


@pytest.mark.parametrize(("place", "most", "least"), TEXTS)
@pins("Each text of a manifest has a longest and a shortest length.", SCHEMA)
def test_a_text_too_long_or_too_short_is_refused(
    install: Any, place: str, most: int, least: int
) -> None:
    for length in (most, least):
        install(changed(place, "/".ljust(length, "c")))
    for length in (most + 1, least - 1):
        with pytest.raises(
            SandboxError, match=rf"m.yml: {named(place)} (must have {least} to|is missing)"
        ):
            install(changed(place, "/".ljust(length, "c")[:length]))


@pytest.mark.parametrize(("place", "least", "most", "entry"), LISTS)
@pins("A manifest has 1 to 50 commands, 1 to 10 shortcuts, or none at all.", SCHEMA)
@pins("A manifest has 255 scopes of a kind and 100 events at most.", SCHEMA)
def test_too_many_or_too_few_entries_are_refused(
    install: Any, place: str, least: int, most: int, entry: Any
) -> None:
    def entries(count: int) -> list[Any]:
        return [f"{entry}{n}" if isinstance(entry, str) else entry for n in range(count)]

    install(changed(place, entries(most)))
    wrong = [most + 1] if least == 0 else [most + 1, 0]
    for count in wrong:
        with pytest.raises(SandboxError, match=rf"{place} must have .* entries, and has {count}"):
            install(changed(place, entries(count)))


@pytest.mark.parametrize("place", [*UNIQUE, "settings.event_subscriptions.bot_events"])
@pins("No event, domain or redirect URL stands in a manifest twice.", SCHEMA)
def test_what_stands_there_twice_is_refused(install: Any, place: str) -> None:
    with pytest.raises(SandboxError, match=f"{place} must name nothing twice"):
        install(changed(place, ["same", "other", "same"]))


@pytest.mark.parametrize("place", NEEDED)
@pins("A command needs a description, a shortcut all four of its texts.", SCHEMA)
def test_what_must_be_there_is_missed(install: Any, place: str) -> None:
    with pytest.raises(SandboxError, match=f"{named(place)} is missing"):
        install(changed(place, None))


@pytest.mark.parametrize(("place", "wrong", "right"), SHAPES)
@pins("A command begins with a slash, a colour is #rgb or #rrggbb, a URL is http or https.", SCHEMA)
def test_what_has_another_shape_is_refused(
    install: Any, place: str, wrong: str, right: str | None
) -> None:
    with pytest.raises(SandboxError, match=f"{named(place)} must look like"):
        install(changed(place, wrong))
    if right is not None:
        install(changed(place, right))


@pins("A command has no space in its name.", "", Sure.GUESSED)
def test_a_command_of_two_words_is_refused(install: Any) -> None:
    with pytest.raises(SandboxError, match="must look like"):
        install(changed("features.slash_commands.0.command", "/hello you"))


@pytest.mark.parametrize(
    "place",
    [
        "display_information.colour",
        "features.slash_command",
        "features.shortcuts.0.url",
        "settings.socket_mode",
        "settings.event_subscriptions.events",
        "features.rich_previews",
    ],
)
@pins("A key that Slack does not know is refused, except at the top.", SCHEMA)
def test_an_unknown_key_is_refused(install: Any, place: str) -> None:
    with pytest.raises(SandboxError, match=f"has no '{place.rpartition('.')[2]}'"):
        install(changed(place, "x"))
    install(changed("whatever", {}))


@pytest.mark.parametrize("place", URLS)
@pins(
    "With Socket Mode on, a manifest names no request URL.",
    "docs.slack.dev/apis/events-api/using-socket-mode",
    Sure.GUESSED,
)
def test_socket_mode_and_request_urls_exclude_each_other(install: Any, place: str) -> None:
    with pytest.raises(SandboxError, match=f"{named(place)} must not be there"):
        install(changed(place, URL))
    install(changed(place, URL, socket_mode=False))


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        ("features.unfurl_domains", "example.org", "must be a list"),
        ("features.unfurl_domains", [7], "must be text"),
        ("settings.event_subscriptions.request_url", 7, "must be text"),
    ],
)
def test_another_kind_of_value_is_refused(install: Any, place: str, value: Any, words: str) -> None:
    with pytest.raises(SandboxError, match=words):
        install(changed(place, value))
