"""What happens to one delivery between the outbox and Slack.

It was taken up in the database before this begins (`sending`, with a lease) and is settled at the
end. Whatever lies between, a crash, a lost answer, a pause of the whole machine, leaves it
`sending`; whoever finds it after its lease looks into Slack for its delivery id before saying it
again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Event
from uuid import UUID

from bot.delivery.clients import SENDER_SECONDS
from bot.delivery.messenger import SlackMessenger
from bot.domain.delivery import LEASE, NOBODY_KNOWS, RULES, TOO_LATE, Delivery, Post
from bot.domain.pacing import Pace
from bot.errors import (
    Cause,
    NobodyKnows,
    NotDelivered,
    NotReached,
    NotSaved,
    RateLimited,
    Refused,
    StorageFailed,
)
from bot.ports import SystemClock
from bot.services.outbox import Mail, Outbox

_log = logging.getLogger(__name__)

BEGIN_WITHIN_SECONDS = LEASE.total_seconds() - SENDER_SECONDS - 5.0
"""A call begins only while its answer still arrives within the lease."""

SECONDS_A_FILE = 2 * SENDER_SECONDS
"""A file is two calls more."""

LOOK_BACK = timedelta(minutes=5)
"""Slack's clock and ours may differ when a message is looked for."""

NOTE_PAUSES = (0.05, 0.2, 1.0, 3.0, 5.0)
"""Between attempts to note what Slack took, in seconds; a disk may be full for a moment."""

LOST_PAUSE_SECONDS = 1.0

now = SystemClock().elapsed
"""How long this process or the machine was paused shows on the machine's own clock only."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A delivery in hand, and when it was taken up."""

    delivery: Delivery
    at: float
    lost: bool
    """Whether somebody may have said it before."""


def _pause(error: NotDelivered) -> timedelta:
    return timedelta(seconds=error.seconds) if isinstance(error, RateLimited) else LEASE


def _no_words(taken: Taken, code: str) -> NotDelivered:
    # What somebody may have said before is not to be said again without a look.
    return NobodyKnows(code) if taken.lost else NotReached(code)


class Carrier:
    """Carries deliveries; any number of threads may carry one each."""

    def __init__(
        self,
        outbox: Outbox,
        messenger: SlackMessenger,
        pace: Pace,
        elapsed: Callable[[], float],
        ended: Event,
    ) -> None:
        """Carry from `outbox` through `messenger`; waiting ends early once `ended` is set."""
        self._outbox = outbox
        self._elapsed = elapsed
        self._messenger = messenger
        self._pace = pace
        self._ended = ended

    def carry(self, taken: Taken) -> None:
        """Say one delivery, and settle it, give it back, give it up, or leave it to its lease."""
        try:
            self._try(taken)
        except StorageFailed as error:
            _log.warning("a delivery is left until its lease ends: %s", error)
        except Exception as error:
            # Its message may carry what somebody wrote, so only its type is told.
            _log.error("a delivery failed: %s", type(error).__name__)

    def _try(self, taken: Taken) -> None:
        delivery = taken.delivery
        try:
            mail = self._open(taken)
            if mail is not None:
                self._send(taken, mail)
        except RateLimited as error:
            self._put_back(taken, error.code, after=timedelta(seconds=error.seconds))
        except NotReached as error:
            self._put_back(taken, error.code)
        except NobodyKnows as error:
            self._outbox.look_later(delivery, error.code)
        except Refused as error:
            self._outbox.fail(delivery, error.code)

    def _put_back(self, taken: Taken, code: str, *, after: timedelta | None = None) -> None:
        """Leave a delivery for later; one that Slack may have is looked for again first.

        Else what was found there would be forgotten, and if it was to be taken away, it would stay.
        """
        if taken.lost:
            self._outbox.look_later(taken.delivery, code, after=LEASE if after is None else after)
        else:
            self._outbox.put_back(taken.delivery, code, after=after)

    def _open(self, taken: Taken) -> Mail | None:
        """Return what there is to say now; None when nothing is left to do."""
        try:
            mail = self._outbox.open(taken.delivery)
        except StorageFailed as error:
            if error.cause is not Cause.UNREADABLE:
                raise
            raise _no_words(taken, "unreadable") from None
        except Exception as error:
            # Its message may carry what somebody wrote, so only its type is told.
            _log.error("the words for a delivery could not be made: %s", type(error).__name__)
            raise _no_words(taken, "unexpected") from None
        if mail.post is not None or not (taken.lost or mail.doubts):
            return mail  # to change or take away a message twice is harmless
        return self._look_for(mail)

    def _look_for(self, mail: Mail) -> Mail | None:
        """Look whether Slack has the message; return what is still to be said."""
        delivery = mail.delivery
        attempts = {each.delivery_id: each.created_at for each in mail.doubts}
        attempts[delivery.delivery_id] = delivery.created_at
        channel = delivery.channel or mail.dm_channel
        of_files = RULES[delivery.kind].sends_files
        if channel is None and not of_files:
            return mail  # a direct message that was never opened was never sent
        try:
            since = min(attempts.values()) - LOOK_BACK
            if of_files:
                found: Sequence[Post] = self._find_files(attempts, since)
            else:
                thread = mail.letter.thread if mail.letter else None
                found = self._messenger.find(channel or "", attempts, since=since, thread=thread)
        except Refused:
            return mail if self._outbox.nobody_knows(delivery, NOBODY_KNOWS) else None
        except NotDelivered as error:
            self._outbox.look_later(delivery, error.code, after=_pause(error))
            return None
        if not found:
            return mail
        try:
            for double in found[1:]:  # of two senders who each thought the other dead
                with suppress(Refused):  # of another program that repeats what it reads
                    self._take_away(double)
        except NotDelivered as error:  # it is there, so it must not be said again
            self._outbox.look_later(delivery, error.code, after=_pause(error))
            return None
        if mail.letter is None or mail.doubts:
            return replace(mail, post=found[0])
        # It may show words from before a change, which has a delivery of its own.
        self._note(mail, found[0], up_to_date=False)
        return None

    def _find_files(self, attempts: Iterable[UUID], since: datetime) -> Sequence[Post]:
        """Look for files; those that came only half-way are deleted."""
        found = self._messenger.find_files(attempts, since=since)
        for each in found.left:
            self._messenger.take_away(each)
        return found.shown

    def _send(self, taken: Taken, mail: Mail) -> None:
        """Let Slack show the letter, or nothing where there is no letter any more."""
        if mail.letter is None and mail.post is None:
            self._note(mail, None)
            return
        if mail.post is None and mail.is_late:
            self._outbox.fail(mail.delivery, TOO_LATE)
            return
        channel = self._channel(mail)
        wait = self._pace.sends(channel, self._elapsed())
        if wait > 0:
            self._put_back(taken, "pace", after=timedelta(seconds=wait))
            return
        files = len(mail.letter.files) if mail.letter else 0
        if now() - taken.at > BEGIN_WITHIN_SECONDS - files * SECONDS_A_FILE:
            return  # paused for too long: it may be somebody else's by now
        try:
            post = self._call(channel, mail)
        except RateLimited as error:
            self._pace.refused(channel, error.seconds, self._elapsed())
            raise
        self._pace.accepted()
        if not self._note(mail, post):
            self._taken_over(mail, post)
        elif post is not None and mail.letter is not None and mail.letter.pinned:
            self._pin(post)

    def _call(self, channel: str, mail: Mail) -> Post | None:
        """Make the one call, and return where the message stands."""
        if mail.letter is not None and mail.post is None:
            return self._messenger.post(channel, mail.letter, mail.delivery.delivery_id)
        assert mail.post is not None  # noqa: S101  # _send left nothing else
        try:
            if mail.letter is None:
                self._messenger.take_away(mail.post)
                return None
            self._messenger.change(mail.post, mail.letter, mail.delivery.delivery_id)
            if mail.letter.pinned is False:
                self._unpin(mail.post)
        except Refused as error:
            if error.code == "message_not_found":  # somebody deleted it in Slack
                return None
            raise
        return mail.post

    def _channel(self, mail: Mail) -> str:
        if mail.post is not None:
            return mail.post.channel
        assert mail.letter is not None  # noqa: S101  # _send left nothing else
        if mail.letter.channel is not None:
            return mail.letter.channel
        if mail.dm_channel is not None:
            return mail.dm_channel
        person = mail.letter.person or ""
        opened = self._messenger.open_dm(person)
        # Stored before anything is sent, so that the message can be looked for later.
        self._outbox.keep_dm_channel(mail.delivery, person, opened)
        return opened

    def _pin(self, post: Post) -> None:
        """Pin what stands; where Slack does not want that, it stands all the same."""
        try:
            self._messenger.pin(post)
        except NotDelivered as error:
            _log.warning("a message could not be pinned: %s", error.code)

    def _unpin(self, post: Post) -> None:
        """Take the pin off before it counts as said: no later change would do it."""
        try:
            self._messenger.unpin(post)
        except Refused as error:
            _log.warning("a pin could not be taken off: %s", error.code)

    def _note(self, mail: Mail, post: Post | None, *, up_to_date: bool = True) -> bool:
        """Settle what Slack took; False when the delivery is in other hands.

        Raises:
            NotSaved: it could not be noted; whoever finds it will look into Slack.
        """
        for pause in NOTE_PAUSES:
            try:
                return self._outbox.sent(mail, post, up_to_date=up_to_date)
            except NotSaved:
                if self._ended.wait(pause):
                    break
        return self._outbox.sent(mail, post, up_to_date=up_to_date)

    def _taken_over(self, mail: Mail, post: Post | None) -> None:
        """Mend what we said after another sender, who thought us dead, had taken it over."""
        until, pause = now() + 2 * LEASE.total_seconds(), LOST_PAUSE_SECONDS
        while now() < until:
            try:
                if self._mended(mail, post):
                    return
                pause = LOST_PAUSE_SECONDS
            except Refused:
                raise
            except (NotDelivered, StorageFailed) as error:
                pause = error.seconds if isinstance(error, RateLimited) else LOST_PAUSE_SECONDS
            if self._ended.wait(pause):
                return

    def _mended(self, mail: Mail, post: Post | None) -> bool:
        """Leave in Slack what the other has said; False while it is still at it."""
        if post is None:
            return True  # what was taken away stays away
        if mail.post is not None:
            # Our words may be older than those that the other has put there since.
            self._outbox.say_again(mail.delivery)
            return True
        instead = self._outbox.said_instead(mail.delivery)
        if instead is None:
            return False
        if post.ts not in instead:  # but another message, or none
            self._take_away(post)
        return True

    def _take_away(self, post: Post) -> None:
        try:
            self._messenger.take_away(post)
        except Refused as error:
            if error.code != "message_not_found":
                raise
