"""Support offers: what somebody may do about a message that they gave a sign of support.

The author learns at most that somebody thought of them. Whoever reacted reads the same words
whether or not the author gets them, so that nobody learns who uses Hearth, or who has paused it.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from bot.content.rituals import usual_name
from bot.domain.days import own_day
from bot.domain.delivery import Kind
from bot.domain.pauses import is_paused
from bot.domain.reactions import (
    OFFERS_A_DAY,
    OFFERS_KEPT_FOR,
    PASSED_ON_EVERY,
    Choice,
    Reaction,
    is_open_to,
)
from bot.ports import Clock, Directory
from bot.services.cohort_settings import CohortSettings
from bot.services.correspondence import Bell, Word, say
from bot.services.failures import reading, saving
from bot.services.people import agreed, find, require_agreed
from bot.views import reactions as view
from bot.views.letters import Letter
from storage import cohorts, offers, people, recipients
from storage.engine import Database
from storage.offers import OfferRow

_KINDS = {Choice.KIND_WORD: Kind.KIND_WORD, Choice.SUGGESTION: Kind.SUPPORT_SUGGESTED}


class SupportOffers:
    """What can be done about support offers."""

    def __init__(self, database: Database, clock: Clock, directory: Directory, bell: Bell) -> None:
        self._database = database
        self._clock = clock
        self._directory = directory
        self._bell = bell

    def reacted(self, reaction: Reaction, cohort: UUID) -> None:
        """Offer a member something about the message they reacted to, if it means support.

        Once for each message, and a few times a day; nothing where no person wrote it, or one
        whose account is closed.

        Raises:
            NotRead, NotSaved: storage did not answer; nothing was kept.
            SlackUnavailable: Slack did not say who the author is; nothing was kept.
        """
        now = self._clock.now()
        with reading(), self._database.read() as connection:
            if not _is_wanted(connection, reaction, cohort, now=now):
                return
        author = reaction.author
        if author is None or (author != reaction.person and not self._is_there(author)):
            return

        def work(connection: Connection) -> bool:
            if agreed(connection, reaction.person) is None:
                return False
            made = offers.add(
                connection,
                reaction.person,
                # Of somebody who has not joined, nothing is kept.
                author=author if people.is_known(connection, author) else None,
                channel=reaction.channel,
                ts=reaction.ts,
                now=now,
            )
            if made is None:
                return False
            say(connection, Kind.SUPPORT_OFFER, made, occasion="made", channel=None, now=now)
            return True

        with saving():
            made = self._database.write(work)
        self._bell.after(made)

    def choose(self, person: str, which: str, choice: Choice) -> Choice | None:
        """Do what somebody chose; return what was chosen about it, by the first who did.

        Args:
            person: who chooses.
            which: the offer's id.
            choice: what they chose.

        Returns:
            What holds, which is an earlier choice if something was passed on before; None when
            there is no such offer of theirs any more.

        Raises:
            ConsentNeeded: they have not agreed to the words that hold today; nothing was done.
            NotSaved: nothing was done.
        """
        offer, now = _read(which), self._clock.now()
        if offer is None:
            return None

        def work(connection: Connection) -> tuple[Choice | None, bool]:
            row = _held(connection, offer)
            if row is None or row.person_id != person or _is_own(row):
                return None, False
            require_agreed(connection, person)
            chosen = Choice(row.chosen) if row.chosen else None
            if not is_open_to(chosen):
                return chosen, False
            told = _pass_on(connection, row, choice, now=now)
            passed_on_at = now if told else None
            offers.choose(connection, offer, choice, passed_on_at=passed_on_at)
            return choice, told

        with saving():
            chosen, told = self._database.write(work)
        self._bell.after(told)
        return chosen

    def let_old_ones_go(self) -> int:
        """Delete the offers that are past their time; return how many there were.

        Raises:
            NotSaved: nothing was deleted; the next round tries again.
        """
        before = self._clock.now() - OFFERS_KEPT_FOR
        with saving():
            return self._database.write(lambda each: offers.remove_before(each, before))

    def _is_there(self, author: str) -> bool:
        profile = self._directory.profile(author)
        return not (profile.is_bot or profile.is_gone)


class OfferCorrespondence(Word):
    """The offer to whoever reacted."""

    def letter(self, connection: Connection, subject: UUID) -> Letter | None:
        """Return the direct message; None once the offer is gone, or something was chosen."""
        row = offers.find(connection, subject)
        if row is None or row.chosen is not None:
            return None
        if _is_own(row):
            return view.for_oneself(row.person_id, row.channel_id)
        return view.offer(row.person_id, str(row.id), row.channel_id, row.message_ts)


class PassedOnCorrespondence(Word):
    """The word to an author."""

    def __init__(self, choice: Choice) -> None:
        """Say what this choice passes on."""
        self._choice = choice

    def letter(self, connection: Connection, subject: UUID) -> Letter | None:
        """Return the direct message; None when there is nobody to tell any more."""
        person, about = recipients.whose(connection, subject), recipients.about(connection, subject)
        row = cohorts.find(connection, about) if about is not None else None
        if person is None or row is None:
            return None
        return view.passed_on(person, row.channel_id, self._choice)


def wants_quiet(connection: Connection, person: str, *, now: datetime) -> bool:
    """Whether somebody has paused, so that Hearth writes nothing to them of its own accord."""
    row = find(connection, person)
    if row is None:
        return False
    today = own_day(now, zone=row.zone, starts_minute=row.day_starts_minute)
    return is_paused(people.paused_until(connection, person), day=today)


def _is_wanted(connection: Connection, reaction: Reaction, cohort: UUID, *, now: datetime) -> bool:
    settings = CohortSettings.of(connection, cohort)
    wanted = None if settings is None else settings.support_reaction
    if wanted is None or usual_name(reaction.emoji) != usual_name(wanted):
        return False
    person = reaction.person
    if offers.there_is(connection, person, channel=reaction.channel, ts=reaction.ts):
        return False
    return offers.count(connection, person, since=now - PASSED_ON_EVERY) < OFFERS_A_DAY


def _held(connection: Connection, offer: UUID) -> OfferRow | None:
    """Return an offer that nobody else changes meanwhile, nor passes anything on to its author."""
    row = offers.find(connection, offer)
    if row is not None and row.author_id is not None:
        people.hold(connection, row.author_id)  # first, as whoever forgets them does
    return offers.find(connection, offer, lock=True)


def _is_own(row: OfferRow) -> bool:
    """Whether they reacted to a message of their own."""
    return row.author_id == row.person_id


def _pass_on(connection: Connection, row: OfferRow, choice: Choice, *, now: datetime) -> bool:
    """Tell the author, if they use Hearth and were told no such thing lately; True if so."""
    kind, author = _KINDS.get(choice), row.author_id
    if kind is None or author is None:
        return False
    if agreed(connection, author) is None or wants_quiet(connection, author, now=now):
        return False
    if offers.was_passed_on(connection, author, choice, since=now - PASSED_ON_EVERY):
        return False
    cohort = cohorts.in_channel(connection, row.channel_id)
    if cohort is None:
        return False
    recipient = recipients.add(connection, author, now=now, about=cohort.id)
    say(connection, kind, recipient, occasion="once", channel=None, now=now)
    return True


def _read(which: str) -> UUID | None:
    try:
        return UUID(which)
    except ValueError:
        return None
