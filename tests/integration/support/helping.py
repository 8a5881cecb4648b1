"""Help for the tests of help: who leads, what is set up, and what somebody reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from app import Hearth
from sandbox import Person
from storage import programme
from tests.conftest import Stored, top
from tests.integration.slack import texts
from tests.stored import StoredOnServer

GERMAN = "0800 111 0 111"
DAY = timedelta(days=1)
Mark = Callable[..., None]


def set_up(hearth: Hearth, name: str, value: Any) -> None:
    now = datetime.now(UTC)
    assert hearth.database.write(
        lambda connection: programme.put(connection, name, value, revision=0, by=None, now=now)
    )


@contextmanager
def away(stored: Stored) -> Iterator[None]:
    """Take the database away for a while."""
    if isinstance(stored, StoredOnServer):
        with stored.server.stopped():
            yield
        return
    stored.change("ALTER TABLE people RENAME TO elsewhere")
    yield
    stored.change("ALTER TABLE elsewhere RENAME TO people")


def words(person: Person) -> str:
    return "\n".join(texts(top(person)["blocks"], "mrkdwn"))
