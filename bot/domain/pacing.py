"""How fast Slack may be spoken to.

Slack takes about one message a second in a channel and a few a second in a workspace, and says
"not before so many seconds" when that was too much (docs.slack.dev, rate limits). It does not say
whether that is about the channel or the workspace: so one channel is taken to be the reason until
a second one is refused as well.

Instants are seconds on a clock that never goes back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import ceil
from threading import Lock

CHANNEL_SECONDS = 1.0
PER_SECOND = 4.0


def minutes_for(channels: Iterable[str]) -> int:
    """Return in how many minutes a message in each of these channels has left, at the usual pace.

    A channel stands there as often as it has messages. At least a minute, for something may be
    sent already; how long Slack asks to wait is not known before.
    """
    counts = Counter(channels)
    slowest = max(counts.values(), default=0) * CHANNEL_SECONDS
    return max(1, ceil(max(slowest, counts.total() / PER_SECOND) / 60))


class Pace:
    """What may be sent now, and what has to wait. Any number of threads may ask."""

    def __init__(
        self,
        *,
        channel_seconds: float = CHANNEL_SECONDS,
        per_second: float = PER_SECOND,
        burst: float = 4.0,
    ) -> None:
        """Set the pace.

        Args:
            channel_seconds: between two messages in one channel.
            per_second: messages in the whole workspace.
            burst: as many may leave at once after a silence.
        """
        self._channel_seconds = channel_seconds
        self._per_second = per_second
        self._burst = burst
        self._lock = Lock()
        self._tokens = burst
        self._counted_at: float | None = None
        self._ready_at: dict[str, float] = {}
        self._everything_at = 0.0
        self._refused: set[str] = set()

    def room(self, now: float) -> int:
        """Return how many messages may leave now, in channels that need not wait."""
        with self._lock:
            self._earn(now)
            return 0 if now < self._everything_at else max(0, int(self._tokens))

    def silent(self, now: float) -> bool:
        """Whether Slack asked for silence in the whole workspace."""
        with self._lock:
            return now < self._everything_at

    def take(self, now: float) -> None:
        """Count one message against the workspace; one that cannot wait is made up for later."""
        with self._lock:
            self._earn(now)
            self._tokens -= 1

    def blocked(self, now: float) -> set[str]:
        """Return the channels that have to wait."""
        with self._lock:
            self._ready_at = {name: at for name, at in self._ready_at.items() if at > now}
            return set(self._ready_at)

    def wait(self, channel: str, now: float) -> float:
        """Return for how many seconds nothing may leave in `channel`."""
        with self._lock:
            return self._wait(channel, now)

    def soonest(self, now: float, *, most: float) -> float:
        """Return after how many seconds more may leave than now, at most `most`."""
        with self._lock:
            self._earn(now)
            instants = [at for at in self._ready_at.values() if at > now]
            if now < self._everything_at:
                instants.append(self._everything_at)
            elif self._tokens < 1:
                instants.append(now + (1 - self._tokens) / self._per_second)
            return min([most, *(at - now for at in instants)])

    def sends(self, channel: str, now: float) -> float:
        """Count one message against its channel and return 0, or the seconds it has to wait."""
        with self._lock:
            wait = self._wait(channel, now)
            if wait <= 0:
                self._hold(channel, now + self._channel_seconds)
            return wait

    def accepted(self) -> None:
        """Note that Slack took a message: it is not the workspace that has to wait."""
        with self._lock:
            self._refused.clear()

    def refused(self, channel: str, seconds: float, now: float) -> None:
        """Note that Slack asked for silence for so many seconds."""
        with self._lock:
            self._hold(channel, now + seconds)
            self._refused.add(channel)
            if len(self._refused) > 1:
                self._everything_at = max(self._everything_at, now + seconds)
                self._refused.clear()

    def _earn(self, now: float) -> None:
        if self._counted_at is not None:
            earned = max(0.0, now - self._counted_at) * self._per_second
            self._tokens = min(self._burst, self._tokens + earned)
        self._counted_at = now

    def _wait(self, channel: str, now: float) -> float:
        return max(self._everything_at, self._ready_at.get(channel, 0.0), now) - now

    def _hold(self, channel: str, until: float) -> None:
        self._ready_at[channel] = max(self._ready_at.get(channel, 0.0), until)
