"""The sender: hands out what is due from the outbox, in its order and at Slack's pace.

One thread decides what goes next; a few workers speak with Slack, so that one slow answer keeps
nobody else waiting, and one worker is kept free for what is urgent. No worker has two deliveries,
and nothing new goes into a channel in which a worker is busy.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock, Thread
from time import monotonic

from bot.delivery.carrier import Carrier, Taken, now
from bot.delivery.messenger import SlackMessenger
from bot.domain.delivery import Delivery
from bot.domain.pacing import Pace
from bot.errors import StorageFailed
from bot.ports import Clock, Turn
from bot.services.outbox import Outbox

_log = logging.getLogger(__name__)

WORKERS = 4
POLL_SECONDS = 0.5
"""How soon is noticed what another process put in, or what was waiting for its time."""


class Sender:
    """Sends until it is stopped. Any number of processes may have one; one of them works."""

    def __init__(
        self,
        outbox: Outbox,
        messenger: SlackMessenger,
        turn: Turn,
        clock: Clock,
        pace: Pace | None = None,
    ) -> None:
        self._outbox = outbox
        self._elapsed = clock.elapsed
        self._messenger = messenger
        self._turn = turn
        self._pace = pace or Pace()
        self._started = False
        self._draining = Event()
        self._ended = Event()
        self._carrier = Carrier(outbox, messenger, self._pace, clock.elapsed, self._ended)
        self._lock = Lock()  # around what is in hand
        self._in_hand: dict[int, str | None] = {}
        self._look_at = 0.0  # for what others left behind
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="sender")
        self._thread = Thread(target=self._run, name="sender", daemon=True)

    def troubles(self) -> list[str]:
        """Return that it has stopped, if it has though nobody asked for it."""
        died = self._started and not self._draining.is_set() and not self._thread.is_alive()
        return ["the sender has stopped"] if died else []

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._started = True
        self._thread.start()

    def stop(self, seconds: float) -> bool:
        """Send what may leave at once, finish what is in hand, and end within so many seconds.

        What does not get away stays in the outbox.

        Returns:
            Whether everything in hand was finished.
        """
        until = monotonic() + seconds
        self._draining.set()
        self._outbox.bell.ring()
        if self._thread.is_alive():
            self._thread.join(max(0.0, seconds))
        self._ended.set()
        self._outbox.bell.ring()
        self._workers.shutdown(wait=False, cancel_futures=True)
        while self._busy() and monotonic() < until:
            self._outbox.bell.wait(0.05)
        self._turn.give_back()
        return not self._busy()

    def _run(self) -> None:
        while not self._ended.is_set():
            handed_out, wait = False, POLL_SECONDS
            try:
                handed_out, wait = self._round()
            except StorageFailed as error:
                _log.warning("the outbox cannot be used just now: %s", error)
            except Exception as error:
                # Its message may carry a stored value, so only its type is told.
                _log.error("the sender failed: %s", type(error).__name__)
            if self._draining.is_set() and not handed_out and not self._busy():
                return
            self._outbox.bell.wait(wait)

    def _round(self) -> tuple[bool, float]:
        """Hand out what may leave now; return whether there was any, and when to look again."""
        if not self._turn.take():
            return False, POLL_SECONDS
        if self._outbox.speaking.silent and not self._back():
            return False, POLL_SECONDS
        at, taken_at = self._elapsed(), now()
        with self._lock:
            free = WORKERS - len(self._in_hand)
            in_hand = list(self._in_hand)
            channels = {channel for channel in self._in_hand.values() if channel}
        if free == 0:
            return False, POLL_SECONDS  # whoever ends rings
        if free > 1 and at >= self._look_at:
            self._look_at = at + POLL_SECONDS
            lost = self._outbox.take_over(limit=free - 1, in_hand=in_hand)
            if self._hand_out(lost, taken_at, lost=True):
                return True, 0.0
        room = self._pace.room(at)
        if self._pace.silent(at):
            return False, self._pace.soonest(at, most=POLL_SECONDS)
        # What is urgent waits neither for a worker nor for the pace; the others make up for it.
        urgent_only = free == 1 or room == 0
        limit = 1 if urgent_only else min(free - 1, room)
        blocked = sorted(channels | self._pace.blocked(at))
        due = self._outbox.lease(limit=limit, urgent_only=urgent_only, blocked=blocked)
        for _ in due:
            self._pace.take(at)
        if self._hand_out(due, taken_at, lost=False):
            return True, 0.0
        return False, self._pace.soonest(at, most=POLL_SECONDS)

    def _back(self) -> bool:
        """Whether Slack takes the token again; asked once a minute while Hearth is silent."""
        speaking = self._outbox.speaking
        if not speaking.may_ask() or not self._messenger.is_known():
            return False
        speaking.go_on()
        return True

    def _hand_out(self, deliveries: Sequence[Delivery], at: float, *, lost: bool) -> bool:
        """Give each delivery to a worker; False when there was none to give."""
        given = False
        for delivery in deliveries:
            with self._lock:
                self._in_hand[delivery.id] = delivery.channel
            try:
                self._workers.submit(self._carry, Taken(delivery, at, lost))
                given = True
            except RuntimeError:  # ended meanwhile; whoever comes next takes it over
                self._let_go(delivery)
        return given

    def _carry(self, taken: Taken) -> None:
        try:
            self._carrier.carry(taken)
        finally:
            self._let_go(taken.delivery)
            self._outbox.bell.ring()

    def _let_go(self, delivery: Delivery) -> None:
        with self._lock:
            self._in_hand.pop(delivery.id, None)

    def _busy(self) -> bool:
        with self._lock:
            return bool(self._in_hand)
