"""Joining and choosing, the person's own zone and day, pausing, and forgetting."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot import content
from bot.domain.days import is_zone, own_day
from bot.domain.pacing import minutes_for
from bot.domain.pauses import Pause, is_paused
from bot.domain.people import (
    CHECKINS,
    SAFETY,
    Agreement,
    Choices,
    Joining,
    Safety,
    check_agreement,
    check_choices,
    check_words,
)
from bot.domain.retention import Retention
from bot.domain.roles import Role
from bot.domain.visibility import Exposure, Part, Shared
from bot.errors import CannotJoin, ConsentNeeded, SlackUnavailable
from bot.ports import Clock, Directory, Profile
from bot.services.accounts import note_profile
from bot.services.correspondence import Bell
from bot.services.failures import reading, saving
from bot.services.forgetting import forget_checkins, forget_everything
from bot.services.rota_places import hold_places, step_down
from bot.services.zones import keep_zone
from storage import cohorts, exports, people, roles, shares
from storage.engine import Database
from storage.people import PersonRow

_log = logging.getLogger(__name__)

ZONE_KEPT_FOR = timedelta(hours=24)
IN_VAIN_A_ROUND = 3
"""So many questions without an answer, and Slack is left alone until the next round."""

ZONES_A_ROUND = 20
"""Slack allows about a hundred of these questions a minute; forms come first."""


class People:
    """What can be done about a person."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        directory: Directory,
        bell: Bell,
        retention: Retention,
    ) -> None:
        self._retention = retention
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

    def joining(self, person: str) -> Joining:
        """Return what the first screen has to tell this person.

        Raises:
            NotRead: storage did not answer.
        """
        with reading(), self._database.read() as connection:
            moderators = [row.person_id for row in roles.holders(connection, Role.MODERATOR)]
            earlier = CHECKINS in people.consents_for(connection, person)
        return Joining(moderators, self._retention.checkins_days, again=earlier)

    def agree(self, person: str, agreement: Agreement) -> None:
        """Record consent and country, with version and time; what was chosen before is ended.

        Who they are is asked of Slack here; when Slack does not say, joining does not fail for
        it: the clock's job asks again within a minute, and who should not have joined is
        forgotten then (`bot.services.accounts.note_profile`).

        Raises:
            ConsentNeeded: they read other words than those that hold today; nothing was stored.
            InvalidAnswer: not agreed, or no country.
            CannotJoin: a guest, an app, or somebody of another company; nothing was stored.
            NotSaved: nothing was stored.
        """
        version = content.consent_version()
        check_words(agreement, version=version)
        country = check_agreement(agreement, countries=content.countries())
        safety = Safety(agreement.safety or Safety.OFF)
        try:
            profile = self._directory.profile(person)
        except SlackUnavailable:
            profile = Profile()
        # Whoever asks is there: that Slack does not find them may be a fault of its own.
        if profile.is_outsider:
            raise CannotJoin
        zone, now = zone_of(profile), self._clock.now()

        def work(connection: Connection) -> None:
            people.join(connection, person, country=country, now=now)
            if zone is not None:
                keep_zone(connection, person, zone, now=now)
            people.record_consent(connection, person, purpose=CHECKINS, version=version, now=now)
            _set_safety(connection, person, safety, now=now)

        with saving():
            self._database.write(work)

    def choices(self, person: str) -> Choices | None:
        """Return what the person has chosen; None for somebody who has not agreed to today's words.

        Raises:
            NotRead: storage did not answer.
        """
        with reading(), self._database.read() as connection:
            row = agreed(connection, person)
            if row is None:
                return None
            return Choices(True, safety_of(connection, person), row.country)

    def choose(self, person: str, agreement: Agreement) -> Choices:
        """Let these be the person's choices; without the check-ins, those are deleted.

        Raises:
            ConsentNeeded: they have not agreed, or not to today's words; nothing was changed.
            InvalidAnswer: no country of the list, or no level that there is.
            NotSaved: nothing was changed.
        """
        chosen = check_choices(agreement, countries=content.countries())
        now = self._clock.now()

        def work(connection: Connection) -> bool:
            if not chosen.checkins:  # the rota is for those who agreed
                roles.hold_still(connection)  # as whoever puts them on a rota does
                hold_places(connection, person)
            require_agreed(connection, person)
            told = not chosen.checkins and step_down(connection, person, now=now)
            people.set_country(connection, person, chosen.country)
            _set_safety(connection, person, chosen.safety, now=now)
            if chosen.checkins:
                return False
            people.withdraw_consent(connection, person, purpose=CHECKINS, now=now)
            return forget_checkins(connection, person, now=now) or told

        with saving():
            self._bell.after(self._database.write(work))
        return chosen

    def pause(self, person: str, pause: Pause) -> None:
        """Ask the person nothing for so long, or again from now on.

        Raises:
            ConsentNeeded: nothing is stored for somebody who has never joined.
            NotSaved: nothing was stored.
        """

        def work(connection: Connection) -> None:
            if not people.pause(connection, person, pause.until):
                raise ConsentNeeded

        with saving():
            self._database.write(work)

    def today(self, person: str) -> date:
        """Return which day it is for the person; by UTC for somebody nobody knows.

        Raises:
            NotRead: storage did not answer.
        """
        with reading(), self._database.read() as connection:
            row = find(connection, person)
        zone, starts = (row.zone, row.day_starts_minute) if row else (None, 0)
        return own_day(self._clock.now(), zone=zone, starts_minute=starts)

    def paused_until(self, person: str) -> date | None:
        """Return the first day on which the person may be asked again; None when not paused.

        Raises:
            NotRead: storage did not answer.
        """
        with reading(), self._database.read() as connection:
            return people.paused_until(connection, person)

    def paused(self, person: str, day: date) -> bool:
        """Whether the person wants to be asked nothing on that day of theirs.

        Raises:
            NotRead: storage did not answer.
        """
        return is_paused(self.paused_until(person), day=day)

    def who_sees(self, person: str) -> Exposure:
        """Return what of the person others can see just now.

        Raises:
            NotRead: storage did not answer.
        """
        with reading(), self._database.read() as connection:
            shown = shares.of_person(connection, person)
            theirs = cohorts.of(connection, person)
            copies = exports.standing(connection, person)
        return Exposure(
            shared=[
                (day, Shared(Part(row.part), row.channel_id))
                for day, row in sorted(shown.items(), reverse=True)
            ],
            cohorts=[row.channel_id for row in theirs],
            copies=len(copies),
        )

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

    def forget(self, person: str) -> int:
        """Delete everything that is the person's; harmless when there is nothing.

        What they shared is taken away, without anything that says whose it was.

        Returns:
            In how many minutes what stood in Slack is gone as well; 0 when nothing did.

        Raises:
            NotSaved: nothing was deleted.
        """
        now = self._clock.now()

        def work(connection: Connection) -> int:
            channels = [row.channel_id for row in shares.of_person(connection, person).values()]
            taking_away = forget_everything(connection, person, now=now)
            return minutes_for(channels) if taking_away else 0

        with saving():
            minutes = self._database.write(work)
        self._bell.ring()  # also for the notices of their cohorts
        return minutes

    def refresh_zones(self) -> None:
        """Ask Slack anew for the zones, and with them the accounts, that were read a day ago.

        Those of whom Slack has never said who they are come first.

        Raises:
            NotRead, NotSaved: storage did not answer; the next round tries again.
        """
        now = self._clock.now()
        with reading(), self._database.read() as connection:
            stale = people.with_stale_zone(
                connection, before=now - ZONE_KEPT_FOR, limit=ZONES_A_ROUND
            )
        in_vain = 0
        for person in stale:
            try:
                self._refresh_zone(person)
            except SlackUnavailable:
                in_vain += 1
                if in_vain == IN_VAIN_A_ROUND:
                    _log.warning("Slack did not say in which zone people are; asking again later")
                    return

    def _refresh_zone(self, person: str) -> None:
        profile, now = self._directory.profile(person), self._clock.now()

        def work(connection: Connection) -> bool:
            # Slack may have told of it while Hearth was not there.
            told = note_profile(connection, person, profile, now=now)
            keep_zone(connection, person, zone_of(profile), now=now)
            return told

        with saving():
            self._bell.after(self._database.write(work))


def zone_of(profile: Profile) -> str | None:
    """Return the zone that the workspace says, if one can reckon with it."""
    return profile.zone if is_zone(profile.zone) else None


def safety_of(connection: Connection, person: str) -> Safety:
    """Return how far the person's own notes may be read, by today's words."""
    held = people.consents_for(connection, person).get(SAFETY)
    if held is None or held.version != content.consent_version():
        return Safety.OFF
    return Safety(held.level or Safety.OFF)


def find(connection: Connection, person: str) -> PersonRow | None:
    """Return the person, agreed to today's words or not, or None."""
    version = content.consent_version()
    return people.find(connection, person, purpose=CHECKINS, version=version)


def agreed(connection: Connection, person: str) -> PersonRow | None:
    """Return the person if they agreed to the words that hold today."""
    row = find(connection, person)
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


def _set_safety(connection: Connection, person: str, safety: Safety, *, now: datetime) -> None:
    if safety is Safety.OFF:
        people.withdraw_consent(connection, person, purpose=SAFETY, now=now)
        return
    version = content.consent_version()
    people.record_consent(
        connection, person, purpose=SAFETY, version=version, level=safety, now=now
    )
