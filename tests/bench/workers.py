"""Processes of our own that do one thing and answer questions about it, a line of JSON each.

What is measured must not share an interpreter with what measures it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer
from typing import Any

from tests.bench.result import WrongAnswer

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60.0
"""How long something may take before it counts as hanging; never what is measured."""


class Worker:
    """A process that was started, seen from outside."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self._process = process
        self._log = log
        self.told: Any = self._answer()
        """What it said when it was ready."""

    def ask(self, question: str, **details: Any) -> Any:
        """Return its answer.

        Raises:
            WrongAnswer: it ended, or hangs; with the end of its log.
        """
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # it has ended; its log says why
            print(json.dumps([question, details]), file=self._process.stdin, flush=True)
        return self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        hanging = Timer(PATIENCE_SECONDS, self._process.kill)
        hanging.start()
        line = self._process.stdout.readline()
        hanging.cancel()
        if not line:
            raise WrongAnswer(f"a process ended or hung\n{self._log.read_text()[-2000:]}")
        return json.loads(line)


@contextmanager
def worker(module: str, log: Path, environ: Mapping[str, str]) -> Iterator[Worker]:
    """Run a module of this tree until the block has ended; its stdin ends first.

    Nothing of this environment reaches it but PATH: no proxy, no token.
    """
    whole = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT), **environ}
    with (
        log.open("w") as stderr,
        subprocess.Popen(
            [sys.executable, "-m", module],
            env=whole,
            cwd=log.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        ) as process,
    ):
        try:
            yield Worker(process, log)
        finally:
            process.kill()


def answer(ready: Any, answers: Mapping[str, Callable[..., Any]]) -> None:
    """Say that this process is ready, then answer what is asked until nobody asks any more."""
    print(json.dumps(ready), flush=True)
    for line in sys.stdin:
        question, details = json.loads(line)
        print(json.dumps(answers[question](**details)), flush=True)
