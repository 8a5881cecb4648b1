"""Messages that are written, changed and deleted, and the app that is told of it.

What the app does itself it is told of later, by itself, so that no call waits for it. What people
do is over when the app has answered.
"""

from __future__ import annotations

import asyncio

from sandbox import message_events, posting
from sandbox.delivery.answers import Outcome
from sandbox.slack import Slack
from sandbox.workspace import Channel, File, Json, Message


def post(
    slack: Slack,
    channel: Channel,
    content: Json,
    *,
    only_for: str | None = None,
    attached: list[File] | None = None,
) -> Message:
    """Add a message of the app; with `only_for` an ephemeral one, of which nobody is told.

    Raises:
        SlackError: as `posting.post`.
    """
    bot = slack.workspace.bot.id
    message = posting.post(slack, channel, bot, content, only_for=only_for, attached=attached)
    if only_for is None:
        _tell_later(slack, message_events.of_post(slack, channel, message))
    return message


def edit(slack: Slack, channel: Channel, message: Message, content: Json) -> None:
    """Let the app change a message.

    Raises:
        SlackError: as `posting.edit`.
    """
    _tell_later(slack, _edited(slack, channel, message, content))


def delete(slack: Slack, channel: Channel, message: Message) -> None:
    """Let the app delete a message."""
    _tell_later(slack, _deleted(slack, channel, message))


async def say(
    slack: Slack, channel: Channel, user: str, content: Json, *, subtype: str | None = None
) -> tuple[Message, Outcome | None]:
    """Add a message of a person, or a line of Slack's own about them.

    Returns it, and how the app took the event; None if it hears of none.
    """
    message = posting.post(slack, channel, user, content, subtype=subtype)
    return message, await _tell(slack, message_events.of_post(slack, channel, message))


async def change(slack: Slack, channel: Channel, message: Message, content: Json) -> Outcome | None:
    """Let a person change their message, and return how the app took it."""
    return await _tell(slack, _edited(slack, channel, message, content))


async def take_back(slack: Slack, channel: Channel, message: Message) -> Outcome | None:
    """Let a person delete their message, and return how the app took it."""
    return await _tell(slack, _deleted(slack, channel, message))


def _edited(slack: Slack, channel: Channel, message: Message, content: Json) -> list[Json]:
    if message.only_for is not None or not message_events.wanted(slack, channel):
        posting.edit(slack, channel, message, content)
        return []
    before = posting.as_json(slack, channel, message)
    posting.edit(slack, channel, message, content)
    return message_events.of_edit(slack, channel, message, before)


def _deleted(slack: Slack, channel: Channel, message: Message) -> list[Json]:
    """Delete a message; one with replies becomes a tombstone, which goes with the last of them."""
    heard = message.only_for is None and message_events.wanted(slack, channel)
    before = posting.as_json(slack, channel, message) if heard else {}
    posting.delete(slack, channel, message)
    due: list[Json] = []
    if heard and message.ts in channel.messages:
        due = message_events.of_edit(slack, channel, message, before)
    elif heard:
        due = message_events.of_deletion(slack, channel, before)
    above = channel.messages.get(message.thread_ts or "")
    if above is not None and above.is_tombstone and not channel.thread(above.ts):
        due += _deleted(slack, channel, above)
    return due


async def _tell(slack: Slack, due: list[Json]) -> Outcome | None:
    answers = await asyncio.gather(*(slack.delivery.tell(each) for each in due))
    return answers[0] if answers else None


def _tell_later(slack: Slack, due: list[Json]) -> None:
    for each in due:
        slack.delivery.tell_later(each)
