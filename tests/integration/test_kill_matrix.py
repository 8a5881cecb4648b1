"""A process is killed at every step between a form and its message, and another goes on.

Every message is there exactly once, with the right words, and the tables are settled. What was
seen at each step becomes the table in docs/operations.md; `UPDATE_GOLDEN=1 make test` writes it.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from sandbox import Sandbox
from tests.conftest import ROOT, Stored, filled_in, top
from tests.integration.killing import ON_THE_WAY, At, Step
from tests.integration.slack import gives_up_soon
from tests.integration.stage import Stage
from tests.logs import NOTE
from tests.waiting import until

COHORT = "cohort-new-parents"


class Deed(Enum):
    """What is said, and how Slack is asked for it."""

    POST = ("a message is posted", "chat.postMessage", {"mood": 2})
    CHANGE = ("a message is changed", "chat.update", {"mood": 5})
    TAKE_AWAY = ("a message is taken away", "chat.delete", {"share": "nothing"})

    def __init__(self, words: str, method: str, answer: dict[str, Any]) -> None:
        self.words = words
        self.method = method
        self.form = filled_in(**{"share": "mood_and_capacity", "note": NOTE, **answer})

    @property
    def shown(self) -> list[str]:
        """What the cohort is shown afterwards."""
        return {"POST": ["Mood 2: low"], "CHANGE": ["Mood 5: very good"], "TAKE_AWAY": []}[
            self.name
        ]


UNTOLD = (
    At("its form has arrived, nothing is written", Step.ARRIVED),
    At("its check-in is written, what is to be said is not", Step.HALF_WRITTEN),
    At("everything is written, not committed", Step.WRITTEN),
    At("everything is committed, the person is not told", Step.COMMITTED),
)
CASES = [(Deed.POST, at) for at in UNTOLD] + [(deed, at) for deed in Deed for at in ON_THE_WAY]

Seen = dict[tuple[Deed, At, str], str]


@pytest.fixture(scope="module")
def seen() -> Iterator[Seen]:
    """What was seen in which case; once all of them ran, it is held against the handbook."""
    cells: Seen = {}
    yield cells
    if len(cells) == len(CASES) * 2:
        assert_in_the_handbook(table(cells))


@pytest.fixture
def stage(workspace: Sandbox, stored: Stored, tmp_path: Path) -> Iterator[Stage]:
    with Stage(workspace, stored, tmp_path) as built:
        built.join(COHORT, built.maya)
        yield built


@pytest.mark.parametrize(
    ("deed", "at"), CASES, ids=[f"{deed.words}, {at.words}" for deed, at in CASES]
)
def test_killed_at_any_step_every_message_is_there_once(
    stage: Stage, deed: Deed, at: At, seen: Seen, request: pytest.FixtureRequest
) -> None:
    if deed is not Deed.POST:
        post_first(stage)
    if at in UNTOLD:
        kill_untold(stage, deed, at)
    else:
        kill_on_the_way(stage, deed, at)
    cell = go_on(stage, deed)
    assert_once(stage, deed)
    database = str(request.node.callspec.params["stored"])
    seen[deed, at, database] = cell


def post_first(stage: Stage) -> None:
    """Let the message stand there that is then changed or taken away."""
    first = stage.start()
    stage.maya.types("/checkin")
    assert stage.maya.submits(Deed.POST.form).ok
    stage.until_settled()
    stage.kill(first)


def kill_untold(stage: Stage, deed: Deed, at: At) -> None:
    """Kill it before it answers the person."""
    victim = stage.start(at.step)
    stage.maya.types("/checkin")
    with gives_up_soon(stage.workspace, 0.3):
        assert stage.maya.submits(deed.form).outcome == "timeout"
    stage.until_dead(victim)
    assert top(stage.maya)["state"]["values"]["note"]["note"]["value"] == NOTE


def kill_on_the_way(stage: Stage, deed: Deed, at: At) -> None:
    """Kill it after it answered the person, between the outbox and Slack or back."""
    with stage.somebody_elses_turn():
        victim = stage.start(at.step)
        stage.maya.types("/checkin")
        assert stage.maya.submits(deed.form).ok
        hold = None if at.step else stage.workspace.hold(deed.method, at.hold)
    if hold is not None:
        hold.wait()
        stage.kill(victim)
        if at.cut:
            hold.cut()
        else:
            hold.release()
            until(lambda: shown(stage) == deed.shown, "Slack did not carry it out")
    stage.until_dead(victim)


def go_on(stage: Stage, deed: Deed) -> str:
    """Let another process go on, and the person too; return what was seen."""
    there, stored = shown(stage) == deed.shown, stage.stored.count("checkins") > 0
    calls = Counter(each["method"] for each in stage.workspace.calls())
    stage.a_lease_passes()
    stage.start()
    stage.until_settled()
    again = top(stage.maya)["title"]["text"] != "Received"
    if again:
        assert stage.maya.submits().ok
        stage.until_settled()
    calls = Counter(each["method"] for each in stage.workspace.calls()) - calls
    return in_words(
        deed,
        there=there,
        again=again,
        stored=stored,
        asked=calls[deed.method] > 0,
        looked=calls["conversations.history"] > 0,
    )


def in_words(
    deed: Deed, *, there: bool, again: bool, stored: bool, asked: bool, looked: bool
) -> str:
    """Return what was seen as an operator understands it.

    Args:
        deed: what was to be said.
        there: Slack showed it already when the process was dead.
        again: the person saved once more.
        stored: the check-in was stored when the process was dead.
        asked: the next process asked Slack for it.
        looked: the next process looked into the channel.
    """
    if not asked:
        return "found in the channel, not posted again" if looked else "nothing was left to do"
    if deed is Deed.CHANGE:
        return "changed again to the same words" if there else "changed by the next process"
    if deed is Deed.TAKE_AWAY:
        return "found gone by the next process" if there else "taken away by the next process"
    if again and not stored:
        return "nothing was stored; saved again by hand, then posted"
    if again:
        return "posted by the next process; saving again changed nothing"
    return f"{'not found in the channel, ' if looked else ''}posted by the next process"


def assert_once(stage: Stage, deed: Deed) -> None:
    """Hold Slack and the tables against what should be there."""
    assert shown(stage) == deed.shown
    assert len(stage.workspace.posted()) == len(deed.shown), "somebody was told something else"
    made = [each for each in stage.workspace.calls() if each["method"] == "chat.postMessage"]
    assert [each["ok"] for each in made].count(True) == 1, "it was there twice for a while"
    assert top(stage.maya)["title"]["text"] == "Received"
    said = stage.stored.rows("SELECT state, owner FROM outbox")
    assert said == [("sent", None)] * (1 if deed is Deed.POST else 2), "something was said again"
    posts = [(each["channel"], each["ts"]) for each in stage.workspace.posted()]
    assert stage.stored.rows("SELECT channel, ts FROM posts") == posts
    assert stage.stored.count("shares") == len(deed.shown)
    mood = int(deed.form["mood"]["mood"])
    assert [row[1:] for row in stage.stored.checkins()] == [(mood, 2, 3, "steady")]


def shown(stage: Stage) -> list[str]:
    """Return the mood in every message that the cohort is shown."""
    texts = [each["text"] for each in stage.workspace.posted(COHORT)]
    return [text.splitlines()[1].partition(".")[0] for text in texts]


# The handbook

BEGIN, END = "<!-- kill matrix -->\n", "<!-- end -->\n"
HANDBOOK = ROOT / "docs" / "operations.md"


def table(seen: Seen) -> str:
    """Return what was seen as a table for each deed."""
    lines = []
    for deed in Deed:
        lines += ["", f"**While {deed.words}**", ""]
        lines += ["| the process is killed when | on SQLite | on PostgreSQL |", "|---|---|---|"]
        for each, at in CASES:
            if each is deed:
                cells = seen[deed, at, "sqlite"], seen[deed, at, "postgresql"]
                lines.append(f"| {at.words} | {' | '.join(cells)} |")
    return "\n".join([*lines[1:], ""])


def assert_in_the_handbook(seen: str) -> None:
    """Hold the table against the one that operators read, or write it there."""
    before, begin, rest = HANDBOOK.read_text().partition(BEGIN)
    told, end, after = rest.partition(END)
    assert begin, "the marks are gone"
    assert end, "the marks are gone"
    if os.environ.get("UPDATE_GOLDEN"):
        HANDBOOK.write_text(before + begin + seen + end + after)
    else:
        assert told == seen
