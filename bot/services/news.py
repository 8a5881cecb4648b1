"""Telling whoever runs a cohort what happened to it; where nobody does, whoever leads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from bot.domain.delivery import Kind
from bot.domain.news import (
    KEPT_FOR,
    OF_CHANNELS,
    OF_TROUBLE,
    News,
    Standing,
    Topic,
    still_true,
)
from bot.domain.roles import Role
from bot.errors import Refusal
from bot.ports import Clock
from bot.services.correspondence import Word, say
from bot.services.failures import saving
from bot.views import news as view
from bot.views.letters import Letter
from storage import cohorts, news, roles
from storage.cohorts import CohortRow
from storage.engine import Database
from storage.roles import GrantRow


def tell(
    connection: Connection, cohort: UUID, topic: Topic, *, now: datetime, **details: str
) -> bool:
    """Tell everybody who runs a cohort; ring once it is committed. False if there is nobody.

    Args:
        connection: the transaction in which it happened.
        cohort: what it happened to.
        topic: what it was.
        now: the present instant.
        details: texts that the topic's words need; nothing that names a person.
    """
    holders = hearers(connection, cohort)
    for grant in holders:
        row = news.add(
            connection, grant=grant.id, cohort=cohort, topic=topic, details=details, now=now
        )
        say(connection, Kind.NEWS, row, occasion="told", channel=None, now=now)
    return bool(holders)


def hearers(connection: Connection, cohort: UUID) -> Sequence[GrantRow]:
    """Return the roles of those who hear the news of a cohort."""
    found = roles.holders(connection, Role.FACILITATOR, cohort=cohort)
    return found or roles.holders(connection, Role.LEAD)


def tell_once(
    connection: Connection, cohort: UUID, topic: Topic, *, now: datetime, **details: str
) -> bool:
    """Tell it unless the same was told, by its details; what waits of the topic is not said."""
    if news.is_there(connection, cohort, topic, details):
        return False
    news.remove_unsaid(connection, cohort, [topic], kind=Kind.NEWS)
    return tell(connection, cohort, topic, now=now, **details)


def tell_halted(connection: Connection, cohort: UUID, title: str, *, now: datetime) -> bool:
    """Tell that a ritual is left out while its cohort is halted; once in the days of `KEPT_FOR`.

    They know of the halt itself: each date anew would only be noise, for weeks perhaps.
    """
    topic = Topic.RITUAL_HALTED
    if news.is_there(connection, cohort, topic, {"title": title}):
        return False
    return tell(connection, cohort, topic, now=now, title=title)


def tell_of_channel(
    connection: Connection, cohort: UUID, reason: Refusal | None, *, now: datetime
) -> bool:
    """Tell that a cohort's channel came to be in trouble, or in another, or well again.

    Where the last of it was not said yet and they know it as it is now, nothing is: a channel that
    Hearth is removed from and invited to within moments is no news.
    """
    topic = Topic.BACK if reason is None else OF_TROUBLE[reason]
    unsaid = news.remove_unsaid(connection, cohort, OF_CHANNELS, kind=Kind.NEWS)
    known = news.latest(connection, cohort, OF_CHANNELS) or Topic.BACK
    if unsaid and known == topic:
        return False
    return tell(connection, cohort, topic, now=now)


class Newsroom:
    """What the clock has to do with news."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def let_old_ones_go(self) -> int:
        """Delete what is past its time; return how much that was.

        Raises:
            NotSaved: nothing was deleted; the next round tries again.
        """
        before = self._clock.now() - KEPT_FOR
        with saving():
            return self._database.write(lambda each: news.remove_before(each, before))


class NewsCorrespondence(Word):
    """The word to somebody who runs a cohort."""

    def letter(self, connection: Connection, subject: UUID) -> Letter | None:
        """Return the direct message; None once they run it no more, or it is no news."""
        item = news.find(connection, subject)
        if item is None:
            return None
        grant = roles.find(connection, item.grant)
        cohort = cohorts.find(connection, item.cohort)
        if grant is None or grant.revoked_at is not None or cohort is None:
            return None
        topic = Topic(item.topic)
        if not still_true(topic, _standing(connection, cohort)):
            return None
        told = News(grant.person_id, cohort.name, cohort.channel_id, topic, item.details)
        return view.letter(told)


def _standing(connection: Connection, cohort: CohortRow) -> Standing:
    return Standing(
        halted_for=Refusal(cohort.halted_for) if cohort.halted_for else None,
        is_run=bool(roles.holders(connection, Role.FACILITATOR, cohort=cohort.id)),
        is_closed=cohort.closed_at is not None,
    )
