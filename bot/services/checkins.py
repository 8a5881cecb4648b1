"""Filing a check-in, looking back, and letting old ones go."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from bot import content
from bot.domain.checkins import (
    Answer,
    Capacity,
    Filed,
    History,
    Opening,
    Receipt,
    check_day,
    first_day_shown,
    next_step,
    recent,
)
from bot.domain.days import local_time, own_day
from bot.domain.people import CHECKINS
from bot.domain.retention import Retention
from bot.domain.sharing import Choice
from bot.domain.visibility import Shared, Visibility
from bot.errors import ConsentNeeded
from bot.ports import Clock
from bot.services.correspondence import Bell
from bot.services.failures import reading, saving
from bot.services.people import agreed, require_agreed
from bot.services.shares import cohort, route, shared, take_away
from storage import checkins, cohorts, shares
from storage.checkins import CheckInRow
from storage.encryption import Keyring
from storage.engine import Database
from storage.people import PersonRow

A_PAGE = 7
"""Check-ins shown one by one; with their notes they stay far below Slack's limit for a view."""


class CheckIns:
    """What can be done with check-ins."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        keyring: Keyring,
        bell: Bell,
        retention: Retention,
    ) -> None:
        self._retention = retention
        self._database = database
        self._clock = clock
        self._keyring = keyring
        self._bell = bell

    def open(self, person: str) -> Opening | None:
        """Return what the form of the person's own day starts from; None before they agreed.

        Raises:
            NotRead: storage did not answer, or the note of today cannot be opened.
        """
        with reading(), self._database.read() as connection:
            row = agreed(connection, person)
            if row is None:
                return None
            day = _own_day(row, self._clock.now())
            filed = checkins.on_day(connection, self._keyring, person, day)
            known = shares.on_days(connection, person, [day]) if filed else {}
            already = shared(known.get(day))
            theirs = [
                each
                for each in map(cohort, cohorts.of(connection, person))
                if not each.is_halted or (already and already.channel == each.channel)
            ]
            if already and already.channel not in {each.channel for each in theirs}:
                already = None  # what was chosen for a cohort they left is chosen for no other
        return Opening(
            day=day,
            visibility=Visibility(
                already,
                may_share=bool(theirs),
                has_decider=any(each.has_decider for each in theirs),
                is_open=any(each.is_open for each in theirs),
            ),
            earlier=_filed(filed) if filed else None,
            earlier_at=local_time(filed.changed_at, row.zone) if filed else None,
            cohorts=theirs,
        )

    def file(self, person: str, day: date, answer: Answer, choice: Choice) -> Receipt:
        """Store the check-in for `day` and return the receipt once it is on the disk.

        One a day: another for the same day takes its place, so a submission that arrives twice
        is stored once. What is shared follows: it is posted, changed or taken away.

        Raises:
            ConsentNeeded: the person has not agreed; nothing was stored.
            InvalidAnswer: no form that is open today can be for that day, or what is to be shared
                cannot be; nothing was stored.
            NotSaved: nothing was stored.
        """
        return self._file(person, answer, day=day, choice=choice)

    def file_today(self, person: str, answer: Answer) -> Receipt:
        """Store a check-in typed from the keyboard for the person's own day.

        It has no note of its own, so a note that is already there stays, and so does the choice
        what to share.

        Raises:
            ConsentNeeded, NotSaved: as for `file`.
        """
        return self._file(person, answer, day=None, choice=None)

    def remove(self, person: str, day: date) -> None:
        """Delete the check-in of `day` and have what is shared of it taken away.

        Harmless when there is none.

        Raises:
            NotSaved: nothing was deleted.
        """
        now = self._clock.now()

        def work(connection: Connection) -> bool:
            found = checkins.id_on(connection, person, day)
            if found is None:
                return False
            told = take_away(connection, shares.withdraw(connection, found), now=now)
            checkins.remove(connection, found)
            return told

        with saving():
            self._bell.after(self._database.write(work))

    def take_back(self, person: str, share: UUID) -> None:
        """Have one share taken away in Slack; the check-in stays, for the person alone.

        Harmless when it was taken back before, or is not this person's.

        Raises:
            NotSaved: it stands as it did.
        """
        now = self._clock.now()

        def work(connection: Connection) -> bool:
            return take_away(connection, shares.withdraw_one(connection, person, share), now=now)

        with saving():
            self._bell.after(self._database.write(work))

    def history(self, person: str, *, before: date | None = None) -> History:
        """Return a page of the person's check-ins, the latest (or those before a day) first.

        Raises:
            ConsentNeeded: the person has not agreed, so there is nothing.
            NotRead: storage did not answer, or a note cannot be opened.
        """
        with reading(), self._database.read() as connection:
            today = _own_day(require_agreed(connection, person), self._clock.now())
            weeks = recent(checkins.since(connection, person, first_day_shown(today)), today=today)
            page = checkins.page(connection, self._keyring, person, before=before, limit=A_PAGE + 1)
            known = shares.on_days(connection, person, [row.day for row in page])
        return History(
            recent=weeks,
            page=[_filed(row, shared(known.get(row.day))) for row in page[:A_PAGE]],
            has_earlier=len(page) > A_PAGE,
        )

    def let_old_ones_go(self) -> int:
        """Delete the check-ins that are past their time; return how many there were.

        What was shared of them is taken away.

        Raises:
            NotSaved: nothing was deleted; the next round tries again.
        """
        now = self._clock.now()
        last = now.date() - timedelta(days=self._retention.checkins_days)

        def work(connection: Connection) -> tuple[int, bool]:
            told = take_away(connection, shares.withdraw_before(connection, last), now=now)
            return checkins.remove_before(connection, last), told

        with saving():
            gone, told = self._database.write(work)
        self._bell.after(told)
        return gone

    def _file(
        self, person: str, answer: Answer, *, day: date | None, choice: Choice | None
    ) -> Receipt:
        """File for `day`, or for today; without a `choice`, note and share stay as they are."""
        now = self._clock.now()

        def work(connection: Connection) -> tuple[Receipt, bool]:
            found = checkins.desk(
                connection,
                person,
                purpose=CHECKINS,
                version=content.consent_version(),
                since=first_day_shown(now.date() - timedelta(days=1)),  # it is earlier in the west
            )
            if found is None or not found[0].agreed:
                raise ConsentNeeded
            today, weeks = _own_day(found[0], now), found[1]
            if day is not None:
                check_day(day, today=today)
            row = _row(answer, day or today, now)
            filing = checkins.file(connection, self._keyring, person, row, keep_note=choice is None)
            seen, told = Visibility(), False
            if filing.replaced or (choice is not None and choice.part is not None):
                seen, told = route(connection, person, filing, answer, choice, now=now)
            weeks = [*weeks, (row.day, row.mood, row.stress, row.energy)]
            receipt = Receipt(
                day=row.day,
                answer=answer,
                replaced=filing.replaced,
                recent=recent(weeks, today=today),
                step=next_step(answer),
                visibility=seen,
            )
            return receipt, told

        with saving():
            receipt, told = self._database.write(work)
        self._bell.after(told)
        return receipt


def _own_day(row: PersonRow, now: datetime) -> date:
    return own_day(now, zone=row.zone, starts_minute=row.day_starts_minute)


def _row(answer: Answer, day: date, now: datetime) -> CheckInRow:
    return CheckInRow(
        day=day,
        mood=answer.mood,
        stress=answer.stress,
        energy=answer.energy,
        capacity=answer.capacity.value,
        note=answer.note,
        changed_at=now,
    )


def _filed(row: CheckInRow, shown: Shared | None = None) -> Filed:
    return Filed(
        day=row.day,
        shared=shown,
        mood=row.mood,
        stress=row.stress,
        energy=row.energy,
        capacity=Capacity(row.capacity),
        note=row.note,
    )
