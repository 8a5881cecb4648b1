"""Fills a workspace from a YAML file: people, zones, channels and a few messages."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from sandbox import documents
from sandbox.clock import Clock
from sandbox.errors import SandboxError
from sandbox.manifest import Manifest
from sandbox.workspace import Channel, Message, Role, User, Workspace, Zone

OTHER_TEAM = "T0SBX000002"
"""The other company, with which channels are shared."""

COMPANY = Path(__file__).parent / "seeds" / "company.yml"


def plant(path: Path, app: Manifest, clock: Clock) -> Workspace:
    """Return a new workspace with the company of `path` in it and `app` installed.

    Raises:
        SandboxError: the file is missing or names something that does not exist.
    """
    try:
        return _plant(documents.read(path), app, clock)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SandboxError(f"{path} cannot be read as a seed: {error}") from error
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise SandboxError(f"{path.name} is not a usable seed: {error!r}") from error


def _plant(document: Any, app: Manifest, clock: Clock) -> Workspace:
    team = document["team"]
    workspace = Workspace(
        team_id="T0SBX000001", name=team["name"], domain=team["domain"], clock=clock
    )
    zones = {name: _zone(name, labels) for name, labels in document["zones"].items()}
    for person in document["people"]:
        _add_person(workspace, person, zones)
    _add_bot(workspace, app)
    for channel in document["channels"]:
        _add_channel(workspace, channel, clock)
    _say(workspace, document.get("messages") or [], clock)
    return workspace


def _zone(name: str, labels: dict[str, str]) -> Zone:
    try:
        ZoneInfo(name)
    except ZoneInfoNotFoundError as error:
        raise ValueError(f"there is no time zone {name}") from error
    return Zone(name, labels["standard"], labels.get("summer", labels["standard"]))


def _add_person(workspace: Workspace, person: dict[str, Any], zones: dict[str, Zone]) -> None:
    workspace.add_user(
        User(
            id=workspace.new_id("U"),
            name=person["name"],
            real_name=person["real_name"],
            title=person.get("title", ""),
            note=person.get("note", ""),
            zone=zones[person["zone"]],
            locale=person.get("locale", "en-US"),
            role=_role(person.get("role", "member")),
            other_team=OTHER_TEAM if person.get("external", False) else None,
        )
    )


def _role(name: Any) -> Role:
    if name not in get_args(Role):
        raise ValueError(f"there is no role {name!r}")
    role: Role = name
    return role


def _add_bot(workspace: Workspace, app: Manifest) -> None:
    workspace.bot = workspace.add_user(
        User(
            id=workspace.new_id("U"),
            name=app.bot_name,
            real_name=app.name,
            title="",
            note="the app",
            zone=Zone("America/Los_Angeles", "Pacific Standard Time", "Pacific Daylight Time"),
            locale="en-US",
            bot_id=workspace.new_id("B"),
        )
    )


def _add_channel(workspace: Workspace, channel: dict[str, Any], clock: Clock) -> None:
    wanted = channel["members"]
    people = {person.name: person.id for person in workspace.people()}
    ours = [person.id for person in workspace.people() if not person.is_external]
    members = ours if wanted == "everyone" else [people[n] for n in wanted]
    outside = any(workspace.users[member].is_external for member in members)
    if channel.get("bot", False):
        members.append(workspace.bot.id)
    workspace.add_channel(
        Channel(
            id=workspace.new_id("C"),
            name=channel["name"],
            kind="private" if channel.get("private", False) else "channel",
            created=int((clock.now() - timedelta(days=200)).timestamp()),
            topic=channel.get("topic", ""),
            purpose=channel.get("purpose", ""),
            creator=members[0] if members else workspace.bot.id,
            shared_with=[OTHER_TEAM] if outside or channel.get("shared", False) else [],
            members=members,
        )
    )


def _say(workspace: Workspace, messages: list[dict[str, Any]], clock: Clock) -> None:
    """Let people have said things some hours ago; everybody has read them."""
    people = {person.name: person.id for person in workspace.people()}
    channels = {channel.name: channel for channel in workspace.channels.values()}
    for number, said in enumerate(sorted(messages, key=lambda m: -float(m["hours_ago"]))):
        at = clock.now() - timedelta(hours=float(said["hours_ago"]))
        ts = f"{int(at.timestamp())}.{number:06d}"
        channel = channels[said["channel"]]
        message = Message(ts, people[said["from"]], said["text"])
        for reaction, names in (said.get("reactions") or {}).items():
            message.reactions[reaction] = [people[name] for name in names]
        channel.add(message)
        channel.read_up_to = dict.fromkeys(channel.members, ts)
