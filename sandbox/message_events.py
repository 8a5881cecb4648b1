"""What the app is sent of messages: written, changed, deleted, and naming the app.

Each function returns the payloads that are due, made of the message as it is now, so that they
may be sent later. Nothing is due where the app is no member, did not subscribe or may not read.
"""

from __future__ import annotations

import secrets

from sandbox import events, posting
from sandbox.slack import Slack
from sandbox.workspace import Channel, Json, Message

_SUBSCRIPTIONS = {
    "channel": "message.channels",
    "private": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}
_CHANNEL_TYPES = {"channel": "channel", "private": "group", "im": "im", "mpim": "mpim"}


def wanted(slack: Slack, channel: Channel) -> bool:
    """Whether the app hears of the messages there."""
    member = slack.installed and slack.workspace.bot_is_in(channel)
    return member and slack.app.hears(_SUBSCRIPTIONS[channel.kind])


def of_post(slack: Slack, channel: Channel, message: Message) -> list[Json]:
    """Return what the app is sent of a new message, its own among them."""
    named = _names_the_app(slack, channel, message)
    if not named and not wanted(slack, channel):
        return []
    event = posting.as_json(slack, channel, message) | {
        "channel": channel.id,
        "event_ts": message.ts,
    }
    if message.files:
        event["subtype"] = "file_share"
    elif message.subtype == "channel_join":
        event["inviter"] = channel.creator
    elif message.subtype is None and not message.is_bot:
        event |= _typed(slack, message)
    due = [_message(slack, channel, event)]
    if named:
        mention = event | {"type": "app_mention"}
        due.append(events.payload(slack, mention, channel))
    return [each for each in due if each is not None]


def of_edit(slack: Slack, channel: Channel, message: Message, before: Json) -> list[Json]:
    """Return what the app is sent of a message that was another one `before`."""
    ts = message.edited or slack.workspace.new_ts()
    event = {
        "subtype": "message_changed",
        "message": posting.as_json(slack, channel, message),
        "previous_message": before,
    }
    return _hidden(slack, channel, event, ts)


def of_deletion(slack: Slack, channel: Channel, before: Json) -> list[Json]:
    """Return what the app is sent of a message that is no more."""
    event = {
        "subtype": "message_deleted",
        "deleted_ts": before["ts"],
        "previous_message": before,
    }
    return _hidden(slack, channel, event, slack.workspace.new_ts())


def _hidden(slack: Slack, channel: Channel, event: Json, ts: str) -> list[Json]:
    """Return a message that stands in no conversation, but tells of one that does."""
    about = {"type": "message", "hidden": True, "channel": channel.id, "ts": ts, "event_ts": ts}
    due = _message(slack, channel, about | event)
    return [] if due is None else [due]


def _message(slack: Slack, channel: Channel, event: Json) -> Json | None:
    typed = event | {"channel_type": _CHANNEL_TYPES[channel.kind]}
    return events.payload(slack, typed, channel, _SUBSCRIPTIONS[channel.kind])


def _names_the_app(slack: Slack, channel: Channel, message: Message) -> bool:
    """Whether somebody mentions the app where it is; a direct message is none, named or not."""
    bot = slack.workspace.bot.id
    if channel.kind == "im" or bot not in channel.members or message.user == bot:
        return False
    return message.subtype is None and f"<@{bot}>" in message.text


def _typed(slack: Slack, message: Message) -> Json:
    """Return what a message has that a person wrote, and not Slack about them."""
    author = slack.workspace.users[message.user]
    said: Json = {
        "client_msg_id": secrets.token_hex(16),
        "blocks": message.blocks or [_rich_text(message.text)],
    }
    if author.is_external:
        theirs = slack.workspace.team_of(author)
        said |= {"user_team": theirs, "source_team": theirs}
    return said


def _rich_text(text: str) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "block_id": secrets.token_urlsafe(4), "elements": [section]}
