"""A cohort is made from inside its channel only."""

from __future__ import annotations

import pytest

from app import Hearth
from bot.domain.cohorts import Founding, Purpose
from bot.errors import CohortRefused, Refusal
from sandbox import Person, Sandbox
from tests.conftest import Stored
from tests.integration.cohorts.circles import CHANNEL


def test_whoever_is_not_in_the_channel_makes_no_cohort_of_it(
    workspace: Sandbox, hearth: Hearth, kofi: Person, stored: Stored
) -> None:
    channel = next(each["id"] for each in workspace.channels() if each["name"] == CHANNEL)
    workspace.remove_member(CHANNEL, "kofi")
    wish = Founding("New parents", Purpose.SUPPORT, welcomes_deciders=False, may_be_open=False)
    with pytest.raises(CohortRefused) as refused:
        hearth.services.cohorts.create(kofi.id, channel, wish)
    assert refused.value.reason is Refusal.NOT_IN_CHANNEL
    assert stored.count("cohorts") == 0
