"""Help for the tests of what goes wrong: real processes, a line that breaks, a discreet log."""

from __future__ import annotations

import os
import re
import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sandbox import Person, Sandbox
from tests.conftest import ROOT
from tests.logs import assert_names_nobody

PATIENCE_SECONDS = 30.0
"""How long a process may take to end before the test gives up; never what a test measures."""


def said(person: Person) -> str:
    """Return the latest answer to a command."""
    return str(person.ephemerals("general")[-1]["text"])


def texts(shown: Any, kind: str) -> Iterator[str]:
    """Give the text of every object of that kind inside."""
    if isinstance(shown, dict):
        if shown.get("type") == kind and isinstance(shown.get("text"), str):
            yield shown["text"]
        shown = list(shown.values())
    if isinstance(shown, list):
        for each in shown:
            yield from texts(each, kind)


def gives_up_soon(workspace: Sandbox, seconds: float = 0.2) -> None:
    """Let Slack wait only so long for an answer that does not come anyway."""
    workspace._slack.hub.ack_seconds = seconds


@dataclass(frozen=True)
class Ended:
    """What an operator sees when a command has ended."""

    code: int
    out: str
    err: str


def hearth(*arguments: str, environ: Mapping[str, str] | None = None, folder: Path) -> Ended:
    """Run a command of Hearth in `folder` to its end."""
    done = subprocess.run(
        _command(*arguments),
        cwd=folder,
        env=_environ(environ or {}),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


class Running:
    """`hearth run` as a process of its own, from its start until it is connected.

    What it writes to stderr goes to a file in `folder`, so that it never waits for a reader.
    """

    def __init__(
        self, environ: Mapping[str, str], folder: Path, *, before: str | None = None
    ) -> None:
        """Start it; `before` is Python that shortens or lengthens a limit first."""
        self._errors = (folder / "stderr.log").open("a+b")
        self.process = subprocess.Popen(
            _command("run") if before is None else [sys.executable, "-c", f"{before}{_RUN}"],
            cwd=folder,
            env=_environ(environ),
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )

    def close(self) -> None:
        """End it in whatever way, and let go of what it wrote to."""
        self.kill()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._errors.close()
        assert_names_nobody(self.errors(), ())

    def until_connected(self, workspace: Sandbox) -> Running:
        """Return once it answers what people do."""
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        assert "connected" in said, self.errors()
        workspace.wait_until_connected()
        return self

    def kill(self) -> None:
        """End it as `kill -9` does, without a word of warning."""
        self.process.kill()
        self.process.wait()

    def errors(self) -> str:
        """Return everything that it wrote to stderr."""
        return Path(self._errors.name).read_text()


_RUN = "\nimport cli\nraise SystemExit(cli.main(['run']))"


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "cli", *arguments]


def _environ(given: Mapping[str, str]) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **given}


class Line:
    """A line to the sandbox's Web API that a test can break.

    Every call of slack_sdk is one connection. While `broken` holds bytes, each is read, answered
    with these bytes and hung up; no bytes at all is a server that hangs up without a word.
    """

    def __init__(self, workspace: Sandbox) -> None:
        self.broken: bytes | None = None
        address = urlsplit(workspace.url)
        self._beyond = (address.hostname or "", address.port or 0)
        line = self

        class Call(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                line.carry(self.request)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Call)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.api_url = f"http://127.0.0.1:{self._server.server_address[1]}/api/"

    def carry(self, near: socket.socket) -> None:
        """Pass one request on and its answer back, or break."""
        asked = _request(near)
        if self.broken is not None:
            near.sendall(self.broken)
            return
        with socket.create_connection(self._beyond) as far:
            far.sendall(asked)
            while answer := far.recv(65536):
                near.sendall(answer)

    def cut(self) -> None:
        """Let nobody answer at this address any more."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()


def _request(near: socket.socket) -> bytes:
    asked = b""
    while b"\r\n\r\n" not in asked and (more := near.recv(65536)):
        asked += more
    found = re.search(rb"(?i)content-length: (\d+)", asked)
    length = asked.index(b"\r\n\r\n") + 4 + (int(found[1]) if found else 0)
    while len(asked) < length and (more := near.recv(65536)):
        asked += more
    return asked
