"""What the workspace knows of its people, asked over the Web API."""

from __future__ import annotations

from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import SlackUnavailable


class SlackDirectory:
    """Answers from `users.info`; the client's time limit bounds the wait."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def zone_of(self, person: str) -> str:
        """Return the person's IANA time zone, empty when Slack knows none or nobody of that id.

        Raises:
            SlackUnavailable: Slack did not say.
        """
        try:
            user = self._client.users_info(user=person)["user"]
        except SlackApiError as error:
            if error.response.get("error") in _NOBODY:
                return ""
            raise SlackUnavailable from error
        except (SlackClientError, HTTPException, OSError, ValueError) as error:
            # ValueError: an answer that is no UTF-8 or no JSON, as some proxies give.
            raise SlackUnavailable from error
        return str(user.get("tz") or "")


_NOBODY = {"user_not_found", "user_not_visible", "users_not_found"}
