"""What the tests of setting up start from."""

from __future__ import annotations

import pytest

from app import Hearth
from sandbox import Person, Sandbox
from tests.integration.programme.steps import leading


@pytest.fixture
def lead(workspace: Sandbox, hearth: Hearth) -> Person:
    """Ines, who leads; no workspace admin has to be asked for it in these tests."""
    return leading(workspace, hearth, "ines")
