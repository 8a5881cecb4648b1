"""Publishing the Home tab: once for what is asked at the same moment, and the last state wins."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from http.client import HTTPException
from threading import Condition
from time import monotonic
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import HearthError, NotRead, SlackUnavailable
from bot.services import Services
from bot.views import home as view

_log = logging.getLogger(__name__)

SAME_FOR_SECONDS = 1.0
"""What was shown so lately is not shown again while it is the same."""

WAIT_SECONDS = 2.0
"""Longer than this nobody waits for a turn: Slack would call the event lost, and send it again."""

MOST_REMEMBERED = 1_000

_FOR_NOBODY = frozenset(
    {
        "hash_conflict",
        "not_enabled",
        "user_not_found",
        "user_not_visible",
        "users_not_found",
        "account_inactive",
        "invalid_user_id",
    }
)
"""Sending it again would not help: the tab is switched off, the person has gone, or there is a
newer page."""

_NOT_DRAWN = frozenset({"invalid_blocks", "invalid_arguments", "invalid_block_type"})
"""What Slack says where it draws no charts in a Home tab."""


@dataclass
class _Turn:
    """Where it stands with one person's page."""

    busy: bool = False
    waiting: bool = False
    shown: bytes = b""
    """What Slack took last, as a digest."""
    shown_at: float = 0.0


class Homes:
    """Publishes Home tabs. Any number of threads may ask.

    For each person one publishes and one more waits; whoever comes meanwhile is served by the one
    that waits, because that one looks at the state only when its turn has come. So fifty openings
    in a second cost a handful of reads, and what is published last is never older than the last
    opening.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._turns: dict[str, _Turn] = {}
        self._charts = True

    def show(self, person: str, client: WebClient, services: Services) -> None:
        """Let the person's Home tab show what is true now.

        Without the database it shows where to find help. Quiet where there is nobody to show it
        to.

        Raises:
            SlackUnavailable: Slack did not take it; it is worth another try.
        """
        with self._turn(person) as turn:
            if turn is not None:
                self._publish(turn, person, client, services)

    def follow(
        self, body: dict[str, Any], shown: dict[str, Any], client: WebClient, services: Services
    ) -> dict[str, Any]:
        """Renew the tab that a form was opened from, and return the view that follows the form."""
        self.renew(body, client, services)
        return view.after(body["view"], shown)

    def renew(self, body: dict[str, Any], client: WebClient, services: Services) -> None:
        """Renew the Home tab if `body` came from a view that was opened there.

        What was done is done: that the tab could not be renewed is no news to the person.
        """
        if not view.is_marked(body["view"]):
            return
        try:
            self.show(body["user"]["id"], client, services)
        except HearthError:
            _log.info("a Home tab could not be renewed; it is when it is opened next")

    def _publish(self, turn: _Turn, person: str, client: WebClient, services: Services) -> None:
        try:
            page = services.home.page(person)
        except NotRead as error:
            self._call(turn, person, client, view.without_memory(error))
            return
        drawn = view.home(page, chart=self._charts)
        if self._call(turn, person, client, drawn):
            return
        plain = view.home(page, chart=False)
        if plain == drawn or not self._call(turn, person, client, plain):
            raise SlackUnavailable
        self._charts = False
        _log.warning("Slack draws no charts in the Home tab; it shows tables instead")

    def _call(self, turn: _Turn, person: str, client: WebClient, shown: dict[str, Any]) -> bool:
        """Publish it, unless that was done lately; False if Slack does not draw such blocks."""
        digest = blake2b(json.dumps(shown).encode()).digest()
        if digest == turn.shown and monotonic() - turn.shown_at < SAME_FOR_SECONDS:
            return True
        turn.shown = b""  # until Slack has said so, nobody knows what it shows
        try:
            client.views_publish(user_id=person, view=shown)
        except SlackApiError as error:
            return _refused(error)
        except (SlackClientError, HTTPException, OSError, ValueError) as error:
            raise SlackUnavailable from error
        turn.shown, turn.shown_at = digest, monotonic()
        return True

    @contextmanager
    def _turn(self, person: str) -> Iterator[_Turn | None]:
        turn = self._enter(person)
        try:
            yield turn
        finally:
            if turn is not None:
                self._leave(turn)

    def _enter(self, person: str) -> _Turn | None:
        """Return the person's turn once nobody else has it; None if another waits for it.

        Raises:
            SlackUnavailable: it took too long.
        """
        with self._changed:
            turn = self._turns.setdefault(person, _Turn())
            if turn.busy and turn.waiting:
                return None
            if turn.busy:
                turn.waiting = True
                free = self._changed.wait_for(lambda: not turn.busy, WAIT_SECONDS)
                turn.waiting = False
                if not free:
                    raise SlackUnavailable
            turn.busy = True
            return turn

    def _leave(self, turn: _Turn) -> None:
        with self._changed:
            turn.busy = False
            if len(self._turns) > MOST_REMEMBERED:
                self._forget()
            self._changed.notify_all()

    def _forget(self) -> None:
        """Forget whoever is not being served and was not lately."""
        before = monotonic() - SAME_FOR_SECONDS
        self._turns = {
            person: turn
            for person, turn in self._turns.items()
            if turn.busy or turn.waiting or turn.shown_at > before
        }


def _refused(error: SlackApiError) -> bool:
    """Return False if it was about the blocks, True if there is nobody to show it to.

    Of a person whom Slack does not know, and of blocks that it does not draw, it says the same;
    only its reasons tell which.
    """
    code = str(error.response.get("error", ""))
    reasons = (error.response.get("response_metadata") or {}).get("messages") or []
    if code in _FOR_NOBODY or any("user_id" in str(reason) for reason in reasons):
        _log.info("a Home tab was not shown: %s", code)
        return True
    if code in _NOT_DRAWN:
        return False
    raise SlackUnavailable
