"""What tests start from: a workspace, Hearth inside it, and its database."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app import Hearth
from bot.settings import Settings, load, new_key
from sandbox import Person, Sandbox
from tests.logs import assert_names_nobody, logged

ROOT = Path(__file__).parents[1]
KEY = new_key("test")
AGREED: dict[str, dict[str, Any]] = {"country": {"country": "DE"}, "agreed": {"agreed": ["yes"]}}


def filled_in(
    *, mood: int = 4, stress: int = 2, energy: int = 3, capacity: str = "steady", **note: str
) -> dict[str, dict[str, str]]:
    """Return the values of a check-in form; `note="..."` only where a test writes one."""
    given = {"mood": str(mood), "stress": str(stress), "energy": str(energy)}
    given |= {"capacity": capacity} | note
    return {name: {name: value} for name, value in given.items()}


def top(person: Person) -> dict[str, Any]:
    """Return the modal in front of the person."""
    view = person.view
    assert view is not None, "no modal is open"
    return view


@dataclass
class Stored:
    """The database file as somebody sees it who has no key."""

    file: Path

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as connection:
            return list(connection.execute(query))

    def count(self, table: str) -> int:
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608

    def checkins(self) -> list[tuple[Any, ...]]:
        return self.rows("SELECT day, mood, stress, energy, capacity FROM checkins ORDER BY day")

    def contains(self, text: str) -> bool:
        """Whether these bytes stand anywhere in the file or its journal."""
        files = self.file.parent.glob(self.file.name + "*")
        return any(text.encode() in each.read_bytes() for each in files)


def settings_for(workspace: Sandbox, database: Path, *, keys: str = KEY) -> Settings:
    return load(Path(os.devnull), environ_for(workspace, database, keys=keys))


def environ_for(workspace: Sandbox, database: Path, *, keys: str = KEY) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_APP_TOKEN": workspace.app_token,
        "SLACK_API_URL": workspace.api_url,
        "HEARTH_ALLOW_OTHER_SLACK": "yes",
        "DATABASE_URL": f"sqlite:///{database}",
        "HEARTH_KEYS": keys,
        "HEARTH_HEALTH": "off",
    }


def secrets_of(workspace: Sandbox) -> tuple[str, ...]:
    return workspace.bot_token, workspace.app_token, KEY.partition(":")[2]


@pytest.fixture(autouse=True)
def a_log_that_names_nobody(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """Read every record of every test in which Hearth ran, once it has stopped."""
    caplog.set_level(logging.INFO)
    secrets: tuple[str, ...] = ()
    if "hearth" in request.fixturenames:
        secrets = secrets_of(request.getfixturevalue("workspace"))
    yield
    assert_names_nobody(logged(caplog), secrets)


@pytest.fixture
def workspace() -> Iterator[Sandbox]:
    """A fresh workspace of the small company, its clock on the real time."""
    with Sandbox(manifest=ROOT / "manifest.yml") as box:
        yield box


@pytest.fixture
def stored(tmp_path: Path) -> Stored:
    return Stored(tmp_path / "hearth.db")


@pytest.fixture
def hearth(workspace: Sandbox, stored: Stored) -> Iterator[Hearth]:
    """Hearth, connected to the workspace."""
    running = Hearth(settings_for(workspace, stored.file), workspace.clock)
    running.start()
    workspace.wait_until_connected()
    yield running
    running.stop()


@pytest.fixture
def maya(workspace: Sandbox, hearth: Hearth) -> Person:
    """An employee in Berlin who has not heard of Hearth yet."""
    return workspace.person("maya")


@pytest.fixture
def member(maya: Person) -> Person:
    """Maya, after she agreed and closed the form."""
    maya.types("/checkin")
    maya.submits(AGREED)
    maya.closes(all=True)
    return maya


@pytest.fixture
def locked(stored: Stored) -> Iterator[Callable[[], sqlite3.Connection]]:
    """Give a function that holds the database as another process would."""
    held: list[sqlite3.Connection] = []

    def lock() -> sqlite3.Connection:
        connection = sqlite3.connect(stored.file, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        held.append(connection)
        return connection

    yield lock
    for connection in held:
        connection.close()
