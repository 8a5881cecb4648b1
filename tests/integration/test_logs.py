"""What stands in the log: our own words, and of libraries never what they quote."""

from __future__ import annotations

import io
import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.operations.logs import FIELDS, JsonLines, PlainLines, told
from sandbox import Sandbox
from tests.conftest import AGREED, ROOT, Stored, environ_for, filled_in, on_sqlite, secrets_of
from tests.integration.processes import Running
from tests.logs import NOTE, assert_names_nobody

PERSON = "U0SBX000001"


def record(name: str, message: str, *arguments: object, **more: object) -> logging.LogRecord:
    """Return a record as a logger of that name would make it, an error under way included."""
    error = sys.exc_info()
    made = logging.LogRecord(
        name,
        logging.ERROR,
        "/somewhere/deep/library.py",
        42,
        message,
        arguments,
        error if error[0] else None,
    )
    made.__dict__.update(more)
    return made


def test_a_line_has_time_level_logger_and_message() -> None:
    line = json.loads(JsonLines().format(record("bot.services.people", "%d people", 3)))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert line == {"level": "ERROR", "logger": "bot.services.people", "message": "3 people"}


def test_of_what_is_added_only_known_fields_of_plain_values_are_told() -> None:
    added = {"kind": "NotSaved", "number": "a1", "person": PERSON, "reason": {"text": NOTE}}
    line = told(record("handlers.errors", "oops", **added))
    assert (line["kind"], line["number"]) == ("NotSaved", "a1")
    assert not {"person", "reason"} & set(line)
    assert "person" not in FIELDS


@pytest.mark.parametrize(
    "name",
    ["slack_sdk.web.base_client", "slack_bolt.app", "sqlalchemy.pool", "waitress", "apscheduler",
     "asyncio", "root", "py.warnings", "botany", "hearthstone", "storagelib.bot"],
)  # fmt: skip
@pytest.mark.parametrize("lines", [JsonLines, PlainLines])
def test_of_a_library_only_the_place_and_the_type_are_told(
    name: str, lines: type[logging.Formatter]
) -> None:
    try:
        raise ConnectionResetError(f"{NOTE} of {PERSON}")
    except ConnectionResetError:
        written = lines().format(record(name, "request of %s: %s", PERSON, NOTE, kind=NOTE))
    assert_names_nobody(written, ())
    assert "library:42" in written
    assert "ConnectionResetError" in written
    assert name in written
    assert "/somewhere" not in written


def test_our_own_error_is_told_by_its_lines_of_code() -> None:
    try:
        raise ZeroDivisionError(f"{NOTE} of {PERSON}")
    except ZeroDivisionError:
        for lines in (JsonLines(), PlainLines()):
            written = lines.format(record("scheduler.ticker", "job failed"))
            assert_names_nobody(written, ())
            assert "ZeroDivisionError" in written
            assert "test_our_own_error_is_told_by_its_lines_of_code" in written
            assert "\n" not in written


def test_one_record_is_one_line() -> None:
    for lines in (JsonLines(), PlainLines()):
        assert "\n" not in lines.format(record("bot", "first\nsecond"))


# A process of its own, because these settings are the process's

SCRIPT = """
import logging, sys, threading, warnings, gc
from bot.operations import logs
logs.configure({style!r})
logs.configure({style!r})
logging.getLogger("bot.x").info("ours at info")
logging.getLogger("bot.x").debug("ours at debug")
for name in ("slack_sdk", "sqlalchemy.engine"):
    loud = logging.getLogger(name)
    loud.setLevel(logging.DEBUG)
    loud.info("{note}")
    loud.warning("{note}")
logging.getLogger("bot.x").warning("%d", "{note}")
warnings.warn("{note}")
class Falls:
    def __del__(self): raise ValueError("{note}")
Falls()
def fail(): raise KeyError("{note}")
thread = threading.Thread(target=fail); thread.start(); thread.join()
fail()
"""


def run(style: str | None) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(style=style, note=NOTE)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert_names_nobody(done.stderr, ())
    return done.stderr.splitlines()


@pytest.mark.parametrize("style", ["json", "plain", None])
def test_whatever_a_process_says_goes_through_the_same_lines(style: str | None) -> None:
    lines = run(style)
    if style != "plain":
        found = [json.loads(each) for each in lines if each.startswith("{")]
        lines = [f"{line['level']} {line['logger']} {line['message']}" for line in found]
    said = "\n".join(lines)
    assert said.count("ours at info") == 1
    assert "ours at debug" not in said
    assert re.search(r"WARNING slack_sdk at \S+:\d+", said)
    assert "INFO slack_sdk" not in said
    assert "py.warnings at warnings:" in said
    assert "uncaught ValueError at __del__" in said
    assert said.count("uncaught KeyError at fail") == 2
    assert len(lines) == 7 + (style == "plain")


def test_a_log_that_cannot_be_written_keeps_nobody_from_anything() -> None:
    script = "from bot.operations import logs; import logging, os\n"
    script += "logs.configure('plain')\nlogging.getLogger('bot').warning('x')\n"
    script += "print('went on', flush=True)\nos._exit(0)"
    with open("/dev/full", "wb") as full:  # noqa: PTH123  # a device, and no file
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, stdout=-1, stderr=full, check=False
        )
    assert done.stdout == b"went on\n"


@pytest.fixture
def running(workspace: Sandbox, stored: Stored, tmp_path: Path) -> Iterator[Running]:
    process = Running(environ_for(workspace, stored.url), tmp_path).until_connected(workspace)
    yield process
    process.close()


@on_sqlite  # a server would not take the row that must not be quoted
def test_a_process_writes_json_that_names_nobody_whatever_goes_wrong(
    running: Running, workspace: Sandbox, stored: Stored
) -> None:
    maya = workspace.person("maya")
    maya.types("/checkin")
    maya.submits(AGREED)
    workspace.fail("views.open", status=500)
    maya.types("/checkin lantern")
    maya.submits(filled_in(note=NOTE))
    workspace.fail("views.open", delay_seconds=2)
    maya.types("/checkin lantern")
    stored.change("UPDATE people SET day_starts_minute = 'lantern'")
    maya.types("/checkin")
    lines = [json.loads(each) for each in running.errors().splitlines()]
    loggers = {line["logger"] for line in lines}
    assert "handlers.errors" in loggers
    assert any(each.startswith("slack_") for each in loggers)
    assert {"SlackUnavailable"} <= {line.get("kind") for line in lines}
    assert_names_nobody(running.errors(), secrets_of(workspace))


def test_asked_for_plain_text_it_writes_plain_text(
    workspace: Sandbox, stored: Stored, tmp_path: Path
) -> None:
    environ = environ_for(workspace, stored.url)
    environ |= {"HEARTH_LOG": "plain", "HEARTH_HEALTH": "127.0.0.1:0"}
    process = Running(environ, tmp_path).until_connected(workspace)
    process.close()
    (line,) = process.errors().splitlines()
    assert re.fullmatch(r"\S+Z INFO hearth health and metrics are on http://127\.0\.0\.1:\d+", line)


def test_on_a_terminal_it_is_plain_and_elsewhere_json() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    from bot.operations.logs import _is_json

    assert not _is_json(None, Terminal())
    assert _is_json(None, io.StringIO())
    assert _is_json("json", Terminal())
