"""A cohort is closed: what is on its way is never posted, and nobody runs it any more."""

from __future__ import annotations

from app import Hearth
from bot.domain.roles import Role
from sandbox import Person, Sandbox
from storage import roles
from tests.conftest import Stored
from tests.integration.cohorts.circles import agree, make, notices, only, share
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


def test_nobody_runs_it_any_more_and_its_place_is_free(
    workspace: Sandbox, hearth: Hearth, founded: Person
) -> None:
    closed = only(hearth).id
    hearth.services.cohorts.close(founded.id, str(closed))
    with hearth.database.read() as connection:
        held = roles.held(connection, founded.id)
    assert Role.FACILITATOR not in [role for role, _ in held]
    assert (Role.LEAD, None) in held
    assert "Run by" not in notices(workspace, hearth)[0]["text"]
    assert make(founded).ok
