"""The sender's side of the outbox: taking deliveries up, asking for their words, settling them."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.domain.delivery import (
    FAILED_KEPT_FOR,
    LEASE,
    NOBODY_KNOWS,
    RULES,
    SENT_KEPT_FOR,
    Delivery,
    Doubt,
    IfUnknown,
    Kind,
    Post,
    Priority,
    State,
    pause,
)
from bot.ports import Clock
from bot.services.correspondence import Bell, Correspondence, say
from bot.services.failures import reading, saving
from bot.services.speaking import Speaking
from bot.views.letters import Letter
from storage import outbox, people, posts, recipients
from storage.engine import Database
from storage.outbox import Leased

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Mail:
    """A delivery that was taken up, with what there is to say and what is already said."""

    delivery: Delivery
    letter: Letter | None
    post: Post | None
    dm_channel: str | None
    doubts: Sequence[Doubt]
    is_late: bool = False
    """Whether it is too late to say it for the first time."""


class Outbox:
    """What a sender does with the outbox."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        correspondence: Mapping[Kind, Correspondence],
        bell: Bell,
        speaking: Speaking,
    ) -> None:
        self.speaking = speaking
        self._database = database
        self._clock = clock
        self.bell = bell
        self._correspondence = correspondence
        self._owner = secrets.token_hex(8)

    def lease(self, *, limit: int, urgent_only: bool, blocked: Sequence[str]) -> Sequence[Delivery]:
        """Take up to `limit` deliveries that may leave now, the most urgent first.

        Raises:
            NotSaved: nothing was taken.
        """
        now = self._clock.now()
        before = Priority.URGENT + 1 if urgent_only else max(Priority) + 1
        with saving():
            taken = self._database.write(
                lambda connection: outbox.lease(
                    connection,
                    self._owner,
                    now=now,
                    until=now + LEASE,
                    limit=limit,
                    before_priority=before,
                    not_in=blocked,
                )
            )
        return [_delivery(each) for each in taken]

    def take_over(self, *, limit: int, in_hand: Collection[int]) -> Sequence[Delivery]:
        """Take up to `limit` deliveries of which nobody knows whether Slack has them.

        Those `in_hand`, by their ids, are left to the worker that is still at them.

        Raises:
            NotSaved: nothing was taken.
        """
        now = self._clock.now()
        with saving():
            taken = self._database.write(
                lambda connection: outbox.take_over(
                    connection,
                    self._owner,
                    now=now,
                    until=now + LEASE,
                    limit=limit,
                    in_hand=in_hand,
                )
            )
        return [_delivery(each) for each in taken]

    def open(self, delivery: Delivery) -> Mail:
        """Return what is to be said, made from the fact as it is now.

        Raises:
            NotRead: storage did not give it.
        """
        about = self._correspondence[delivery.kind]
        with reading(), self._database.read() as connection:
            letter = about.letter(connection, delivery.subject)
            stands = posts.find(connection, delivery.kind, delivery.subject)
            person = letter.person if letter else None
            if person and people.gone_since(connection, person) is not None:
                letter = person = None  # nobody writes to an account that is closed
            dm_channel = people.dm_channel(connection, person) if person else None
            if person and dm_channel is None:  # of somebody who has not joined
                dm_channel = recipients.dm_channel(connection, delivery.subject)
            doubts = (
                outbox.unknown(connection, delivery.kind, delivery.subject, reason=NOBODY_KNOWS)
                if stands is None
                else ()
            )
        return Mail(
            delivery,
            letter,
            Post(*stands) if stands else None,
            dm_channel,
            [Doubt(*each) for each in doubts],
            is_late=_is_late(letter, self._clock.now()),
        )

    def keep_dm_channel(self, delivery: Delivery, person: str, channel: str) -> None:
        """Remember the direct message with a person, before anything is sent there.

        Raises:
            NotSaved: it is not remembered, so nothing should be sent yet.
        """

        def work(connection: Connection) -> None:
            people.set_dm_channel(connection, person, channel)
            recipients.set_dm_channel(connection, delivery.subject, channel)

        with saving():
            self._database.write(work)

    def sent(self, mail: Mail, post: Post | None, *, up_to_date: bool = True) -> bool:
        """Note that Slack shows it: as `post`, or nothing. False if it was taken over meanwhile.

        With `up_to_date`, later deliveries about the same subject that were there when the words
        were made have nothing left to say.

        Raises:
            NotSaved: nothing was noted.
        """
        now, delivery = self._clock.now(), mail.delivery
        kind, subject = delivery.kind, delivery.subject
        about = self._correspondence[kind]

        def work(connection: Connection) -> bool:
            ts = post.ts if post else None
            held = outbox.settle(
                connection, delivery.id, self._owner, state=State.SENT, now=now, ts=ts
            )
            if not held:
                return False
            if post is None:
                posts.drop(connection, kind, subject)
                about.taken_away(connection, subject)
            elif delivery.channel is not None or post.files:
                # Not where a direct message stands: that would say with whom.
                posts.keep(connection, kind, subject, post.channel, post.ts)
            if delivery.channel is None:
                recipients.remove(connection, subject)
            if up_to_date:
                outbox.join(connection, kind, subject, newest=delivery.newest, now=now)
            return True

        with saving():
            return self._database.write(work)

    def put_back(self, delivery: Delivery, reason: str, *, after: timedelta | None = None) -> None:
        """Give a delivery back that Slack surely does not have; given up when its time is over.

        Args:
            delivery: the one to give back.
            reason: a code.
            after: how long Slack asked to wait; then it does not count as an attempt.

        Raises:
            NotSaved: it stays taken until its lease ends.
        """
        now = self._clock.now()
        if delivery.given_up(now):
            self.fail(delivery, reason)
            return
        wait = pause(delivery.attempts, secrets.randbelow(1000) / 1000) if after is None else after
        with saving():
            self._database.write(
                lambda connection: outbox.put_back(
                    connection,
                    delivery.id,
                    self._owner,
                    due_at=now + wait,
                    reason=reason,
                    tried=after is None,
                )
            )

    def look_later(self, delivery: Delivery, reason: str, *, after: timedelta = LEASE) -> None:
        """Leave a delivery of which nobody knows whether Slack has it, to be looked for later.

        Given up when its time is over.

        Raises:
            NotSaved: it is looked for when its lease ends.
        """
        now = self._clock.now()
        if delivery.given_up(now):
            self.fail(delivery, NOBODY_KNOWS)
            return
        until = now + after
        with saving():
            self._database.write(
                lambda connection: outbox.hold(
                    connection, delivery.id, self._owner, until=until, reason=reason
                )
            )

    def say_again(self, delivery: Delivery) -> None:
        """Have the words of now said once more, after whatever else waits about the subject.

        Raises:
            NotSaved: nothing was put into the outbox.
        """
        now = self._clock.now()
        with saving():
            self._database.write(
                lambda connection: say(
                    connection,
                    delivery.kind,
                    delivery.subject,
                    occasion=f"again {delivery.id}",
                    channel=delivery.channel,
                    now=now,
                )
            )
        self.bell.ring()

    def nobody_knows(self, delivery: Delivery, reason: str) -> bool:
        """Decide about a delivery that cannot be looked for; True if it is to be said again.

        Raises:
            NotSaved: nothing was decided.
        """
        if RULES[delivery.kind].if_unknown is IfUnknown.AGAIN:
            return True
        self.fail(delivery, reason)
        return False

    def fail(self, delivery: Delivery, reason: str) -> None:
        """Give a delivery up, and tell whom it concerns, if there is anybody, and the log.

        Raises:
            NotSaved: it stays taken until its lease ends.
        """
        now = self._clock.now()
        about = self._correspondence[delivery.kind]

        def work(connection: Connection) -> tuple[bool, bool]:
            held = outbox.settle(
                connection,
                delivery.id,
                self._owner,
                state=State.FAILED,
                now=now,
                reason=reason,
            )
            told = held and about.failed(connection, delivery.subject, now)
            if held and delivery.channel is None:
                recipients.remove(connection, delivery.subject)
            return held, told

        with saving():
            held, told = self._database.write(work)
        if held:
            _log.error(
                "a delivery was given up",
                extra={"kind": delivery.kind, "reason": reason, "told": told},
            )
        self.bell.ring()

    def said_instead(self, delivery: Delivery) -> Collection[str] | None:
        """Return which messages count, by their ts, now that another sender ended a delivery.

        None while it is open.

        Raises:
            NotRead: storage did not say.
        """
        with reading(), self._database.read() as connection:
            ended = outbox.outcome(connection, delivery.id)
            stands = posts.find(connection, delivery.kind, delivery.subject)
        if ended is not None and ended[0] in (State.PENDING, State.SENDING):
            return None
        return [each[1] for each in (ended, stands) if each is not None and each[1] is not None]

    def lag(self) -> Mapping[Priority, float]:
        """Return for each priority how many seconds the oldest delivery is late.

        Raises:
            NotRead: storage did not say.
        """
        now = self._clock.now()
        with reading(), self._database.read() as connection:
            since = outbox.waiting_since(connection, now)
        late = {Priority(each): (now - at).total_seconds() for each, at in since.items()}
        return {each: late.get(each, 0.0) for each in Priority}

    def is_waiting(self, within: timedelta) -> bool:
        """Whether anything is on its way, or will be within some time.

        Raises:
            NotRead: storage did not say.
        """
        with reading(), self._database.read() as connection:
            return bool(outbox.waiting_since(connection, self._clock.now() + within))

    def count(self) -> Mapping[State, int]:
        """Return how many deliveries stand where.

        Raises:
            NotRead: storage did not say.
        """
        with reading(), self._database.read() as connection:
            rows = outbox.count(connection)
        return {each: rows.get(each, 0) for each in State}

    def let_old_ones_go(self) -> int:
        """Delete what was settled long ago; return how many there were.

        Raises:
            NotSaved: nothing was deleted; the next round tries again.
        """
        now = self._clock.now()
        with saving():
            return self._database.write(
                lambda connection: outbox.remove_settled(
                    connection, sent=now - SENT_KEPT_FOR, failed=now - FAILED_KEPT_FOR
                )
            )


def _is_late(letter: Letter | None, now: datetime) -> bool:
    return letter is not None and letter.not_after is not None and now >= letter.not_after


def _delivery(row: Leased) -> Delivery:
    return Delivery(
        id=row.id,
        delivery_id=row.delivery_id,
        kind=Kind(row.kind),
        subject=row.subject,
        channel=row.channel,
        attempts=row.attempts,
        created_at=row.created_at,
        newest=row.newest,
    )
