"""How Slack signs the requests that it sends to an app."""

from __future__ import annotations

import hashlib
import hmac
from time import time


def sign(secret: str, body: bytes, timestamp: int | None = None) -> dict[str, str]:
    """Return the headers that prove a body to be Slack's.

    The signature is v0, HMAC-SHA256 over "v0:timestamp:body". The timestamp is real time in
    seconds, because the app compares it with its own clock.
    """
    at = str(int(time()) if timestamp is None else timestamp)
    digest = hmac.new(secret.encode(), b"v0:" + at.encode() + b":" + body, hashlib.sha256)
    return {
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": f"v0={digest.hexdigest()}",
    }
