"""conversations.*: channels and direct messages, and what was said there."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sandbox import posting
from sandbox.errors import SlackError
from sandbox.methods.paging import PAGE, page
from sandbox.slack import Slack
from sandbox.webapi import Call, method
from sandbox.workspace import Channel, Json, Message

_FAMILIES = {"channel": "channels", "private": "groups", "im": "im", "mpim": "mpim"}
_ANY_READ = ("channels:read", "groups:read", "mpim:read", "im:read")
_ANY_HISTORY = ("channels:history", "groups:history", "mpim:history", "im:history")
_TYPES = {"public_channel": "channel", "private_channel": "private", "im": "im", "mpim": "mpim"}
_INSTANT = re.compile(r"[0-9]{1,12}(\.[0-9]*)?")
_WINDOW = ("include_all_metadata", "inclusive", "latest", "oldest")
_WRONG_WINDOW = ("invalid_ts_latest", "invalid_ts_oldest")


@method(
    "conversations.info",
    tier=3,
    scopes=_ANY_READ,
    required=("channel",),
    optional=("include_locale", "include_num_members"),
    errors=("channel_not_found",),
)
def info(call: Call) -> Json:
    """Describe one conversation."""
    channel = call.channel()
    call.need(f"{_FAMILIES[channel.kind]}:read")
    described = describe(call.slack, channel)
    if call.flag("include_num_members"):
        described["num_members"] = len(channel.members)
    if call.flag("include_locale"):
        described["locale"] = call.slack.workspace.bot.locale
    return {"channel": described}


@method(
    "conversations.members",
    tier=4,
    scopes=_ANY_READ,
    required=("channel",),
    optional=PAGE,
    errors=("channel_not_found", "invalid_cursor", "invalid_limit"),
)
def members(call: Call) -> Json:
    """List who is in a conversation."""
    channel = call.channel()
    call.need(f"{_FAMILIES[channel.kind]}:read")
    found, metadata = page(call, channel.members, default=100, strict=True)
    return {"members": found, "response_metadata": metadata}


@method(
    "conversations.list",
    tier=2,
    scopes=_ANY_READ,
    optional=(*PAGE, "exclude_archived", "types"),
    errors=("invalid_types", "invalid_cursor", "invalid_limit"),
)
def list_conversations(call: Call) -> Json:
    """List the conversations that the app may know of; only public ones unless it asks."""
    slack = call.slack
    kinds = set()
    for name in call.text("types", "public_channel").split(","):
        if name.strip() not in _TYPES:
            raise SlackError("invalid_types")
        kinds.add(_TYPES[name.strip()])
    for kind in kinds:
        call.need(f"{_FAMILIES[kind]}:read")
    channels = [
        channel
        for channel in slack.workspace.channels.values()
        if channel.kind in kinds
        and (channel.kind == "channel" or slack.workspace.bot_is_in(channel))
        and not (channel.archived and call.flag("exclude_archived"))
    ]
    found, metadata = page(call, channels, default=100, most=999, strict=True)
    described = [describe(slack, channel) for channel in found]
    for channel, body in zip(found, described, strict=True):
        if channel.kind != "im":
            body["num_members"] = len(channel.members)
    return {"channels": described, "response_metadata": metadata}


@method(
    "conversations.history",
    tier=3,
    scopes=_ANY_HISTORY,
    required=("channel",),
    optional=(*PAGE, *_WINDOW),
    errors=("channel_not_found", "not_in_channel", "invalid_cursor", *_WRONG_WINDOW),
)
def history(call: Call) -> Json:
    """Return a channel's messages, newest first; replies stand in their threads only."""
    channel = _readable(call)
    messages = channel.messages.values()
    said = [m for m in messages if m.thread_ts in (None, m.ts) or m.broadcast]
    found, metadata = page(call, list(reversed(_window(call, said))), default=100, most=999)
    return {
        "messages": _messages(call, channel, found),
        "has_more": bool(metadata["next_cursor"]),
        "pin_count": len(channel.pins),
        "response_metadata": metadata,
    }


@method(
    "conversations.replies",
    tier=3,
    scopes=_ANY_HISTORY,
    required=("channel", "ts"),
    optional=(*PAGE, *_WINDOW),
    errors=(
        "channel_not_found",
        "not_in_channel",
        "thread_not_found",
        "invalid_cursor",
        *_WRONG_WINDOW,
    ),
)
def replies(call: Call) -> Json:
    """Return a message and its replies, oldest first."""
    channel = _readable(call)
    parent = channel.messages.get(call.text("ts"))
    if parent is None:
        raise SlackError("thread_not_found")
    said = _window(call, [parent, *channel.thread(parent.ts)])
    found, metadata = page(call, said, default=1000)
    return {
        "messages": _messages(call, channel, found),
        "has_more": bool(metadata["next_cursor"]),
        "response_metadata": metadata,
    }


def _readable(call: Call) -> Channel:
    """Return the channel whose messages the app may read."""
    channel = call.channel()
    call.need(f"{_FAMILIES[channel.kind]}:history")
    if not call.slack.workspace.bot_is_in(channel):
        raise SlackError("not_in_channel")
    return channel


def _window(call: Call, messages: Iterable[Message]) -> list[Message]:
    """Return the messages between `oldest` and `latest`, their edges only if `inclusive`."""
    oldest = _micros(call, "oldest", "0")
    latest = _micros(call, "latest", "9999999999.999999")
    edge = 0 if call.flag("inclusive") else 1
    return [m for m in messages if oldest + edge <= _whole(m.ts) <= latest - edge]


def _micros(call: Call, name: str, otherwise: str) -> int:
    """Return an instant in whole microseconds, for texts of unequal length do not compare."""
    given = call.text(name) or otherwise
    if not _INSTANT.fullmatch(given):
        raise SlackError(f"invalid_ts_{name}")
    return _whole(given)


def _whole(ts: str) -> int:
    seconds, _, fraction = ts.partition(".")
    return int(seconds) * 1_000_000 + int(fraction[:6].ljust(6, "0"))


def _messages(call: Call, channel: Channel, messages: list[Message]) -> list[Json]:
    """Describe messages; a metadata payload is only shown to those who ask for all of it."""
    described = [posting.as_json(call.slack, channel, message) for message in messages]
    if not call.flag("include_all_metadata"):
        for body in described:
            if isinstance(body.get("metadata"), dict):
                body["metadata"] = {"event_type": body["metadata"].get("event_type")}
    return described


def describe(slack: Slack, channel: Channel) -> Json:
    """Return a conversation as Slack describes it to the app."""
    common: Json = {
        "id": channel.id,
        "created": channel.created,
        "updated": channel.created * 1000,
        "is_archived": channel.archived,
        "is_im": channel.kind == "im",
        "is_org_shared": False,
        "context_team_id": slack.workspace.team_id,
    }
    bot = slack.workspace.bot.id
    if channel.kind == "im":
        other = channel.other(bot)
        gone = slack.workspace.users[other].deleted
        return common | {"user": other, "is_user_deleted": gone, "is_open": True}
    return common | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind != "mpim",
        "is_group": channel.kind == "mpim",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "channel",
        "is_general": channel.name == "general",
        "is_shared": bool(channel.shared_with),
        "is_ext_shared": bool(channel.shared_with),
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "pending_connected_team_ids": [],
        "previous_names": channel.previous_names,
        "unlinked": 0,
        "parent_conversation": None,
        "creator": channel.creator,
        "is_member": bot in channel.members,
        "topic": _note(channel.topic),
        "purpose": _note(channel.purpose),
        **_companies(slack, channel),
        **({"members": list(channel.members), "is_open": True} if channel.is_direct else {}),
    }


def _companies(slack: Slack, channel: Channel) -> Json:
    """Return which companies share a channel; nothing for one that is not shared."""
    if not channel.shared_with:
        return {}
    ours = slack.workspace.team_id
    return {
        "conversation_host_id": ours,
        "connected_team_ids": list(channel.shared_with),
        "shared_team_ids": [ours, *channel.shared_with],
    }


def _note(text: str) -> Json:
    return {"value": text, "creator": "", "last_set": 0}
