"""The two sides that are measured, each a process of its own."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from app import build_services
from bot import settings
from bot.domain.cohorts import Cohort
from bot.domain.people import Agreement
from bot.ports import Channel, Profile, SystemClock
from storage import keys
from storage.encryption import Keyring
from storage.engine import Database
from storage.migrate import migrate
from tests.bench import noop, slack
from tests.bench.result import WrongAnswer
from tests.bench.slack import Slack
from tests.bench.submissions import MEMBERS

ROOT = Path(__file__).parents[2]
HEARTH = (sys.executable, "-m", "cli", "run")
_HEALTH = {"HEARTH_HEALTH": "127.0.0.1:0"}
"""On a port of its own, so that several Hearths and their metrics may run on this machine."""

NOOP = (sys.executable, str(noop.__file__))


class Zones:
    """A directory in which everybody lives in the same zone."""

    def profile(self, person: str) -> Profile:
        return Profile(zone="Europe/Berlin")


class NoChannels:
    """A workspace in which Hearth is in no channel."""

    def look(self, channel: str) -> Channel:
        return Channel()

    def members(self, channel: str) -> frozenset[str]:
        return frozenset()

    def private(self) -> dict[str, str]:
        return {}


class Memory:
    """A database in which every member has agreed, and the key of its notes."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.encoded_key = settings.new_key("bench")
        loaded = settings.load(Path(os.devnull), {**tokens(""), **self.environ})
        self.keyring = Keyring(loaded.primary_key, loaded.keys)
        self.database = Database(self.url)
        migrate(self.database, now=datetime.now(UTC))
        keys.check(self.database, self.keyring)
        self.services = build_services(
            self.database, SystemClock(), self.keyring, Zones(), NoChannels()
        )
        agreement = Agreement(agreed=True, country="DE")
        with ThreadPoolExecutor(32) as pool:
            list(pool.map(lambda person: self.services.people.agree(person, agreement), MEMBERS))

    @classmethod
    def in_folder(cls, folder: Path) -> Memory:
        """Return a database file in that folder."""
        return cls(f"sqlite:///{folder / 'hearth.db'}")

    @property
    def environ(self) -> dict[str, str]:
        """What a process needs to know to use it."""
        return {"DATABASE_URL": self.url, "HEARTH_KEYS": self.encoded_key}

    def found_cohorts(self, count: int) -> Sequence[Cohort]:
        """Divide the members among so many cohorts; return these."""
        for number in range(count):
            members = MEMBERS[number::count]
            self.services.cohorts.add(f"Cohort {number:03d}", f"C0BENCH{number:03d}", members)
        return self.services.cohorts.every()


@dataclass(frozen=True, slots=True)
class Side:
    """One running process, connected to a Slack of its own."""

    slack: Slack
    pid: int
    seconds_to_connect: float

    def cpu_seconds(self) -> float | None:
        """Return the processor time it has used so far; None where /proc does not tell."""
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_megabytes(self) -> float | None:
        """Return its resident memory; None where /proc does not tell."""
        try:
            status = Path(f"/proc/{self.pid}/status").read_text()
        except OSError:
            return None
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


@asynccontextmanager
async def hearth(memory: Memory, folder: Path) -> AsyncIterator[Side]:
    """Run Hearth as an operator does, over the database of `memory`."""
    async with _running(HEARTH, memory.environ | _HEALTH, folder) as side:
        yield side


@asynccontextmanager
async def bolt_noop(folder: Path) -> AsyncIterator[Side]:
    """Run the Bolt app that does nothing."""
    async with _running(NOOP, {}, folder) as side:
        yield side


@asynccontextmanager
async def _running(
    command: Sequence[str], more: Mapping[str, str], folder: Path
) -> AsyncIterator[Side]:
    """Run a command until it is connected and the block has ended, then kill it.

    It is killed without warning, so that whatever is found in the database afterwards was
    stored before its ack, and not while the process came to its end.
    """
    log = folder / "log"
    async with slack.serve() as server:
        environ = {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": str(ROOT),  # what is measured is this tree, wherever it is installed
            **tokens(server.api_url),
            **more,
        }
        with log.open("wb") as stderr:
            spawned_at = perf_counter()
            process = await asyncio.create_subprocess_exec(
                *command, env=environ, cwd=folder, stdout=asyncio.subprocess.DEVNULL, stderr=stderr
            )
        try:
            connected_at = await _connection(process, server)
            yield Side(server, process.pid, connected_at - spawned_at)
        except WrongAnswer as wrong:
            raise WrongAnswer(f"{wrong}\n{log.read_text()[-2000:]}") from None
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def _connection(process: asyncio.subprocess.Process, server: Slack) -> float:
    ended = asyncio.ensure_future(process.wait())
    ended.add_done_callback(lambda _: server.gone())
    try:
        return await asyncio.wait_for(server.connected(), timeout=30)
    except (ConnectionError, TimeoutError):
        raise WrongAnswer("a side did not connect") from None
    finally:
        ended.cancel()


def tokens(api_url: str) -> dict[str, str]:
    """Return what a process needs to know to speak to the Slack at `api_url`."""
    environ = {"SLACK_BOT_TOKEN": slack.BOT_TOKEN, "SLACK_APP_TOKEN": slack.APP_TOKEN}
    if api_url:
        environ |= {"SLACK_API_URL": api_url, "HEARTH_ALLOW_OTHER_SLACK": "yes"}
    return environ
