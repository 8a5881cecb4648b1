"""Response URLs: an app may answer an interaction five times within thirty minutes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.clock import Clock
from sandbox.errors import SlackError

USES = 5
LIFE = timedelta(minutes=30)
_REMEMBERED = 5_000


@dataclass
class ResponseUrl:
    """Where an answer goes: to whom, in which channel, in place of which message."""

    user: str
    channel: str
    expires: datetime
    message_ts: str | None
    from_ephemeral: bool
    uses: int = 0


class ResponseUrls:
    """Hands out response URLs and counts their use.

    Their life follows the workspace's clock, so that a script need not wait half an hour.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._urls: dict[str, ResponseUrl] = {}

    def new(
        self,
        user: str,
        channel: str,
        *,
        message_ts: str | None = None,
        from_ephemeral: bool = False,
    ) -> str:
        """Return the last part of a new response URL."""
        key = secrets.token_urlsafe(18)
        expires = self._clock.now() + LIFE
        self._urls[key] = ResponseUrl(user, channel, expires, message_ts, from_ephemeral)
        if len(self._urls) > _REMEMBERED:
            del self._urls[next(iter(self._urls))]
        return key

    def find(self, key: str) -> ResponseUrl | None:
        """Return where the answers to a URL go, without counting a use; None if it is unknown."""
        return self._urls.get(key)

    def use(self, key: str) -> ResponseUrl:
        """Count one use of the URL and return where the answer goes.

        Raises:
            SlackError: `invalid_url` when it is unknown, `expired_url` or `used_url`.
        """
        url = self.find(key)
        if url is None:
            raise SlackError("invalid_url")
        if self._clock.now() >= url.expires:
            raise SlackError("expired_url")
        if url.uses >= USES:
            raise SlackError("used_url")
        url.uses += 1
        return url
