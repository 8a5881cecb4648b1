"""The weekly question: a direct message, at the person's own time, whether to check in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection

from bot.domain.budget import Sort
from bot.domain.days import local_time, own_day
from bot.domain.delivery import Kind
from bot.domain.pauses import Pause, is_paused
from bot.domain.weekly import (
    Filled,
    Setting,
    check,
    is_timely,
    last_due,
    next_due,
    pause_end,
    reminder_at,
)
from bot.ports import Clock
from bot.services.budget import prompt
from bot.services.correspondence import Bell, Word, say
from bot.services.failures import reading, saving
from bot.services.people import agreed, require_agreed
from bot.services.zones import wish_of
from bot.views import weekly as view
from bot.views.letters import Letter
from storage import checkins, people, weekly
from storage.engine import Database
from storage.people import PersonRow
from storage.weekly import WeeklyRow

A_BATCH = 25
"""So many in one transaction: whoever waits behind it waits a moment only."""


class WeeklyCheckins:
    """What can be done with the weekly question."""

    def __init__(self, database: Database, clock: Clock, bell: Bell) -> None:
        self._database = database
        self._clock = clock
        self._bell = bell

    def setting(self, person: str) -> Setting | None:
        """Return what the person has chosen; None for somebody who has not agreed.

        Raises:
            NotRead: storage did not answer.
        """
        with reading(), self._database.read() as connection:
            row = agreed(connection, person)
            return None if row is None else setting(connection, row, now=self._clock.now())

    def choose(self, person: str, filled: Filled) -> Setting:
        """Let this be what the person wishes, and return it.

        The first question comes at the next such time after now. Whoever does not want to be
        asked any more is not, from this moment on.

        Raises:
            InvalidAnswer: the form cannot be kept; nothing was changed.
            ConsentNeeded: nothing is stored for somebody who has not agreed.
            NotSaved: nothing was changed.
        """
        wish, now = check(filled), self._clock.now()

        def work(connection: Connection) -> Setting:
            row = require_agreed(connection, person)
            if wish is None:
                weekly.stop(connection, person)
            else:
                weekly.put(
                    connection,
                    person,
                    weekday=wish.weekday,
                    at_minute=wish.at_minute,
                    zone=wish.zone,
                    reminds=wish.reminds,
                    next_at=next_due(wish, wish.clocks(row.zone), after=now),
                )
            return setting(connection, row, now=now)

        with saving():
            return self._database.write(work)

    def stop(self, person: str) -> None:
        """Ask the person no more; harmless when nobody does.

        Raises:
            NotSaved: nothing was changed.
        """
        with saving():
            self._database.write(lambda each: weekly.stop(each, person))

    def not_this_week(self, person: str, question: UUID) -> Setting | None:
        """Let no reminder of a question follow, and return when the next one comes.

        None where it is not the person's latest question; then nothing was changed.

        Raises:
            NotSaved: nothing was changed.
        """
        now = self._clock.now()

        def work(connection: Connection) -> Setting | None:
            found, row = weekly.named(connection, question), agreed(connection, person)
            if found is None or row is None or found.person_id != person:
                return None
            weekly.reminded(connection, person)
            return setting(connection, row, now=now)

        with saving():
            return self._database.write(work)

    def pause(self, person: str) -> Pause:
        """Ask the person nothing at all for two weeks, or for as long as they pause already.

        Raises:
            ConsentNeeded: nothing is stored for somebody who has not agreed.
            NotSaved: nothing was changed.
        """
        now = self._clock.now()

        def work(connection: Connection) -> Pause:
            row = require_agreed(connection, person)
            before = people.paused_until(connection, person)
            until = pause_end(before, now, zone=row.zone, starts=row.day_starts_minute)
            people.pause(connection, person, until)
            return Pause(until)

        with saving():
            return self._database.write(work)

    def tick(self) -> int:
        """Ask and remind whoever is due; return how many were.

        The question is put into the outbox in the transaction that moves it on to its next time,
        so however many processes do this, each is asked once. Whoever could not be asked in time,
        has checked in that day, pauses, or was prompted in that week is left alone until the next.

        Raises:
            NotRead, NotSaved: the rest waits for the next round.
        """
        now = self._clock.now()
        with reading(), self._database.read() as connection:
            if not weekly.is_due(connection, now):
                return 0
        return self._batches(weekly.to_ask, _ask, now) + self._batches(
            weekly.to_remind, _remind, now
        )

    def next_due(self) -> datetime | None:
        """Return when somebody is to be asked or reminded next; None: nobody is.

        Raises:
            NotRead: storage did not say.
        """
        with reading(), self._database.read() as connection:
            return weekly.next_instant(connection)

    def _batches(
        self,
        due: Callable[..., Sequence[WeeklyRow]],
        do: Callable[[Connection, WeeklyRow, datetime], bool],
        now: datetime,
    ) -> int:
        def work(connection: Connection) -> tuple[int, int]:
            rows = due(connection, now, limit=A_BATCH)
            return len(rows), sum(do(connection, each, now) for each in rows)

        said, found = 0, A_BATCH
        while found == A_BATCH:
            with saving():
                found, told = self._database.write(work)
            self._bell.after(told > 0)
            said += told
        return said


class WeeklyCorrespondence(Word):
    """The question, or its reminder, to whoever wants to be asked."""

    def __init__(self, clock: Clock, sort: Sort) -> None:
        """Say the question or the reminder; the clock tells when it is too late for either."""
        self._clock = clock
        self._sort = sort

    def letter(self, connection: Connection, subject: UUID) -> Letter | None:
        """Return the direct message; None where by now there is nothing to ask any more."""
        row, now = weekly.named(connection, subject), self._clock.now()
        if row is None or row.next_at is None or agreed(connection, row.person_id) is None:
            return None
        wish, zone = wish_of(row), _clocks(row)
        asked = last_due(wish, zone, until=now)
        due = asked if self._sort is Sort.PROMPT else _reminder(row, asked)
        paused = people.paused_until(connection, row.person_id)
        if due is None or not is_timely(now, due, zone) or is_paused(paused, day=_day(row, now)):
            return None
        if _checked_in(connection, row, since=asked):
            return None
        return view.question(row.person_id, subject, self._sort)


def setting(connection: Connection, person: PersonRow, *, now: datetime) -> Setting:
    """Return what somebody has chosen, from any read or write."""
    row, until = weekly.find(connection, person.id), people.paused_until(connection, person.id)
    today = own_day(now, zone=person.zone, starts_minute=person.day_starts_minute)
    paused = until if is_paused(until, day=today) else None
    if row is None:
        return Setting(known_zone=person.zone, paused_until=paused)
    next_at = row.next_at and local_time(row.next_at, _clocks(row))
    return Setting(wish=wish_of(row), next_at=next_at, known_zone=person.zone, paused_until=paused)


def _ask(connection: Connection, row: WeeklyRow, now: datetime) -> bool:
    """Ask somebody who is due, if they are still to be asked; move on to the next time."""
    assert row.next_at is not None  # noqa: S101  # it is due
    wish, zone = wish_of(row), _clocks(row)
    due = max(row.next_at, last_due(wish, zone, until=now))  # weeks may have passed meanwhile
    asks = (
        is_timely(now, due, zone)
        and not _checked_in(connection, row, since=now)
        and prompt(connection, row.person_id, Kind.WEEKLY_CHECKIN, now=now)
    )
    ref = uuid4() if asks else row.ref
    following = next_due(wish, zone, after=now)
    remind_at = _reminder(row, due) if asks else None
    weekly.asked(connection, row.person_id, ref=ref, next_at=following, remind_at=remind_at)
    if asks:
        say(connection, Kind.WEEKLY_CHECKIN, ref, occasion="asked", channel=None, now=now)
    return asks


def _remind(connection: Connection, row: WeeklyRow, now: datetime) -> bool:
    """Remind somebody who is due, if they are still to be reminded; it happens once."""
    assert row.remind_at is not None  # noqa: S101  # it is due
    weekly.reminded(connection, row.person_id)
    zone = _clocks(row)
    asked = last_due(wish_of(row), zone, until=now)
    if not is_timely(now, row.remind_at, zone) or _checked_in(connection, row, since=asked):
        return False
    if not prompt(connection, row.person_id, Kind.WEEKLY_REMINDER, now=now):
        return False
    say(connection, Kind.WEEKLY_REMINDER, row.ref, occasion="asked", channel=None, now=now)
    return True


def _reminder(row: WeeklyRow, asked: datetime) -> datetime | None:
    return reminder_at(
        wish_of(row),
        _clocks(row),
        asked,
        home=row.known_zone,
        starts_minute=row.day_starts_minute,
    )


def _checked_in(connection: Connection, row: WeeklyRow, *, since: datetime) -> bool:
    """Whether there is a check-in of the person's own day of that instant, or of a later one."""
    latest = checkins.latest(connection, row.person_id)
    return latest is not None and latest.day >= _day(row, since)


def _day(row: WeeklyRow, instant: datetime) -> date:
    return own_day(instant, zone=row.known_zone, starts_minute=row.day_starts_minute)


def _clocks(row: WeeklyRow) -> str:
    return wish_of(row).clocks(row.known_zone)
