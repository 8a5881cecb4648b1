"""What the doctor sees of what Hearth has to say: whether it gets away, and where to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.domain.delivery import FAILED_KEPT_FOR
from bot.operations.doctor.database import ready
from bot.operations.doctor.findings import Finding, bad, look, ok
from bot.ports import Clock
from storage import cohorts, outbox
from storage.engine import Database
from storage.errors import StorageError

LATE = timedelta(minutes=5)


def channels(database: Database) -> Sequence[tuple[str, str]]:
    """Return name and Slack channel of each cohort; none while the database cannot be read."""
    if not ready(database):
        return ()
    try:
        with database.read() as connection:
            return [(each.name, each.channel_id) for each in cohorts.every(connection)]
    except StorageError:
        return ()  # another check says why


def gets_away(database: Database, clock: Clock) -> Iterator[Finding]:
    """Look whether anything waits for too long, or was given up."""
    if not ready(database):
        return
    now = clock.now()
    try:
        with database.read() as connection:
            since = outbox.waiting_since(connection, now)
            rows = outbox.count(connection)
    except StorageError:
        return  # another check says why
    late = now - min(since.values(), default=now)
    if late > LATE:
        yield bad(f"something waits to be sent for {_told(late)}", _WAITS)
    if failed := rows.get("failed", 0):
        many = "1 delivery was" if failed == 1 else f"{failed} deliveries were"
        yield look(f"{many} given up in the last {FAILED_KEPT_FOR.days} days", _FAILED)
    if late <= LATE and not failed:
        yield ok("nothing waits to be sent, and nothing was given up")


def _told(late: timedelta) -> str:
    minutes = int(late / timedelta(minutes=1))
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"


_WAITS = "look whether `hearth run` runs and Slack answers"
_FAILED = "the log of that time says why, as does the column reason in the table outbox"
