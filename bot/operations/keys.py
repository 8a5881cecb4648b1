"""Encryption keys, as the operator handles them: which are there, another one, one less."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import Any

from sqlalchemy import Column

from bot.operations.opening import keyring, opened
from bot.settings import Settings
from storage import keys
from storage.encryption import Keyring
from storage.engine import Database
from storage.errors import Busy
from storage.rotation import ENCRYPTED, Batch, count, rotate

Say = Callable[[str], None]

BUSY_TRIES = 30
"""How often a batch is tried when others keep the database; each try waits a second for it."""

TELL_SECONDS = 2.0


def list_keys(settings: Settings, say: Say) -> int:
    """Say of every key whether it is at hand, whether it writes, and how many cells it holds."""
    with opened(settings) as database:
        known, cells = keys.known(database), _cells(database, Event())
    ids = {*known, *settings.keys, *(each for each in cells if each is not None)}
    width = max(len("key"), *map(len, ids))
    say(f"{'key':<{width}}  in HEARTH_KEYS  {'cells':>9}")
    for key_id in sorted(ids):
        say(f"{key_id:<{width}}  {_at_hand(settings, key_id):<14}  {cells[key_id]:>9,}")
    if cells[None]:
        say(f"{_cells_are(cells[None])} damaged: no key can be told from them.")
    return 0


def rotate_keys(settings: Settings, stopped: Event, say: Say) -> int:
    """Write every cell anew that another key than the first wrote, until done or `stopped`.

    Returns 0 when no such cell is left, 1 when some are; running it again goes on.
    """
    ring = keyring(settings)
    with opened(settings) as database:
        keys.check(database, ring)
        try:
            return _Rotation(database, ring, stopped, say).run()
        except _Stopped:
            say("Stopped. What was written anew stays so; run this again to go on.")
            return 1


def retire_key(settings: Settings, key_id: str, say: Say) -> int:
    """Let start-up no longer ask for a key with which no cell is written; 1 when it may not.

    To be done only when no process runs with it as its first key: what such a process writes
    afterwards needs a key that nobody asks for any more.
    """
    with opened(settings) as database:
        proofs = dict(keys.known(database))
        problem = None
        if key_id == settings.primary_key:
            problem = _STILL_FIRST.format(id=key_id)
        elif proofs.pop(key_id, None) is None:
            problem = _UNKNOWN.format(id=key_id)
        elif cells := _cells(database, Event())[key_id]:
            problem = _STILL_USED.format(cells=_cells_are(cells), id=key_id)
        if problem is not None:
            say(problem)
            return 1
        keys.prove(proofs, keyring(settings))
        keys.forget(database, key_id)
    say(_RETIRED.format(id=key_id))
    return 0


class _Stopped(Exception):
    """The operator ends it before it is done."""


class _Rotation:
    """One run over every encrypted column."""

    def __init__(self, database: Database, ring: Keyring, stopped: Event, say: Say) -> None:
        self._database = database
        self._keyring = ring
        self._stopped = stopped
        self._say = say
        self._rewritten = 0
        self._unreadable: Counter[str] = Counter()
        self._tell_at = 0.0

    def run(self) -> int:
        """Go over every column once, then count what is left."""
        first, wanted = self._keyring.primary, self._left()
        if not wanted:
            self._say(f"Every cell is written with the key {first}. There is nothing to do.")
            return 0
        self._say(_BEGUN.format(cells=_cells_are(wanted), id=first))
        self._tell_at = monotonic() + TELL_SECONDS
        for column in ENCRYPTED:
            self._column(column, wanted)
        return self._told(self._left())

    def _left(self) -> int:
        cells = _cells(self._database, self._stopped)
        return cells.total() - cells[self._keyring.primary]

    def _column(self, column: Column[Any], wanted: int) -> None:
        after = None
        while (batch := self._batch(column, after)).last is not None:
            after = batch.last
            self._rewritten += batch.rewritten
            self._unreadable[column.table.name] += batch.unreadable
            if monotonic() > self._tell_at:
                self._tell_at = monotonic() + TELL_SECONDS
                self._say(f"{self._rewritten:,} of {wanted:,} are written anew.")
            # As long again as others had to wait, so that somebody who saves gets in between:
            # SQLite lets those who wait look only now and then whether it is free.
            if self._stopped.wait(batch.held_seconds):
                raise _Stopped

    def _batch(self, column: Column[Any], after: Any) -> Batch:
        for _ in range(BUSY_TRIES - 1):
            if self._stopped.is_set():
                raise _Stopped
            try:
                return rotate(self._database, self._keyring, column, after=after)
            except Busy:
                continue
        return rotate(self._database, self._keyring, column, after=after)

    def _told(self, left: int) -> int:
        first = self._keyring.primary
        self._say(f"{_cells_are(self._rewritten)} written anew with the key {first}.")
        for table, unreadable in sorted(self._unreadable.items()):
            if unreadable:
                self._say(_UNREADABLE.format(table=table, cells=_cells_are(unreadable)))
        later = left - self._unreadable.total()
        if later > 0:
            self._say(_WRITTEN_SINCE.format(cells=_cells_are(later), id=first))
        return 1 if left else 0


def _cells(database: Database, stopped: Event) -> Counter[str | None]:
    """Return how many cells each key wrote; under None those of which it cannot be told."""
    cells: Counter[str | None] = Counter()
    for column in ENCRYPTED:
        for counted in count(database, column):
            if stopped.is_set():
                raise _Stopped
            cells += counted
    return cells


def _at_hand(settings: Settings, key_id: str) -> str:
    if key_id == settings.primary_key:
        return "yes, writes"
    return "yes" if key_id in settings.keys else "no"


def _cells_are(number: int) -> str:
    return "1 cell is" if number == 1 else f"{number:,} cells are"


_BEGUN = (
    "{cells} to be written anew with the key {id}. Hearth may run meanwhile. Ctrl-C stops this; "
    "running it again goes on."
)
_UNREADABLE = (
    "{table}: {cells} not readable with any key in HEARTH_KEYS, and left as before. `hearth keys "
    "list` names the keys."
)
_WRITTEN_SINCE = (
    "{cells} written meanwhile with another key: a Hearth still runs that has another key first. "
    "Start it again with {id} first in HEARTH_KEYS, then run this again."
)
_STILL_FIRST = (
    "{id} is the first in HEARTH_KEYS: it writes. Put another key before it, start every Hearth "
    "again, and run `hearth keys rotate`."
)
_UNKNOWN = "The database knows no key {id}; `hearth keys list` names those that it knows."
_STILL_USED = "{cells} still written with {id}. Run `hearth keys rotate` first."
_RETIRED = (
    "{id} is retired: a start no longer asks for it. Take it out of HEARTH_KEYS, start every "
    "Hearth again, and keep it beside the backups made until today: they need it. Should a Hearth "
    "still run with {id} as its first key, end it now and run `hearth keys list`."
)
