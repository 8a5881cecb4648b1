"""A restore brings back everything, into either database."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection, insert, text

from app import Hearth
from bot.operations.backup import migrate as bring_up_to_date
from bot.operations.backup import restore as put_back
from bot.settings import new_key
from sandbox import Person, Sandbox
from storage import keys, migrate, outbox, people
from storage.backup import backup
from storage.engine import Database
from storage.outbox import take_over
from storage.people import consents
from tests.conftest import KEY, Stored, filled_in, on_postgresql, on_sqlite, settings_for
from tests.integration.copies import (
    NOW,
    address,
    as_restored,
    backed_up,
    everything,
    filled,
    opened,
    restored,
)
from tests.integration.keyrings import configured, environ_with, ring
from tests.integration.processes import hearth as run
from tests.logs import NOTE
from tests.postgres import Server
from tests.stored import StoredFile, StoredOnServer


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return backed_up(tmp_path / "kept")


def taken_over(database: Database) -> list[int]:
    """Take up what nobody knows of whether Slack has it, as a sender does; return the ids."""

    def work(connection: Connection) -> list[int]:
        until = NOW + timedelta(minutes=1)
        taken = take_over(connection, "sender", now=NOW, until=until, limit=9, in_hand=())
        return [each.id for each in taken]

    return database.write(work)


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stored]:
    """A second database, of either kind, that nobody has used."""
    if request.param == "sqlite":
        (tmp_path / "elsewhere").mkdir()
        yield StoredFile(tmp_path / "elsewhere" / "hearth.db")
        return
    server: Server = request.getfixturevalue("server")
    with server.database() as name:
        fresh = StoredOnServer(server, name)
        fresh.make_anew()
        yield fresh


# When it works


def test_what_was_backed_up_from_either_database_comes_back_in_either(
    database: Database, elsewhere: Stored, tmp_path: Path
) -> None:
    filled(database, notes=30)
    backup(database, ring(), tmp_path / "backup.db", now=NOW)
    before = (tmp_path / "backup.db").read_bytes()
    with closing(Database(elsewhere.url)) as other:
        result = restored(tmp_path / "backup.db", other)
        assert everything(other) == as_restored(everything(database))
        assert result.rows == {table: len(rows) for table, rows in everything(other).items()}
        assert result.aside is None
        keys.check(other, ring())
    assert (tmp_path / "backup.db").read_bytes() == before


def test_new_rows_are_numbered_after_those_that_came_back(database: Database, file: Path) -> None:
    restored(file, database)
    row = {"person_id": "U0000001", "purpose": "q", "version": "1", "given_at": NOW}
    with database.unhurried(writes=True) as connection:  # once; `write` may try again
        connection.execute(insert(consents), row)
    assert [row[0] for row in everything(database)["consents"]] == [1, 2, 3]


def test_what_was_to_be_said_is_looked_for_in_slack_before_it_is_said_again(
    database: Database, stored: Stored, file: Path
) -> None:
    restored(file, database)

    assert len(taken_over(database)) == 2
    states = stored.rows("SELECT state, count(*) FROM outbox GROUP BY state ORDER BY state")
    assert states == [("failed", 1), ("sending", 2), ("sent", 1)]


def test_what_was_to_be_said_about_one_share_is_looked_for_in_its_order(
    database: Database, tmp_path: Path
) -> None:
    share = uuid4()

    def changed(connection: Connection, revision: int) -> int | None:
        return outbox.add(
            connection,
            kind="share",
            subject=share,
            dedupe_key=f"share:{share}:{revision}",
            channel="C0000001",
            priority=1,
            now=NOW,
        )

    with opened(address(tmp_path / "before.db")) as source:
        keys.check(source, ring())
        first, second = (source.write(partial(changed, revision=each)) for each in (1, 2))
        backup(source, ring(), tmp_path / "backup.db", now=NOW)
    restored(tmp_path / "backup.db", database)
    assert taken_over(database) == [first]
    assert first is not None
    settled = partial(outbox.settle, row=first, owner="sender", state="sent", now=NOW)
    assert database.write(settled)
    assert taken_over(database) == [second]


@on_sqlite
def test_a_file_that_is_replaced_is_kept_aside(
    database: Database, stored: StoredFile, file: Path
) -> None:
    database.write(lambda connection: people.join(connection, "U9", country="FR", now=NOW))
    result = restored(file, database, replace=True)
    assert stored.rows("SELECT id FROM people ORDER BY id") == [("U0000001",), ("U0000002",)]
    assert result.aside == stored.file.with_name("hearth.db.before-restore-20261122T093015Z.bak")
    assert result.aside.stat().st_mode & 0o777 == 0o600
    assert StoredFile(result.aside).rows("SELECT id FROM people") == [("U9",)]


@on_postgresql
def test_what_is_replaced_on_a_server_leaves_its_files(
    database: Database, stored: StoredOnServer, file: Path
) -> None:
    stored.change("INSERT INTO cohorts VALUES (gen_random_uuid(), 'old lantern', 'C1', now())")
    stored.change("INSERT INTO encryption_keys VALUES ('old', 'proof')")
    assert stored.in_tables("old lantern")
    restored(file, database, replace=True)
    assert not stored.in_tables("old lantern")
    assert stored.rows("SELECT name FROM cohorts") == [("Nürnberg",)]
    assert stored.rows("SELECT id FROM encryption_keys") == [("first",)]


def test_the_proof_that_a_first_start_left_is_no_reason_to_refuse(
    database: Database, file: Path
) -> None:
    keys.check(database, ring(new_key("first")))
    restored(file, database)
    keys.check(database, ring())


def test_a_backup_of_an_older_hearth_is_brought_up_to_date_on_a_copy(
    database: Database, stored: Stored, tmp_path: Path
) -> None:
    older = migrate.Migrations(migrate.OURS.folder, head="0001")
    file = tmp_path / "older.db"
    with closing(Database(address(file))) as source:
        migrate.migrate(source, now=NOW, migrations=older)
        row = "INSERT INTO people (id, country, day_starts_minute, joined_at) VALUES"
        source.write(
            lambda connection: connection.execute(text(f"{row} ('U1', 'DE', 0, '2026-01-01')"))
        )
        keys.check(source, ring())
    before = {each: each.read_bytes() for each in tmp_path.glob("older.db*")}
    restored(file, database)
    assert stored.rows("SELECT id, country FROM people") == [("U1", "DE")]
    assert stored.rows("SELECT version_num FROM alembic_version") == [(migrate.OURS.head,)]
    assert {each: each.read_bytes() for each in tmp_path.glob("older.db*")} == before


def test_the_file_of_a_hearth_that_was_killed_is_a_backup_too_with_its_journal(
    database: Database, tmp_path: Path
) -> None:
    with (
        closing(sqlite3.connect(tmp_path / "live.db")) as reader,
        opened(address(tmp_path / "live.db")) as source,
    ):
        filled(source)
        reader.execute("SELECT count(*) FROM people").fetchall()
        for each in tmp_path.glob("live.db*"):
            shutil.copy(each, tmp_path / each.name.replace("live", "kept"))
        whole = as_restored(everything(source))
    assert (tmp_path / "kept.db-wal").stat().st_size > 0
    restored(tmp_path / "kept.db", database)
    assert everything(database) == whole


def test_people_go_on_where_they_were_in_the_other_database(
    member: Person, hearth: Hearth, workspace: Sandbox, elsewhere: Stored, tmp_path: Path
) -> None:
    member.types("/checkin")
    assert member.submits(filled_in(note=NOTE)).ok
    settings = settings_for(workspace, elsewhere.url)
    held = ring(KEY)
    backup(hearth.database, held, tmp_path / "b.db", now=NOW)
    hearth.stop()
    said: list[str] = []
    assert put_back(settings, tmp_path / "b.db", NOW, said.append, replace=False) == 0
    assert "1 person and 1 check-in" in said[-1]
    again = Hearth(settings, workspace.clock)
    again.start()
    workspace.wait_until_connected()
    member.types("/checkin history")
    assert member.is_shown(NOTE)
    again.stop()


# Bringing up to date by hand


def test_the_command_brings_a_database_up_to_date_and_says_so(stored: Stored) -> None:
    stored.make_anew()
    said: list[str] = []
    assert bring_up_to_date(configured(stored.url), NOW, said.append) == 0
    assert bring_up_to_date(configured(stored.url), NOW, said.append) == 0
    assert said == ["The database is up to date now.", "The database was up to date."]
    assert stored.rows("SELECT version_num FROM alembic_version") == [(migrate.OURS.head,)]


def test_the_command_leaves_a_database_of_a_newer_hearth_alone(
    database: Database, stored: Stored, tmp_path: Path
) -> None:
    stored.change("UPDATE alembic_version SET version_num = '9999'")
    ended = run("migrate", environ=environ_with(stored.url), folder=tmp_path)
    assert ended.code == 2
    assert ended.err.startswith("This database was used by a newer Hearth than this one.")
    assert stored.rows("SELECT version_num FROM alembic_version") == [("9999",)]
