"""What was shared with a cohort that somebody belongs to no more: nothing new is shown there."""

from __future__ import annotations

import pytest

from app import Hearth
from sandbox import Person, Sandbox
from tests.conftest import Stored, filled_in, top
from tests.integration.cohorts.circles import (
    CHANNEL,
    OTHER,
    agree,
    close,
    join,
    notices,
    only,
    share,
)


@pytest.fixture
def shared(workspace: Sandbox, hearth: Hearth, founded: Person) -> Person:
    """Maya, who shares her capacity of today with the cohort."""
    assert founded
    maya = workspace.person("maya")
    agree(hearth, maya)
    join(workspace, hearth, maya)
    maya.closes(all=True)
    share(maya, capacity="steady")
    maya.closes(all=True)
    assert len(notices(workspace, hearth)) == 2
    return maya


@pytest.mark.parametrize("how", ["leaves", "leaves the channel", "closed"])
def test_a_check_in_typed_anew_shows_nothing_new_to_a_cohort_that_is_ones_own_no_more(
    workspace: Sandbox, hearth: Hearth, founded: Person, shared: Person, stored: Stored, how: str
) -> None:
    if how == "leaves":
        shared.types("/cohort leave", CHANNEL)
        assert shared.submits().ok
        shared.closes(all=True)
    elif how == "closed":
        close(founded)
    else:
        hearth.services.cohorts.left_channel(shared.id, only(hearth).channel_id)
    shared.types("/checkin 1 5 1 over")
    texts = [each["text"] for each in notices(workspace, hearth)]
    assert not any("over" in each.lower() and shared.id in each for each in texts), texts
    assert not any(shared.id in each for each in texts)
    assert stored.count("shares") == 0


def test_a_form_offers_no_other_cohort_the_part_that_was_shared_with_one_left_since(
    workspace: Sandbox, hearth: Hearth, founded: Person, shared: Person, stored: Stored
) -> None:
    shared.types("/cohort leave", CHANNEL)
    assert shared.submits().ok
    shared.closes(all=True)
    other = next(each["id"] for each in workspace.channels() if each["name"] == OTHER)
    assert hearth.services.cohorts.add("First leads", other, [shared.id])
    shared.types("/checkin")
    question = next(each for each in top(shared)["blocks"] if each.get("block_id") == "share")
    assert question["element"]["initial_option"]["value"] == "nothing"
    assert shared.is_shown("only you")
    assert shared.submits(filled_in(capacity="over")).ok
    assert notices(workspace, hearth, OTHER) == [] or not any(
        shared.id in each["text"] for each in notices(workspace, hearth, OTHER)
    )
    assert stored.count("shares") == 0
