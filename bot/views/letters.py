"""What is sent through the outbox: words and blocks, and for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.delivery import Post
from bot.views.blocks import Block, section


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file; the sender puts a number into its name, by which it is found again."""

    name: str
    kind: str
    """The end of its name, without the dot."""
    title: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message, to a channel or to a person; with files, its blocks are not shown."""

    text: str
    """All of it in words: what a screen reader reads and a notification shows."""
    blocks: Sequence[Block]
    channel: str | None = None
    person: str | None = None
    """Slack user id; for a direct message."""
    pinned: bool | None = None
    """Whether it is to stay in sight in its channel; None leaves that as it is."""
    files: Sequence[Attachment] = ()
    thread: Post | None = None
    """The message that it replies to, in the same channel."""
    not_after: datetime | None = None
    """From then on it is too late to say it for the first time."""


def word(person: str, text: str) -> Letter:
    """Return a direct message of words alone."""
    return Letter(person=person, text=text, blocks=[section(text)])
