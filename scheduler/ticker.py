"""The metronome: calls each job at its pace, in this process only.

APScheduler keeps nothing on disk for us, because two of its schedulers on one job store run a
job twice. Our own tables say what is due; a job that is called once more finds nothing to do.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import UTC

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.errors import HearthError
from bot.ports import Meter
from scheduler.jobs import Job

_log = logging.getLogger(__name__)


class Ticker:
    """Runs jobs until it is stopped; one that fails is tried again at its next turn."""

    def __init__(self, jobs: Iterable[Job], meter: Meter) -> None:
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={
                # A late tick is better than none: the jobs look at what is due by now.
                "misfire_grace_time": None,
                "coalesce": True,
                "max_instances": 1,
            },
        )
        for job in jobs:
            seconds = job.every.total_seconds()
            trigger = IntervalTrigger(seconds=seconds, timezone=UTC)
            self._scheduler.add_job(_guarded(job, meter), trigger, id=job.name)

    def start(self) -> None:
        """Begin to tick, in a thread of its own."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop, after the jobs that are running have ended."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)


def _guarded(job: Job, meter: Meter) -> Callable[[], None]:
    def run() -> None:
        try:
            job.run()
        except HearthError as error:
            meter.went_wrong(type(error).__name__)
            _log.warning("job %s: %s: %s", job.name, type(error).__name__, error)
        except Exception as error:
            meter.went_wrong("unexpected")
            # Its message may carry a stored value, so only its type is told.
            _log.error("job %s failed: %s", job.name, type(error).__name__)

    return run
