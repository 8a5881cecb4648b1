"""Opening and changing modals: the one call to Slack that a listener makes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.errors import SlackUnavailable


def open_modal(client: WebClient, body: dict[str, Any], view: dict[str, Any]) -> None:
    """Open `view` for the person who sent `body`.

    Raises:
        SlackUnavailable: it did not open; the trigger was too old, or Slack did not answer.
    """
    with _asking_slack():
        client.views_open(trigger_id=body["trigger_id"], view=view)


def update_modal(client: WebClient, body: dict[str, Any], view: dict[str, Any]) -> None:
    """Put `view` in the place of the one that `body` came from.

    Raises:
        SlackUnavailable: it stays as it is.
    """
    before = body["view"]
    with _asking_slack():
        client.views_update(view_id=before["id"], hash=before["hash"], view=view)


@contextmanager
def _asking_slack() -> Iterator[None]:
    try:
        yield
    except (SlackClientError, HTTPException, OSError) as error:
        raise SlackUnavailable from error
