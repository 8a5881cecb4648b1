"""What becomes of a person's things when their account in Slack is closed, opened, or a guest's."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.domain.delivery import Kind
from bot.domain.retention import Retention
from bot.errors import SlackUnavailable
from bot.ports import Clock, Directory, Profile
from bot.services.correspondence import Bell, say
from bot.services.failures import reading, saving
from bot.services.forgetting import forget_everything
from bot.services.notices import leave_all
from bot.services.roles import end_all as end_roles
from storage import cohorts, lines, people, programme, recipients, roles
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

    def changed(self, person: str, *, gone: bool, guest: bool = False) -> None:
        """Take in that an account was closed (`gone`), is open, or a `guest`'s.

        Harmless when it is known.

        Slack is asked how it is now: what it tells may be late, or come a second time.

        Raises:
            NotRead, NotSaved: storage did not answer; nothing was changed.
            SlackUnavailable: Slack did not say; nothing was changed.
        """
        with reading(), self._database.read() as connection:
            news = _is_news(connection, person, gone=gone, guest=guest)
        if news:
            self._note(person, self._directory.profile(person))

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
                profile = self._directory.profile(person)
            except SlackUnavailable:
                _log.warning("Slack did not say whether people are back; asking again later")
                return 0
            self._note(person, profile, forget=True)
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

    def _note(self, person: str, profile: Profile, *, forget: bool = False) -> None:
        """Keep what Slack says of an account; with `forget`, one that is closed is forgotten."""
        now = self._clock.now()

        def work(connection: Connection) -> bool:
            if forget and profile.is_gone:
                return forget_everything(connection, person, now=now)
            return note_profile(connection, person, profile, now=now)

        with saving():
            self._bell.after(self._database.write(work))


def note_profile(connection: Connection, person: str, profile: Profile, *, now: datetime) -> bool:
    """Keep what Slack says of an account, and do what follows; True if something is to be said.

    Of whom Slack never said before who they are, and who is no colleague, nothing is kept: they
    were let in by mistake, and to keep what they gave would make them pay for it.
    """
    if not profile.is_outsider or profile.is_gone:
        return note_account(connection, person, gone=profile.is_gone, now=now)
    if not people.is_known(connection, person) or people.was_seen(connection, person):
        return _note_guest(connection, person, now=now)
    forget_everything(connection, person, now=now)
    _tell(connection, Kind.TURNED_AWAY, person, now=now)
    return True


def _note_guest(connection: Connection, person: str, *, now: datetime) -> bool:
    """Let the places and roles end of a member who is a guest now; True if something is said.

    As with an account that is closed: those are for colleagues, and others rely on that. What
    they gave stays theirs to look at, to take along and to delete: becoming a guest is often
    somebody else's doing, and nobody should lose a year of check-ins to a change of contract.
    They alone are told, and only if something ended; the notices of cohorts change without a
    reason, as they do when somebody leaves.
    """
    ended = bool(roles.held(connection, person)) or bool(cohorts.of(connection, person))
    was_closed = people.gone_since(connection, person) is not None
    told = _end_places(connection, person, now=now)
    if was_closed:
        people.set_gone(connection, person, None)
    if (ended or was_closed) and people.is_known(connection, person):
        _tell(connection, Kind.NOW_A_GUEST, person, now=now)
        return True
    return told


def note_account(connection: Connection, person: str, *, gone: bool, now: datetime) -> bool:
    """Keep whether an account is closed, and do what follows; True if something is to be said.

    With the account, memberships and roles end, and the set-up names them no more; the rest
    waits, in case they return.
    """
    since = people.gone_since(connection, person)
    if gone:
        told = _end_places(connection, person, now=now)
        if not people.is_known(connection, person):  # so nothing waits for them
            return forget_everything(connection, person, now=now) or told
        if since is None:
            people.set_gone(connection, person, now)
        return told
    if since is None:
        return False
    people.set_gone(connection, person, None)
    _tell(connection, Kind.RETURNED, person, now=now)
    return True


def _end_places(connection: Connection, person: str, *, now: datetime) -> bool:
    """Let nobody count on the person any more; True if a cohort's notice says so."""
    roles.hold_still(connection)  # first, as whoever joins a cohort does: neither is half seen
    left = leave_all(connection, person, now=now)
    ended = end_roles(connection, person, now)
    programme.vacate(connection, person)
    return left or ended


def _tell(connection: Connection, kind: Kind, person: str, *, now: datetime) -> None:
    recipient = recipients.add(connection, person, now=now)
    say(connection, kind, recipient, occasion="once", channel=None, now=now)


def _is_news(connection: Connection, person: str, *, gone: bool, guest: bool) -> bool:
    """Whether anything would follow; most changes of an account are about a picture or a status."""
    if people.gone_since(connection, person) is not None:
        return not gone
    if not gone and not guest:
        return False
    if people.is_known(connection, person) and (gone or not people.was_seen(connection, person)):
        return True
    if gone and (lines.checked_by(connection, person) or programme.set_by(connection, person)):
        return True
    places = roles.held(connection, person) or cohorts.of(connection, person)
    return bool(places or programme.names(connection, person))
