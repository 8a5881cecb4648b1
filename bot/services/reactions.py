"""Reactions: a member's response to a ritual, one invitation to whoever is none, and support."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from bot.domain.cohorts import is_halted
from bot.domain.delivery import Kind
from bot.domain.reactions import INVITED_AGAIN_AFTER, Mark, Reaction, digest, tally
from bot.domain.rituals import State
from bot.errors import TooEarly
from bot.ports import Clock, Directory
from bot.services.correspondence import Bell, Word, say
from bot.services.failures import reading, saving
from bot.services.people import agreed
from bot.services.support_offers import SupportOffers, wants_quiet
from bot.views import reactions as view
from bot.views.letters import Letter
from storage import cohorts, invitations, outbox, posts, programme, recipients, responses
from storage.cohorts import CohortRow
from storage.engine import Database
from storage.responses import ResponseRow

KEY = "invitation_key"
"""The setting that holds the key under which it is kept who was invited."""

Meant = Callable[[str, str], str | None]
"""Returns the emoji of a legend that a reaction stands for, given the legend's key; or None."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a reaction was made, and by whom."""

    cohort: CohortRow
    occurrence: UUID | None
    """The occurrence whose post it is; None for a message that is no ritual's."""
    is_member: bool
    """Whether they belong to the cohort and have joined Hearth."""


class Reactions:
    """What follows a reaction."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        directory: Directory,
        bell: Bell,
        offers: SupportOffers,
        meant: Meant,
    ) -> None:
        self._database = database
        self._clock = clock
        self._directory = directory
        self._bell = bell
        self._offers = offers
        self._meant = meant

    def heard(self, reaction: Reaction, *, own: str) -> None:
        """Take in one event; harmless when it comes again, or after a later one.

        A member's reaction to a ritual's post is kept as a response while the ritual is open, and
        may be taken back afterwards. Of anybody else's nothing is kept.

        Args:
            reaction: what the event says.
            own: Hearth's own Slack user id.

        Raises:
            TooEarly: it may be about a post that nobody has noted yet; Slack should send it again.
            NotRead, NotSaved: storage did not answer; nothing was kept.
            SlackUnavailable: Slack did not say who somebody is; nothing was kept.
        """
        with reading(), self._database.read() as connection:
            place = _place(connection, reaction, own=own)
        if place is None:
            return
        if place.occurrence is not None:
            self._respond(reaction, place, place.occurrence)
        elif place.is_member and reaction.added:
            self._offers.reacted(reaction, place.cohort.id)

    def let_old_ones_go(self) -> int:
        """Delete what says that somebody was invited long ago; return how many there were.

        Raises:
            NotSaved: nothing was deleted; the next round tries again.
        """
        before = (self._clock.now() - INVITED_AGAIN_AFTER).date()
        with saving():
            return self._database.write(lambda each: invitations.remove_before(each, before))

    def _respond(self, reaction: Reaction, place: _Place, occurrence: UUID) -> None:
        with reading(), self._database.read() as connection:
            about = responses.about(connection, occurrence)
        emoji = self._meant(about.legend, reaction.emoji) if about is not None else None
        if about is None or emoji is None:
            return
        if place.is_member:
            row = ResponseRow(reaction.person, emoji, reaction.at, reaction.added)
            with saving():
                self._database.write(lambda each: _keep(each, occurrence, row))
        elif (
            reaction.added and about.state == State.OPEN and not is_halted(place.cohort.halted_for)
        ):
            self._invite(reaction.person, place.cohort.id)

    def _invite(self, person: str, cohort: UUID) -> None:
        """Invite somebody to the cohort, unless they were invited before or are no colleague."""
        now = self._clock.now()
        with reading(), self._database.read() as connection:
            key = _key(connection)
            if key is not None and invitations.is_there(connection, digest(key, person)):
                return
            if wants_quiet(connection, person, now=now):
                return
        if not self._directory.profile(person).is_colleague:
            return

        def work(connection: Connection) -> bool:
            mark = digest(_key(connection) or _new_key(connection, now), person)
            if not invitations.add(connection, mark, on=now.date()):
                return False
            recipient = recipients.add(connection, person, now=now, about=cohort)
            say(connection, Kind.INVITATION, recipient, occasion="once", channel=None, now=now)
            return True

        with saving():
            told = self._database.write(work)
        self._bell.after(told)


class InvitationCorrespondence(Word):
    """The word to somebody who reacted and is no member."""

    def letter(self, connection: Connection, subject: UUID) -> Letter | None:
        """Return the direct message; None once there is nothing to join, or they have."""
        person, about = recipients.whose(connection, subject), recipients.about(connection, subject)
        row = cohorts.find(connection, about) if about is not None else None
        if person is None or row is None or row.closed_at is not None or is_halted(row.halted_for):
            return None
        if agreed(connection, person) is not None and cohorts.member(connection, row.id, person):
            return None
        return view.invitation(person, str(row.id), row.channel_id)


def responders(connection: Connection, occurrence: UUID) -> int:
    """Return how many people respond to an occurrence."""
    return sum(answers(connection, occurrence).values())


def answers(connection: Connection, occurrence: UUID) -> dict[str, int]:
    """Return how many people respond to an occurrence with each emoji."""
    rows = responses.every(connection, occurrence)
    return dict(tally(Mark(row.person_id, row.emoji, row.event_ts, row.stands) for row in rows))


def _place(connection: Connection, reaction: Reaction, *, own: str) -> _Place | None:
    """Return where a reaction was made; None where nothing follows from any."""
    cohort = cohorts.in_channel(connection, reaction.channel)
    if cohort is None:
        return None
    post = posts.at(connection, reaction.channel, reaction.ts)
    if post is None and reaction.author in (own, None):
        # A post stands in Slack a moment before the sender has noted where.
        if outbox.is_on_its_way(connection, Kind.RITUAL, reaction.channel):
            raise TooEarly
        return None
    if post is not None and post[0] != Kind.RITUAL:
        return None
    is_member = agreed(connection, reaction.person) is not None and cohorts.member(
        connection, cohort.id, reaction.person
    )
    return _Place(cohort, post[1] if post is not None else None, is_member)


def _keep(connection: Connection, occurrence: UUID, row: ResponseRow) -> None:
    """Keep a response as long as the ritual is open; taking back is honoured afterwards too."""
    about = responses.about(connection, occurrence)
    if about is None or agreed(connection, row.person_id) is None:
        return
    if about.state == State.OPEN:
        responses.keep(connection, occurrence, row)
    elif not row.stands:
        responses.withdraw(connection, occurrence, row.person_id, row.emoji, event_ts=row.event_ts)


def _key(connection: Connection) -> bytes | None:
    found = programme.everything(connection).get(KEY)
    return bytes.fromhex(found.value) if found is not None else None


def _new_key(connection: Connection, now: datetime) -> bytes:
    made = secrets.token_bytes(32)
    if programme.put(connection, KEY, made.hex(), revision=0, by=None, now=now):
        return made
    kept = _key(connection)  # another process was faster
    assert kept is not None  # noqa: S101  # nobody takes it away
    return kept
