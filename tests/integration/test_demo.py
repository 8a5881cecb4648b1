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
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from sandbox import Person
from tests.conftest import AGREED, ROOT, filled_in, top
from tests.logs import NOTE


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
