"""Storage on real databases: what is promised about writes, cells, keys and migrations."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import Connection, bindparam, select, text
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from storage import checkins, keys, people
from storage.checkins import CheckInRow
from storage.compiled import Compiled
from storage.encryption import Keyring
from storage.engine import Database
from storage.errors import (
    Busy,
    CellUnreadable,
    Full,
    KeyMissing,
    KeyWrong,
    StorageError,
    Unavailable,
)
from tests.conftest import ROOT, Lock, Stored, on_sqlite

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY = date(2026, 11, 22)


def ring(key_id: str = "k1") -> Keyring:
    return Keyring(key_id, {key_id: os.urandom(32)})


def count(database: Database, table: str) -> int:
    with database.read() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table}")))  # noqa: S608


def joined(connection: Connection, person: str = "U1") -> None:
    people.join(connection, person, country="DE", now=NOW)


# Keys of a database


def test_a_database_accepts_the_key_it_was_written_with(database: Database) -> None:
    keyring = ring()
    keys.check(database, keyring)
    keys.check(database, keyring)
    assert count(database, "encryption_keys") == 1


def test_a_database_refuses_to_be_opened_without_its_key(database: Database) -> None:
    keys.check(database, ring("2025"))
    with pytest.raises(KeyMissing, match="2025"):
        keys.check(database, ring("2026"))
    assert count(database, "encryption_keys") == 1


def test_a_database_refuses_another_key_of_the_same_name(database: Database) -> None:
    keys.check(database, ring("2025"))
    with pytest.raises(KeyWrong, match="2025"):
        keys.check(database, ring("2025"))


# Writes


def test_writes_of_many_threads_are_all_kept(database: Database, stored: Stored) -> None:
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda n: database.write(lambda c: joined(c, f"U{n}")), range(300)))
    assert stored.count("people") == 300


def test_one_writers_failure_spoils_nobody_elses_write(database: Database) -> None:
    together = threading.Barrier(16)

    def work(number: int) -> None:
        def write(connection: Connection) -> None:
            joined(connection, f"U{number}")
            if number % 4 == 0:
                raise ZeroDivisionError

        together.wait()
        database.write(write)

    with ThreadPoolExecutor(16) as pool:
        outcomes = [pool.submit(work, number) for number in range(16)]
        failed = [outcome for outcome in outcomes if outcome.exception() is not None]
    assert len(failed) == 4
    assert count(database, "people") == 12


def test_a_write_says_it_is_done_only_after_others_can_see_it(
    database: Database, stored: Stored
) -> None:
    for number in range(20):
        database.write(partial(joined, person=f"U{number}"))
        assert stored.count("people") == number + 1


def test_a_write_gives_back_what_its_work_returned(database: Database) -> None:
    assert database.write(lambda _connection: 42) == 42


def test_while_another_process_holds_the_database_a_write_says_busy(
    database: Database, locked: Lock
) -> None:
    let_go = locked()
    with ThreadPoolExecutor(4) as pool:
        outcomes = [pool.submit(database.write, joined) for _ in range(4)]
        assert all(isinstance(outcome.exception(), Busy) for outcome in outcomes)
    let_go()
    database.write(joined)
    assert count(database, "people") == 1


def test_reading_goes_on_while_another_process_writes(database: Database, locked: Lock) -> None:
    database.write(joined)
    locked()
    assert count(database, "people") == 1


def test_a_read_sees_one_moment_while_others_write(database: Database) -> None:
    database.write(joined)
    counted = text("SELECT count(*) FROM people")
    with database.read() as connection:
        assert connection.scalar(counted) == 1
        database.write(partial(joined, person="U2"))
        assert connection.scalar(counted) == 1
    assert count(database, "people") == 2


def test_a_read_writes_nothing_that_stays(database: Database) -> None:
    with suppress(StorageError), database.read() as connection:
        joined(connection)
        raise Unavailable
    assert count(database, "people") == 0


@on_sqlite
def test_a_full_database_says_so_and_keeps_what_it_had(database: Database) -> None:
    database.write(joined)

    def too_much(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count=1")
        for number in range(5_000):
            joined(connection, f"U-more-{number}")

    with pytest.raises(Full):
        database.write(too_much)
    assert count(database, "people") == 1


def test_errors_carry_neither_statement_nor_values(database: Database) -> None:
    with pytest.raises(StorageError) as failed:
        database.write(
            lambda connection: connection.execute(
                checkins.checkins.insert().values(person_id="U-secret", day=DAY, note=b"secret")
            )
        )
    assert "secret" not in repr(failed.value)
    assert failed.value.__suppress_context__
    assert "INSERT" not in repr(failed.value)


@pytest.mark.parametrize(
    "address", ["mysql://u:secret@host/db", "postgresql+psycopg2://u:secret@host/db", "secret"]
)
def test_an_address_of_another_kind_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(Unavailable) as refused:
        Database(address)
    assert "secret" not in str(refused.value)


WITHOUT_A_SERVER = """
import sys, app
from storage.engine import Database
database = Database("sqlite:///hearth.db")
database.write(lambda connection: connection.exec_driver_sql("SELECT 1"))
database.close()
assert not {"psycopg", "storage.postgresql"} & set(sys.modules)
"""


def test_whoever_has_a_file_pays_nothing_for_what_a_server_needs(tmp_path: Path) -> None:
    environ = {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", WITHOUT_A_SERVER]
    subprocess.run(command, cwd=tmp_path, env=environ, check=True)


def test_a_missing_folder_says_unavailable(tmp_path: Path) -> None:
    nowhere = Database(f"sqlite:///{tmp_path}/missing/hearth.db")
    with pytest.raises(Unavailable):
        nowhere.write(joined)
    nowhere.close()


@on_sqlite
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1)],
)
def test_every_connection_follows_the_recipe(
    database: Database, pragma: str, value: object
) -> None:
    query = text(f"PRAGMA {pragma}")
    with database.read() as connection:
        assert connection.scalar(query) == value
    assert database.write(lambda connection: connection.scalar(query)) == value


# Statements that are compiled once


def test_a_compiled_statement_says_what_sqlalchemy_says(database: Database) -> None:
    table = checkins.checkins
    statement = select(table.c.mood * 2, table.c.capacity).where(table.c.day >= bindparam("since"))
    database.write(joined)
    for day in (date(2026, 1, 1), DAY):
        row = CheckInRow(day, 4, 1, 1, "light", None, NOW)
        database.write(partial(checkins.file, keyring=ring(), person="U1", row=row))
    for since in (date(2025, 1, 1), DAY, date(2027, 1, 1)):
        with database.read() as connection:
            usual = connection.execute(statement, {"since": since}).fetchall()
            quick = Compiled(statement).run(connection, {"since": since}).fetchall()
        assert [tuple(row) for row in usual] == quick


def test_a_compiled_statement_misses_no_value(database: Database) -> None:
    statement = Compiled(select(people.people.c.id).where(people.people.c.id == bindparam("who")))
    with database.read() as connection, pytest.raises(KeyError):
        statement.run(connection, {})


def test_an_error_of_a_compiled_statement_carries_neither_statement_nor_values(
    database: Database, stored: Stored
) -> None:
    statement = Compiled(select(people.people.c.id).where(people.people.c.id == bindparam("who")))
    stored.change("ALTER TABLE people RENAME TO elsewhere")
    with pytest.raises(Unavailable) as failed, database.read() as connection:
        statement.run(connection, {"who": "U-secret"})
    assert failed.value.__suppress_context__
    assert "secret" not in repr(failed.value)
    assert "people" not in repr(failed.value)


def test_a_compiled_statement_refuses_a_dialect_that_names_its_values() -> None:
    class Elsewhere:
        dialect = SQLiteDialect_pysqlite(paramstyle="named")

    with pytest.raises(TypeError, match="sqlite"):
        Compiled(select(people.people.c.id)).run(cast(Connection, Elsewhere()), {})


# Rows


def test_one_person_and_day_is_one_row_with_one_id(database: Database) -> None:
    keyring = ring()
    database.write(joined)
    first = CheckInRow(DAY, 1, 1, 1, "light", "one", NOW)
    second = CheckInRow(DAY, 5, 5, 5, "over", "two", NOW)
    assert not database.write(lambda c: checkins.file(c, keyring, "U1", first)).replaced
    filing = database.write(lambda c: checkins.file(c, keyring, "U1", second))
    assert filing.replaced
    assert filing.before == first
    with database.read() as connection:
        assert checkins.on_day(connection, keyring, "U1", DAY) == second
    assert count(database, "checkins") == 1


def test_a_note_copied_to_another_row_does_not_open_there(database: Database) -> None:
    keyring = ring()
    for person in ("U1", "U2"):
        database.write(partial(joined, person=person))
        row = CheckInRow(DAY, 1, 1, 1, "light", f"of {person}", NOW)
        database.write(partial(checkins.file, keyring=keyring, person=person, row=row))
    database.write(
        lambda c: c.exec_driver_sql(
            "UPDATE checkins SET note = (SELECT note FROM checkins WHERE person_id = 'U1')"
        )
    )
    with database.read() as connection:
        assert checkins.on_day(connection, keyring, "U1", DAY) is not None
        with pytest.raises(CellUnreadable):
            checkins.on_day(connection, keyring, "U2", DAY)


def test_check_ins_past_their_time_are_deleted_and_no_others(database: Database) -> None:
    keyring = ring()
    database.write(joined)
    for day in (date(2025, 1, 1), date(2025, 1, 2), DAY):
        row = CheckInRow(day, 1, 1, 1, "light", None, NOW)
        database.write(partial(checkins.file, keyring=keyring, person="U1", row=row))
    assert database.write(lambda c: checkins.remove_before(c, date(2025, 1, 2))) == 1
    assert count(database, "checkins") == 2
