"""What a workspace is made of: people, channels, messages.

Plain state without rules. Only the sandbox's event loop touches it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sandbox.clock import Clock

Json = dict[str, Any]
Kind = Literal["channel", "private", "im", "mpim"]
SLACKBOT = "USLACKBOT"
TOMBSTONE = "tombstone"
"""The subtype of what stands for a deleted message that has replies; Slackbot is its author."""

Role = Literal["owner", "admin", "member", "guest", "single_channel_guest"]


@dataclass(frozen=True)
class Zone:
    """A time zone with the two names that Slack gives it, in winter and in summer."""

    name: str
    standard: str
    summer: str

    def offset(self, at: datetime) -> int:
        """Return the seconds east of Greenwich at that instant."""
        return int((at.astimezone(ZoneInfo(self.name)).utcoffset() or timedelta(0)).total_seconds())

    def label(self, at: datetime) -> str:
        """Return the zone's name at that instant, such as "Central European Time"."""
        return self.summer if at.astimezone(ZoneInfo(self.name)).dst() else self.standard


@dataclass(frozen=True)
class User:
    """A person of the workspace, or the app's bot user."""

    id: str
    name: str
    real_name: str
    title: str
    note: str
    zone: Zone
    locale: str
    bot_id: str | None = None
    deleted: bool = False
    role: Role = "member"
    other_team: str | None = None

    @property
    def is_bot(self) -> bool:
        """Whether this is the app and not a person."""
        return self.bot_id is not None

    @property
    def is_external(self) -> bool:
        """Whether this person belongs to another company, and is here by a shared channel."""
        return self.other_team is not None

    @property
    def is_guest(self) -> bool:
        """Whether this person may only be where they were invited."""
        return self.role in ("guest", "single_channel_guest")


@dataclass
class File:
    """A file of the app: announced, then uploaded, then shared in a conversation or in none.

    `upload_key` is the secret part of the address to which its content is sent; `shares` are the
    messages that show it, by conversation. `ready_at` is when Slack will have looked at it, which
    it does some time after it is complete.
    """

    id: str
    upload_key: str
    name: str
    length: int
    user: str
    created: int
    title: str = ""
    content: bytes | None = None
    complete: bool = False
    ready_at: datetime | None = None
    deleted: bool = False
    shares: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Pin:
    """Who pinned a message, and when."""

    user: str
    created: int


@dataclass
class Message:
    """A message; `only_for` is the one person who sees it when it is ephemeral.

    A reply that was `broadcast` stands in its channel as well; `username` is another name under
    which the app wrote it.
    """

    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    edited: str | None = None
    only_for: str | None = None
    is_bot: bool = False
    metadata: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    subtype: str | None = None
    files: list[File] = field(default_factory=list)
    broadcast: bool = False
    username: str | None = None

    @property
    def is_tombstone(self) -> bool:
        """Whether this only keeps the place of a deleted message."""
        return self.subtype == TOMBSTONE


@dataclass
class Channel:
    """A channel or a direct message, of two or of several, with everything said in it."""

    id: str
    name: str
    kind: Kind
    created: int
    topic: str = ""
    purpose: str = ""
    archived: bool = False
    creator: str = ""
    previous_names: list[str] = field(default_factory=list)
    shared_with: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    ephemeral: dict[str, Message] = field(default_factory=dict)
    read_up_to: dict[str, str] = field(default_factory=dict)
    opened_by: set[str] = field(default_factory=set)
    pins: dict[str, Pin] = field(default_factory=dict)
    _replies: dict[str, list[Message]] = field(default_factory=dict)

    def add(self, message: Message) -> None:
        """Add a message, to the ephemeral ones if only one person sees it."""
        if message.only_for is not None:
            self.ephemeral[message.ts] = message
            return
        self.messages[message.ts] = message
        if message.thread_ts not in (None, message.ts):
            self._replies.setdefault(str(message.thread_ts), []).append(message)

    def remove(self, message: Message) -> None:
        """Take a message away."""
        self.messages.pop(message.ts, None)
        self.pins.pop(message.ts, None)
        self.ephemeral.pop(message.ts, None)
        replies = self._replies.get(str(message.thread_ts), [])
        if message in replies:
            replies.remove(message)

    @property
    def is_direct(self) -> bool:
        """Whether this is between certain people, and nobody comes or goes."""
        return self.kind in ("im", "mpim")

    def other(self, user: str) -> str:
        """Return who is at the other end of a direct message."""
        return next((member for member in self.members if member != user), user)

    def seen_by(self, user: str) -> list[Message]:
        """Return what `user` sees here, oldest first: messages and their own ephemerals."""
        own = [message for message in self.ephemeral.values() if message.only_for == user]
        return sorted([*self.messages.values(), *own], key=lambda message: message.ts)

    def thread(self, ts: str) -> list[Message]:
        """Return the replies to the message `ts`, oldest first."""
        return self._replies.get(ts, [])


class Workspace:
    """The people and channels of one company, and the bot among them."""

    def __init__(self, *, team_id: str, name: str, domain: str, clock: Clock) -> None:
        self.team_id, self.name, self.domain = team_id, name, domain
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.bot: User
        self._dms: dict[frozenset[str], Channel] = {}
        self._clock = clock
        self._last_ts = 0
        self._ids = itertools.count(1)

    def new_id(self, prefix: str) -> str:
        """Return an id that is new in this workspace and looks like one of Slack's."""
        return f"{prefix}0SBX{next(self._ids):06d}"

    def new_ts(self) -> str:
        """Return a message timestamp: the clock's, yet always later than the one before.

        Slack uses it as the message's id within its channel, so two must never be the same,
        even when the clock was set back to real time.
        """
        now = self._clock.now()
        micros = int(now.timestamp()) * 1_000_000 + now.microsecond
        self._last_ts = max(self._last_ts + 1, micros)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def add_user(self, user: User) -> User:
        """Add a person (or the bot)."""
        self.users[user.id] = user
        return user

    def add_channel(self, channel: Channel) -> Channel:
        """Add a channel or a direct message."""
        self.channels[channel.id] = channel
        return channel

    def remove_channel(self, channel: Channel) -> None:
        """Take a channel away; a file that stood there stands there no more."""
        del self.channels[channel.id]
        for file in self.files.values():
            file.shares.pop(channel.id, None)

    def people(self) -> list[User]:
        """Return everybody who is not the bot."""
        return [user for user in self.users.values() if not user.is_bot]

    def team_of(self, user: User) -> str:
        """Return the id of the company that `user` belongs to."""
        return user.other_team or self.team_id

    def knows(self, user: User) -> bool:
        """Whether the app may see `user`: one of this company, or somebody in its channels."""
        return not user.is_external or any(map(self.bot_is_in, self.channels_of(user.id)))

    def find_user(self, name_or_id: str) -> User | None:
        """Return the user with that id or name."""
        by_id = self.users.get(name_or_id)
        return by_id or next((u for u in self.users.values() if u.name == name_or_id), None)

    def find_channel(self, name_or_id: str) -> Channel | None:
        """Return the channel with that id or name (direct messages have no name)."""
        named = (c for c in self.channels.values() if c.name and c.name == name_or_id)
        return self.channels.get(name_or_id) or next(named, None)

    def dm(self, one: str, other: str) -> Channel:
        """Return the direct message between two users; it is made when there is none."""
        pair = frozenset((one, other))
        if pair not in self._dms:
            created = int(self._clock.now().timestamp())
            members = list(dict.fromkeys((one, other)))
            channel = Channel(self.new_id("D"), "", "im", created, members=members)
            self._dms[pair] = self.add_channel(channel)
        return self._dms[pair]

    def group(self, *members: str) -> Channel:
        """Return the direct message between several; it is made when there is none.

        Its name is made of theirs, in the order in which they are given.
        """
        together = frozenset(members)
        if together not in self._dms:
            created = int(self._clock.now().timestamp())
            names = "--".join(self.users[each].name for each in members)
            channel = Channel(self.new_id("C"), f"mpdm-{names}-1", "mpim", created)
            channel.members = list(members)
            channel.creator = members[-1]
            self._dms[together] = self.add_channel(channel)
        return self._dms[together]

    def between(self, members: Sequence[str]) -> Channel | None:
        """Return the direct message between exactly these, in whatever order; None without one."""
        return self._dms.get(frozenset(members))

    def place(self, name_or_id: str) -> str | None:
        """Return one key for a conversation of the bot, however it is named; None if unknown.

        A direct message with the bot has the person's id as its key, for an app may name it so
        before there is one.
        """
        if name_or_id in self.users:
            return name_or_id
        channel = self.find_channel(name_or_id)
        if channel is None:
            user = self.find_user(name_or_id)
            return user.id if user else None
        with_bot = channel.kind == "im" and self.bot_is_in(channel)
        return channel.other(self.bot.id) if with_bot else channel.id

    def at(self, place: str) -> Channel | None:
        """Return the conversation with that key; None while nobody has opened it."""
        return self.channels.get(place) or self._dms.get(frozenset((self.bot.id, place)))

    def bot_is_in(self, channel: Channel) -> bool:
        """Whether the app is a member of `channel`."""
        return self.bot.id in channel.members

    def channels_of(self, user: str) -> Iterable[Channel]:
        """Return the channels that `user` is a member of."""
        return (channel for channel in self.channels.values() if user in channel.members)
