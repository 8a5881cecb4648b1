"""Two hundred people check in while Slack fails in every way at once: nothing is lost or doubled.

Every storm has a number, which is all it takes to have it again: `HEARTH_STORMS=7 make storm`.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest

from app import Hearth
from bot.domain.pacing import Pace
from sandbox import Person, Sandbox
from sandbox.weather.weather import Weather
from tests.conftest import ROOT, Stored, on_sqlite
from tests.integration.storm import town
from tests.integration.storm.day import Day, Life
from tests.integration.storm.stories import Story, Visit, stories
from tests.waiting import until

STORM_SECONDS = 600.0
AGAIN_SECONDS = 7.0
"""After how long somebody tries again what did not work."""

LOOK_SECONDS = 10.0

BY_LOT = {"latency_seconds", "server_errors", "lost_answers", "lost_acks"} | {
    "duplicates",
    "reordered",
    "dropped_sockets",
}
"""What a storm decides by lot."""


REFUSED = {"ratelimited", "http_500", "http_503", "cut"}
"""What calls are answered in it instead of what they asked for."""


def storms() -> list[int]:
    """Return the numbers of the storms to go through: "1-20" are twenty."""
    first, _, last = os.environ.get("HEARTH_STORMS", "1").partition("-")
    return list(range(int(first), int(last or first) + 1))


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Sandbox]:
    """A workspace of two hundred, in which it is nine in the morning."""
    seed = tmp_path / "town.yml"
    town.write(seed)
    with Sandbox(manifest=ROOT / "manifest.yml", seed=seed) as box:
        town.wake(box)
        yield box


@pytest.fixture
def pace() -> Pace | None:
    """Slack's own pace, for it is kept by the workspace's clock."""
    return None


@pytest.mark.parametrize("seed", storms())
def test_in_a_storm_every_checkin_and_every_share_is_there_exactly_once(
    workspace: Sandbox, hearth: Hearth, stored: Stored, seed: int
) -> None:
    town.settle(workspace, hearth)
    workspace.limit_messages(per_channel_per_second=0.1, burst=1)
    told, refused = stories(seed), set[tuple[str, str]]()
    watching = watched(workspace, refused, STORM_SECONDS)
    wanted = weathered(workspace, hearth, told, seed, STORM_SECONDS, watching)
    assert {error for _, error in refused} >= REFUSED
    assert ("chat.postMessage", "ratelimited") in refused
    assert {each.kind for each in workspace.weather_log() if each.outcome} == BY_LOT
    hearth.stop()  # else its clock may just now have something to tell a cohort
    assert_filed(stored, wanted)
    assert_shown(workspace, stored, wanted)


@on_sqlite
def test_a_storm_comes_again_with_its_number(workspace: Sandbox, hearth: Hearth) -> None:
    town.settle(workspace, hearth)
    told = stories(5)[:20]
    seen = []
    for _ in range(2):
        weathered(workspace, hearth, told, 5, STORM_SECONDS / 3)
        seen.append({each[:3]: each.outcome for each in workspace.weather_log()})
        workspace.clock.advance(timedelta(days=1))
    first, again = seen
    assert len(first.keys() & again.keys()) > 100
    assert all(first[each] == again[each] for each in first.keys() & again.keys())
    assert any(each > 0 for each in first.values())


def test_a_storm_is_all_of_the_weather() -> None:
    on = {each.name for each in fields(Weather) if getattr(Weather.storm(1), each.name)}
    assert on == {each.name for each in fields(Weather)} >= BY_LOT


def weathered(
    workspace: Sandbox,
    hearth: Hearth,
    told: Sequence[Story],
    seed: int,
    seconds: float,
    *besides: Life,
) -> dict[str, Visit]:
    """Let these stories happen in a storm; return, once it is calm, what each gave last."""
    day = Day(workspace, hearth)
    workspace.set_weather(Weather.storm(seed))
    people = {each.name: workspace.person(each.name) for each in told}
    for each in told:
        day.add(lived(people[each.name], each))
    for life in besides:
        day.add(life)
    day.pass_(seconds)
    workspace.calm()
    day.end()
    return {people[each.name].id: each.last for each in told}


def lived(person: Person, story: Story) -> Life:
    """Live through a story, and try again whatever does not work."""
    yield story.begins_seconds
    if story.says:
        person.says("good morning", channel=town.cohort_of(story.name))
        person.opens_home()
    for visit in story.visits:
        while not is_received(person, visit):
            yield AGAIN_SECONDS
        yield visit.pause_seconds
    while story.says and not is_at_home(person, story.last):
        yield AGAIN_SECONDS


def watched(workspace: Sandbox, refused: set[tuple[str, str]], seconds: float) -> Life:
    """Note which calls failed how; the log of calls does not go back to the beginning."""
    for _ in range(int(seconds / LOOK_SECONDS)):
        refused |= {(each["method"], each["error"]) for each in workspace.calls() if each["error"]}
        yield LOOK_SECONDS


def is_received(person: Person, visit: Visit) -> bool:
    """Try to check in; return whether Hearth said that it has it."""
    if person.view is None:
        person.types("/checkin")
    if person.view is None:
        return False
    person.submits(visit.values)
    top = person.view
    if top is None or top["title"]["text"] != "Received":
        return False
    person.closes(all=True)
    return True


def is_at_home(person: Person, visit: Visit) -> bool:
    """Open the Home tab; return whether Hearth took that. What it took, the tab has to show."""
    if person.opens_home().outcome != "acked":
        return False
    wanted = f"Mood {visit.mood}:", f"Capacity {visit.capacity}:"
    until(lambda: all(each in str(person.home) for each in wanted), f"not at home: {wanted}")
    return True


def assert_filed(stored: Stored, wanted: dict[str, Visit]) -> None:
    """See that everybody has one check-in, as they gave it last."""
    filed = stored.rows("SELECT person_id, mood, capacity FROM checkins")
    assert sorted(filed) == sorted((who, v.mood, v.capacity) for who, v in wanted.items())


def assert_shown(workspace: Sandbox, stored: Stored, wanted: dict[str, Visit]) -> None:
    """See that each share stands in its channel once, as it was given last, and nothing else."""
    posted = workspace.posted()
    seen = Counter(filter(None, (said(each["text"]) for each in posted)))
    shares = {who: each for who, each in wanted.items() if each.share != "nothing"}
    moods = {who: v.mood if "mood" in v.share else None for who, v in shares.items()}
    assert seen == Counter((who, moods[who], v.capacity) for who, v in shares.items())
    stands = sorted((each["channel"], each["ts"]) for each in posted)
    assert sorted(stored.rows("SELECT channel, ts FROM posts")) == stands
    states = {row[0] for row in stored.rows("SELECT state FROM outbox")}
    assert not states & {"sending", "failed"}


def said(text: str) -> tuple[str, int | None, str] | None:
    """Return who shares which mood and which capacity; None for what a cohort is told."""
    if not text.startswith("<@"):
        return None
    found = re.search(r"<@(U\w+)> shares.*\n(?:Mood (\d).*?\. )?Capacity (\w+):", text)
    assert found, text
    return found[1], int(found[2]) if found[2] else None, found[3]
