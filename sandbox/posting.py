"""Writing, changing and deleting messages, whoever asks for it.

Web API methods, acks and response URLs all post through here, so that what a person sees
does not depend on the way a message took.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from sandbox import files
from sandbox.block_kit import blocks, slack_files
from sandbox.errors import SlackError, refusal
from sandbox.slack import Slack
from sandbox.workspace import SLACKBOT, TOMBSTONE, Channel, File, Json, Message

LONGEST_TEXT = 40_000
"""Slack cuts what is longer, in characters."""
MOST_ATTACHMENTS = 100
TIMESTAMP = re.compile(r"[0-9]{1,12}\.[0-9]{1,6}")
_ANSWER = ("attachments", "blocks", "text")


def post(
    slack: Slack,
    channel: Channel,
    user: str,
    content: Json,
    *,
    only_for: str | None = None,
    subtype: str | None = None,
    attached: list[File] | None = None,
) -> Message:
    """Add a message by `user` with the text, blocks, thread ... of `content`.

    With `only_for` it is ephemeral: only that person sees it. A `subtype` is for what Slack
    itself writes, such as channel_join; `attached` are its files.

    Raises:
        SlackError: `no_text` when there is nothing to show; or the blocks or attachments are none.
    """
    message = Message(
        ts=slack.workspace.new_ts(),
        user=user,
        text=_text(content, needed=not attached),
        blocks=_blocks(slack, content),
        attachments=_attachments(slack, content),
        thread_ts=content.get("thread_ts") or None,
        only_for=only_for,
        is_bot=user == slack.workspace.bot.id and subtype is None,
        metadata=content.get("metadata") or None,
        subtype=subtype,
        files=list(attached or ()),
        broadcast=bool(content.get("broadcast")),
        username=content.get("username"),
    )
    channel.add(message)
    if only_for is None:
        channel.read_up_to[user] = message.ts
    changed(slack, channel, only_for)
    return message


def answered(channel: Channel, given: Json) -> Json:
    """Return what makes the message, of what an app gives with an ack or to a response URL.

    Raises:
        SlackError: as `thread`.
    """
    shown = {name: given[name] for name in _ANSWER if name in given}
    return shown | {"thread_ts": thread(channel, given.get("thread_ts"))}


def thread(channel: Channel, ts: Any) -> str | None:
    """Return the message below which a reply goes.

    None for a reply to a message that is not there (any more): it becomes one of its own,
    without a word.

    Raises:
        SlackError: `invalid_thread_ts` when it is no timestamp; `cannot_reply_to_message` to what
            Slack itself wrote.
    """
    if ts in (None, ""):
        return None
    if not isinstance(ts, str) or not TIMESTAMP.fullmatch(ts):
        raise refusal("invalid_thread_ts", f"{ts} is not a valid thread_ts")
    parent = channel.messages.get(ts)
    if parent is None:
        return None
    if parent.subtype is not None and not parent.is_tombstone:
        raise SlackError("cannot_reply_to_message")
    return ts


def edit(slack: Slack, channel: Channel, message: Message, content: Json) -> None:
    """Replace the content of a message; its metadata only if `content` has some.

    Raises:
        SlackError: as `post`.
    """
    text = _text(content, needed=not message.files)
    message.blocks, message.attachments = _blocks(slack, content), _attachments(slack, content)
    message.text = text
    if "metadata" in content:
        message.metadata = content["metadata"] or None
    message.edited = slack.workspace.new_ts()
    changed(slack, channel, message.only_for)


def delete(slack: Slack, channel: Channel, message: Message) -> None:
    """Take a message away; one with replies leaves a tombstone, so that its thread stays."""
    for file in message.files:
        file.shares.pop(channel.id, None)
    if channel.thread(message.ts):
        _bury(channel, message)
    else:
        channel.remove(message)
    changed(slack, channel, message.only_for)


def posted(slack: Slack, place: str | None = None) -> list[Json]:
    """Return what the bot has posted there (None: anywhere), oldest first, metadata in full."""
    found = [
        {
            "channel": channel.id,
            "ts": message.ts,
            "thread_ts": message.thread_ts,
            "text": message.text,
            "blocks": blocks.copied(message.blocks),
            "metadata": blocks.copied(message.metadata),
            "edited": message.edited is not None,
        }
        for channel, message in _of_bot(slack, place)
    ]
    return sorted(found, key=lambda message: str(message["ts"]))


def has_posted(slack: Slack, count: int, place: str | None = None) -> bool:
    """Whether the bot has posted so many messages there (None: anywhere).

    Whoever waits asks again after every call, so they are not counted before there can be enough.
    """
    at_most = sum(len(channel.messages) for channel in _where(slack, place))
    return at_most >= count and sum(1 for _ in _of_bot(slack, place)) >= count


def changed(slack: Slack, channel: Channel, only_for: str | None = None) -> None:
    """Tell those who see the message that it changed."""
    slack.watchers.changed(channel.members if only_for is None else [only_for])
    slack.bell.ring()


def as_json(slack: Slack, channel: Channel, message: Message) -> Json:
    """Return a message as Slack describes it to the app."""
    described: Json = {
        "type": "message",
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
    }
    described |= _author(slack, message)
    if message.broadcast:
        described["subtype"] = "thread_broadcast"
    for key in ("subtype", "blocks", "attachments", "thread_ts", "username"):
        if getattr(message, key):
            described[key] = getattr(message, key)
    if message.edited:
        described["edited"] = {"user": message.user, "ts": message.edited}
    if message.files:
        described["files"] = [files.describe(slack, file) for file in message.files]
        described["upload"] = False
    if message.ts in channel.pins:
        described["pinned_to"] = [channel.id]
    if message.metadata:
        described["metadata"] = message.metadata
    if message.reactions:
        described["reactions"] = reactions(message)
    return described | _thread(channel, message)


def _author(slack: Slack, message: Message) -> Json:
    if message.is_tombstone:
        return {"hidden": True}
    author: Json = {"team": slack.workspace.team_of(slack.workspace.users[message.user])}
    return author | _bot_profile(slack) if message.is_bot else author


def reactions(message: Message) -> list[Json]:
    """Return the reactions to a message as Slack lists them."""
    return [
        {"name": name, "users": list(users), "count": len(users)}
        for name, users in message.reactions.items()
    ]


def _bury(channel: Channel, message: Message) -> None:
    """Make a tombstone of a message, as which it keeps its place and its thread."""
    channel.pins.pop(message.ts, None)
    message.user, message.is_bot, message.subtype = SLACKBOT, False, TOMBSTONE
    message.text, message.blocks, message.attachments = "This message was deleted.", [], []
    message.files, message.reactions = [], {}
    message.metadata, message.edited, message.username = None, None, None


def _of_bot(slack: Slack, place: str | None) -> Iterator[tuple[Channel, Message]]:
    for channel in _where(slack, place):
        for message in channel.messages.values():
            if message.is_bot:
                yield channel, message


def _where(slack: Slack, place: str | None) -> Iterable[Channel]:
    if place is None:
        return slack.workspace.channels.values()
    channel = slack.workspace.at(place)
    return [channel] if channel else []


def _bot_profile(slack: Slack) -> Json:
    bot = slack.workspace.bot
    profile: Json = {
        "id": bot.bot_id,
        "app_id": slack.app_id,
        "user_id": bot.id,
        "name": slack.app.name,
        "team_id": slack.workspace.team_id,
        "deleted": False,
        "updated": 0,
        "icons": {},
    }
    return {"bot_id": bot.bot_id, "app_id": slack.app_id, "bot_profile": profile}


def _thread(channel: Channel, message: Message) -> Json:
    if message.thread_ts and message.thread_ts != message.ts:
        parent = channel.messages.get(message.thread_ts)
        return {"parent_user_id": parent.user} if parent else {}
    replies = channel.thread(message.ts)
    if not replies:
        return {}
    users = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users": users,
        "reply_users_count": len(users),
        "latest_reply": replies[-1].ts,
    }


def _text(content: Json, *, needed: bool = True) -> str:
    text = content.get("text") or content.get("markdown_text") or ""
    if needed and not text and not content.get("blocks") and not content.get("attachments"):
        raise SlackError("no_text")
    return str(text)[:LONGEST_TEXT]


def _blocks(slack: Slack, content: Json, where: str = "blocks") -> list[Json]:
    given: Any = content.get("blocks") or []
    if not _objects(given) or not all(isinstance(each.get("type"), str) for each in given):
        raise SlackError("invalid_blocks_format")
    completed = blocks.complete(given, where, "message")
    problems = slack_files.problems(slack, completed, where)
    if problems:
        raise refusal("invalid_blocks", *problems)
    return completed


def _attachments(slack: Slack, content: Json) -> list[Json]:
    given: Any = content.get("attachments") or []
    if not _objects(given):
        raise SlackError("invalid_attachments")
    attachments: list[Json] = given
    if len(attachments) > MOST_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    for index, each in enumerate(attachments):
        try:
            _blocks(slack, each, f"attachments/{index}/blocks")
        except SlackError as error:
            raise SlackError("invalid_attachments", **error.extra) from None
    return attachments


def _objects(given: Any) -> bool:
    return isinstance(given, list) and all(isinstance(each, dict) for each in given)
