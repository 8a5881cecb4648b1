"""What happens to channels and people without the app: archived, removed, deactivated."""

from __future__ import annotations

from dataclasses import replace

from sandbox.slack import Slack
from sandbox.workspace import Channel


def archive(slack: Slack, name_or_id: str, *, archived: bool) -> None:
    """Archive a channel, or bring it back; its messages stay readable.

    Raises:
        LookupError: there is no such channel.
    """
    channel = _channel(slack, name_or_id)
    channel.archived = archived
    slack.watchers.changed(channel.members)


def seat_bot(slack: Slack, name_or_id: str, *, member: bool) -> None:
    """Invite the bot to a channel, or remove it.

    Raises:
        LookupError: there is no such channel.
    """
    channel, bot = _channel(slack, name_or_id), slack.workspace.bot.id
    if member and bot not in channel.members:
        channel.members.append(bot)
    if not member and bot in channel.members:
        channel.members.remove(bot)
    slack.watchers.changed(channel.members)


def deactivate(slack: Slack, name_or_id: str) -> None:
    """Deactivate somebody's account; they stay in the lists, and nobody can act as them.

    Raises:
        LookupError: there is no such person.
    """
    user = slack.workspace.find_user(name_or_id)
    if user is None or user.is_bot:
        raise LookupError(f"There is no person {name_or_id!r} here.")
    slack.workspace.add_user(replace(user, deleted=True))


def _channel(slack: Slack, name_or_id: str) -> Channel:
    channel = slack.workspace.find_channel(name_or_id)
    if channel is None or channel.kind == "im":
        raise LookupError(f"There is no channel {name_or_id!r} here.")
    return channel
