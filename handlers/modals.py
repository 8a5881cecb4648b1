"""Opening and changing what people see: the one call to Slack that a listener makes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import InvalidAnswer, SlackUnavailable
from bot.views.blocks import inputs


def person_of(body: dict[str, Any]) -> str:
    """Return who sent `body`, a command or anything else."""
    return str(body["user_id"] if "user_id" in body else body["user"]["id"])


def open_modal(client: WebClient, body: dict[str, Any], view: dict[str, Any]) -> None:
    """Open `view` for the person who sent `body`.

    Raises:
        SlackUnavailable: it did not open; the trigger was too old, or Slack did not answer.
    """
    with _asking_slack():
        client.views_open(trigger_id=body["trigger_id"], view=view)


def push_modal(client: WebClient, body: dict[str, Any], view: dict[str, Any]) -> None:
    """Lay `view` over the modal that `body` came from, which stays as it is below.

    Raises:
        SlackUnavailable: it did not open.
    """
    with _asking_slack():
        client.views_push(trigger_id=body["trigger_id"], view=view)


def update_modal(client: WebClient, body: dict[str, Any], view: dict[str, Any]) -> None:
    """Put `view` in the place of the one that `body` came from.

    Quiet when another click has changed that one meanwhile, as a second click on the same button
    does: what it shows is newer.

    Raises:
        SlackUnavailable: it stays as it is.
    """
    before = body["view"]
    with _asking_slack():
        try:
            client.views_update(view_id=before["id"], hash=before["hash"], view=view)
        except SlackApiError as error:
            if error.response.get("error") != "hash_conflict":
                raise


def update_message(
    client: WebClient, body: dict[str, Any], text: str, blocks: list[dict[str, Any]]
) -> None:
    """Put words in the place of our message whose button was pressed.

    Raises:
        SlackUnavailable: it stays as it is.
    """
    where = body["container"]
    with _asking_slack():
        client.chat_update(
            channel=where["channel_id"], ts=where["message_ts"], text=text, blocks=blocks
        )


def beside_the_fields(
    ack: Ack, view: dict[str, Any], error: InvalidAnswer, sentences: dict[str, str]
) -> None:
    """Answer a submission with a sentence beside each field that cannot be kept.

    Raises:
        InvalidAnswer: the form lacks one of the fields, as one from before an update may; Slack
            would refuse a sentence for it.
    """
    if not set(sentences) <= set(inputs(view)):
        raise error
    ack(response_action="errors", errors=sentences)


@contextmanager
def _asking_slack() -> Iterator[None]:
    try:
        yield
    except (SlackClientError, HTTPException, OSError, ValueError) as error:
        # ValueError: an answer that is no UTF-8 or no JSON, as some proxies give.
        raise SlackUnavailable from error
