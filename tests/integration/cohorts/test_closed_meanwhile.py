"""A cohort is closed while something is on its way to its channel."""

from __future__ import annotations

from app import Hearth
from sandbox import Person, Sandbox
from tests.conftest import Stored
from tests.integration.cohorts.circles import agree, notices, only, share
from tests.integration.weather.conftest import LONG, waits


def test_what_was_not_posted_before_is_never_posted(
    workspace: Sandbox, hearth: Hearth, founded: Person, stored: Stored
) -> None:
    maya = workspace.person("maya")
    agree(hearth, maya)
    hearth.services.cohorts.join(maya.id, str(only(hearth).id), decides=False)
    (notice,) = notices(workspace, hearth)
    workspace.fail("chat.postMessage", error="missing_scope")
    assert share(maya).ok
    waits(stored, "missing_scope")
    hearth.services.cohorts.close(founded.id, str(only(hearth).id))
    workspace.clock.advance(LONG)
    assert [each["ts"] for each in notices(workspace, hearth)] == [notice["ts"]]
    assert stored.count("checkins") == 1
    assert stored.count("shares") == 0
