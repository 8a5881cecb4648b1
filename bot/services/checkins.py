"""Filing a check-in, looking back, and letting old ones go."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot import content
from bot.domain.checkins import (
    Answer,
    Capacity,
    Filed,
    History,
    Opening,
    Receipt,
    Recent,
    check_day,
    first_day_shown,
    next_step,
    recent,
)
from bot.domain.days import local_time, own_day
from bot.domain.people import CHECKINS, RETENTION_DAYS
from bot.domain.visibility import Visibility
from bot.errors import ConsentNeeded
from bot.ports import Clock
from bot.services.failures import reading, saving
from bot.services.people import agreed, require_agreed
from storage import checkins
from storage.checkins import CheckInRow
from storage.encryption import Keyring
from storage.engine import Database
from storage.people import PersonRow

A_PAGE = 7
"""Check-ins shown one by one; with their notes they stay far below Slack's limit for a view."""


class CheckIns:
    """What can be done with check-ins."""

    def __init__(self, database: Database, clock: Clock, keyring: Keyring) -> None:
        self._database = database
        self._clock = clock
        self._keyring = keyring

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
        return Opening(
            day=day,
            visibility=self._visibility(),
            earlier=_filed(filed) if filed else None,
            earlier_at=local_time(filed.changed_at, row.zone) if filed else None,
        )

    def file(self, person: str, day: date, answer: Answer) -> Receipt:
        """Store the check-in for `day` and return the receipt once it is on the disk.

        One a day: another for the same day takes its place, so a submission that arrives twice
        is stored once.

        Raises:
            ConsentNeeded: the person has not agreed; nothing was stored.
            InvalidAnswer: no form that is open today can be for that day.
            NotSaved: nothing was stored.
        """
        return self._file(person, answer, day=day, keep_note=False)

    def file_today(self, person: str, answer: Answer) -> Receipt:
        """Store a check-in typed from the keyboard for the person's own day.

        It has no note of its own, so a note that is already there stays.

        Raises:
            ConsentNeeded, NotSaved: as for `file`.
        """
        return self._file(person, answer, day=None, keep_note=True)

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
        return History(
            recent=weeks,
            page=[_filed(row) for row in page[:A_PAGE]],
            has_earlier=len(page) > A_PAGE,
            visibility=self._visibility(),
        )

    def let_old_ones_go(self) -> int:
        """Delete the check-ins that are past their time; return how many there were.

        Raises:
            NotSaved: nothing was deleted; the next round tries again.
        """
        last = self._clock.now().date() - timedelta(days=RETENTION_DAYS)
        with saving():
            return self._database.write(lambda connection: checkins.remove_before(connection, last))

    def _file(self, person: str, answer: Answer, *, day: date | None, keep_note: bool) -> Receipt:
        now = self._clock.now()

        def work(connection: Connection) -> tuple[date, bool, Recent]:
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
            replaced = checkins.file(connection, self._keyring, person, row, keep_note=keep_note)
            weeks = [*weeks, (row.day, row.mood, row.stress, row.energy)]
            return row.day, replaced, recent(weeks, today=today)

        with saving():
            filed_for, replaced, weeks = self._database.write(work)
        return Receipt(
            day=filed_for,
            answer=answer,
            replaced=replaced,
            recent=weeks,
            step=next_step(answer),
            visibility=self._visibility(),
        )

    def _visibility(self) -> Visibility:
        # Nothing routes a check-in to anybody: no channel, no reader.
        return Visibility()


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


def _filed(row: CheckInRow) -> Filed:
    return Filed(
        day=row.day,
        mood=row.mood,
        stress=row.stress,
        energy=row.energy,
        capacity=Capacity(row.capacity),
        note=row.note,
    )
