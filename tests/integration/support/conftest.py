"""What the tests of help start from: a lead, and what she says of a line."""

from __future__ import annotations

import pytest

from app import Hearth
from sandbox import Person, Sandbox
from tests.integration.granting import granted
from tests.integration.support.helping import Mark


@pytest.fixture
def ines(workspace: Sandbox, hearth: Hearth) -> Person:
    """The programme lead; she has not joined."""
    person = workspace.person("ines")
    granted(hearth, person)
    return person


@pytest.fixture
def mark(hearth: Hearth, ines: Person) -> Mark:
    """Give a function that says of a line that it holds, or does not."""

    def marked(country: str = "DE", key: str = "telefonseelsorge", *, holds: bool = True) -> None:
        hearth.services.support.mark(ines.id, country, key, holds=holds)

    return marked
