"""What the doctor sees of the database: it is read, and a write is tried and taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from time import monotonic

from bot.operations.doctor.findings import Finding, bad, look, ok
from storage import keys, probe
from storage.encryption import Keyring
from storage.engine import Database
from storage.errors import Busy, KeyMissing, KeyWrong, StorageError
from storage.migrate import Shape, shape
from storage.probe import File
from storage.rotation import ENCRYPTED, count

SLOW_SECONDS = 0.1
TOO_SLOW_SECONDS = 0.5
"""A form has three seconds in all, and others may wait before it."""

MEGABYTE = 1_000_000
LITTLE_ROOM = 1_000 * MEGABYTE
NO_ROOM = 100 * MEGABYTE

CELLS_SECONDS = 4.0
"""How long cells are looked at; `hearth keys list` looks at all of them."""


def opens(database: Database) -> Iterator[Finding]:
    """Look whether the database is there, opens, and has the shape of this version."""
    where = f"the database {database.url.database}"
    try:
        found = probe.file(database)
        if found is not File.OURS:
            yield _not_ours(where, found)
            return
        stands = shape(database)
    except StorageError as error:
        yield bad(f"{where} does not open ({error})", _WHERE)
        return
    yield {
        Shape.CURRENT: ok(f"{where} opens, and has this version's tables"),
        Shape.EMPTY: look(f"{where} is empty", "`hearth run` makes its tables"),
        Shape.OLDER: bad(f"{where} has an older version's tables", "run `hearth migrate`"),
        Shape.NEWER: bad(f"{where} was used by a newer Hearth", "run that version"),
    }[stands]


def _not_ours(where: str, found: File) -> Finding:
    if found is File.NONE:
        return look(f"{where} is not there yet", "`hearth run` makes it")
    if found is File.EMPTY:
        return look(f"{where} is empty", "`hearth run` makes its tables")
    if found is File.UNOPENED:
        return look(f"{where} was not opened by Hearth yet", "start `hearth run` once")
    return bad(f"{where} is a file of another kind", _WHERE)


def takes_writes(database: Database) -> Iterator[Finding]:
    """Look whether a write would be taken now."""
    if not ready(database):
        return
    try:
        probe.try_to_write(database)
    except Busy:
        yield bad("the database cannot be written: another program keeps it", _WHO_KEEPS_IT)
    except StorageError as error:
        yield bad(f"the database cannot be written ({error})", _WHERE)
    else:
        yield ok("the database can be written")


def commits(database: Database) -> Iterator[Finding]:
    """Measure how long a commit waits for the disk."""
    if not ready(database):
        return
    try:
        yield speed(probe.commit_seconds(database))
    except Busy:
        return  # told by `takes_writes`
    except StorageError as error:
        yield bad(f"the disk of the database takes no write ({error})", _ROOM)


def speed(seconds: float) -> Finding:
    """Say what a commit of so many seconds means."""
    told = f"a check-in waits about {seconds * 1000:.1f} ms for the disk"
    if seconds <= SLOW_SECONDS:
        return ok(told)
    if seconds <= TOO_SLOW_SECONDS:
        return look(told, _FASTER)
    return bad(told, _FASTER)


def has_room(database: Database) -> Iterator[Finding]:
    """Look how much room the disk has beside the database."""
    if not ready(database):
        return
    try:
        found = probe.room(database)
    except StorageError as error:
        yield bad(f"the disk does not say how much room it has ({error})", _WHERE)
        return
    if found is not None:
        yield room(*found)


def room(free: int, size: int) -> Finding:
    """Say what so many free bytes mean beside a database of `size` bytes."""
    told = f"the disk of the database has {free // MEGABYTE:,} MB free"
    if free < NO_ROOM:
        return bad(told, _ROOM)
    if free < LITTLE_ROOM or free < 2 * size:  # a migration copies the file before it begins
        return look(told, _ROOM)
    return ok(told)


def proofs(database: Database, keyring: Keyring) -> Iterator[Finding]:
    """Look whether HEARTH_KEYS opens the proof of every key that the database knows."""
    if not ready(database):
        return
    wrong = False
    try:
        for key_id, proof in keys.known(database).items():
            try:
                keys.prove({key_id: proof}, keyring)
            except KeyMissing:
                wrong = True
                yield bad(f"the database knows the key {key_id}, HEARTH_KEYS does not", _ADD_KEY)
            except KeyWrong:
                wrong = True
                yield bad(f"the key {key_id} in HEARTH_KEYS is not the database's", _RIGHT_KEY)
    except StorageError as error:
        yield bad(f"the keys of the database cannot be read ({error})", _WHERE)
        return
    if not wrong:
        yield ok("HEARTH_KEYS has every key that the database knows")


def cells(database: Database, keyring: Keyring) -> Iterator[Finding]:
    """Look with which keys the cells are written, as far as the time allows."""
    if not ready(database):
        return
    try:
        counted, whole = _counted(database)
    except StorageError as error:
        yield bad(f"the encrypted cells cannot be read ({error})", _WHERE)
        return
    seen, damaged = counted.total(), counted.pop(None, 0)
    readable = sum(counted[key_id] for key_id in keyring.keys)
    strange, older = counted.total() - readable, readable - counted[keyring.primary]
    if strange:
        yield bad(f"{_are(strange)} written with keys that HEARTH_KEYS does not have", _ADD_CELLS)
    if damaged:
        yield bad(f"{_are(damaged)} damaged: no key can be told from them", _DAMAGED)
    if older:
        yield look(f"{_are(older)} written with an older key", "run `hearth keys rotate`")
    if not whole:
        yield look(f"only {seen:,} encrypted cells were looked at", _ALL_CELLS)
    elif not (strange or damaged):
        yield ok(f"{_are(seen)} written with keys that HEARTH_KEYS has")


def _counted(database: Database) -> tuple[Counter[str | None], bool]:
    """Return how many cells each key wrote, and whether there was time for all of them."""
    counted: Counter[str | None] = Counter()
    deadline = monotonic() + CELLS_SECONDS
    for column in ENCRYPTED:
        for some in count(database, column):
            counted += some
            if monotonic() > deadline:
                return counted, False
    return counted, True


def ready(database: Database) -> bool:
    """Whether there is something to look at; why not is told by `opens`."""
    try:
        return probe.file(database) is File.OURS and shape(database) is Shape.CURRENT
    except StorageError:
        return False


def _are(number: int) -> str:
    return "1 encrypted cell is" if number == 1 else f"{number:,} encrypted cells are"


_WHERE = "look at DATABASE_URL, and whether Hearth's user may read and write there"
_WHO_KEEPS_IT = "look which program keeps it open in a write, then run the doctor again"
_ROOM = "make room: without it nothing can be saved or brought up to date"
_FASTER = "put the database on a faster disk; people wait for it with their form open"
_ADD_KEY = "add it to HEARTH_KEYS, or `hearth keys retire` it if nothing is written with it"
_RIGHT_KEY = "put the right one there; another key has the same name"
_ADD_CELLS = "`hearth keys list` names them; without them these notes cannot be read"
_ALL_CELLS = "`hearth keys list` looks at all of them"
_DAMAGED = "these notes cannot be read; a backup may have them"
