"""The database fails in the middle of sending: full, away, or gone in the moment of a commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

import pytest
from sqlalchemy import Connection, event

from app import Hearth
from bot.delivery import carrier
from sandbox import Person, Sandbox
from tests.conftest import Stored, filled_in, on_sqlite
from tests.integration.outbox import settled
from tests.integration.weather.conftest import LONG, asked, assert_known, rows, share, shown
from tests.stored import StoredFile, away
from tests.waiting import until

PATIENT, IMPATIENT = carrier.NOTE_PAUSES, ()
"""Whether a sender tries again to note what Slack took, or leaves it to whoever comes next."""

either = pytest.mark.parametrize("pauses", [PATIENT, IMPATIENT], ids=["patient", "impatient"])


@either
def test_the_database_goes_away_in_the_middle_of_sending_and_returns(
    workspace: Sandbox,
    hearth: Hearth,
    member: Person,
    stored: Stored,
    pauses: tuple[float, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(carrier, "NOTE_PAUSES", pauses)
    member.types("/checkin")
    with workspace.hold("chat.postMessage", "after") as hold:
        assert member.submits(filled_in(share="mood_and_capacity", mood=2)).ok
        member.closes(all=True)
        hold.wait()
        member.types("/checkin")
        with away(stored, "outbox"):
            hold.release()
            refused = member.submits(filled_in(share="mood_and_capacity", mood=5))
            assert any("still here" in words for words in refused.errors.values()), refused
    assert member.submits().ok
    workspace.clock.advance(LONG)
    settled(hearth)
    assert shown(workspace) == [5]
    assert asked(workspace) == 1
    assert_known(workspace, stored)


@on_sqlite
@either
def test_the_disk_is_full_when_it_is_to_be_noted(
    workspace: Sandbox,
    hearth: Hearth,
    member: Person,
    stored: StoredFile,
    pauses: tuple[float, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(carrier, "NOTE_PAUSES", pauses)
    # SQLite takes the size that it has, and grows no further; so noting has to need room.
    stored.change(
        "CREATE TABLE ballast (weight)",
        "CREATE TRIGGER heavy AFTER UPDATE ON outbox WHEN NEW.state = 'sent'"
        " BEGIN INSERT INTO ballast VALUES (zeroblob(100000)); END",
    )
    refused: list[Connection] = []
    pages = 1_000_000

    def limit(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    event.listen(hearth.database.engine, "begin", limit)
    event.listen(hearth.database.engine, "rollback", refused.append)
    with workspace.hold("chat.postMessage", "after") as hold:
        share(member)
        hold.wait()
        pages = 1
    until(lambda: refused, "there was room")
    pages = 1_000_000
    if not pauses:
        workspace.clock.advance(LONG)
    settled(hearth)
    assert asked(workspace, "conversations.history") == (0 if pauses else 1)
    assert stored.count("ballast") == 1
    assert shown(workspace) == [4]
    assert asked(workspace) == 1
    assert_known(workspace, stored)


# A commit that nobody hears of


@contextmanager
def nobody_hears(hearth: Hearth, stored: Stored, of: str) -> Iterator[Callable[[], bool]]:
    """Let the database do a commit and hang up: the first after which the query finds something.

    Gives a function that says whether that has happened.
    """
    done: list[bool] = []
    one_at_a_time = Lock()  # or another thread's commit would be taken for the one meant

    def commit(connection: Connection) -> None:
        driver: Any = connection.connection.dbapi_connection
        with one_at_a_time:
            driver.commit()
            if not done and stored.rows(of):
                done.append(True)
                driver.close()

    event.listen(hearth.database.engine, "commit", commit)
    yield lambda: bool(done)
    event.remove(hearth.database.engine, "commit", commit)
    assert done, "there was no such commit"


def test_a_form_whose_commit_nobody_heard_of_is_saved_again_and_posted_once(
    workspace: Sandbox, hearth: Hearth, member: Person, stored: Stored
) -> None:
    member.types("/checkin")
    with nobody_hears(hearth, stored, "SELECT 1 FROM checkins"):
        refused = member.submits(filled_in(share="mood_and_capacity"))
        assert refused.outcome == "errors"
    assert member.submits().ok
    settled(hearth)
    assert shown(workspace) == [4]
    assert asked(workspace) == 1
    assert stored.count("checkins") == stored.count("outbox") == 1


def test_a_delivery_whose_taking_up_nobody_heard_of_is_looked_for_and_then_sent(
    workspace: Sandbox, hearth: Hearth, member: Person, stored: Stored
) -> None:
    with nobody_hears(hearth, stored, "SELECT 1 FROM outbox WHERE state = 'sending'") as heard:
        share(member)
        until(heard)
    workspace.clock.advance(LONG)
    settled(hearth)
    assert asked(workspace, "conversations.history") == 1
    assert shown(workspace) == [4]
    assert asked(workspace) == 1
    assert_known(workspace, stored)


@pytest.mark.parametrize("deed", ["post", "change", "take away"])
def test_a_delivery_whose_noting_nobody_heard_of_stays_as_it_was_noted(
    workspace: Sandbox, hearth: Hearth, member: Person, stored: Stored, deed: str
) -> None:
    if deed != "post":
        share(member, 2)
        settled(hearth)
    before = stored.count("outbox")
    query = f"SELECT 1 FROM outbox WHERE id > {before} AND state = 'sent'"  # noqa: S608
    with nobody_hears(hearth, stored, query) as heard:
        share(member, 5, part="nothing" if deed == "take away" else "mood_and_capacity")
        until(heard)
    settled(hearth)
    assert shown(workspace) == ([] if deed == "take away" else [5])
    assert asked(workspace) == 1
    assert {row[1] for row in rows(stored)} == {"sent"}
    assert_known(workspace, stored)
