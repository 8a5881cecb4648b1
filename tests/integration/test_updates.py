"""A start with a newer version: the database follows, or stays as it was."""

from __future__ import annotations

import shutil
from pathlib import Path

from sandbox import Sandbox
from storage.migrate import OURS
from tests.conftest import (
    ROOT,
    Stored,
    on_postgresql,
    on_sqlite,
)
from tests.integration.doctors import Environ
from tests.integration.processes import Running, hearth
from tests.integration.used import used
from tests.logs import NOTE
from tests.stored import StoredFile

MIGRATION = '''"""A table more."""

from alembic import op

revision, down_revision, branch_labels, depends_on = "next", "{head}", None, None


def upgrade():
    op.execute("CREATE TABLE more (id INTEGER)")
    op.execute("{then}")
'''


def next_version(folder: Path, then: str) -> None:
    """Lay a copy of `storage` into the folder that has one migration more."""
    shutil.copytree(ROOT / "storage", folder / "storage")
    module = folder / "storage" / "migrate.py"
    module.write_text(module.read_text().replace(f'"{OURS.head}"', '"next"'))
    migration = MIGRATION.format(head=OURS.head, then=then)
    (folder / "storage/migrations/versions/next.py").write_text(migration)


def updated(workspace: Sandbox, environ: Environ, folder: Path) -> str:
    """Start the next version, see that Maya's note can be read, and return what it logged."""
    next_version(folder, "DROP INDEX ix_checkins_day")
    running = Running(environ, folder, anew=True)
    try:
        running.until_connected(workspace)
        maya = workspace.person("maya")
        maya.types("/checkin history")
        assert maya.is_shown(NOTE)
    finally:
        running.close()
    return running.errors()


@on_sqlite
def test_a_file_from_before_is_copied_and_then_brought_up_to_date(
    workspace: Sandbox, stored: StoredFile, environ: Environ, tmp_path: Path
) -> None:
    used(workspace, stored)
    rows = stored.rows("SELECT id, note FROM checkins")
    log = updated(workspace, environ, tmp_path)
    assert stored.rows("SELECT version_num FROM alembic_version") == [("next",)]
    assert stored.rows("SELECT id, note FROM checkins") == rows
    (file,) = stored.file.parent.glob("*.bak")
    assert file.name in log
    assert file.stat().st_mode & 0o077 == 0
    copy = StoredFile(file)
    assert copy.rows("SELECT version_num FROM alembic_version") == [(OURS.head,)]
    assert copy.rows("SELECT id, note FROM checkins") == rows
    assert copy.is_whole()


@on_postgresql
def test_a_servers_database_from_before_is_brought_up_to_date_and_the_log_says_without_a_copy(
    workspace: Sandbox, stored: Stored, environ: Environ, tmp_path: Path
) -> None:
    used(workspace, stored)
    rows = stored.rows("SELECT id, note FROM checkins")
    log = updated(workspace, environ, tmp_path)
    assert stored.rows("SELECT version_num FROM alembic_version") == [("next",)]
    assert stored.rows("SELECT id, note FROM checkins") == rows
    assert log.count("without a copy") == 1


def test_an_update_that_fails_half_way_leaves_the_database_as_it_was(
    workspace: Sandbox, stored: Stored, environ: Environ, tmp_path: Path
) -> None:
    used(workspace, stored)
    before = stored.tables()
    next_version(tmp_path, "DROP TABLE nothing")
    ended = hearth("run", environ=environ, folder=tmp_path, anew=True)
    assert ended.code == 2
    assert "cannot be used" in ended.err
    assert stored.tables() == before
    assert stored.rows("SELECT version_num FROM alembic_version") == [(OURS.head,)]


def test_two_that_start_at_once_on_a_fresh_database_both_come_up(
    workspace: Sandbox, environ: Environ, stored: Stored, tmp_path: Path
) -> None:
    stored.make_anew()
    both = [Running(environ, tmp_path) for _ in range(2)]
    try:
        for each in both:
            each.until_connected(workspace)
    finally:
        for each in both:
            each.close()
    assert stored.rows("SELECT version_num FROM alembic_version") == [(OURS.head,)]
    assert stored.count("encryption_keys") == 1
