"""Rows of check-ins: one for a person and a day; the note lies encrypted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    Connection,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    cast,
    delete,
    func,
    literal_column,
    select,
    update,
)
from sqlmodel import Field, SQLModel

from storage.compiled import Compiled
from storage.dialects import insert_new
from storage.encryption import Keyring, Place
from storage.errors import CellUnreadable, KeyMissing
from storage.people import FIND, PersonRow


class CheckIn(SQLModel, table=True):
    """One check-in. Its id never changes, so the note stays bound to its place."""

    __tablename__ = "checkins"
    __table_args__ = (UniqueConstraint("person_id", "day", name="uq_checkins_person_id_day"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: str = Field(foreign_key="people.id", ondelete="CASCADE")
    day: date = Field(index=True, description="the person's own day")
    mood: int
    stress: int
    energy: int
    capacity: str
    note: bytes | None = Field(default=None, description="encrypted; see storage.encryption")
    filed_at: datetime
    changed_at: datetime


checkins: Table = SQLModel.metadata.tables["checkins"]


@dataclass(frozen=True, slots=True)
class CheckInRow:
    """One check-in as plain values; the note decrypted."""

    day: date
    mood: int
    stress: int
    energy: int
    capacity: str
    note: str | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class LatestRow:
    """One check-in as plain values, its note left where it is."""

    day: date
    mood: int
    stress: int
    energy: int
    capacity: str
    changed_at: datetime


Weeks = Sequence[tuple[date, int, int, int]]
"""Day, mood, stress and energy."""

_KEY = (checkins.c.person_id == bindparam("person"), checkins.c.day == bindparam("on"))
COLUMNS = (
    checkins.c.id,
    checkins.c.day,
    checkins.c.mood,
    checkins.c.stress,
    checkins.c.energy,
    checkins.c.capacity,
    checkins.c.note,
    checkins.c.changed_at,
)
"""What `opened` makes a check-in of."""

_ID = select(checkins.c.id).where(*_KEY)
_ONE = select(*COLUMNS).where(*_KEY)
# What a replica replaces, it compares with what it replaces it by; nobody may come in between.
_ONE_TO_REPLACE = _ONE.with_for_update(key_share=True)
_WEEKS = select(
    # All of it in one row. SQLite's driver gives the interpreter away at every row, and with
    # sixteen people waiting it takes long to come back twenty-eight times.
    func.aggregate_strings(
        cast(checkins.c.day, String)
        + cast(checkins.c.mood * 100 + checkins.c.stress * 10 + checkins.c.energy, String),
        literal_column("','"),  # type: ignore[arg-type]  # a text would be filled in later
    )
).where(checkins.c.person_id == bindparam("person"), checkins.c.day >= bindparam("since"))
_LATEST = (
    select(
        checkins.c.day,
        checkins.c.mood,
        checkins.c.stress,
        checkins.c.energy,
        checkins.c.capacity,
        checkins.c.changed_at,
    )
    .where(checkins.c.person_id == bindparam("person"))
    .order_by(checkins.c.day.desc())
    .limit(1)
)
_SINCE = Compiled(_WEEKS)
_DESK = Compiled(FIND.add_columns(_WEEKS.scalar_subquery()))
_INSERT = Compiled(
    lambda dialect: insert_new(checkins, dialect, unique=["person_id", "day"]).values(
        {column: bindparam(column.name) for column in checkins.c}
    )
)
_UPDATE = update(checkins).where(checkins.c.id == bindparam("row"))


@dataclass(frozen=True, slots=True)
class Filing:
    """What became of a check-in that was filed."""

    id: UUID
    replaced: bool
    before: CheckInRow | None = None
    """What stood there; None where nothing did, or nothing that can be read."""


def file(
    connection: Connection,
    keyring: Keyring,
    person: str,
    row: CheckInRow,
    *,
    keep_note: bool = False,
) -> Filing:
    """Store the person's check-in of that day, in the place of the one that is there.

    The unique key on person and day decides, so the same submission twice is one row. With
    `keep_note`, a note that is already there stays.
    """
    row_id = uuid4()
    values: dict[str, Any] = {
        "mood": row.mood,
        "stress": row.stress,
        "energy": row.energy,
        "capacity": row.capacity,
        "note": _cell(keyring, row.note, row_id),
        "changed_at": row.changed_at,
    }
    new = {"id": row_id, "person_id": person, "day": row.day, "filed_at": row.changed_at}
    if _INSERT.run(connection, new | values).rowcount:
        return Filing(row_id, replaced=False)
    before = connection.execute(_ONE_TO_REPLACE, {"person": person, "on": row.day}).one()
    if keep_note:
        del values["note"]
    else:
        values["note"] = _cell(keyring, row.note, before.id)
    connection.execute(_UPDATE, {"row": before.id, **values})
    return Filing(before.id, replaced=True, before=_readable(before, keyring))


def on_day(connection: Connection, keyring: Keyring, person: str, day: date) -> CheckInRow | None:
    """Return the person's check-in of `day` with its note, or None.

    Raises:
        CellUnreadable, KeyMissing: the note does not decrypt.
    """
    row = connection.execute(_ONE, {"person": person, "on": day}).first()
    return None if row is None else opened(row, keyring)


def since(connection: Connection, person: str, day: date) -> Weeks:
    """Return day, mood, stress and energy of the person's check-ins from `day` on, unordered."""
    (joined,) = _SINCE.run(connection, {"person": person, "since": day}).fetchone()
    return _weeks(joined)


def latest(connection: Connection, person: str) -> LatestRow | None:
    """Return the person's check-in of the latest day, without its note, or None."""
    row = connection.execute(_LATEST, {"person": person}).first()
    return None if row is None else LatestRow(*row)


def desk(
    connection: Connection, person: str, *, purpose: str, version: str, since: date
) -> tuple[PersonRow, Weeks] | None:
    """Return what filing starts from, in one statement: `people.find`, and `since`."""
    values = {"person": person, "purpose": purpose, "version": version, "since": since}
    row = _DESK.run(connection, values).fetchone()
    if row is None:
        return None
    return PersonRow(row[0], row[1], row[2], row[3], bool(row[4])), _weeks(row[5])


def page(
    connection: Connection, keyring: Keyring, person: str, *, before: date | None, limit: int
) -> Sequence[CheckInRow]:
    """Return up to `limit` check-ins with their notes, the latest first, all before `before`.

    Raises:
        CellUnreadable, KeyMissing: a note does not decrypt.
    """
    query = select(*COLUMNS).where(checkins.c.person_id == person)
    if before is not None:
        query = query.where(checkins.c.day < before)
    rows = connection.execute(query.order_by(checkins.c.day.desc()).limit(limit))
    return [opened(row, keyring) for row in rows]


@dataclass(frozen=True, slots=True)
class Kept:
    """One check-in, and whether its note could be opened."""

    row: CheckInRow
    readable: bool = True


def every(connection: Connection, keyring: Keyring | None, person: str) -> Sequence[Kept]:
    """Return all check-ins of a person, the first first; notes only with a `keyring`.

    A note that does not decrypt keeps nobody from the rest.
    """
    query = select(*COLUMNS).where(checkins.c.person_id == person).order_by(checkins.c.day)
    return [_kept(row, keyring) for row in connection.execute(query)]


def remove_before(connection: Connection, day: date) -> int:
    """Delete every check-in of a day before `day`; return how many there were."""
    return connection.execute(delete(checkins).where(checkins.c.day < day)).rowcount


def remove_of(connection: Connection, person: str) -> None:
    """Delete every check-in of a person."""
    connection.execute(delete(checkins).where(checkins.c.person_id == person))


def remove(connection: Connection, checkin: UUID) -> None:
    """Delete one check-in."""
    connection.execute(delete(checkins).where(checkins.c.id == checkin))


def id_on(connection: Connection, person: str, day: date) -> UUID | None:
    """Return the id of the person's check-in of that day, or None."""
    found: UUID | None = connection.execute(_ID, {"person": person, "on": day}).scalar()
    return found


def opened(row: Any, keyring: Keyring) -> CheckInRow:
    """Return the plain values of a row of `COLUMNS`.

    Raises:
        CellUnreadable, KeyMissing: the note does not decrypt.
    """
    row_id, day, mood, stress, energy, capacity, cell, changed_at = row
    # An empty cell is a damaged one, not a missing note: it must not pass for "no note".
    note = None if cell is None else keyring.decrypt(cell, _place(row_id))
    return CheckInRow(day, mood, stress, energy, capacity, note, changed_at)


def _kept(row: Any, keyring: Keyring | None) -> Kept:
    without = CheckInRow(row.day, row.mood, row.stress, row.energy, row.capacity, None, row[-1])
    if keyring is None:
        return Kept(without)
    opened_row = _readable(row, keyring)
    return Kept(without, readable=False) if opened_row is None else Kept(opened_row)


def _weeks(joined: str | None) -> Weeks:
    rows = joined.split(",") if joined else ()
    return [
        (date.fromisoformat(row[:10]), int(row[10]), int(row[11]), int(row[12])) for row in rows
    ]


def _cell(keyring: Keyring, note: str | None, row_id: UUID) -> bytes | None:
    return keyring.encrypt(note, _place(row_id)) if note else None


def _place(row_id: UUID) -> Place:
    return Place("checkins", "note", str(row_id))


def _readable(row: Any, keyring: Keyring) -> CheckInRow | None:
    try:
        return opened(row, keyring)
    except (CellUnreadable, KeyMissing):
        return None  # a damaged note must not keep anybody from writing another
