"""A rotation: another key takes over while Hearth runs, whatever comes between."""

from __future__ import annotations

import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Connection, event, func, literal, select

from app import Hearth
from bot.errors import CannotStart
from bot.operations import keys as operations
from bot.operations.keys import list_keys, rotate_keys
from bot.settings import new_key
from sandbox import Sandbox
from storage import checkins, keys, people, rotation
from storage.checkins import CheckInRow
from storage.engine import PATIENCE_SECONDS, Database
from tests.conftest import AGREED, KEY, Lock, Stored, filled_in, settings_for, top
from tests.integration.cells import (
    BOTH,
    DAY,
    DAYS,
    NEW,
    NOW,
    OLD,
    Table,
    cells,
    filled,
    laid,
    notes,
    rotated,
    written,
)
from tests.integration.keyrings import configured, environ_with, ring
from tests.integration.processes import Process
from tests.logs import NOTE

# Rotation


def test_after_a_rotation_every_note_opens_with_the_new_key_alone(
    database: Database, url: str
) -> None:
    rows = 2 * rotation.ROWS_AT_ONCE + 1
    filled(database, ring(OLD), rows)
    code, said = rotated(url)
    assert code == 0
    assert f"{rows} cells are written anew with the key new" in said
    assert notes(database, ring(NEW)) == {f"{NOTE} {number}" for number in range(rows)}


def test_a_second_rotation_finds_nothing_to_do_and_touches_nothing(
    database: Database, url: str
) -> None:
    filled(database, ring(OLD), 10)
    rotated(url)
    before = cells(database)
    code, said = rotated(url)
    assert code == 0
    assert "nothing to do" in said
    assert cells(database) == before


def test_of_several_old_keys_none_is_left(database: Database, url: str) -> None:
    older = new_key("older")
    filled(database, ring(older), 5)
    filled(database, ring(f"{OLD},{older}"), 5, people_named="Q")
    filled(database, ring(f"{BOTH},{older}"), 5, people_named="R")
    assert rotated(url, f"{BOTH},{older}")[0] == 0
    assert written(database) == {"new": 15}


def test_check_ins_without_a_note_stay_without(database: Database, url: str) -> None:
    filled(database, ring(OLD), 3)
    bare = next(iter(cells(database)))
    laid(database, bare, None)
    assert rotated(url)[0] == 0
    assert cells(database)[bare] is None
    assert written(database)["new"] == 2


@pytest.mark.parametrize(
    ("old", "new"), [("a", "ab"), ("ab", "a"), ("k" * 32, "k" * 31), ("k", "k" * 32), ("-", "--")]
)
def test_ids_that_begin_alike_are_told_apart(
    database: Database, url: str, old: str, new: str
) -> None:
    before, after = new_key(old), new_key(new)
    filled(database, ring(before), 20)
    said: list[str] = []
    list_keys(configured(url, f"{after},{before}"), said.append)
    assert {line.split()[0]: line.split()[-1] for line in said} == {
        "key": "cells",
        old: "20",
        new: "0",
    }
    assert rotated(url, f"{after},{before}")[0] == 0
    assert len(notes(database, ring(after))) == 20


def test_one_write_holds_others_up_for_a_bounded_number_of_rows(
    database: Database, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(database, ring(OLD), 2 * DAYS)
    commits: list[int] = []

    class Counted(Database):
        def __init__(self, address: str) -> None:
            super().__init__(address)
            event.listen(self.engine, "commit", lambda _: commits.append(1))

    monkeypatch.setattr("bot.operations.opening.Database", Counted)
    assert rotated(url)[0] == 0
    assert len(commits) == 1 + 2 * DAYS / rotation.ROWS_AT_ONCE  # the proof of the new key


class Waiting(Event):
    """Remembers for how long it was waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.waited: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waited.append(timeout or 0)
        return super().wait(timeout)


def test_after_each_write_others_get_as_long_to_write(database: Database, url: str) -> None:
    filled(database, ring(OLD), 2 * DAYS)
    stopped = Waiting()
    assert rotate_keys(configured(url, BOTH), stopped, lambda _: None) == 0
    assert len(stopped.waited) == 2 * DAYS / rotation.ROWS_AT_ONCE
    assert all(seconds > 0 for seconds in stopped.waited)


# What comes between


class Between(Database):
    """A database in which something happens after a batch was read and before it is written."""

    def __init__(self, url: str, happens: Callable[[Connection], object]) -> None:
        super().__init__(url)
        self._happens = happens

    def write(self, work: Callable[[Connection], Any]) -> Any:
        super().write(self._happens)
        return super().write(work)


def batch(url: str, happens: Callable[[Connection], object]) -> rotation.Batch:
    between = Between(url, happens)
    done = rotation.rotate(between, ring(BOTH), Table.c.note, after=None)
    between.close()
    return done


def test_an_edit_that_comes_between_wins(database: Database, url: str) -> None:
    filled(database, ring(OLD), 5)
    edit = CheckInRow(DAY, 5, 5, 5, "light", "the later word", NOW)
    done = batch(url, lambda c: checkins.file(c, ring(OLD), "P0", edit))
    assert done.rewritten == 4
    with database.read() as connection:
        assert checkins.on_day(connection, ring(BOTH), "P0", DAY) == edit
    assert rotated(url)[0] == 0
    assert "the later word" in notes(database, ring(NEW))


def test_whoever_leaves_meanwhile_stays_gone(database: Database, url: str) -> None:
    filled(database, ring(OLD), 5)
    assert batch(url, lambda c: people.remove(c, "P0")).rewritten == 0
    assert cells(database) == {}


def test_a_hearth_that_still_writes_with_the_old_key_is_told_of(
    database: Database, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(database, ring(OLD), 5)
    passed: list[int] = []

    def after_the_pass(given: Database, *arguments: Any, **named: Any) -> rotation.Batch:
        done = rotation.rotate(given, *arguments, **named)
        if done.last is None and not passed:
            passed.append(1)
            filled(database, ring(f"{OLD},{NEW}"), 2, people_named="Q")
        return done

    monkeypatch.setattr(operations, "rotate", after_the_pass)
    code, said = rotated(url)
    assert code == 1
    assert "2 cells are written meanwhile with another key" in said
    assert "new first in HEARTH_KEYS" in said
    assert rotated(url)[0] == 0
    assert written(database) == {"new": 7}


def test_a_member_edits_and_reads_while_everything_is_written_anew(
    workspace: Sandbox, stored: Stored, database: Database, url: str
) -> None:
    filled(database, ring(KEY), 20 * DAYS)
    both = f"{NEW},{KEY}"
    running = Hearth(settings_for(workspace, stored.url, keys=both), workspace.clock)
    running.start()
    workspace.wait_until_connected()
    maya = workspace.person("maya")
    maya.types("/checkin")
    maya.submits(AGREED)
    maya.closes(all=True)
    edits = 0
    with ThreadPoolExecutor(1) as pool:
        rotating = pool.submit(rotated, url, both)
        while not rotating.done() or edits < 3:
            edits += 1
            maya.types("/checkin")
            assert maya.submits(filled_in(note=f"{NOTE}, edit {edits}")).ok
            assert top(maya)["title"]["text"] == "Received"
            maya.closes(all=True)
            maya.types("/checkin history")
            assert maya.is_shown(f"{NOTE}, edit {edits}")
            maya.closes(all=True)
        code, said = rotating.result()
    running.stop()
    assert code == 0, said
    assert written(database) == {"new": 20 * DAYS + 1}
    assert f"{NOTE}, edit {edits}" in notes(database, ring(NEW))


def test_while_others_keep_the_database_it_waits_and_goes_on(
    database: Database, url: str, locked: Lock
) -> None:
    filled(database, ring(OLD), 5)
    keys.check(database, ring(BOTH))
    let_go = locked()
    with ThreadPoolExecutor(1) as pool:
        rotating = pool.submit(rotated, url)
        Event().wait(1.5 * PATIENCE_SECONDS)
        let_go()
        assert rotating.result()[0] == 0
    assert written(database) == {"new": 5}


def test_when_others_keep_the_database_for_too_long_it_says_so(
    database: Database, url: str, locked: Lock, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(database, ring(OLD), 5)
    keys.check(database, ring(BOTH))
    monkeypatch.setattr(operations, "BUSY_TRIES", 1)
    locked()
    with pytest.raises(CannotStart, match="run this again"):
        rotated(url)
    assert written(database) == {"old": 5}


# Interrupted


def in_the_middle(database: Database) -> bool:
    """Whether some cells are written anew."""
    new = bytes([3]) + b"new"
    some = select(func.count()).where(func.substr(Table.c.note, 1, 4) == literal(new))
    with database.read() as connection:
        return bool(connection.scalar(some))


ROWS = 8_000


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_interrupted_in_the_middle_no_note_is_lost_and_the_next_run_goes_on(
    database: Database, url: str, tmp_path: Path, number: signal.Signals
) -> None:
    filled(database, ring(OLD), ROWS)
    rotating = Process("keys", "rotate", environ=environ_with(url, BOTH), folder=tmp_path)
    while rotating.code is None and not in_the_middle(database):
        pass
    rotating.send(number)
    code = rotating.wait()
    assert "Traceback" not in rotating.errors()
    if number is not signal.SIGKILL:
        assert code == 1
        assert "run this again" in rotating.said() + rotating.errors()
    done = written(database)
    assert 0 < done["new"] < ROWS
    assert done.total() == ROWS
    assert len(notes(database, ring(BOTH))) == ROWS
    code, said = rotated(url)
    assert code == 0
    assert f"{done['old']:,} cells are written anew" in said
    assert len(notes(database, ring(NEW))) == ROWS
