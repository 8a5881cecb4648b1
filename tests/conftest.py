"""What tests start from: a workspace, Hearth inside it, and its database."""

from __future__ import annotations

import gc
import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from app import Hearth
from bot.domain.pacing import Pace
from bot.ports import SystemClock
from bot.settings import Settings, load, new_key
from sandbox import Person, Sandbox
from storage.engine import Database
from storage.migrate import migrate
from tests.compiled import keep_for_all_engines
from tests.hours import at_office_hours
from tests.logs import assert_names_nobody, logged
from tests.parallel import InOneProcess
from tests.postgres import Server, serving
from tests.stored import Stored as Stored  # for the tests
from tests.stored import StoredFile, StoredOnServer
from tests.temporary import in_memory

pytest.register_assert_rewrite("tests.integration")  # its helpers say what they saw as well

ROOT = Path(__file__).parents[1]
NO_FILE = Path(os.devnull)
KEY = new_key("test")
AGREED: dict[str, dict[str, Any]] = {"country": {"country": "DE"}, "agreed": {"agreed": ["yes"]}}


def pytest_configure() -> None:
    """Let what tests write lie in memory, unless somebody named another folder.

    What Python compiled is kept, whatever the machine is set to: hundreds of processes need it.
    """
    if folder := in_memory():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    keep_for_all_engines()
    # The same examples each time, so that what fails was broken by the change at hand; for others
    # there is ARGS="--hypothesis-profile explore".
    settings.register_profile("same each time", derandomize=True, deadline=None)
    settings.register_profile("explore", deadline=None, max_examples=2_000)
    settings.load_profile("same each time")


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and never among the tests themselves, which stay until the end.

    To look as often as Python does by itself takes a tenth of the whole time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> InOneProcess:
    """Keep together what belongs together."""
    return InOneProcess(config, log)


Lock = Callable[[], Callable[[], None]]
"""Holds the database as another program would, and returns what lets go of it."""


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


on_sqlite = pytest.mark.parametrize("stored", ["sqlite"], indirect=True)
"""For what only a file can do."""

on_postgresql = pytest.mark.parametrize("stored", ["postgresql"], indirect=True)
"""For what only a server can do."""


def settings_for(workspace: Sandbox, database_url: str, *, keys: str = KEY) -> Settings:
    return load(NO_FILE, environ_for(workspace, database_url, keys=keys))


def environ_for(workspace: Sandbox, database_url: str, *, keys: str = KEY) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_APP_TOKEN": workspace.app_token,
        "SLACK_API_URL": workspace.api_url,
        "HEARTH_ALLOW_OTHER_SLACK": "yes",
        "DATABASE_URL": database_url,
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
    """A fresh workspace of the small company, by day."""
    with Sandbox(manifest=ROOT / "manifest.yml") as box:
        yield at_office_hours(box)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server, started for the first test that asks for it."""
    with serving() as running:
        yield running


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in a file with its tables, to be copied: to make them anew takes longer."""
    file = tmp_path_factory.mktemp("migrated") / "hearth.db"
    with closing(Database(f"sqlite:///{file}")) as database:
        migrate(database, now=SystemClock().now())
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stored]:
    """A fresh database of either kind, so that whatever uses it is tested on both."""
    if request.param == "sqlite":
        file = tmp_path / "hearth.db"
        shutil.copy(request.getfixturevalue("migrated_file"), file)
        yield StoredFile(file)
        return
    server: Server = request.getfixturevalue("server")
    with server.database() as name:
        yield StoredOnServer(server, name)


@pytest.fixture
def pace() -> Pace | None:
    """Slack's own pace would make every test wait a second for each change; None is in earnest."""
    return Pace(channel_seconds=0.0, per_second=1000.0, burst=100.0)


@pytest.fixture
def hearth(workspace: Sandbox, stored: Stored, pace: Pace | None) -> Iterator[Hearth]:
    """Hearth, connected to the workspace."""
    running = Hearth(settings_for(workspace, stored.url), workspace.clock, pace)
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
def locked(stored: Stored) -> Iterator[Lock]:
    """Give a function that holds the database as another program would; it returns the end."""
    with ExitStack() as held:

        def lock() -> Callable[[], None]:
            let_go = stored.hold()
            held.callback(let_go)
            return let_go

        yield lock
