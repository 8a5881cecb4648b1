"""The tests' own server: what it lends to a test is as if nobody had used it."""

from __future__ import annotations

import pytest

from tests.postgres import Server
from tests.stored import StoredOnServer

SOMEBODY = (
    "INSERT INTO people (id, country, day_starts_minute, joined_at) VALUES ('U1', 'DE', 540, now())"
)
CONSENT = (
    "INSERT INTO consents (person_id, purpose, version, given_at)"
    " VALUES ('U1', 'lantern', '1', now())"
)


def test_what_a_test_wrote_is_gone_when_the_next_one_comes(server: Server) -> None:
    for _ in range(2):
        with server.database() as name:
            stored = StoredOnServer(server, name)
            assert [each for each in stored.tables() if stored.count(each)] == ["alembic_version"]
            stored.change(SOMEBODY, CONSENT)
            assert stored.rows("SELECT id FROM consents") == [(1,)]
            assert stored.in_tables("lantern")


def test_what_a_test_wrote_leaves_no_bytes_for_the_next_one_to_find(server: Server) -> None:
    with server.database() as name:
        StoredOnServer(server, name).change(SOMEBODY, CONSENT)
    with server.database() as again:
        assert again == name
        assert not StoredOnServer(server, again).contains("lantern")


def test_the_journal_tells_what_a_test_wrote_also_once_it_is_gone(server: Server) -> None:
    with server.database() as name:
        stored = StoredOnServer(server, name)
        stored.change(SOMEBODY, CONSENT)
        stored.change("TRUNCATE consents")
        assert not stored.in_tables("lantern")
        assert stored.contains("lantern")


def test_nobody_is_left_who_still_holds_it(server: Server) -> None:
    with server.database() as name:
        other = server.connect(name)
        other.execute("BEGIN")
        other.execute("LOCK TABLE people IN ACCESS EXCLUSIVE MODE")
    with server.database() as again:
        assert again == name
        assert StoredOnServer(server, again).count("people") == 0
    other.close()


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE people RENAME TO elsewhere",
        "ALTER TABLE posts DROP COLUMN channel",
        "ALTER TABLE posts ADD COLUMN more integer",
        "ALTER TABLE posts ALTER COLUMN channel SET DEFAULT 'C1'",
        "DROP TABLE posts",
        "DROP TABLE alembic_version",
        "UPDATE alembic_version SET version_num = '0001'",
        "CREATE TABLE more (id integer)",
        "CREATE SCHEMA more",
        "CREATE FUNCTION more() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "GRANT SELECT ON people TO PUBLIC",
        pytest.param(
            "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database()"
            " || ' SET timezone = ''Asia/Kolkata'''; END $$",
            id="ALTER DATABASE SET timezone",
        ),
    ],
)
def test_a_database_that_was_changed_otherwise_is_not_lent_again(
    server: Server, change: str
) -> None:
    with server.database() as name:
        StoredOnServer(server, name).change(change)
    with server.database() as another:
        assert another != name
