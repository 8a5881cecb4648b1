"""Bringing a database to the shape of this version, and leaving one of another alone."""

import shutil
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlmodel import SQLModel

from storage import migrate, people
from storage.engine import Database
from storage.errors import (
    SchemaTooNew,
    StorageError,
)
from tests.conftest import Stored, on_sqlite
from tests.stored import StoredFile

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def test_the_migrations_have_one_head_and_it_is_the_one_we_name() -> None:
    scripts = ScriptDirectory.from_config(migrate.alembic_config())
    assert scripts.get_heads() == [migrate.OURS.head]


def test_the_migrations_make_exactly_the_tables_we_use(database: Database) -> None:
    with database.engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_migrating_again_changes_nothing_and_copies_nothing(database: Database) -> None:
    assert migrate.migrate(database, now=NOW) is None


SECOND = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "next", "{head}", None, None


def upgrade():
    op.add_column("people", sa.Column("pronouns", sa.String()))
    {then}
"""


def with_a_second(folder: Path, *, then: str) -> migrate.Migrations:
    shutil.copytree(migrate.OURS.folder, folder)
    (folder / "versions" / "next.py").write_text(SECOND.format(head=migrate.OURS.head, then=then))
    return migrate.Migrations(folder, head="next")


@on_sqlite
def test_a_database_from_before_is_copied_before_it_is_changed(
    database: Database, stored: StoredFile, tmp_path: Path
) -> None:
    database.write(lambda connection: people.join(connection, "U1", country="DE", now=NOW))
    copy = migrate.migrate(
        database, now=NOW, migrations=with_a_second(tmp_path / "next", then="pass")
    )
    assert copy is not None
    assert copy.parent == stored.file.parent
    with closing(sqlite3.connect(copy)) as before, closing(sqlite3.connect(stored.file)) as after:
        columns = before.execute("SELECT * FROM people").description
        assert "pronouns" not in [each[0] for each in columns]
        assert before.execute("SELECT id FROM people").fetchall() == [("U1",)]
        assert after.execute("SELECT id, pronouns FROM people").fetchall() == [("U1", None)]


def test_a_migration_that_fails_half_way_leaves_the_database_as_it_was(
    database: Database, tmp_path: Path
) -> None:
    broken = with_a_second(tmp_path / "next", then="op.drop_table('nowhere')")
    with pytest.raises(StorageError):
        migrate.migrate(database, now=NOW, migrations=broken)
    with database.read() as connection:
        assert "pronouns" not in tuple(connection.execute(text("SELECT * FROM people")).keys())
    assert migrate.migrate(database, now=NOW) is None


def test_a_database_of_a_newer_version_is_left_alone(database: Database, tmp_path: Path) -> None:
    database.write(lambda c: c.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaTooNew):
        migrate.migrate(database, now=NOW)
    assert list(tmp_path.glob("*.bak")) == []


def test_two_that_migrate_a_fresh_database_at_once_do_it_once(stored: Stored) -> None:
    stored.make_anew()
    both = [Database(stored.url) for _ in range(2)]
    together = threading.Barrier(2)

    def start(database: Database) -> None:
        together.wait()
        migrate.migrate(database, now=NOW)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(start, both))
    for each in both:
        each.close()
    assert stored.rows("SELECT version_num FROM alembic_version") == [(migrate.OURS.head,)]


def test_a_migration_can_be_taken_back_and_made_again(database: Database, stored: Stored) -> None:
    def down_and_up(connection: Connection) -> None:
        config = migrate.alembic_config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        command.upgrade(config, "head")

    database.write(down_and_up)
    assert stored.count("people") == 0
