"""Who makes a cohort: somebody who is in its channel, and who may until it is made."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from app import Hearth
from bot.domain.cohorts import Founding, Purpose
from bot.errors import CohortRefused, NotAllowed, Refusal
from sandbox import Person, Sandbox
from tests.conftest import Stored
from tests.integration.cohorts.circles import CHANNEL

WISH = Founding("New parents", Purpose.SUPPORT, welcomes_deciders=False, may_be_open=False)


@pytest.fixture
def channel(workspace: Sandbox) -> str:
    return next(str(each["id"]) for each in workspace.channels() if each["name"] == CHANNEL)


def test_whoever_is_not_in_the_channel_makes_no_cohort_of_it(
    workspace: Sandbox, hearth: Hearth, kofi: Person, stored: Stored, channel: str
) -> None:
    workspace.remove_member(CHANNEL, "kofi")
    with pytest.raises(CohortRefused) as refused:
        hearth.services.cohorts.create(kofi.id, channel, WISH)
    assert refused.value.reason is Refusal.NOT_IN_CHANNEL
    assert stored.count("cohorts") == 0


def test_a_role_that_is_taken_away_while_slack_is_asked_makes_no_cohort(
    workspace: Sandbox, hearth: Hearth, kofi: Person, stored: Stored, channel: str
) -> None:
    with ThreadPoolExecutor(1) as pool, workspace.hold("conversations.info") as hold:
        making = pool.submit(hearth.services.cohorts.create, kofi.id, channel, WISH)
        hold.wait()
        stored.change("DELETE FROM grants")
        hold.release()
        with pytest.raises(NotAllowed):
            making.result()
    assert stored.count("cohorts") == 0
