"""Opening the database: brought up to date for a start, left as it is for a command."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import monotonic, sleep
from typing import TypeVar

from bot.errors import CannotStart, Cause, StorageFailed
from bot.ports import Clock
from bot.settings import Settings
from storage import keys, probe
from storage.encryption import Keyring
from storage.engine import Database
from storage.errors import Busy, KeyMissing, KeyWrong, SchemaTooNew, StorageError
from storage.migrate import Shape, migrate, shape
from storage.probe import File

_log = logging.getLogger("hearth")

PATIENCE_SECONDS = 10.0
"""How long a start waits for another process that may be migrating the database."""

T = TypeVar("T")


def keyring(settings: Settings) -> Keyring:
    """Return the keys of `settings`; the first writes."""
    return Keyring(settings.primary_key, settings.keys)


def prepare(database: Database, ring: Keyring, clock: Clock) -> None:
    """Bring the database to this version's shape, and prove that its keys are in `ring`.

    Raises:
        CannotStart: says what to mend; nothing was changed.
    """
    with in_words(database, UNUSABLE_AT_START):
        copy = _patiently(lambda: migrate(database, now=clock.now()))
        _patiently(lambda: keys.check(database, ring))
    if copy is not None:
        _log.info("the database was brought up to date; a copy from before is %s", copy)


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """Give the database of `settings`, which must be there and have this version's shape.

    Raises:
        CannotStart: says what to mend, also when storage refuses in the block.
    """
    database = Database(settings.database_url)
    where = database.url.database
    try:
        with in_words(database, _UNUSABLE):
            if probe.file(database) is File.NONE:
                raise CannotStart(_NOT_THERE.format(where=where))
            if shape(database) is not Shape.CURRENT:
                raise CannotStart(_OTHER_SHAPE.format(where=where))
            yield database
    finally:
        database.close()


@contextmanager
def in_words(database: Database, unusable: Mapping[bool, str]) -> Iterator[None]:
    """Around a use of the database; `unusable` says what to look at, by whether it is a file.

    Raises:
        CannotStart: storage refused, here or in a service; says what to mend.
    """
    where = database.url.database
    try:
        yield
    except KeyMissing as error:
        raise CannotStart(_KEY_MISSING.format(id=error)) from None
    except KeyWrong as error:
        raise CannotStart(_KEY_WRONG.format(id=error)) from None
    except SchemaTooNew:
        raise CannotStart(_TOO_NEW) from None
    except (StorageError, StorageFailed) as error:
        cause = error.cause if isinstance(error, StorageFailed) else None  # told by a service
        busy = isinstance(error, Busy) or cause is Cause.BUSY
        words = _BUSY if busy else unusable[database.is_file]
        raise CannotStart(words.format(where=where, why=error)) from None


def _patiently(work: Callable[[], T]) -> T:
    """Run `work`, again and again while another process that starts holds the database."""
    last = monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return work()
        except Busy:
            if monotonic() > last:
                raise
            sleep(0.05)


_NOT_THERE = "There is no database {where} yet; `hearth run` makes it."
_OTHER_SHAPE = (
    "The database {where} was used by another version of Hearth. Please run `hearth doctor`, "
    "which says more; nothing was changed."
)
_TOO_NEW = (
    "This database was used by a newer Hearth than this one. Please run that version; nothing was "
    "changed."
)
_KEY_MISSING = (
    "This database was written with the key {id}, and HEARTH_KEYS does not have it. Please add "
    "it; without it, notes cannot be read. Nothing was changed."
)
_KEY_WRONG = (
    "HEARTH_KEYS has a key named {id}, but this database was written with another key of that "
    "name. Please look for the right one; nothing was changed."
)
_BUSY = (
    "The database {where} is kept by another program for too long. What was done is kept; please "
    "run this again."
)
_NO_SERVER = (
    "The database {where} cannot be used ({why}). Please look whether its server runs, and "
    "whether DATABASE_URL has the right host, name, user and password"
)
UNUSABLE_AT_START = {
    True: (
        "The database {where} cannot be used ({why}). Please look whether its folder is there, "
        "can be written, and has room; nothing was changed."
    ),
    False: f"{_NO_SERVER}; nothing was changed.",
}
_UNUSABLE = {
    True: (
        "The database {where} cannot be used ({why}). Please look whether it can be read and "
        "written, and whether its disk has room. What was done is kept; please run this again."
    ),
    False: f"{_NO_SERVER}. What was done is kept; please run this again.",
}
