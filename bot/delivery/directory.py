"""What the workspace knows of its people, asked over the Web API."""

from __future__ import annotations

from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.errors import SlackUnavailable


class SlackDirectory:
    """Answers from `users.info`; the client's time limit bounds the wait."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def zone_of(self, person: str) -> str:
        """Return the person's IANA time zone.

        Raises:
            SlackUnavailable: Slack did not say.
        """
        try:
            user = self._client.users_info(user=person)["user"]
        except (SlackClientError, HTTPException, OSError) as error:
            raise SlackUnavailable from error
        return str(user.get("tz") or "")
