"""The metronome: calls each job at its pace, in this process only.

APScheduler keeps nothing on disk for us, because two of its schedulers on one job store run a
job twice. Our own tables say what is due; a job that is called once more finds nothing to do.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.errors import HearthError
from bot.ports import Meter
from scheduler.jobs import Job

_log = logging.getLogger(__name__)


LOOK_SECONDS = 5.0
"""How often is looked whether the machine's clock has gone back."""

MINUTE = timedelta(minutes=1)
MINUTES = CronTrigger(second=0, timezone=UTC)
"""When a job on the minute runs."""

_SLACK = timedelta(seconds=2)


class Ticker:
    """Runs jobs until it is stopped; one that fails is tried again at its next turn.

    APScheduler waits for an hour on the clock: when that is set back, it would do nothing until
    the hour comes again. So it is looked whether a job waits for longer than it ever should.
    """

    def __init__(
        self, jobs: Iterable[Job], meter: Meter, look_seconds: float = LOOK_SECONDS
    ) -> None:
        """Get ready to run these jobs; look after the clock every `look_seconds`."""
        self._look_seconds = look_seconds
        self._meter = meter
        self._jobs = {job.name: job for job in jobs}
        self._ended = Event()
        self._watch = Thread(target=self._look_after_the_clock, name="ticker", daemon=True)
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={
                # A late tick is better than none: the jobs look at what is due by now.
                "misfire_grace_time": None,
                "coalesce": True,
                "max_instances": 1,
            },
        )
        for job in self._jobs.values():
            first = {"next_run_time": datetime.now(UTC)} if job.on_the_minute else {}
            self._scheduler.add_job(_guarded(job, meter), _trigger(job), id=job.name, **first)

    def start(self) -> None:
        """Begin to tick, in a thread of its own."""
        self._scheduler.start()
        self._watch.start()

    def catch_up(self) -> None:
        """Run, in this thread, what runs every minute or more often."""
        for job in self._jobs.values():
            if job.every <= MINUTE:
                _guarded(job, self._meter)()

    def stop(self) -> None:
        """Stop, after the jobs that are running have ended."""
        self._ended.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def _look_after_the_clock(self) -> None:
        while not self._ended.wait(self._look_seconds):
            for each in self._scheduler.get_jobs():
                job = self._jobs[each.id]
                if each.next_run_time - datetime.now(UTC) > job.every + _SLACK:
                    _log.warning("the machine's clock has gone back; job %s runs anew", job.name)
                    self._run_anew(job)

    def _run_anew(self, job: Job) -> None:
        trigger, now = _trigger(job), datetime.now(UTC)
        with suppress(JobLookupError):  # stopped meanwhile
            self._scheduler.modify_job(job.name, trigger=trigger, next_run_time=now)


def _trigger(job: Job) -> BaseTrigger:
    if job.on_the_minute:
        return MINUTES
    return IntervalTrigger(seconds=job.every.total_seconds(), timezone=UTC)


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
