"""The demo as a newcomer meets it: one command, an address, a workspace with Hearth in it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen
from zoneinfo import ZoneInfo

import pytest

from app import Hearth
from bot.content.rituals import legend, legends, template
from bot.domain import recurrence
from bot.domain.days import local_time
from bot.domain.rituals import OnHoliday, Schedule
from bot.operations.showcase import COHORT, ON_ROTA, PEOPLE, furnish
from sandbox import Person, Sandbox
from tests.conftest import AGREED, ROOT, filled_in, on_sqlite, top
from tests.logs import NOTE

BERLIN = "Europe/Berlin"


@dataclass
class Demo:
    """A running demo."""

    process: subprocess.Popen[str]
    url: str

    def ask(self, path: str, sent: dict[str, Any] | None = None) -> Any:
        body = None if sent is None else json.dumps(sent).encode()
        request = Request(self.url + path, body, {"Content-Type": "application/json"})
        with urlopen(request) as answer:
            return json.load(answer)

    def rows(self) -> list[list[Any]]:
        return list(self.ask("/control/panels/What%20is%20stored")["rows"])


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody else uses."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield int(other.getsockname()[1])


@contextmanager
def running(tmp_path: Path, port: int, *more: str) -> Iterator[Demo]:
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "cli", "demo", "--port", str(port), *more]
    process = subprocess.Popen(
        command,
        env=environ,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said = ""
    while "Ctrl-C" not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    found = re.search(r"http://127\.0\.0\.1:\d+", said)
    assert found is not None
    try:
        yield Demo(process, found[0])
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def demo(tmp_path: Path, taken: int) -> Iterator[Demo]:
    with running(tmp_path, taken) as started:
        yield started


def test_a_busy_port_is_answered_with_the_next_free_one(demo: Demo, taken: int) -> None:
    assert int(demo.url.rpartition(":")[2]) > taken
    with urlopen(demo.url) as page:
        assert b"<html" in page.read()


def test_a_checkin_can_be_seen_the_whole_way_to_the_encrypted_row(demo: Demo) -> None:
    maya = Person(demo.url, "maya")
    assert demo.rows() == []
    maya.types("/checkin")
    maya.submits(AGREED)
    maya.submits(filled_in(note=NOTE))
    assert top(maya)["title"]["text"] == "Received"
    ((person, _, *answers, note),) = demo.rows()
    assert (person, answers) == (maya.id, [4, 2, 3, "steady"])
    assert re.fullmatch(r"[0-9A-F]{60,}", note)
    assert "lantern" not in bytes.fromhex(note).decode(errors="ignore")
    maya.close()


def test_hearth_follows_the_clock_of_the_workspace(demo: Demo) -> None:
    maya = Person(demo.url, "maya")
    maya.types("/checkin")
    maya.submits(AGREED)
    maya.submits(filled_in())
    now = datetime.fromisoformat(demo.ask("/control/clock")["now"])
    demo.ask("/control/clock", {"to": (now + timedelta(days=7)).isoformat()})
    maya.types("/checkin 1 1 1 light")
    days = sorted(datetime.fromisoformat(row[1]) for row in demo.rows())
    assert days[1] - days[0] == timedelta(days=7)
    maya.close()


def test_a_cohort_lives_through_four_weeks_while_the_clock_travels(demo: Demo) -> None:
    now = datetime.fromisoformat(demo.ask("/control/clock")["now"])
    demo.ask("/control/clock", {"advance_seconds": timedelta(weeks=4).total_seconds()})
    posts = friday_wins(demo)
    dues = [local_time(datetime.fromtimestamp(float(each["ts"]), UTC), BERLIN) for each in posts]
    assert [each.replace(second=0, microsecond=0) for each in dues] == fridays(now)
    holders = [re.findall(r"Held by <@(\w+)> this time\.", each["text"]) for each in posts]
    people = {each["name"]: each["id"] for each in demo.ask("/control/workspace")["people"]}
    assert {who for (who,) in holders} <= {people[name] for name in ON_ROTA}
    assert all(one != next_ for one, next_ in pairwise(holders)), "the turns do not go round"
    assert [[each["count"] for each in post["reactions"]] for post in posts] == [[3]] * len(posts)


def friday_wins(demo: Demo) -> list[dict[str, Any]]:
    """Return what was posted of the ritual that the demo begins with."""
    title = template("friday_wins").title
    maya = Person(demo.url, "maya")
    found = [each for each in maya.messages(COHORT) if each["text"].startswith(title)]
    maya.close()
    return found


def fridays(now: datetime) -> list[datetime]:
    """Return when it takes place within four weeks: every Friday that is no public holiday."""
    schedule = Schedule(
        rule=recurrence.weekly([4]),
        starts_on=local_time(now, BERLIN).date(),
        at_minute=15 * 60,
        zone=BERLIN,
        on_holiday=OnHoliday.SKIP,
        country="DE",
    )
    yesterday = schedule.starts_on - timedelta(days=1)
    dues = [each.due_at for each in recurrence.occurrences(schedule, after=yesterday, limit=6)]
    last = now + timedelta(weeks=4)
    return [local_time(each, BERLIN) for each in dues if each and now < each <= last]


@on_sqlite
def test_on_a_friday_morning_the_first_one_comes_the_same_day(
    workspace: Sandbox, hearth: Hearth
) -> None:
    morning = datetime(2028, 9, 1, 10, tzinfo=ZoneInfo(BERLIN))
    workspace.clock.jump(morning)
    channels = {each["name"]: (each["id"], each["members"]) for each in workspace.channels()}
    people = {name: workspace.person(name).id for name in PEOPLE}
    furnish(hearth.services, hearth.database, channels, people, workspace.clock.now())
    hearth.catch_up()
    calendar = hearth.services.rituals.here(people["kofi"], channels[COHORT][0])
    assert calendar is not None
    dues = fridays(morning)
    assert (calendar.entries[0].due_at, len(dues)) == (dues[0], 4)


def test_the_page_offers_every_emoji_that_a_legend_names() -> None:
    source = (ROOT / "sandbox" / "page" / "emoji.js").read_text()
    offered = re.findall(r'"([^"]+)"', source.partition("OFFERED = [")[2].partition("]")[0])
    assert {emoji for key in legends() for emoji in legend(key)} <= set(offered)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_well_and_leaves_nothing_behind(
    demo: Demo, tmp_path: Path, number: signal.Signals
) -> None:
    assert list(tmp_path.glob("hearth-demo-*/hearth.db")) != []
    demo.process.send_signal(number)
    said, _ = demo.process.communicate(timeout=30)
    assert demo.process.returncode == 0
    assert said.split("\n")[-2] == "The demo has ended."
    assert list(tmp_path.glob("hearth-demo-*")) == []


def test_what_was_kept_can_be_read_the_next_time(tmp_path: Path, taken: int) -> None:
    kept = tmp_path / "not" / "there" / "yet"
    with running(tmp_path, taken, "--data", str(kept)) as first:
        maya = Person(first.url, "maya")
        maya.types("/checkin")
        maya.submits(AGREED)
        maya.submits(filled_in(note=NOTE))
        maya.close()
        first.process.send_signal(signal.SIGINT)
        first.process.wait(30)
    with running(tmp_path, taken, "--data", str(kept)) as again:
        maya = Person(again.url, "maya")
        maya.types("/checkin history")
        assert maya.is_shown(NOTE)
        maya.close()


def test_it_says_nothing_about_anybody_on_the_way(demo: Demo) -> None:
    maya = Person(demo.url, "maya")
    maya.types("/checkin lantern")
    maya.submits(AGREED)
    maya.submits(filled_in(note=NOTE * 100), unchecked=True)
    maya.types("/checkin history lantern")
    maya.close()
    demo.process.send_signal(signal.SIGINT)
    said, _ = demo.process.communicate(timeout=30)
    assert "lantern" not in said
    assert maya.id not in said
