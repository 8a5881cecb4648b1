"""Several clocks over one database: whatever is due is claimed by one of them, and once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from threading import Barrier, Thread
from uuid import UUID

import pytest
from sqlalchemy import Connection, event

from app import Hearth
from bot.domain.rituals import LATE_AFTER
from bot.services.claims import claim
from bot.services.correspondence import Bell
from bot.services.rhythm import Rhythm
from bot.services.speaking import Speaking
from sandbox import Sandbox
from storage import cohorts
from storage.engine import Database
from tests.conftest import Stored, on_postgresql
from tests.integration.rituals.calendars import dates, planned, ritual, tick, until
from tests.stored import StoredOnServer
from tests.waiting import until as waited

REPLICAS, RITUALS = 3, 40


@pytest.fixture
def replicas(workspace: Sandbox, hearth: Hearth, stored: Stored) -> Iterator[list[Rhythm]]:
    """The clocks of processes of their own."""
    assert hearth
    with ExitStack() as opened:
        databases = [opened.enter_context(closing(Database(stored.url))) for _ in range(REPLICAS)]
        clock = workspace.clock
        yield [Rhythm(each, clock, Bell(), Speaking(each, clock)) for each in databases]


def together(replicas: list[Rhythm]) -> None:
    """Let all of them tick at the same moment."""
    barrier = Barrier(len(replicas))
    failed = list[BaseException]()

    def run(rhythm: Rhythm) -> None:
        barrier.wait()
        try:
            rhythm.tick()
        except BaseException as error:
            failed.append(error)

    threads = [Thread(target=run, args=(each,)) for each in replicas]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failed == []


def cohort_elsewhere(hearth: Hearth, number: int) -> UUID:
    """Let there be a cohort whose week has room; its channel is nowhere in Slack."""
    channel = f"C0ELSEWHERE{number}"
    hearth.services.cohorts.add(f"Cohort {number}", channel, [])
    with hearth.database.read() as connection:
        row = cohorts.in_channel(connection, channel)
    assert row is not None
    return row.id


def test_what_is_due_in_the_same_minute_is_claimed_and_planned_once(
    workspace: Sandbox, hearth: Hearth, replicas: list[Rhythm], stored: Stored
) -> None:
    hearth.sender.stop(1.0)
    which = [ritual(hearth, cohort_elsewhere(hearth, each)) for each in range(RITUALS)]
    together(replicas)
    states = "SELECT state, count(*) FROM ritual_occurrences GROUP BY state ORDER BY state"
    assert stored.rows(states) == [("planned", RITUALS)]
    assert stored.rows("SELECT count(*), sum(posts) FROM cohort_posts") == [(RITUALS, RITUALS)]
    until(workspace, planned(hearth, which[0]).due_at)
    together(replicas)
    tick(hearth)
    said = "SELECT kind, count(*), count(DISTINCT subject) FROM outbox GROUP BY kind"
    assert stored.rows(said) == [("ritual", RITUALS, RITUALS)]
    assert stored.rows(states) == [("open", RITUALS), ("planned", RITUALS)]


@on_postgresql
def test_a_ritual_that_somebody_is_changing_keeps_no_other_waiting_and_comes_after(
    workspace: Sandbox, hearth: Hearth, stored: StoredOnServer
) -> None:
    hearth.sender.stop(1.0)
    first, second = (ritual(hearth, cohort_elsewhere(hearth, each)) for each in range(2))
    tick(hearth)
    until(workspace, planned(hearth, first).due_at)
    with stored.server.connect(stored.name) as held:
        held.execute("BEGIN")
        held.execute("SELECT 1 FROM rituals WHERE id = %s FOR UPDATE", [first])
        ticking = Thread(target=tick, args=(hearth,))
        ticking.start()
        waited(lambda: dates(hearth, second, "open"), "the other one waits as well")
        stored.until_somebody_waits()
        assert dates(hearth, first, "open") == []
        held.execute("COMMIT")
        ticking.join()
    assert len(dates(hearth, first, "open")) == 1


@on_postgresql
def test_what_another_claimed_while_one_waited_for_it_is_not_claimed_again(
    workspace: Sandbox, hearth: Hearth, stored: StoredOnServer
) -> None:
    hearth.sender.stop(1.0)
    weekly = ritual(hearth, cohort_elsewhere(hearth, 1))
    tick(hearth)
    until(workspace, planned(hearth, weekly).due_at)
    with stored.server.connect(stored.name) as held:
        held.execute("BEGIN")
        held.execute("UPDATE rituals SET to_plan = true WHERE id = %s", [weekly])
        held.execute("UPDATE ritual_occurrences SET state = 'open' WHERE ritual_id = %s", [weekly])
        ticking = Thread(target=tick, args=(hearth,))
        ticking.start()
        stored.until_somebody_waits()
        held.execute("COMMIT")
        ticking.join()
    assert stored.rows("SELECT count(*) FROM outbox WHERE kind = 'ritual'") == [(0,)]


@on_postgresql
def test_what_another_lets_go_of_while_one_looks_is_not_taken_for_too_late(
    workspace: Sandbox, hearth: Hearth, stored: StoredOnServer
) -> None:
    hearth.sender.stop(1.0)
    weekly = ritual(hearth, cohort_elsewhere(hearth, 1))
    tick(hearth)
    until(workspace, planned(hearth, weekly).due_at)
    with stored.server.connect(stored.name) as held:
        held.execute("BEGIN")
        held.execute("SELECT 1 FROM rituals WHERE id = %s FOR UPDATE", [weekly])

        def look(connection: Connection) -> None:
            event.listen(
                connection, "after_cursor_execute", lambda *_: held.execute("ROLLBACK"), once=True
            )
            claim(connection, now=workspace.clock.now(), late=LATE_AFTER, patient=False)

        hearth.database.write(look)
    assert dates(hearth, weekly, "missed") == []
    tick(hearth)
    assert len(dates(hearth, weekly, "open")) == 1
