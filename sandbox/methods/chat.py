"""chat.*: messages that the bot writes."""

from __future__ import annotations

import re
from typing import Any

from sandbox import posting, writing
from sandbox.errors import SlackError
from sandbox.webapi import Call, method
from sandbox.workspace import Channel, Json, Message

_CONTENT = ("text", "blocks", "attachments", "markdown_text")
_STYLE = ("as_user", "icon_emoji", "icon_url", "link_names", "parse", "username")
_REFUSALS = ("channel_not_found", "no_text", "invalid_attachments", "messages_tab_disabled")
_UNREACHABLE = ("not_in_channel", "is_archived", "cannot_dm_bot")
_EVENT_TYPE = re.compile(r"[A-Za-z0-9_-]+")


@method(
    "chat.postMessage",
    tier=None,
    scopes=("chat:write",),
    required=("channel",),
    optional=(
        *_CONTENT,
        *_STYLE,
        "container_id",
        "metadata",
        "mrkdwn",
        "reply_broadcast",
        "thread_ts",
        "unfurl_links",
        "unfurl_media",
    ),
    errors=(*_REFUSALS, *_UNREACHABLE, "invalid_metadata_format"),
)
def post_message(call: Call) -> Json:
    """Post to a channel, or to a person's direct message by their user id."""
    channel = _target(call)
    call.slack.limits.take(channel.id, call.slack.clock.elapsed())
    message = writing.post(call.slack, channel, _content(call))
    return {
        "channel": channel.id,
        "ts": message.ts,
        "message": posting.as_json(call.slack, channel, message),
    }


@method(
    "chat.postEphemeral",
    tier=4,
    scopes=("chat:write",),
    required=("channel", "user"),
    optional=(*_CONTENT, *_STYLE, "thread_ts"),
    errors=(*_REFUSALS, *_UNREACHABLE, "user_not_in_channel"),
)
def post_ephemeral(call: Call) -> Json:
    """Post to a channel what only one of its members sees."""
    channel, user = _target(call), call.text("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    message = writing.post(call.slack, channel, _content(call), only_for=user)
    return {"message_ts": message.ts}


@method(
    "chat.update",
    tier=3,
    scopes=("chat:write",),
    required=("channel", "ts"),
    optional=(
        *_CONTENT,
        "as_user",
        "file_ids",
        "link_names",
        "metadata",
        "parse",
        "reply_broadcast",
    ),
    errors=(
        *_REFUSALS,
        "message_not_found",
        "cant_update_message",
        "invalid_metadata_format",
        "is_inactive",
    ),
)
def update(call: Call) -> Json:
    """Change one of the bot's own messages; what the call leaves out may stay as it was."""
    channel = call.channel()
    message = _own(call, channel, "cant_update_message")
    if channel.archived:
        raise SlackError("is_inactive")
    writing.edit(call.slack, channel, message, _retained(message, call.arguments) | _content(call))
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": posting.as_json(call.slack, channel, message),
    }


@method(
    "chat.delete",
    tier=3,
    scopes=("chat:write",),
    required=("channel", "ts"),
    optional=("as_user",),
    errors=("channel_not_found", "message_not_found", "cant_delete_message"),
)
def delete(call: Call) -> Json:
    """Delete one of the bot's own messages."""
    channel = call.channel()
    message = _own(call, channel, "cant_delete_message")
    writing.delete(call.slack, channel, message)
    return {"channel": channel.id, "ts": message.ts}


def _target(call: Call) -> Channel:
    """Return where the bot may post, or refuse."""
    slack = call.slack
    person = slack.workspace.users.get(call.text("channel"))
    if person is not None and person.is_bot:
        raise SlackError("cannot_dm_bot")
    if person is not None and not slack.workspace.knows(person):
        raise SlackError("channel_not_found")
    if person is not None:
        channel = slack.workspace.dm(slack.workspace.bot.id, person.id)
    else:
        channel = call.channel()
    if channel.kind == "im" and slack.app.messages_tab == "off":
        raise SlackError("messages_tab_disabled")
    member = slack.workspace.bot_is_in(channel)
    if not member and "chat:write.public" not in slack.app.scopes:
        raise SlackError("not_in_channel")
    if channel.archived:
        raise SlackError("is_archived")
    return channel


def _content(call: Call) -> Json:
    content = call.arguments | {"thread_ts": call.text("thread_ts")}
    if "metadata" in content and not _keeps(content["metadata"]):
        del content["metadata"]
    return content


def _keeps(metadata: Any) -> bool:
    """Whether Slack keeps such metadata: an event_type and an event_payload, or nothing at all.

    With another sign than letters, digits, _ and - in its event_type it is dropped without a
    word, and the message is posted all the same.

    Raises:
        SlackError: `invalid_metadata_format` when it has another shape.
    """
    if metadata == {}:
        return True
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    event_type = metadata.get("event_type")
    if not isinstance(event_type, str) or not event_type:
        raise SlackError("invalid_metadata_format")
    return _EVENT_TYPE.fullmatch(event_type) is not None


def _retained(message: Message, given: Json) -> Json:
    """Return what stays of a message when an update does not mention it.

    Attachments stay; blocks, and the text, only if the update brings neither.
    """
    kept: Json = {"attachments": message.attachments}
    if not any(name in given for name in ("text", "markdown_text", "blocks")):
        kept |= {"text": message.text, "blocks": message.blocks}
    return kept


def _own(call: Call, channel: Channel, otherwise: str) -> Message:
    """Return the message that the call names if the bot wrote it.

    An ephemeral message cannot be found again, as Slack does not keep it.
    """
    message = channel.messages.get(call.text("ts"))
    if message is None:
        raise SlackError("message_not_found")
    if not message.is_bot:
        raise SlackError(otherwise)
    return message
