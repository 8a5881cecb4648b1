"""The Web API clients, by who waits for the answer."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    ServerErrorRetryHandler,
)

from bot.delivery.calls import CountedCalls
from bot.ports import Meter

LISTENER_SECONDS = 1.5
"""A form must open within three seconds of the click; there is no time to ask twice."""

SENDER_SECONDS = 10.0
"""How long Slack may take to answer the sender; far below the lease of a delivery."""

PATIENT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Clients:
    """Makes clients of one Slack."""

    api_url: str
    meter: Meter
    tls: ssl.SSLContext | None

    def quick(self, token: str) -> WebClient:
        """Return the client of the listeners: quick to give up, never waiting to try again."""
        return self._asking_once(token, LISTENER_SECONDS)

    def sending(self, token: str) -> WebClient:
        """Return the sender's client: it waits for an answer, and never asks twice by itself."""
        return self._asking_once(token, SENDER_SECONDS)

    def patient(self) -> WebClient:
        """Return the client that opens the socket: nobody's form waits for it."""
        return WebClient(
            base_url=self.api_url,
            timeout=PATIENT_SECONDS,
            ssl=self.tls,
            retry_handlers=[
                CountedCalls(self.meter),
                ConnectionErrorRetryHandler(max_retry_count=2),
                ServerErrorRetryHandler(max_retry_count=2),
            ],
        )

    def _asking_once(self, token: str, seconds: float) -> WebClient:
        return WebClient(
            token=token,
            base_url=self.api_url,
            timeout=seconds,  # type: ignore[arg-type]  # a float reaches the socket
            ssl=self.tls,
            retry_handlers=[CountedCalls(self.meter)],
        )


def tls_for(api_url: str) -> ssl.SSLContext | None:
    """Return one context for all clients: making one costs more than a whole request."""
    return ssl.create_default_context() if api_url.startswith("https") else None
