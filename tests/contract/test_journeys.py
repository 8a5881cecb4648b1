"""Journeys of the clock, which halt where a program has something to do, and people with habits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sandbox import ClockError, SandboxError
from sandbox.residents import Residents
from tests.contract.facts import Sure, pins
from tests.contract.rig import Rig

BUTTON = {
    "type": "button",
    "action_id": "turn",
    "value": "1",
    "text": {"type": "plain_text", "text": "I can"},
}
HABITS = """
- {person: kofi, presses: I can}
- {person: hanne, reacts: wave, channel: cohort-new-parents}
"""


@pins(
    "A journey of the clock halts where the program in it has something to do by itself.",
    "",
    Sure.OURS,
)
def test_a_journey_halts_at_each_instant_that_the_program_wants(offline: Rig) -> None:
    clock = offline.box.clock
    start = clock.now()
    wanted = [start + timedelta(days=day) for day in (1, 2, 9)]
    halted: list[datetime] = []

    def at_halt() -> None:
        halted.append(clock.now())
        wanted.pop(0)

    clock.halt_at(lambda: wanted[0] if wanted else None, at_halt)
    offline.control.post("/control/clock", {"advance_seconds": 7 * 86_400})
    assert [(at - start).days for at in halted] == [1, 2]
    assert (clock.now() - start).days == 7
    offline.control.post("/control/clock", {"to": (start + timedelta(days=10)).isoformat()})
    assert [(at - start).days for at in halted] == [1, 2, 9]


def test_what_is_due_already_is_done_before_the_clock_moves(offline: Rig) -> None:
    clock = offline.box.clock
    due, seen = [clock.now() - timedelta(minutes=5)], []

    def at_halt() -> None:
        seen.append(clock.now())
        due.clear()

    clock.halt_at(lambda: due[0] if due else None, at_halt)
    before = clock.now()
    clock.travel(before + timedelta(days=1))
    assert seen[0] - before < timedelta(minutes=1)


def test_what_cannot_be_done_keeps_nothing_else_from_its_time(offline: Rig) -> None:
    clock = offline.box.clock
    start, halts = clock.now(), []
    clock.halt_at(lambda: start, lambda: halts.append(clock.now()))
    clock.travel(start + timedelta(hours=5))
    assert 4 <= len(halts) <= 6
    assert clock.now() - start >= timedelta(hours=5)


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        (datetime(2030, 1, 1), "needs a zone"),  # noqa: DTZ001  # that is the point
        (datetime.fromisoformat("2020-01-01T00:00:00+00:00"), "only goes forwards"),
        (datetime.fromisoformat("9999-01-01T00:00:00+00:00"), "no further"),
    ],
)
def test_a_journey_goes_where_a_jump_could(offline: Rig, to: datetime, sentence: str) -> None:
    with pytest.raises(ClockError, match=sentence):
        offline.box.clock.travel(to)


@contextmanager
def residents_of(rig: Rig, tmp_path: Path) -> Iterator[Residents]:
    path = tmp_path / "habits.yml"
    path.write_text(HABITS)
    with closing(Residents(rig.box.url, "lantern", path)) as made:
        yield made


def posted(rig: Rig, text: str) -> dict[str, Any]:
    rig.client.chat_postMessage(channel=rig.channel("cohort-new-parents"), text=text)
    return rig.maya.messages("cohort-new-parents")[-1]


@pins("People with habits press a button that the app offers them.", "", Sure.OURS)
def test_who_has_the_habit_presses_the_button_in_their_direct_message(
    rig: Rig, tmp_path: Path
) -> None:
    pressed: list[str] = []

    def turn(ack: Any, body: Any, client: Any) -> None:
        pressed.append(body["user"]["id"])
        client.chat_update(
            channel=body["channel"]["id"], ts=body["message"]["ts"], text="Thanks", blocks=[]
        )
        ack()

    rig.app.action("turn")(turn)
    kofi = rig.box.person("kofi")
    for person in (kofi, rig.maya):
        dm = rig.client.conversations_open(users=person.id)["channel"]["id"]
        rig.client.chat_postMessage(
            channel=dm, text="Yours?", blocks=[{"type": "actions", "elements": [BUTTON]}]
        )
    with residents_of(rig, tmp_path) as residents:
        residents.act()
        residents.act()
    assert pressed == [kofi.id]


@pins("People with habits react to a message of the app that names their emoji.", "", Sure.OURS)
def test_who_has_the_habit_reacts_once_where_the_emoji_is_named(
    offline: Rig, tmp_path: Path
) -> None:
    posted(offline, "React with :wave: if you are here.")
    posted(offline, "Nothing to react to.")
    with residents_of(offline, tmp_path) as residents:
        residents.act()
        residents.act()
    named, other = offline.maya.messages("cohort-new-parents")[-2:]
    hanne = offline.box.person("hanne").id
    assert [(each["name"], each["users"]) for each in named["reactions"]] == [("wave", [hanne])]
    assert other["reactions"] == []


@pytest.mark.parametrize("text", ["- {who: kofi}", "presses: [", "- kofi", "12"])
def test_habits_that_are_none_name_their_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "habits.yml"
    path.write_text(text)
    with pytest.raises(SandboxError, match=r"habits\.yml"):
        Residents("http://127.0.0.1:1", "lantern", path)
