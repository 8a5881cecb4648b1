"""Bringing the database to the shape this version needs."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, inspect, select, text

from storage import files
from storage.engine import Database
from storage.errors import SchemaTooNew

if TYPE_CHECKING:
    from alembic.config import Config

_log = logging.getLogger(__name__)

_VERSION = text("SELECT version_num FROM alembic_version")

ONE_AT_A_TIME = int.from_bytes(b"HEARTH")
"""The number of the advisory lock that whoever migrates on a PostgreSQL server holds."""


@dataclass(frozen=True, slots=True)
class Migrations:
    """A folder of migrations and the newest of them."""

    folder: Path
    head: str
    """Named here so that start-up need not load Alembic just to find nothing to do."""


OURS = Migrations(Path(__file__).parent / "migrations", head="0004")


def migrate(database: Database, *, now: datetime, migrations: Migrations = OURS) -> Path | None:
    """Bring the schema to the head of `migrations`; return the copy made beforehand, or None.

    A file that holds anything is copied before it is changed, and the copy is checked; on a
    PostgreSQL server there is no file of ours to copy, and the log says so.
    Two processes may start at once: the second waits and finds nothing left to do.

    Raises:
        SchemaTooNew: a newer Hearth has changed this database; nothing was touched.
        StorageError: it could not be copied or changed; it is as it was.
    """
    current = _revision(database)
    if current == migrations.head:
        return None
    if current is not None and current not in _known(migrations):
        raise SchemaTooNew(current)
    copy = None if current is None else _copy(database, current, now)
    with database.unhurried(writes=True) as connection:
        if not database.is_file:
            connection.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
        _upgrade(connection, migrations)
    return copy


def is_current(database: Database) -> bool:
    """Whether the schema is at this version's head, asked as cheaply as can be.

    Raises:
        StorageError: the database did not answer, or has no schema at all.
    """
    with database.read() as connection:
        return bool(connection.scalar(_VERSION) == OURS.head)


def _revision(database: Database) -> str | None:
    with database.read() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(_VERSION)
        return found


def _known(migrations: Migrations) -> set[str]:
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(alembic_config(migrations))
    return {script.revision for script in scripts.walk_revisions()}


def _upgrade(connection: Connection, migrations: Migrations) -> None:
    from alembic import command

    config = alembic_config(migrations)
    config.attributes["connection"] = connection
    command.upgrade(config, migrations.head)


def alembic_config(migrations: Migrations = OURS) -> Config:
    """Return Alembic's settings for a folder of migrations."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations.folder))
    return config


def _copy(database: Database, revision: str, now: datetime) -> Path | None:
    """Copy the file beside itself, online, and open the copy to see that it is whole."""
    if not database.is_file:
        _log.warning("PostgreSQL is brought up to date without a copy from before")
        return None
    return files.copy_beside(database, f"before-{revision}", now)


class Shape(Enum):
    """How a database stands to the newest migration."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


def shape(database: Database, *, migrations: Migrations = OURS) -> Shape:
    """Return how the schema stands to the head of `migrations`; nothing is changed.

    Raises:
        StorageError: the database did not answer.
    """
    current = _revision(database)
    if current is None:
        return Shape.EMPTY
    if current == migrations.head:
        return Shape.CURRENT
    return Shape.OLDER if current in _known(migrations) else Shape.NEWER
