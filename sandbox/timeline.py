"""What the app sent and what it received, newest last: no texts, and nobody's name."""

from __future__ import annotations

from collections import deque
from dataclasses import asdict, dataclass
from typing import Literal

from sandbox.clock import Clock
from sandbox.delivery.answers import Answer, Kind
from sandbox.watchers import Watchers
from sandbox.workspace import Json

Way = Literal["sent", "received"]

LONGEST = 1_000


@dataclass(frozen=True)
class Entry:
    """One call of the app, or one delivery to it.

    Attributes:
        n: its number; each is one higher than the one before.
        at: when it ended, by the workspace's clock.
        way: whether the app "sent" a call or "received" a delivery.
        what: the method; or what was delivered, such as an event's type or a command.
        where: the conversation's id, if it is about one.
        outcome: "ok" or the error of a call, "acked" or how a delivery failed.
        ms: how long it took.
        over: the connection that a delivery went by, if it got that far.
        attempt: 0 for a first delivery, 1 for the first time that it is sent again.
    """

    n: int
    at: str
    way: Way
    what: str
    where: str | None
    outcome: str
    ms: float
    over: str | None = None
    attempt: int = 0


class Timeline:
    """The last thousand entries."""

    def __init__(self, clock: Clock, watchers: Watchers) -> None:
        self._entries: deque[Entry] = deque(maxlen=LONGEST)
        self._clock = clock
        self._watchers = watchers
        self._last = 0

    def sent(self, method: str, where: str | None, error: str | None, seconds: float) -> None:
        """Note a call that the app made, once it was answered."""
        self._add("sent", method, where, error or "ok", seconds)

    def received(
        self, kind: Kind, payload: Json, answer: Answer, seconds: float, *, attempt: int = 0
    ) -> None:
        """Note a delivery to the app, once its fate is known."""
        what, where = _named(kind, payload), _place(kind, payload)
        self._add("received", what, where, answer.outcome, seconds, answer.over, attempt)

    def after(self, n: int) -> Json:
        """Return the entries that came after number `n`, and the number of the last one."""
        entries = [asdict(entry) for entry in self._entries if entry.n > n]
        return {"entries": entries, "last": self._last}

    def _add(
        self,
        way: Way,
        what: str,
        where: str | None,
        outcome: str,
        seconds: float,
        over: str | None = None,
        attempt: int = 0,
    ) -> None:
        self._last += 1
        at, ms = self._clock.now().isoformat(timespec="milliseconds"), round(seconds * 1000, 1)
        entry = Entry(self._last, at, way, what, where, outcome, ms, over, attempt)
        self._entries.append(entry)
        self._watchers.timeline_changed()


def _named(kind: Kind, payload: Json) -> str:
    """Return what was delivered: of an action its name, of an event its type."""
    if kind == "slash_commands":
        return str(payload.get("command"))
    if kind == "events_api":
        event = payload.get("event") or {}
        return " ".join(filter(None, (event.get("type"), event.get("subtype"))))
    names = [each.get("action_id") for each in payload.get("actions", [])]
    named = payload.get("callback_id") or (payload.get("view") or {}).get("callback_id")
    return " ".join(filter(None, (payload.get("type"), *(names or [named]))))


def _place(kind: Kind, payload: Json) -> str | None:
    """Return the id of the conversation that a delivery is about."""
    if kind == "slash_commands":
        return payload.get("channel_id")
    about = payload.get("event", {}) if kind == "events_api" else payload
    channel = about.get("channel") or (about.get("item") or {}).get("channel")
    channel = channel.get("id") if isinstance(channel, dict) else channel
    return channel if isinstance(channel, str) else None
