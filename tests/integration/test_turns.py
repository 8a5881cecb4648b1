"""One sender at a time: who has the turn, and when it passes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from storage.engine import Database
from storage.turns import turn
from tests.conftest import ROOT, on_postgresql
from tests.stored import Stored, StoredOnServer
from tests.waiting import until

HOLDER = """
import sys
from storage.engine import Database
from storage.turns import turn
held = turn(Database(sys.argv[1]), "sender")
print(held.take(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def database(stored: Stored) -> Iterator[Database]:
    opened = Database(stored.url)
    yield opened
    opened.close()


@pytest.fixture
def holder(stored: Stored) -> Iterator[subprocess.Popen[str]]:
    """Another process that has taken the turn."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, stored.url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        yield process
        process.kill()


def test_a_turn_is_kept_by_whoever_took_it(database: Database) -> None:
    one, other = turn(database, "sender"), turn(database, "sender")
    assert one.take()
    assert one.take()
    assert not other.take()
    one.give_back()
    assert other.take()
    assert not one.take()
    other.give_back()
    other.give_back()


def test_turns_of_different_names_do_not_meet(database: Database) -> None:
    one, other = turn(database, "sender"), turn(database, "sweeper")
    assert one.take()
    assert other.take()
    one.give_back()
    other.give_back()


def test_the_turn_ends_with_the_process_that_held_it(
    database: Database, holder: subprocess.Popen[str]
) -> None:
    mine = turn(database, "sender")
    assert not mine.take()
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    until(mine.take)  # the server sees it a moment later
    mine.give_back()


@on_postgresql
def test_a_paused_process_loses_its_turn_when_the_server_ends_its_session(
    database: Database, holder: subprocess.Popen[str], stored: StoredOnServer
) -> None:
    os.kill(holder.pid, signal.SIGSTOP)
    mine = turn(database, "sender")
    assert not mine.take()
    (limit,) = stored.rows("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted")
    assert limit == (1,)
    stored.hang_up_on_the_sender()
    until(mine.take)
    os.kill(holder.pid, signal.SIGCONT)
    mine.give_back()


@on_postgresql
def test_whoever_lost_the_turn_with_its_session_soon_notices(
    database: Database, stored: StoredOnServer
) -> None:
    mine, other = turn(database, "sender"), turn(database, "sender")
    assert mine.take()
    stored.hang_up_on_the_sender()
    until(other.take)
    until(lambda: not mine.take())  # it asks once a second
    other.give_back()
    assert mine.take()
    mine.give_back()
