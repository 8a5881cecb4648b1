"""The doctor: what is well, what is not, what to do about it, and that nothing was changed."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Connection, Update, text, update

from bot.operations.doctor import Finding, Verdict
from bot.operations.doctor import database as stored_checks
from bot.operations.doctor.findings import Check, bad, exit_code, ok, run
from bot.settings import new_key
from sandbox import Sandbox
from storage import keys, migrate, probe
from storage.checkins import checkins
from storage.encryption import Keyring
from storage.engine import Database
from tests.conftest import KEY, ROOT, Lock, Stored, on_postgresql, on_sqlite
from tests.integration.cells import filled
from tests.integration.doctors import Environ, Examine, only
from tests.integration.processes import hearth, with_little_room
from tests.stored import StoredFile, contents
from tests.waiting import PATIENCE_SECONDS

# All is well


def test_when_all_is_well_every_line_says_so_and_nothing_is_changed(
    started: Database, doctor: Examine, stored: Stored, workspace: Sandbox
) -> None:
    started.close()
    before = stored.as_it_lies()
    lines = doctor()
    assert [line for line in lines if not line.startswith("ok    ")] == []
    assert stored.as_it_lies() == before
    assert {call["method"] for call in workspace.calls()} == {"auth.test", "apps.connections.open"}
    told = "\n".join(lines)
    for what in (
        "settings are complete",
        "takes SLACK_BOT_TOKEN",
        "granted the scopes of manifest.yml",
        "clock agrees",
        "takes SLACK_APP_TOKEN",
        f"the database {started.url.database} opens",
        "can be written",
        "ms for the disk",
        "every key",
        "0 encrypted cells",
        "has time zones",
    ):
        assert told.count(what) == 1, what


@pytest.mark.usefixtures("hearth")
def test_beside_a_running_hearth_all_is_well_too(
    doctor: Examine, stored: Stored, workspace: Sandbox
) -> None:
    before = stored.rows("SELECT * FROM encryption_keys")
    assert only(doctor(), "bad") == []
    assert stored.rows("SELECT * FROM encryption_keys") == before
    maya = workspace.person("maya")
    assert maya.types("/checkin").ok


# The command


def test_the_command_prints_a_line_for_each_and_ends_with_0(
    started: Database, environ: Environ, tmp_path: Path
) -> None:
    ended = hearth("doctor", environ=environ, folder=tmp_path)
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert len(lines) == (13 if started.is_file else 12)  # the room of a server's disk is its own
    assert started.is_file == ("MB free" in ended.out)
    assert all(re.fullmatch(r"(ok|look|bad) +\S.*\S", line) for line in lines)


def test_for_a_script_it_prints_the_same_as_json(
    started: Database, environ: Environ, tmp_path: Path
) -> None:
    started.write(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    ended = hearth("doctor", "--json", environ=environ, folder=tmp_path)
    assert ended.code == 1
    checks = json.loads(ended.out)["checks"]
    assert all(set(each) == {"verdict", "what", "then"} for each in checks)
    (newer,) = [each for each in checks if each["verdict"] == "bad"]
    assert "newer Hearth" in newer["what"]
    assert newer["then"] == "run that version"


@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_without_settings_all_that_is_missing_is_named_at_once(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    ended = hearth("doctor", *arguments, environ={}, folder=tmp_path)
    assert ended.code == 2
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "HEARTH_KEYS"):
        assert f"{name} is missing" in ended.err
        assert not arguments or f"{name} is missing" in ended.out
    assert not arguments or {each["verdict"] for each in json.loads(ended.out)["checks"]} == {"bad"}
    assert list(tmp_path.iterdir()) == []


# Each check is bounded and on its own


def test_a_check_that_hangs_is_told_and_holds_up_no_other() -> None:
    for_ever = Event()

    def hangs() -> Iterator[Finding]:
        yield ok("it began")
        for_ever.wait()

    found = list(run([Check("one", hangs), Check("two", lambda: [ok("well")])], seconds=0.2))
    for_ever.set()
    assert [each.verdict for each in found] == [Verdict.OK, Verdict.BAD, Verdict.OK]
    assert "one: no answer within 0.2 seconds" in found[1].what


HANGS = """
from threading import Event
from bot.operations.doctor.findings import Check, run
print(*run([Check("one", Event().wait)], seconds=0.1))
"""


def test_a_check_that_hangs_does_not_keep_the_process() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", HANGS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS / 2,
        check=True,
    )
    assert "one: no answer" in ended.stdout


def test_a_check_that_fails_is_told_without_its_values_and_stops_no_other() -> None:
    def fails() -> Iterator[Finding]:
        yield ok("it began")
        raise ZeroDivisionError("xoxb-secret")

    found = list(run([Check("one", fails), Check("two", lambda: [ok("well")])]))
    assert [each.verdict for each in found] == [Verdict.OK, Verdict.BAD, Verdict.OK]
    assert "one: could not be looked at (ZeroDivisionError)" in found[1].what
    assert "secret" not in str(found[1])


def test_only_something_bad_ends_with_1() -> None:
    assert exit_code([ok("well"), Finding(Verdict.LOOK, "so so", "look")]) == 0
    assert exit_code([ok("well"), bad("not well", "mend it")]) == 1


# The database


def nothing(_file: Path) -> None:
    pass


def empty(file: Path) -> None:
    file.touch()


def letter(file: Path) -> None:
    file.write_text("this is a letter, not a database\n")


def unopened(file: Path) -> None:
    with closing(sqlite3.connect(file)) as other, other:
        other.execute("CREATE TABLE things (id INTEGER)")


def folder(file: Path) -> None:
    file.mkdir()


@on_sqlite
@pytest.mark.parametrize(
    ("lay", "words"),
    [
        (nothing, "look  the database {file} is not there yet - `hearth run` makes it"),
        (empty, "look  the database {file} is empty"),
        (letter, "bad   the database {file} is a file of another kind"),
        (unopened, "look  the database {file} was not opened by Hearth yet"),
        (folder, "bad   the database {file} does not open"),
    ],
)
def test_a_file_that_is_not_hearths_is_told_and_not_touched(
    doctor: Examine, stored: StoredFile, lay: Callable[[Path], None], words: str
) -> None:
    stored.make_anew()
    lay(stored.file)
    before = sorted(stored.file.parent.rglob("*")), contents(stored.file.parent)
    (line,) = [each for each in doctor() if not each.startswith("ok")]
    assert line.startswith(words.format(file=stored.file))
    assert (sorted(stored.file.parent.rglob("*")), contents(stored.file.parent)) == before


def test_a_server_that_is_not_there_is_told_without_its_password(doctor: Examine) -> None:
    lines = doctor(DATABASE_URL="postgresql://hearth:s3cret@127.0.0.1:1/people")
    (line,) = only(lines, "bad")
    assert line.startswith("bad   the database people does not open")
    assert "s3cret" not in "".join(lines)


def test_a_database_without_tables_is_told(doctor: Examine, stored: Stored, url: str) -> None:
    stored.make_anew()
    bare = Database(url)
    bare.write(lambda connection: connection.execute(text("CREATE TABLE other (id INTEGER)")))
    bare.close()
    (line,) = [each for each in doctor() if not each.startswith("ok")]
    assert line.startswith("look")
    assert "is empty" in line


def test_a_database_of_an_older_version_is_not_migrated(
    started: Database, doctor: Examine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    next_folder = tmp_path / "migrations"
    shutil.copytree(migrate.OURS.folder, next_folder)
    (next_folder / "versions" / "9000_next.py").write_text(
        f"revision, down_revision = '9000', '{migrate.OURS.head}'\n"
        "branch_labels = depends_on = None\n"
    )
    ours = partial(migrate.shape, migrations=migrate.Migrations(next_folder, head="9000"))
    monkeypatch.setattr(stored_checks, "shape", ours)
    (line,) = only(doctor(), "bad")
    assert "older version's tables - run `hearth migrate`" in line
    assert migrate.shape(started) is migrate.Shape.CURRENT


def test_a_database_of_a_newer_version_is_told(started: Database, doctor: Examine) -> None:
    started.write(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    (line,) = only(doctor(), "bad")
    assert "newer Hearth - run that version" in line


def test_a_database_that_another_program_keeps_is_told(
    started: Database, doctor: Examine, locked: Lock
) -> None:
    locked()
    (line,) = only(doctor(), "bad")
    assert "cannot be written: another program keeps it" in line


@on_sqlite
def test_a_write_that_was_tried_never_reaches_the_file(
    started: Database, stored: StoredFile
) -> None:
    before = sizes(stored)
    probe.try_to_write(started)
    probe.commit_seconds(started)
    assert sizes(stored) == before


def sizes(stored: StoredFile) -> dict[str, tuple[int, int]]:
    found = {each.name: each.stat() for each in stored.file.parent.iterdir()}
    return {name: (each.st_size, each.st_mtime_ns) for name, each in found.items()}


@on_postgresql
def test_commits_that_are_measured_are_waited_for(started: Database, stored: Stored) -> None:
    written = "SELECT pg_current_wal_insert_lsn()"
    before, rows = stored.rows(written), stored.as_it_lies()
    probe.commit_seconds(started)
    assert stored.rows(written) > before
    assert stored.as_it_lies() == rows


@on_sqlite
@pytest.mark.usefixtures("hearth")
def test_a_disk_without_room_is_told(environ: Environ, tmp_path: Path) -> None:
    ended = with_little_room("doctor", environ=environ, folder=tmp_path)
    assert ended.code == 1
    assert "bad   the disk of the database takes no write (OSError) - make room" in ended.out


@pytest.mark.parametrize(
    ("free", "size", "verdict"),
    [
        (50_000_000, 1, Verdict.BAD),
        (500_000_000, 1, Verdict.LOOK),
        (5_000_000_000, 1, Verdict.OK),
        (5_000_000_000, 4_000_000_000, Verdict.LOOK),
    ],
)
def test_little_room_is_told(free: int, size: int, verdict: Verdict) -> None:
    found = stored_checks.room(free, size)
    assert found.verdict is verdict
    assert f"{free // 1_000_000:,} MB" in found.what


@pytest.mark.parametrize(
    ("seconds", "verdict"), [(0.003, Verdict.OK), (0.2, Verdict.LOOK), (0.9, Verdict.BAD)]
)
def test_a_slow_disk_is_told(seconds: float, verdict: Verdict) -> None:
    found = stored_checks.speed(seconds)
    assert found.verdict is verdict
    assert f"about {seconds * 1000:.1f} ms" in found.what


# Keys and cells


def test_a_key_that_is_missing_and_one_that_is_wrong_are_each_told(
    started: Database, doctor: Examine, keyring: Keyring
) -> None:
    second = Keyring("second", {"second": os.urandom(32), **keyring.keys})
    keys.check(started, second)
    lines = only(doctor(HEARTH_KEYS=f"{new_key('third')},{new_key('test')}"), "bad")
    assert "the database knows the key second, HEARTH_KEYS does not" in lines[0]
    assert "the key test in HEARTH_KEYS is not the database's" in lines[1]
    assert len(lines) == 2
    assert list(keys.known(started)) == ["second", "test"]


def executed(statement: Update, connection: Connection) -> None:
    connection.execute(statement)


def test_cells_of_unknown_keys_of_none_and_of_older_ones_are_counted(
    started: Database, doctor: Examine, keyring: Keyring
) -> None:
    filled(started, keyring, 10)
    with started.read() as connection:
        rows = connection.execute(checkins.select()).all()
    cells = {
        rows[0].id: b"\x07unknown" + rows[0].note[5:],
        rows[1].id: b"",
        rows[2].id: b"\xff\xff",
    }
    for row, cell in cells.items():
        lay = update(checkins).where(checkins.c.id == row).values(note=cell)
        started.write(partial(executed, lay))
    lines = doctor(HEARTH_KEYS=f"{new_key('new')},{KEY}")
    told = [line for line in lines if "encrypted cell" in line]
    assert told[0].startswith("bad   1 encrypted cell is written with keys that HEARTH_KEYS does")
    assert told[1].startswith("bad   2 encrypted cells are damaged")
    assert told[2].startswith("look  7 encrypted cells are written with an older key")
    assert "`hearth keys rotate`" in told[2]
    assert len(told) == 3


def test_of_many_cells_those_are_counted_for_which_there_is_time(
    started: Database, doctor: Examine, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(started, keyring, 900)
    monkeypatch.setattr(stored_checks, "CELLS_SECONDS", -1)
    (line,) = only(doctor(), "look")
    assert "only 200 encrypted cells were looked at - `hearth keys list`" in line


# The machine


def test_a_machine_without_time_zones_is_told(
    started: Database, environ: Environ, tmp_path: Path
) -> None:
    bare = tmp_path / "bare"
    (bare / "tzdata").mkdir(parents=True)
    (bare / "tzdata" / "__init__.py").touch()
    without = {"PYTHONTZPATH": "", "PYTHONPATH": f"{bare}{os.pathsep}{ROOT}"}
    ended = hearth("doctor", environ=environ | without, folder=tmp_path, anew=True)
    assert ended.code == 1
    assert "bad   this machine has no time zones" in ended.out


def test_tables_that_are_gone_do_not_stop_the_doctor(
    started: Database, doctor: Examine, stored: Stored
) -> None:
    stored.change("ALTER TABLE checkins RENAME TO x", "ALTER TABLE encryption_keys RENAME TO y")
    lines = only(doctor(), "bad")
    assert "keys of the database cannot be read" in lines[0]
    assert "encrypted cells cannot be read" in lines[1]
    assert len(lines) == 2
