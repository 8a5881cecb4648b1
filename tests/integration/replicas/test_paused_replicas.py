"""The process that sends is paused for longer than anybody waits, and comes back.

The server hangs up on it and another takes over. Whatever either has said by then, once is once.
"""

from __future__ import annotations

from time import monotonic, sleep
from typing import Any

import pytest

from sandbox.weather.holds import When
from tests.conftest import on_postgresql
from tests.integration.killing import Step
from tests.integration.processes import Running
from tests.integration.replicas.conftest import COHORT, assert_known, held, posted, share, shown
from tests.integration.stage import Stage
from tests.stored import StoredOnServer
from tests.waiting import until


def is_given_up(stage: Stage, leader: Running) -> None:
    """Stop the leader, and let its lease and its session end."""
    leader.pause()
    assert isinstance(stage.stored, StoredOnServer)
    stage.a_lease_passes()
    stage.stored.hang_up_on_the_sender()


def the_other_says_it(stage: Stage, leader: Running, when: When = "before") -> None:
    """Let the leader stop in its call, the other say it meanwhile, and Slack then go on."""
    hold = held(stage, when)
    is_given_up(stage, leader)
    stage.until_settled()
    hold.release()


def the_other_cannot_look(stage: Stage, leader: Running) -> None:
    """Let the leader stop in its call, the other give it up, and Slack then carry it out."""
    hold = held(stage, "before")
    stage.workspace.fail("conversations.history", error="channel_not_found")
    is_given_up(stage, leader)
    stage.workspace.wait_for_posts(1, "maya")
    stage.until_settled()
    hold.release()


def wakes_up_and_ends(leader: Running) -> None:
    """Let it go on where it was stopped, and end."""
    leader.go_on()
    leader.ask_to_end()
    leader.wait()


@on_postgresql
@pytest.mark.usefixtures("other")
def test_what_slack_had_before_the_leader_was_paused_is_found_by_the_other(
    stage: Stage, leader: Running
) -> None:
    the_other_says_it(stage, leader, "after")
    wakes_up_and_ends(leader)
    assert shown(stage) == [2]
    assert posted(stage) == 1
    assert_known(stage)


@on_postgresql
@pytest.mark.usefixtures("other")
def test_what_slack_gets_from_a_paused_leader_after_the_other_said_it_is_taken_away_again(
    stage: Stage, leader: Running
) -> None:
    the_other_says_it(stage, leader)
    until(lambda: shown(stage) == [2, 2])
    leader.go_on()
    until(lambda: shown(stage) == [2], "it stands there twice")
    assert_known(stage)


@on_postgresql
@pytest.mark.parametrize(
    "trouble",
    [{"retry_after": 1}, {"cut": True}, {"status": 500}, {"error": "internal_error"}],
    ids=["too often", "no answer", "broken answer", "no idea"],
)
@pytest.mark.usefixtures("other")
def test_a_double_is_taken_away_though_slack_fails_at_it_at_first(
    stage: Stage, leader: Running, trouble: dict[str, Any]
) -> None:
    the_other_says_it(stage, leader)
    stage.workspace.fail("chat.delete", **trouble)
    leader.go_on()
    until(lambda: shown(stage) == [2] and posted(stage) == 2, "it stands there twice")
    assert_known(stage)


@on_postgresql
def test_a_leader_that_wakes_up_too_late_does_not_ask_slack_any_more(stage: Stage) -> None:
    share(stage, stage.maya, 2)
    leader = stage.fork(Step.LEASED, pauses=True, begin_within=1.0)
    leader.until_paused()
    late = monotonic() + 1.0
    stage.start()
    is_given_up(stage, leader)
    stage.until_settled()
    sleep(max(0.0, late - monotonic()))
    wakes_up_and_ends(leader)
    assert shown(stage) == [2]
    assert posted(stage) == 1
    assert_known(stage)


@on_postgresql
@pytest.mark.parametrize("answer", [{"error": "is_archived"}, {"retry_after": 1}, {"cut": True}])
@pytest.mark.usefixtures("other")
def test_what_a_paused_leader_hears_late_changes_nothing_for_the_one_that_took_over(
    stage: Stage, leader: Running, answer: dict[str, Any]
) -> None:
    stage.workspace.fail("chat.postMessage", **answer)
    hold = held(stage, "before")
    with stage.workspace.hold("chat.postMessage", "after") as theirs:
        is_given_up(stage, leader)
        theirs.wait()
        hold.release()
        wakes_up_and_ends(leader)
    stage.until_settled()
    assert shown(stage, None) == [2]
    assert posted(stage) == 1
    assert_known(stage)


@on_postgresql
@pytest.mark.usefixtures("other")
def test_an_old_change_of_a_paused_leader_does_not_stay_over_a_newer_one(
    stage: Stage, leader: Running
) -> None:
    share(stage, stage.maya, 1)
    stage.until_settled()
    hold = stage.workspace.hold("chat.update", "before")
    share(stage, stage.maya, 2)
    hold.wait()
    is_given_up(stage, leader)
    stage.until_settled()
    share(stage, stage.maya, 5)
    until(lambda: shown(stage) == [5])
    stage.until_settled()
    hold.release()
    until(lambda: shown(stage) == [2], "Slack did not carry the old one out")
    leader.go_on()
    until(lambda: shown(stage) == [5], "the old words stay")
    leader.ask_to_end()
    leader.wait()
    assert_known(stage)


@on_postgresql
@pytest.mark.usefixtures("other")
def test_what_was_taken_back_meanwhile_does_not_come_back_through_a_paused_leader(
    stage: Stage, leader: Running
) -> None:
    hold = held(stage, "before")
    leader.pause()
    share(stage, stage.maya, None)
    is_given_up(stage, leader)
    stage.until_settled()
    hold.release()
    until(lambda: shown(stage) == [2], "Slack did not carry it out")
    leader.go_on()
    until(lambda: shown(stage) == [], "what was taken back stands there")
    assert_known(stage)


@on_postgresql
@pytest.mark.usefixtures("other")
def test_what_a_paused_leader_posted_after_it_was_given_up_does_not_stay_unknown(
    stage: Stage, leader: Running
) -> None:
    the_other_cannot_look(stage, leader)
    until(lambda: posted(stage) == 2)
    leader.go_on()
    until(lambda: stage.stored.count("posts") == len(stage.workspace.posted(COHORT)))


@on_postgresql
@pytest.mark.usefixtures("other")
def test_what_a_paused_leader_posted_stays_where_the_other_has_found_it_since(
    stage: Stage, leader: Running
) -> None:
    the_other_cannot_look(stage, leader)
    until(lambda: shown(stage) == [2])
    share(stage, stage.maya, 5)
    until(lambda: shown(stage) == [5], "it was not found")
    stage.until_settled()
    wakes_up_and_ends(leader)
    assert shown(stage) == [5]
    assert stage.stored.count("posts") == 1


@on_postgresql
def test_when_the_one_that_took_over_dies_as_well_one_of_the_two_goes(
    stage: Stage, leader: Running
) -> None:
    hold = held(stage, "before")
    second = stage.start(Step.ANSWERED, at_least=2)
    is_given_up(stage, leader)
    second.wait()
    assert shown(stage) == [2]
    hold.release()
    until(lambda: shown(stage) == [2, 2])
    stage.a_lease_passes()
    stage.start()
    stage.until_settled()
    leader.go_on()
    until(lambda: shown(stage) == [2], "it stands there twice")
    assert_known(stage)
