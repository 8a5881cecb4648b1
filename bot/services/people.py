"""Joining, the person's own zone and day, and forgetting."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import Connection

from bot import content
from bot.domain.days import is_zone
from bot.domain.people import CHECKINS, Agreement, check_agreement
from bot.errors import ConsentNeeded, SlackUnavailable
from bot.ports import Clock, Directory
from bot.services.correspondence import Bell
from bot.services.failures import reading, saving
from bot.services.notices import leave_all
from bot.services.shares import take_away
from storage import lines, people, shares
from storage.engine import Database
from storage.people import PersonRow

_log = logging.getLogger(__name__)

ZONE_KEPT_FOR = timedelta(hours=24)
ZONES_A_ROUND = 20
"""Slack allows about a hundred of these questions a minute; forms come first."""


class People:
    """What can be done about a person."""

    def __init__(self, database: Database, clock: Clock, directory: Directory, bell: Bell) -> None:
        self._database = database
        self._clock = clock
        self._directory = directory
        self._bell = bell

    def find(self, person: str) -> PersonRow | None:
        """Return the person, or None when they have not agreed to today's words.

        Raises:
            NotRead: storage did not answer.
        """
        with reading(), self._database.read() as connection:
            return agreed(connection, person)

    def agree(self, person: str, agreement: Agreement) -> None:
        """Record consent and country, with version and time.

        The zone is asked of Slack once, here; when Slack does not say, the clock's job asks
        again, and joining does not fail for it.

        Raises:
            InvalidAnswer: not agreed, or no country.
            NotSaved: nothing was stored.
        """
        country = check_agreement(agreement, countries=content.countries())
        try:
            zone = self._ask_zone(person)
        except SlackUnavailable:
            zone = None
        now = self._clock.now()

        def work(connection: Connection) -> None:
            people.join(connection, person, country=country, now=now)
            people.set_zone(connection, person, zone, now=now if zone else None)
            people.record_consent(
                connection, person, purpose=CHECKINS, version=content.consent_version(), now=now
            )

        with saving():
            self._database.write(work)

    def set_day_start(self, person: str, minute: int) -> None:
        """Set when the person's day begins, in minutes after local midnight.

        Raises:
            ConsentNeeded: nothing is stored for somebody who has not agreed.
            NotSaved: nothing was stored.
        """

        def work(connection: Connection) -> None:
            require_agreed(connection, person)
            people.set_day_start(connection, person, minute)

        with saving():
            self._database.write(work)

    def forget(self, person: str) -> None:
        """Delete everything that is the person's; harmless when there is nothing.

        What they shared is taken away, without anything that says whose it was.

        Raises:
            NotSaved: nothing was deleted.
        """
        now = self._clock.now()

        def work(connection: Connection) -> bool:
            told = take_away(connection, shares.withdraw_of(connection, person), now=now)
            told = leave_all(connection, person, now=now) or told
            lines.forget_checker(connection, person)
            people.remove(connection, person)
            return told

        with saving():
            self._bell.after(self._database.write(work))

    def refresh_zones(self) -> None:
        """Ask Slack anew for the zones that were last read a day ago or longer.

        Raises:
            NotRead, NotSaved: storage did not answer; the next round tries again.
        """
        now = self._clock.now()
        with reading(), self._database.read() as connection:
            stale = people.with_stale_zone(
                connection, before=now - ZONE_KEPT_FOR, limit=ZONES_A_ROUND
            )
        for person in stale:
            try:
                self._refresh_zone(person)
            except SlackUnavailable:
                _log.warning("Slack did not say in which zone people are; asking again later")
                return

    def _refresh_zone(self, person: str) -> None:
        zone, now = self._ask_zone(person), self._clock.now()
        with saving():
            self._database.write(
                lambda connection: people.set_zone(connection, person, zone, now=now)
            )

    def _ask_zone(self, person: str) -> str | None:
        zone = self._directory.profile(person).zone
        return zone if is_zone(zone) else None


def agreed(connection: Connection, person: str) -> PersonRow | None:
    """Return the person if they agreed to the words that hold today."""
    version = content.consent_version()
    row = people.find(connection, person, purpose=CHECKINS, version=version)
    return row if row is not None and row.agreed else None


def require_agreed(connection: Connection, person: str) -> PersonRow:
    """Return the person.

    Raises:
        ConsentNeeded: they have not agreed to the words that hold today.
    """
    row = agreed(connection, person)
    if row is None:
        raise ConsentNeeded
    return row
