"""What can go wrong, each with its own listener.

SlackError    -> the app, as `{"ok": false, "error": code}` from the Web API
RateLimited   -> the app, as HTTP 429 with Retry-After
HungUp        -> the app, as a connection that ends without a byte
ActError      -> whoever drives a person, as HTTP 400 and one sentence
SandboxError  -> the program that starts the sandbox: its manifest or seed is unusable
"""

from __future__ import annotations

from typing import Any


class SlackError(Exception):
    """A Web API method refuses; `code` is Slack's own error code."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra


class RateLimited(Exception):
    """The app called too often; `retry_after` is in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too often; try again after {retry_after} seconds.")
        self.retry_after = retry_after


class HungUp(Exception):
    """A call gets no answer, for somebody cut its connection."""


class ActError(Exception):
    """What a script asked for cannot be done; the message is one clear sentence."""


class SandboxError(ValueError):
    """The manifest or the seed cannot be used; the message names the file and the place."""


def invalid_arguments(*messages: str) -> SlackError:
    """Return Slack's refusal of a call whose arguments are wrong, with its reasons."""
    return refusal("invalid_arguments", *messages)


def refusal(code: str, *messages: str) -> SlackError:
    """Return a refusal with its reasons, as Slack lists them; those of blocks twice."""
    reasons = [f"[ERROR] {message}" for message in messages]
    twice = {"errors": list(messages)} if code in ("invalid_attachments", "invalid_blocks") else {}
    return SlackError(code, response_metadata={"messages": reasons}, **twice)
