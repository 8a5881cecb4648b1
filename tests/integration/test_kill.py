"""The disk and the process fail: a locked, full or damaged database, kill -9, a polite end."""

from __future__ import annotations

import resource
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event
from time import perf_counter

import pytest
from sqlalchemy import Connection, event

from app import Hearth
from sandbox import Person, Sandbox
from sandbox.client import Outcome
from tests.conftest import (
    AGREED,
    Lock,
    Stored,
    environ_for,
    filled_in,
    on_sqlite,
    top,
)
from tests.integration.processes import Running
from tests.integration.slack import gives_up_soon, said
from tests.logs import NOTE

WAITING_SECONDS = 0.2
"""Time in which a submission reaches Hearth and begins to wait; too short costs no test."""


# A database that is held, gone or full


@pytest.fixture
def impatient(hearth: Hearth) -> None:
    """Let Hearth wait a moment for a lock, and not its whole second."""
    hurry = "PRAGMA busy_timeout = 50" if hearth.database.is_file else "SET lock_timeout = 50"

    def before(connection: Connection) -> None:
        connection.exec_driver_sql(hurry)

    event.listen(hearth.database.engine, "begin", before, insert=True)


def test_while_the_database_is_locked_the_form_keeps_everything(
    member: Person, stored: Stored, locked: Lock
) -> None:
    member.types("/checkin")
    let_go = locked()
    refused = member.submits(filled_in(note=NOTE))
    assert refused.outcome == "errors"
    assert "could not save this" in refused.errors["mood"]
    assert "still here" in refused.errors["mood"]
    assert top(member)["state"]["values"]["note"]["note"]["value"] == NOTE
    let_go()
    assert member.submits().ok
    assert top(member)["title"]["text"] == "Received"
    assert [row[1:] for row in stored.checkins()] == [(4, 2, 3, "steady")]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("command", ["/checkin 4 2 3 steady", "/checkin day 5:00"])
def test_while_the_database_is_locked_a_command_says_that_nothing_was_saved(
    member: Person, stored: Stored, locked: Lock, command: str
) -> None:
    before = stored.rows("SELECT * FROM people")
    let_go = locked()
    assert member.types(command).ok
    assert "could not save this" in said(member)
    assert "findahelpline.com" in said(member)
    assert stored.rows("SELECT * FROM people") == before
    assert stored.count("checkins") == 0
    let_go()
    member.types(command)
    assert "could not" not in said(member)


@pytest.mark.usefixtures("impatient")
def test_while_the_database_is_locked_a_consent_is_not_half_recorded(
    maya: Person, stored: Stored, locked: Lock
) -> None:
    maya.types("/checkin")
    let_go = locked()
    refused = maya.submits(AGREED)
    assert "could not save this" in refused.errors["country"]
    assert stored.count("people") == stored.count("consents") == 0
    let_go()
    assert maya.submits().ok
    assert stored.count("people") == stored.count("consents") == 1


@pytest.mark.usefixtures("impatient")
def test_while_the_database_is_locked_nothing_is_forgotten_and_the_person_is_told(
    member: Person, stored: Stored, locked: Lock
) -> None:
    member.types("/checkin forget")
    let_go = locked()
    assert member.submits().ok
    assert top(member)["title"]["text"] == "That did not work"
    assert stored.count("people") == 1
    let_go()
    member.closes()
    assert member.submits().ok
    assert stored.count("people") == 0


@pytest.mark.usefixtures("impatient")
def test_while_the_database_is_locked_looking_back_and_beginning_work(
    member: Person, locked: Lock
) -> None:
    member.types("/checkin")
    member.submits(filled_in(note=NOTE))
    locked()
    for command in ("/checkin", "/checkin history"):
        member.types(command)
        assert member.is_shown(NOTE)


@pytest.mark.parametrize("command", ["/checkin", "/checkin history", "/checkin 4 2 3 steady"])
def test_a_database_that_cannot_be_read_is_told_and_comes_back(
    member: Person, stored: Stored, command: str
) -> None:
    stored.change("ALTER TABLE people RENAME TO elsewhere")
    assert member.types(command).ok
    assert "cannot reach its memory" in said(member)
    assert member.view is None
    answers = len(member.ephemerals("general"))
    stored.change("ALTER TABLE elsewhere RENAME TO people")
    assert member.types(command).ok
    again = member.ephemerals("general")[answers:]
    assert not any("cannot reach its memory" in message["text"] for message in again)


@on_sqlite
def test_a_full_database_keeps_the_form_and_half_writes_nothing(
    member: Person, hearth: Hearth, stored: Stored
) -> None:
    pages = 1  # SQLite takes the size that it has, and grows no further

    def limit(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    event.listen(hearth.database.engine, "begin", limit)
    member.types("/checkin")
    refused = member.submits(filled_in(note="🏮" * 1000))
    assert "no room" in refused.errors["mood"]
    assert stored.count("checkins") == 0
    assert stored.is_whole()
    pages = 1_000_000
    assert member.submits().ok
    assert stored.count("checkins") == 1


# Notes that were cut, moved or changed in the database

DAMAGE: dict[str, Callable[[bytes, bytes], bytes]] = {
    "changed": lambda note, _: note[:-1] + b"\x00",
    "cut": lambda note, _: note[:20],
    "cut to its key": lambda note, _: note[:5],
    "cut to nothing": lambda *_: b"",
    "of a key that nobody has": lambda note, _: b"\x01t" + note[5:],
    "noise": lambda *_: b"noise" * 12,
    "of another day": lambda _, other: other,
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_note_that_cannot_be_opened_is_told_and_not_deleted(
    member: Person, stored: Stored, damage: Callable[[bytes, bytes], bytes]
) -> None:
    for _ in range(2):
        stored.age_checkins()
        member.types("/checkin")
        assert member.submits(filled_in(note=NOTE)).ok
        member.closes()
    (other,), (note,) = stored.rows("SELECT note FROM checkins ORDER BY day")
    stored.set_latest_note(damage(note, other))
    cells = stored.rows("SELECT id, note FROM checkins ORDER BY id")
    for command in ("/checkin", "/checkin history"):
        assert member.types(command).ok
        assert "cannot be opened" in said(member)
        assert member.view is None
    member.types("/checkin 1 1 1 over")
    assert "is saved" in said(member)
    assert stored.rows("SELECT id, note FROM checkins ORDER BY id") == cells


def test_one_persons_damaged_note_is_nobody_elses_trouble(
    member: Person, workspace: Sandbox, stored: Stored
) -> None:
    member.types("/checkin")
    member.submits(filled_in(note=NOTE))
    stored.set_latest_note(b"noise" * 12)
    kofi = workspace.person("kofi")
    kofi.types("/checkin")
    kofi.submits(AGREED)
    assert kofi.submits(filled_in(note=NOTE)).ok
    kofi.types("/checkin history")
    assert kofi.is_shown(NOTE)
    member.types("/checkin forget")
    assert member.submits().ok
    assert stored.rows("SELECT person_id FROM checkins") == [(kofi.id,)]


# A process that is killed


@pytest.fixture
def start(workspace: Sandbox, stored: Stored, tmp_path: Path) -> Iterator[Callable[[], Running]]:
    """Give a function that starts Hearth in a process of its own, over the same database."""
    started: list[Running] = []

    def one() -> Running:
        started.append(Running(environ_for(workspace, stored.url), tmp_path))
        return started[-1].until_connected(workspace)

    yield one
    for each in started:
        each.close()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def joined(workspace: Sandbox) -> Person:
    """Return Maya, after she agreed; the form for today is open."""
    maya = workspace.person("maya")
    maya.types("/checkin")
    assert maya.submits(AGREED).ok
    return maya


def assert_once(maya: Person, stored: Stored, outcome: Outcome) -> None:
    """Hold the file and the form against what Maya was told of her submission."""
    assert stored.is_whole()
    if outcome.ok:
        assert top(maya)["title"]["text"] == "Received"
        assert stored.count("checkins") == 1
        return
    assert top(maya)["state"]["values"]["note"]["note"]["value"] == NOTE
    assert stored.count("checkins") <= 1


def assert_again_is_once(maya: Person, stored: Stored) -> None:
    """Let Maya press the button again where she was not told "Received": it is one row."""
    if top(maya)["title"]["text"] != "Received":
        assert maya.submits().ok
    assert [row[1:] for row in stored.checkins()] == [(4, 2, 3, "steady")]
    maya.types("/checkin history")
    assert maya.is_shown(NOTE)


def test_killed_while_a_submission_waits_nothing_is_lost_or_doubled(
    workspace: Sandbox,
    stored: Stored,
    start: Callable[[], Running],
    locked: Lock,
    pool: ThreadPoolExecutor,
) -> None:
    running, maya = start(), joined(workspace)
    let_go = locked()
    with gives_up_soon(workspace, 3 * WAITING_SECONDS):
        submitting = pool.submit(maya.submits, filled_in(note=NOTE))
        Event().wait(WAITING_SECONDS)
        running.kill()
        outcome = submitting.result()
    let_go()
    assert outcome.outcome == "timeout"
    assert stored.count("checkins") == 0
    assert_once(maya, stored, outcome)
    start()
    assert_again_is_once(maya, stored)


def test_killed_at_any_moment_of_a_submission_nothing_is_lost_or_doubled(
    workspace: Sandbox, stored: Stored, start: Callable[[], Running], pool: ThreadPoolExecutor
) -> None:
    rounds, running, maya = 8, start(), joined(workspace)
    begun = perf_counter()
    assert maya.submits(filled_in()).ok
    usual = perf_counter() - begun
    for moment in range(rounds):
        stored.change("DELETE FROM checkins")
        maya.types("/checkin")
        with gives_up_soon(workspace):
            submitting: Future[Outcome] = pool.submit(maya.submits, filled_in(note=NOTE))
            Event().wait(usual * moment / rounds)
            running.kill()
            assert_once(maya, stored, submitting.result())
        running = start()
        assert_again_is_once(maya, stored)


def test_killed_right_after_the_receipt_the_checkin_is_in_the_file(
    workspace: Sandbox, stored: Stored, start: Callable[[], Running]
) -> None:
    running, maya = start(), joined(workspace)
    outcome = maya.submits(filled_in(note=NOTE))
    running.kill()
    assert outcome.ok
    assert_once(maya, stored, outcome)
    start()
    assert_again_is_once(maya, stored)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_end_it_finishes_and_answers_what_it_began(
    workspace: Sandbox,
    stored: Stored,
    start: Callable[[], Running],
    locked: Lock,
    pool: ThreadPoolExecutor,
    number: signal.Signals,
) -> None:
    running, maya = start(), joined(workspace)
    let_go = locked()
    submitting = pool.submit(maya.submits, filled_in(note=NOTE))
    Event().wait(WAITING_SECONDS)
    running.send(number)
    Event().wait(WAITING_SECONDS)
    let_go()
    assert running.wait() == 0
    assert submitting.result().ok
    assert top(maya)["title"]["text"] == "Received"
    assert [row[1:] for row in stored.checkins()] == [(4, 2, 3, "steady")]


@on_sqlite
def test_without_room_on_the_disk_the_form_keeps_everything_until_there_is_some(
    workspace: Sandbox, stored: Stored, start: Callable[[], Running]
) -> None:
    running, maya = start(), joined(workspace)
    limits = resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY)
    resource.prlimit(running.pid, *limits)
    for _ in range(2):
        refused = maya.submits(filled_in(note=NOTE))
        assert "could not save this" in refused.errors["mood"]
        assert_once(maya, stored, refused)
    assert stored.count("checkins") == 0
    free = resource.RLIM_INFINITY, resource.RLIM_INFINITY
    resource.prlimit(running.pid, resource.RLIMIT_FSIZE, free)
    assert_again_is_once(maya, stored)
