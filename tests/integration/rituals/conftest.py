"""What the tests of rituals start from: a clock that only they move on, a cohort, who runs it."""

from __future__ import annotations

from uuid import UUID

import pytest

from app import Hearth
from sandbox import Person, Sandbox
from tests.integration.rituals import calendars


@pytest.fixture
def hearth(hearth: Hearth) -> Hearth:
    """Hearth, whose own ticks would come in between."""
    hearth._ticker.stop()
    return hearth


@pytest.fixture
def cohort(workspace: Sandbox, hearth: Hearth) -> UUID:
    """A cohort that nobody runs yet."""
    return calendars.cohort(hearth, workspace)


@pytest.fixture
def kofi(workspace: Sandbox, hearth: Hearth, cohort: UUID) -> Person:
    """Who runs the cohort."""
    person = workspace.person("kofi")
    calendars.facilitator(hearth, person, cohort)
    return person
