"""From rehearsal to live: what is shown first, who says so, and what everybody is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from slack_bolt import BoltRequest

from app import Hearth
from bot.content import lines as bundled
from bot.domain.programme import Item, Phase, Proof
from bot.errors import NotAllowed
from sandbox import Person, Sandbox
from tests.conftest import Stored, top
from tests.integration.programme.steps import (
    CHANNEL,
    channel_id,
    fills_in,
    goes_to,
    sets_all,
    shown,
)


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
    checklist = programme.checklist()
    assert checklist.phase is Phase.REHEARSAL
    kept = {item: entry.value for item, entry in checklist.entries.items()}
    assert kept[Item.CHANNEL]["id"] == channel_id(workspace)
    assert kept[Item.COUNTRIES] == ["DE", "IN", "US"]
    assert kept[Item.EAP]["name"] == "Harbour Line"
    assert not checklist.pages
    assert not checklist.reads


def test_it_does_not_go_live_before_everything_is_shown(
    workspace: Sandbox, hearth: Hearth, lead: Person
) -> None:
    sets_all(workspace, lead)
    programme = hearth.services.programme
    assert programme.go_live(lead.id).phase is Phase.REHEARSAL
    for proof in Proof:
        assert programme.checklist().phase is Phase.REHEARSAL
        programme._proofs[proof] = lambda _countries, _now: True
    assert programme.checklist().phase is Phase.REHEARSAL, "somebody has to say so"
    lead.closes(all=True)
    lead.types("/hearth setup")
    assert lead.clicks("setup_go_live").ok
    assert "It is live." in shown(lead)
    assert programme.checklist().pages
    workspace.remove_bot(CHANNEL)
    assert programme.checklist().phase is Phase.LIVE, "a later problem stops nothing"


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


def test_lines_that_a_lead_tried_for_every_country_are_shown(
    workspace: Sandbox, hearth: Hearth, lead: Person
) -> None:
    goes_to(lead, "countries")
    assert fills_in(lead, countries=["DE"]).ok
    programme, support = hearth.services.programme, hearth.services.support
    assert Proof.LINES in programme.checklist().missing_proofs
    for line in bundled.of("DE"):
        support.mark(lead.id, line.country, line.key, holds=True)
    assert Proof.LINES not in programme.checklist().missing_proofs
    workspace.clock.advance(timedelta(days=120))
    assert Proof.LINES in programme.checklist().missing_proofs
