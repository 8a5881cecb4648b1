"""What no client of Slack would send: forged forms, buttons and envelopes.

The workspace would not deliver them, so they reach Bolt as if they had come over the socket.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from slack_bolt import App, BoltRequest, BoltResponse

from app import Hearth
from sandbox import Person, Sandbox
from sandbox.control_client import ControlError
from tests.conftest import AGREED, Stored, filled_in, top
from tests.integration.slack import texts
from tests.logs import NOTE


def submission(person: Person, values: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the submission of the modal on top as Slack would send it, filled in by hand."""
    picked: dict[str, Any] = {
        block: {block: {"type": "radio_buttons", "selected_option": {"value": value}}}
        for block, ((_, value),) in ((block, given.items()) for block, given in values.items())
        if block != "note"
    }
    if "note" in values:
        picked["note"] = {"note": {"type": "plain_text_input", "value": values["note"]["note"]}}
    return {
        "type": "view_submission",
        "user": {"id": person.id, "name": person.name},
        "view": top(person) | {"state": {"values": picked}},
    }


def request(body: dict[str, Any]) -> BoltRequest:
    return BoltRequest(mode="socket_mode", body=body)


@pytest.fixture
def bolt(hearth: Hearth) -> App:
    """What stands behind the socket: the same listeners over the same services."""
    return hearth._bolt()


FORMS: dict[str, dict[str, dict[str, Any]]] = {
    "/checkin": filled_in(note=NOTE),
    "/checkin day": {"day_start": {"day_start": "300"}},
    "/checkin forget": {},
}


def eight_at_once(bolt: App, body: dict[str, Any]) -> set[str]:
    """Return what a submission that arrives eight times at once is answered with."""
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: bolt.dispatch(request(body)).body, range(8)))
    return {json.loads(answer)["response_action"] for answer in answers}


@pytest.mark.parametrize("command", FORMS)
def test_the_same_submission_eight_times_at_once_is_done_once_and_answered_eight_times(
    member: Person, bolt: App, stored: Stored, command: str
) -> None:
    member.types(command)
    assert eight_at_once(bolt, submission(member, FORMS[command])) == {"update"}
    assert stored.count("checkins") == (1 if command == "/checkin" else 0)
    assert stored.count("people") == (0 if command == "/checkin forget" else 1)


def test_the_same_consent_eight_times_at_once_is_one_consent_and_eight_forms(
    maya: Person, bolt: App, stored: Stored
) -> None:
    maya.types("/checkin")
    body = submission(maya, {"country": AGREED["country"]})
    ticked = {"type": "checkboxes", "selected_options": [{"value": "yes"}]}
    body["view"]["state"]["values"]["agreed"] = {"agreed": ticked}
    assert eight_at_once(bolt, body) == {"update"}
    assert stored.count("people") == stored.count("consents") == 1


def shown_for(body: dict[str, Any], answer: BoltResponse) -> str:
    """Return the words that Slack shows for an answer to a submission.

    Slack takes errors only for inputs that the form has.
    """
    assert answer.status == 200
    said = json.loads(answer.body)
    if said["response_action"] == "errors":
        inputs = {b["block_id"] for b in body["view"]["blocks"] if b["type"] == "input"}
        assert set(said["errors"]) <= inputs
        return " ".join(said["errors"].values())
    return " ".join(texts(said["view"], "mrkdwn"))


METADATA = [
    "",
    "lantern",
    "null",
    "[]",
    '"x"',
    "{}",
    '{"day": null}',
    '{"day": {"a": 1}}',
    '{"day": "2026-13-45"}',
    '{"day": "9999-12-31"}',
    '{"day": "0001-01-01"}',
    "[" * 3000,
]


def test_a_form_without_a_day_that_can_be_is_refused_with_a_sentence(
    member: Person, bolt: App, stored: Stored
) -> None:
    member.types("/checkin")
    body = submission(member, filled_in(note=NOTE))
    for metadata in METADATA:
        body["view"]["private_metadata"] = metadata
        words = shown_for(body, bolt.dispatch(request(body)))
        assert "Nothing you typed is lost" in words, metadata
        assert stored.count("checkins") == 0, metadata


@pytest.mark.parametrize("days", [-30, -1, 0, 1])
def test_a_form_that_stayed_open_is_kept_for_the_day_it_names(
    member: Person, bolt: App, stored: Stored, days: int
) -> None:
    member.types("/checkin")
    body = submission(member, filled_in())
    today = date.fromisoformat(json.loads(body["view"]["private_metadata"])["day"])
    day = str(today + timedelta(days=days))
    body["view"]["private_metadata"] = json.dumps({"day": day})
    assert "is saved" in shown_for(body, bolt.dispatch(request(body)))
    assert [row[0] for row in stored.checkins()] == [day]


STATES: list[Any] = [
    None,
    {},
    {"values": None},
    {"values": {}},
    {"values": {"mood": None}},
    {"values": {"mood": {"mood": {"selected_option": "4"}}, "note": {"note": NOTE}}},
    {"values": {"mood": {"other": {"selected_option": {"value": "4"}}}}},
]


@pytest.mark.parametrize("left", ["mood", "note", None])
def test_a_form_with_parts_missing_is_refused_where_slack_can_show_it(
    member: Person, bolt: App, stored: Stored, left: str | None
) -> None:
    member.types("/checkin")
    body = submission(member, filled_in())
    blocks = body["view"]["blocks"]
    body["view"]["blocks"] = [block for block in blocks if block["block_id"] == left]
    for state in STATES:
        body["view"]["state"] = state
        assert shown_for(body, bolt.dispatch(request(body)))
        assert stored.count("checkins") == 0


@pytest.mark.parametrize("note", ["\ud83c", "lantern \udfee\ud83c"])
def test_half_a_character_is_refused_with_a_sentence(
    member: Person, bolt: App, stored: Stored, note: str
) -> None:
    member.types("/checkin")
    body = submission(member, filled_in(note=note))
    assert "Nothing you typed is lost" in shown_for(body, bolt.dispatch(request(body)))
    assert stored.count("checkins") == 0
    text = {"command": "/checkin", "text": note, "user_id": member.id, "trigger_id": "1.2.3"}
    assert "help" in bolt.dispatch(request(text)).body


@pytest.mark.parametrize(
    ("field", "value"),
    [("mood", "6"), ("stress", "0"), ("energy", "٤"), ("mood", "4 "), ("capacity", "STEADY")],
)
def test_a_choice_that_does_not_exist_is_refused_beside_its_question(
    member: Person, stored: Stored, field: str, value: str
) -> None:
    member.types("/checkin")
    refused = member.submits(filled_in() | {field: {field: value}}, unchecked=True)
    assert refused.errors == {field: "Please choose one of these."}
    assert stored.count("checkins") == 0


@pytest.mark.parametrize("value", ["17", "-60", "1440", "300 ", "x"])
def test_a_start_of_day_that_does_not_exist_is_refused(
    member: Person, stored: Stored, value: str
) -> None:
    member.types("/checkin day")
    refused = member.submits({"day_start": {"day_start": value}}, unchecked=True)
    assert list(refused.errors) == ["day_start"]
    assert stored.rows("SELECT day_starts_minute FROM people") == [(0,)]


def test_a_country_that_does_not_exist_is_no_consent(maya: Person, stored: Stored) -> None:
    maya.types("/checkin")
    refused = maya.submits(AGREED | {"country": {"country": "XX"}}, unchecked=True)
    assert list(refused.errors) == ["country"]
    assert stored.count("people") == stored.count("consents") == 0


def test_nothing_is_kept_of_somebody_who_took_everything_back_elsewhere(
    member: Person, stored: Stored
) -> None:
    member.types("/checkin")
    stored.change("DELETE FROM people")
    refused = member.submits(filled_in(note=NOTE))
    assert "agreed" in refused.errors["mood"]
    assert stored.count("people") == stored.count("checkins") == 0


def test_a_form_of_somebody_else_files_nothing_in_their_name(
    member: Person, bolt: App, workspace: Sandbox, stored: Stored
) -> None:
    member.types("/checkin")
    kofi = workspace.person("kofi")
    with pytest.raises(ControlError):
        kofi._act("submit", view_id=top(member)["id"], values=filled_in())
    body = submission(member, filled_in(note=NOTE)) | {"user": {"id": kofi.id}}
    assert "agreed" in shown_for(body, bolt.dispatch(request(body)))
    assert stored.count("checkins") == 0
    kofi.types("/checkin")
    kofi.submits(AGREED)
    assert "is saved" in shown_for(body, bolt.dispatch(request(body)))
    assert stored.rows("SELECT person_id FROM checkins") == [(kofi.id,)]


FORGED_PAGES = {"lantern": 200, "": 200, "0001-01-01": 200, "9999-12-31": 200, None: 500, 7: 500}


def test_a_forged_page_of_the_history_shows_only_ones_own(member: Person, bolt: App) -> None:
    member.types("/checkin 4 2 3 steady")
    member.types("/checkin history")
    for value, status in FORGED_PAGES.items():
        action = {"type": "button", "action_id": "checkin_history_earlier", "value": value}
        body = {"type": "block_actions", "user": {"id": member.id}, "view": top(member)}
        answer = bolt.dispatch(request(body | {"actions": [action | {"block_id": "b"}]}))
        assert answer.status == status, value
        assert top(member)["title"]["text"] == "Your check-ins"


FORGED_DELETES = {
    "": 500,
    "lantern": 500,
    "2026-11-22": 500,
    "2026-11-22 lantern": 500,
    None: 500,
    "x" * 2000: 500,
    "0001-01-01 0001-01-01": 200,
    "9999-12-31 9999-12-31": 200,
}


def test_a_forged_delete_button_deletes_nothing(member: Person, bolt: App, stored: Stored) -> None:
    member.types("/checkin 4 2 3 steady")
    member.types("/checkin history")
    for value, status in FORGED_DELETES.items():
        action = {"type": "button", "action_id": "checkin_history_remove", "value": value}
        body = {"type": "block_actions", "user": {"id": member.id}, "view": top(member)}
        answer = bolt.dispatch(request(body | {"actions": [action | {"block_id": "b"}]}))
        assert answer.status == status, value
        assert stored.count("checkins") == 1


def test_nobody_deletes_the_checkin_of_somebody_else(
    workspace: Sandbox, member: Person, bolt: App, stored: Stored
) -> None:
    member.types("/checkin 4 2 3 steady")
    member.types("/checkin history")
    view = top(member)
    button = next(block["accessory"] for block in view["blocks"] if "accessory" in block)
    body = {"type": "block_actions", "user": {"id": workspace.person("kofi").id}, "view": view}
    bolt.dispatch(request(body | {"actions": [button | {"block_id": "b"}]}))
    assert stored.count("checkins") == 1


SENSELESS: list[dict[str, Any]] = [
    {"type": "view_submission", "view": {"callback_id": "stranger", "type": "modal"}},
    {"type": "view_submission", "view": {"callback_id": "checkin", "type": "modal"}},
    {"type": "view_submission", "user": {}, "view": {"callback_id": "forget", "type": "modal"}},
    {"type": "block_actions", "actions": [{"action_id": "stranger", "value": NOTE}]},
    {"type": "block_actions", "actions": [{"action_id": "checkin_history_earlier"}]},
    {"type": "shortcut", "callback_id": "checkin"},
    {"type": "stranger", "text": NOTE},
    {"command": "/checkin", "text": NOTE},
    {"command": "/checkin", "text": None, "user_id": None},
    {"command": "/stranger", "text": NOTE},
    {},
]


def test_what_makes_no_sense_at_all_changes_nothing(
    member: Person, bolt: App, stored: Stored
) -> None:
    for body in SENSELESS:
        assert bolt.dispatch(request(body)).status in {200, 404, 500}, body
    assert stored.count("people") == 1
    assert stored.count("checkins") == 0
    assert member.view is None
