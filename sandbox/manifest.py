"""The installed app, read from its manifest: what is not declared there does not work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from sandbox import documents, manifest_rules
from sandbox.errors import SandboxError

MessagesTab = Literal["off", "read_only", "open"]

# These need the scope of the kind of channel that they are about.
_BY_KIND = (
    "member_joined_channel",
    "member_left_channel",
    "channel_shared",
    "channel_unshared",
)
# An event is only delivered when the app also holds one of these scopes.
EVENT_SCOPES: dict[str, tuple[str, ...]] = {
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "app_mention": ("app_mentions:read",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "app_home_opened": (),
    "app_uninstalled": (),
    "tokens_revoked": (),
    "user_change": ("users:read",),
    "team_join": ("users:read",),
    "pin_added": ("pins:read",),
    "pin_removed": ("pins:read",),
    "channel_archive": ("channels:read",),
    "channel_deleted": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_left": ("channels:read",),
    "group_archive": ("groups:read",),
    "group_deleted": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "group_rename": ("groups:read",),
    "group_left": ("groups:read",),
    **dict.fromkeys(_BY_KIND, ("channels:read", "groups:read")),
}


@dataclass(frozen=True)
class Command:
    """A slash command of the app."""

    command: str
    description: str
    usage_hint: str
    should_escape: bool = False


@dataclass(frozen=True)
class Shortcut:
    """A shortcut of the app; `kind` is "global" or "message"."""

    name: str
    kind: str
    callback_id: str
    description: str


@dataclass(frozen=True)
class Manifest:
    """What the installed app declares."""

    name: str
    description: str
    background_color: str
    bot_name: str
    commands: tuple[Command, ...]
    shortcuts: tuple[Shortcut, ...]
    scopes: tuple[str, ...]
    redirect_urls: tuple[str, ...]
    events: frozenset[str]
    interactivity: bool
    socket_mode: bool
    home_tab: bool
    messages_tab: MessagesTab

    def command(self, name: str) -> Command | None:
        """Return the declared command of that name, if the app may have commands at all."""
        if "commands" not in self.scopes:
            return None
        return next((each for each in self.commands if each.command == name), None)

    def shortcut(self, callback_id: str, kind: str) -> Shortcut | None:
        """Return the declared shortcut, if the app may have shortcuts at all."""
        if "commands" not in self.scopes:
            return None
        wanted = (callback_id, kind)
        return next(
            (each for each in self.shortcuts if (each.callback_id, each.kind) == wanted), None
        )

    def hears(self, event: str, scope: str | None = None) -> bool:
        """Whether the app subscribed to `event` (such as message.channels) and may have it.

        `scope` is the one that it needs here, where that depends on the place.
        """
        scopes = (scope,) if scope and event in _BY_KIND else EVENT_SCOPES[event]
        return event in self.events and (not scopes or any(s in self.scopes for s in scopes))


def read(path: Path) -> Manifest:
    """Read a manifest file (YAML, or JSON, which is a part of it).

    Raises:
        SandboxError: the file is missing, is no YAML, or Slack would not take what it says.
    """
    try:
        document = documents.read(path)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SandboxError(f"{path} cannot be read as a manifest: {error}") from error
    found = _manifest(_Part(path.name, "", document))
    manifest_rules.check(path.name, document)
    return found


def _manifest(top: _Part) -> Manifest:
    display, features = top.part("display_information"), top.part("features")
    settings, home = top.part("settings"), features.part("app_home")
    name = display.text("name")
    if not name:
        raise SandboxError(f"{top.file}: display_information.name is missing.")
    return Manifest(
        name=name,
        description=display.text("description"),
        background_color=display.text("background_color") or "#4a154b",
        bot_name=features.part("bot_user").text("display_name") or name.lower(),
        commands=tuple(_command(each) for each in features.parts("slash_commands")),
        shortcuts=tuple(_shortcut(each) for each in features.parts("shortcuts")),
        scopes=tuple(top.part("oauth_config").part("scopes").texts("bot")),
        redirect_urls=tuple(top.part("oauth_config").texts("redirect_urls")),
        events=frozenset(settings.part("event_subscriptions").texts("bot_events")),
        interactivity=settings.part("interactivity").flag("is_enabled"),
        socket_mode=settings.flag("socket_mode_enabled"),
        home_tab=home.flag("home_tab_enabled"),
        messages_tab=_messages_tab(home),
    )


def _command(part: _Part) -> Command:
    return Command(
        part.text("command"),
        part.text("description"),
        part.text("usage_hint"),
        part.flag("should_escape"),
    )


def _shortcut(part: _Part) -> Shortcut:
    texts = (part.text(key) for key in ("name", "type", "callback_id", "description"))
    return Shortcut(*texts)


def _messages_tab(home: _Part) -> MessagesTab:
    if not home.flag("messages_tab_enabled"):
        return "off"
    return "read_only" if home.flag("messages_tab_read_only_enabled") else "open"


class _Part:
    """A mapping inside the manifest that names its place when something is wrong."""

    def __init__(self, file: str, place: str, value: Any) -> None:
        self.file, self._place = file, place
        if value is None:
            value = {}
        if not isinstance(value, dict):
            raise SandboxError(f"{file}: {place or 'the manifest'} must be a mapping.")
        self._value = value

    def part(self, key: str) -> _Part:
        return _Part(self.file, self._at(key), self._value.get(key))

    def parts(self, key: str) -> Iterator[_Part]:
        for index, value in enumerate(self._items(key)):
            yield _Part(self.file, f"{self._at(key)}[{index}]", value)

    def text(self, key: str) -> str:
        value = self._value.get(key, "")
        if not isinstance(value, str):
            raise SandboxError(f"{self.file}: {self._at(key)} must be text.")
        return value

    def texts(self, key: str) -> list[str]:
        items = self._items(key)
        if not all(isinstance(item, str) for item in items):
            raise SandboxError(f"{self.file}: {self._at(key)} must be a list of texts.")
        return items

    def flag(self, key: str) -> bool:
        value = self._value.get(key, False)
        if not isinstance(value, bool):
            raise SandboxError(f"{self.file}: {self._at(key)} must be true or false.")
        return value

    def _items(self, key: str) -> list[Any]:
        items = self._value.get(key) or []
        if not isinstance(items, list):
            raise SandboxError(f"{self.file}: {self._at(key)} must be a list.")
        return items

    def _at(self, key: str) -> str:
        return f"{self._place}.{key}" if self._place else key
