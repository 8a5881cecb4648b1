"""Keys: another one takes over while Hearth runs, whatever interrupts it; an old one goes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, delete, event, func, literal, select, text, update

from app import Hearth
from bot.errors import CannotStart
from bot.operations import keys as operations
from bot.operations.keys import list_keys, retire_key, rotate_keys
from bot.settings import Settings, load, new_key
from sandbox import Sandbox
from storage import checkins, keys, migrate, people, rotation
from storage.checkins import CheckInRow
from storage.encryption import Keyring, Place, written_with
from storage.engine import PATIENCE_SECONDS, Database
from storage.errors import CellUnreadable, KeyWrong
from tests.conftest import AGREED, KEY, ROOT, Stored, filled_in, settings_for, top
from tests.integration import processes
from tests.logs import NOTE

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY = date(2026, 1, 1)
DAYS = 300
OLD, NEW = new_key("old"), new_key("new")
BOTH = f"{NEW},{OLD}"
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
Table = checkins.checkins

Say = list[str]


@pytest.fixture
def url(stored: Stored) -> str:
    return f"sqlite:///{stored.file}"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(url)
    migrate.migrate(opened, now=NOW)
    yield opened
    opened.close()


def configured(url: str, listed: str) -> Settings:
    return load(Path(os.devnull), environ(url, listed))


def environ(url: str, listed: str) -> dict[str, str]:
    return {**TOKENS, "DATABASE_URL": url, "HEARTH_KEYS": listed}


def ring(listed: str) -> Keyring:
    settings = configured("sqlite:///hearth.db", listed)
    return Keyring(settings.primary_key, settings.keys)


def filled(database: Database, keyring: Keyring, rows: int, *, people_named: str = "P") -> None:
    """Lay so many check-ins with notes into the database, as `keyring` writes them."""
    keys.check(database, keyring)

    def lay(connection: Connection) -> None:
        for number in range(0, rows, DAYS):
            people.join(connection, f"{people_named}{number // DAYS}", country="DE", now=NOW)
        connection.execute(
            Table.insert(), [_row(keyring, f"{people_named}{n // DAYS}", n) for n in range(rows)]
        )

    database.write(lay)


def _row(keyring: Keyring, person: str, number: int) -> dict[str, Any]:
    row_id = uuid4()
    return {
        "id": row_id,
        "person_id": person,
        "day": DAY + timedelta(days=number % DAYS),
        "mood": 1,
        "stress": 2,
        "energy": 3,
        "capacity": "steady",
        "note": keyring.encrypt(f"{NOTE} {number}", place(row_id)),
        "filed_at": NOW,
        "changed_at": NOW,
    }


def place(row_id: UUID) -> Place:
    return Place("checkins", "note", str(row_id))


def cells(database: Database) -> dict[UUID, bytes]:
    with database.read() as connection:
        return {row.id: row.note for row in connection.execute(select(Table.c.id, Table.c.note))}


def written(database: Database) -> Counter[str | None]:
    return Counter(written_with(cell) for cell in cells(database).values())


def notes(database: Database, keyring: Keyring) -> set[str]:
    return {keyring.decrypt(cell, place(row)) for row, cell in cells(database).items()}


def laid(database: Database, row: UUID, cell: bytes | None) -> None:
    """Lay a cell into a row as a hand from outside would."""
    statement = update(Table).where(Table.c.id == row).values(note=cell)
    database.write(lambda connection: connection.execute(statement))


def rotated(url: str, listed: str = BOTH) -> tuple[int, str]:
    """Run a whole rotation; return its exit code and what it said."""
    said: Say = []
    code = rotate_keys(configured(url, listed), Event(), said.append)
    return code, "\n".join(said)


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
    said: Say = []
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
    running = Hearth(settings_for(workspace, stored.file, keys=both), workspace.clock)
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
    database: Database, url: str, locked: Callable[[], Any]
) -> None:
    filled(database, ring(OLD), 5)
    keys.check(database, ring(BOTH))
    lock = locked()
    with ThreadPoolExecutor(1) as pool:
        rotating = pool.submit(rotated, url)
        Event().wait(1.5 * PATIENCE_SECONDS)
        lock.execute("ROLLBACK")
        assert rotating.result()[0] == 0
    assert written(database) == {"new": 5}


def test_when_others_keep_the_database_for_too_long_it_says_so(
    database: Database, url: str, locked: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(database, ring(OLD), 5)
    keys.check(database, ring(BOTH))
    monkeypatch.setattr(operations, "BUSY_TRIES", 1)
    locked()
    with pytest.raises(CannotStart, match="run this again"):
        rotated(url)
    assert written(database) == {"old": 5}


# Interrupted


class Rotating:
    """`hearth keys rotate` as a process of its own."""

    def __init__(self, url: str, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cli", "keys", "rotate"],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environ(url, BOTH)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def until_in_the_middle(self, database: Database) -> Rotating:
        """Return once some cells are written anew."""
        new = bytes([3]) + b"new"
        some = select(func.count()).where(func.substr(Table.c.note, 1, 4) == literal(new))
        while self.process.poll() is None:
            with database.read() as connection:
                if connection.scalar(some):
                    break
        return self

    def end(self, number: signal.Signals) -> str:
        """Send a signal and return everything that the process said until its end."""
        self.process.send_signal(number)
        return self.process.communicate(timeout=processes.PATIENCE_SECONDS)[0]


ROWS = 8_000


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_interrupted_in_the_middle_no_note_is_lost_and_the_next_run_goes_on(
    database: Database, url: str, tmp_path: Path, number: signal.Signals
) -> None:
    filled(database, ring(OLD), ROWS)
    rotating = Rotating(url, tmp_path).until_in_the_middle(database)
    said = rotating.end(number)
    assert "Traceback" not in said
    if number is not signal.SIGKILL:
        assert rotating.process.returncode == 1
        assert "run this again" in said
    done = written(database)
    assert 0 < done["new"] < ROWS
    assert done.total() == ROWS
    assert len(notes(database, ring(BOTH))) == ROWS
    code, said = rotated(url)
    assert code == 0
    assert f"{done['old']:,} cells are written anew" in said
    assert len(notes(database, ring(NEW))) == ROWS


# Cells that do not open

DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut": lambda cell: cell[:20],
    "cut to its key": lambda cell: cell[:4],
    "changed": lambda cell: cell[:-1] + bytes([cell[-1] ^ 1]),
    "a key that nobody has": lambda cell: b"\x03odd" + cell[4:],
    "a key id longer than the cell": lambda _: b"\xffold",
    "a key id of no letters": lambda cell: b"\x03\x1b[2" + cell[4:],
    "a key id of no bytes": lambda cell: b"\x00" + cell[4:],
    "a key id that is no text": lambda cell: b"\x03\xff\xfe\xfd" + cell[4:],
    "noise": lambda cell: cell[::-1],
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_cell_that_does_not_open_is_counted_told_and_left_alone(
    database: Database, url: str, damage: Callable[[bytes], bytes]
) -> None:
    filled(database, ring(OLD), 5, people_named="UMAYA0000")
    row, cell = next(iter(cells(database).items()))
    laid(database, row, damage(cell))
    code, said = rotated(url)
    assert code == 1
    assert "checkins: 1 cell is not readable" in said
    assert "written meanwhile" not in said
    assert cells(database)[row] == damage(cell)
    assert written(database)["new"] == 4
    assert_says_nothing_private(said, row)


def assert_says_nothing_private(said: str, row: UUID) -> None:
    assert "UMAYA" not in said
    assert str(row) not in said
    assert row.hex not in said
    assert all(line.isprintable() for line in said.splitlines())


def test_a_cell_of_another_row_is_not_made_good_by_a_rotation(database: Database, url: str) -> None:
    filled(database, ring(OLD), 5)
    (first, cell), (second, _), *_ = cells(database).items()
    laid(database, second, cell)
    assert rotated(url)[0] == 1
    assert cells(database)[second] == cell
    assert written_with(cells(database)[first]) == "new"


@pytest.mark.parametrize("value", ["'a text'", "9223372036854775807", "1.5"])
def test_what_sqlite_takes_in_a_cells_place_is_no_cell(
    database: Database, stored: Stored, url: str, value: str
) -> None:
    filled(database, ring(OLD), 2)
    processes.change(stored, f"UPDATE checkins SET note = {value} WHERE day = '{DAY}'")  # noqa: S608
    code, said = rotated(url)
    assert code == 1
    assert "checkins: 1 cell is not readable" in said
    said_of_keys: Say = []
    list_keys(configured(url, BOTH), said_of_keys.append)
    assert "1 cell is damaged" in said_of_keys[-1]


def test_forged_key_ids_without_end_are_counted_together(database: Database) -> None:
    filled(database, ring(OLD), DAYS)
    for number, (row, cell) in enumerate(cells(database).items()):
        laid(database, row, b"\x04%04d" % number + cell[4:])
    counted = sum(rotation.count(database, Table.c.note), start=Counter())
    assert counted.total() == DAYS
    assert len(counted) <= rotation._KEYS_TOLD
    assert counted[None] > 0


def test_without_the_old_key_nothing_is_touched_and_its_id_is_said(
    database: Database, url: str
) -> None:
    filled(database, ring(OLD), 5)
    before = cells(database)
    with pytest.raises(CannotStart, match="the key old"):
        rotated(url, NEW)
    assert cells(database) == before
    assert list(keys.known(database)) == ["old"]


def test_with_another_key_of_the_same_name_nothing_is_touched(database: Database, url: str) -> None:
    filled(database, ring(OLD), 5)
    before = cells(database)
    with pytest.raises(CannotStart, match="another key of that name"):
        rotated(url, f"{NEW},{new_key('old')}")
    assert cells(database) == before


# Cells and proofs that were moved


def test_a_proof_laid_where_a_note_was_does_not_open(database: Database) -> None:
    filled(database, ring(OLD), 1)
    (row,) = cells(database)
    laid(database, row, keys.known(database)["old"])
    with database.read() as connection, pytest.raises(CellUnreadable):
        checkins.on_day(connection, ring(OLD), "P0", DAY)


def test_a_note_laid_where_a_proof_was_is_found_at_the_start(database: Database) -> None:
    filled(database, ring(OLD), 1)
    (cell,) = cells(database).values()
    database.write(lambda c: c.execute(update(keys.keys).values(proof=cell)))
    with pytest.raises(KeyWrong, match="old"):
        keys.check(database, ring(OLD))


def test_a_proof_of_another_key_is_found_at_the_start(database: Database) -> None:
    filled(database, ring(OLD), 1)
    keys.check(database, ring(BOTH))
    other = keys.known(database)["old"]
    database.write(
        lambda c: c.execute(update(keys.keys).where(keys.keys.c.id == "new").values(proof=other))
    )
    with pytest.raises(KeyWrong, match="new"):
        keys.check(database, ring(BOTH))


# The list


def test_the_list_says_which_keys_there_are_and_what_each_holds(
    database: Database, url: str
) -> None:
    filled(database, ring(OLD), 3)
    filled(database, ring(BOTH), 2, people_named="Q")
    row, cell = next(iter(cells(database).items()))
    laid(database, row, b"\x07unknown" + cell[4:])
    said: Say = []
    assert list_keys(configured(url, f"{NEW},{new_key('fresh')}"), said.append) == 0
    assert [line.split() for line in said] == [
        ["key", "in", "HEARTH_KEYS", "cells"],
        ["fresh", "yes", "0"],
        ["new", "yes,", "writes", "2"],
        ["old", "no", "2"],
        ["unknown", "no", "1"],
    ]
    assert "\n".join(said).count(KEY) == 0


# An old key goes


@pytest.fixture
def retired(url: str) -> Callable[[str, str], tuple[int, str]]:
    """Give a function that retires a key with these keys at hand."""

    def retire(key_id: str, listed: str) -> tuple[int, str]:
        said: Say = []
        return retire_key(configured(url, listed), key_id, said.append), "\n".join(said)

    return retire


Retire = Callable[[str, str], tuple[int, str]]


def test_a_retired_key_is_no_longer_asked_for(
    database: Database, url: str, retired: Retire
) -> None:
    filled(database, ring(OLD), 3)
    rotated(url)
    code, said = retired("old", BOTH)
    assert code == 0
    assert "backups" in said
    keys.check(database, ring(NEW))
    assert list(keys.known(database)) == ["new"]
    assert len(notes(database, ring(NEW))) == 3


@pytest.mark.parametrize(
    ("key_id", "words"),
    [
        ("new", "is the first in HEARTH_KEYS"),
        ("old", "3 cells are still written with old"),
        ("other", "knows no key other"),
    ],
)
def test_a_key_that_is_needed_or_unknown_is_not_retired(
    database: Database, url: str, retired: Retire, key_id: str, words: str
) -> None:
    filled(database, ring(OLD), 3)
    filled(database, ring(BOTH), 3, people_named="Q")
    code, said = retired(key_id, BOTH)
    assert code == 1
    assert words in said
    assert list(keys.known(database)) == ["new", "old"]


def test_a_key_that_was_lost_can_be_retired_once_nothing_is_written_with_it(
    database: Database, url: str, retired: Retire
) -> None:
    filled(database, ring(OLD), 1)
    keys.check(database, ring(BOTH))
    assert retired("old", NEW)[0] == 1
    database.write(lambda c: c.execute(delete(Table)))
    assert retired("old", NEW)[0] == 0
    keys.check(database, ring(NEW))


def test_with_wrong_keys_at_hand_nothing_is_retired(database: Database, retired: Retire) -> None:
    keys.check(database, ring(OLD))
    keys.check(database, ring(BOTH))
    with pytest.raises(CannotStart, match="another key of that name"):
        retired("old", f"{new_key('third')},{new_key('new')}")
    assert list(keys.known(database)) == ["new", "old"]


# The command line


def commanded(url: str, listed: str, folder: Path, *arguments: str) -> processes.Ended:
    return processes.hearth("keys", *arguments, environ=environ(url, listed), folder=folder)


def listed(ended: processes.Ended) -> list[list[str]]:
    return [line.split() for line in ended.out.splitlines()]


def test_an_operator_takes_a_new_key_from_the_first_line_to_the_last(
    database: Database, url: str, tmp_path: Path
) -> None:
    filled(database, ring(OLD), 3)
    run = partial(commanded, url, BOTH, tmp_path)
    assert ["new", "yes,", "writes", "0"] in listed(run("list"))
    assert run("retire", "old").code == 1
    assert run("rotate").code == 0
    assert ["new", "yes,", "writes", "3"] in listed(run("list"))
    assert run("retire", "old").code == 0
    assert "old" not in commanded(url, NEW, tmp_path, "list").out


@pytest.mark.parametrize("arguments", [("list",), ("rotate",), ("retire", "old")])
def test_without_a_database_none_is_made(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ended = commanded(f"sqlite:///{tmp_path / 'hearth.db'}", BOTH, tmp_path, *arguments)
    assert ended.code == 2
    assert "There is no database" in ended.err
    assert "Traceback" not in ended.err
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_another_version_is_not_touched(database: Database, url: str) -> None:
    filled(database, ring(OLD), 1)
    database.write(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(CannotStart, match="another version"):
        rotated(url)
    assert written(database) == {"old": 1}
