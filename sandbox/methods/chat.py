"""chat.*: messages that the bot writes."""

from __future__ import annotations

from sandbox import posting, writing
from sandbox.errors import SlackError
from sandbox.methods import content
from sandbox.webapi import Call, method
from sandbox.workspace import SLACKBOT, Channel, Json, Message

LONGEST_UPDATE = 4_000
LONGEST_EPHEMERAL = 4_000
LONGEST_BLOCKS = 13_200
_STYLE = ("as_user", "icon_emoji", "icon_url", "link_names", "parse", "username")
_UNREACHABLE = (
    "cannot_dm_bot",
    "channel_not_found",
    "is_archived",
    "messages_tab_disabled",
    "not_in_channel",
)
_THREAD = ("cannot_reply_to_message", "invalid_thread_ts")
_METADATA = ("invalid_metadata_format", "metadata_too_large")


@method(
    "chat.postMessage",
    tier=None,
    scopes=("chat:write",),
    required=("channel",),
    optional=(
        *content.SHOWN,
        *_STYLE,
        "container_id",
        "metadata",
        "mrkdwn",
        "reply_broadcast",
        "thread_ts",
        "unfurl_links",
        "unfurl_media",
    ),
    errors=(*content.UNSHOWABLE, *_UNREACHABLE, *_THREAD, *_METADATA, "msg_blocks_too_long"),
)
def post_message(call: Call) -> Json:
    """Post to a channel, or to a person's direct message by their user id.

    A text that is too long is cut, with a warning; blocks that are too long are not.
    """
    channel = _target(call)
    call.slack.limits.take(channel.id, call.slack.clock.elapsed())
    shown = content.shown(call, too_long="msg_blocks_too_long")
    if content.length(shown.get("blocks")) > LONGEST_BLOCKS:
        raise SlackError("msg_blocks_too_long")
    given = shown | content.metadata(call) | content.thread(call, channel) | _name(call)
    message = writing.post(call.slack, channel, given)
    cut = len(shown.get("text", "")) > posting.LONGEST_TEXT
    return {
        "channel": channel.id,
        "ts": message.ts,
        "message": posting.as_json(call.slack, channel, message),
        **(_warned("message_truncated") if cut else {}),
    }


@method(
    "chat.postEphemeral",
    tier=4,
    scopes=("chat:write",),
    required=("channel", "user"),
    optional=(*content.SHOWN, *_STYLE, "thread_ts"),
    errors=(*content.UNSHOWABLE, *_UNREACHABLE, *_THREAD, "msg_too_long", "user_not_in_channel"),
)
def post_ephemeral(call: Call) -> Json:
    """Post to a channel what only one of its members sees; it is not kept, nor has it metadata."""
    channel, user = _target(call), call.text("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    shown = content.shown(call, too_long="msg_too_long")
    if len(shown.get("text", "").encode()) > LONGEST_EPHEMERAL:
        raise SlackError("msg_too_long")
    given = shown | content.thread(call, channel) | _name(call)
    message = writing.post(call.slack, channel, given, only_for=user)
    return {"message_ts": message.ts}


@method(
    "chat.update",
    tier=3,
    scopes=("chat:write",),
    required=("channel", "ts"),
    optional=(
        *content.SHOWN,
        "as_user",
        "file_ids",
        "link_names",
        "metadata",
        "parse",
        "reply_broadcast",
    ),
    errors=(
        *content.UNSHOWABLE,
        *_METADATA,
        "cant_update_message",
        "channel_not_found",
        "is_inactive",
        "message_not_found",
        "msg_too_long",
    ),
)
def update(call: Call) -> Json:
    """Change one of the bot's own messages; what the call leaves out may stay as it was."""
    channel = call.channel()
    message = _own(call, channel, "cant_update_message")
    if channel.archived:
        raise SlackError("is_inactive")
    shown = content.shown(call, too_long="msg_too_long")
    if len(shown.get("text", "")) > LONGEST_UPDATE:
        raise SlackError("msg_too_long")
    given = _retained(message, shown) | shown | content.metadata(call)
    writing.edit(call.slack, channel, message, given)
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
    if channel.archived:
        raise SlackError("cant_delete_message")
    writing.delete(call.slack, channel, message)
    return {"channel": channel.id, "ts": message.ts}


def _target(call: Call) -> Channel:
    """Return where the bot may post, or refuse."""
    slack = call.slack
    person = slack.workspace.users.get(call.text("channel"))
    if call.text("channel") == SLACKBOT or (person is not None and person.is_bot):
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


def _retained(message: Message, given: Json) -> Json:
    """Return what stays of a message when an update does not mention it.

    Attachments stay; blocks, and the text, only if the update brings neither.
    """
    kept: Json = {"attachments": message.attachments}
    if not any(name in given for name in ("text", "markdown_text", "blocks")):
        kept |= {"text": message.text, "blocks": message.blocks}
    return kept


def _name(call: Call) -> Json:
    """Return another name to write under; ignored without the scope for it, and without a word."""
    if "chat:write.customize" not in call.slack.app.scopes or not call.text("username"):
        return {}
    return {"username": call.text("username")}


def _warned(*warnings: str) -> Json:
    """Return what goes with an answer to say that something was not done as it was asked."""
    return {"warning": ",".join(warnings), "response_metadata": {"warnings": list(warnings)}}


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
