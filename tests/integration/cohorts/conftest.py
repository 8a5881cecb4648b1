"""What the tests of cohorts start from."""

from __future__ import annotations

import pytest

from app import Hearth
from bot.domain.roles import Role
from sandbox import Person, Sandbox
from tests.integration.cohorts.circles import (
    CHANNEL,
    give,
    make,
    working,
)


@pytest.fixture
def kofi(workspace: Sandbox, hearth: Hearth) -> Person:
    """Somebody who leads the programme and is in the channel, which is private."""
    workspace.make_private(CHANNEL)
    person = workspace.person("kofi")
    give(hearth, person, Role.LEAD)
    return person


@pytest.fixture
def founded(workspace: Sandbox, hearth: Hearth, kofi: Person) -> Person:
    """Kofi, who has made a cohort of the channel, with which people can share."""
    assert make(kofi).ok
    kofi.closes(all=True)
    working(hearth)
    return kofi
