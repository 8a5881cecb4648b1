"""Who may know which roles somebody has, and whose being an admin counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from app import Hearth
from bot.domain.roles import Role, Wish
from bot.errors import NotAllowed
from sandbox import Person, Sandbox
from storage import roles
from tests.conftest import Stored
from tests.integration.granting import granted
from tests.integration.strangers import strangers

CHANNEL = "cohort-new-parents"


@pytest.fixture
def facilitator(workspace: Sandbox, hearth: Hearth) -> Person:
    """Kofi, who runs a cohort."""
    kofi = workspace.person("kofi")
    channel = next(each["id"] for each in workspace.channels() if each["name"] == CHANNEL)
    hearth.services.cohorts.add("New parents", channel, [])
    granted(hearth, kofi, "facilitator", channel=channel)
    return kofi


def test_who_runs_a_cohort_is_told_to_whoever_leads_and_to_nobody_else(
    workspace: Sandbox, hearth: Hearth, facilitator: Person
) -> None:
    granted(hearth, workspace.person("ines"), "lead")
    granted(hearth, workspace.person("priya"), "moderator")
    known = {
        name: [each.person for each in hearth.services.roles.overview(person.id).others]
        for name in ("ines", "priya", "theo")
        for person in [workspace.person(name)]
    }
    assert facilitator.id in known["ines"]
    assert facilitator.id not in known["priya"] + known["theo"]
    assert workspace.person("priya").id in known["theo"]


def test_of_the_roles_that_ended_the_latest_five_are_shown(
    workspace: Sandbox, hearth: Hearth
) -> None:
    theo = workspace.person("theo")
    begun = workspace.clock.now() - timedelta(days=30)

    def held_and_given_back(connection: Connection) -> None:
        for day in range(7):
            now = begun + timedelta(days=day)
            grant = roles.add(connection, theo.id, "lead", cohort=None, by=None, now=now)
            assert grant is not None
            roles.revoke(connection, grant, by=theo.id, now=now + timedelta(hours=1))

    hearth.database.write(held_and_given_back)
    past = hearth.services.roles.overview(theo.id).past
    assert [(each.since - begun).days for each in past] == [6, 5, 4, 3, 2]


def test_an_admin_of_another_company_is_none_here(
    workspace: Sandbox, hearth: Hearth, stored: Stored
) -> None:
    for theirs in strangers(workspace, "admin"):
        with pytest.raises(NotAllowed):
            hearth.services.roles.grant(theirs, Wish(workspace.person("ines").id, Role.LEAD))
        with pytest.raises(NotAllowed):
            hearth.services.programme.opened(theirs)
    assert stored.count("grants") == 0
