"""Writing every cell anew with the first key, while Hearth runs, a few rows at a time.

Nothing is kept about how far it came: a cell says itself which key wrote it. So it may be killed
at any moment, and the next run finds what is left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from sqlalchemy import Column, LargeBinary, bindparam, select, update

from storage.checkins import checkins
from storage.encryption import Keyring, Place, written_with
from storage.engine import Database
from storage.errors import CellUnreadable, KeyMissing

ENCRYPTED: tuple[Column[Any], ...] = (checkins.c.note,)
"""Every column that holds cells, each bound to (table, column, the row's only primary key)."""

ROWS_AT_ONCE = 200
"""Rows of one write: people who save meanwhile wait for it some milliseconds."""

_KEYS_TOLD = 100
"""Ids that are told apart when counting; whoever forges more of them fills no memory."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of some rows that follow each other."""

    last: Any
    """The last row's id; the next batch begins after it. None when there was no row left."""
    rewritten: int
    unreadable: int
    held_seconds: float
    """How long others could not write."""


def rotate(database: Database, keyring: Keyring, column: Column[Any], *, after: Any) -> Batch:
    """Write the cells of the next rows after the id `after` anew, where another key wrote them.

    A cell that somebody changed meanwhile is left to them: the old cell is compared in the same
    statement. One that does not decrypt where it lies is counted and left as it is.

    Raises:
        StorageError: nothing of this batch was written.
    """
    rows = _rows(database, column, after)
    changes, unreadable = [], 0
    for row, cell in rows:
        if cell is None or written_with(cell) == keyring.primary:
            continue
        place = Place(column.table.name, column.name, str(row))
        try:
            text = keyring.decrypt(cell, place)
        except (CellUnreadable, KeyMissing):
            unreadable += 1
        else:
            changes.append({"row": row, "old": cell, "new": keyring.encrypt(text, place)})
    begun = perf_counter()
    rewritten = _replace(database, column, changes) if changes else 0
    last = rows[-1][0] if rows else None
    return Batch(last, rewritten, unreadable, perf_counter() - begun)


def count(database: Database, column: Column[Any]) -> Iterator[Counter[str | None]]:
    """Give for some rows after others how many cells each key wrote; None is no key's id.

    Raises:
        StorageError: the database did not answer.
    """
    told: set[str | None] = {None}
    after = None
    while rows := _rows(database, column, after):
        counted = Counter(written_with(cell) for _, cell in rows if cell is not None)
        for key_id in [each for each in counted if each not in told]:
            if len(told) < _KEYS_TOLD:
                told.add(key_id)
            else:
                counted[None] += counted.pop(key_id)
        yield counted
        after = rows[-1][0]


def _rows(database: Database, column: Column[Any], after: Any) -> Sequence[Any]:
    """Return id and cell of the next rows after the id `after`, in the order of their ids.

    Every row is taken, with a cell or without, so that no statement looks further than it gives.
    """
    row_id = _row_id(column)
    query = select(row_id, column).order_by(row_id).limit(ROWS_AT_ONCE)
    if after is not None:
        query = query.where(row_id > after)
    with database.read() as connection:
        return connection.execute(query).all()


def _replace(database: Database, column: Column[Any], changes: list[dict[str, Any]]) -> int:
    statement = (
        update(column.table)
        .where(_row_id(column) == bindparam("row"), column == bindparam("old", type_=LargeBinary()))
        .values({column: bindparam("new")})
    )
    return database.write(lambda connection: connection.execute(statement, changes).rowcount)


def _row_id(column: Column[Any]) -> Column[Any]:
    (row_id,) = column.table.primary_key.columns
    return row_id
