"""What a page is told of a long conversation: its end, and of that what the page has not got."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass

from sandbox.control import sight
from sandbox.slack import Slack
from sandbox.workspace import Json, User

CHUNK = 50
"""So many messages go together: where one of them changes, all of them are sent again."""


@dataclass(frozen=True)
class Window:
    """The conversation that a page shows.

    Attributes:
        channel: its id, or nothing.
        last: at least so many messages of its end; they are rounded up to whole chunks.
        known: the digests of the chunks that the page has.
    """

    channel: str
    last: int
    known: Collection[str]


def see(slack: Slack, user: User, window: Window) -> Json:
    """Return what `user` sees, with no messages but those of one conversation, as `open`.

    `open` has the `channel`, how many messages are `earlier` than the window, and its `chunks`,
    oldest first: each with a `digest`, and with its `messages` unless the page knows that. It is
    None where the person has no such conversation.
    """
    seen = sight.see(slack, user, messages=False)
    listed = any(channel["id"] == window.channel for channel in seen["channels"])
    return {**seen, "open": _open(slack, user, window) if listed else None}


def _open(slack: Slack, user: User, window: Window) -> Json:
    channel = slack.workspace.channels[window.channel]
    count = len(channel.seen_by(user.id))
    first = max(0, count - window.last) // CHUNK * CHUNK
    messages = sight.told(channel, user, first)
    chunks = [messages[at : at + CHUNK] for at in range(0, len(messages), CHUNK)]
    return {
        "channel": channel.id,
        "earlier": first,
        "chunks": [_chunk(chunk, window.known) for chunk in chunks],
    }


def _chunk(messages: list[Json], known: Collection[str]) -> Json:
    digest = hashlib.blake2b(json.dumps(messages).encode(), digest_size=8).hexdigest()
    return {"digest": digest} if digest in known else {"digest": digest, "messages": messages}
