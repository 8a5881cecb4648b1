"""Exports: a copy of one's own data as files in a direct message, deleted again after a while."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from bot.domain.delivery import Kind
from bot.domain.exports import NOT_READABLE, Copy, ExportedCheckIn
from bot.domain.retention import Retention, export_is_over
from bot.errors import ConsentNeeded
from bot.ports import Clock
from bot.services.correspondence import Bell, say
from bot.services.failures import saving
from bot.views import exports as view
from bot.views.letters import Letter
from storage import (
    budget,
    checkins,
    cohorts,
    exports,
    lines,
    offers,
    people,
    posts,
    programme,
    recipients,
    responses,
    roles,
    rota,
    shares,
    weekly,
)
from storage.encryption import Keyring
from storage.engine import Database
from storage.exports import ExportRow

ONE_AT_A_TIME = timedelta(minutes=2)
"""Asked for again so soon, it is the same click."""


class Exports:
    """What can be done with exports."""

    def __init__(self, database: Database, clock: Clock, bell: Bell, retention: Retention) -> None:
        self._database = database
        self._clock = clock
        self._bell = bell
        self._retention = retention

    @property
    def minutes(self) -> int:
        """How long the files stay."""
        return self._retention.export_minutes

    def ask(self, person: str, *, with_notes: bool) -> None:
        """Have a copy of everything sent to the person; the same soon again is sent once.

        Raises:
            ConsentNeeded: nothing is kept about somebody who has never joined.
            NotSaved: nothing will be sent.
        """
        now = self._clock.now()

        def work(connection: Connection) -> bool:
            if not people.is_known(connection, person):
                raise ConsentNeeded
            for row in exports.standing(connection, person):
                if row.with_notes == with_notes and now - row.asked_at < ONE_AT_A_TIME:
                    return False
            export = exports.add(connection, person, with_notes=with_notes, now=now)
            _say(connection, export, "asked", now=now)
            return True

        with saving():
            self._bell.after(self._database.write(work))

    def end_old(self) -> int:
        """Have the files deleted that were there long enough; return how many exports ended.

        Whoever waits for files that could not be sent for a day is told so.

        Raises:
            NotSaved: the next round tries again.
        """
        now = self._clock.now()

        def work(connection: Connection) -> int:
            standing = exports.standing(connection)
            ended = [row for row in standing if self._is_over(connection, row, now)]
            for row in ended:
                if not _was_sent(connection, row):
                    _tell_unsent(connection, row.person_id, now=now)
                end(connection, row.id, now=now)
            return len(ended)

        with saving():
            ended = self._database.write(work)
        self._bell.after(ended > 0)
        return ended

    def _is_over(self, connection: Connection, row: ExportRow, now: datetime) -> bool:
        sent_at = row.sent_at
        if sent_at is None and _was_sent(connection, row):
            sent_at = now
            exports.set_sent(connection, row.id, now)
        minutes = self._retention.export_minutes
        return export_is_over(now, asked_at=row.asked_at, sent_at=sent_at, minutes=minutes)


class ExportCorrespondence:
    """The files of an export."""

    def __init__(self, keyring: Keyring, clock: Clock, retention: Retention) -> None:
        self._keyring = keyring
        self._clock = clock
        self._minutes = retention.export_minutes

    def letter(self, connection: Connection, subject: UUID) -> Letter | None:
        """Return the message with its files, made from what is kept now; None once it is over."""
        row = exports.find(connection, subject)
        if row is None:
            return None
        copied = _copy(connection, self._keyring, row, self._clock.now())
        return view.files(row.person_id, copied, minutes=self._minutes)

    def taken_away(self, connection: Connection, subject: UUID) -> None:
        """Forget an export whose files are gone."""
        exports.remove(connection, subject)

    def failed(self, connection: Connection, subject: UUID, now: datetime) -> bool:
        """Tell the person that their copy could not be sent; of a deletion, only the log tells."""
        row = exports.find(connection, subject)
        if row is None:
            return False
        _tell_unsent(connection, row.person_id, now=now)
        end(connection, subject, now=now)
        return True


def _was_sent(connection: Connection, row: ExportRow) -> bool:
    return row.sent_at is not None or posts.find(connection, Kind.EXPORT, row.id) is not None


def _tell_unsent(connection: Connection, person: str, *, now: datetime) -> None:
    recipient = recipients.add(connection, person, now=now)
    say(connection, Kind.EXPORT_UNSENT, recipient, occasion="once", channel=None, now=now)


def end(connection: Connection, export: UUID, *, now: datetime) -> None:
    """Withdraw an export and have its files deleted, if they ever came to be."""
    exports.withdraw(connection, export)
    _say(connection, export, "over", now=now)


def end_all(connection: Connection, person: str, *, now: datetime) -> bool:
    """As `end`, for every export of the person; True if there is any."""
    rows = exports.standing(connection, person)
    for row in rows:
        end(connection, row.id, now=now)
    return bool(rows)


def _say(connection: Connection, export: UUID, occasion: str, *, now: datetime) -> None:
    say(connection, Kind.EXPORT, export, occasion=occasion, channel=None, now=now)


def _copy(connection: Connection, keyring: Keyring, row: ExportRow, now: datetime) -> Copy:
    person = row.person_id
    shared = shares.of_person(connection, person)
    return Copy(
        made_at=now,
        with_notes=row.with_notes,
        person=people.everything(connection, person),
        consents=[asdict(each) for each in people.every_consent(connection, person)],
        cohorts=cohorts.memberships(connection, person),
        roles=[
            {"role": each.role, "from": each.granted_at, "until": each.revoked_at}
            for each in roles.about(connection, person)
        ],
        set_up={
            "names_you": programme.names(connection, person),
            "set_by_you": programme.set_by(connection, person),
            "lines_you_marked": [" ".join(each) for each in lines.checked_by(connection, person)],
        },
        weekly=weekly.everything(connection, person),
        prompts=budget.everything(connection, person),
        rota={
            "on": rota.places(connection, person),
            "asked": rota.history(connection, person),
        },
        checkins=[
            _checkin(each, shared, with_notes=row.with_notes)
            for each in checkins.every(connection, keyring if row.with_notes else None, person)
        ],
        responses=responses.of_person(connection, person),
        support_offers=offers.of_person(connection, person),
    )


def _checkin(
    each: checkins.Kept, shared: Mapping[Any, shares.ShareRow], *, with_notes: bool
) -> ExportedCheckIn:
    share = shared.get(each.row.day)
    note = NOT_READABLE if with_notes and not each.readable else each.row.note
    return ExportedCheckIn(
        day=each.row.day,
        mood=each.row.mood,
        stress=each.row.stress,
        energy=each.row.energy,
        capacity=each.row.capacity,
        changed_at=each.row.changed_at,
        note=note,
        shared_part=share.part if share else None,
        shared_in=share.channel_id if share else None,
    )
