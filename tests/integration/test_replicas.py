"""Several processes over one database: one sends, and whatever happens to it, once is once.

A process is killed, or paused in the middle of its work for longer than anybody waits for it.
Files lie on one machine, where a paused process keeps its turn; a server hangs up on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from bot.domain.checkins import Answer, Capacity
from bot.domain.sharing import Choice
from bot.domain.visibility import Part
from sandbox import Person, Sandbox
from tests.conftest import Stored, on_postgresql, on_sqlite
from tests.integration.killing import Step
from tests.integration.stage import Forked, Forks, Stage, until

pytestmark = pytest.mark.xdist_group("replicas")  # its tests share what one of them made

COHORT, OTHER = "cohort-new-parents", "cohort-first-leads"


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    started = Forks()
    yield started
    started.close()


@pytest.fixture
def stage(workspace: Sandbox, stored: Stored, forks: Forks, tmp_path: Path) -> Iterator[Stage]:
    with Stage(workspace, stored, forks, tmp_path) as built:
        built.join(COHORT, built.maya, workspace.person("kofi"))
        built.join(OTHER, workspace.person("grace"), workspace.person("emeka"))
        yield built


@pytest.fixture
def leader(stage: Stage) -> Forked:
    """The process that sends."""
    started = stage.start()
    stage.until_led()
    return started


@pytest.fixture
def other(stage: Stage, leader: Forked) -> Forked:
    """One that would send if the leader did not."""
    assert leader
    return stage.start(at_least=2)


def share(stage: Stage, person: Person, mood: int | None) -> None:
    """Let somebody share their mood with their cohort, or take it back, through a third process."""
    opening = stage.services.checkins.open(person.id)
    assert opening is not None
    part = None if mood is None else Part.MOOD_AND_CAPACITY
    answer = Answer(mood=mood or 3, stress=3, energy=3, capacity=Capacity.STEADY, note=None)
    choice = Choice(part, str(opening.cohorts[0].id))
    stage.services.checkins.file(person.id, opening.day, answer, choice)


def shown(stage: Stage, channel: str | None = COHORT) -> list[int]:
    """Return the mood in every message there."""
    return [int(each["text"].partition("Mood ")[2][0]) for each in stage.workspace.posted(channel)]


def posted(stage: Stage) -> int:
    """Return how often Slack has taken a message."""
    calls = stage.workspace.calls()
    return sum(each["method"] == "chat.postMessage" and each["ok"] for each in calls)


def assert_known(stage: Stage) -> None:
    """See that what stands in Slack is what the table says, and that nothing is left to do."""
    stands = [(each["channel"], each["ts"]) for each in stage.workspace.posted()]
    assert sorted(stage.stored.rows("SELECT channel, ts FROM posts")) == sorted(stands)
    assert set(stage.stored.rows("SELECT state, owner FROM outbox")) == {("sent", None)}


def hang_up_on_the_leader(stage: Stage) -> None:
    """End the session that has the turn, as the server does with one that is silent."""
    stage.stored.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database d ON d.oid = database"
        " WHERE locktype = 'advisory' AND granted AND datname = current_database()"
    )


def is_given_up(stage: Stage, leader: Forked) -> None:
    """Stop the leader, and let its lease and its session end."""
    leader.pause()
    stage.a_lease_passes()
    hang_up_on_the_leader(stage)


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


def test_one_that_is_asked_to_end_finishes_its_call_and_the_other_goes_on(
    stage: Stage, leader: Forked, other: Forked
) -> None:
    assert other
    with stage.workspace.hold("chat.postMessage", "after") as hold:
        share(stage, stage.maya, 2)
        hold.wait()
        share(stage, stage.workspace.person("kofi"), 4)
        leader.ask_to_end()
        hold.release()
        leader.until_dead()
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
        each.until_dead()


# The leader is killed


def test_when_the_leader_is_killed_the_other_sends_at_once_and_finds_what_was_in_its_hand(
    stage: Stage, leader: Forked, other: Forked
) -> None:
    assert other
    hold = stage.workspace.hold("chat.postMessage", "after")
    share(stage, stage.maya, 2)
    hold.wait()
    leader.kill()
    hold.release()
    share(stage, stage.workspace.person("grace"), 4)
    until(lambda: shown(stage, OTHER) == [4], "the other does not take over")
    stage.a_lease_passes()
    stage.until_settled()
    assert shown(stage) == [2]
    assert posted(stage) == 2
    assert_known(stage)


def test_when_the_leader_is_killed_the_other_sends_what_never_arrived(
    stage: Stage, leader: Forked, other: Forked
) -> None:
    assert other
    hold = stage.workspace.hold("chat.postMessage", "before")
    share(stage, stage.maya, 2)
    hold.wait()
    leader.kill()
    hold.cut()
    stage.a_lease_passes()
    stage.until_settled()
    assert shown(stage) == [2]
    assert posted(stage) == 1
    assert_known(stage)


# The leader is paused


@on_postgresql
def test_what_slack_had_before_the_leader_was_paused_is_found_by_the_other(
    stage: Stage, leader: Forked, other: Forked
) -> None:
    assert other
    hold = stage.workspace.hold("chat.postMessage", "after")
    share(stage, stage.maya, 2)
    hold.wait()
    is_given_up(stage, leader)
    stage.until_settled()
    hold.release()
    leader.go_on()
    leader.end()
    assert shown(stage) == [2]
    assert posted(stage) == 1
    assert_known(stage)


@on_postgresql
def test_what_slack_gets_from_a_paused_leader_after_the_other_said_it_is_taken_away_again(
    stage: Stage, leader: Forked, other: Forked
) -> None:
    assert other
    hold = stage.workspace.hold("chat.postMessage", "before")
    share(stage, stage.maya, 2)
    hold.wait()
    is_given_up(stage, leader)
    stage.until_settled()
    hold.release()
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
def test_a_double_is_taken_away_though_slack_fails_at_it_at_first(
    stage: Stage, leader: Forked, other: Forked, trouble: dict[str, Any]
) -> None:
    assert other
    hold = stage.workspace.hold("chat.postMessage", "before")
    share(stage, stage.maya, 2)
    hold.wait()
    is_given_up(stage, leader)
    stage.until_settled()
    hold.release()
    stage.workspace.fail("chat.delete", **trouble)
    leader.go_on()
    until(lambda: shown(stage) == [2] and posted(stage) == 2, "it stands there twice")
    assert_known(stage)


@on_postgresql
def test_a_leader_that_wakes_up_too_late_does_not_ask_slack_any_more(
    stage: Stage,
) -> None:
    share(stage, stage.maya, 2)
    begin_within, begun = 1.0, monotonic()
    leader = stage.fork(Step.LEASED, pauses=True, begin_within=begin_within)
    leader.until_paused()
    stage.start()
    is_given_up(stage, leader)
    stage.until_settled()
    sleep(max(0.0, begun + 2 * begin_within - monotonic()))
    leader.go_on()
    leader.end()
    assert shown(stage) == [2]
    assert posted(stage) == 1
    assert_known(stage)


@on_postgresql
@pytest.mark.parametrize("answer", [{"error": "is_archived"}, {"retry_after": 1}, {"cut": True}])
def test_what_a_paused_leader_hears_late_changes_nothing_for_the_one_that_took_over(
    stage: Stage, leader: Forked, other: Forked, answer: dict[str, Any]
) -> None:
    assert other
    stage.workspace.fail("chat.postMessage", **answer)
    hold = stage.workspace.hold("chat.postMessage", "before")
    share(stage, stage.maya, 2)
    hold.wait()
    with stage.workspace.hold("chat.postMessage", "after") as theirs:
        is_given_up(stage, leader)
        theirs.wait()
        hold.release()
        leader.go_on()
        leader.end()
    stage.until_settled()
    assert shown(stage, None) == [2]
    assert posted(stage) == 1
    assert_known(stage)


@on_postgresql
def test_an_old_change_of_a_paused_leader_does_not_stay_over_a_newer_one(
    stage: Stage, leader: Forked, other: Forked
) -> None:
    assert other
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
    leader.end()
    assert_known(stage)


@on_postgresql
def test_what_was_taken_back_meanwhile_does_not_come_back_through_a_paused_leader(
    stage: Stage, leader: Forked, other: Forked
) -> None:
    assert other
    hold = stage.workspace.hold("chat.postMessage", "before")
    share(stage, stage.maya, 2)
    hold.wait()
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
def test_what_a_paused_leader_posted_after_it_was_given_up_does_not_stay_unknown(
    stage: Stage, leader: Forked, other: Forked
) -> None:
    assert other
    hold = stage.workspace.hold("chat.postMessage", "before")
    share(stage, stage.maya, 2)
    hold.wait()
    stage.workspace.fail("conversations.history", error="channel_not_found")
    is_given_up(stage, leader)
    stage.workspace.wait_for_posts(1, "maya")
    stage.until_settled()
    hold.release()
    until(lambda: posted(stage) == 2)
    leader.go_on()
    until(lambda: stage.stored.count("posts") == len(stage.workspace.posted(COHORT)))


@on_postgresql
def test_what_a_paused_leader_posted_stays_where_the_other_has_found_it_since(
    stage: Stage, leader: Forked, other: Forked
) -> None:
    assert other
    hold = stage.workspace.hold("chat.postMessage", "before")
    share(stage, stage.maya, 2)
    hold.wait()
    stage.workspace.fail("conversations.history", error="channel_not_found")
    is_given_up(stage, leader)
    stage.workspace.wait_for_posts(1, "maya")
    stage.until_settled()
    hold.release()
    until(lambda: shown(stage) == [2])
    share(stage, stage.maya, 5)
    until(lambda: shown(stage) == [5], "it was not found")
    stage.until_settled()
    leader.go_on()
    leader.end()
    assert shown(stage) == [5]
    assert stage.stored.count("posts") == 1


@on_postgresql
def test_when_the_one_that_took_over_dies_as_well_one_of_the_two_goes(
    stage: Stage, leader: Forked
) -> None:
    hold = stage.workspace.hold("chat.postMessage", "before")
    share(stage, stage.maya, 2)
    hold.wait()
    second = stage.start(Step.ANSWERED, at_least=2)
    is_given_up(stage, leader)
    second.until_dead()
    assert shown(stage) == [2]
    hold.release()
    until(lambda: shown(stage) == [2, 2])
    stage.a_lease_passes()
    third = stage.start()
    stage.until_settled()
    leader.go_on()
    until(lambda: shown(stage) == [2], "it stands there twice")
    assert third
    assert_known(stage)


@on_sqlite
def test_beside_a_file_a_paused_leader_keeps_its_turn_and_settles_its_call_itself(
    stage: Stage, leader: Forked, other: Forked
) -> None:
    assert other
    hold = stage.workspace.hold("chat.postMessage", "before")
    share(stage, stage.maya, 2)
    hold.wait()
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
