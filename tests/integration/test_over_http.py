"""What people do, with Slack coming over HTTP: the same as over the socket, end to end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from app import Hearth
from bot.settings import load
from handlers.http import Http
from sandbox import Sandbox
from tests.conftest import AGREED, NO_FILE, Lock, Stored, filled_in, top
from tests.integration.doors import over_http
from tests.integration.outbox import settled
from tests.logs import NOTE

COHORT = "cohort-new-parents"


@pytest.fixture
def hearth(workspace: Sandbox, stored: Stored) -> Iterator[Hearth]:
    """Hearth, to which the workspace comes over HTTP."""
    secret = {"SLACK_SIGNING_SECRET": workspace.signing_secret}
    running = Hearth(load(NO_FILE, over_http(workspace, stored.url, **secret)), workspace.clock)
    running.start()
    assert isinstance(running.door, Http)
    workspace.deliver_over_http(f"http://{running.door.address}/slack/events")
    yield running
    running.stop()


def test_slack_can_verify_the_address(workspace: Sandbox, hearth: Hearth) -> None:
    assert hearth.where
    workspace.verify_url()


def test_a_checkin_goes_from_consent_to_the_cohorts_channel(
    workspace: Sandbox, hearth: Hearth, stored: Stored
) -> None:
    (cohort,) = [each for each in workspace.channels() if each["name"] == COHORT]
    hearth.services.cohorts.add("New parents", cohort["id"], cohort["members"])
    maya = workspace.person("maya")
    assert maya.types("/checkin").ok
    assert maya.submits(AGREED).ok
    assert maya.submits(filled_in(share="note", note=NOTE)).ok
    assert top(maya)["title"]["text"] == "Received"
    settled(hearth)
    assert NOTE in workspace.posted(COHORT)[0]["text"]
    maya.closes(all=True)
    assert maya.types("/hearth checkin history").ok
    assert maya.clicks("checkin_history_remove").ok
    settled(hearth)
    assert workspace.posted(COHORT) == []
    assert stored.count("checkins") == 0


def test_a_form_that_cannot_be_saved_keeps_its_text(
    workspace: Sandbox, hearth: Hearth, stored: Stored, locked: Lock
) -> None:
    assert hearth.where
    maya = workspace.person("maya")
    maya.types("/checkin")
    maya.submits(AGREED)
    let_go = locked()
    refused = maya.submits(filled_in(note=NOTE))
    assert "could not save this" in refused.errors["mood"]
    let_go()
    assert maya.submits().ok
    assert stored.count("checkins") == 1
    workspace.clock.advance(timedelta(days=1))
    assert maya.uses_shortcut("checkin").ok
