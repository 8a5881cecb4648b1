"""Setting up: each step is checked, what is missing is said, and nothing typed is lost."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from slack_bolt import BoltRequest

from app import Hearth
from bot.domain.programme import Item, Phase, Proof
from bot.errors import NotAllowed
from sandbox import Outcome, Person, Sandbox
from tests.conftest import Stored, top
from tests.integration.outbox import settled
from tests.integration.slack import texts

CHANNEL = "care-moderators"
EAP = {
    "eap_name": "Harbour Line",
    "eap_phone": "+49 30 1234567",
    "eap_web": "https://harbour.example",
    "eap_hours": "Day and night",
    "eap_languages": "English, German",
    "eap_employer": "no",
    "eap_tried": "2026-11-01",
}
HOURS = {"hours_days": ["0", "1", "2", "3", "4"], "hours_from": "08:30", "hours_to": "18:00"}


@pytest.fixture
def lead(workspace: Sandbox, hearth: Hearth) -> Person:
    """Ines, who leads; no workspace admin has to be asked for it in these tests."""
    return leading(workspace, hearth, "ines")


def leading(workspace: Sandbox, hearth: Hearth, name: str) -> Person:
    sanjay, person = workspace.person("sanjay"), workspace.person(name)
    sanjay.types("/hearth roles")
    sanjay.clicks("roles_give")
    assert sanjay.submits({"person": {"person": person.id}, "role": {"role": "lead"}}).ok
    sanjay.closes(all=True)
    settled(hearth)
    return person


def channel_id(workspace: Sandbox, name: str = CHANNEL) -> str:
    return next(str(each["id"]) for each in workspace.channels() if each["name"] == name)


def goes_to(person: Person, item: str) -> None:
    """Open the list, and the step from it."""
    if person.views:
        person.closes(all=True)
    assert person.types("/hearth setup").ok
    button = next(b for b in top(person)["blocks"] if b.get("accessory", {}).get("value") == item)
    assert person.clicks("setup_step_open", block_id=button["block_id"]).ok


def fills_in(person: Person, *, unchecked: Any = False, **given: Any) -> Outcome:
    values = {name: {name: value} for name, value in given.items()}
    return person.submits(values, unchecked=unchecked)


def shown(person: Person) -> str:
    return " ".join(texts(top(person), "mrkdwn"))


def answers(workspace: Sandbox) -> dict[str, dict[str, Any]]:
    day = workspace.clock.now().date() - timedelta(days=3)
    return {
        "channel": {"channel": channel_id(workspace)},
        "eap": {**EAP, "eap_tried": day.isoformat()},
        "countries": {"countries": ["DE", "US", "IN"]},
        "hours": {**HOURS, "hours_zone": "Europe/Berlin"},
        "duty_lead": {"duty_lead": workspace.person("priya").id},
        "security_contact": {"security_contact": workspace.person("sanjay").id},
        "emergency_plan": {"emergency_plan": "https://intranet.example/plan"},
    }


def sets_all(workspace: Sandbox, person: Person) -> None:
    """Go through all steps, one after the other, as they come."""
    goes_to(person, "channel")
    for item, given in answers(workspace).items():
        assert json.loads(top(person)["private_metadata"])["item"] == item
        done = fills_in(person, **given)
        assert done.ok, (item, done)


def test_ten_minutes_lead_to_rehearsal_and_no_further(
    workspace: Sandbox, hearth: Hearth, lead: Person
) -> None:
    lead.types("/hearth setup")
    assert "Setting up" in shown(lead)
    assert "0 of 7" in shown(lead)
    sets_all(workspace, lead)
    words = shown(lead)
    assert "Rehearsal" in words
    assert "Nobody is paged and no note is read" in words
    for each in ("Two trained moderators", "for every country", "made-up concern"):
        assert f"Missing: {each}" in words or each in words
    assert "Go live" not in str(top(lead))
    programme = hearth.services.programme
    assert programme.phase() is Phase.REHEARSAL
    assert programme.moderators_channel() == channel_id(workspace)
    assert programme.enrolled_countries() == ["DE", "IN", "US"]
    eap = programme.eap("DE")
    assert eap is not None
    assert eap.name == "Harbour Line"
    checklist = programme.checklist()
    assert not checklist.pages
    assert not checklist.reads


def test_it_does_not_go_live_before_everything_is_shown(
    workspace: Sandbox, hearth: Hearth, lead: Person
) -> None:
    sets_all(workspace, lead)
    programme = hearth.services.programme
    assert programme.go_live(lead.id).phase is Phase.REHEARSAL
    for proof in Proof:
        assert programme.phase() is Phase.REHEARSAL
        programme._proofs[proof] = lambda _connection: True
    assert programme.phase() is Phase.REHEARSAL, "somebody has to say so"
    lead.closes(all=True)
    lead.types("/hearth setup")
    assert lead.clicks("setup_go_live").ok
    assert "It is live." in shown(lead)
    assert programme.checklist().pages
    workspace.remove_bot(CHANNEL)
    assert programme.phase() is Phase.LIVE, "a problem of later does not stop the listening"


def test_a_forged_go_live_changes_nothing(
    workspace: Sandbox, hearth: Hearth, lead: Person, stored: Stored
) -> None:
    lead.types("/hearth setup")
    before = stored.rows("SELECT * FROM programme")
    action = {"type": "button", "action_id": "setup_go_live", "value": "live", "block_id": "b"}
    body = {"type": "block_actions", "view": top(lead), "actions": [action]}
    bolt = hearth._bolt()
    for person in (lead, workspace.person("theo"), workspace.person("sanjay")):
        bolt.dispatch(BoltRequest(mode="socket_mode", body=body | {"user": {"id": person.id}}))
        assert stored.rows("SELECT * FROM programme") == before


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
    assert hearth.services.programme.emergency_plan() is None
    assert leading_later


def test_others_hear_who_leads(workspace: Sandbox, hearth: Hearth) -> None:
    theo = workspace.person("theo")
    theo.types("/hearth setup")
    assert theo.is_shown("Nobody leads the programme yet")
    ines = leading(workspace, hearth, "ines")
    theo.types("/hearth setup")
    assert theo.is_shown(f"<@{ines.id}> leads the programme here")
    assert theo.view is None


@pytest.mark.parametrize(
    ("item", "given", "field", "words"),
    [
        ("eap", {"eap_phone": "lantern"}, "eap_phone", "no number to call"),
        ("eap", {"eap_phone": None}, "eap_phone", "needed"),
        ("eap", {"eap_name": None}, "eap_name", "needed"),
        ("eap", {"eap_web": "harbour"}, "eap_web", "https://"),
        ("eap", {"eap_employer": None}, "eap_employer", "needed"),
        ("eap", {"eap_tried": "2999-01-01"}, "eap_tried", "not come yet"),
        ("eap", {"eap_countries": ["ZZ"]}, "eap_countries", "one of these"),
        ("countries", {"countries": ["XX"]}, "countries", "one of these"),
        ("countries", {"countries": []}, "countries", "needed"),
        ("hours", {"hours_to": "08:30"}, "hours_to", "not after"),
        ("hours", {"hours_from": "25:00"}, "hours_from", "choose a time"),
        ("hours", {"hours_zone": "Mars/Olympus"}, "hours_zone", "no such time zone"),
        ("hours", {"hours_zone": "../../etc/passwd"}, "hours_zone", "no such time zone"),
        ("hours", {"hours_days": ["7"]}, "hours_days", "one of these"),
        ("duty_lead", {"duty_lead": "USLACKBOT"}, "duty_lead", "works here"),
        ("duty_lead", {"duty_lead": "U0NOBODY01"}, "duty_lead", "works here"),
        ("emergency_plan", {"emergency_plan": None}, "emergency_plan", "needed"),
        ("channel", {"channel": "C0NOWHERE1"}, "channel", "not in this channel"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_its_field(
    workspace: Sandbox,
    lead: Person,
    stored: Stored,
    item: str,
    given: dict[str, Any],
    field: str,
    words: str,
) -> None:
    goes_to(lead, item)
    refused = fills_in(lead, unchecked=True, **{**answers(workspace)[item], **given})
    assert list(refused.errors) == [field], refused
    assert words in refused.errors[field]
    assert stored.count("programme") == 0


def test_neither_lead_nor_admin_nor_guest_is_duty_lead(workspace: Sandbox, lead: Person) -> None:
    goes_to(lead, "duty_lead")
    for name in ("ines", "sanjay", "binod"):
        refused = fills_in(lead, duty_lead=workspace.person(name).id)
        assert refused.errors["duty_lead"], name


def test_a_company_without_an_eap_says_so(workspace: Sandbox, hearth: Hearth, lead: Person) -> None:
    goes_to(lead, "eap")
    assert fills_in(lead, eap_none=["yes"]).ok
    assert hearth.services.programme.eap("DE") is None
    assert hearth.services.programme.checklist().entries[Item.EAP].state == "done"


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
    assert hearth.services.programme.eap("DE") is not None
    assert hearth.services.programme.eap("US") is None


def test_the_channel_has_to_be_private_unshared_without_guests_and_with_hearth(
    workspace: Sandbox, lead: Person, stored: Stored
) -> None:
    goes_to(lead, "channel")
    chosen = {"channel": channel_id(workspace)}

    def refusal() -> str:
        said = fills_in(lead, unchecked=True, **chosen).errors["channel"]
        assert stored.count("programme") == 0
        return said

    workspace.add_member(CHANNEL, "binod")
    assert "Guests" in refusal()
    workspace.remove_member(CHANNEL, "binod")
    workspace.share_channel(CHANNEL)
    assert "another company" in refusal()
    workspace.unshare_channel(CHANNEL)
    workspace.make_public(CHANNEL)
    assert "Everybody can read" in refusal()
    workspace.make_private(CHANNEL)
    workspace.archive(CHANNEL)
    assert "archived" in refusal()
    workspace.unarchive(CHANNEL)
    workspace.remove_bot(CHANNEL)
    assert "not in this channel" in refusal()
    workspace.invite_bot(CHANNEL)
    assert fills_in(lead, **chosen).ok
    assert stored.count("programme") == 1


def test_a_cohorts_channel_is_not_offered_and_not_taken(
    workspace: Sandbox, hearth: Hearth, lead: Person, stored: Stored
) -> None:
    hearth.services.cohorts.add("Carers", channel_id(workspace), [])
    goes_to(lead, "channel")
    assert "in no private channel yet" in shown(lead)
    assert stored.count("programme") == 0


def test_a_lead_in_the_channel_stands_in_the_list_until_they_left(
    workspace: Sandbox, hearth: Hearth, lead: Person
) -> None:
    workspace.add_member(CHANNEL, "ines")
    sets_all(workspace, lead)
    assert "who leads the programme" in shown(lead)
    assert hearth.services.programme.phase() is Phase.REHEARSAL
    workspace.remove_member(CHANNEL, "ines")
    goes_to(lead, "channel")
    assert fills_in(lead, channel=channel_id(workspace)).ok
    assert hearth.services.programme.checklist().entries[Item.CHANNEL].state == "done"


@pytest.mark.parametrize(
    ("happens", "words"),
    [
        ("archive", "is archived"),
        ("remove_bot", "was removed from it"),
        ("make_public", "made public"),
        ("share_channel", "shared with another company"),
    ],
)
def test_what_befell_the_channel_later_shows_when_the_list_is_opened(
    workspace: Sandbox, lead: Person, happens: str, words: str
) -> None:
    sets_all(workspace, lead)
    lead.closes(all=True)
    getattr(workspace, happens)(CHANNEL)
    lead.types("/hearth setup")
    assert words in shown(lead)
    assert "Setting up" in shown(lead)


def test_when_slack_does_not_say_the_list_still_opens(workspace: Sandbox, lead: Person) -> None:
    sets_all(workspace, lead)
    lead.closes(all=True)
    workspace.fail("conversations.info", times=1, status=503)
    assert lead.types("/hearth setup").ok
    assert "did not say just now" in shown(lead)


def test_two_at_once_the_second_hears_of_it_and_loses_nothing(
    workspace: Sandbox, hearth: Hearth, lead: Person
) -> None:
    noor = leading(workspace, hearth, "noor")
    for person in (lead, noor):
        goes_to(person, "emergency_plan")
    assert fills_in(lead, emergency_plan="Call <!channel> *first*.").ok
    before = hearth.services.programme.emergency_plan()
    assert fills_in(noor, emergency_plan="Ring the bell.").ok
    assert f"Emergency plan was changed meanwhile by <@{lead.id}>" in shown(noor)
    assert "Call <!channel> *first*." in str(top(noor)["blocks"])
    assert "<!channel>" not in shown(noor)
    field = next(b for b in top(noor)["blocks"] if b.get("block_id") == "emergency_plan")
    assert field["element"]["initial_value"] == "Ring the bell."
    assert hearth.services.programme.emergency_plan() == before
    assert noor.submits().ok
    assert hearth.services.programme.emergency_plan() == "Ring the bell."


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


@pytest.mark.parametrize("value", ["", "lantern", None, 7, "live"])
def test_a_forged_turn_opens_nothing(hearth: Hearth, lead: Person, value: Any) -> None:
    lead.types("/hearth setup")
    action = {"type": "button", "action_id": "setup_step_open", "value": value, "block_id": "b"}
    body = {"type": "block_actions", "user": {"id": lead.id}, "view": top(lead)}
    answer = hearth._bolt().dispatch(
        BoltRequest(mode="socket_mode", body=body | {"actions": [action]})
    )
    assert answer.status == 500


@pytest.mark.parametrize(
    "metadata",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"item": "live", "revision": 0}',
        '{"item": "eap"}',
        "[" * 3000,
        '{"item": "emergency_plan", "revision": "0"}',
        '{"item": "emergency_plan", "revision": 7}',
    ],
)
def test_a_forged_form_keeps_nothing(
    hearth: Hearth, lead: Person, stored: Stored, metadata: str
) -> None:
    goes_to(lead, "emergency_plan")
    typed = {"type": "plain_text_input", "value": "Call Noor."}
    state = {"values": {"emergency_plan": {"emergency_plan": typed}}}
    view = top(lead) | {"state": state, "private_metadata": metadata}
    body = {"type": "view_submission", "user": {"id": lead.id}, "view": view}
    answer = hearth._bolt().dispatch(BoltRequest(mode="socket_mode", body=body))
    assert answer.status == 200
    assert stored.count("programme") == 0


def test_the_status_tells_each_what_concerns_them(
    workspace: Sandbox, hearth: Hearth, lead: Person
) -> None:
    theo = workspace.person("theo")
    theo.types("/hearth status")
    assert theo.is_shown("Nobody moderates yet.")
    assert not theo.is_shown("Emergency plan")
    sets_all(workspace, lead)
    lead.closes(all=True)
    lead.types("/hearth roles")
    lead.clicks("roles_give")
    priya = workspace.person("priya")
    lead.submits({"person": {"person": priya.id}, "role": {"role": "moderator"}})
    lead.closes(all=True)
    theo.types("/hearth status")
    assert theo.is_shown(f"<@{priya.id}> moderates. Their hours: Monday to Friday, 08:30 to 18:00")
    lead.types("/hearth status")
    assert lead.is_shown("*Rehearsal.*")
    assert lead.is_shown("Missing: A made-up concern")


def test_nobody_else_goes_live(workspace: Sandbox, hearth: Hearth, lead: Person) -> None:
    assert lead
    with pytest.raises(NotAllowed):
        hearth.services.programme.go_live(workspace.person("sanjay").id)


def test_a_guest_who_joins_the_channel_later_shows_within_the_hour_and_goes_again(
    workspace: Sandbox, hearth: Hearth, lead: Person, stored: Stored
) -> None:
    sets_all(workspace, lead)
    programme = hearth.services.programme
    programme.look_at_channel()
    assert stored.count("programme") == 7, "nothing is written while nothing changes"
    workspace.add_member(CHANNEL, "binod")
    programme.look_at_channel()
    assert programme.phase() is Phase.SETTING_UP
    lead.closes(all=True)
    lead.types("/hearth setup")
    assert "Guests are in the channel" in shown(lead)
    workspace.remove_member(CHANNEL, "binod")
    programme.look_at_channel()
    assert programme.phase() is Phase.REHEARSAL


def test_when_slack_does_not_say_the_channel_stays_as_it_was_found(
    workspace: Sandbox, hearth: Hearth, lead: Person
) -> None:
    sets_all(workspace, lead)
    workspace.fail("conversations.members", times=1, status=503)
    workspace.add_member(CHANNEL, "binod")
    hearth.services.programme.look_at_channel()
    assert hearth.services.programme.phase() is Phase.REHEARSAL
    hearth.services.programme.look_at_channel()
    assert hearth.services.programme.phase() is Phase.SETTING_UP
