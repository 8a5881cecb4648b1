"""A process is killed at every step of a ritual, alone or beside another that saw it due as well.

Whatever the clock has to say of an occurrence is said exactly once, the tables are settled, and
the next occurrence is planned once. Who goes on begins with what it read before the other acted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from sandbox import Sandbox
from storage import rituals
from storage.cohorts import in_channel
from tests.conftest import Stored
from tests.integration.killing import ON_THE_WAY, At, Step
from tests.integration.processes import Running
from tests.integration.rituals.calendars import CHANNEL, columns
from tests.integration.stage import Stage
from tests.waiting import until

MINUTE = timedelta(minutes=1)
LIVE = {"mode": "live", "minutes": 10}


class Deed(Enum):
    """What the clock has to do, and what stands in the channel and in the tables afterwards."""

    SOON = ("it is announced", ["Begins soon"], {"postMessage": 1}, ["planned"])
    POST = ("it is posted", ["React if you like"], {"postMessage": 1}, ["open", "planned"])
    END = (
        "it is closed",
        ["This is closed", "minutes are over"],
        {"postMessage": 2, "update": 1},
        ["closed", "planned"],
    )

    def __init__(
        self, words: str, said: list[str], calls: dict[str, int], states: list[str]
    ) -> None:
        self.words = words
        self.said = said
        """Words of each message."""
        self.calls = calls
        """What Slack carries out, once."""
        self.states = states
        """Of the occurrences, the first first."""


UNSAID = (
    At("it is half written, what is to be said is not", Step.HALF_WRITTEN),
    At("all of it is written, not committed", Step.WRITTEN),
    At("all of it is committed, nobody rang", Step.COMMITTED),
)
CLAIM = (At("it was found due, nothing is written", Step.DUE), *UNSAID)
PLAN = (
    At("it is claimed, the next is not planned", Step.PLANNING),
    At("it is claimed, the next is planned, not committed", Step.PLANNED),
    At("it is claimed, the next is planned", Step.PLAN_COMMITTED),
)
ANNOUNCE = (At("it was found near, nothing is written", Step.ANNOUNCING), *UNSAID)
CLOSE = (At("it was found over, nothing is written", Step.CLOSING), *UNSAID)
THANKS = At("Slack has said thanks, its answer is not seen", hold="after")

BY_THE_CLOCK = (*CLAIM, *PLAN, *ANNOUNCE, *CLOSE)
CASES = (
    [(Deed.SOON, at) for at in ANNOUNCE]
    + [(Deed.POST, at) for at in (*CLAIM, *PLAN, *ON_THE_WAY)]
    + [(Deed.END, at) for at in (*CLOSE, THANKS)]
)
LEASED = (None, Step.LEASED, Step.ANSWERED, Step.MARKED)
"""Whoever is killed there leaves a lease behind."""


@pytest.fixture
def stage(workspace: Sandbox, stored: Stored, tmp_path: Path) -> Iterator[Stage]:
    with Stage(workspace, stored, tmp_path) as built:
        built.join(CHANNEL)
        yield built


@pytest.mark.parametrize("beside", [False, True], ids=["one process", "two processes"])
@pytest.mark.parametrize(("deed", "at"), CASES, ids=[f"{d.words}, {at.words}" for d, at in CASES])
def test_killed_at_any_step_everything_of_a_ritual_is_said_once(
    stage: Stage, deed: Deed, at: At, beside: bool
) -> None:
    let_there_be(stage, deed)
    with stage.somebody_elses_turn():
        other = one_that_saw_it(stage) if beside else None
        if at in BY_THE_CLOCK:
            kill(stage, at, other)
    if at not in BY_THE_CLOCK:
        kill(stage, at, other)
    if at.step in LEASED:
        stage.a_lease_passes()
    if other is None:
        fork(stage)
    until(lambda: all_said(stage, deed), "it is not said")
    stage.until_settled()
    until(lambda: states(stage) == deed.states, "the next is not planned")
    assert_once(stage, deed)


def let_there_be(stage: Stage, deed: Deed) -> None:
    """Let it be time for that, of one that comes round every day."""
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    due = now + 8 * MINUTE if deed is Deed.SOON else now - MINUTE
    schedule: dict[str, Any] = {} if deed is Deed.POST else LIVE
    (channel,) = [each for each in stage.workspace.channels() if each["name"] == CHANNEL]
    with stage.database.read() as connection:
        cohort = in_channel(connection, channel["id"])
    assert cohort is not None
    keep(stage, cohort.id, due, schedule, soon=deed is Deed.SOON)
    if deed is Deed.END:
        first = fork(stage).until_connected(stage.workspace)
        until(lambda: states(stage) == ["open", "planned"])
        stage.until_settled()
        stage.kill(first)
        of_it = rituals.occurrences.c.state == "open"
        over = update(rituals.occurrences).where(of_it).values(closes_at=now)
        stage.database.write(lambda connection: connection.execute(over))


def keep(
    stage: Stage, cohort: UUID, due: datetime, schedule: dict[str, Any], *, soon: bool
) -> None:
    """Keep a ritual that comes round at that hour each day, and is planned for the first time."""
    row = (
        columns(cohort, due - timedelta(hours=1))
        | {"rule": "FREQ=DAILY", "zone": "UTC", "to_plan": False}
        | schedule
    )
    row |= {"starts_on": due.date(), "at_minute": due.hour * 60 + due.minute}
    planned = {"id": uuid4(), "ritual_id": row["id"], "on_date": due.date(), "due_at": due}
    planned |= {"state": "planned", "announce_at": due - 10 * MINUTE if soon else None}

    def work(connection: Any) -> None:
        connection.execute(rituals.rituals.insert().values(**row))
        rituals.add(connection, [planned])

    stage.database.write(work)


def fork(stage: Stage, step: Step | None = None, *, pauses: bool = False) -> Running:
    return stage.fork(step, pauses=pauses, minutes_are_seconds=True)


def one_that_saw_it(stage: Stage) -> Running:
    """Start another process, and stop it as soon as it has seen that there is something to do."""
    other = fork(stage, Step.LOOKED, pauses=True)
    other.until_paused()
    return other


def kill(stage: Stage, at: At, other: Running | None) -> None:
    """Kill a process at that step; the other goes on while the first still stands there."""
    hold = None if at.step else stage.workspace.hold("chat.postMessage", at.hold)
    victim = fork(stage, at.step, pauses=other is not None)
    if hold is not None:
        hold.wait()
    elif other is not None:
        victim.until_paused()
    if other is not None:
        other.go_on()
        assert "connected" in other.first_words(), other.errors()
    if hold is not None or other is not None:
        victim.kill()
    victim.wait()
    if hold is not None:
        said = len(stage.workspace.posted())
        if at.cut:
            hold.cut()
        else:
            hold.release()
            done = said if at.hold == "after" else said + 1
            until(lambda: len(stage.workspace.posted()) == done, "Slack did not carry it out")


def states(stage: Stage) -> list[str]:
    """Return how the occurrences stand, the first first."""
    query = "SELECT state FROM ritual_occurrences ORDER BY on_date"
    return [state for (state,) in stage.stored.rows(query)]


def all_said(stage: Stage, deed: Deed) -> bool:
    """Whether every message is there, with its words."""
    texts = [each["text"] for each in stage.workspace.posted(CHANNEL)]
    pairs = zip(texts, deed.said, strict=False)
    return len(texts) >= len(deed.said) and all(words in text for text, words in pairs)


def assert_once(stage: Stage, deed: Deed) -> None:
    """Hold Slack and the tables against what should be there."""
    made = Counter(each["method"] for each in stage.workspace.calls() if each["ok"])
    asked = {name: made[f"chat.{name}"] for name in ("postMessage", "update", "delete")}
    assert {name: count for name, count in asked.items() if count} == deed.calls
    posted = stage.workspace.posted()
    assert len(posted) == len(deed.said), "somebody was told something else"
    if deed is Deed.END:
        assert posted[1]["thread_ts"] == posted[0]["ts"], "the thanks stands outside the thread"
    said = stage.stored.rows("SELECT state, owner FROM outbox")
    assert said == [("sent", None)] * sum(deed.calls.values()), "something was said again"
    stands = sorted((each["channel"], each["ts"]) for each in posted)
    assert sorted(stage.stored.rows("SELECT channel, ts FROM posts")) == stands
    ahead = 0 if deed is Deed.SOON else 1
    assert stage.stored.count("cohort_posts") == ahead, "room is kept for something else"
    waits = stage.stored.rows("SELECT count(*) FROM rituals WHERE to_plan")
    assert waits == [(0,)]
