"""The database as an operator's command finds it: never made, never changed in its shape."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.errors import CannotStart
from bot.settings import Settings
from storage import probe
from storage.engine import Database
from storage.errors import Busy, KeyMissing, KeyWrong, StorageError
from storage.migrate import Shape, shape
from storage.probe import File


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """Give the database of `settings`, which must be there and have this version's shape.

    Raises:
        CannotStart: says what to mend, also for every `StorageError` of the block.
    """
    database = Database(settings.database_url)
    where = database.url.database
    try:
        if probe.file(database) is File.NONE:
            raise CannotStart(_NOT_THERE.format(where=where))
        if shape(database) is not Shape.CURRENT:
            raise CannotStart(_OTHER_SHAPE.format(where=where))
        yield database
    except KeyMissing as error:
        raise CannotStart(_KEY_MISSING.format(id=error)) from None
    except KeyWrong as error:
        raise CannotStart(_KEY_WRONG.format(id=error)) from None
    except Busy:
        raise CannotStart(_BUSY.format(where=where)) from None
    except StorageError as error:
        raise CannotStart(_UNUSABLE.format(where=where, why=error)) from None
    finally:
        database.close()


_NOT_THERE = "There is no database {where} yet; `hearth run` makes it."
_OTHER_SHAPE = (
    "The database {where} was used by another version of Hearth. Please run `hearth doctor`, "
    "which says more; nothing was changed."
)
_KEY_MISSING = (
    "The database knows the key {id}, and HEARTH_KEYS does not have it. Please add it; nothing "
    "was changed."
)
_KEY_WRONG = (
    "HEARTH_KEYS has a key named {id}, but the database was written with another key of that "
    "name. Please look for the right one; nothing was changed."
)
_BUSY = (
    "The database {where} is kept by another program for too long. What was done is kept; please "
    "run this again."
)
_UNUSABLE = (
    "The database {where} cannot be used ({why}). Please look whether it can be read and written, "
    "and whether its disk has room. What was done is kept; please run this again."
)
