"""Commands of Hearth in processes of their own, as an operator and the machine see them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sandbox import Sandbox
from tests.conftest import ROOT
from tests.integration.forks import Fork, fresh_files
from tests.logs import assert_names_nobody
from tests.waiting import PATIENCE_SECONDS, until


@dataclass(frozen=True)
class Ended:
    """What an operator sees when a command has ended."""

    code: int
    out: str
    err: str


def hearth(
    *arguments: str, environ: Mapping[str, str] | None = None, folder: Path, anew: bool = False
) -> Ended:
    """Run a command of Hearth in `folder` to its end; see `Process`."""
    process = Process(*arguments, environ=environ, folder=folder, anew=anew)
    return Ended(process.wait(), process.said(), process.errors())


LITTLE_ROOM = """
import resource, sys, cli
resource.setrlimit(resource.RLIMIT_FSIZE, ({}, resource.RLIM_INFINITY))
sys.exit(cli.main())
"""


def with_little_room(
    *arguments: str, environ: Mapping[str, str], folder: Path, room_bytes: int = 0
) -> Ended:
    """Run a command of Hearth that can write no longer file; what it says goes through pipes."""
    done = subprocess.run(
        [sys.executable, "-c", LITTLE_ROOM.format(room_bytes), *arguments],
        cwd=folder,
        env=_everything(environ),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


class Process:
    """A command of Hearth as a process of its own."""

    def __init__(
        self,
        *arguments: str,
        environ: Mapping[str, str] | None = None,
        folder: Path,
        before: str = "",
        anew: bool = False,
    ) -> None:
        """Start it in `folder`.

        Args:
            arguments: the command.
            environ: its settings.
            folder: where it runs.
            before: Python that runs first, such as what shortens a limit.
            anew: it loads everything itself, also what lies in `folder` in place of ours.
        """
        self._out, self._errors = written = fresh_files()
        everything = _everything(environ or {})
        self._process: Fork | subprocess.Popen[bytes]
        if anew:
            self._process = _anew(arguments, everything, folder, written)
        else:
            self._process = Fork(arguments, everything, folder, written, before)
        self.pid = self._process.pid

    @property
    def code(self) -> int | None:
        """Its exit code, or None while it lives."""
        return self._process.poll()

    def wait(self) -> int:
        """Return its exit code once it has ended.

        Raises:
            TimeoutExpired: it lives on.
        """
        return self._process.wait(PATIENCE_SECONDS)

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def kill(self) -> None:
        """End it as `kill -9` does, without a word of warning."""
        self.send(signal.SIGKILL)
        self.wait()

    def said(self) -> str:
        """Return everything that it wrote to stdout."""
        return self._out.read_text()

    def errors(self) -> str:
        """Return everything that it wrote to stderr."""
        return self._errors.read_text()


def _everything(given: Mapping[str, str]) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **given}


def _anew(
    arguments: tuple[str, ...], environ: Mapping[str, str], folder: Path, written: tuple[Path, Path]
) -> subprocess.Popen[bytes]:
    with written[0].open("ab") as out, written[1].open("ab") as errors:
        command = [sys.executable, "-m", "cli", *arguments]
        return subprocess.Popen(command, cwd=folder, env=environ, stdout=out, stderr=errors)


_SECRET = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "HEARTH_KEYS")


class Running(Process):
    """`hearth run` as a process of its own."""

    def __init__(
        self, environ: Mapping[str, str], folder: Path, *, before: str = "", anew: bool = False
    ) -> None:
        """Start it; see `Process`."""
        given = [each for name in _SECRET for each in environ.get(name, "").split(",") if each]
        self._secrets = [each.rpartition(":")[2] for each in given]  # of a key, not its id
        super().__init__("run", environ=environ, folder=folder, before=before, anew=anew)

    def close(self) -> None:
        """End it in whatever way, and see that it has said nothing that it must not."""
        self.kill()
        assert_names_nobody(self.errors(), self._secrets)
        assert "Traceback" not in self.errors()

    def first_words(self) -> str:
        """Return its first line, once it has said it."""
        until(lambda: "\n" in self.said() or self.code is not None, "it says nothing")
        return self.said().partition("\n")[0]

    def until_connected(self, workspace: Sandbox, *, at_least: int = 1) -> Running:
        """Return once it answers what people do, alone or as one of several."""
        assert "connected" in self.first_words(), self.errors()
        until(lambda: workspace.connections >= at_least, "it never connected")
        return self

    def pause(self) -> None:
        """Stop it, as a machine that is put to sleep."""
        self.send(signal.SIGSTOP)

    def until_paused(self) -> None:
        """Return once it has stopped itself."""
        state = Path(f"/proc/{self.pid}/stat")
        until(lambda: state.read_text().rpartition(")")[2].split()[0] == "T", "it goes on")

    def go_on(self) -> None:
        """Wake it up."""
        self.send(signal.SIGCONT)

    def ask_to_end(self) -> None:
        """Ask it to finish what it is at, and to end."""
        self.send(signal.SIGTERM)
