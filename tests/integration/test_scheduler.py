"""What happens without anybody asking: the ticker and its jobs."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from app import Hearth
from bot.errors import Cause, NotSaved
from bot.operations.metrics import Metrics
from bot.ports import Unmetered
from sandbox import Person, Sandbox
from scheduler.jobs import Job, jobs
from scheduler.ticker import Ticker
from tests.conftest import Stored


def test_the_ticker_calls_a_job_again_and_again() -> None:
    rounds = threading.Semaphore(0)
    ticker = Ticker([Job("count", timedelta(seconds=0.01), rounds.release)], Unmetered())
    ticker.start()
    assert all(rounds.acquire(timeout=10) for _ in range(3))
    ticker.stop()


def test_a_job_on_the_minute_runs_at_the_start_and_then_as_each_minute_begins() -> None:
    rounds = threading.Semaphore(0)
    job = Job("rituals", timedelta(minutes=1), rounds.release, on_the_minute=True)
    ticker = Ticker([job], Unmetered())
    ticker.start()
    assert rounds.acquire(timeout=10)
    (waits,) = ticker._scheduler.get_jobs()
    ticker.stop()
    assert (waits.next_run_time.second, waits.next_run_time.microsecond) == (0, 0)
    assert waits.next_run_time - datetime.now(UTC) <= timedelta(minutes=1)


def test_jobs_go_on_when_the_clock_of_the_machine_is_set_back() -> None:
    rounds = threading.Semaphore(0)
    ticker = Ticker([Job("count", timedelta(hours=1), rounds.release)], Unmetered(), 0.01)
    ticker.start()
    later = datetime.now(UTC) + timedelta(hours=3)  # as it stands when two hours were taken away
    ticker._scheduler.modify_job("count", next_run_time=later)
    assert rounds.acquire(timeout=10)
    ticker.stop()


@pytest.mark.parametrize("error", [NotSaved(Cause.BUSY), ZeroDivisionError("with a secret")])
def test_a_job_that_fails_is_called_again_and_its_message_stays_out_of_the_log(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    rounds = threading.Semaphore(0)

    def fail() -> None:
        rounds.release()
        raise error

    metrics = Metrics()
    ticker = Ticker([Job("fails", timedelta(seconds=0.01), fail)], metrics)
    ticker.start()
    assert all(rounds.acquire(timeout=10) for _ in range(3))
    ticker.stop()
    assert "job fails" in caplog.text
    assert "secret" not in caplog.text
    kind = "NotSaved" if isinstance(error, NotSaved) else "unexpected"
    assert f'hearth_errors_total{{kind="{kind}"}}' in metrics.text().decode()


def test_a_ticker_that_never_started_can_be_stopped() -> None:
    Ticker([], Unmetered()).stop()


EVERY_JOB = [
    "accounts",
    "budget",
    "cohort channels",
    "cohort sizes",
    "exports",
    "gone",
    "help",
    "invitations",
    "lines",
    "moderators_channel",
    "news",
    "offers",
    "outbox",
    "retention",
    "rituals",
    "rota",
    "speaking",
    "weekly",
    "zones",
]


def test_every_job_runs_on_an_empty_database(hearth: Hearth) -> None:
    names = [job.name for job in jobs(hearth.services)]
    assert sorted(names) == sorted(set(names)) == EVERY_JOB
    for job in jobs(hearth.services):
        job.run()


def test_a_zone_is_read_again_a_day_later_and_not_before(
    member: Person, workspace: Sandbox, hearth: Hearth
) -> None:
    def asked() -> int:
        return sum(call["method"] == "users.info" for call in workspace.calls())

    before = asked()
    hearth.services.people.refresh_zones()
    assert asked() == before
    workspace.clock.advance(timedelta(hours=25))
    hearth.services.people.refresh_zones()
    hearth.services.people.refresh_zones()
    assert asked() == before + 1


def test_a_checkin_is_deleted_by_itself_after_thirteen_months(
    member: Person, workspace: Sandbox, hearth: Hearth, stored: Stored
) -> None:
    member.types("/checkin 4 2 3 steady")
    workspace.clock.advance(timedelta(days=395))
    member.types("/checkin 3 3 3 full")
    assert hearth.services.checkins.let_old_ones_go() == 0
    workspace.clock.advance(timedelta(days=3))
    assert hearth.services.checkins.let_old_ones_go() == 1
    assert [row[4] for row in stored.checkins()] == ["full"]
