"""Several processes over one database: one sends, and when it ends another does, at once."""

from __future__ import annotations

import pytest

from tests.conftest import on_sqlite
from tests.integration.processes import Running
from tests.integration.replicas.conftest import OTHER, assert_known, held, posted, share, shown
from tests.integration.stage import Stage
from tests.waiting import until

# Two that live


def test_two_that_start_at_once_with_messages_due_send_each_once(stage: Stage) -> None:
    names = ("maya", "kofi", "grace", "emeka")
    for mood, name in enumerate(names, 1):
        share(stage, stage.workspace.person(name), mood)
    for each in [stage.fork(), stage.fork()]:
        each.until_connected(stage.workspace)
    stage.until_settled()
    assert sorted(shown(stage)) == [1, 2]
    assert sorted(shown(stage, OTHER)) == [3, 4]
    assert posted(stage) == 4
    assert_known(stage)


@pytest.mark.usefixtures("other")
def test_one_that_is_asked_to_end_finishes_its_call_and_the_other_goes_on(
    stage: Stage, leader: Running
) -> None:
    with stage.workspace.hold("chat.postMessage", "after") as hold:
        share(stage, stage.maya, 2)
        hold.wait()
        share(stage, stage.workspace.person("kofi"), 4)
        leader.ask_to_end()
        hold.release()
        leader.wait()
    stage.until_settled()
    assert sorted(shown(stage)) == [2, 4]
    assert posted(stage) == 2
    assert_known(stage)


@on_sqlite
def test_one_that_is_asked_to_end_while_it_is_paused_ends_when_it_wakes_up(stage: Stage) -> None:
    several = [stage.start(at_least=number) for number in (1, 2, 3, 4)]
    for each in several:  # which thread hears of it is left to chance
        each.pause()
        each.ask_to_end()
        each.go_on()
    for each in several:
        each.wait()


# The leader is killed


@pytest.mark.usefixtures("other")
def test_when_the_leader_is_killed_the_other_sends_at_once_and_finds_what_was_in_its_hand(
    stage: Stage, leader: Running
) -> None:
    hold = held(stage, "after")
    leader.kill()
    hold.release()
    share(stage, stage.workspace.person("grace"), 4)
    until(lambda: shown(stage, OTHER) == [4], "the other does not take over")
    stage.a_lease_passes()
    stage.until_settled()
    assert shown(stage) == [2]
    assert posted(stage) == 2
    assert_known(stage)


@pytest.mark.usefixtures("other")
def test_when_the_leader_is_killed_the_other_sends_what_never_arrived(
    stage: Stage, leader: Running
) -> None:
    hold = held(stage, "before")
    leader.kill()
    hold.cut()
    stage.a_lease_passes()
    stage.until_settled()
    assert shown(stage) == [2]
    assert posted(stage) == 1
    assert_known(stage)


# The leader is paused


@on_sqlite
@pytest.mark.usefixtures("other")
def test_beside_a_file_a_paused_leader_keeps_its_turn_and_settles_its_call_itself(
    stage: Stage, leader: Running
) -> None:
    hold = held(stage, "before")
    leader.pause()
    stage.a_lease_passes()
    share(stage, stage.workspace.person("grace"), 4)
    hold.release()
    until(lambda: shown(stage) == [2])
    leader.go_on()
    stage.until_settled()
    assert shown(stage, OTHER) == [4]
    assert posted(stage) == 2
    assert_known(stage)
