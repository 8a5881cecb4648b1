"""A copy of everything, the way back from it, and the database's shape, for the operator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from bot.errors import CannotStart
from bot.operations.opening import UNUSABLE_AT_START, in_words, keyring, opened
from bot.settings import Settings
from storage import backup as copies
from storage import migrate as migrations
from storage.engine import Database
from storage.errors import (
    FileExists,
    InUse,
    KeyMissing,
    KeyWrong,
    NoBackup,
    NotEmpty,
    SchemaTooNew,
    StorageError,
)
from storage.turns import turn

Say = Callable[[str], None]


def back_up(settings: Settings, file: Path | None, now: datetime, say: Say) -> int:
    """Write everything into one new file, named after `now` unless `file` says otherwise.

    Raises:
        CannotStart: says what to mend; there is no file.
    """
    named = f"hearth-{now:%Y%m%dT%H%M%SZ}.backup.db"
    target = Path(named) if file is None else file / named if file.is_dir() else file
    with opened(settings) as database, _words(target, _NOT_WRITTEN):
        rows = copies.backup(database, keyring(settings), target, now=now)
    say(_WRITTEN.format(file=target, holds=_told(rows), keys=", ".join(settings.keys)))
    return 0


def restore(settings: Settings, file: Path, now: datetime, say: Say, *, replace: bool) -> int:
    """Put what a backup holds into the database of `settings`.

    Raises:
        CannotStart: says what to mend; nothing was changed.
    """
    if not file.is_file():
        raise CannotStart(f"There is no file {file}; nothing was changed.")
    with _database(settings) as database, _words(file, _NOT_RESTORED):
        # Whoever runs has it, or takes it within seconds; while we have it, nothing is sent.
        sender = turn(database, "sender")
        try:
            restored = copies.restore(
                file,
                database,
                keyring(settings),
                now=now,
                in_use=lambda: not sender.take(),
                replace=replace,
            )
        finally:
            sender.give_back()
    if restored.aside is not None:
        say(f"What was there before is kept in {restored.aside}.")
    say(_RESTORED.format(file=file, holds=_told(restored.rows)))
    return 0


def migrate(settings: Settings, now: datetime, say: Say) -> int:
    """Bring the database up to date, as a start would.

    Raises:
        CannotStart: says what to mend; nothing was changed.
    """
    with _database(settings) as database, in_words(database, UNUSABLE_AT_START):
        before = migrations.shape(database)
        copy = migrations.migrate(database, now=now)
    if copy is not None:
        say(f"A copy from before is {copy}.")
    current = before is migrations.Shape.CURRENT
    say("The database was up to date." if current else "The database is up to date now.")
    return 0


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    database = Database(settings.database_url)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _words(file: Path, otherwise: str) -> Iterator[None]:
    """Say what to do about what went wrong; `otherwise` is for what has no words of its own."""
    try:
        yield
    except (FileExists, InUse, KeyMissing, KeyWrong, NoBackup, NotEmpty, SchemaTooNew) as error:
        words = _WORDS[type(error)].format(file=file, why=error)
        raise CannotStart(words) from None
    except StorageError as error:
        raise CannotStart(otherwise.format(file=file, why=_why(error))) from None


def _why(error: StorageError) -> str:
    return f"{type(error).__name__}: {error}"


def _told(rows: copies.Rows) -> str:
    people, checkins = rows["people"], rows["checkins"]
    return (
        f"{people:,} {'person' if people == 1 else 'people'} and "
        f"{checkins:,} check-in{'' if checkins == 1 else 's'}"
    )


_WRITTEN = (
    "{file} holds everything of this moment: {holds}. Notes in it are encrypted, and HEARTH_KEYS "
    "({keys}) is not in it: keep both, apart from each other."
)
_NOT_WRITTEN = (
    "No backup was written to {file} ({why}). Please look whether its folder is there and has "
    "room, and whether the database answers; then run this again."
)
_RESTORED = "{file} is restored: {holds}. `hearth run` starts with it."
_NOT_RESTORED = (
    "{file} was not restored ({why}); nothing was changed. Please look whether the database of "
    "DATABASE_URL can be written and has room; then run this again."
)
_WORDS: dict[type[StorageError], str] = {
    FileExists: "{file} is there already, and was left alone. Please name another file.",
    InUse: (
        "A Hearth runs on this database. Please end it first, everywhere, then run this again; "
        "nothing was changed."
    ),
    KeyMissing: "HEARTH_KEYS needs the key {why} for this. Please add it; nothing was changed.",
    KeyWrong: (
        "HEARTH_KEYS has a key named {why}, but it is not the one that was used. Please look for "
        "the right one; nothing was changed."
    ),
    NoBackup: (
        "{file} is not a whole backup of Hearth ({why}). Please take another one; nothing was "
        "changed."
    ),
    NotEmpty: (
        "The database of DATABASE_URL holds something already; nothing was changed. To put "
        "{file} in its place, run this again with --replace; what is there now goes."
    ),
    SchemaTooNew: (
        "{file} or the database is of a newer Hearth than this one. Please run that version; "
        "nothing was changed."
    ),
}
