"""reactions.*: the bot's own reactions, and who reacted to what."""

from __future__ import annotations

import re

from sandbox import posting
from sandbox.errors import SlackError
from sandbox.webapi import Call, method
from sandbox.workspace import Channel, Json, Message

NAME = re.compile(r"[a-z0-9_+'-]{1,100}(::skin-tone-[2-6])?")
_ITEM = ("channel_not_found", "message_not_found", "not_in_channel")


@method(
    "reactions.add",
    tier=3,
    scopes=("reactions:write",),
    required=("channel", "name", "timestamp"),
    errors=(*_ITEM, "invalid_name", "already_reacted", "is_archived"),
)
def add(call: Call) -> Json:
    """React to a message as the bot."""
    channel, message = _item(call)
    if channel.archived:
        raise SlackError("is_archived")
    name, bot = _name(call), call.slack.workspace.bot.id
    if bot in message.reactions.get(name, []):
        raise SlackError("already_reacted")
    message.reactions.setdefault(name, []).append(bot)
    posting.changed(call.slack, channel)
    return {}


@method(
    "reactions.remove",
    tier=2,
    scopes=("reactions:write",),
    required=("name",),
    optional=("channel", "timestamp", "file", "file_comment"),
    errors=(*_ITEM, "invalid_name", "no_reaction"),
)
def remove(call: Call) -> Json:
    """Take the bot's reaction away again."""
    channel, message = _item(call)
    name, bot = _name(call), call.slack.workspace.bot.id
    if bot not in message.reactions.get(name, []):
        raise SlackError("no_reaction")
    message.reactions[name].remove(bot)
    if not message.reactions[name]:
        del message.reactions[name]
    posting.changed(call.slack, channel)
    return {}


@method(
    "reactions.get",
    tier=3,
    scopes=("reactions:read",),
    optional=("channel", "timestamp", "file", "file_comment", "full"),
    errors=_ITEM,
)
def get(call: Call) -> Json:
    """Return a message with its reactions."""
    channel, message = _item(call)
    described = posting.as_json(call.slack, channel, message)
    return {"type": "message", "channel": channel.id, "message": described}


def _item(call: Call) -> tuple[Channel, Message]:
    """Return the message that the call names, in a channel that the bot is in."""
    channel = call.channel()
    if not call.slack.workspace.bot_is_in(channel):
        raise SlackError("not_in_channel")
    message = channel.messages.get(call.text("timestamp"))
    if message is None:
        raise SlackError("message_not_found")
    return channel, message


def _name(call: Call) -> str:
    name = call.text("name").strip(":")
    if not NAME.fullmatch(name):
        raise SlackError("invalid_name")
    return name
