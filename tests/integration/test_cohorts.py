"""Cohorts, as the operator keeps them."""

from __future__ import annotations

import pytest

from bot.errors import CannotStart
from bot.operations import cohorts
from storage.engine import Database
from tests.conftest import Lock, Stored
from tests.integration.keyrings import configured


@pytest.mark.usefixtures("database")
def test_a_cohort_that_the_database_does_not_take_is_refused_in_words(
    stored: Stored, locked: Lock
) -> None:
    let_go = locked()
    with pytest.raises(CannotStart, match="kept by another program"):
        cohorts.add(configured(stored.url), "New parents", "C0000001", ["U0000001"], print)
    let_go()
    assert stored.count("cohorts") == 0


def test_cohorts_that_cannot_be_read_are_refused_in_words(
    database: Database, stored: Stored
) -> None:
    database.close()
    stored.change("ALTER TABLE cohorts RENAME TO elsewhere")
    with pytest.raises(CannotStart, match="cannot be used"):
        cohorts.list_cohorts(configured(stored.url), print)
