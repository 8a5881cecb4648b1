"""Starting: it works, or one message says in words what to mend and nothing was changed."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from app import Hearth
from bot.errors import CannotStart
from bot.settings import new_key
from sandbox import Sandbox
from storage.engine import PATIENCE_SECONDS
from tests.conftest import (
    KEY,
    Lock,
    Stored,
    on_postgresql,
    on_sqlite,
    settings_for,
)
from tests.integration.doctors import Environ
from tests.integration.processes import Ended, Running, hearth, with_little_room
from tests.integration.slack import Line
from tests.integration.used import used
from tests.stored import StoredFile, StoredOnServer

# Settings


def test_without_any_setting_all_that_is_missing_is_named_at_once(
    refused: Callable[[Environ], Ended],
) -> None:
    complaint = refused({}).err
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "HEARTH_KEYS"):
        assert f"{name} is missing" in complaint
    assert "api.slack.com/apps" in complaint
    assert "hearth key" in complaint


def test_without_a_key_it_says_how_to_make_one_and_stores_nothing(
    refused: Callable[[Environ], Ended], environ: Environ, stored: Stored
) -> None:
    stored.make_anew()
    del environ["HEARTH_KEYS"]
    complaint = refused(environ).err
    assert "HEARTH_KEYS is missing" in complaint
    assert "hearth key" in complaint
    assert "SLACK_BOT_TOKEN" not in complaint
    assert stored.tables() == []


@on_sqlite  # it ends before any database is opened
def test_another_server_than_slack_must_be_meant(
    refused: Callable[[Environ], Ended], environ: Environ, workspace: Sandbox
) -> None:
    del environ["HEARTH_ALLOW_OTHER_SLACK"]
    assert "HEARTH_ALLOW_OTHER_SLACK=yes" in refused(environ).err
    assert workspace.calls() == []


def test_a_new_key_is_printed_and_can_be_used_as_it_is(
    workspace: Sandbox, environ: Environ, tmp_path: Path
) -> None:
    made, another = (hearth("key", folder=tmp_path) for _ in range(2))
    assert (made.code, made.err) == (0, "")
    assert made.out != another.out
    del environ["HEARTH_KEYS"]
    (tmp_path / ".env").write_text(made.out)
    running = Running(environ, tmp_path)
    try:
        running.until_connected(workspace)
    finally:
        running.close()


# Slack


@on_sqlite  # it ends before any database is opened
@pytest.mark.parametrize(
    ("setting", "token", "place"),
    [
        ("SLACK_BOT_TOKEN", "xoxb-wrong", "OAuth & Permissions"),
        ("SLACK_APP_TOKEN", "xapp-wrong", "Basic Information"),
    ],
)
def test_a_wrong_token_is_told_with_slacks_reason_and_where_to_look(
    refused: Callable[[Environ], Ended], environ: Environ, setting: str, token: str, place: str
) -> None:
    complaint = refused(environ | {setting: token}).err
    assert "Slack answered invalid_auth" in complaint
    assert setting in complaint
    assert place in complaint
    assert token not in complaint


@on_sqlite  # it ends before any database is opened
@pytest.mark.parametrize(
    ("method", "error", "setting"),
    [
        ("auth.test", "account_inactive", "SLACK_BOT_TOKEN"),
        ("auth.test", "token_revoked", "SLACK_BOT_TOKEN"),
        ("apps.connections.open", "missing_scope", "SLACK_APP_TOKEN"),
    ],
)
def test_slacks_own_reason_is_told(
    workspace: Sandbox, stored: Stored, method: str, error: str, setting: str
) -> None:
    workspace.fail(method, error=error, times=9)
    with pytest.raises(CannotStart, match=f"{error}.*{setting}"):
        Hearth(settings_for(workspace, stored.url)).start()


@on_sqlite  # it ends before any database is opened
@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("auth.test", {"status": 503}),
        ("auth.test", {"error": "fatal_error"}),
        ("apps.connections.open", {"error": "internal_error"}),
    ],
)
def test_a_slack_with_troubles_of_its_own_blames_no_token(
    workspace: Sandbox, stored: Stored, method: str, fault: dict[str, Any]
) -> None:
    workspace.fail(method, **fault)
    with pytest.raises(CannotStart) as refusal:
        Hearth(settings_for(workspace, stored.url)).start()
    assert "TOKEN" not in str(refusal.value)
    assert "Slack" in str(refusal.value)


@on_sqlite  # it ends before any database is opened
def test_when_slack_is_not_there_it_says_so(
    refused: Callable[[Environ], Ended], environ: Environ
) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: every call is refused
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}/api/"
        assert "Slack could not be reached" in refused(environ | {"SLACK_API_URL": nobody}).err


@on_sqlite  # it ends before any database is opened
@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>"])
def test_when_something_else_answers_in_slacks_place_it_says_so(
    workspace: Sandbox, refused: Callable[[Environ], Ended], environ: Environ, answer: bytes
) -> None:
    line = Line(workspace)
    line.broken = answer
    complaint = refused(environ | {"SLACK_API_URL": line.api_url}).err
    line.cut()
    assert "Slack" in complaint


# The database


def missing_folder(file: Path) -> Path:
    return file.parent / "nowhere" / "hearth.db"


def folder(file: Path) -> Path:
    file.mkdir()
    return file


def below_a_file(file: Path) -> Path:
    file.write_text("not a folder")
    return file / "hearth.db"


def no_database(file: Path) -> Path:
    file.write_bytes(b"this is a letter, not a database\n" * 200)
    return file


def somebody_elses(file: Path) -> Path:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE people (name)")
    return file


@on_sqlite
@pytest.mark.parametrize(
    "make", [missing_folder, folder, below_a_file, no_database, somebody_elses]
)
def test_a_file_that_cannot_be_used_is_named_and_left_alone(
    workspace: Sandbox, stored: StoredFile, make: Callable[[Path], Path]
) -> None:
    stored.make_anew()
    file = make(stored.file)
    before = stored.as_it_lies()
    with pytest.raises(CannotStart, match="cannot be used") as refusal:
        Hearth(settings_for(workspace, f"sqlite:///{file}")).start()
    assert str(file) in str(refusal.value)
    assert stored.as_it_lies() == before


@on_postgresql
def test_a_database_that_the_server_does_not_have_is_named_without_the_password(
    refused: Callable[[Environ], Ended], environ: Environ, stored: StoredOnServer
) -> None:
    complaint = refused(environ | {"DATABASE_URL": stored.server.url("nowhere")}).err
    assert "database nowhere cannot be used" in complaint
    assert "DATABASE_URL" in complaint


@on_postgresql
def test_a_server_that_does_not_run_is_told_without_the_password(
    refused: Callable[[Environ], Ended], environ: Environ, stored: StoredOnServer
) -> None:
    with stored.server.stopped():
        assert "whether its server runs" in refused(environ).err


@on_postgresql
def test_a_database_of_somebody_else_on_the_server_is_left_alone(
    refused: Callable[[Environ], Ended], environ: Environ, stored: Stored
) -> None:
    stored.make_anew()
    stored.change("CREATE TABLE people (name text)")
    assert "cannot be used" in refused(environ).err
    assert stored.tables() == ["people"]


def test_a_database_that_another_program_keeps_is_told(
    workspace: Sandbox, stored: Stored, locked: Lock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.operations.opening.PATIENCE_SECONDS", 0)
    locked()
    with pytest.raises(CannotStart, match="kept by another program"):
        Hearth(settings_for(workspace, stored.url)).start()


@pytest.mark.parametrize("fresh", [True, False], ids=["fresh", "migrated"])
def test_a_database_that_another_program_holds_for_a_while_is_waited_for(
    workspace: Sandbox, stored: Stored, locked: Lock, *, fresh: bool
) -> None:
    if fresh:
        stored.make_anew()
    let_go, running = locked(), Hearth(settings_for(workspace, stored.url))
    with ThreadPoolExecutor(1) as pool:
        starting = pool.submit(running.start)
        Event().wait(1.5 * PATIENCE_SECONDS)
        let_go()
        starting.result()
    running.stop()
    assert stored.count("encryption_keys") == 1


@on_sqlite
def test_a_disk_without_room_is_told(environ: Environ, tmp_path: Path) -> None:
    ended = with_little_room("run", environ=environ, folder=tmp_path)
    assert ended.code == 2
    assert "room" in ended.err
    assert "Traceback" not in ended.err


def test_a_database_of_a_newer_hearth_is_refused_and_not_touched(
    workspace: Sandbox, stored: Stored, refused: Callable[[Environ], Ended], environ: Environ
) -> None:
    used(workspace, stored)
    stored.change("UPDATE alembic_version SET version_num = '9999'")
    before = stored.as_it_lies()
    assert "newer Hearth" in refused(environ).err
    assert stored.as_it_lies() == before


# Keys


@pytest.mark.parametrize(
    ("keys", "words"),
    [(new_key("test"), "another key of that name"), (new_key("other"), "does not have it")],
    ids=["another key of the same name", "a key of another name"],
)
def test_a_wrong_key_is_refused_by_its_name_and_nothing_is_changed(
    workspace: Sandbox,
    stored: Stored,
    refused: Callable[[Environ], Ended],
    environ: Environ,
    keys: str,
    words: str,
) -> None:
    used(workspace, stored)
    before = stored.as_it_lies()
    complaint = refused(environ | {"HEARTH_KEYS": keys}).err
    assert "key test" in complaint or "key named test" in complaint
    assert words in complaint
    assert "othing was changed" in complaint
    assert stored.as_it_lies() == before


def test_after_a_new_key_comes_first_the_old_notes_still_open(
    workspace: Sandbox, stored: Stored
) -> None:
    used(workspace, stored)
    both = f"{new_key('second')},{KEY}"
    used(workspace, stored, keys=both)
    assert stored.rows("SELECT substr(note, 2, 6) FROM checkins") == [(b"second",)]
    stored.age_checkins()
    used(workspace, stored, keys=both)
    with pytest.raises(CannotStart, match="second"):
        Hearth(settings_for(workspace, stored.url)).start()
