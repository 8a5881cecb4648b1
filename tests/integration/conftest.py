"""What several of these files start from: a database with its tables, an operator's settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.operations.doctor import examine
from bot.ports import SystemClock
from sandbox import Sandbox
from storage import keys, migrate
from storage.encryption import Keyring
from storage.engine import Database
from tests.conftest import Stored, environ_for, secrets_of
from tests.integration.cells import NOW
from tests.integration.doctors import MANIFEST, Environ, Examine, configured
from tests.integration.processes import Ended, hearth
from tests.logs import assert_names_nobody


@pytest.fixture
def url(stored: Stored) -> str:
    return stored.url


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A database with its tables, which knows no key yet."""
    opened = Database(url)
    migrate.migrate(opened, now=NOW)
    yield opened
    opened.close()


@pytest.fixture
def environ(workspace: Sandbox, stored: Stored) -> Environ:
    return environ_for(workspace, stored.url)


@pytest.fixture
def keyring(environ: Environ) -> Keyring:
    settings = configured(environ)
    return Keyring(settings.primary_key, settings.keys)


@pytest.fixture
def started(database: Database, keyring: Keyring) -> Database:
    """The database, after Hearth was started with it."""
    keys.check(database, keyring)
    return database


@pytest.fixture
def doctor(environ: Environ, workspace: Sandbox) -> Examine:
    """Give a function that examines and returns each line; settings may be given another way."""

    def examined(*, manifest: Path = MANIFEST, clock: Any = None, **settings: str) -> list[str]:
        clock = clock or SystemClock()
        found = examine(configured(environ | settings), manifest=manifest, clock=clock)
        lines = [str(each) for each in found]
        assert_names_nobody("\n".join(lines), secrets_of(workspace))
        assert all(" - " in line for line in lines if not line.startswith("ok"))
        return lines

    return examined


@pytest.fixture
def refused(tmp_path: Path, workspace: Sandbox) -> Callable[[Environ], Ended]:
    """Give a function that runs `hearth run`, which must refuse in words."""

    def run(environ: Environ) -> Ended:
        ended = hearth("run", environ=environ, folder=tmp_path)
        assert ended.code == 2, ended
        assert ended.out == ""
        assert "Traceback" not in ended.err
        assert_names_nobody(ended.err, secrets_of(workspace))
        return ended

    return run
