"""The manifest against Slack's limits and against the code: nothing missing, nothing unused.

The limits are those of Slack's manifest schema (major version 2) as of 2026-07. That schema
checks neither the names of scopes and events nor that an event has its scope, so the table of
what needs which scope stands here.
"""

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from slack_bolt import App

import handlers
from bot.services import Services
from handlers import events

ROOT = Path(__file__).parents[2]
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())
FEATURES = MANIFEST["features"]
SCOPES = set(MANIFEST["oauth_config"]["scopes"]["bot"])
EVENTS = set(MANIFEST["settings"].get("event_subscriptions", {}).get("bot_events", []))

SCOPE_OF_METHOD: dict[str, str | set[str] | None] = {
    "views_open": None,
    "views_push": None,
    "views_update": None,
    "views_publish": None,
    "auth_test": None,
    "users_info": "users:read",
    "users_list": "users:read",
    "chat_postMessage": "chat:write",
    "chat_postEphemeral": "chat:write",
    "chat_update": "chat:write",
    "chat_delete": "chat:write",
    "conversations_open": "im:write",
    "conversations_info": {"channels:read", "groups:read"},
    "conversations_list": {"channels:read", "groups:read"},
    "conversations_members": {"channels:read", "groups:read"},
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "conversations_replies": {"channels:history", "groups:history", "im:history"},
    "pins_add": "pins:write",
    "pins_remove": "pins:write",
    "reactions_get": "reactions:read",
    "files_getUploadURLExternal": "files:write",
    "files_completeUploadExternal": "files:write",
    "files_delete": "files:write",
    "files_list": "files:read",
    "files_info": "files:read",
}
SCOPE_OF_EVENT = {
    "channel_archive": "channels:read",
    "channel_deleted": "channels:read",
    "channel_left": "channels:read",
    "channel_rename": "channels:read",
    "channel_shared": "channels:read",
    "channel_unarchive": "channels:read",
    "channel_unshared": "channels:read",
    "group_archive": "groups:read",
    "group_deleted": "groups:read",
    "group_left": "groups:read",
    "group_rename": "groups:read",
    "group_unarchive": "groups:read",
    "member_left_channel": "channels:read",
    "app_home_opened": None,
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "member_joined_channel": "channels:read",
    "user_change": "users:read",
    "app_uninstalled": None,
    "tokens_revoked": None,
}


def slack_calls() -> set[str]:
    """Return the Web API methods that the bot's code names, as slack_sdk spells them."""
    called = set()
    for folder in ("bot", "handlers", "scheduler"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Attribute) and re.fullmatch(
                    r"(views|users|chat|conversations|reactions|auth|files|pins|usergroups|"
                    r"bookmarks|canvases|team|dnd)_[a-zA-Z_]+",
                    node.attr,
                ):
                    called.add(node.attr)
    return called


class Recorder:
    """Stands where the Bolt app stands, and remembers what the handlers listen to."""

    def __init__(self) -> None:
        self.heard: dict[str, list[Any]] = {}

    def __getattr__(self, kind: str) -> Callable[..., Any]:
        def listen(name: Any, *_: Any) -> Callable[[Any], Any]:
            self.heard.setdefault(kind, []).append(name)
            return lambda handler: handler

        return listen


@pytest.fixture
def heard() -> dict[str, list[str]]:
    recorder = Recorder()
    handlers.register(cast(App, recorder), cast(Services, None))
    # No listener takes a pattern but the last, so every name can be held against the manifest.
    assert recorder.heard["event"].pop() == events.ANY
    named = {kind: names for kind, names in recorder.heard.items() if kind not in {"use", "error"}}
    assert all(isinstance(name, str) for names in named.values() for name in names)
    return named


def test_every_command_and_shortcut_has_a_listener_and_every_listener_its_entry(
    heard: dict[str, list[str]],
) -> None:
    assert sorted(heard["command"]) == sorted(
        each["command"] for each in FEATURES["slash_commands"]
    )
    assert sorted(heard["shortcut"]) == sorted(
        each["callback_id"] for each in FEATURES["shortcuts"]
    )
    assert set(heard.get("event", [])) == EVENTS


def test_no_listener_is_registered_twice_and_none_of_an_unknown_kind(
    heard: dict[str, list[str]],
) -> None:
    assert set(heard) <= {"command", "shortcut", "view", "action", "event"}
    assert all(len(names) == len(set(names)) for names in heard.values())


def test_every_call_has_its_scope_and_every_scope_its_use() -> None:
    needed = {SCOPE_OF_EVENT[event] for event in EVENTS}
    for call in slack_calls():
        scopes = SCOPE_OF_METHOD[call]
        needed |= scopes if isinstance(scopes, set) else {scopes}
    if FEATURES["slash_commands"] or FEATURES["shortcuts"]:
        needed.add("commands")
    assert needed - {None} == SCOPES


def test_forms_and_buttons_are_switched_on_and_the_socket_too() -> None:
    assert MANIFEST["settings"]["interactivity"]["is_enabled"] is True
    assert MANIFEST["settings"]["socket_mode_enabled"] is True


def test_nobody_can_write_into_the_void_of_the_messages_tab() -> None:
    assert FEATURES["app_home"]["messages_tab_enabled"] is True
    assert FEATURES["app_home"]["messages_tab_read_only_enabled"] is True
    assert FEATURES["app_home"]["home_tab_enabled"] is True


def between(text: str, shortest: int, longest: int) -> bool:
    return shortest <= len(text) <= longest


def test_the_texts_keep_slacks_limits() -> None:
    display = MANIFEST["display_information"]
    assert between(display["name"], 1, 35)
    assert between(display["description"], 1, 140)
    assert between(display.get("long_description", "x" * 175), 175, 4000)
    assert re.fullmatch(r"#([0-9a-f]{3}|[0-9a-f]{6})", display["background_color"])
    assert re.fullmatch(r"[a-z0-9._-]{1,80}", FEATURES["bot_user"]["display_name"])
    assert between(FEATURES["slash_commands"], 1, 50)
    for command in FEATURES["slash_commands"]:
        assert re.fullmatch(r"/[a-z]{1,31}", command["command"])
        assert between(command["description"], 1, 2000)
        assert between(command["usage_hint"], 1, 1000)
        assert "url" not in command
    assert between(FEATURES["shortcuts"], 1, 10)
    for shortcut in FEATURES["shortcuts"]:
        assert between(shortcut["name"], 1, 24)
        assert shortcut["type"] in {"global", "message"}
        assert between(shortcut["callback_id"], 1, 255)
        assert between(shortcut["description"], 1, 150)
    assert len(SCOPES) <= 255
    assert all(len(scope) <= 50 for scope in SCOPES)


@pytest.mark.parametrize("entry", ["commands", "shortcuts", "events"])
def test_nothing_is_listed_twice(entry: str) -> None:
    lists = {
        "commands": [each["command"] for each in FEATURES["slash_commands"]],
        "shortcuts": [each["callback_id"] for each in FEATURES["shortcuts"]],
        "events": MANIFEST["settings"].get("event_subscriptions", {}).get("bot_events", []),
    }
    assert len(lists[entry]) == len(set(lists[entry]))
