"""A stage on which one Hearth comes after another: real processes that are started and killed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from slack_sdk import WebClient

from app import build_services
from bot.delivery.channels import SlackChannels
from bot.delivery.directory import SlackDirectory
from bot.domain.people import Agreement
from bot.ports import SystemClock
from sandbox import Person, Sandbox
from storage.encryption import Keyring
from storage.engine import Database
from storage.migrate import migrate
from storage.turns import turn
from tests.conftest import environ_for, settings_for
from tests.integration.killing import Step
from tests.integration.processes import Running
from tests.stored import Stored
from tests.waiting import until


class Stage:
    """A workspace and a database, in which one process comes after another."""

    def __init__(self, workspace: Sandbox, stored: Stored, folder: Path) -> None:
        self.workspace = workspace
        self.stored = stored
        self.maya = workspace.person("maya")
        self._folder = folder
        self._started: list[Running] = []
        self.database = Database(stored.url)
        migrate(self.database, now=SystemClock().now())
        settings = settings_for(workspace, stored.url)
        client = WebClient(token=settings.bot_token, base_url=settings.api_url)
        self.services = build_services(
            self.database,
            SystemClock(),
            Keyring(settings.primary_key, settings.keys),
            SlackDirectory(client),
            SlackChannels(client),
        )
        """As those of a process that sends nothing."""

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()
        for each in self._started:
            each.close()

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
        minutes_are_seconds: bool = False,
    ) -> Running:
        """Start a process, and do not wait for it.

        Args:
            step: where it ends itself.
            pauses: it does not end there, but stops, until it is told to go on.
            begin_within: seconds after which it does not ask Slack for what it took up.
            minutes_are_seconds: what it does as each minute begins, it does every second.
        """
        folder = self._folder / f"{len(self._started)}"
        folder.mkdir()
        before = ""
        if step is not None:
            before += "from tests.integration.killing import Step, end_at\n"
            before += f"end_at(Step.{step.name}, pauses={pauses})\n"
        if begin_within is not None:
            before += "from bot.delivery import carrier\n"
            before += f"carrier.BEGIN_WITHIN_SECONDS = {begin_within}\n"
        if minutes_are_seconds:
            before += "from scheduler import ticker\n"
            before += "ticker.MINUTES = ticker.CronTrigger(second='*', timezone='UTC')\n"
        running = Running(environ_for(self.workspace, self.stored.url), folder, before=before)
        self._started.append(running)
        return running

    def start(self, step: Step | None = None, *, at_least: int = 1) -> Running:
        """Start a process that ends itself at `step`; return once so many are connected."""
        return self.fork(step).until_connected(self.workspace, at_least=at_least)

    def kill(self, running: Running) -> None:
        """Kill it, and wait until Slack and the database know."""
        running.kill()
        self.until_dead(running)

    def until_dead(self, running: Running) -> None:
        """Return once it has ended and its connection to Slack is gone."""
        running.wait()
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
            mine = turn(self.database, "sender")
            free = mine.take()
            mine.give_back()
            return not free

        until(led, "nobody takes the turn")

    @contextmanager
    def somebody_elses_turn(self) -> Iterator[None]:
        """Let no process send anything meanwhile, as another would that sends."""
        mine = turn(self.database, "sender")
        until(mine.take, "another has the turn")
        try:
            yield
        finally:
            mine.give_back()
