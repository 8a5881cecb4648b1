"""The doctor looks at what Hearth has to say, and at the channels where it says it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from app import Hearth
from bot.operations import doctor
from sandbox import Sandbox
from tests.conftest import ROOT, Stored, settings_for


def told(workspace: Sandbox, stored: Stored) -> list[str]:
    settings = settings_for(workspace, stored.url)
    manifest = ROOT / "manifest.yml"
    return [
        str(each) for each in doctor.examine(settings, manifest=manifest, clock=workspace.clock)
    ]


def given(stored: Stored, state: str, *, minutes_ago: int, now: datetime) -> None:
    """Put a delivery into the outbox as if it had been there for so long."""
    at = (now - timedelta(minutes=minutes_ago)).strftime("%Y-%m-%d %H:%M:%S")
    stored.change(
        "INSERT INTO outbox (id, delivery_id, kind, subject, dedupe_key, priority, due_at, state,"  # noqa: S608
        f" attempts, created_at) VALUES ({minutes_ago + 1}, '{uuid4().hex}', 'share',"
        f" '{uuid4().hex}', '{uuid4()}', 1, '{at}', '{state}', 0, '{at}')"
    )


def test_what_waits_for_long_and_what_was_given_up_is_told(
    workspace: Sandbox, stored: Stored, hearth: Hearth
) -> None:
    hearth.sender.stop(1)
    now = workspace.clock.now()
    assert any("nothing waits to be sent" in line for line in told(workspace, stored))
    given(stored, "failed", minutes_ago=3, now=now)
    assert any(line.startswith("look  1 delivery was given up") for line in told(workspace, stored))
    given(stored, "pending", minutes_ago=12, now=now)
    assert any(
        line.startswith("bad   something waits to be sent for 12")
        for line in told(workspace, stored)
    )


def test_the_channels_of_the_cohorts_that_are_kept_are_looked_at(
    workspace: Sandbox, stored: Stored, hearth: Hearth
) -> None:
    channels = {each["name"]: each["id"] for each in workspace.channels()}
    hearth.services.cohorts.add("New parents", channels["cohort-new-parents"], [])
    lines = told(workspace, stored)
    assert any("Hearth is in the channels of 1 cohort" in line for line in lines)
    hearth.services.cohorts.add("Everybody", channels["random"], [])
    lines = told(workspace, stored)
    assert any("not in the channel of the cohort Everybody" in line for line in lines)
