"""The doctor: what is well, what is not, what to do about it, and that nothing was changed."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import yaml
from sqlalchemy import Connection, Update, text, update

from bot.operations.doctor import Finding, Verdict, examine, slack
from bot.operations.doctor import database as stored_checks
from bot.operations.doctor.findings import Check, bad, exit_code, ok, run
from bot.ports import SystemClock
from bot.settings import Settings, load, new_key
from sandbox import Sandbox, seed
from storage import keys, migrate, probe
from storage.checkins import checkins
from storage.encryption import Keyring
from storage.engine import Database
from tests.conftest import KEY, ROOT, Stored, environ_for, secrets_of
from tests.integration.processes import Ended, Line, change, hearth
from tests.integration.test_keys import filled
from tests.logs import assert_names_nobody

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
MANIFEST = ROOT / "manifest.yml"
Environ = dict[str, str]
Examine = Callable[..., list[str]]


@pytest.fixture
def url(stored: Stored) -> str:
    return f"sqlite:///{stored.file}"


@pytest.fixture
def environ(workspace: Sandbox, stored: Stored) -> Environ:
    return environ_for(workspace, stored.file)


@pytest.fixture
def database(url: str, keyring: Keyring) -> Iterator[Database]:
    """A database that Hearth was started with."""
    opened = Database(url)
    migrate.migrate(opened, now=NOW)
    keys.check(opened, keyring)
    yield opened
    opened.close()


@pytest.fixture
def keyring(environ: Environ) -> Keyring:
    settings = configured(environ)
    return Keyring(settings.primary_key, settings.keys)


def configured(environ: Environ) -> Settings:
    return load(Path(os.devnull), environ)


@pytest.fixture
def doctor(environ: Environ, workspace: Sandbox) -> Examine:
    """Give a function that examines and returns each line; settings may be given another way."""

    def examined(*, manifest: Path = MANIFEST, clock: Any = None, **settings: str) -> list[str]:
        found = examine(
            configured(environ | settings), manifest=manifest, clock=clock or SystemClock()
        )
        lines = [str(each) for each in found]
        assert_names_nobody("\n".join(lines), secrets_of(workspace))
        assert all(" - " in line for line in lines if not line.startswith("ok"))
        return lines

    return examined


def only(lines: list[str], verdict: str) -> list[str]:
    return [line for line in lines if line.startswith(verdict)]


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below, without SQLite's journals, which come and go."""
    files = [f for f in folder.rglob("*") if f.is_file() and not f.name.endswith(("-wal", "-shm"))]
    return {str(file): file.read_bytes() for file in files}


# All is well


def test_when_all_is_well_every_line_says_so_and_nothing_is_changed(
    database: Database, doctor: Examine, stored: Stored, workspace: Sandbox
) -> None:
    database.close()
    before = contents(stored.file.parent)
    lines = doctor()
    assert [line for line in lines if not line.startswith("ok    ")] == []
    assert contents(stored.file.parent) == before
    assert {call["method"] for call in workspace.calls()} == {"auth.test", "apps.connections.open"}
    told = "\n".join(lines)
    for what in (
        "settings are complete",
        "takes SLACK_BOT_TOKEN",
        "granted the scopes of manifest.yml",
        "clock agrees",
        "takes SLACK_APP_TOKEN",
        f"the database {stored.file} opens",
        "can be written",
        "ms for the disk",
        "MB free",
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
    database: Database, environ: Environ, tmp_path: Path
) -> None:
    ended = hearth("doctor", environ=environ, folder=tmp_path)
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert len(lines) == 12
    assert all(re.fullmatch(r"(ok|look|bad) +\S.*\S", line) for line in lines)


def test_for_a_script_it_prints_the_same_as_json(
    database: Database, environ: Environ, tmp_path: Path
) -> None:
    database.write(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))
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


# Slack


@pytest.mark.parametrize(
    ("method", "setting"),
    [("auth.test", "SLACK_BOT_TOKEN"), ("apps.connections.open", "SLACK_APP_TOKEN")],
)
@pytest.mark.parametrize(
    ("fault", "verdict", "words"),
    [
        ({"error": "invalid_auth"}, "bad", "invalid_auth to {setting}"),
        ({"error": "ratelimited"}, "look", "patience before {setting}"),
        ({"error": "fatal_error"}, "bad", "trouble of its own"),
        ({"error": "<xoxb-1>"}, "bad", "trouble of its own"),
        ({"status": 503}, "bad", "trouble of its own"),
    ],
)
def test_slacks_own_reason_is_told_with_the_setting_to_look_at(
    database: Database,
    doctor: Examine,
    workspace: Sandbox,
    method: str,
    setting: str,
    fault: dict[str, Any],
    verdict: str,
    words: str,
) -> None:
    workspace.fail(method, **fault)
    (line,) = [each for each in doctor() if not each.startswith("ok")]
    assert line.startswith(verdict)
    assert words.format(setting=setting) in line


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
def test_a_slack_that_does_not_answer_is_told_in_time(
    database: Database,
    doctor: Examine,
    workspace: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
) -> None:
    monkeypatch.setattr(slack, "SLACK_SECONDS", 0.2)
    workspace.fail(method, delay_seconds=1)
    (line,) = [each for each in doctor() if not each.startswith("ok")]
    assert line.startswith("bad   Slack cannot be reached")


def test_where_nobody_answers_it_says_so_and_looks_at_the_rest(
    database: Database, doctor: Examine
) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: every call is refused
        lines = doctor(SLACK_API_URL=f"http://127.0.0.1:{taken.getsockname()[1]}/api/")
    assert len(only(lines, "bad   Slack cannot be reached")) == 2
    assert len(only(lines, "ok    the database")) == 2


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", b"\xff\xfe"]
)
def test_where_something_else_answers_it_says_so(
    database: Database, doctor: Examine, workspace: Sandbox, answer: bytes
) -> None:
    line = Line(workspace)
    line.broken = answer
    lines = doctor(SLACK_API_URL=line.api_url)
    line.cut()
    assert len(only(lines, "bad   Slack")) == 2


def answered(body: dict[str, Any], *headers: str) -> bytes:
    """Return an answer as it goes over the wire, with these headers only."""
    content = json.dumps(body).encode()
    head = ["HTTP/1.1 200 OK", f"Content-Length: {len(content)}", *headers, "", ""]
    return "\r\n".join(head).encode() + content


def test_an_answer_without_the_headers_is_looked_at(
    database: Database, doctor: Examine, workspace: Sandbox
) -> None:
    line = Line(workspace)
    line.broken = answered({"ok": True, "url": "ws://127.0.0.1:1/"})
    lines = doctor(SLACK_API_URL=line.api_url)
    line.cut()
    assert [each[6:24] for each in only(lines, "look")] == ["Slack did not say "] * 2
    assert only(lines, "bad") == []


def manifest_with(folder: Path, *scopes: str, **settings: Any) -> Path:
    """Write our manifest with other scopes and settings."""
    document = yaml.safe_load(MANIFEST.read_text())
    document["oauth_config"]["scopes"]["bot"] = list(scopes)
    document["settings"] |= settings
    written = folder / "manifest.yml"
    written.write_text(yaml.safe_dump(document))
    return written


def test_each_scope_that_is_missing_or_too_many_is_named(
    database: Database, doctor: Examine, tmp_path: Path
) -> None:
    lines = doctor(manifest=manifest_with(tmp_path, "commands", "chat:write", "im:write"))
    assert [line.split(" - ")[0] for line in only(lines, "bad")] == [
        "bad   the scope chat:write is missing",
        "bad   the scope im:write is missing",
    ]
    assert all("reinstall the app" in line for line in only(lines, "bad"))
    (superfluous,) = only(lines, "look")
    assert "the scope users:read is granted and not needed" in superfluous


@pytest.mark.parametrize("content", [None, b"[", b"- a list", b"oauth_config: 1", b"\xff"])
def test_a_manifest_that_cannot_be_read_is_told(
    database: Database, doctor: Examine, tmp_path: Path, content: bytes | None
) -> None:
    manifest = tmp_path / "manifest.yml"
    if content is not None:
        manifest.write_bytes(content)
    (line,) = only(doctor(manifest=manifest), "bad")
    assert "manifest.yml cannot be read" in line
    assert str(tmp_path) not in line.split(" - ")[0]


def test_a_token_of_an_app_without_socket_mode_is_told(
    stored: Stored, tmp_path: Path, database: Database
) -> None:
    manifest = manifest_with(tmp_path, "commands", "users:read", socket_mode_enabled=False)
    with Sandbox(manifest=manifest) as box:
        settings = configured(environ_for(box, stored.file))
        found = list(examine(settings, manifest=manifest, clock=SystemClock()))
    (finding,) = [each for each in found if each.verdict is Verdict.BAD]
    assert "SLACK_APP_TOKEN" in finding.what
    assert "Socket Mode switched on" in finding.then


def test_without_an_app_token_requests_are_checked_by_signature(workspace: Sandbox) -> None:
    (finding,) = slack.app_token(slack.client(workspace.api_url, ""))
    assert finding == ok("Slack's requests are checked with SLACK_SIGNING_SECRET")
    assert workspace.calls() == []


class Off:
    """A clock that goes wrong by some seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._seconds)


@pytest.mark.parametrize(
    ("seconds", "verdict", "words"),
    [
        (0, "ok", "agrees"),
        (30, "look", "ahead of"),
        (-30, "look", "behind"),
        (300, "bad", "ahead of"),
        (-86400, "bad", "behind"),
    ],
)
def test_a_clock_that_goes_wrong_is_told(
    database: Database, doctor: Examine, seconds: float, verdict: str, words: str
) -> None:
    (line,) = [each for each in doctor(clock=Off(seconds)) if "this machine's clock" in each]
    assert line.startswith(verdict)
    assert words in line


@pytest.mark.parametrize("date", ["never", "Sun, 22 Nov 2026 09:00:00", ""])
def test_a_time_that_is_none_is_looked_at(date: str) -> None:
    assert slack._time(date, NOW).verdict is Verdict.LOOK


# Channels of cohorts


Channels = Callable[..., list[Finding]]


@pytest.fixture
def channels(tmp_path: Path) -> Iterator[Channels]:
    """Give a function that looks at cohorts given as name="channel", in a workspace that lets it.

    Hearth is in #cohort-new-parents and #cohort-first-leads; not in #random, nor in #hidden,
    which is private. Any other name stands for a channel that nobody knows.
    """
    company = yaml.safe_load(seed.COMPANY.read_text())
    company["channels"].append({"name": "hidden", "private": True, "members": ["maya"]})
    planted = tmp_path / "company.yml"
    planted.write_text(yaml.safe_dump(company))
    manifest = manifest_with(tmp_path, "channels:read", "groups:read")
    with Sandbox(manifest=manifest, seed=planted) as box:
        ids = {each.name: each.id for each in box._slack.workspace.channels.values()}
        as_bot = slack.client(box.api_url, box.bot_token)

        def look_at(**cohorts: str) -> list[Finding]:
            named = [(name, ids.get(channel, "C00NOWHERE")) for name, channel in cohorts.items()]
            found = list(slack.channels(as_bot, named))
            assert not any(channel in str(found) for _, channel in named)
            return found

        yield look_at


def test_channels_with_hearth_in_them_are_well(channels: Channels) -> None:
    assert channels() == []
    (one,) = channels(Spring="cohort-new-parents")
    assert one == ok("Hearth is in the channels of 1 cohort")
    (both,) = channels(Spring="cohort-new-parents", Summer="cohort-first-leads")
    assert both == ok("Hearth is in the channels of 2 cohorts")


def test_a_channel_without_hearth_or_without_itself_is_told(channels: Channels) -> None:
    found = channels(Spring="random", Summer="hidden", Autumn="nowhere")
    assert [each.verdict for each in found] == [Verdict.BAD] * 3
    assert "not in the channel of the cohort Spring" in found[0].what
    assert "cohort Summer is gone, or private" in found[1].what
    assert "cohort Autumn is gone" in found[2].what
    assert all("/invite" in each.then for each in found)


def test_an_archived_channel_is_told(workspace: Sandbox) -> None:
    line = Line(workspace)
    line.broken = answered({"ok": True, "channel": {"is_archived": True, "is_member": True}})
    (found,) = slack.channels(slack.client(line.api_url, "xoxb-1"), [("Spring", "C1")])
    line.cut()
    assert found.verdict is Verdict.BAD
    assert "archived" in found.what


def test_channels_that_may_not_be_looked_at_are_no_alarm(workspace: Sandbox) -> None:
    (found,) = slack.channels(
        slack.client(workspace.api_url, workspace.bot_token), [("Spring", "C1")]
    )
    assert found.verdict is Verdict.LOOK
    assert "missing_scope" in found.what


def test_a_slow_slack_is_not_asked_for_every_channel(
    channels: Channels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack, "CHANNELS_SECONDS", -1)
    (found,) = channels(Spring="random", Summer="hidden")
    assert found.verdict is Verdict.LOOK
    assert "only 0 of 2" in found.what


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
def test_a_database_that_is_not_hearths_is_told_and_not_touched(
    doctor: Examine, stored: Stored, lay: Callable[[Path], None], words: str
) -> None:
    lay(stored.file)
    before = sorted(stored.file.parent.rglob("*")), contents(stored.file.parent)
    (line,) = [each for each in doctor() if not each.startswith("ok")]
    assert line.startswith(words.format(file=stored.file))
    assert (sorted(stored.file.parent.rglob("*")), contents(stored.file.parent)) == before


def test_a_database_without_tables_is_told(doctor: Examine, url: str) -> None:
    bare = Database(url)
    bare.write(lambda connection: connection.execute(text("CREATE TABLE other (id INTEGER)")))
    bare.close()
    (line,) = [each for each in doctor() if not each.startswith("ok")]
    assert line.startswith("look")
    assert "is empty" in line


def test_a_database_of_an_older_version_is_not_migrated(
    database: Database, doctor: Examine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
    assert migrate.shape(database) is migrate.Shape.CURRENT


def test_a_database_of_a_newer_version_is_told(database: Database, doctor: Examine) -> None:
    database.write(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    (line,) = only(doctor(), "bad")
    assert "newer Hearth - run that version" in line


def test_a_database_that_another_program_keeps_is_told(
    database: Database, doctor: Examine, locked: Callable[[], Any]
) -> None:
    locked()
    (line,) = only(doctor(), "bad")
    assert "cannot be written: another program keeps it" in line


def test_a_write_that_was_tried_leaves_nothing(database: Database, stored: Stored) -> None:
    before = stored.file.stat().st_mtime_ns, stored.rows("SELECT * FROM alembic_version")
    probe.try_to_write(database)
    assert (stored.file.stat().st_mtime_ns, stored.rows("SELECT * FROM alembic_version")) == before


@pytest.mark.usefixtures("hearth")
def test_a_disk_without_room_is_told(environ: Environ, tmp_path: Path) -> None:
    ended = without_room(environ, tmp_path)
    assert ended.code == 1
    assert "bad   the disk of the database takes no write (OSError) - make room" in ended.out


def without_room(environ: Environ, folder: Path) -> Ended:
    limit = (0, resource.RLIM_INFINITY)
    resource.prlimit(0, resource.RLIMIT_FSIZE, limit)  # inherited by what is started now
    try:
        return hearth("doctor", environ=environ, folder=folder)
    finally:
        resource.prlimit(0, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)


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
    database: Database, doctor: Examine, keyring: Keyring
) -> None:
    second = Keyring("second", {"second": os.urandom(32), **keyring.keys})
    keys.check(database, second)
    lines = only(doctor(HEARTH_KEYS=f"{new_key('third')},{new_key('test')}"), "bad")
    assert "the database knows the key second, HEARTH_KEYS does not" in lines[0]
    assert "the key test in HEARTH_KEYS is not the database's" in lines[1]
    assert len(lines) == 2
    assert list(keys.known(database)) == ["second", "test"]


def executed(statement: Update, connection: Connection) -> None:
    connection.execute(statement)


def test_cells_of_unknown_keys_of_none_and_of_older_ones_are_counted(
    database: Database, doctor: Examine, keyring: Keyring
) -> None:
    filled(database, keyring, 10)
    with database.read() as connection:
        rows = connection.execute(checkins.select()).all()
    cells = {
        rows[0].id: b"\x07unknown" + rows[0].note[5:],
        rows[1].id: b"",
        rows[2].id: b"\xff\xff",
    }
    for row, cell in cells.items():
        lay = update(checkins).where(checkins.c.id == row).values(note=cell)
        database.write(partial(executed, lay))
    lines = doctor(HEARTH_KEYS=f"{new_key('new')},{KEY}")
    told = [line for line in lines if "encrypted cell" in line]
    assert told[0].startswith("bad   1 encrypted cell is written with keys that HEARTH_KEYS does")
    assert told[1].startswith("bad   2 encrypted cells are damaged")
    assert told[2].startswith("look  7 encrypted cells are written with an older key")
    assert "`hearth keys rotate`" in told[2]
    assert len(told) == 3


def test_of_many_cells_those_are_counted_for_which_there_is_time(
    database: Database, doctor: Examine, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(database, keyring, 900)
    monkeypatch.setattr(stored_checks, "CELLS_SECONDS", -1)
    (line,) = only(doctor(), "look")
    assert "only 200 encrypted cells were looked at - `hearth keys list`" in line


# The machine


def test_a_machine_without_time_zones_is_told(
    database: Database, environ: Environ, tmp_path: Path
) -> None:
    bare = tmp_path / "bare"
    (bare / "tzdata").mkdir(parents=True)
    (bare / "tzdata" / "__init__.py").touch()
    without = {"PYTHONTZPATH": "", "PYTHONPATH": f"{bare}{os.pathsep}{ROOT}"}
    ended = hearth("doctor", environ=environ | without, folder=tmp_path)
    assert ended.code == 1
    assert "bad   this machine has no time zones" in ended.out


def test_what_sqlite_keeps_of_a_changed_file_does_not_stop_the_doctor(
    database: Database, doctor: Examine, stored: Stored
) -> None:
    change(stored, "DROP TABLE checkins", "DROP TABLE encryption_keys")
    lines = only(doctor(), "bad")
    assert "keys of the database cannot be read" in lines[0]
    assert "encrypted cells cannot be read" in lines[1]
    assert len(lines) == 2
