"""What happens to channels, people and the app itself without the app having a say.

Whatever the app subscribed to is sent at once, and each of these returns when it has answered.
"""

from __future__ import annotations

from dataclasses import replace

from sandbox import events, writing
from sandbox.seed import OTHER_TEAM
from sandbox.slack import Slack
from sandbox.workspace import Channel, Role, User


async def archive(slack: Slack, name_or_id: str, *, archived: bool) -> None:
    """Archive a channel, or bring it back; its messages stay readable.

    Raises:
        LookupError: there is no such channel.
    """
    channel = _channel(slack, name_or_id)
    if channel.archived == archived:
        return
    channel.archived = archived
    slack.watchers.changed(channel.members)
    await events.channel_changed(slack, channel, "archive" if archived else "unarchive")


async def delete(slack: Slack, name_or_id: str) -> None:
    """Delete a channel with all that was said there; nothing brings it back.

    Raises:
        LookupError: there is no such channel.
        ValueError: it is the channel for everybody, which stays.
    """
    channel = _channel(slack, name_or_id)
    if channel.name == "general":
        raise ValueError("The channel for everybody stays.")
    slack.workspace.remove_channel(channel)
    slack.watchers.changed(slack.workspace.users)
    await events.channel_deleted(slack, channel)


async def seat_bot(slack: Slack, name_or_id: str, *, member: bool) -> None:
    """Invite the bot to a channel, or remove it; Slack writes a line about it.

    Raises:
        LookupError: there is no such channel.
    """
    channel, bot = _channel(slack, name_or_id), slack.workspace.bot
    await _seat(slack, channel, bot, member=member)


async def seat(slack: Slack, name_or_id: str, person: str, *, member: bool) -> None:
    """Bring somebody into a channel, or take them out of it; Slack writes a line about it.

    Raises:
        LookupError: there is no such channel or person.
        ValueError: they may not be there, as Slack sees it.
    """
    channel, user = _channel(slack, name_or_id), find(slack, person)
    if member and user.is_external and not channel.shared_with:
        raise ValueError(f"{channel.name} is not shared with the company of {user.name}.")
    if member and user.role == "single_channel_guest" and _elsewhere(slack, user, channel):
        raise ValueError(f"{user.name} may be in one channel only.")
    await _seat(slack, channel, user, member=member)


async def rename(slack: Slack, name_or_id: str, name: str) -> None:
    """Give a channel another name.

    Raises:
        LookupError: there is no such channel.
        ValueError: another channel has that name.
    """
    channel = _channel(slack, name_or_id)
    if slack.workspace.find_channel(name) is not None:
        raise ValueError(f"There is a channel {name!r} already.")
    before, channel.name = channel.name, name
    channel.previous_names.insert(0, before)
    slack.watchers.changed(channel.members)
    await events.channel_changed(slack, channel, "rename")
    text = f'has renamed the channel from "{before}" to "{name}"'
    await _line(slack, channel, channel.creator, "channel_name", text)


async def convert(slack: Slack, name_or_id: str, *, private: bool) -> None:
    """Make a public channel private, or a private one public; its id stays.

    The app hears of it only by the line that Slack writes there, as a message.

    Raises:
        LookupError: there is no such channel.
        ValueError: it is the channel for everybody, which stays public.
    """
    channel = _channel(slack, name_or_id)
    if private and channel.name == "general":
        raise ValueError("The channel for everybody stays public.")
    if (channel.kind == "private") == private:
        return
    channel.kind = "private" if private else "channel"
    slack.watchers.changed(slack.workspace.users)
    which = "private" if private else "public"
    text = f"made this channel *{which}*."
    await _line(slack, channel, channel.creator, f"channel_convert_to_{which}", text)


async def share(slack: Slack, name_or_id: str, *, shared: bool) -> None:
    """Share a channel with another company, or end that; then their people are out of it.

    Raises:
        LookupError: there is no such channel.
    """
    channel = _channel(slack, name_or_id)
    if bool(channel.shared_with) == shared:
        return
    channel.shared_with = [OTHER_TEAM] if shared else []
    if not shared:
        users = slack.workspace.users
        for member in [each for each in channel.members if users[each].is_external]:
            channel.members.remove(member)
    slack.watchers.changed(slack.workspace.users)
    await events.sharing_changed(slack, channel, OTHER_TEAM, shared=shared)


async def set_active(slack: Slack, name_or_id: str, *, active: bool) -> None:
    """Close somebody's account, or open it again.

    With a closed one they stay in the lists, and nobody can act as them.

    Raises:
        LookupError: there is no such person.
    """
    user = find(slack, name_or_id)
    if user.deleted == active:
        await _replace(slack, replace(user, deleted=not active))


async def set_role(slack: Slack, name_or_id: str, role: Role) -> None:
    """Make somebody an owner, an admin, a member or a guest.

    Raises:
        LookupError: there is no such person.
    """
    await _replace(slack, replace(find(slack, name_or_id), role=role))


async def add_person(slack: Slack, user: User, channels: list[str]) -> None:
    """Let somebody begin here, in these channels.

    Raises:
        LookupError: there is no such channel.
        ValueError: there is somebody of that name, or they may not be in such a channel.
    """
    if slack.workspace.find_user(user.name) is not None:
        raise ValueError(f"There is somebody called {user.name!r} already.")
    slack.workspace.add_user(user)
    slack.watchers.workspace_changed()
    if not user.is_external:
        await events.account_added(slack, user)
    for channel in channels:
        await seat(slack, channel, user.name, member=True)


async def uninstall(slack: Slack) -> None:
    """Take the app out of the workspace: out of its channels, its token dead."""
    if take_out(slack):
        await tell_taken_out(slack)


async def tell_taken_out(slack: Slack) -> None:
    """Send what an app is sent that was taken out."""
    await events.tokens_revoked(slack)
    await events.uninstalled(slack)


def take_out(slack: Slack) -> bool:
    """Take the app out and send nothing; False if it was not there."""
    if not slack.installed:
        return False
    slack.installed, slack.token_error = False, "account_inactive"
    bot = slack.workspace.bot
    for channel in slack.workspace.channels_of(bot.id):
        if not channel.is_direct:
            channel.members.remove(bot.id)
    slack.workspace.bot = slack.workspace.add_user(replace(bot, deleted=True))
    for user in slack.workspace.people():
        slack.modals.forget(user.id)
    _all_changed(slack)
    return True


def install(slack: Slack) -> None:
    """Install the app again, in no channel yet, with a token that counts."""
    slack.installed, slack.token_error = True, None
    bot = replace(slack.workspace.bot, deleted=False)
    slack.workspace.bot = slack.workspace.add_user(bot)
    _all_changed(slack)


async def revoke_token(slack: Slack) -> None:
    """Let the bot token count no more, while the app stays installed."""
    slack.token_error = "token_revoked"  # noqa: S105
    await events.tokens_revoked(slack)


def find(slack: Slack, name_or_id: str) -> User:
    """Return a person by id or name.

    Raises:
        LookupError: there is none, or it is the app.
    """
    user = slack.workspace.find_user(name_or_id)
    if user is None or user.is_bot:
        raise LookupError(f"There is no person {name_or_id!r} here.")
    return user


async def _seat(slack: Slack, channel: Channel, user: User, *, member: bool) -> None:
    """Bring somebody in or take them out, unless there is nothing to do."""
    if (user.id in channel.members) == member:
        return
    if member:
        channel.members.append(user.id)
        slack.watchers.changed(channel.members)
        await events.member_joined(slack, channel, user)
    else:
        slack.watchers.changed(channel.members)
        channel.members.remove(user.id)
        await events.member_left(slack, channel, user)
    did = ("channel_join", "joined") if member else ("channel_leave", "left")
    await _line(slack, channel, user.id, did[0], f"<@{user.id}> has {did[1]} the channel")


async def _line(slack: Slack, channel: Channel, user: str, subtype: str, text: str) -> None:
    """Let Slack itself write a line in a channel, of which the app hears as of a message."""
    await writing.say(slack, channel, user, {"text": text}, subtype=subtype)


async def _replace(slack: Slack, user: User) -> None:
    slack.workspace.add_user(user)
    slack.watchers.workspace_changed()
    await events.account_changed(slack, user)


def _elsewhere(slack: Slack, user: User, channel: Channel) -> bool:
    rooms = (each for each in slack.workspace.channels_of(user.id) if not each.is_direct)
    return any(each is not channel for each in rooms)


def _all_changed(slack: Slack) -> None:
    slack.watchers.changed(slack.workspace.users)
    slack.watchers.workspace_changed()


def _channel(slack: Slack, name_or_id: str) -> Channel:
    channel = slack.workspace.find_channel(name_or_id)
    if channel is None or channel.is_direct:
        raise LookupError(f"There is no channel {name_or_id!r} here.")
    return channel
