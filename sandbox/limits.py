"""How many messages an app may post: so many a second in a channel, and a minute in all."""

from __future__ import annotations

import math

from sandbox.errors import RateLimited

_WORKSPACE_BURST_SECONDS = 10.0
_NO_WAIT_SECONDS = 1e-6  # what rounding may leave over after somebody waited long enough


class _Allowance:
    """A store of messages that fills up steadily and holds only so many.

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


class MessageLimits:
    """The limits of chat.postMessage; none until `set`. Seconds are of a clock that only runs."""

    def __init__(self) -> None:
        self.set(per_channel_per_second=None, per_workspace_per_minute=None, burst=1)

    def set(
        self,
        *,
        per_channel_per_second: float | None,
        per_workspace_per_minute: float | None,
        burst: int,
    ) -> None:
        """Begin anew with these limits; None is no limit.

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
        self._per_second, self._burst = per_channel_per_second, burst
        self._channels: dict[str, _Allowance] = {}
        self._workspace = per_workspace_per_minute and _Allowance(
            per_second=per_workspace_per_minute / 60,
            holds=per_workspace_per_minute / 60 * _WORKSPACE_BURST_SECONDS,
        )

    def take(self, channel: str, now: float) -> None:
        """Count one message to `channel`; what is refused does not count.

        Raises:
            RateLimited: there were too many.
        """
        allowances = [self._workspace] if self._workspace else []
        if self._per_second is not None:
            fresh = _Allowance(per_second=self._per_second, holds=self._burst)
            allowances.append(self._channels.setdefault(channel, fresh))
        missing = max((each.missing(now) for each in allowances), default=0.0)
        if missing > _NO_WAIT_SECONDS:
            raise RateLimited(max(1, math.ceil(missing)))
        for each in allowances:
            each.take()
