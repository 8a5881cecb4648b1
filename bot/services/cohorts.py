"""Cohorts as plain rows: a channel, a name, and who belongs to it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.domain.cohorts import Cohort, check_cohort
from bot.ports import Clock
from bot.services.failures import reading, saving
from bot.services.shares import cohort
from storage import cohorts
from storage.engine import Database


class Cohorts:
    """What can be done with cohorts."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def add(self, name: str, channel: str, people: Collection[str]) -> bool:
        """Keep a cohort; False if its channel has one already, and then nothing is changed.

        Args:
            name: as people read it.
            channel: Slack channel id.
            people: Slack user ids of those who belong to it.

        Raises:
            InvalidAnswer: the name or an id is none; nothing was stored.
            NotSaved: nothing was stored.
        """
        check_cohort(name, channel, people)
        now = self._clock.now()
        with saving():
            return self._database.write(
                lambda connection: cohorts.add(
                    connection, name=name, channel=channel, people=people, now=now
                )
            )

    def every(self) -> Sequence[Cohort]:
        """Return all cohorts by name.

        Raises:
            NotRead: storage did not answer.
        """
        with reading(), self._database.read() as connection:
            return [cohort(row) for row in cohorts.every(connection)]
