"""What becomes of a ritual's post that Slack refuses, makes wait for, or says nothing about."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from app import Hearth
from bot.domain.delivery import LEASE
from bot.errors import Refusal
from sandbox import Person, Sandbox
from storage import cohorts
from tests.conftest import Stored
from tests.integration.outbox import settled
from tests.integration.rituals.calendars import (
    CHANNEL,
    minutes,
    planned,
    ritual,
    rows,
    shown,
    tick,
    told,
    until,
)
from tests.waiting import until as waited

POST = "chat.postMessage"


def due(workspace: Sandbox, hearth: Hearth, which: UUID) -> None:
    """Let the next occurrence be planned, and be due now."""
    tick(hearth)
    until(workspace, planned(hearth, which).due_at)


def states(hearth: Hearth, which: UUID) -> list[tuple[str, str | None]]:
    """Return state and reason of each occurrence."""
    return [(row.state, row.reason) for row in rows(hearth, which)]


def waits(stored: Stored, reason: str) -> None:
    """Return once a delivery waits for this reason."""
    query = f"SELECT 1 FROM outbox WHERE reason = '{reason}'"  # noqa: S608  # ours
    waited(lambda: stored.rows(query), f"nothing waits for {reason}")


def asked(workspace: Sandbox, method: str) -> int:
    return sum(call["method"] == method for call in workspace.calls())


@pytest.mark.parametrize(
    ("order", "reason", "words"),
    [
        ("remove_bot", "not_in_channel", "invite it there again"),
        ("archive", "is_archived", "unarchive"),
    ],
)
def test_where_slack_refuses_it_whoever_runs_the_cohort_is_told_what_helps(
    workspace: Sandbox,
    hearth: Hearth,
    cohort: UUID,
    kofi: Person,
    stored: Stored,
    order: str,
    reason: str,
    words: str,
) -> None:
    weekly = ritual(hearth, cohort)
    due(workspace, hearth, weekly)
    getattr(workspace, order)(CHANNEL)
    before = len(told(workspace, hearth, kofi))
    tick(hearth)
    *_, word = told(workspace, hearth, kofi)
    assert len(told(workspace, hearth, kofi)) == before + 1
    assert "“Friday wins” could not be posted" in word
    assert words in word
    assert states(hearth, weekly) == [("unsent", reason), ("planned", None)]
    assert stored.rows("SELECT count(*) FROM cohort_posts") == [(1,)]


def test_after_ten_minutes_of_please_wait_it_is_posted_once(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, stored: Stored
) -> None:
    weekly = ritual(hearth, cohort)
    due(workspace, hearth, weekly)
    workspace.fail(POST, status=429, retry_after=600)
    tick(hearth)
    waits(stored, "ratelimited")
    tick(hearth)
    workspace.clock.advance(minutes(10))
    assert shown(workspace, hearth) == ["Friday wins"]
    assert states(hearth, weekly)[0] == ("open", None)


def test_after_hours_of_please_wait_it_is_not_posted_any_more(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person, stored: Stored
) -> None:
    weekly = ritual(hearth, cohort)
    due(workspace, hearth, weekly)
    workspace.fail(POST, status=429, retry_after=7200)
    tick(hearth)
    waits(stored, "ratelimited")
    workspace.clock.advance(timedelta(hours=2, seconds=1))
    (word,) = told(workspace, hearth, kofi)
    assert "could not be reached until it was too late" in word
    assert states(hearth, weekly)[0] == ("unsent", "too_late")
    assert shown(workspace, hearth) == []


def test_a_live_one_that_slack_lets_wait_until_it_is_over_is_not_posted_any_more(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person, stored: Stored
) -> None:
    live = ritual(hearth, cohort, mode="live", minutes=10)
    due(workspace, hearth, live)
    workspace.fail(POST, status=429, retry_after=900)
    tick(hearth)
    waits(stored, "ratelimited")
    until(workspace, rows(hearth, live)[0].closes_at)
    tick(hearth)
    workspace.clock.advance(minutes(5))
    assert len(told(workspace, hearth, kofi)) == 1
    assert states(hearth, live)[0] == ("unsent", "too_late")
    assert shown(workspace, hearth) == []


def test_a_post_whose_answer_was_lost_is_found_and_not_said_again(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, stored: Stored
) -> None:
    weekly = ritual(hearth, cohort)
    due(workspace, hearth, weekly)
    workspace.fail(POST, after=True, cut=True)
    tick(hearth)
    waits(stored, "no_answer")
    workspace.clock.advance(timedelta(hours=3))  # it was posted in time, so it stays
    assert shown(workspace, hearth) == ["Friday wins"]
    assert states(hearth, weekly)[0] == ("open", None)
    assert asked(workspace, POST) == 1


def test_rather_none_than_two_where_nobody_can_say_whether_it_stands(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person, stored: Stored
) -> None:
    weekly = ritual(hearth, cohort)
    due(workspace, hearth, weekly)
    workspace.fail(POST, cut=True)
    workspace.fail("conversations.history", error="not_in_channel")
    tick(hearth)
    waits(stored, "no_answer")
    workspace.clock.advance(LEASE)
    (word,) = told(workspace, hearth, kofi)
    assert "it may stand there or not" in word
    assert states(hearth, weekly)[0] == ("unsent", "nobody_knows")


def test_thanks_whose_answer_was_lost_are_found_in_the_thread_and_not_said_again(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, stored: Stored
) -> None:
    live = ritual(hearth, cohort, mode="live", minutes=10)
    due(workspace, hearth, live)
    tick(hearth)
    settled(hearth)
    workspace.fail(POST, after=True, cut=True)
    workspace.clock.advance(minutes(10))
    tick(hearth)
    waits(stored, "no_answer")
    workspace.clock.advance(LEASE)
    settled(hearth)
    start, thanks = workspace.posted(CHANNEL)
    assert thanks["thread_ts"] == start["ts"]
    assert asked(workspace, "conversations.replies") == 1
    assert asked(workspace, POST) == 2


def test_what_is_on_its_way_when_a_cohort_is_halted_is_not_posted(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person, stored: Stored
) -> None:
    weekly = ritual(hearth, cohort)
    due(workspace, hearth, weekly)
    workspace.fail(POST, status=429, retry_after=60)
    tick(hearth)
    waits(stored, "ratelimited")
    now = workspace.clock.now()
    hearth.database.write(lambda each: cohorts.halt(each, cohort, Refusal.SHARED, now=now))
    workspace.clock.advance(minutes(2))
    (word,) = told(workspace, hearth, kofi)
    assert "is left out" in word
    assert states(hearth, weekly)[0] == ("unsent", "halted")
    assert shown(workspace, hearth) == []
