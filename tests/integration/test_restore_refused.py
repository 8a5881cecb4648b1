"""A restore that cannot be whole is told in words, and changes nothing."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from app import Hearth
from bot.errors import CannotStart
from bot.operations.backup import restore as put_back
from bot.settings import new_key
from sandbox import Sandbox
from storage import migrate, people
from storage.backup import restore
from storage.engine import Database
from storage.errors import (
    InUse,
    KeyMissing,
    KeyWrong,
    NoBackup,
    NotEmpty,
    SchemaTooNew,
    StorageError,
)
from tests.conftest import Stored
from tests.integration.copies import (
    NOW,
    address,
    as_restored,
    backed_up,
    everything,
    opened,
    restored,
)
from tests.integration.doctors import Environ
from tests.integration.keyrings import FIRST, SECOND, configured, environ_with, ring
from tests.integration.processes import Process
from tests.integration.processes import hearth as run
from tests.logs import assert_names_nobody
from tests.stored import StoredFile

Damage = Callable[[Path], None]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return backed_up(tmp_path / "kept")


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-5000])


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def letter(file: Path) -> None:
    file.write_bytes(b"this is a letter, not a backup\n" * 400)


def scratched(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[4096:8192] = os.urandom(4096)
    file.write_bytes(bytes(content))


def changed(*statements: str) -> Damage:
    def change(file: Path) -> None:
        with closing(sqlite3.connect(file)) as connection, connection:
            for statement in statements:
                connection.execute(statement)

    return change


def another_programs(file: Path) -> None:
    file.unlink()
    changed("CREATE TABLE people (name)")(file)


def folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


DAMAGE = [
    cut,
    emptied,
    letter,
    scratched,
    another_programs,
    folder,
    Path.unlink,
    changed("DROP TABLE posts"),
    changed("ALTER TABLE checkins DROP COLUMN capacity"),
    changed("UPDATE checkins SET day = 'lantern' WHERE day = '2020-01-03'"),
    changed("UPDATE shares SET id = 'lantern' WHERE withdrawn"),
    changed("DELETE FROM alembic_version"),
    changed("UPDATE alembic_version SET version_num = '0001'"),
    changed("DELETE FROM people"),  # what points to them is left alone without foreign keys
]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_file_that_is_not_a_whole_backup_is_refused(
    database: Database, stored: Stored, file: Path, damage: Damage
) -> None:
    damage(file)
    before = everything(database)
    with pytest.raises(NoBackup):
        restored(file, database)
    with pytest.raises(CannotStart, match=r"not a whole backup|no file"):
        put_back(configured(stored.url), file, NOW, print, replace=True)
    assert everything(database) == before


def test_a_backup_of_a_newer_hearth_is_refused(database: Database, file: Path) -> None:
    changed("UPDATE alembic_version SET version_num = '9999'")(file)
    before = everything(database)
    with pytest.raises(SchemaTooNew):
        restored(file, database)
    assert everything(database) == before


def test_a_database_of_a_newer_hearth_is_left_alone(
    database: Database, stored: Stored, file: Path
) -> None:
    stored.change("UPDATE alembic_version SET version_num = '9999'")
    before = everything(database)
    for replace in (False, True):
        with pytest.raises(SchemaTooNew):
            restored(file, database, replace=replace)
    assert everything(database) == before


@pytest.mark.parametrize(
    ("held", "error"),
    [(SECOND, KeyMissing), (new_key("first"), KeyWrong)],
    ids=["missing", "another of the same name"],
)
def test_a_backup_whose_key_is_not_at_hand_is_refused_and_the_key_named(
    database: Database, stored: Stored, file: Path, held: str, error: type[StorageError]
) -> None:
    before = everything(database)
    with pytest.raises(error, match="first"):
        restore(file, database, ring(held), now=NOW, in_use=lambda: False)
    with pytest.raises(CannotStart, match="first") as told:
        put_back(configured(stored.url, held), file, NOW, print, replace=False)
    assert held.partition(":")[2] not in str(told.value)
    assert everything(database) == before


def test_a_database_that_holds_something_is_left_alone(
    database: Database, stored: Stored, file: Path
) -> None:
    database.write(lambda connection: people.join(connection, "U9", country="FR", now=NOW))
    before = stored.as_it_lies()
    with pytest.raises(NotEmpty):
        restored(file, database)
    with pytest.raises(CannotStart, match="--replace"):
        put_back(configured(stored.url), file, NOW, print, replace=False)
    assert stored.rows("SELECT id FROM people") == [("U9",)]
    assert stored.as_it_lies() == before


def test_a_database_of_an_older_hearth_is_left_alone_unless_it_may_be_replaced(
    stored: Stored, file: Path
) -> None:
    stored.make_anew()
    older = migrate.Migrations(migrate.OURS.folder, head="0001")
    with closing(Database(stored.url)) as database:
        migrate.migrate(database, now=NOW, migrations=older)
        with pytest.raises(NotEmpty):
            restored(file, database)
        assert stored.rows("SELECT version_num FROM alembic_version") == [("0001",)]
        restored(file, database, replace=True)
    assert stored.count("people") == 2


TRIGGERS = {
    "sqlite": (
        "CREATE TRIGGER fails AFTER INSERT ON shares BEGIN SELECT RAISE(ABORT, 'lantern'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RAISE 'lantern'; END $$",
        "CREATE TRIGGER fails AFTER INSERT ON shares FOR EACH ROW EXECUTE FUNCTION fails()",
    ),
}


@pytest.mark.parametrize("replace", [False, True])
def test_a_restore_that_fails_half_way_changes_nothing(
    database: Database, stored: Stored, file: Path, *, replace: bool
) -> None:
    stored.change(*TRIGGERS["sqlite" if database.is_file else "postgresql"])
    if replace:
        database.write(lambda connection: people.join(connection, "U9", country="FR", now=NOW))
    before = everything(database)
    with pytest.raises(StorageError) as failed:
        restored(file, database, replace=replace)
    assert "lantern" not in repr(failed.value)
    assert everything(database) == before


def test_a_restore_that_is_killed_in_the_middle_changes_nothing(
    stored: Stored, tmp_path: Path
) -> None:
    file = backed_up(tmp_path / "kept", notes=1500, length=4000)
    with opened(stored.url) as database:
        empty = everything(database)
        process = Process("restore", str(file), environ=environ_with(stored.url), folder=tmp_path)
        while not is_writing(stored):
            assert process.code is None, "it was quicker than we"
            Event().wait(0.001)
        process.kill()
        assert everything(database) == empty
        restored(file, database)
        with opened(address(file.with_name("hearth.db"))) as source:
            assert everything(database) == as_restored(everything(source))


def is_writing(stored: Stored) -> bool:
    """Whether somebody else is in the middle of writing many rows."""
    if isinstance(stored, StoredFile):
        journal = stored.file.with_name(stored.file.name + "-wal")
        return journal.exists() and journal.stat().st_size > 1_000_000
    inserts = "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'INSERT INTO checkins%'"
    return bool(stored.rows(inserts))


def test_while_a_hearth_runs_on_it_nothing_is_restored(
    hearth: Hearth, workspace: Sandbox, stored: Stored, file: Path
) -> None:
    workspace.wait_until_connected()
    before = everything(hearth.database)
    with pytest.raises(CannotStart, match="A Hearth runs"):
        put_back(configured(stored.url), file, NOW, print, replace=True)
    with closing(Database(stored.url)) as database, pytest.raises(InUse):
        restore(file, database, ring(), now=NOW, in_use=lambda: True)
    assert everything(hearth.database) == before


def test_no_complaint_names_anybody_or_holds_a_secret(
    database: Database, stored: Stored, file: Path
) -> None:
    stored.change(*TRIGGERS["sqlite" if database.is_file else "postgresql"])
    ended = run("restore", str(file), environ=environ_with(stored.url), folder=file.parent)
    assert ended.code == 2
    assert "nothing was changed" in ended.err
    assert "Traceback" not in ended.err
    assert_names_nobody(ended.err, [FIRST.partition(":")[2]])


def test_a_file_that_is_not_there_is_told_as_that(environ: Environ, tmp_path: Path) -> None:
    ended = run("restore", "nowhere.db", environ=environ, folder=tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "There is no file nowhere.db; nothing was changed.\n"
