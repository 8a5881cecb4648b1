"""Two who do something about a cohort at the same moment: neither is ended for the other's sake."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from typing import Any

import pytest
from sqlalchemy import event

from storage.engine import Database
from tests.conftest import on_postgresql
from tests.integration.rituals.races import Replica, everything_is_due
from tests.stored import StoredOnServer
from tests.waiting import until

pytestmark = on_postgresql

CLAIM, HOLD = "UPDATE ritual_occurrences", "FOR UPDATE"
OPEN_ONES = "SELECT ritual_occurrences.id, ritual_occurrences.ritual_id, ritual_occurrences.on_date"

MEET = [
    ("tick", CLAIM, "leave"),
    ("tick", CLAIM, "close"),
    ("tick", OPEN_ONES, "leave"),
    ("leave", "DELETE FROM cohort_members", "tick"),
    ("close", "UPDATE cohorts SET closed_at", "tick"),
    ("tick", "pg_try_advisory_xact_lock", "close"),
    ("tick", "INSERT INTO cohort_posts", "edit"),
    ("skip next", HOLD, "tick"),
    ("tick", CLAIM, "pause"),
    ("tick", CLAIM, "delete"),
    ("run now", "INSERT INTO cohort_posts", "tick"),
    ("rota tick", "FOR KEY SHARE", "answer"),
    ("answer", "UPDATE ritual_turns", "rota tick"),
    ("rota tick", "FOR KEY SHARE", "leave"),
    ("leave", "DELETE FROM cohort_members", "rota tick"),
    ("react", "INSERT INTO ritual_responses", "forget"),
    ("forget", "DELETE FROM people", "react"),
    ("weekly tick", "INSERT INTO prompts", "choose"),
    ("choose", "weekly_checkins", "weekly tick"),
    ("close", "UPDATE rituals", "schedule"),
    ("schedule", "INSERT INTO rituals", "close"),
]
"""What one does, after which statement of it the other comes, and what that does."""

LEFT_BEHIND = (
    "SELECT count(*) FROM cohorts c JOIN rituals r ON r.cohort_id = c.id"
    " LEFT JOIN ritual_occurrences o ON o.ritual_id = r.id WHERE c.closed_at IS NOT NULL"
    " AND (r.deleted_at IS NULL OR r.to_plan OR o.state IN ('planned', 'open'))"
)


@pytest.fixture
def replicas(stored: StoredOnServer) -> Iterator[list[Replica]]:
    """Two processes over one database, in which everything is due."""
    with ExitStack() as opened:
        databases = [opened.enter_context(closing(Database(stored.url))) for _ in range(2)]
        databases[0].write(everything_is_due)
        yield [Replica(each) for each in databases]


@pytest.mark.parametrize(("first", "after", "second"), MEET)
def test_two_who_meet_both_get_through_and_nobody_waits_in_a_circle(
    replicas: list[Replica], stored: StoredOnServer, first: str, after: str, second: str
) -> None:
    one, other = replicas
    meanwhile: list[Future[None]] = []
    with ThreadPoolExecutor(1) as pool:

        @event.listens_for(one.database.engine, "after_cursor_execute")
        def come_in_between(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if after in " ".join(statement.split()) and not meanwhile:
                meanwhile.append(pool.submit(other.does, second))
                until(lambda: meanwhile[0].done() or stored.somebody_waits())

        one.does(first)
        assert meanwhile, f"{first} has no such moment"
        meanwhile[0].result()
    assert (one.circles, other.circles) == (0, 0)
    assert stored.rows(LEFT_BEHIND) == [(0,)]
