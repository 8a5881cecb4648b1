"""What the clock has to do with rituals: once a minute whatever is due is claimed, and only once.

Every step is one transaction with what it says in it, in batches, so that nobody waits long for
the database. Whoever is killed in between leaves a fact that the next tick goes on from.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.domain.rituals import LATE_AFTER
from bot.ports import Clock
from bot.services import claims
from bot.services.claims import Done
from bot.services.correspondence import Bell
from bot.services.failures import reading, saving
from bot.services.occurrences import plan, release
from bot.services.speaking import Speaking
from storage import ritual_claims, ritual_planning, rituals
from storage.engine import Database
from storage.ritual_claims import Waiting

PLANS = 50
"""So many rituals are planned in one transaction."""

GONE_BACK = timedelta(minutes=2)
"""A clock that is set right by less than this does not count as gone back."""

_ROUNDS = 6
"""What is planned may be due at once, and what was claimed is to be planned; it ends here."""


class Rhythm:
    """Plans, announces, claims and closes; any number of processes may do so at once."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        bell: Bell,
        speaking: Speaking,
        late: timedelta = LATE_AFTER,
    ) -> None:
        """Tick over one database; after `late` nothing is posted any more."""
        self._database = database
        self._clock = clock
        self._bell = bell
        self._speaking = speaking
        self._late = late
        self._latest: datetime | None = None

    def tick(self) -> None:
        """Do whatever is due by now; harmless when repeated, and cheap when nothing is.

        While Hearth is taken out of the workspace nothing is done: that is as if it were off.

        Raises:
            NotRead, NotSaved: storage did not answer; the next tick goes on from there.
        """
        if self._speaking.silent:
            return
        now = self._clock.now()
        if self._latest is None or now < self._latest - GONE_BACK:
            self._mend_what_a_clock_did(now)
        self._latest = now
        for _ in range(_ROUNDS):
            waiting = self._look(now)
            if not waiting:
                return
            self._do(waiting, now)

    def next_due(self) -> datetime | None:
        """Return when a tick next has something to do, as far as it is planned; None: never.

        Raises:
            NotRead: storage did not say.
        """
        with reading(), self._database.read() as connection:
            return rituals.next_instant(connection)

    def _look(self, now: datetime) -> Waiting:
        with reading(), self._database.read() as connection:
            return ritual_claims.waiting(connection, now)

    def _do(self, waiting: Waiting, now: datetime) -> None:
        if waiting.claim:
            claim = partial(claims.claim, now=now, late=self._late)
            self._repeat(partial(claim, patient=False))
            if self._look(now).claim:  # somebody holds them: another clock, or who changes them
                self._repeat(partial(claim, patient=True))
        if waiting.announce:
            self._repeat(partial(claims.announce, now=now))
        if waiting.close:
            self._repeat(partial(claims.close, now=now))
        if waiting.plan:
            self._repeat(lambda connection: self._plan(connection, now))

    def _repeat(self, step: Callable[[Connection], Done]) -> None:
        """Run a step in one transaction after another, until it finds no more."""
        more = True
        while more:
            with saving():
                done = self._database.write(step)
            self._bell.after(done.told)
            more = done.more

    def _plan(self, connection: Connection, now: datetime) -> Done:
        rows = ritual_planning.plannable(connection, limit=PLANS)
        told = plan(connection, rows, now=now, late=self._late)
        return Done(more=len(rows) == PLANS, told=told)

    def _mend_what_a_clock_did(self, now: datetime) -> None:
        """Plan anew what was missed, ended or planned in a future that a wrong clock had shown."""
        with reading(), self._database.read() as connection:
            if not ritual_planning.is_ahead(connection, now, by=GONE_BACK):
                return

        def work(connection: Connection) -> bool:
            ritual_planning.hold_ahead(connection, now, by=GONE_BACK)
            back = ritual_planning.bring_back(connection, now, by=GONE_BACK)
            ids = sorted(back | ritual_planning.remove_missed_after(connection, now))
            told = [release(connection, each, now=now) for each in ids]
            rituals.to_plan(connection, ids, after=now)
            return any(told)

        with saving():
            told = self._database.write(work)
        self._bell.after(told)
