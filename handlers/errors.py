"""One place where every failure of a listener becomes an answer.

The answer is *returned*: Bolt sends nothing of what is acked inside an error handler. Where
Slack gives no place for words (shortcuts, buttons), nothing is acknowledged, and Slack itself
tells the person that it did not work. An event is not acknowledged either, and so comes again.
"""

from __future__ import annotations

import logging
import secrets
from typing import Any

from slack_bolt import App, BoltResponse

from bot.errors import HearthError, places
from bot.ports import Meter
from bot.views import errors as view
from bot.views.blocks import inputs

_log = logging.getLogger(__name__)


def register(app: App, meter: Meter) -> None:
    """Let every listener's failure come here."""

    def fail(error: Exception, body: dict[str, Any]) -> BoltResponse:
        meter.went_wrong(kind_of(error))
        return respond(error, body)

    app.error(fail)


def kind_of(error: Exception) -> str:
    """Return the name of one of our own errors, or "unexpected"."""
    return type(error).__name__ if isinstance(error, HearthError) else "unexpected"


def respond(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """Return the words that fit what the person was doing."""
    number = secrets.token_hex(3)
    _note(error, number)
    if body.get("type") == "view_submission":
        return BoltResponse(status=200, body=_for_form(error, number, body["view"]))
    if "command" in body:
        return BoltResponse(status=200, body={"text": view.for_command(error, number)})
    return BoltResponse(status=500, body="")


def _for_form(error: Exception, number: str, submitted: dict[str, Any]) -> dict[str, Any]:
    fields = inputs(submitted)
    if not fields:
        return {"response_action": "push", "view": view.sorry(error, number)}
    return {"response_action": "errors", "errors": {fields[0]: view.for_form(error, number)}}


def _note(error: Exception, number: str) -> None:
    """Log what went wrong, without any message: messages can carry what a person wrote."""
    kind = type(error).__name__
    if isinstance(error, HearthError):
        _log.warning("%s: %s", kind, error, extra={"kind": kind})
        return
    _log.error(
        "unexpected %s, number %s, at %s",
        kind,
        number,
        places(error),
        extra={"kind": kind, "number": number},
    )
