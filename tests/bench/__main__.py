"""Measure Hearth: `make bench`, or `make bench ARGS="checkin"` for the names that begin so.

Wherever something has a floor in the nature of things, that floor is measured in the same run:
machines differ, and are shared, but what one costs beside the other stays.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Callable, Sequence

from tests.bench import (
    calendars,
    checkin,
    concerns,
    delivery,
    inside,
    people,
    recurring,
    rituals,
    sandbox,
    sharing,
    startup,
    urgent,
)
from tests.bench.result import Result, WrongAnswer

Benchmark = Callable[[], AsyncIterator[Result]]

BENCHMARKS: dict[str, Benchmark] = {
    "checkin-throughput-ratio": checkin.throughput,
    "checkin-ack-p50": checkin.ack_time,
    "start-to-connected": startup.start_to_connected,
    "idle-memory": startup.idle_memory,
    "outbox-price-ratio": sharing.outbox_price,
    "delivery-throughput-ratio": delivery.throughput,
    "sender-cpu-per-message": delivery.cpu_per_message,
    "urgent-commit-to-wire": urgent.commit_to_wire,
    "home": people.home_build,
    "forget": people.forget,
    "authorisation": people.authorisation,
    "recurring-next-due": recurring.next_due,
    "calendar-open": calendars.opens,
    "rituals-due": rituals.due,
    "concerns-assess": concerns.assessing,
    "concerns-hostile": concerns.worst,
    "concerns-start": concerns.starting,
    "inside": inside.parts,
    "sandbox-calls": sandbox.calls,
    "sandbox-envelopes": sandbox.envelopes,
    "sandbox-fresh": sandbox.fresh,
    "sandbox-busy-channel": sandbox.busy_channel,
}


def main(asked: Sequence[str]) -> int:
    """Run what was asked for; 0 if every value is good enough, 1 if not, 2 for a wrong name."""
    logging.basicConfig(level=logging.WARNING)
    unknown = [name for name in asked if not _chosen([name])]
    if unknown:
        print(f"There is no {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}.")
        return 2
    return asyncio.run(_run(_chosen(asked)))


def _chosen(asked: Sequence[str]) -> list[Benchmark]:
    return [
        benchmark
        for name, benchmark in BENCHMARKS.items()
        if not asked or any(name.startswith(each) for each in asked)
    ]


async def _run(benchmarks: Sequence[Benchmark]) -> int:
    failed = False
    for benchmark in benchmarks:
        try:
            async for result in benchmark():
                print(result.line(), flush=True)
                failed |= not result.good_enough
        except WrongAnswer as wrong:
            print(f"Nothing was measured: {wrong}", flush=True)
            failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
