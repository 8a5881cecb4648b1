"""Setting up: each step is checked, what is missing is said, and nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from slack_bolt import BoltRequest

from app import Hearth
from bot.domain.eap import Eap
from bot.domain.programme import Item
from sandbox import Person, Sandbox
from tests.conftest import Stored, top
from tests.integration.pressing import pressed
from tests.integration.programme.steps import answers, fills_in, goes_to, leading, shown


def kept(hearth: Hearth, item: Item) -> Any:
    """Return what is kept of a step."""
    return hearth.services.programme.checklist().entries[item].value


def test_while_nobody_leads_a_workspace_admin_sets_up_and_then_no_more(
    workspace: Sandbox, hearth: Hearth, stored: Stored
) -> None:
    sanjay = workspace.person("sanjay")
    goes_to(sanjay, "countries")
    leading_later = workspace.person("ines")
    assert fills_in(sanjay, countries=["DE"]).ok
    sanjay.closes(all=True)
    goes_to(sanjay, "emergency_plan")
    noor = workspace.person("noor")
    stored.change(
        "INSERT INTO grants (id, person_id, role, granted_at) VALUES "  # noqa: S608
        f"('{1:032x}', '{noor.id}', 'lead', '2026-01-01 00:00:00+00:00')"
    )
    refused = fills_in(sanjay, emergency_plan="Call Noor.")
    assert "another role" in refused.errors["emergency_plan"]
    assert kept(hearth, Item.EMERGENCY_PLAN) is None
    assert leading_later


def test_others_hear_who_leads(workspace: Sandbox, hearth: Hearth) -> None:
    theo = workspace.person("theo")
    theo.types("/hearth setup")
    assert theo.is_shown("Nobody leads the programme yet")
    ines = leading(workspace, hearth, "ines")
    theo.types("/hearth setup")
    assert theo.is_shown(f"<@{ines.id}> leads the programme here")
    assert theo.view is None


REFUSED: dict[str, list[tuple[dict[str, Any], str, str]]] = {
    "eap": [
        ({"eap_phone": "lantern"}, "eap_phone", "no number to call"),
        ({"eap_phone": None}, "eap_phone", "needed"),
        ({"eap_name": None}, "eap_name", "needed"),
        ({"eap_web": "harbour"}, "eap_web", "https://"),
        ({"eap_employer": None}, "eap_employer", "needed"),
        ({"eap_tried": "2999-01-01"}, "eap_tried", "not come yet"),
        ({"eap_countries": ["ZZ"]}, "eap_countries", "one of these"),
    ],
    "countries": [
        ({"countries": ["XX"]}, "countries", "one of these"),
        ({"countries": []}, "countries", "needed"),
    ],
    "hours": [
        ({"hours_to": "08:30"}, "hours_to", "not after"),
        ({"hours_from": "25:00"}, "hours_from", "choose a time"),
        ({"hours_zone": "Mars/Olympus"}, "hours_zone", "no such time zone"),
        ({"hours_zone": "../../etc/passwd"}, "hours_zone", "no such time zone"),
        ({"hours_days": ["7"]}, "hours_days", "one of these"),
    ],
    "duty_lead": [
        ({"duty_lead": "USLACKBOT"}, "duty_lead", "works here"),
        ({"duty_lead": "U0NOBODY01"}, "duty_lead", "works here"),
    ],
    "emergency_plan": [
        ({"emergency_plan": None}, "emergency_plan", "needed"),
    ],
    "channel": [
        ({"channel": "C0NOWHERE1"}, "channel", "not in this channel"),
    ],
}


@pytest.mark.parametrize("item", REFUSED)
def test_what_cannot_be_kept_is_said_beside_its_field(
    workspace: Sandbox, lead: Person, stored: Stored, item: str
) -> None:
    goes_to(lead, item)
    for given, field, words in REFUSED[item]:
        refused = fills_in(lead, unchecked=True, **{**answers(workspace)[item], **given})
        assert list(refused.errors) == [field], (given, refused)
        assert words in refused.errors[field], given
        assert stored.count("programme") == 0, given


def test_neither_lead_nor_admin_nor_guest_is_duty_lead(workspace: Sandbox, lead: Person) -> None:
    goes_to(lead, "duty_lead")
    for name in ("ines", "sanjay", "binod"):
        refused = fills_in(lead, duty_lead=workspace.person(name).id)
        assert refused.errors["duty_lead"], name


def test_a_company_without_an_eap_says_so(workspace: Sandbox, hearth: Hearth, lead: Person) -> None:
    goes_to(lead, "eap")
    assert fills_in(lead, eap_none=["yes"]).ok
    assert kept(hearth, Item.EAP)["none"] is True
    assert hearth.services.programme.checklist().entries[Item.EAP].state == "done"
    assert hearth.services.support.for_country("DE").eap == Eap(none=True)


def test_an_eap_that_nobody_rang_is_a_problem_and_so_is_one_rung_long_ago(
    workspace: Sandbox, hearth: Hearth, lead: Person
) -> None:
    given = answers(workspace)["eap"]
    goes_to(lead, "eap")
    assert fills_in(lead, **{**given, "eap_tried": None}).ok
    goes_to(lead, "eap")
    assert "last rung" in shown(lead)
    assert fills_in(lead, eap_tried=given["eap_tried"]).ok
    assert hearth.services.programme.checklist().entries[Item.EAP].state == "done"
    workspace.clock.advance(timedelta(days=90))
    assert hearth.services.programme.checklist().entries[Item.EAP].state == "problem"


def test_an_eap_serves_the_countries_it_names(
    workspace: Sandbox, hearth: Hearth, lead: Person
) -> None:
    goes_to(lead, "eap")
    fills_in(lead, **answers(workspace)["eap"], eap_countries=["DE"])
    eap = hearth.services.support.for_country("DE").eap
    assert eap is not None
    assert (eap.serves("DE"), eap.serves("US")) == (True, False)


def test_two_at_once_the_second_hears_of_it_and_loses_nothing(
    workspace: Sandbox, hearth: Hearth, lead: Person
) -> None:
    noor = leading(workspace, hearth, "noor")
    for person in (lead, noor):
        goes_to(person, "emergency_plan")
    assert fills_in(lead, emergency_plan="Call <!channel> *first*.").ok
    before = kept(hearth, Item.EMERGENCY_PLAN)
    assert fills_in(noor, emergency_plan="Ring the bell.").ok
    assert f"Emergency plan was changed meanwhile by <@{lead.id}>" in shown(noor)
    assert "Call <!channel> *first*." in str(top(noor)["blocks"])
    assert "<!channel>" not in shown(noor)
    field = next(b for b in top(noor)["blocks"] if b.get("block_id") == "emergency_plan")
    assert field["element"]["initial_value"] == "Ring the bell."
    assert kept(hearth, Item.EMERGENCY_PLAN) == before
    assert noor.submits().ok
    assert kept(hearth, Item.EMERGENCY_PLAN) == "Ring the bell."


def test_the_same_save_twice_is_no_conflict_with_oneself(
    workspace: Sandbox, lead: Person, stored: Stored
) -> None:
    goes_to(lead, "countries")
    done = lead.submits({"countries": {"countries": ["DE"]}}, twice=True)
    assert done.ok
    assert "changed meanwhile" not in shown(lead)
    assert stored.rows("SELECT revision FROM programme") == [(1,)]


def test_one_can_go_back_skip_and_look_at_the_list(lead: Person) -> None:
    goes_to(lead, "eap")
    assert "Step 2 of 7" in shown(lead)
    lead.clicks("setup_step_back")
    assert "Step 1 of 7" in shown(lead)
    lead.clicks("setup_step_skip")
    lead.clicks("setup_step_skip")
    assert "Step 3 of 7" in shown(lead)
    lead.clicks("setup_step_list")
    assert "0 of 7" in shown(lead)


def test_a_forged_turn_opens_nothing(hearth: Hearth, lead: Person) -> None:
    lead.types("/hearth setup")
    before = top(lead)
    for value in ("", "lantern", None, 7, "live"):
        action = {"type": "button", "action_id": "setup_step_open", "value": value}
        assert pressed(hearth._bolt(), lead, action | {"block_id": "b"}) == 500, value
    assert top(lead) == before


FORGED = (
    "",
    "null",
    "[]",
    "{}",
    '{"item": "live", "revision": 0}',
    '{"item": "eap"}',
    "[" * 3000,
    '{"item": "emergency_plan", "revision": "0"}',
    '{"item": "emergency_plan", "revision": 7}',
)


def test_a_forged_form_keeps_nothing(hearth: Hearth, lead: Person, stored: Stored) -> None:
    goes_to(lead, "emergency_plan")
    typed = {"type": "plain_text_input", "value": "Call Noor."}
    state = {"values": {"emergency_plan": {"emergency_plan": typed}}}
    for metadata in FORGED:
        view = top(lead) | {"state": state, "private_metadata": metadata}
        body = {"type": "view_submission", "user": {"id": lead.id}, "view": view}
        answer = hearth._bolt().dispatch(BoltRequest(mode="socket_mode", body=body))
        assert answer.status == 200, metadata
        assert stored.count("programme") == 0, metadata


def test_what_a_lead_enters_about_the_eap_is_what_members_read(
    workspace: Sandbox, hearth: Hearth, lead: Person
) -> None:
    goes_to(lead, "eap")
    assert fills_in(lead, **answers(workspace)["eap"]).ok
    theo = workspace.person("theo")
    theo.types("/support")
    assert theo.is_shown("Harbour Line: call +49 30 1234567")
    assert theo.is_shown("Your employer does not learn who calls")
    assert theo.is_shown("Last tried on")
