"""reactions.*: the bot's own reactions, and who reacted to what."""

from __future__ import annotations

import re

from sandbox import posting
from sandbox.errors import SlackError
from sandbox.webapi import Call, method
from sandbox.workspace import Channel, Json, Message

NAME = re.compile(r"[a-z0-9_+'-]{1,100}(::skin-tone-[2-6])?")
MOST_EMOJI = 50
"""So many different ones a message may have."""
MOST_OF_ONE = 23
"""So many of them may be one person's, or the app's."""
_ITEM = (
    "bad_timestamp",
    "channel_not_found",
    "message_not_found",
    "no_item_specified",
    "not_in_channel",
)


@method(
    "reactions.add",
    tier=3,
    scopes=("reactions:write",),
    required=("channel", "name", "timestamp"),
    errors=(
        *(code for code in _ITEM if code != "no_item_specified"),
        *("already_reacted", "invalid_name", "is_archived"),
        *("too_many_emoji", "too_many_reactions"),
    ),
)
def add(call: Call) -> Json:
    """React to a message as the bot."""
    channel, message = _item(call)
    if channel.archived:
        raise SlackError("is_archived")
    name, bot = _name(call), call.slack.workspace.bot.id
    if bot in message.reactions.get(name, []):
        raise SlackError("already_reacted")
    if sum(bot in users for users in message.reactions.values()) >= MOST_OF_ONE:
        raise SlackError("too_many_reactions")
    if name not in message.reactions and len(message.reactions) >= MOST_EMOJI:
        raise SlackError("too_many_emoji")
    message.reactions.setdefault(name, []).append(bot)
    posting.changed(call.slack, channel)
    return {}


@method(
    "reactions.remove",
    tier=2,
    scopes=("reactions:write",),
    required=("name",),
    optional=("channel", "timestamp", "file", "file_comment"),
    errors=(*_ITEM, "invalid_name", "is_archived", "no_reaction"),
)
def remove(call: Call) -> Json:
    """Take the bot's reaction away again."""
    channel, message = _item(call)
    if channel.archived:
        raise SlackError("is_archived")
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
    if not call.text("channel") or not call.text("timestamp"):
        raise SlackError("no_item_specified")
    channel = call.channel()
    if not call.slack.workspace.bot_is_in(channel):
        raise SlackError("not_in_channel")
    if not posting.TIMESTAMP.fullmatch(call.text("timestamp")):
        raise SlackError("bad_timestamp")
    message = channel.messages.get(call.text("timestamp"))
    if message is None:
        raise SlackError("message_not_found")
    return channel, message


def _name(call: Call) -> str:
    name = call.text("name").strip(":")
    if not NAME.fullmatch(name):
        raise SlackError("invalid_name")
    return name
