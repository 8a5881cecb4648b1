"""What an app may do with a response URL."""

from __future__ import annotations

from sandbox import posting, writing
from sandbox.errors import SlackError
from sandbox.response_urls import ResponseUrl
from sandbox.slack import Slack
from sandbox.workspace import Channel, Json, Message


def respond(slack: Slack, key: str, content: Json) -> None:
    """Post, replace or delete a message as the app asks through a response URL.

    It is ephemeral unless `response_type` is "in_channel", and needs no membership.

    Raises:
        SlackError: the URL is unknown, too old or used up; the content cannot be shown.
    """
    url = slack.response_urls.use(key)
    channel = slack.workspace.channels.get(url.channel)
    if channel is None:  # deleted since
        raise SlackError("channel_not_found")
    changes = content.get("delete_original") or content.get("replace_original")
    original = _original(channel, url) if changes else None
    shown = posting.answered(channel, content)
    if content.get("delete_original") and original is not None:
        writing.delete(slack, channel, original)
        return
    if original is not None:
        writing.edit(slack, channel, original, shown)
        return
    to_all = content.get("response_type") == "in_channel" and not url.from_ephemeral
    writing.post(slack, channel, shown, only_for=None if to_all else url.user)


def _original(channel: Channel, url: ResponseUrl) -> Message | None:
    """Return the message that the interaction came from; a slash command has none."""
    if url.message_ts is None:
        return None
    message = channel.messages.get(url.message_ts) or channel.ephemeral.get(url.message_ts)
    if message is None:
        raise SlackError("message_not_found")
    return message
