"""Trigger ids: the short-lived permission to open a modal after a person did something."""

from __future__ import annotations

import itertools
import secrets
from dataclasses import dataclass
from time import monotonic

from sandbox.errors import SlackError

_REMEMBERED = 5_000


@dataclass
class Trigger:
    """Who acted, and until when a modal may be opened for them."""

    user: str
    expires: float
    view_id: str | None
    used: bool = False


class Triggers:
    """Hands out trigger ids that work once, for three seconds of real time."""

    def __init__(self) -> None:
        self.seconds = 3.0
        self._triggers: dict[str, Trigger] = {}
        self._numbers = itertools.count(1)

    def new(self, user: str, view_id: str | None = None) -> str:
        """Return a trigger id for something `user` did (in the modal `view_id`, if any)."""
        number = next(self._numbers)
        trigger_id = f"{number}.{number + 7_000_000}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = Trigger(user, monotonic() + self.seconds, view_id)
        if len(self._triggers) > _REMEMBERED:
            del self._triggers[next(iter(self._triggers))]
        return trigger_id

    def user_of(self, trigger_id: str) -> str | None:
        """Return who acted to get this trigger id, whether or not it still works."""
        trigger = self._triggers.get(trigger_id)
        return trigger.user if trigger else None

    def check(self, trigger_id: str) -> Trigger:
        """Return the trigger if it may still be used; set its `used` when it was.

        Raises:
            SlackError: `invalid_trigger_id`, `exchanged_trigger_id` or `expired_trigger_id`.
        """
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if monotonic() >= trigger.expires:
            raise SlackError("expired_trigger_id")
        return trigger
