"""The clock's side of rituals: planned ahead, posted once, closed, and told where that failed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from app import Hearth
from sandbox import Sandbox
from tests.integration.outbox import settled
from tests.integration.rituals.calendars import CHANNEL, dates, planned, ritual, until


def tick(hearth: Hearth) -> None:
    """Let the clock's job do what is due."""
    hearth.services.rhythm.tick()


def titles(workspace: Sandbox, hearth: Hearth) -> list[str]:
    """Return the first line of every message of Hearth's in the channel."""
    settled(hearth)
    return [each["text"].splitlines()[0] for each in workspace.posted(CHANNEL)]


def test_a_ritual_is_planned_ahead_posted_when_it_is_due_and_planned_again(
    workspace: Sandbox, hearth: Hearth, cohort: UUID
) -> None:
    weekly = ritual(hearth, cohort)
    tick(hearth)
    first = planned(hearth, weekly)
    assert titles(workspace, hearth) == []
    until(workspace, first.due_at - timedelta(seconds=5))
    tick(hearth)
    assert titles(workspace, hearth) == []
    until(workspace, first.due_at)
    tick(hearth)
    tick(hearth)
    assert titles(workspace, hearth) == ["Friday wins"]
    assert dates(hearth, weekly, "open") == [first.on_date]
    assert planned(hearth, weekly).due_at - first.due_at in (
        timedelta(days=7),
        timedelta(days=7, hours=1),
        timedelta(days=6, hours=23),
    )
