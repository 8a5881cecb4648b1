"""Where the tests keep their files: in memory, where a database need not wait for a disk."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOM_BYTES = 2 * 1024**3
"""Free memory below which the files lie on the disk."""


def in_memory() -> Path | None:
    """Return a folder in memory; None without one, or without room in it."""
    folder = Path("/dev/shm")  # noqa: S108  # only to look; what is made there has a name of its own
    enough = folder.is_dir() and shutil.disk_usage(folder).free > ROOM_BYTES
    return folder if enough else None
