"""pins.*: the messages that stay at the top of a channel."""

from __future__ import annotations

from sandbox import posting
from sandbox.errors import SlackError
from sandbox.webapi import Call, method
from sandbox.workspace import Channel, Json, Message, Pin

_ITEM = (
    "bad_timestamp",
    "channel_not_found",
    "is_archived",
    "message_not_found",
    "no_item_specified",
    "not_in_channel",
)
_MOST = 100


@method(
    "pins.add",
    tier=2,
    scopes=("pins:write",),
    required=("channel",),
    optional=("timestamp",),
    errors=(*_ITEM, "already_pinned", "not_pinnable", "too_many_pins"),
)
def add(call: Call) -> Json:
    """Pin a message to its channel; what Slack itself wrote cannot be pinned."""
    channel, message = _item(call)
    if message.subtype is not None:
        raise SlackError("not_pinnable")
    if message.ts in channel.pins:
        raise SlackError("already_pinned")
    if len(channel.pins) >= _MOST:
        raise SlackError("too_many_pins")
    now = int(call.slack.clock.now().timestamp())
    channel.pins[message.ts] = Pin(call.slack.workspace.bot.id, now)
    posting.changed(call.slack, channel)
    return {}


@method(
    "pins.remove",
    tier=2,
    scopes=("pins:write",),
    required=("channel",),
    optional=("timestamp",),
    errors=(*_ITEM, "no_pin"),
)
def remove(call: Call) -> Json:
    """Take a pin off, whoever put it there."""
    channel, message = _item(call)
    if channel.pins.pop(message.ts, None) is None:
        raise SlackError("no_pin")
    posting.changed(call.slack, channel)
    return {}


@method(
    "pins.list",
    tier=2,
    scopes=("pins:read",),
    required=("channel",),
    errors=("channel_not_found", "not_in_channel"),
)
def list_pins(call: Call) -> Json:
    """List the pinned messages of a channel, the last one pinned first."""
    channel = _channel(call)
    items = [
        {
            "type": "message",
            "channel": channel.id,
            "message": posting.as_json(call.slack, channel, channel.messages[ts]),
            "created": pin.created,
            "created_by": pin.user,
        }
        for ts, pin in reversed(channel.pins.items())
    ]
    return {"items": items}


def _item(call: Call) -> tuple[Channel, Message]:
    channel = _channel(call)
    if not call.text("timestamp"):
        raise SlackError("no_item_specified")
    if not posting.TIMESTAMP.fullmatch(call.text("timestamp")):
        raise SlackError("bad_timestamp")
    message = channel.messages.get(call.text("timestamp"))
    if message is None:
        raise SlackError("message_not_found")
    if channel.archived:
        raise SlackError("is_archived")
    return channel, message


def _channel(call: Call) -> Channel:
    channel = call.channel()
    if not call.slack.workspace.bot_is_in(channel):
        raise SlackError("not_in_channel")
    return channel
