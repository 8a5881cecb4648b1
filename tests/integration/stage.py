"""A stage on which one Hearth comes after another: real processes that are started and killed."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from slack_sdk import WebClient

from app import build_services
from bot.delivery.directory import SlackDirectory
from bot.domain.people import Agreement
from bot.ports import SystemClock
from sandbox import Person, Sandbox
from storage.encryption import Keyring
from storage.engine import Database
from storage.migrate import migrate
from storage.turns import turn
from tests.conftest import ROOT, environ_for, secrets_of, settings_for
from tests.integration.killing import Step
from tests.logs import assert_names_nobody
from tests.stored import Stored

PATIENCE_SECONDS = 30.0
"""How long a state may take to come about before a test gives up; never what a test measures."""


def until(true: Callable[[], Any], what: str = "") -> None:
    """Return once something is true.

    Raises:
        AssertionError: it did not become true; `what` says what it was.
    """
    last = monotonic() + PATIENCE_SECONDS
    while not true():
        assert monotonic() < last, what or true
        sleep(0.01)


class Forked:
    """One `hearth run`, as the test sees it from outside."""

    def __init__(self, pid: int, folder: Path) -> None:
        self._pid = pid
        self._handle = os.pidfd_open(pid)
        self._folder = folder

    def until_connected(self, workspace: Sandbox, *, at_least: int = 1) -> Forked:
        """Return once it answers what people do, alone or as one of several."""
        until(lambda: "connected" in self._read("out") or self._dead(), "it never connected")
        assert not self._dead(), self.errors()
        until(lambda: workspace.connections >= at_least, "it never connected")
        return self

    def kill(self) -> None:
        """End it as `kill -9` does."""
        if not self._dead():
            self._send(signal.SIGKILL)
            self.until_dead()

    def pause(self) -> None:
        """Stop it, as a machine that is put to sleep."""
        self._send(signal.SIGSTOP)

    def go_on(self) -> None:
        """Wake it up."""
        self._send(signal.SIGCONT)

    def ask_to_end(self) -> None:
        """Ask it to finish what it is at, and to end."""
        self._send(signal.SIGTERM)

    def end(self) -> None:
        """Ask it to end, and wait for that."""
        self.ask_to_end()
        self.until_dead()

    def until_paused(self) -> None:
        """Return once it has stopped itself."""
        state = Path(f"/proc/{self._pid}/stat")
        until(lambda: state.read_text().rpartition(")")[2].split()[0] == "T", "it goes on")

    def until_dead(self) -> None:
        """Return once it has ended."""
        assert self._dead(PATIENCE_SECONDS), "it lives on"

    def close(self) -> None:
        """End it in whatever way, and let go of it."""
        self.kill()
        os.close(self._handle)

    def errors(self) -> str:
        """Return everything that it wrote to stderr."""
        return self._read("err")

    def _send(self, number: signal.Signals) -> None:
        signal.pidfd_send_signal(self._handle, number)

    def _dead(self, seconds: float = 0.0) -> bool:
        return bool(select.select([self._handle], [], [], seconds)[0])

    def _read(self, name: str) -> str:
        file = self._folder / name
        return file.read_text() if file.exists() else ""


class Forks:
    """Starts as many as a test asks for, over any database."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.killing"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, environ: Mapping[str, str], folder: Path, **order: Any) -> Forked:
        """Start one in `folder`, where it writes `out` and `err`; see `Stage.fork`."""
        order |= {"environ": dict(environ), "folder": str(folder)}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(order), file=self._process.stdin, flush=True)
        return Forked(int(self._process.stdout.readline()), folder)

    def close(self) -> None:
        """Start no more."""
        self._process.communicate()


class Stage:
    """A workspace and a database, in which one process comes after another."""

    def __init__(self, workspace: Sandbox, stored: Stored, forks: Forks, folder: Path) -> None:
        self.workspace = workspace
        self.stored = stored
        self.maya = workspace.person("maya")
        self._forks = forks
        self._folder = folder
        self._started: list[Forked] = []
        self._database = Database(stored.url)
        migrate(self._database, now=SystemClock().now())
        settings = settings_for(workspace, stored.url)
        self.services = build_services(
            self._database,
            SystemClock(),
            Keyring(settings.primary_key, settings.keys),
            SlackDirectory(WebClient(token=settings.bot_token, base_url=settings.api_url)),
        )
        """As those of a process that sends nothing."""

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()
        for each in self._started:
            each.close()
            assert_names_nobody(each.errors(), secrets_of(self.workspace))
            assert "Traceback" not in each.errors()

    def join(self, cohort: str, *people: Person) -> None:
        """Let there be a cohort, and let these people agree."""
        (channel,) = [each for each in self.workspace.channels() if each["name"] == cohort]
        self.services.cohorts.add(cohort, channel["id"], channel["members"])
        for person in people:
            self.services.people.agree(person.id, Agreement(agreed=True, country="DE"))

    def fork(
        self,
        step: Step | None = None,
        *,
        pauses: bool = False,
        begin_within: float | None = None,
    ) -> Forked:
        """Start a process, and do not wait for it.

        Args:
            step: where it ends itself.
            pauses: it does not end there, but stops, until it is told to go on.
            begin_within: seconds after which it does not ask Slack for what it took up.
        """
        folder = self._folder / f"{len(self._started)}"
        folder.mkdir()
        forked = self._forks.start(
            environ_for(self.workspace, self.stored.url),
            folder,
            step=step and step.name,
            pauses=pauses,
            begin_within=begin_within,
        )
        self._started.append(forked)
        return forked

    def start(self, step: Step | None = None, *, at_least: int = 1) -> Forked:
        """Start a process that ends itself at `step`; return once so many are connected."""
        return self.fork(step).until_connected(self.workspace, at_least=at_least)

    def kill(self, running: Forked) -> None:
        """Kill it, and wait until Slack and the database know."""
        running.kill()
        self.until_dead(running)

    def until_dead(self, running: Forked) -> None:
        """Return once it has ended and its connection to Slack is gone."""
        running.until_dead()
        until(lambda: self.workspace.connections == 0, "a connection stays")

    def until_settled(self) -> None:
        """Return once no delivery is open."""
        query = "SELECT state, reason FROM outbox WHERE state IN ('pending', 'sending')"
        until(lambda: not self.stored.rows(query), "something stays in the outbox")

    def a_lease_passes(self) -> None:
        """Let every lease end now, as a minute and a quarter would."""
        past = "UPDATE outbox SET lease_until = '2000-01-01 00:00:00' WHERE state = 'sending'"
        self.stored.change(past)

    def until_led(self) -> None:
        """Return once a process has the turn to send."""

        def led() -> bool:
            mine = turn(self._database, "sender")
            free = mine.take()
            mine.give_back()
            return not free

        until(led, "nobody takes the turn")

    @contextmanager
    def somebody_elses_turn(self) -> Iterator[None]:
        """Let no process send anything meanwhile, as another would that sends."""
        mine = turn(self._database, "sender")
        until(mine.take, "another has the turn")
        try:
            yield
        finally:
            mine.give_back()

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """Let Slack wait only a moment for an answer that does not come anyway."""
        usual, self.workspace.ack_seconds = self.workspace.ack_seconds, 0.3
        try:
            yield
        finally:
            self.workspace.ack_seconds = usual
