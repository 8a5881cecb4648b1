"""Processes that need not load Hearth: forks of one that has loaded it already.

Loading takes a process most of a second, and hundreds of tests start one. Each fork runs the real
command line, with an environment, a folder and an end of its own.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from subprocess import TimeoutExpired

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.integration.warm"])


class Fork:
    """A command of Hearth, as `subprocess.Popen` shows a process.

    What it writes goes to the files `out` and `err`, so that it never waits for a reader.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        environ: Mapping[str, str],
        folder: Path,
        written: tuple[Path, Path],
        before: str = "",
    ) -> None:
        """Start it in `folder`; `before` is Python that it runs first."""
        self._arguments = arguments
        self._process = _processes.Process(
            target=_become,
            args=(list(arguments), dict(environ), folder, written, before),
            daemon=True,
        )
        self._process.start()
        assert self._process.pid is not None
        self.pid = self._process.pid

    def poll(self) -> int | None:
        """Return its exit code, or None while it lives."""
        return self._process.exitcode

    def wait(self, timeout: float) -> int:
        """Return its exit code once it has ended.

        Raises:
            TimeoutExpired: it lives on after so many seconds.
        """
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise TimeoutExpired(list(self._arguments), timeout)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self._process.exitcode is None:
            os.kill(self.pid, number)


def _become(
    arguments: list[str],
    environ: dict[str, str],
    folder: Path,
    written: tuple[Path, Path],
    before: str,
) -> None:
    """Turn this fork into that command, and end with its exit code."""
    import cli

    os.chdir(folder)
    for file, handle in zip(written, (1, 2), strict=True):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND), handle)
    os.environ.clear()
    os.environ.update(environ)
    exec(before)  # noqa: S102  # a test's own lines
    sys.exit(cli.main(arguments))


def fresh_files() -> tuple[Path, Path]:
    """Return two empty files for what a process says, out of the way of all folders."""
    folder = Path(tempfile.mkdtemp(dir=_kept()))
    for file in (written := (folder / "out", folder / "err")):
        file.touch()
    return written


@cache
def _kept() -> str:
    """Return a folder that lasts as long as this process."""
    kept = tempfile.TemporaryDirectory()
    atexit.register(kept.cleanup)
    return kept.name
