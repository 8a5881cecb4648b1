"""A database of either kind that keeps what it is told, as in earnest."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.sides import Memory
from tests.postgres import Server

_AS_IN_EARNEST = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "autovacuum": "on",
    "shared_buffers": "128MB",
}
"""The server of the tests forgets what a power cut would take; a measured one must not."""


@contextmanager
def sqlite() -> Iterator[Memory]:
    """Give a file."""
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as name:
        memory = Memory.in_folder(Path(name))
        yield memory
        memory.database.close()


@contextmanager
def postgresql() -> Iterator[Memory]:
    """Give a server of its own, its folder on the same disk as a file would be."""
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as name:
        server = Server(Path(name))
        with server.connect() as connection:
            for setting, value in _AS_IN_EARNEST.items():
                connection.execute(f"ALTER SYSTEM SET {setting} = '{value}'".encode())
        server.stop()
        server.start()
        try:
            server.make("bench")
            memory = Memory(server.url("bench"))
            yield memory
            memory.database.close()
        finally:
            server.stop()


@contextmanager
def both() -> Iterator[dict[str, Memory]]:
    """Give one of each kind, by the name of the kind."""
    with sqlite() as file, postgresql() as server:
        yield {"sqlite": file, "postgresql": server}


def suffix(kind: str) -> str:
    """Return what follows the name of a figure that was measured at that kind."""
    return "" if kind == "sqlite" else f"-{kind}"
