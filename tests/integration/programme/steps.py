"""Help for the tests of setting up: going to a step, filling it in, and what is shown."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from app import Hearth
from sandbox import Outcome, Person, Sandbox
from tests.conftest import top
from tests.integration.granting import granted
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


def leading(workspace: Sandbox, hearth: Hearth, name: str) -> Person:
    """Return somebody who leads."""
    person = workspace.person(name)
    granted(hearth, person)
    return person


def channel_id(workspace: Sandbox, name: str = CHANNEL) -> str:
    return next(str(each["id"]) for each in workspace.channels() if each["name"] == name)


def goes_to(person: Person, item: str) -> None:
    """Open the list, and the step from it."""
    if person.views:
        person.closes(all=True)
    assert person.types("/hearth setup").ok
    assert person.clicks("setup_step_open", block_id=step_block(person, item)).ok


def step_block(person: Person, item: str) -> str:
    """Return the id of the block in the list that opens the step."""
    blocks = top(person)["blocks"]
    (block,) = [each for each in blocks if each.get("accessory", {}).get("value") == item]
    return str(block["block_id"])


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
