"""A backup is whole and of one moment, or it is not there."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Connection

from bot.errors import CannotStart
from bot.operations.backup import back_up
from bot.settings import new_key
from storage import checkins, migrate, people
from storage.backup import backup
from storage.checkins import CheckInRow
from storage.engine import Database
from storage.errors import Busy, FileExists, KeyMissing, KeyWrong, StorageError, Unavailable
from storage.tables import count, tables
from tests.conftest import ROOT, Stored, on_postgresql
from tests.integration.copies import NOW, address, everything, filled, opened
from tests.integration.keyrings import FIRST, SECOND, configured, environ_with, ring
from tests.integration.processes import Process, hearth, with_little_room
from tests.logs import assert_names_nobody
from tests.stored import StoredOnServer

SOME_ROOM_BYTES = 64 * 1024


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "backups, 100% of them?"
    folder.mkdir()
    return folder


def held_by(file: Path) -> dict[str, int]:
    with opened(address(file)) as copy, copy.read() as connection:
        return dict(count(connection))


# When it fails


def test_a_file_that_is_there_is_never_overwritten(database: Database, folder: Path) -> None:
    target = folder / "backup.db"
    target.write_text("something dear")
    with pytest.raises(FileExists):
        backup(database, ring(), target, now=NOW)
    assert [each.read_text() for each in folder.iterdir()] == ["something dear"]


def test_a_file_that_came_meanwhile_is_not_overwritten_either(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = folder / "backup.db"
    flush = os.fsync

    def and_somebody_comes(handle: int) -> None:
        target.write_text("something dear")
        flush(handle)

    monkeypatch.setattr(os, "fsync", and_somebody_comes)
    with pytest.raises(FileExists):
        backup(database, ring(), target, now=NOW)
    assert [each.read_text() for each in folder.iterdir()] == ["something dear"]


@pytest.mark.parametrize("place", ["nowhere/backup.db", "file/backup.db"])
def test_a_folder_that_cannot_be_used_is_told(
    database: Database, stored: Stored, folder: Path, place: str
) -> None:
    (folder / "file").write_text("not a folder")
    with pytest.raises(CannotStart, match="folder is there") as told:
        back_up(configured(stored.url), folder / place, NOW, print)
    assert str(folder / place) in str(told.value)
    assert [each.name for each in folder.iterdir()] == ["file"]


def test_a_disk_without_room_leaves_no_file_and_is_told(
    database: Database, stored: Stored, folder: Path
) -> None:
    filled(database, notes=400, length=400)
    settings = environ_with(stored.url)
    room = SOME_ROOM_BYTES
    ended = with_little_room("backup", "b.db", environ=settings, folder=folder, room_bytes=room)
    assert ended.code == 2
    assert "No backup was written to b.db" in ended.err
    assert "room" in ended.err
    assert "Traceback" not in ended.err
    assert list(folder.iterdir()) == []


def test_without_a_key_that_the_database_knows_there_is_no_backup(
    database: Database, stored: Stored, folder: Path
) -> None:
    filled(database)
    with pytest.raises(KeyMissing, match="first"):
        backup(database, ring(SECOND), folder / "b.db", now=NOW)
    with pytest.raises(KeyWrong, match="first"):
        backup(database, ring(new_key("first")), folder / "b.db", now=NOW)
    with pytest.raises(CannotStart, match="first"):
        back_up(configured(stored.url, SECOND), folder, NOW, print)
    assert list(folder.iterdir()) == []


def test_a_database_of_another_shape_is_not_backed_up_but_told(
    stored: Stored, folder: Path
) -> None:
    stored.make_anew()
    with pytest.raises(CannotStart):
        back_up(configured(stored.url), folder, NOW, print)
    older = migrate.Migrations(migrate.OURS.folder, head="0001")
    with closing(Database(stored.url)) as database:
        migrate.migrate(database, now=NOW, migrations=older)
    with pytest.raises(CannotStart):
        back_up(configured(stored.url), folder, NOW, print)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_ended_in_the_middle_it_leaves_no_half_file_under_its_name(
    database: Database, stored: Stored, folder: Path, number: signal.Signals
) -> None:
    filled(database, notes=600, length=5_000)
    process = Process("backup", "b.db", environ=environ_with(stored.url), folder=folder)
    while not list(folder.glob("*.part")) and process.code is None:
        Event().wait(0.0005)
    process.send(number)
    process.wait()
    assert "Traceback" not in process.errors()
    if number is not signal.SIGKILL:
        assert list(folder.glob("*.part*")) == []
    if process.code == 0:  # it was quicker than we
        assert held_by(folder / "b.db")["checkins"] == 600
        return
    assert not (folder / "b.db").exists()
    backup(database, ring(), folder / "b.db", now=NOW)
    assert held_by(folder / "b.db")["checkins"] == 600


@on_postgresql
def test_a_server_that_goes_away_in_the_middle_leaves_no_file(
    database: Database, stored: StoredOnServer, folder: Path
) -> None:
    filled(database)
    with closing(stored.server.connect(stored.name)) as other, ThreadPoolExecutor(1) as pool:
        other.execute("BEGIN")
        other.execute("LOCK TABLE shares IN ACCESS EXCLUSIVE MODE")
        copying = pool.submit(backup, database, ring(), folder / "b.db", now=NOW)
        stored.until_somebody_waits()
        stored.server.stop()
        assert isinstance(copying.exception(), Unavailable)
    stored.server.start()
    assert list(folder.iterdir()) == []
    backup(database, ring(), folder / "b.db", now=NOW)


@on_postgresql
def test_a_table_that_somebody_keeps_is_not_waited_for_without_end(
    database: Database, stored: StoredOnServer, folder: Path
) -> None:
    with stored.server.connect(stored.name) as other, other.transaction():
        other.execute("LOCK TABLE shares IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(Busy):
            backup(database, ring(), folder / "b.db", now=NOW)
    assert list(folder.iterdir()) == []


def test_no_complaint_names_anybody_or_holds_a_secret(
    database: Database, stored: Stored, folder: Path
) -> None:
    filled(database)
    stored.change("ALTER TABLE posts RENAME TO elsewhere")
    ended = hearth("backup", environ=environ_with(stored.url), folder=folder)
    assert ended.code == 2
    assert_names_nobody(ended.err, [FIRST.partition(":")[2]])
    assert list(folder.iterdir()) == []


# When it works


def test_a_backup_is_one_file_for_its_owner_with_everything_in_it(
    database: Database, folder: Path
) -> None:
    filled(database)
    target = folder / "backup.db"
    rows = backup(database, ring(), target, now=NOW)
    assert all(rows.values())
    assert [each.name for each in folder.iterdir()] == ["backup.db"]
    assert target.stat().st_mode & 0o777 == 0o600
    assert target.stat().st_nlink == 1
    assert b"lantern" not in target.read_bytes()
    with closing(sqlite3.connect(f"{target.as_uri()}?mode=ro", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    with opened(address(target)) as same:
        assert everything(same) == everything(database)


def test_every_table_of_the_database_is_one_that_a_backup_copies(
    database: Database, stored: Stored
) -> None:
    known = {table.name for table in tables()}
    assert set(stored.tables()) == known | {"alembic_version"}
    alone = "import storage.tables as t; print(*(table.name for table in t.tables()))"
    told = subprocess.run(
        [sys.executable, "-c", alone], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert set(told.stdout.split()) == known


def test_while_people_write_a_backup_is_of_one_moment(database: Database, folder: Path) -> None:
    keyring, ended = ring(), Event()
    filled(database)

    def both(connection: Connection, person: str) -> None:
        people.join(connection, person, country="DE", now=NOW)
        row = CheckInRow(date(2026, 1, 1), 1, 1, 1, "light", "x" * 500, NOW)
        checkins.file(connection, keyring, person, row)

    def keep_writing(writer: int) -> int:
        number = 0
        while not ended.is_set():
            database.write(partial(both, person=f"U{writer}-{number}"))
            number += 1
        return number

    with ThreadPoolExecutor(3) as pool:
        writers = [pool.submit(keep_writing, writer) for writer in range(3)]
        try:
            found = [
                backup(database, keyring, folder / f"{number}.db", now=NOW) for number in range(4)
            ]
        finally:
            ended.set()
        assert all(writer.result() for writer in writers)
    assert all(rows["checkins"] == rows["people"] + 1 for rows in found)
    assert found[-1]["people"] > found[0]["people"]
    assert [held_by(folder / f"{number}.db") for number in range(4)] == found


def test_the_command_names_the_file_and_says_what_is_in_it(
    database: Database, stored: Stored, folder: Path
) -> None:
    filled(database)
    ended = hearth("backup", environ=environ_with(stored.url), folder=folder)
    (file,) = folder.iterdir()
    assert (ended.code, ended.err) == (0, "")
    assert re.fullmatch(r"hearth-\d{8}T\d{6}Z\.backup\.db", file.name)
    assert file.name in ended.out
    assert "2 people and 3 check-ins" in ended.out
    again = hearth("backup", file.name, environ=environ_with(stored.url), folder=folder)
    assert again.code == 2
    assert "left alone" in again.err


def test_a_folder_may_be_named_instead_of_a_file(
    database: Database, stored: Stored, folder: Path
) -> None:
    said: list[str] = []
    assert back_up(configured(stored.url), folder, NOW, said.append) == 0
    (file,) = folder.iterdir()
    assert file.name == "hearth-20261122T093015Z.backup.db"
    with pytest.raises(StorageError):
        backup(database, ring(), file, now=NOW)
