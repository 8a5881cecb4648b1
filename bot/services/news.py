"""Telling whoever runs a cohort what happened to it; where nobody does, whoever leads."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from bot.domain.delivery import Kind
from bot.domain.news import KEPT_FOR, News, Topic
from bot.domain.roles import Role
from bot.ports import Clock
from bot.services.correspondence import Word, say
from bot.services.failures import saving
from bot.views import news as view
from bot.views.letters import Letter
from storage import cohorts, news, roles
from storage.engine import Database


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
    found = roles.holders(connection, Role.FACILITATOR, cohort=cohort)
    holders = found or roles.holders(connection, Role.LEAD)
    for grant in holders:
        row = news.add(
            connection, grant=grant.id, cohort=cohort, topic=topic, details=details, now=now
        )
        say(connection, Kind.NEWS, row, occasion="told", channel=None, now=now)
    return bool(holders)


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
        told = News(
            grant.person_id, cohort.name, cohort.channel_id, Topic(item.topic), item.details
        )
        return view.letter(told)
