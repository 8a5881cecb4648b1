"""Who may do what: every cell of the one table, asked with a real request.

An action that has no entry here fails the first test, so that nobody adds one without a request
that is refused to everybody else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from slack_bolt import App, BoltRequest

from app import Hearth
from bot.content import lines as bundled
from bot.domain.roles import MAY, UNTIL_LED, Action, Role
from bot.errors import NotAllowed
from bot.services import access
from bot.views import lines
from sandbox import Person, Sandbox
from storage import roles
from tests.conftest import Stored
from tests.integration.rituals.calendars import ritual

NOBODY = None
ROLES: tuple[Role | None, ...] = (*Role, NOBODY)


@dataclass
class World:
    """Everything that a request may need: two cohorts, and somebody in each role."""

    hearth: Hearth
    bolt: App
    workspace: Sandbox
    stored: Stored
    ours: UUID
    other: UUID
    people: Mapping[Role | None, Person]

    def submits(
        self, person: Person, callback: str, fields: Mapping[str, Any], metadata: str = ""
    ) -> bool:
        """Send a form; whether it did what it asks for."""
        values = {name: {name: entry} for name, entry in fields.items()}
        view = {
            "type": "modal",
            "callback_id": callback,
            "blocks": [{"type": "input", "block_id": name} for name in fields],
            "state": {"values": values},
            "private_metadata": metadata,
        }
        body = {"type": "view_submission", "user": {"id": person.id}, "view": view}
        answer = self.bolt.dispatch(BoltRequest(mode="socket_mode", body=body))
        return bool(json.loads(answer.body)["response_action"] == "update")

    def presses(self, person: Person, action: str, value: str) -> None:
        """Press a button of a view that is not open any more, as a forged or stale one."""
        pressed = {"type": "button", "action_id": action, "value": value, "block_id": "b"}
        view = {"id": "V0NONE", "hash": "1.2", "type": "modal", "blocks": []}
        body = {"type": "block_actions", "user": {"id": person.id}, "view": view}
        self.bolt.dispatch(BoltRequest(mode="socket_mode", body=body | {"actions": [pressed]}))

    def everything(self) -> Any:
        """Return all that roles and set-up hold."""
        # What the clock's job sees of a cohort's channel is nobody's request.
        tables = ("grants", "programme", "outbox", "line_checks")
        queries = [f"SELECT * FROM {table}" for table in tables]  # noqa: S608
        queries.append("SELECT id, name, closed_at FROM cohorts")
        return {query: sorted(map(str, self.stored.rows(query))) for query in queries}


def sets_up(world: World, person: Person) -> bool:
    """Save the emergency plan."""
    typed = {"type": "plain_text_input", "value": "Call the harbour master."}
    metadata = json.dumps({"item": "emergency_plan", "revision": 0})
    return world.submits(person, "setup_save", {"emergency_plan": typed}, metadata)


def sees_set_up(world: World, person: Person) -> bool:
    """Ask for the status; those who may see the set-up read of its steps."""
    body = {"command": "/hearth", "text": "status", "user_id": person.id, "trigger_id": "1.2.3"}
    answer = world.bolt.dispatch(BoltRequest(mode="socket_mode", body=body))
    return "0 of 7 steps" in answer.body


def grants(world: World, person: Person) -> bool:
    """Make Noor a lead, which is what an admin may do as well."""
    noor = world.workspace.person("noor")
    picked = {"type": "users_select", "selected_user": noor.id}
    role = {"type": "static_select", "selected_option": {"value": "lead"}}
    return world.submits(person, "roles_grant", {"person": picked, "role": role})


def keeps_lines(world: World, person: Person) -> bool:
    """Say that a line holds, by the button of a list that is not open any more."""
    line = bundled.of("DE")[0]
    before = world.everything()
    value = f"{line.country} {line.key} {line.fingerprint}"
    world.presses(person, lines.HOLDS, value)
    return bool(world.everything() != before)


def makes_a_cohort(world: World, person: Person) -> bool:
    """Ask for the form; whoever may have one is not refused for their role."""
    body = {"command": "/cohort", "text": "create", "user_id": person.id, "trigger_id": "1.2.3"}
    asked = BoltRequest(mode="socket_mode", body=body | {"channel_id": "C0000000009"})
    return "another role" not in world.bolt.dispatch(asked).body


def runs_a_cohort(world: World, person: Person) -> bool:
    """Press the button that closes it."""
    closed = "SELECT id FROM cohorts WHERE closed_at IS NOT NULL"
    before = world.stored.rows(closed)
    world.presses(person, "cohort_close", str(world.ours))
    return world.stored.rows(closed) != before


def sees_cohorts(world: World, person: Person) -> bool:
    """Look at the list, from a channel that has no cohort."""
    found = world.hearth.services.cohorts.listing(person.id, "C0000000009")
    return {each.cohort.id for each in found} == {world.ours, world.other}


def asks(action: Action) -> Callable[[World, Person], bool]:
    """Ask as every service does; for what has no request of its own yet."""

    def ask(world: World, person: Person) -> bool:
        admin = world.hearth.services.roles._admins.asked(person.id, action)
        cohort = world.ours if action is Action.RUN_COHORT else None
        with world.hearth.database.read() as connection:
            try:
                access.require(connection, person.id, action, cohort=cohort, admin=admin)
            except NotAllowed:
                return False
        return True

    return ask


REQUESTS: Mapping[Action, Callable[[World, Person], bool]] = {
    Action.SET_UP: sets_up,
    Action.SEE_SET_UP: sees_set_up,
    Action.GRANT: grants,
    # These have no handler of their own here; the service's question is the request.
    Action.CREATE_COHORT: makes_a_cohort,
    Action.RUN_COHORT: runs_a_cohort,
    Action.SEE_COHORTS: sees_cohorts,
    Action.KEEP_LINES: keeps_lines,
    Action.RECEIVE_CONCERNS: asks(Action.RECEIVE_CONCERNS),
}
CHANGES_NOTHING = {each for each, ask in REQUESTS.items() if "asks" in ask.__qualname__} | {
    Action.SEE_SET_UP,
    Action.CREATE_COHORT,
    Action.SEE_COHORTS,
}

AGREED: Mapping[Action, set[Role]] = {
    Action.SET_UP: {Role.LEAD},
    Action.SEE_SET_UP: {Role.LEAD, Role.ADMIN, Role.MODERATOR},
    Action.GRANT: {Role.LEAD, Role.ADMIN},
    Action.CREATE_COHORT: {Role.LEAD, Role.FACILITATOR},
    Action.RUN_COHORT: {Role.LEAD, Role.FACILITATOR},
    Action.SEE_COHORTS: {Role.LEAD},
    Action.KEEP_LINES: {Role.LEAD},
    Action.RECEIVE_CONCERNS: {Role.MODERATOR},
}
"""The table once more, by hand and while somebody leads, so that a change of it is seen."""

NAMES = {
    Role.MEMBER: "maya",
    Role.PEER_SUPPORTER: "hanne",
    Role.FACILITATOR: "kofi",
    Role.MODERATOR: "priya",
    Role.LEAD: "ines",
    Role.ADMIN: "sanjay",
    NOBODY: "theo",
}


@pytest.fixture
def world(workspace: Sandbox, hearth: Hearth, stored: Stored) -> World:
    """Nobody leads yet: that somebody does is part of the test."""
    channels = {each["name"]: each["id"] for each in workspace.channels()}
    for name in ("cohort-new-parents", "cohort-first-leads"):
        hearth.services.cohorts.add(name, channels[name], [])
    by_channel = {each.channel: each.id for each in hearth.services.cohorts.every()}
    people = {role: workspace.person(name) for role, name in NAMES.items()}
    built = World(
        hearth=hearth,
        bolt=hearth._bolt(),
        workspace=workspace,
        stored=stored,
        ours=by_channel[channels["cohort-new-parents"]],
        other=by_channel[channels["cohort-first-leads"]],
        people=people,
    )
    for role in (Role.PEER_SUPPORTER, Role.FACILITATOR, Role.MODERATOR):
        cohort = built.ours if role is Role.FACILITATOR else None
        give(built, people[role], role, cohort)
    return built


def give(world: World, person: Person, role: Role, cohort: UUID | None = None) -> UUID:
    now = world.workspace.clock.now()
    grant = world.hearth.database.write(
        lambda connection: roles.add(connection, person.id, role, cohort=cohort, by=None, now=now)
    )
    assert grant is not None
    return grant


def test_every_action_has_a_request_and_every_request_its_action() -> None:
    assert set(REQUESTS) == set(AGREED) == set(MAY) == set(Action)


@pytest.mark.parametrize("action", Action)
def test_each_role_may_do_what_the_table_says_and_nothing_else(
    world: World, action: Action
) -> None:
    give(world, world.people[Role.LEAD], Role.LEAD)
    allowed = AGREED[action]
    refused_first = sorted(ROLES, key=lambda role: role in allowed)
    for role in refused_first:
        before = world.everything()
        done = REQUESTS[action](world, world.people[role])
        assert done == (role in allowed), (action, role)
        if not done or action in CHANGES_NOTHING:
            assert world.everything() == before, (action, role)
        else:
            assert world.everything() != before, (action, role)
            undo = "DELETE FROM grants WHERE role = 'lead' AND granted_by IS NOT NULL"
            again = "UPDATE grants SET revoked_at = NULL, revoked_by = NULL"
            opened = "UPDATE cohorts SET closed_at = NULL"
            world.stored.change("DELETE FROM programme", undo, again, opened)


@pytest.mark.parametrize("action", sorted(UNTIL_LED))
def test_as_long_as_nobody_leads_a_workspace_admin_stands_in(world: World, action: Action) -> None:
    for role in (each for each in ROLES if each is not Role.LEAD):
        before = world.everything()
        done = REQUESTS[action](world, world.people[role])
        assert done == (role is Role.ADMIN), role
        assert done or world.everything() == before


def test_a_facilitator_runs_their_own_cohort_and_no_other(world: World) -> None:
    kofi = world.people[Role.FACILITATOR].id
    with world.hearth.database.read() as connection:
        access.require(connection, kofi, Action.RUN_COHORT, cohort=world.ours)
        with pytest.raises(NotAllowed):
            access.require(connection, kofi, Action.RUN_COHORT, cohort=world.other)
        with pytest.raises(NotAllowed):
            access.require(connection, kofi, Action.RUN_COHORT, cohort=uuid4())


def test_a_moderator_who_came_to_lead_or_administrate_hears_of_no_concern(world: World) -> None:
    priya = world.people[Role.MODERATOR].id
    with world.hearth.database.read() as connection, pytest.raises(NotAllowed):
        access.require(connection, priya, Action.RECEIVE_CONCERNS, admin=True)
    give(world, world.people[Role.MODERATOR], Role.LEAD)
    with world.hearth.database.read() as connection, pytest.raises(NotAllowed):
        access.require(connection, priya, Action.RECEIVE_CONCERNS)


@pytest.mark.parametrize("role", [each for each in ROLES if each is not Role.LEAD])
def test_nobody_but_a_lead_ends_the_role_of_somebody_else_whatever_button_they_forge(
    world: World, role: Role | None
) -> None:
    give(world, world.people[Role.LEAD], Role.LEAD)
    grant = give(world, world.workspace.person("rosa"), Role.MODERATOR)
    elsewhere = give(world, world.workspace.person("grace"), Role.FACILITATOR, world.other)
    before = world.everything()
    for each in (grant, elsewhere, uuid4()):
        world.presses(world.people[role], "roles_end", str(each))
    for action in ("roles_give", "setup_step_open", "setup_go_live", "roles_grant", "setup_save"):
        world.presses(world.people[role], action, "emergency_plan")
    assert world.everything() == before


RITUAL_BUTTONS = ("edit", "pause", "resume", "skip", "run", "delete", "preview")


@pytest.mark.parametrize("role", ROLES)
def test_nobody_but_a_lead_or_who_runs_the_cohort_changes_its_rituals_whatever_they_forge(
    world: World, role: Role | None
) -> None:
    world.hearth._ticker.stop()  # what the clock plans is nobody's request
    give(world, world.people[Role.LEAD], Role.LEAD)
    ours, theirs = ritual(world.hearth, world.ours), ritual(world.hearth, world.other)
    person, query = world.people[role], "SELECT id, paused_at, ended_at, revision FROM rituals"
    tables = (query, "SELECT ritual_id, state FROM ritual_occurrences", "SELECT id FROM outbox")

    def everything() -> list[str]:
        return [str(sorted(map(str, world.stored.rows(each)))) for each in tables]

    before = everything()
    for which in (theirs, ours):
        if role is Role.LEAD or (role is Role.FACILITATOR and which == ours):
            world.presses(person, "ritual_pause", str(which))
            assert everything() != before
            continue
        for button in RITUAL_BUTTONS:
            world.presses(person, f"ritual_{button}", f"{which} 2026-11-27")
            world.presses(person, f"ritual_{button}", str(which))
        for button in ("new", "begin", "calendar"):
            world.presses(person, f"ritual_{button}", f"{world.other} own")
        assert everything() == before


def test_a_role_that_was_taken_away_is_gone_for_a_form_that_is_still_open(world: World) -> None:
    grant = give(world, world.people[Role.LEAD], Role.LEAD)
    give(world, world.workspace.person("noor"), Role.LEAD)
    now = world.workspace.clock.now()
    world.hearth.database.write(lambda c: roles.revoke(c, grant, by=None, now=now))
    before = world.everything()
    assert not sets_up(world, world.people[Role.LEAD])
    assert not grants(world, world.people[Role.LEAD])
    world.presses(world.people[Role.LEAD], "setup_go_live", "live")
    assert world.everything() == before


def test_a_deactivated_admin_and_a_guest_who_once_was_one_are_none(world: World) -> None:
    sanjay = world.people[Role.ADMIN]
    world.workspace.deactivate("sanjay")
    before = world.everything()
    assert not sets_up(world, sanjay)
    assert not grants(world, sanjay)
    assert world.everything() == before
