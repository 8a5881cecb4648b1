"""What a script may do as a person: each act is one function."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sandbox import admin, events, inputs, interactions, posting, writing
from sandbox.block_kit.blocks import Placed
from sandbox.control import typed
from sandbox.control.fields import Fields
from sandbox.errors import ActError
from sandbox.methods.reactions import NAME
from sandbox.modals import View
from sandbox.slack import Slack
from sandbox.workspace import Channel, Json, Message, Pin, User

Act = Callable[[Slack, User, Fields], Awaitable[Json]]


async def act(slack: Slack, fields: Fields) -> Json:
    """Do one thing as one person and return its outcome, when the app has answered.

    Raises:
        ActError: it makes no sense; nothing has happened.
    """
    user, name = person(slack, fields.text("as")), fields.text("do")
    if name not in ACTS:
        raise ActError(f"There is no act {name!r}; there are {', '.join(ACTS)}.")
    return {"ok": True, **await ACTS[name](slack, user, fields)}


def person(slack: Slack, name_or_id: str) -> User:
    """Return the person with that id or name.

    Raises:
        ActError: there is none, or it is the app.
    """
    try:
        user = admin.find(slack, name_or_id)
    except LookupError as error:
        raise ActError(str(error)) from None
    if user.deleted:
        raise ActError(f"The account of {name_or_id!r} is deactivated.")
    return user


def writable(slack: Slack, channel: Channel) -> bool:
    """Whether people may write here: not in an archive, nor in a closed Messages tab."""
    with_app = channel.kind == "im" and slack.workspace.bot_is_in(channel)
    return not channel.archived and (not with_app or slack.app.messages_tab == "open")


async def _message(slack: Slack, user: User, fields: Fields) -> Json:
    channel = _composer(slack, user, fields)
    text, thread_ts = _words(fields), _thread(channel, fields)
    content = {"text": typed.as_message(slack, text), "thread_ts": thread_ts}
    message, heard = await writing.say(slack, channel, user.id, content)
    return {"outcome": "posted", "ts": message.ts, "event": heard}


async def _edit(slack: Slack, user: User, fields: Fields) -> Json:
    channel, message = _own(slack, user, fields)
    content = {"text": typed.as_message(slack, _words(fields))}
    heard = await writing.change(slack, channel, message, content)
    return {"outcome": "edited", "event": heard}


async def _delete(slack: Slack, user: User, fields: Fields) -> Json:
    channel, message = _own(slack, user, fields)
    return {"outcome": "deleted", "event": await writing.take_back(slack, channel, message)}


async def _command(slack: Slack, user: User, fields: Fields) -> Json:
    channel = _composer(slack, user, fields)
    thread_ts = _thread(channel, fields)
    name, *rest = fields.text("text").split(maxsplit=1) or [""]
    if not name.startswith("/"):
        raise ActError("A command starts with a slash, for instance /help.")
    chosen = slack.app.command(name) if _has_app(slack, user) else None
    if chosen is None:
        slack.notify(user.id, f"{name} is not a valid command.", channel.id)
        return {"outcome": "unknown_command"}
    if thread_ts:
        slack.notify(user.id, f"{name} is not supported in threads. Sorry!", channel.id)
        return {"outcome": "not_in_threads"}
    text = "".join(rest).strip()
    if chosen.should_escape:
        text = typed.as_command(slack, user, text)
    twice = fields.flag("twice")
    return await interactions.command(slack, user, channel, chosen, text, twice=twice)


async def _shortcut(slack: Slack, user: User, fields: Fields) -> Json:
    wanted = fields.text("callback_id")
    chosen = slack.app.shortcut(wanted, "global") if _has_app(slack, user) else None
    if chosen is None:
        return {"outcome": "unknown_shortcut"}
    return await interactions.shortcut(slack, user, chosen)


async def _message_shortcut(slack: Slack, user: User, fields: Fields) -> Json:
    channel, message = _seen_message(slack, user, fields)
    if message.only_for is not None or message.is_tombstone:
        raise ActError("Such a message has no shortcuts.")
    wanted = fields.text("callback_id")
    chosen = slack.app.shortcut(wanted, "message") if _has_app(slack, user) else None
    if chosen is None:
        return {"outcome": "unknown_shortcut"}
    return await interactions.message_shortcut(slack, user, channel, message, chosen)


async def _block_action(slack: Slack, user: User, fields: Fields) -> Json:
    block_id, action_id = fields.text("block_id"), fields.text("action_id")
    value, twice = fields.any("value"), fields.flag("twice")
    if fields.has("view_id"):
        view = _view(slack, user, fields, home=True)
        placed = _clickable(view.blocks, block_id, action_id)
        if fields.has("values"):
            given = fields.any("values")
            view.values = inputs.merge(view.blocks, view.values, given, unchecked=False)
        return await interactions.action_in_view(slack, user, view, placed, value, twice=twice)
    channel, message = _seen_message(slack, user, fields)
    placed = _clickable(message.blocks, block_id, action_id)
    return await interactions.action_in_message(
        slack, user, channel, message, placed, value, twice=twice
    )


async def _submit(slack: Slack, user: User, fields: Fields) -> Json:
    view, unchecked = _view(slack, user, fields), fields.flag("unchecked")
    if fields.has("values"):
        given = fields.any("values")
        view.values = inputs.merge(view.blocks, view.values, given, unchecked=unchecked)
    problems = {} if unchecked else inputs.check(view.blocks, view.values)
    if problems:
        view.errors = problems
        slack.watchers.changed([user.id])
        return {"outcome": "invalid", "errors": problems}
    return await interactions.submission(slack, user, view, twice=fields.flag("twice"))


async def _close(slack: Slack, user: User, fields: Fields) -> Json:
    view = _view(slack, user, fields)
    await interactions.closing(slack, user, view, everything=fields.flag("all"))
    return {"outcome": "closed"}


async def _react(slack: Slack, user: User, fields: Fields) -> Json:
    channel, message, name = _reaction(slack, user, fields)
    if user.id not in message.reactions.get(name, []):
        message.reactions.setdefault(name, []).append(user.id)
        posting.changed(slack, channel)
        await events.reaction_changed(slack, channel, message, user=user.id, name=name, added=True)
    return {"outcome": "reacted"}


async def _unreact(slack: Slack, user: User, fields: Fields) -> Json:
    channel, message, name = _reaction(slack, user, fields)
    if user.id in message.reactions.get(name, []):
        message.reactions[name].remove(user.id)
        if not message.reactions[name]:
            del message.reactions[name]
        posting.changed(slack, channel)
        await events.reaction_changed(slack, channel, message, user=user.id, name=name, added=False)
    return {"outcome": "unreacted"}


async def _pin(slack: Slack, user: User, fields: Fields) -> Json:
    channel, message = _pinnable(slack, user, fields)
    if message.ts not in channel.pins:
        channel.pins[message.ts] = Pin(user.id, int(slack.clock.now().timestamp()))
        posting.changed(slack, channel)
        await events.pin_changed(slack, channel, message, user=user.id, added=True)
    return {"outcome": "pinned"}


async def _unpin(slack: Slack, user: User, fields: Fields) -> Json:
    channel, message = _pinnable(slack, user, fields)
    if channel.pins.pop(message.ts, None) is not None:
        posting.changed(slack, channel)
        await events.pin_changed(slack, channel, message, user=user.id, added=False)
    return {"outcome": "unpinned"}


async def _open_dm(slack: Slack, user: User, fields: Fields) -> Json:
    other = slack.workspace.find_user(fields.text("user"))
    if other is None:
        raise ActError(f"There is nobody called {fields.text('user')!r} here.")
    channel = slack.workspace.dm(user.id, other.id)
    channel.opened_by.add(user.id)
    slack.watchers.changed([user.id])
    return {"outcome": "opened", "channel": channel.id}


async def _open_home(slack: Slack, user: User, fields: Fields) -> Json:
    tab = fields.text("tab", "home")
    if tab not in ("home", "messages"):
        raise ActError("The tab is home or messages.")
    there = slack.has_home if tab == "home" else slack.app.messages_tab != "off"
    if not there or not _has_app(slack, user):
        return {"outcome": "not_enabled"}
    heard = await events.home_opened(slack, user, tab)
    return {"outcome": heard or "opened"}


async def _dismiss(slack: Slack, user: User, fields: Fields) -> Json:
    wanted = fields.any("notice") if fields.has("notice") else fields.any("ts")
    notices = slack.notices.get(user.id, [])
    for notice in notices:
        if notice["id"] == wanted and not isinstance(wanted, bool):
            notices.remove(notice)
            slack.watchers.changed([user.id])
            return {"outcome": "dismissed"}
    for channel in slack.workspace.channels.values():
        message = channel.ephemeral.get(str(wanted))
        if message is not None and message.only_for == user.id:
            posting.delete(slack, channel, message)
            return {"outcome": "dismissed"}
    raise ActError("There is no such notice or ephemeral message; name its notice id or its ts.")


async def _read(slack: Slack, user: User, fields: Fields) -> Json:
    channel = _channel(slack, user, fields)
    if channel.messages:
        channel.read_up_to[user.id] = max(channel.messages)
        slack.watchers.changed([user.id])
    return {"outcome": "read"}


ACTS: dict[str, Act] = {
    "message": _message,
    "edit": _edit,
    "delete": _delete,
    "command": _command,
    "shortcut": _shortcut,
    "message_shortcut": _message_shortcut,
    "block_action": _block_action,
    "submit": _submit,
    "close": _close,
    "react": _react,
    "unreact": _unreact,
    "pin": _pin,
    "unpin": _unpin,
    "open_dm": _open_dm,
    "open_home": _open_home,
    "dismiss": _dismiss,
    "read": _read,
}


def _has_app(slack: Slack, user: User) -> bool:
    """Whether the person has the app's commands, shortcuts and Home; another company has not."""
    return slack.installed and not user.is_external


def _channel(slack: Slack, user: User, fields: Fields) -> Channel:
    """Return a channel that the person is in."""
    wanted = fields.text("channel")
    channel = slack.workspace.find_channel(wanted)
    if channel is None or user.id not in channel.members:
        raise ActError(f"{user.name} is in no channel {wanted!r}.")
    return channel


def _composer(slack: Slack, user: User, fields: Fields) -> Channel:
    """Return a channel in which the person has a field to type in."""
    channel = _channel(slack, user, fields)
    if channel.archived:
        raise ActError(f"Nobody can type here: {channel.name} is archived.")
    if not writable(slack, channel):
        raise ActError("Sending messages to this app has been turned off.")
    return channel


def _words(fields: Fields) -> str:
    text = fields.text("text")
    if not text.strip():
        raise ActError("A message needs some text.")
    return text


def _thread(channel: Channel, fields: Fields) -> str:
    """Return the message below which something is typed; nothing in the channel itself."""
    ts = fields.text("thread_ts", "")
    if ts and ts not in channel.messages:
        raise ActError(f"There is no message {ts!r} to reply to.")
    return ts


def _own(slack: Slack, user: User, fields: Fields) -> tuple[Channel, Message]:
    """Return a message that the person wrote and may still change."""
    channel, message = _seen_message(slack, user, fields)
    if message.user != user.id or message.subtype is not None:
        raise ActError(f"{user.name} did not write that message.")
    if channel.archived:
        raise ActError(f"Nothing changes here: {channel.name} is archived.")
    return channel, message


def _seen_message(slack: Slack, user: User, fields: Fields) -> tuple[Channel, Message]:
    channel, ts = _channel(slack, user, fields), fields.text("ts")
    message = channel.messages.get(ts) or channel.ephemeral.get(ts)
    if message is None or message.only_for not in (None, user.id):
        raise ActError(f"{user.name} sees no message {ts!r} there.")
    return channel, message


def _reaction(slack: Slack, user: User, fields: Fields) -> tuple[Channel, Message, str]:
    channel, message = _seen_message(slack, user, fields)
    name = fields.text("name").strip(":")
    if not NAME.fullmatch(name):
        raise ActError(f"{name!r} is not the name of an emoji, such as heart.")
    if message.only_for is not None:
        raise ActError("Nobody can react to a message that only they see.")
    if message.is_tombstone:
        raise ActError("Nobody can react to a message that was deleted.")
    return channel, message, name


def _pinnable(slack: Slack, user: User, fields: Fields) -> tuple[Channel, Message]:
    channel, message = _seen_message(slack, user, fields)
    if message.only_for is not None or message.subtype is not None:
        raise ActError("Such a message cannot be pinned.")
    return channel, message


def _view(slack: Slack, user: User, fields: Fields, *, home: bool = False) -> View:
    """Return the view on top of what the person has open, which must be the one named."""
    view, top = slack.modals.find(fields.text("view_id")), slack.modals.top(user.id)
    if home and view is not None and view is slack.modals.home(user.id):
        return view
    if view is None or view.user != user.id:
        raise ActError(f"{user.name} has no view {fields.text('view_id')!r} open.")
    if view is not top:
        raise ActError("This view is not the one on top.")
    return view


def _clickable(shown: list[Json], block_id: str, action_id: str) -> Placed:
    """Return the element; one in an input block only answers when it asks for it."""
    placed = inputs.find(shown, block_id, action_id)
    if placed.in_input and not placed.block.get("dispatch_action"):
        raise ActError(f"{block_id} is an input without dispatch_action; submit its value.")
    return placed
