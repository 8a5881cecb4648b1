"""Counting what Slack is asked."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

from slack_sdk.http_retry import HttpRequest, HttpResponse, RetryHandler, RetryState

from bot.ports import Meter


class CountedCalls(RetryHandler):
    """Sees the outcome of every try of a client, as its first retry handler, and retries none.

    Bolt makes a client of its own for each request; the retry handlers are what it copies.
    """

    def __init__(self, meter: Meter) -> None:
        super().__init__()
        self._meter = meter

    def can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        """Count, and leave the decision to others."""
        method = urlsplit(request.url).path.rpartition("/")[2]
        self._meter.slack_called(method, "unreachable" if response is None else _outcome(response))
        return False


def _outcome(response: HttpResponse) -> str:
    if response.status_code == 429:
        return "ratelimited"
    body = response.body
    if not body and response.data:
        try:
            body = json.loads(response.data)
        except ValueError:
            body = None
    if isinstance(body, dict) and body.get("ok"):
        return "ok"
    said = body.get("error") if isinstance(body, dict) else None
    if isinstance(said, str) and re.fullmatch(r"[a-z_]{1,50}", said):
        return said
    return f"http_{response.status_code}"
