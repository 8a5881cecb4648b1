"""What one person sees, and nothing else."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

from sandbox import posting
from sandbox.control import acts
from sandbox.modals import View
from sandbox.slack import Slack
from sandbox.weather.weather import Weather
from sandbox.workspace import Channel, File, Json, Message, User, Zone

_STORM = {name: each for name, each in asdict(Weather.storm(0)).items() if name != "seed"}


def workspace(slack: Slack) -> Json:
    """Return the workspace as a page needs it: the team, the app, the people, the clock."""
    home, now = slack.workspace, slack.clock.now()
    zones = {zone: _zone(zone, now) for zone in {user.zone for user in home.users.values()}}
    return {
        "team": {"id": home.team_id, "name": home.name, "domain": home.domain},
        "app": _app(slack),
        "people": [_person(user) | zones[user.zone] for user in home.users.values()],
        "clock": clock(slack),
        "connections": slack.hub.connections,
        "reachable": slack.delivery.reachable,
        "panels": list(slack.panels),
        "acts": list(acts.ACTS),
        "storm": _STORM,
        "weather": asdict(slack.sky.weather) | {"calm": slack.sky.weather.calm},
    }


def clock(slack: Slack) -> Json:
    """Return the workspace's time."""
    return {
        "now": slack.clock.now().isoformat(),
        "offset_seconds": round(slack.clock.offset.total_seconds(), 3),
    }


def see(slack: Slack, user: User, *, messages: bool = True) -> Json:
    """Return the channels, messages, views and notices of one person; messages are the most."""
    channels = [c for c in slack.workspace.channels_of(user.id) if _listed(c, user)]
    home = slack.modals.home(user.id)
    return {
        "as": user.id,
        "version": slack.watchers.version(user.id),
        "channels": [_channel(slack, user, channel) for channel in channels],
        "names": _names(slack, user),
        "messages": {channel.id: told(channel, user) for channel in channels if messages},
        "views": [_view(slack, view) for view in slack.modals.stack(user.id)],
        "home": _view(slack, home) if home else None,
        "notices": slack.notices.get(user.id, []),
    }


def told(channel: Channel, user: User, first: int = 0) -> list[Json]:
    """Return the messages that one person sees in a channel, from the `first` on."""
    return [_message(channel, each, user) for each in channel.seen_by(user.id)[first:]]


def has(slack: Slack, user: User, file: File) -> bool:
    """Whether a person sees a file: shared with them, or as a picture in what they are shown."""
    rooms = list(slack.workspace.channels_of(user.id))
    if not {room.id for room in rooms}.isdisjoint(file.shares):
        return True
    shown = [message.blocks for room in rooms for message in room.seen_by(user.id)]
    home = slack.modals.home(user.id)
    views = [*slack.modals.stack(user.id), *([home] if home else [])]
    return any(_pictures(file, blocks) for blocks in [*shown, *(view.blocks for view in views)])


def _pictures(file: File, blocks: list[Json]) -> bool:
    """Whether an image in these blocks is that file, named by its id or by its address."""
    names = (f'"{file.id}"', f"/{file.id}/")
    text = json.dumps(blocks) if blocks else ""
    return "slack_file" in text and any(name in text for name in names)


def _names(slack: Slack, user: User) -> dict[str, str]:
    """Return the names of the channels that anybody of the company could open, by their ids."""
    if user.is_guest or user.is_external:
        return {}
    channels = slack.workspace.channels.values()
    return {each.id: each.name for each in channels if each.kind == "channel"}


def _app(slack: Slack) -> Json:
    app = slack.app
    may = slack.installed and "commands" in app.scopes
    return {
        "id": slack.app_id,
        "name": app.name,
        "description": app.description,
        "background_color": app.background_color,
        "bot_user_id": slack.workspace.bot.id,
        "commands": [
            {"command": c.command, "description": c.description, "usage_hint": c.usage_hint}
            for c in app.commands
            if may
        ],
        "shortcuts": [
            {
                "name": s.name,
                "type": s.kind,
                "callback_id": s.callback_id,
                "description": s.description,
            }
            for s in app.shortcuts
            if may
        ],
        "home_tab": slack.has_home,
        "messages_tab": app.messages_tab,
    }


def _person(user: User) -> Json:
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "title": user.title,
        "note": user.note,
        "locale": user.locale,
        "is_bot": user.is_bot,
        "role": user.role,
        "is_external": user.is_external,
        "deleted": user.deleted,
    }


def _zone(zone: Zone, now: datetime) -> Json:
    return {"tz": zone.name, "tz_label": zone.label(now), "tz_offset": zone.offset(now)}


def _listed(channel: Channel, user: User) -> bool:
    """Whether a channel stands in the person's list; a DM only once there is something."""
    if not channel.is_direct or channel.messages or user.id in channel.opened_by:
        return True
    return any(message.only_for == user.id for message in channel.ephemeral.values())


def _channel(slack: Slack, user: User, channel: Channel) -> Json:
    read = channel.read_up_to.get(user.id, "")
    unread = sum(1 for m in channel.messages.values() if m.ts > read and m.user != user.id)
    listed: Json = {
        "id": channel.id,
        "name": _name(slack, user, channel),
        "kind": channel.kind,
        "topic": channel.topic,
        "is_shared": bool(channel.shared_with),
        "members": list(channel.members),
        "unread": unread,
        "read_only": not acts.writable(slack, channel),
    }
    if channel.kind == "im":
        listed["with"] = channel.other(user.id)
    return listed


def _name(slack: Slack, user: User, channel: Channel) -> str:
    """Return what a conversation is called in somebody's list; a group goes by its people."""
    if channel.kind != "mpim":
        return channel.name
    others = (slack.workspace.users[each] for each in channel.members if each != user.id)
    return ", ".join(other.real_name for other in others)


def _message(channel: Channel, message: Message, user: User) -> Json:
    return {
        "ts": message.ts,
        "user": message.user,
        "username": "Slackbot" if message.is_tombstone else message.username,
        "text": message.text,
        "blocks": message.blocks,
        "attachments": message.attachments,
        "thread_ts": message.thread_ts,
        "broadcast": message.broadcast,
        "edited": message.edited is not None,
        "reactions": posting.reactions(message),
        "ephemeral": message.only_for is not None,
        "is_bot": message.is_bot,
        "subtype": message.subtype,
        "pinned": message.ts in channel.pins,
        "files": [_file(file, user) for file in message.files],
    }


def _file(file: File, user: User) -> Json:
    if file.deleted:
        return {"id": file.id, "deleted": True}
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title,
        "size": file.length,
        "url": f"/control/file?as={user.id}&file={file.id}",
        "deleted": False,
    }


def _view(slack: Slack, view: View) -> Json:
    shown = slack.modals.payload(view)
    return shown | {"errors": view.errors, "trouble": view.trouble}
