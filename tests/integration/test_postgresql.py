"""What only a server can do: go away, hang up, fall silent, and lock two writers in each other."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime
from functools import partial
from threading import Barrier, Event
from typing import Any

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError

from storage import checkins, people
from storage.checkins import CheckInRow, Filing
from storage.encryption import Keyring
from storage.engine import Database
from storage.errors import Busy, Full, StorageError, Unavailable
from tests.conftest import on_postgresql
from tests.postgres import PASSWORD
from tests.stored import OURS, StoredOnServer
from tests.waiting import until

pytestmark = on_postgresql

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
PIDS = f"SELECT pid {OURS}"
HANG_UP = f"SELECT pg_terminate_backend(pid) {OURS}"


def joined(connection: Connection, person: str = "U1") -> None:
    people.join(connection, person, country="DE", now=NOW)


def moved(connection: Connection, person: str, country: str) -> None:
    people.join(connection, person, country=country, now=NOW)


def filed(connection: Connection, mood: int) -> Filing:
    keyring = Keyring("test", {"test": bytes(32)})
    row = CheckInRow(NOW.date(), mood, 2, 3, "steady", None, NOW)
    return checkins.file(connection, keyring, "U1", row)


def found(database: Database) -> int:
    with database.read() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM people")) or 0)


def asked(database: Database, question: str) -> tuple[object, object]:
    """Return what the server answers where we read, and where we write."""
    with database.read() as connection:
        read = connection.scalar(text(question))
    return read, database.write(lambda connection: connection.scalar(text(question)))


@pytest.fixture
def database(stored: StoredOnServer) -> Iterator[Database]:
    with closing(Database(stored.url)) as opened:
        yield opened


@pytest.fixture
def replica(stored: StoredOnServer) -> Iterator[Database]:
    """The same database as another process has it."""
    with closing(Database(stored.url)) as opened:
        yield opened


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch, stored: StoredOnServer) -> Iterator[Database]:
    """A database that waits a tenth of what it usually does."""
    monkeypatch.setattr("storage.engine.PATIENCE_SECONDS", 0.1)
    with closing(Database(stored.url)) as opened:
        yield opened


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as pool:
        yield pool


# How it is opened


def test_a_read_sees_one_moment_and_may_not_write_and_a_write_sees_the_latest(
    database: Database,
) -> None:
    assert asked(database, "SHOW transaction_isolation") == ("repeatable read", "read committed")
    assert asked(database, "SHOW transaction_read_only") == ("on", "off")
    with pytest.raises(StorageError), database.read() as connection:
        joined(connection)


def test_whatever_the_server_is_set_to_days_and_instants_are_read_as_they_were_written(
    stored: StoredOnServer,
) -> None:
    stored.change_outside(f"ALTER DATABASE {stored.name} SET datestyle = 'German'")
    stored.change_outside(f"ALTER DATABASE {stored.name} SET timezone = 'Asia/Kolkata'")
    stored.change_outside(f"ALTER DATABASE {stored.name} SET default_transaction_read_only = on")
    with closing(Database(stored.url)) as database:
        database.write(joined)
        assert asked(database, "SELECT CAST(DATE '2026-11-22' AS VARCHAR)")[0] == "2026-11-22"
        with database.read() as connection:
            assert (
                connection.scalar(
                    people.people.select().with_only_columns(people.people.c.joined_at)
                )
                == NOW
            )


def test_what_the_operator_says_about_the_line_wins(stored: StoredOnServer) -> None:
    with closing(Database(stored.url + "&application_name=ours")) as database:
        assert asked(database, "SHOW application_name") == ("ours", "ours")


def test_the_password_stands_in_nothing_that_is_shown(stored: StoredOnServer) -> None:
    in_query = f"postgresql://postgres@/{stored.name}?host=/nowhere&password={PASSWORD}"
    for address in (stored.url.replace(stored.name, "nowhere"), in_query):
        with closing(Database(address)) as database:
            with pytest.raises(Unavailable) as refused:
                found(database)
            shown = f"{database!r} {vars(database)} {database.url} {refused.value!r}"
            assert "lantern" not in shown
            assert database.url.password is None
            assert refused.value.__cause__ is None
            assert refused.value.__suppress_context__


# It goes away


def test_after_the_server_was_restarted_every_first_read_and_write_works(
    database: Database, stored: StoredOnServer, pool: ThreadPoolExecutor
) -> None:
    together = Barrier(8)

    def read_together() -> None:
        with database.read():
            together.wait()

    database.write(joined)
    list(pool.map(lambda _: read_together(), range(8)))  # eight connections wait in the pool now
    with stored.server.stopped(), pytest.raises(Unavailable):
        found(database)
    assert [found(database) for _ in range(9)] == [1] * 9
    database.write(partial(joined, person="U2"))
    assert found(database) == 2


def test_a_restart_that_nobody_noticed_costs_nobody_a_read_or_a_write(
    database: Database, stored: StoredOnServer
) -> None:
    database.write(joined)
    assert found(database) == 1
    with stored.server.stopped():
        pass
    database.write(partial(joined, person="U2"))
    assert found(database) == 2


def test_a_connection_that_the_server_ends_in_the_middle_stores_nothing_and_is_replaced(
    database: Database, stored: StoredOnServer
) -> None:
    def ended(connection: Connection) -> None:
        joined(connection)
        stored.change(HANG_UP)
        joined(connection, "U2")

    with pytest.raises(Unavailable):
        database.write(ended)
    assert found(database) == 0
    database.write(joined)
    assert found(database) == 1


def test_a_statement_compiled_once_that_loses_its_connection_lets_it_go(
    database: Database, stored: StoredOnServer
) -> None:
    def ended(connection: Connection) -> None:
        stored.change(HANG_UP)
        people.find(connection, "U1", purpose="p", version="1")

    for _ in range(2):
        with pytest.raises(Unavailable):
            database.write(ended)
        with pytest.raises(Unavailable), database.read() as connection:
            ended(connection)
    assert found(database) == 0


def test_a_server_that_falls_silent_is_hung_up_on_and_another_connection_answers(
    hasty: Database, stored: StoredOnServer, caplog: pytest.LogCaptureFixture
) -> None:
    hasty.write(joined)
    found(hasty)
    silent = [pid for (pid,) in stored.rows(PIDS)]
    for pid in silent:
        os.kill(pid, signal.SIGSTOP)
    try:
        for work in (lambda: found(hasty), lambda: hasty.write(joined)):
            with suppress(Unavailable):
                work()
            work()
    finally:
        for pid in silent:
            os.kill(pid, signal.SIGCONT)
    assert len(silent) == 2
    assert caplog.text == ""


# Its own errors


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("53100", Full),
        ("53300", Busy),
        ("55P03", Busy),
        ("57014", Busy),
        ("58030", Unavailable),
        ("XX001", Unavailable),
    ],
)
def test_what_the_server_complains_of_is_told_in_our_words(
    database: Database, code: str, error: type[StorageError]
) -> None:
    complaint = f"DO $$ BEGIN RAISE EXCEPTION 'lantern' USING ERRCODE = '{code}'; END $$"

    def work(connection: Connection) -> None:
        joined(connection)
        connection.execute(text(complaint))

    with pytest.raises(error) as told:
        database.write(work)
    assert type(told.value) is error
    assert "lantern" not in repr(told.value)
    assert found(database) == 0


def test_a_statement_that_takes_too_long_is_given_up(hasty: Database) -> None:
    with pytest.raises(Busy):
        hasty.write(lambda connection: connection.execute(text("SELECT pg_sleep(60)")))
    with pytest.raises(Busy), hasty.read() as connection:
        connection.execute(text("SELECT pg_sleep(60)"))
    hasty.write(joined)
    assert found(hasty) == 1


def test_work_of_the_operator_may_take_its_time(hasty: Database) -> None:
    with hasty.unhurried(writes=True) as connection:
        connection.execute(text("SELECT pg_sleep(0.5)"))
        joined(connection)
    assert found(hasty) == 1


def test_work_that_swallowed_an_error_is_not_told_that_it_was_stored(database: Database) -> None:
    def work(connection: Connection) -> None:
        joined(connection)
        with suppress(DBAPIError):
            connection.execute(text("SELECT 1 / 0"))

    with pytest.raises(Unavailable):
        database.write(work)
    with pytest.raises(Unavailable), database.unhurried(writes=True) as connection:
        work(connection)
    assert found(database) == 0


# Two writers


def test_two_replicas_that_lock_each_other_both_get_through(
    database: Database, replica: Database, pool: ThreadPoolExecutor, stored: StoredOnServer
) -> None:
    for person in ("U1", "U2"):
        database.write(partial(joined, person=person))
    both_began = Barrier(2)

    def crossing(first: str, second: str, country: str) -> Callable[[Connection], None]:
        runs = iter([both_began.wait])

        def work(connection: Connection) -> None:
            moved(connection, first, country)
            next(runs, lambda: 0)()  # only the first time: the other has its first row by then
            moved(connection, second, country)

        return work

    one: Future[None] = pool.submit(database.write, crossing("U1", "U2", "FR"))
    other: Future[None] = pool.submit(replica.write, crossing("U2", "U1", "AT"))
    assert (one.result(), other.result()) == (None, None)
    assert len(set(stored.rows("SELECT country FROM people"))) == 1


def test_two_replicas_that_let_the_same_person_join_at_once_both_get_through(
    database: Database, replica: Database, pool: ThreadPoolExecutor, stored: StoredOnServer
) -> None:
    has_row = Event()

    def slowly(connection: Connection) -> None:
        joined(connection)
        has_row.set()
        stored.until_somebody_waits()

    first = pool.submit(database.write, slowly)
    has_row.wait()
    replica.write(lambda connection: moved(connection, "U1", "FR"))
    first.result()
    assert stored.rows("SELECT country FROM people") == [("FR",)]


CROWD = 8
"""So many write at once; each may have to go alone, within a second on the slowest machine."""


@pytest.mark.parametrize("first", [True, False], ids=["before the others", "among the others"])
def test_who_waits_in_vain_for_a_row_is_told_and_spoils_nobody_elses_write(
    database: Database, stored: StoredOnServer, pool: ThreadPoolExecutor, *, first: bool
) -> None:
    database.write(partial(joined, person="U0"))
    ran: list[int] = []

    def join(number: int) -> None:
        def work(connection: Connection) -> None:
            ran.append(number)
            joined(connection, f"U{number}")

        database.write(work)

    def all_wait(_connection: Connection) -> None:
        until(lambda: len(database._group._waiting) == CROWD)

    with stored.server.connect(stored.name) as other, other.transaction():
        other.execute("SELECT * FROM people FOR UPDATE")
        if not first:
            pool.submit(database.write, all_wait)
        outcomes = [pool.submit(join, 0)]
        if first:
            stored.until_somebody_waits()
        outcomes += [pool.submit(join, number) for number in range(1, CROWD)]
        errors = [outcome.exception() for outcome in outcomes]
    assert isinstance(errors[0], Busy)
    assert errors[1:] == [None] * (CROWD - 1)
    assert ran.count(0) == 1  # it has had its patience
    assert found(database) == CROWD


# Two replicas and one check-in


def test_what_a_check_in_replaces_is_what_stood_there_and_nobody_comes_in_between(
    database: Database, replica: Database, stored: StoredOnServer, pool: ThreadPoolExecutor
) -> None:
    database.write(joined)
    database.write(partial(filed, mood=1))
    between: list[Future[Filing]] = []

    @event.listens_for(replica.engine, "after_cursor_execute")
    def come_in_between(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("SELECT checkins.id") and not between:
            between.append(pool.submit(database.write, partial(filed, mood=2)))
            until(lambda: between[0].done() or stored.somebody_waits())

    replaced = [replica.write(partial(filed, mood=3)).before, between[0].result().before]
    assert [row and row.mood for row in replaced] == [1, 3]
    assert stored.rows("SELECT mood FROM checkins") == [(2,)]
