"""How often an app may call: each method by its tier, and chat.postMessage by rules of its own."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from sandbox.errors import RateLimited

Tier = Literal[1, 2, 3, 4]
PER_MINUTE: dict[Tier, int] = {1: 1, 2: 20, 3: 50, 4: 100}
"""Calls a minute that each tier allows (docs.slack.dev/apis/web-api/rate-limits)."""

_LEAST_BURST = 3
_WORKSPACE_BURST_SECONDS = 10.0
_NO_WAIT_SECONDS = 1e-6  # what rounding may leave over after somebody waited long enough


class _Allowance:
    """A store of calls that fills up steadily and holds only so many.

    Whoever keeps to the rate never empties it; whoever was quiet may be ahead by what it holds.
    """

    def __init__(self, *, per_second: float, holds: float) -> None:
        self._per_second, self._holds = per_second, max(1.0, holds)
        self._left, self._at = self._holds, -math.inf

    def missing(self, now: float) -> float:
        """Return in how many seconds there is one; 0 if there is one now."""
        filled = self._left + (now - self._at) * self._per_second
        self._left, self._at = min(self._holds, filled), now
        return max(0.0, (1.0 - self._left) / self._per_second)

    def take(self) -> None:
        """Take one."""
        self._left -= 1.0


@dataclass
class _Messages:
    """One set of limits of chat.postMessage; None is no limit."""

    per_second: float | None
    burst: int
    workspace: _Allowance | None
    channels: dict[str, _Allowance] = field(default_factory=dict)

    def allowances(self, channel: str) -> list[_Allowance]:
        """Return what a message to `channel` takes from."""
        found = [self.workspace] if self.workspace else []
        if self.per_second is not None:
            fresh = _Allowance(per_second=self.per_second, holds=self.burst)
            found.append(self.channels.setdefault(channel, fresh))
        return found


class Limits:
    """Slack's limits; none until somebody sets one. Seconds are of a clock that only runs.

    `by_tier` says whether the tiers of the methods count.
    """

    def __init__(self) -> None:
        self.by_tier = False
        self._ordered = _messages(None, None, 1)
        self._usual = _messages(None, None, 1)
        self._methods: dict[str, _Allowance] = {}

    def set(
        self,
        *,
        per_channel_per_second: float | None,
        per_workspace_per_minute: float | None,
        burst: int,
    ) -> None:
        """Begin anew with these limits of chat.postMessage; None is no limit.

        A channel that was quiet takes `burst` messages at once, the workspace what it takes in
        ten seconds.

        Raises:
            ValueError: a limit or the burst is not above zero.
        """
        if any(
            given is not None and not 0 < given < math.inf
            for given in (per_channel_per_second, per_workspace_per_minute, burst)
        ):
            raise ValueError("A limit and its burst are above zero.")
        self._ordered = _messages(per_channel_per_second, per_workspace_per_minute, burst)

    def follow_tiers(self, *, on: bool) -> None:
        """Begin anew with the limits that Slack has for everybody, or without them.

        Each method takes at once what its tier allows in a minute, three calls at least; a
        channel takes a message a second, the workspace 300 a minute, besides what was `set`.
        """
        self.by_tier = on
        self._methods.clear()
        self._usual = _messages(1.0, 300.0, _LEAST_BURST) if on else _messages(None, None, 1)

    def take_call(self, method: str, tier: Tier | None, now: float) -> None:
        """Count one call of a method; what is refused does not count.

        Raises:
            RateLimited: there were too many.
        """
        if tier is not None:
            each_minute = PER_MINUTE[tier]
            fresh = _Allowance(per_second=each_minute / 60, holds=max(_LEAST_BURST, each_minute))
            _take([self._methods.setdefault(method, fresh)], now)

    def take(self, channel: str, now: float) -> None:
        """Count one message to `channel`; what is refused does not count.

        Raises:
            RateLimited: there were too many.
        """
        _take([*self._ordered.allowances(channel), *self._usual.allowances(channel)], now)


def _messages(
    per_second: float | None, per_workspace_per_minute: float | None, burst: int
) -> _Messages:
    workspace = per_workspace_per_minute and _Allowance(
        per_second=per_workspace_per_minute / 60,
        holds=per_workspace_per_minute / 60 * _WORKSPACE_BURST_SECONDS,
    )
    return _Messages(per_second, burst, workspace or None)


def _take(allowances: list[_Allowance], now: float) -> None:
    missing = max((each.missing(now) for each in allowances), default=0.0)
    if missing > _NO_WAIT_SECONDS:
        raise RateLimited(max(1, math.ceil(missing)))
    for each in allowances:
        each.take()
