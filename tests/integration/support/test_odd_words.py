"""What leads type is shown beside a number to call: nothing in it may hide or break that."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app import Hearth
from bot.domain.programme import Item
from sandbox import Person
from tests.conftest import Stored, top
from tests.integration.support.helping import set_up, words
from tests.integration.test_forged import request

PHONE = "+49 30 1234567"
HALF, TURNED, NUL = "\ud83c", "\u202e", "\x00"


def saves(hearth: Hearth, person: Person, item: Item, fields: dict[str, str]) -> str:
    """Send a form of the set-up as no client of Slack would; return the answer."""
    given: dict[str, dict[str, Any]]
    given = {name: {"type": "plain_text_input", "value": text} for name, text in fields.items()}
    if item is Item.EAP:
        given["eap_employer"] = {"type": "radio_buttons", "selected_option": {"value": "no"}}
    view = {
        "type": "modal",
        "callback_id": "setup_save",
        "blocks": [{"type": "input", "block_id": name} for name in given],
        "state": {"values": {name: {name: entry} for name, entry in given.items()}},
        "private_metadata": json.dumps({"item": item, "revision": 0}),
    }
    body = {"type": "view_submission", "user": {"id": person.id}, "view": view}
    return str(hearth._bolt().dispatch(request(body)).body)


@pytest.mark.parametrize("odd", [HALF, TURNED, NUL, "\n\x07\u2067"])
def test_half_characters_and_turned_writing_in_the_eap_keep_nobody_from_help(
    hearth: Hearth, ines: Person, member: Person, odd: str
) -> None:
    names = ("name", "hours", "languages", "code")
    fields = {f"eap_{name}": f"Lan{odd}tern" for name in names} | {"eap_phone": PHONE}
    assert '"update"' in saves(hearth, ines, Item.EAP, fields)
    member.types("/support")
    shown = words(member)
    assert PHONE in shown
    assert "tern" in shown
    assert not (set(odd) - {"\n"}) & set(shown)


@pytest.mark.parametrize("odd", [HALF, TURNED, NUL])
def test_what_was_stored_before_with_such_characters_keeps_nobody_from_help(
    hearth: Hearth, member: Person, odd: str
) -> None:
    set_up(hearth, "eap", {"name": f"Lan{odd}tern", "phone": PHONE})
    member.types("/support")
    assert PHONE in words(member)
    assert odd not in words(member)


@pytest.mark.parametrize("name", ["\u200b", "\u202e\u2066", "\u2060 \u200d", HALF])
def test_a_name_that_nobody_can_see_is_no_name(
    hearth: Hearth, ines: Person, stored: Stored, name: str
) -> None:
    fields = {"eap_name": name, "eap_phone": PHONE}
    assert '"errors"' in saves(hearth, ines, Item.EAP, fields)
    assert stored.count("programme") == 0


@pytest.mark.parametrize("odd", [HALF, TURNED, NUL])
def test_an_emergency_plan_with_such_characters_can_still_be_read(
    hearth: Hearth, ines: Person, odd: str
) -> None:
    plan = {"emergency_plan": f"Call the{odd} harbour master.\nThen wait."}
    assert '"update"' in saves(hearth, ines, Item.EMERGENCY_PLAN, plan)
    ines.types("/hearth setup")
    steps = [
        b for b in top(ines)["blocks"] if b.get("accessory", {}).get("value") == "emergency_plan"
    ]
    assert ines.clicks("setup_step_open", block_id=steps[0]["block_id"]).ok
    shown = str(top(ines))
    assert "harbour master" in shown
    assert odd not in shown
    assert repr(odd)[1:-1] not in shown


@pytest.mark.parametrize("odd", [HALF, TURNED, NUL])
def test_an_address_with_such_characters_is_none(
    hearth: Hearth, ines: Person, stored: Stored, odd: str
) -> None:
    fields = {"eap_name": "Lantern", "eap_phone": PHONE, "eap_web": f"https://a{odd}.example"}
    assert '"errors"' in saves(hearth, ines, Item.EAP, fields)
    assert stored.count("programme") == 0


@pytest.mark.parametrize("plan", [HALF, "\u200b\n\u2060"])
def test_an_emergency_plan_that_nobody_can_see_is_none(
    hearth: Hearth, ines: Person, stored: Stored, plan: str
) -> None:
    assert '"errors"' in saves(hearth, ines, Item.EMERGENCY_PLAN, {"emergency_plan": plan})
    assert stored.count("programme") == 0
