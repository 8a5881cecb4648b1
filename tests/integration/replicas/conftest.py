"""What the tests of several processes over one database start from: a leader and another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.checkins import Answer, Capacity
from bot.domain.sharing import Choice
from bot.domain.visibility import Part
from sandbox import Person, Sandbox
from sandbox.weather.holds import Hold, When
from tests.conftest import Stored
from tests.integration.processes import Running
from tests.integration.stage import Stage

COHORT, OTHER = "cohort-new-parents", "cohort-first-leads"


@pytest.fixture
def stage(workspace: Sandbox, stored: Stored, tmp_path: Path) -> Iterator[Stage]:
    with Stage(workspace, stored, tmp_path) as built:
        built.join(COHORT, built.maya, workspace.person("kofi"))
        built.join(OTHER, workspace.person("grace"), workspace.person("emeka"))
        yield built


@pytest.fixture
def leader(stage: Stage) -> Running:
    """The process that sends."""
    started = stage.start()
    stage.until_led()
    return started


@pytest.fixture
def other(stage: Stage, leader: Running) -> Running:
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


def held(stage: Stage, when: When) -> Hold:
    """Let Maya share a mood of 2, and Slack hold the call for it, before or after it is done."""
    hold = stage.workspace.hold("chat.postMessage", when)
    share(stage, stage.maya, 2)
    hold.wait()
    return hold


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
