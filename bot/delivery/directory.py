"""What the workspace knows of its people, asked over the Web API."""

from __future__ import annotations

from collections.abc import Mapping
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import SlackUnavailable
from bot.ports import Profile


class SlackDirectory:
    """Answers from `users.info`; the client's time limit bounds the wait."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._ours: frozenset[str] = frozenset()

    def profile(self, person: str) -> Profile:
        """Return what the workspace says of somebody; gone, when Slack knows nobody of that id.

        Raises:
            SlackUnavailable: Slack did not say.
        """
        try:
            user = self._client.users_info(user=person)["user"]
            ours = self._companies()
        except SlackApiError as error:
            if error.response.get("error") in _NOBODY:
                return Profile(is_gone=True)
            raise SlackUnavailable from error
        except (SlackClientError, HTTPException, OSError, ValueError) as error:
            # ValueError: an answer that is no UTF-8 or no JSON, as some proxies give.
            raise SlackUnavailable from error
        return Profile(
            zone=str(user.get("tz") or ""),
            is_admin=_any(user, "is_admin", "is_owner", "is_primary_owner"),
            is_guest=is_guest(user),
            is_bot=_any(user, "is_bot") or person == "USLACKBOT",
            is_stranger=_any(user, "is_stranger") or ours.isdisjoint(_companies_of(user)),
            is_gone=_any(user, "deleted"),
        )

    def _companies(self) -> frozenset[str]:
        """Return our workspace and, in an Enterprise organisation, that; asked once."""
        if not self._ours:
            said = self._client.auth_test()
            ids = (said.get("team_id"), said.get("enterprise_id"))
            self._ours = frozenset(str(each) for each in ids if each)
        return self._ours


def _companies_of(user: Mapping[str, Any]) -> set[str]:
    """Return the workspace and the organisation somebody belongs to.

    `is_stranger` does not tell: it is about those of other companies with whom the app shares no
    channel, and false for those with whom it does.
    """
    organisation = user.get("enterprise_user") or {}
    return {str(each) for each in (user.get("team_id"), organisation.get("enterprise_id")) if each}


def is_guest(user: Mapping[str, Any]) -> bool:
    """Whether this account, as Slack describes it, is a guest's."""
    return _any(user, "is_restricted", "is_ultra_restricted")


def _any(user: Mapping[str, Any], *flags: str) -> bool:
    return any(user.get(flag) is True for flag in flags)


_NOBODY = {"user_not_found", "user_not_visible", "users_not_found"}
