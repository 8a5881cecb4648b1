"""Forgetting while another process keeps something of the same person: nothing is left."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from app import Hearth
from bot.services.forgetting import forget_everything
from sandbox import Person, Sandbox
from storage.engine import Database
from tests.conftest import on_postgresql
from tests.integration.cohorts.circles import agree, only
from tests.stored import OURS, StoredOnServer
from tests.waiting import until


@pytest.fixture
def replica(stored: StoredOnServer) -> Iterator[Database]:
    """The database as another process of Hearth has it."""
    database = Database(stored.url)
    yield database
    database.close()


def waiting(stored: StoredOnServer, several: int) -> None:
    query = f"SELECT count(*) {OURS} AND wait_event_type = 'Lock'"
    until(lambda: stored.rows(query) == [(several,)], f"{several} never wait")


@on_postgresql
def test_who_is_forgotten_while_another_process_lets_them_join_a_cohort_belongs_to_none(
    workspace: Sandbox, hearth: Hearth, founded: Person, stored: StoredOnServer, replica: Database
) -> None:
    assert founded
    maya, cohort = workspace.person("maya"), only(hearth)
    agree(hearth, maya)
    now = workspace.clock.now()
    with (
        stored.server.connect(stored.name) as other,
        ThreadPoolExecutor(2) as pool,
    ):
        other.execute("BEGIN")
        other.execute("SELECT 1 FROM cohorts FOR UPDATE")
        joining = pool.submit(hearth.services.cohorts.join, maya.id, str(cohort.id), decides=False)
        waiting(stored, 1)
        forgetting = pool.submit(
            replica.write, lambda each: forget_everything(each, maya.id, now=now)
        )
        waiting(stored, 2)
        other.execute("COMMIT")
        joining.exception()
        forgetting.result()
    assert stored.count("people") == 0
    assert stored.count("cohort_members") == 0
