"""How a service says something: a row in the outbox beside the fact, and a ring after the commit.

What a capability knows about its own deliveries, it tells as a `Correspondence`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import Event
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection, Select

from bot.domain.delivery import RULES, WAIT_FOR_ANOTHER, Kind
from bot.views.letters import Letter
from storage import outbox, outbox_many, recipients


class Bell:
    """Rung when something was put into the outbox, so that nobody has to wait for a tick."""

    def __init__(self) -> None:
        self._rung = Event()

    def ring(self) -> None:
        """Wake whoever waits."""
        self._rung.set()

    def after(self, put: bool) -> None:
        """Ring if something was put in; call it once that is committed."""
        if put:
            self._rung.set()

    def wait(self, seconds: float) -> None:
        """Return when it was rung since the last wait, at the latest after so many seconds."""
        self._rung.wait(seconds)
        self._rung.clear()


class Correspondence(Protocol):
    """What a capability knows about its own deliveries."""

    def letter(self, connection: Connection, subject: UUID) -> Letter | None:
        """Return what is to stand in Slack about the subject; None for nothing at all."""
        ...

    def taken_away(self, connection: Connection, subject: UUID) -> None:
        """Note that nothing about the subject stands in Slack any more."""
        ...

    def failed(self, connection: Connection, subject: UUID, now: datetime) -> bool:
        """Tell somebody, in the outbox, that it could not be said; False if there is nobody."""
        ...


class Word:
    """What is only said: nothing is kept about it, and nobody waits for it."""

    def taken_away(self, connection: Connection, subject: UUID) -> None:
        """Do nothing: nothing else is kept about it."""

    def failed(self, _connection: Connection, _subject: UUID, _now: datetime) -> bool:
        """Return False: whom it was for cannot be reached, so the log has to tell the operator."""
        return False


class RecipientCorrespondence(Word):
    """A word to one person, the same to everybody; the subject is the recipient."""

    def __init__(self, words: Callable[[str], Letter]) -> None:
        """Say these words, made for a person."""
        self._words = words

    def letter(self, connection: Connection, subject: UUID) -> Letter | None:
        """Return the direct message; None when there is nobody to tell any more."""
        person = recipients.whose(connection, subject)
        return None if person is None else self._words(person)


def say(
    connection: Connection,
    kind: Kind,
    subject: UUID,
    *,
    occasion: str,
    channel: str | None,
    now: datetime,
    after: int | None = None,
) -> int | None:
    """Put a delivery into the outbox, with the fact that causes it; ring once it is committed.

    Args:
        connection: the transaction that stores the fact.
        kind: what it is about.
        subject: the fact.
        occasion: names this delivery among those about the subject; said once for each.
        channel: the Slack channel, None for a direct message.
        now: when it is due.
        after: the id of a delivery that goes first, if it gets away in time.

    Returns:
        The id, or None when it was already there.
    """
    return outbox.add(
        connection,
        kind=kind,
        subject=subject,
        dedupe_key=f"{kind}:{subject}:{occasion}",
        channel=channel,
        priority=RULES[kind].priority,
        now=now,
        after=None if after is None else (after, now + WAIT_FOR_ANOTHER),
    )


def say_all(
    connection: Connection, kind: Kind, places: Select[Any], *, occasion: str, now: datetime
) -> None:
    """Put many deliveries into the outbox at once, each as `say` does; none may be there yet.

    Args:
        connection: the transaction that stores the facts.
        kind: what they are about.
        places: finds the subject and the channel of each.
        occasion: names these deliveries among those about their subjects.
        now: when they are due.
    """
    outbox_many.add(
        connection,
        kind=kind,
        places=places,
        occasion=occasion,
        priority=RULES[kind].priority,
        now=now,
    )
