"""What the workspace knows of its channels, asked over the Web API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import SlackUnavailable
from bot.ports import Channel

PAGE, PAGES = 1000, 20
"""As many members of a channel are read; Slack gives a thousand at once."""

_LISTED, _LISTED_PAGES = 200, 3


class SlackChannels:
    """Answers from `conversations.*`; the client's time limit bounds each wait."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def look(self, channel: str) -> Channel:
        """Return what the workspace says of a channel.

        Raises:
            SlackUnavailable: Slack did not say.
        """
        try:
            with _asking():
                found = self._client.conversations_info(channel=channel)["channel"]
        except _NotThereError:
            return Channel()
        return Channel(
            is_inside=found.get("is_member") is True,
            is_private=found.get("is_private") is True,
            is_archived=found.get("is_archived") is True,
            is_shared=found.get("is_ext_shared") is True,
            is_direct=found.get("is_im") is True or found.get("is_mpim") is True,
        )

    def members(self, channel: str) -> frozenset[str]:
        """Return who is in a channel; nobody, if Hearth does not know of it.

        Raises:
            SlackUnavailable: Slack did not say, or there are too many.
        """
        members, cursor = set[str](), ""
        try:
            for _ in range(PAGES):
                with _asking():
                    answer = self._client.conversations_members(
                        channel=channel, limit=PAGE, cursor=cursor or None
                    )
                    members.update(answer["members"])
                    cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
                if not cursor:
                    return frozenset(members)
        except _NotThereError:
            return frozenset()
        raise SlackUnavailable

    def private(self) -> Mapping[str, str]:
        """Return the names of the private channels that Hearth is in, by id; archived ones not.

        Raises:
            SlackUnavailable: Slack did not say.
        """
        found: dict[str, str] = {}
        cursor = ""
        for _ in range(_LISTED_PAGES):
            with _asking():
                answer = self._client.conversations_list(
                    types="private_channel",
                    exclude_archived=True,
                    limit=_LISTED,
                    cursor=cursor or None,
                )
                found.update({each["id"]: each["name"] for each in answer["channels"]})
                cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return found


class _NotThereError(Exception):
    """Slack does not tell us about such a channel."""


@contextmanager
def _asking() -> Iterator[None]:
    try:
        yield
    except SlackApiError as error:
        if error.response.get("error") == "channel_not_found":
            raise _NotThereError from None
        raise SlackUnavailable from error
    except (SlackClientError, HTTPException, OSError, ValueError, KeyError) as error:
        # ValueError: an answer that is no UTF-8 or no JSON, as some proxies give.
        raise SlackUnavailable from error
