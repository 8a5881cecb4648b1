"""Help for the tests of help: who leads, what is set up, and what somebody reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from app import Hearth
from sandbox import Person
from storage import programme
from tests.conftest import top
from tests.integration.slack import texts

GERMAN = "0800 111 0 111"
DAY = timedelta(days=1)
Mark = Callable[..., None]


def set_up(hearth: Hearth, name: str, value: Any) -> None:
    now = datetime.now(UTC)
    assert hearth.database.write(
        lambda connection: programme.put(connection, name, value, revision=0, by=None, now=now)
    )


def words(person: Person) -> str:
    return "\n".join(texts(top(person)["blocks"], "mrkdwn"))
