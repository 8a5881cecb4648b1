"""What Slack refuses in a manifest: names, lengths and counts, as its published schema has them.

https://github.com/slackapi/manifest-schema, major version 2. It checks neither the names of scopes
and events nor that an event has its scope. One rule is not in it: Socket Mode knows no URLs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from sandbox.errors import SandboxError

Rule = TypeVar("Rule")


@dataclass(frozen=True)
class _Text:
    """How many characters a text has, and whether it must be there where what is around it is."""

    least: int
    most: int
    needed: bool = False
    shape: str = ""


@dataclass(frozen=True)
class _List:
    """How many entries a list has, and whether each may stand there once only."""

    least: int
    most: int
    unique: bool = False


_URL = "https?://.*"
_TEXTS = {
    "display_information.name": _Text(1, 35, needed=True),
    "display_information.description": _Text(1, 140),
    "display_information.long_description": _Text(175, 4000),
    "display_information.background_color": _Text(4, 7, shape="#([0-9a-fA-F]{3}){1,2}"),
    "features.bot_user.display_name": _Text(1, 80, needed=True),
    "features.shortcuts[].name": _Text(1, 24, needed=True),
    "features.shortcuts[].type": _Text(1, 7, needed=True, shape="global|message"),
    "features.shortcuts[].callback_id": _Text(1, 255, needed=True),
    "features.shortcuts[].description": _Text(1, 150, needed=True),
    "features.slash_commands[].command": _Text(2, 32, needed=True, shape=r"/\S+"),
    "features.slash_commands[].description": _Text(1, 2000, needed=True),
    "features.slash_commands[].usage_hint": _Text(1, 1000),
    "features.slash_commands[].url": _Text(1, 3000, shape=_URL),
    "features.unfurl_domains[]": _Text(1, 255),
    "oauth_config.redirect_urls[]": _Text(0, 2500),
    "oauth_config.scopes.bot[]": _Text(1, 50),
    "oauth_config.scopes.user[]": _Text(1, 50),
    "oauth_config.scopes.bot_optional[]": _Text(1, 50),
    "oauth_config.scopes.user_optional[]": _Text(1, 50),
    "settings.event_subscriptions.request_url": _Text(1, 3500, shape=_URL),
    "settings.event_subscriptions.bot_events[]": _Text(1, 50),
    "settings.event_subscriptions.user_events[]": _Text(1, 50),
    "settings.interactivity.request_url": _Text(1, 3500, shape=_URL),
    "settings.interactivity.message_menu_options_url": _Text(1, 3500, shape=_URL),
}
_LISTS = {
    "features.shortcuts": _List(1, 10),
    "features.slash_commands": _List(1, 50),
    "features.unfurl_domains": _List(1, 5, unique=True),
    "oauth_config.redirect_urls": _List(0, 1000, unique=True),
    "oauth_config.scopes.bot": _List(0, 255),
    "oauth_config.scopes.user": _List(0, 255),
    "oauth_config.scopes.bot_optional": _List(0, 255),
    "oauth_config.scopes.user_optional": _List(0, 255),
    "settings.event_subscriptions.bot_events": _List(0, 100, unique=True),
    "settings.event_subscriptions.user_events": _List(0, 100, unique=True),
    "settings.event_subscriptions.metadata_subscriptions": _List(1, 20),
    "settings.allowed_ip_address_ranges": _List(1, 50, unique=True),
}
_KEYS = {
    "_metadata": "schema_version min_version major_version minor_version",
    "display_information": "name description long_description background_color",
    "features": "agent_view app_home assistant_view bot_user code_channels functions shortcuts "
    "slash_commands unfurl_domains workflow_steps",
    "features.app_home": "home_tab_enabled messages_tab_enabled messages_tab_read_only_enabled",
    "features.bot_user": "display_name always_online",
    "features.shortcuts[]": "name type callback_id description",
    "features.slash_commands[]": "command url description usage_hint should_escape",
    "oauth_config": "redirect_urls scopes token_management_enabled pkce_enabled",
    "oauth_config.scopes": "bot user bot_optional user_optional",
    "settings": "allowed_ip_address_ranges event_subscriptions function_runtime hermes_app_type "
    "incoming_webhooks interactivity is_hosted is_mcp_enabled org_deploy_enabled siws_links "
    "socket_mode_enabled token_rotation_enabled",
    "settings.event_subscriptions": "request_url bot_events user_events metadata_subscriptions",
    "settings.interactivity": "is_enabled request_url message_menu_options_url",
}
_URLS = (
    "features.slash_commands[].url",
    "settings.event_subscriptions.request_url",
    "settings.interactivity.request_url",
    "settings.interactivity.message_menu_options_url",
)


def check(file: str, document: Any) -> None:
    """Refuse a manifest that Slack would not take.

    Raises:
        SandboxError: with a sentence that names the file, the place and the rule.
    """
    for problem in _problems(document):
        raise SandboxError(f"{file}: {problem}")


def _problems(document: Any) -> Iterator[str]:
    for place, value, keys in _each(document, _KEYS):
        known = keys.split()
        yield from (f"{place} has no {key!r}." for key in value or () if key not in known)
    for place, value, text in _each(document, _TEXTS):
        yield from _text_problems(place, value, text)
    for place, value, many in _each(document, _LISTS):
        yield from _list_problems(place, value, many)
    yield from _interactivity_problems(document)
    yield from _url_problems(document)


def _interactivity_problems(document: Any) -> Iterator[str]:
    for place, value in _at(document, "settings.interactivity.is_enabled"):
        if value is None:
            yield f"{place} is missing."


def _url_problems(document: Any) -> Iterator[str]:
    if not any(on for _, on in _at(document, "settings.socket_mode_enabled")):
        return
    for pattern in _URLS:
        for place, value in _at(document, pattern):
            if value is not None:
                yield f"{place} must not be there: socket_mode_enabled is true."


def _text_problems(place: str, value: Any, rule: _Text) -> Iterator[str]:
    if value is None:
        if rule.needed:
            yield f"{place} is missing."
    elif not isinstance(value, str):
        yield f"{place} must be text."
    elif not rule.least <= len(value) <= rule.most:
        yield f"{place} must have {rule.least} to {rule.most} characters, and has {len(value)}."
    elif rule.shape and not re.fullmatch(rule.shape, value):
        yield f"{place} must look like {rule.shape}, and is {value!r}."


def _list_problems(place: str, value: Any, rule: _List) -> Iterator[str]:
    if value is None:
        return
    if not isinstance(value, list):
        yield f"{place} must be a list."
    elif not rule.least <= len(value) <= rule.most:
        yield f"{place} must have {rule.least} to {rule.most} entries, and has {len(value)}."
    elif rule.unique and any(each in value[:number] for number, each in enumerate(value)):
        yield f"{place} must name nothing twice."


def _each(document: Any, rules: dict[str, Rule]) -> Iterator[tuple[str, Any, Rule]]:
    for pattern, rule in rules.items():
        for place, value in _at(document, pattern):
            yield place, value, rule


def _at(document: Any, pattern: str) -> list[tuple[str, Any]]:
    """Return what stands at a place, such as features.shortcuts[].name, once for each entry.

    What is missing is None where what should hold it is there; else the place does not exist.
    """
    found = [("", document)]
    for step in pattern.split("."):
        name = step.removesuffix("[]")
        found = [
            (f"{place}.{name}".removeprefix("."), holder.get(name))
            for place, holder in found
            if isinstance(holder, dict)
        ]
        if step != name:
            found = [
                (f"{place}[{number}]", each)
                for place, several in found
                if isinstance(several, list)
                for number, each in enumerate(several)
            ]
    return found
