"""Looking after the channels of cohorts: sharing stops where it must, and goes on once it may."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import Connection

from bot.domain.cohorts import CANNOT_BE_SAID, COUNT_EVERY, LOOK_EVERY, band, is_guest, trouble
from bot.domain.delivery import Kind
from bot.domain.news import Topic
from bot.domain.roles import Action, may
from bot.errors import Refusal, SlackUnavailable
from bot.ports import Channel, Channels, Clock, Directory
from bot.services.access import roles_of
from bot.services.correspondence import Bell, say
from bot.services.failures import reading, saving
from bot.services.news import tell_of_channel, tell_once
from bot.services.notices import notice, tell_halted, tell_of
from bot.services.shares import take_away
from storage import cohorts, recipients, shares
from storage.cohorts import CohortRow
from storage.engine import Database

_log = logging.getLogger(__name__)

CHANNELS_A_ROUND = 3
"""With a round every ten seconds this is about a third of what Slack allows."""

PROFILES_A_ROUND = 10
PROFILES_HOLD_FOR = timedelta(hours=6)
"""How long somebody is taken for a colleague without asking again; kept in memory only."""

_INVITATIONS = UUID("7b1c9e0a-5b0e-4f0e-9d59-2f6f1c0d7a43")
"""What the names of invitations are made into ids with, so that each is answered once."""

PAUSE = timedelta(minutes=1)
"""How long nothing is asked once Slack did not answer."""


class CohortChannels:
    """What the clock and Slack's events have to do with the channels of cohorts."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        directory: Directory,
        channels: Channels,
        bell: Bell,
    ) -> None:
        self._database = database
        self._clock = clock
        self._directory = directory
        self._channels = channels
        self._bell = bell
        self._colleagues: dict[str, datetime] = {}
        self._not_before: datetime | None = None

    def look_soon(self, channel: str) -> None:
        """Have a channel looked at, if it is one of a cohort; harmless when repeated.

        Raises:
            NotSaved: it is not noted, so whoever said so should say it again.
        """
        now = self._clock.now()
        with saving():
            self._database.write(lambda connection: cohorts.look_soon(connection, channel, now=now))

    def renamed(self, channel: str, event: str) -> None:
        """Tell whoever runs the cohort of a channel that it has another name.

        Args:
            channel: Slack channel id.
            event: names the renaming; a second time it is harmless.

        Raises:
            NotSaved: nobody was told, so whoever said so should say it again.
        """
        now = self._clock.now()

        def work(connection: Connection) -> bool:
            row = cohorts.in_channel(connection, channel)
            row = row and cohorts.find(connection, row.id, lock=True)
            if row is None or row.closed_at is not None:
                return False
            return tell_once(connection, row.id, Topic.RENAMED, now=now, event=event)

        with saving():
            self._bell.after(self._database.write(work))

    def invited(self, channel: str, inviter: str, event: str) -> None:
        """Tell somebody who let Hearth into a channel how to make a cohort there, if they may.

        Args:
            channel: Slack channel id.
            inviter: who invited Hearth.
            event: names the invitation; a second time it is harmless.

        Raises:
            NotSaved: nobody was told, so whoever said so should say it again.
        """
        now, recipient = self._clock.now(), uuid5(_INVITATIONS, event)

        def work(connection: Connection) -> bool:
            has_one = cohorts.in_channel(connection, channel) is not None
            if has_one or not may(Action.CREATE_COHORT, roles_of(connection, inviter)):
                return False
            kind = Kind.INVITED
            put = say(connection, kind, recipient, occasion="once", channel=None, now=now)
            if put is not None:
                recipients.add(connection, inviter, now=now, recipient=recipient)
            return put is not None

        with saving():
            self._bell.after(self._database.write(work))

    def look_around(self) -> None:
        """Look at the channels that are due, and let sharing stop or go on by what is seen.

        Raises:
            NotRead, NotSaved: storage did not answer; the next round tries again.
        """
        now = self._clock.now()
        if self._not_before is not None and now < self._not_before:
            return
        self._not_before = None
        with reading(), self._database.read() as connection:
            due = cohorts.to_look_at(connection, now, unsaid=CANNOT_BE_SAID, limit=CHANNELS_A_ROUND)
        for row in due:
            try:
                self._look_at(row, now)
            except SlackUnavailable:
                _log.warning("Slack did not say how a cohort's channel is; asking again later")
                self._not_before = now + PAUSE
                return

    def count(self) -> None:
        """Count the members of each cohort, at most once a week, and keep the band alone.

        Raises:
            NotRead, NotSaved: storage did not answer; the next round tries again.
        """
        now = self._clock.now()

        def work(connection: Connection) -> None:
            counted = cohorts.to_count(connection, before=now - COUNT_EVERY)
            for each, members in counted.items():
                cohorts.set_band(connection, each, band(members), now=now)

        with saving():
            self._database.write(work)

    def _look_at(self, row: CohortRow, now: datetime) -> None:
        channel = self._channels.look(row.channel_id)
        # The first look takes the channel of a cohort from the command line as it is.
        adopted = row.look_at is None
        reason = trouble(channel, may_be_open=row.is_open or adopted)
        again_at = now + LOOK_EVERY
        if reason is None:
            reason = self._guests(row.channel_id, now)
            if reason is Refusal.UNSEEN:
                # Too many to ask for at once; until all are known, it stays as it is.
                reason, again_at = _as_it_is(row), now
        with saving():
            told = self._database.write(
                lambda connection: _settle(
                    connection,
                    row,
                    reason,
                    is_open=_is_open(row, channel, adopted=adopted, reason=reason),
                    again_at=again_at,
                    now=now,
                )
            )
        self._bell.after(told)

    def _guests(self, channel: str, now: datetime) -> Refusal | None:
        """Return that somebody is there who is no colleague, or that not all were asked for."""
        asked = 0
        for person in sorted(self._channels.members(channel)):
            if self._colleagues.get(person, now) > now:
                continue
            if asked == PROFILES_A_ROUND:
                return Refusal.UNSEEN
            asked += 1
            if is_guest(self._directory.profile(person)):
                return Refusal.GUESTS
            self._colleagues[person] = now + PROFILES_HOLD_FOR
        return None


def _as_it_is(row: CohortRow) -> Refusal | None:
    return None if row.halted_for is None else Refusal(row.halted_for)


def _is_open(row: CohortRow, channel: Channel, *, adopted: bool, reason: Refusal | None) -> bool:
    """Return whether people know that everybody can read the channel.

    Once it was private, they share as in a private one, so that is what holds from then on.
    """
    if adopted and reason is None:
        return not channel.is_private
    return row.is_open and not (channel.is_inside and channel.is_private)


def _settle(
    connection: Connection,
    seen: CohortRow,
    reason: Refusal | None,
    *,
    is_open: bool,
    again_at: datetime,
    now: datetime,
) -> bool:
    """Keep what was seen, and let sharing stop or go on; True if there is something to say."""
    row = cohorts.find(connection, seen.id, lock=True)
    if row is None:
        return False
    before = notice(connection, row.id)
    if row.closed_at is not None:
        cohorts.looked_at(connection, row.id, is_open=row.is_open, again_at=again_at)
        if reason in CANNOT_BE_SAID:
            return False
        cohorts.halt(connection, row.id, None, now=now)
        return tell_of(connection, row.id, before, now=now)
    if row.look_at != seen.look_at:  # somebody has asked for another look meanwhile
        again_at = now
    cohorts.looked_at(connection, row.id, is_open=is_open, again_at=again_at)
    told = False
    if reason != row.halted_for:
        cohorts.halt(connection, row.id, reason, now=now)
        if reason is not None and row.halted_for in (None, Refusal.UNSEEN):
            withdrawn = shares.withdraw_unposted(connection, row.channel_id)
            told = take_away(connection, withdrawn, now=now)
            told = tell_halted(connection, row.id, now=now) or told
        if reason is not None or row.halted_for != Refusal.UNSEEN:
            told = tell_of_channel(connection, row.id, reason, now=now) or told
    return tell_of(connection, row.id, before, now=now) or told
