"""Roles: who gives them, who never has them, and who hears of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from slack_bolt import BoltRequest

from app import Hearth
from bot.errors import InvalidAnswer, NotAllowed
from bot.services.roles import end_all
from sandbox import Outcome, Person, Sandbox
from tests.conftest import Stored, top
from tests.integration.outbox import settled
from tests.integration.slack import texts
from tests.integration.strangers import strangers


@pytest.fixture
def admin(workspace: Sandbox, hearth: Hearth) -> Person:
    """Sanjay, who administrates the workspace."""
    return workspace.person("sanjay")


@pytest.fixture
def lead(workspace: Sandbox, admin: Person) -> Person:
    """Ines, whom Sanjay made a lead."""
    ines = workspace.person("ines")
    assert gives(admin, ines, "lead").ok
    ines.closes(all=True) if ines.views else None
    return ines


def gives(giver: Person, to: Person | str, role: str, cohort: str | None = None) -> Outcome:
    """Open the form, give the role, and return what became of it."""
    if giver.views:
        giver.closes(all=True)
    giver.types("/hearth roles")
    giver.clicks("roles_give")
    chosen = {
        "person": {"person": to if isinstance(to, str) else to.id},
        "role": {"role": role},
    }
    if cohort is not None:
        chosen["cohort"] = {"cohort": cohort}
    return giver.submits(chosen, unchecked=True)


def roles(stored: Stored) -> list[tuple[Any, ...]]:
    """Return who holds what."""
    query = "SELECT person_id, role FROM grants WHERE revoked_at IS NULL ORDER BY role, person_id"
    return stored.rows(query)


def shown(person: Person) -> str:
    return " ".join(texts(top(person), "mrkdwn"))


def ends(person: Person, of: Person, confirm: str = "Take away") -> Outcome:
    """Press the button beside the role of somebody."""
    if person.views:
        person.closes(all=True)
    person.types("/hearth roles")
    for block in top(person)["blocks"]:
        button = block.get("accessory")
        about = f"<@{of.id}>" in block.get("text", {}).get("text", "") or of is person
        if button and about and button["text"]["text"] == confirm:
            return person.clicks("roles_end", block_id=block["block_id"])
    raise LookupError(f"there is no button for {of.name}")


def test_a_workspace_admin_makes_themself_the_first_lead(admin: Person, stored: Stored) -> None:
    admin.types("/hearth roles")
    assert admin.is_shown("Nobody leads the programme yet")
    assert gives(admin, admin, "lead").ok
    assert roles(stored) == [(admin.id, "lead")]
    assert "You are a programme lead, since" in shown(admin)


def test_when_somebody_leads_an_admin_appoints_others_and_no_more_themself(
    workspace: Sandbox, admin: Person, lead: Person, stored: Stored
) -> None:
    refused = gives(admin, admin, "lead")
    assert "Nobody gives themself a role" in refused.errors["person"]
    assert gives(admin, workspace.person("noor"), "lead").ok
    assert len(roles(stored)) == 2


def test_an_admin_gives_no_other_role_than_the_leads(
    workspace: Sandbox, admin: Person, stored: Stored
) -> None:
    admin.types("/hearth roles")
    admin.clicks("roles_give")
    (role,) = [block for block in top(admin)["blocks"] if block["block_id"] == "role"]
    assert [each["value"] for each in role["element"]["options"]] == ["lead"]
    refused = gives(admin, workspace.person("priya"), "moderator")
    assert "not yours to give" in refused.errors["role"]
    assert roles(stored) == []


@pytest.mark.parametrize("role", ["moderator", "peer_supporter", "lead"])
def test_a_lead_gives_themself_no_role(lead: Person, stored: Stored, role: str) -> None:
    refused = gives(lead, lead, role)
    assert refused.errors
    assert roles(stored) == [(lead.id, "lead")]


def test_a_lead_who_makes_themself_moderator_hears_why_not(lead: Person) -> None:
    refused = gives(lead, lead, "moderator")
    assert "does not hear of anybody's concern" in refused.errors["role"]


def test_neither_a_lead_nor_an_admin_becomes_moderator_nor_a_moderator_lead(
    workspace: Sandbox, admin: Person, lead: Person, stored: Stored
) -> None:
    priya = workspace.person("priya")
    assert "workspace admin" in gives(lead, admin, "moderator").errors["role"]
    assert gives(lead, priya, "moderator").ok
    assert "has to end before" in gives(lead, priya, "lead").errors["role"]
    assert "has to end before" in gives(admin, priya, "lead").errors["role"]
    assert ends(lead, priya).ok
    assert gives(lead, priya, "lead").ok
    assert roles(stored) == sorted([(lead.id, "lead"), (priya.id, "lead")])


def test_no_role_for_guests_apps_strangers_people_who_are_gone_or_nobody(
    workspace: Sandbox, lead: Person, stored: Stored
) -> None:
    workspace.deactivate("theo")
    gone = lead._names["theo"]
    far, near = strangers(workspace)
    for nobody in (workspace.person("binod").id, "USLACKBOT", gone, "U0NOBODY01", far, near):
        refused = gives(lead, nobody, "peer_supporter")
        assert "people who work here" in refused.errors["person"], nobody
    assert roles(stored) == [(lead.id, "lead")]


def test_the_person_is_told_who_gave_the_role_and_what_it_lets_them_do(
    workspace: Sandbox, hearth: Hearth, lead: Person
) -> None:
    priya = workspace.person("priya")
    gives(lead, priya, "moderator")
    settled(hearth)
    (message,) = priya.messages("hearth")
    assert f"You are a moderator now: <@{lead.id}> gave you the role" in message["text"]
    assert "You cannot see anybody's check-ins" in message["text"]
    ends(lead, priya)
    settled(hearth)
    _, message = priya.messages("hearth")
    assert f"not a moderator any more: <@{lead.id}> took the role away" in message["text"]
    priya.types("/hearth roles")
    assert "You were a moderator until" in shown(priya)


def test_somebody_without_a_role_sees_who_leads_and_gives_nothing(
    workspace: Sandbox, lead: Person
) -> None:
    theo = workspace.person("theo")
    theo.types("/hearth roles")
    words = shown(theo)
    assert f"Programme lead: <@{lead.id}>" in words
    assert "given by" not in words
    assert "You hold no role" in words
    with pytest.raises(LookupError):
        theo.clicks("roles_give")
    with pytest.raises(LookupError):
        theo.clicks("roles_end")


def test_the_last_lead_cannot_stop_before_another_is_appointed(
    workspace: Sandbox, lead: Person, stored: Stored
) -> None:
    ends(lead, lead, "Lay it down")
    assert "appoint another first" in shown(lead)
    assert roles(stored) == [(lead.id, "lead")]
    noor = workspace.person("noor")
    gives(lead, noor, "lead")
    ends(lead, lead, "Lay it down")
    assert roles(stored) == [(noor.id, "lead")]


def test_whoever_lays_down_a_role_is_not_written_to(
    workspace: Sandbox, hearth: Hearth, lead: Person
) -> None:
    priya = workspace.person("priya")
    gives(lead, priya, "moderator")
    settled(hearth)
    assert ends(priya, priya, "Lay it down").ok
    settled(hearth)
    assert len(priya.messages("hearth")) == 1


def test_a_facilitator_runs_one_cohort_which_has_to_be_named(
    workspace: Sandbox, hearth: Hearth, lead: Person
) -> None:
    (channel,) = [c["id"] for c in workspace.channels() if c["name"] == "cohort-new-parents"]
    hearth.services.cohorts.add("New <!channel> parents", channel, [])
    kofi = workspace.person("kofi")
    assert "needs a cohort" in gives(lead, kofi, "facilitator").errors["cohort"]
    ours = str(hearth.services.cohorts.every()[0].id)
    assert "needs a cohort" in gives(lead, kofi, "facilitator", "lantern").errors["cohort"]
    strange = "00000000-0000-0000-0000-000000000000"
    assert "needs a cohort" in gives(lead, kofi, "facilitator", strange).errors["cohort"]
    assert gives(lead, kofi, "facilitator", ours).ok
    assert "already" in gives(lead, kofi, "facilitator", ours).errors["role"]
    settled(hearth)
    (message,) = kofi.messages("hearth")
    assert "the facilitator of New &lt;!channel&gt; parents" in message["text"]


def test_the_same_grant_twice_is_one_role_and_one_message(
    workspace: Sandbox, hearth: Hearth, lead: Person, stored: Stored
) -> None:
    priya = workspace.person("priya")
    lead.types("/hearth roles")
    lead.clicks("roles_give")
    given = {"person": {"person": priya.id}, "role": {"role": "moderator"}}
    lead.submits(given, twice=True)
    settled(hearth)
    assert len(roles(stored)) == 2
    assert len(priya.messages("hearth")) == 1


def test_a_button_pressed_twice_ends_a_role_once(
    workspace: Sandbox, hearth: Hearth, lead: Person
) -> None:
    priya = workspace.person("priya")
    gives(lead, priya, "moderator")
    lead.closes(all=True)
    lead.types("/hearth roles")
    block = next(
        b for b in top(lead)["blocks"] if f"<@{priya.id}>" in b.get("text", {}).get("text", "")
    )
    pressed = lead.clicks("roles_end", block_id=block["block_id"], twice=True)
    assert pressed.ok
    assert pressed.second == "acked"
    settled(hearth)
    assert len(priya.messages("hearth")) == 2


def test_an_admin_who_is_none_any_more_appoints_nobody(
    workspace: Sandbox, admin: Person, stored: Stored
) -> None:
    admin.types("/hearth roles")
    admin.clicks("roles_give")
    workspace.set_role("sanjay", "member")
    refused = admin.submits({"person": {"person": admin.id}, "role": {"role": "lead"}})
    assert "another role in the programme" in " ".join(refused.errors.values())
    assert roles(stored) == []


def test_when_slack_does_not_say_who_somebody_is_nothing_is_given(
    workspace: Sandbox, lead: Person, stored: Stored
) -> None:
    workspace.fail("users.info", times=1, status=503)
    refused = gives(lead, workspace.person("priya"), "moderator")
    assert "Nothing was changed" in " ".join(refused.errors.values())
    assert roles(stored) == [(lead.id, "lead")]


def test_two_leads_who_take_the_role_from_each_other_leave_one(
    workspace: Sandbox, hearth: Hearth, lead: Person, stored: Stored
) -> None:
    noor = workspace.person("noor")
    gives(lead, noor, "lead")
    for person in (lead, noor):
        if person.views:
            person.closes(all=True)
        person.types("/hearth roles")
    assert click_on(lead, noor).ok
    assert not click_on(noor, lead).ok
    assert roles(stored) == [(lead.id, "lead")]


def click_on(person: Person, of: Person) -> Outcome:
    for block in top(person)["blocks"]:
        if f"Programme lead: <@{of.id}>" in block.get("text", {}).get("text", ""):
            return person.clicks("roles_end", block_id=block["block_id"])
    raise LookupError


@pytest.mark.parametrize("value", ["", "lantern", None, "x" * 2000, 7])
def test_a_forged_button_ends_nothing(
    hearth: Hearth, lead: Person, stored: Stored, value: Any
) -> None:
    lead.types("/hearth roles")
    action = {"type": "button", "action_id": "roles_end", "value": value, "block_id": "b"}
    body = {"type": "block_actions", "user": {"id": lead.id}, "view": top(lead)}
    answer = hearth._bolt().dispatch(
        BoltRequest(mode="socket_mode", body=body | {"actions": [action]})
    )
    assert answer.status == 500
    assert roles(stored) == [(lead.id, "lead")]


def test_more_roles_than_fit_on_a_page_are_turned(
    workspace: Sandbox, hearth: Hearth, lead: Person, stored: Stored
) -> None:
    stored.change(
        *(
            "INSERT INTO grants (id, person_id, role, granted_at) VALUES "  # noqa: S608
            f"('{n:032x}', 'U0MANY{n:05d}', 'peer_supporter', '2026-01-01 00:00:00+00:00')"
            for n in range(70)
        )
    )
    lead.closes(all=True) if lead.views else None
    lead.types("/hearth roles")
    assert "U0MANY00000" in shown(lead)
    lead.clicks("roles_page_after")
    assert "U0MANY00000" not in shown(lead)
    lead.clicks("roles_page_after")
    assert "U0MANY00069" in shown(lead)
    lead.clicks("roles_page_before")
    assert "U0MANY00030" in shown(lead)


def test_whoever_leaves_or_is_gone_loses_every_role_and_the_record_stays(
    workspace: Sandbox, hearth: Hearth, lead: Person, stored: Stored
) -> None:
    priya = workspace.person("priya")
    gives(lead, priya, "moderator")
    gives(lead, priya, "peer_supporter")
    settled(hearth)
    now = workspace.clock.now()
    hearth.database.write(lambda connection: end_all(connection, priya.id, now))
    assert roles(stored) == [(lead.id, "lead")]
    assert stored.count("grants") == 3
    settled(hearth)
    assert len(priya.messages("hearth")) == 2


def test_when_the_last_lead_is_gone_an_admin_appoints_another(
    workspace: Sandbox, hearth: Hearth, admin: Person, lead: Person, stored: Stored
) -> None:
    now = workspace.clock.now()
    hearth.database.write(lambda connection: end_all(connection, lead.id, now))
    assert hearth.services.roles.leads() == []
    assert gives(admin, admin, "lead").ok
    assert roles(stored) == [(admin.id, "lead")]


def test_the_moderators_are_named_for_whoever_asks(
    workspace: Sandbox, hearth: Hearth, lead: Person
) -> None:
    priya, rosa = workspace.person("priya"), workspace.person("rosa")
    gives(lead, priya, "moderator")
    workspace.clock.advance(timedelta(minutes=1))
    gives(lead, rosa, "moderator")
    assert list(hearth.services.people.joining(lead.id).moderators) == [priya.id, rosa.id]


def test_two_leads_who_end_each_others_role_in_the_same_moment_leave_one(
    workspace: Sandbox, hearth: Hearth, lead: Person, stored: Stored
) -> None:
    noor = workspace.person("noor")
    gives(lead, noor, "lead")
    settled(hearth)
    found = {row[1]: UUID(str(row[0])) for row in stored.rows("SELECT id, person_id FROM grants")}
    together = Barrier(2)

    def end(person: str, other: str) -> bool:
        together.wait()
        try:
            return hearth.services.roles.revoke(person, found[other])
        except (InvalidAnswer, NotAllowed):
            return False

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(end, (lead.id, noor.id), (noor.id, lead.id)))
    assert sorted(done) == [False, True]
    assert len(roles(stored)) == 1
