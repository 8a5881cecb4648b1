"""How long Hearth takes to be there, and how much room it takes when nothing happens."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from statistics import median

from tests.bench import sides
from tests.bench.result import Result

STARTS = 5
IDLE_SECONDS = 1.0


async def start_to_connected() -> AsyncIterator[Result]:
    """Measure from the start of the process to its connection, the database being there."""
    seconds = []
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as name:
        memory = sides.Memory.in_folder(Path(name))
        for _ in range(STARTS):
            async with sides.hearth(memory, Path(name)) as side:
                seconds.append(side.seconds_to_connect)
        memory.database.close()
    print("\nSeconds from start to connected")
    print("  " + " ".join(f"{each:.2f}" for each in seconds))
    yield Result(name="start-to-connected", value=median(seconds), unit="s", floor=3, goal=1.5)


async def idle_memory() -> AsyncIterator[Result]:
    """Measure the resident memory of a process that is connected and has nothing to do."""
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as name:
        memory = sides.Memory.in_folder(Path(name))
        async with sides.hearth(memory, Path(name)) as side:
            await asyncio.sleep(IDLE_SECONDS)
            megabytes = side.resident_megabytes()
        memory.database.close()
    print("\nResident memory, connected and idle")
    if megabytes is None:
        print("  skipped: this machine has no /proc to read it from")
        return
    yield Result(name="idle-memory", value=megabytes, unit="MB", floor=120, goal=90)
