"""What becomes of a person's things when their account in Slack is closed, and opened again."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from bot.domain.delivery import Kind
from bot.domain.retention import Retention
from bot.errors import SlackUnavailable
from bot.ports import Clock, Directory
from bot.services.correspondence import Bell, say
from bot.services.failures import reading, saving
from bot.services.forgetting import forget_everything
from bot.services.notices import leave_all
from bot.services.roles import end_all as end_roles
from bot.views import accounts as view
from bot.views.letters import Letter
from storage import cohorts, people, recipients, roles
from storage.engine import Database

_log = logging.getLogger(__name__)

RECIPIENTS_KEPT_FOR = timedelta(days=30)
A_ROUND = 20


class Accounts:
    """What follows a change of somebody's account."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        directory: Directory,
        bell: Bell,
        retention: Retention,
    ) -> None:
        self._database = database
        self._clock = clock
        self._directory = directory
        self._bell = bell
        self._retention = retention

    def changed(self, person: str, *, gone: bool) -> None:
        """Take in that an account was closed (`gone`) or is open; harmless when it is known.

        Slack is asked how it is now: what it tells may be late, or come a second time.

        Raises:
            NotRead, NotSaved: storage did not answer; nothing was changed.
            SlackUnavailable: Slack did not say; nothing was changed.
        """
        with reading(), self._database.read() as connection:
            news = _is_news(connection, person, gone=gone)
        if not news:
            return
        gone = self._directory.profile(person).is_gone
        now = self._clock.now()
        with saving():
            told = self._database.write(
                lambda connection: note_account(connection, person, gone=gone, now=now)
            )
        self._bell.after(told)

    def forget_the_gone(self) -> int:
        """Forget whoever was deactivated long enough ago; return how many they were.

        Slack is asked once more before: what is deleted does not come back.

        Raises:
            NotRead, NotSaved: storage did not answer; the next round tries again.
        """
        before = self._clock.now() - timedelta(days=self._retention.gone_days)
        with reading(), self._database.read() as connection:
            due = people.gone_before(connection, before, limit=A_ROUND)
        for person in due:
            try:
                gone = self._directory.profile(person).is_gone
            except SlackUnavailable:
                _log.warning("Slack did not say whether people are back; asking again later")
                return 0
            self._bell.after(self._end(person, gone=gone))
        return len(due)

    def let_old_ones_go(self) -> None:
        """Delete the records of roles that ended long ago, and whom old messages were for.

        Raises:
            NotSaved: nothing was deleted; the next round tries again.
        """
        now = self._clock.now()

        def work(connection: Connection) -> None:
            last = now - timedelta(days=self._retention.ended_roles_days)
            roles.remove_ended(connection, last)
            recipients.remove_before(connection, now - RECIPIENTS_KEPT_FOR)

        with saving():
            self._database.write(work)

    def _end(self, person: str, *, gone: bool) -> bool:
        now = self._clock.now()

        def work(connection: Connection) -> bool:
            if gone:
                return forget_everything(connection, person, now=now)
            return note_account(connection, person, gone=False, now=now)

        with saving():
            return self._database.write(work)


class ReturnCorrespondence:
    """The word to somebody whose account is open again."""

    def letter(self, connection: Connection, subject: UUID) -> Letter | None:
        """Return the direct message; None when there is nobody to tell any more."""
        person = recipients.whose(connection, subject)
        return None if person is None else view.returned(person)

    def taken_away(self, connection: Connection, subject: UUID) -> None:
        """Do nothing: there is nobody to tell any more."""

    def failed(self, _connection: Connection, _subject: UUID, _now: datetime) -> bool:
        """Return False: the person cannot be reached, so the log has to tell the operator."""
        return False


def note_account(connection: Connection, person: str, *, gone: bool, now: datetime) -> bool:
    """Keep whether an account is closed, and do what follows; True if something is to be said.

    With the account, memberships and roles end; the rest waits, in case they return.
    """
    since = people.gone_since(connection, person)
    if gone:
        told = leave_all(connection, person, now=now)
        end_roles(connection, person, now)
        if since is None:
            people.set_gone(connection, person, now)
        return told
    if since is None:
        return False
    people.set_gone(connection, person, None)
    recipient = recipients.add(connection, person, now=now)
    say(connection, Kind.RETURNED, recipient, occasion="returned", channel=None, now=now)
    return True


def _is_news(connection: Connection, person: str, *, gone: bool) -> bool:
    """Whether anything would follow; most changes of an account are about a picture or a status."""
    if people.gone_since(connection, person) is not None:
        return not gone
    if not gone:
        return False
    known = people.is_known(connection, person)
    return known or bool(roles.held(connection, person)) or bool(cohorts.of(connection, person))
