"""What the inside needs from the outside."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event
from typing import NamedTuple, Protocol


class Clock(Protocol):
    """Says what time it is, and how much of it has passed."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...

    def elapsed(self) -> float:
        """Return seconds that never go back, and go on while this process or machine is paused."""
        ...

    def wait(self, event: Event, seconds: float) -> bool:
        """Return whether `event` was set, at the latest after so many seconds."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.now(UTC)

    def elapsed(self) -> float:
        """Return the seconds since the machine was started."""
        return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))

    def wait(self, event: Event, seconds: float) -> bool:
        """Return whether `event` was set, at the latest after so many seconds."""
        return event.wait(seconds)


@dataclass(frozen=True, slots=True)
class Profile:
    """What the workspace says of somebody; asked when it is needed, and not kept."""

    zone: str = ""
    """IANA time zone, empty when there is none."""
    is_admin: bool = False
    """An admin or owner of the workspace."""
    is_guest: bool = False
    is_bot: bool = False
    is_stranger: bool = False
    """Of another company, in a channel that is shared with it."""
    is_gone: bool = False
    """Deactivated, or nobody that Slack knows."""

    @property
    def is_outsider(self) -> bool:
        """Has no account of their own in this workspace, or is no person."""
        return self.is_guest or self.is_bot or self.is_stranger

    @property
    def is_colleague(self) -> bool:
        """Works here: somebody who can be given something to do."""
        return not (self.is_outsider or self.is_gone)


class Directory(Protocol):
    """What the workspace knows of its people."""

    def profile(self, person: str) -> Profile:
        """Return what the workspace says of somebody.

        Raises:
            SlackUnavailable: the workspace did not say.
        """
        ...


@dataclass(frozen=True, slots=True)
class Channel:
    """What the workspace says of a channel; asked when it is needed, and not kept."""

    is_inside: bool = False
    """Whether Hearth is in it; of one that Slack does not tell us about, nothing else is known."""
    is_private: bool = False
    is_archived: bool = False
    is_shared: bool = False
    """With another company."""
    is_direct: bool = False
    """A direct message, of two or of several."""


class Channels(Protocol):
    """What the workspace knows of its channels."""

    def look(self, channel: str) -> Channel:
        """Return what the workspace says of a channel.

        Raises:
            SlackUnavailable: the workspace did not say.
        """
        ...

    def members(self, channel: str) -> frozenset[str]:
        """Return who is in a channel that Hearth knows of; nobody for another.

        Raises:
            SlackUnavailable: the workspace did not say.
        """
        ...

    def private(self) -> Mapping[str, str]:
        """Return the names of the private channels that Hearth is in, by id; archived ones not.

        Raises:
            SlackUnavailable: the workspace did not say.
        """
        ...


class Turn(Protocol):
    """The right to be the one sender; at most one process has it."""

    def take(self) -> bool:
        """Take the turn, or keep it; False while another process has it or nobody knows."""
        ...

    def give_back(self) -> None:
        """Let another process take it."""
        ...


class Meter(Protocol):
    """Counts for the operator; what it is told names things and kinds, never anybody."""

    def listener_took(self, seconds: float) -> None:
        """Something that Slack sent was answered."""
        ...

    def database_waited(self, seconds: float) -> None:
        """A read could begin, or a write was on the disk, after so many seconds."""
        ...

    def slack_called(self, method: str, outcome: str) -> None:
        """Slack was asked; the outcome is "ok", Slack's own error, or "unreachable"."""
        ...

    def went_wrong(self, kind: str) -> None:
        """A listener or a job failed with this type of error, or with an "unexpected" one."""
        ...

    def refused(self, reason: str) -> None:
        """A request was turned away."""
        ...

    def reconnected(self) -> None:
        """The socket to Slack was opened anew."""
        ...


class Unmetered:
    """A meter that nobody reads."""

    def listener_took(self, seconds: float) -> None:
        """Count nothing."""

    def database_waited(self, seconds: float) -> None:
        """Count nothing."""

    def slack_called(self, method: str, outcome: str) -> None:
        """Count nothing."""

    def went_wrong(self, kind: str) -> None:
        """Count nothing."""

    def refused(self, reason: str) -> None:
        """Count nothing."""

    def reconnected(self) -> None:
        """Count nothing."""


class Address(NamedTuple):
    """Where to listen; port 0 takes any free one."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"
