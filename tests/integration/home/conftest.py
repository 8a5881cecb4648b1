"""What the tests of the Home tab start from: a cohort, and channels that need not wait."""

from __future__ import annotations

import pytest

from app import Hearth
from sandbox import Sandbox
from tests.integration.homes import CHANNEL


@pytest.fixture
def cohort(workspace: Sandbox, hearth: Hearth) -> str:
    """A cohort that Maya belongs to; return its channel's id."""
    (channel,) = [each for each in workspace.channels() if each["name"] == CHANNEL]
    hearth.services.cohorts.add("New parents", channel["id"], channel["members"])
    return str(channel["id"])
