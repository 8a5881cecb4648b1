"""Cohorts and rituals, thousands of them, put into a database at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, delete, text, update

from storage.budget import cohort_posts
from storage.cohorts import cohorts
from storage.engine import Database
from storage.outbox import outbox
from storage.rituals import occurrences, rituals

WEEK = timedelta(days=7)


def add_cohorts(database: Database, count: int) -> Sequence[UUID]:
    """Let there be so many cohorts with channels; return their ids."""
    ids, now = [uuid4() for _ in range(count)], datetime.now(UTC)
    rows = [
        {"id": each, "name": f"Cohort {number}", "channel_id": f"C{number:09d}", "added_at": now}
        for number, each in enumerate(ids)
    ]
    database.write(lambda connection: connection.execute(cohorts.insert(), rows))
    return ids


def add_rituals(database: Database, where: Sequence[UUID], due: datetime) -> Sequence[UUID]:
    """Let each of these cohorts have a weekly ritual, at the day and time of `due`.

    Returns:
        Their ids. Nothing is planned, and nothing is to be.
    """
    rows = [_ritual(cohort, due) for cohort in where]
    database.write(lambda connection: connection.execute(rituals.insert(), rows))
    return [row["id"] for row in rows]


def _ritual(cohort: UUID, due: datetime) -> dict[str, Any]:
    day = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[due.weekday()]
    return {
        "id": uuid4(),
        "cohort_id": cohort,
        "template": "own",
        "title": "Friday wins",
        "words": "What went well this week? What would you do the same way again?",
        "links": "[]",
        "rule": f"FREQ=WEEKLY;BYDAY={day}",
        "starts_on": due.date() - 160 * WEEK,
        "at_minute": due.hour * 60 + due.minute,
        "zone": "UTC",
        "on_holiday": "keep",
        "mode": "open",
        "rotates": False,
        "legend": "here",
        "to_plan": False,
        "plan_after": due - WEEK,
        "revision": 0,
        "created_at": due - 160 * WEEK,
    }


_RANDOM_ID = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}


def claim_bare(connection: Connection, now: datetime) -> None:
    """Claim all that is due, in two statements: as fast as the database can."""
    random = _RANDOM_ID[connection.dialect.name]
    zone = "" if connection.dialect.name == "sqlite" else "+00"
    at = now.strftime("%Y-%m-%d %H:%M:%S.%f") + zone
    for statement in (
        "UPDATE ritual_occurrences SET state = 'open', claimed_at = :now, closes_at = :now"
        " WHERE state = 'planned' AND due_at <= :now",
        "INSERT INTO outbox (delivery_id, kind, subject, dedupe_key, channel, priority, due_at,"  # noqa: S608
        " state, attempts, created_at)"
        f" SELECT {random}, 'ritual', o.id, 'ritual:' || o.id || '\\:begin', c.channel_id, 1, :now,"
        " 'pending', 0, :now FROM ritual_occurrences o JOIN rituals r ON r.id = o.ritual_id"
        " JOIN cohorts c ON c.id = r.cohort_id WHERE o.claimed_at = :now",
    ):
        connection.execute(text(statement), {"now": at})


def as_before(database: Database, which: Sequence[UUID], due: datetime) -> None:
    """Let these rituals be planned for `due`, and nothing else be there of any ritual."""
    rows = [
        {"id": uuid4(), "ritual_id": each, "on_date": due.date(), "due_at": due, "state": "planned"}
        for each in which
    ]
    with database.unhurried(writes=True) as connection:
        for table in (outbox, cohort_posts, occurrences):
            connection.execute(delete(table))
        connection.execute(update(rituals).values(to_plan=False))
        connection.execute(occurrences.insert(), rows)
    tidy(database)


def tidy(database: Database) -> None:
    """Have the database do now what it does by itself after a while."""
    with database.engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        if database.is_file:
            driver.execute("ANALYZE")
            return
        driver.autocommit = True
        driver.execute("VACUUM ANALYZE")
        driver.execute("CHECKPOINT")
        driver.autocommit = False
