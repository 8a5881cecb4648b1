"""Whether a request over HTTP is Slack's own, and new.

Slack signs the time and the body of each request with a secret that only it and Hearth have
(version "v0": HMAC-SHA256). Somebody who has seen a request can send the same bytes again as
long as its time is fresh, so every signature is good for one request. Slack signs its own second
tries of an event anew.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Callable
from enum import StrEnum
from threading import Lock

WINDOW_SECONDS = 300
"""How far a request's time may be from ours, either way; as Slack advises."""

REMEMBERED = 100_000
"""Slack sends at most 30,000 events an hour; only what it signed itself is remembered."""


class Refused(StrEnum):
    """Why a request was not let in."""

    UNSIGNED = "unsigned"
    NO_TIME = "no time"
    OUT_OF_TIME = "out of time"
    WRONG_SIGNATURE = "wrong signature"
    REPLAYED = "replayed"


class Signatures:
    """Checks signatures, each once. Safe to use from threads."""

    def __init__(
        self, secret: str, now: Callable[[], float] = time.time, *, remembered: int = REMEMBERED
    ) -> None:
        self._secret = secret.encode()
        self._now = now
        self._remembered = remembered
        self._lock = Lock()
        self._seen: dict[bytes, float] = {}  # in the order they came

    def check(self, timestamp: str, signature: str, body: bytes) -> Refused | None:
        """Return why these do not belong together, or None when they do, for the first time.

        Args:
            timestamp: the header X-Slack-Request-Timestamp, empty when there is none.
            signature: the header X-Slack-Signature, empty when there is none.
            body: the bytes as they came.
        """
        if not timestamp or not signature:
            return Refused.UNSIGNED
        if not re.fullmatch(r"[0-9]{1,12}", timestamp, re.ASCII):
            return Refused.NO_TIME
        if abs(self._now() - int(timestamp)) > WINDOW_SECONDS:
            return Refused.OUT_OF_TIME
        signed = b"v0:%b:%b" % (timestamp.encode(), body)
        right = "v0=" + hmac.new(self._secret, signed, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(right.encode(), signature.encode("utf-8", "replace")):
            return Refused.WRONG_SIGNATURE
        return None if self._is_new(right) else Refused.REPLAYED

    def _is_new(self, signature: str) -> bool:
        key, now = bytes.fromhex(signature[3:]), self._now()
        with self._lock:
            if key in self._seen:
                return False
            self._seen[key] = now
            self._forget(now)
            return True

    def _forget(self, now: float) -> None:
        """Forget what would be refused for its time anyway, and the oldest of too many."""
        while self._seen:
            oldest = next(iter(self._seen))
            # Signed up to one window ahead of us, it stays fresh for one window more.
            fresh = now - self._seen[oldest] <= 2 * WINDOW_SECONDS
            if fresh and len(self._seen) <= self._remembered:
                return
            del self._seen[oldest]
