"""Choosing: each purpose by itself, nothing chosen beforehand, taken back as easily as given."""

from __future__ import annotations

import json
from typing import Any, Literal

import pytest

from app import Hearth
from bot import content
from bot.domain.people import Agreement
from bot.errors import CannotJoin
from sandbox import Person, Sandbox
from storage import roles
from tests.conftest import AGREED, Stored, filled_in, top
from tests.integration.outbox import settled
from tests.integration.strangers import strangers
from tests.integration.test_forged import request, submission
from tests.integration.weather.conftest import COHORT
from tests.logs import NOTE

HELD = "SELECT purpose, level FROM consents WHERE withdrawn_at IS NULL ORDER BY purpose"
HELP_ONLY = {**AGREED, "safety": {"safety": "help"}}


def choose(person: Person, values: dict[str, dict[str, Any]]) -> None:
    """Open one's choices, change these, and save."""
    person.closes(all=True) if person.view else None
    assert person.types("/checkin choices").ok
    assert top(person)["callback_id"] == "choices"
    done = person.submits(values)
    assert done.ok, done


def inputs(view: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {b["block_id"]: b["element"] for b in view["blocks"] if b["type"] == "input"}


def other_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the words of the consent be another version from now on."""
    monkeypatch.setattr(content, "consent_version", lambda: "another")


def test_without_a_choice_nothing_is_read(maya: Person, stored: Stored) -> None:
    maya.types("/checkin")
    maya.submits(AGREED)
    assert stored.rows(HELD) == [("checkins", None)]


@pytest.mark.parametrize(
    ("level", "held"),
    [
        ("off", [("checkins", None)]),
        ("help", [("checkins", None), ("safety_notes", "help")]),
        ("tell", [("checkins", None), ("safety_notes", "tell")]),
    ],
)
def test_each_level_of_safety_reading_is_a_consent_of_its_own(
    maya: Person, stored: Stored, level: str, held: list[Any]
) -> None:
    maya.types("/checkin")
    assert maya.submits({**AGREED, "safety": {"safety": level}}).ok
    assert stored.rows(HELD) == held


def test_a_forged_level_is_refused_and_nothing_is_stored(maya: Person, stored: Stored) -> None:
    maya.types("/checkin")
    refused = maya.submits({**AGREED, "safety": {"safety": "everything"}}, unchecked=True)
    assert set(refused.errors) == {"safety"}
    assert stored.count("people") == 0


def test_the_first_screen_names_the_moderators(
    workspace: Sandbox, hearth: Hearth, maya: Person
) -> None:
    maya.types("/checkin")
    assert "in danger: nobody yet." in str(top(maya))
    maya.closes()
    kofi, now = workspace.person("kofi").id, workspace.clock.now()
    hearth.database.write(
        lambda each: roles.add(each, kofi, "moderator", cohort=None, by=None, now=now)
    )
    maya.types("/checkin")
    assert f"in danger: <@{kofi}>." in str(top(maya))


def test_choices_are_shown_as_they_are_and_changed_one_by_one(maya: Person, stored: Stored) -> None:
    maya.types("/checkin")
    maya.submits(HELP_ONLY)
    maya.closes(all=True)
    maya.types("/hearth choices")
    shown = inputs(top(maya))
    assert shown["agreed"]["initial_options"]
    assert shown["safety"]["initial_option"]["value"] == "help"
    assert shown["country"]["initial_option"]["value"] == "DE"
    assert maya.submits({"safety": {"safety": "tell"}, "country": {"country": "GB"}}).ok
    assert maya.is_shown("United Kingdom")
    assert stored.rows(HELD) == [("checkins", None), ("safety_notes", "tell")]
    assert stored.rows("SELECT country FROM people") == [("GB",)]


def test_what_was_given_and_taken_back_stays_on_record_with_its_times(
    maya: Person, stored: Stored
) -> None:
    maya.types("/checkin")
    maya.submits(HELP_ONLY)
    choose(maya, {"safety": {"safety": "off"}})
    choose(maya, {"safety": {"safety": "off"}})
    query = "SELECT level, withdrawn_at IS NULL FROM consents WHERE purpose = 'safety_notes'"
    assert [(level, bool(holds)) for level, holds in stored.rows(query)] == [("help", False)]


def test_saving_the_same_choices_again_leaves_the_first_time_on_record(
    member: Person, stored: Stored
) -> None:
    query = "SELECT id, given_at FROM consents"
    before = stored.rows(query)
    choose(member, {})
    choose(member, {})
    assert stored.rows(query) == before


def test_taking_the_checkins_back_deletes_them_and_keeps_the_rest(
    workspace: Sandbox, hearth: Hearth, member: Person, stored: Stored
) -> None:
    member.types("/checkin")
    member.submits(filled_in(share="note", note=NOTE))
    settled(hearth)
    assert workspace.posted(COHORT)
    choose(member, {"agreed": {"agreed": []}})
    assert member.is_shown("Check-ins: no")
    settled(hearth)
    assert workspace.posted(COHORT) == []
    assert stored.count("checkins") == stored.count("shares") == 0
    assert stored.rows("SELECT country FROM people") == [("DE",)]
    assert stored.rows(HELD) == []
    member.closes(all=True)
    member.types("/checkin choices")
    assert top(member)["callback_id"] == "consent"
    assert "initial" not in str(top(member))


@pytest.mark.parametrize("how", ["leave", "choices"])
def test_consent_withdrawn_while_a_form_is_open_refuses_it_in_words_and_keeps_its_text(
    hearth: Hearth, member: Person, stored: Stored, how: str
) -> None:
    member.types("/checkin")
    if how == "leave":
        hearth.services.people.forget(member.id)
    else:
        stored.change("UPDATE consents SET withdrawn_at = given_at")
    refused = member.submits(filled_in(note=NOTE))
    assert "before you have read and agreed" in refused.errors["mood"]
    assert "it is still here" in refused.errors["mood"]
    assert top(member)["state"]["values"]["note"]["note"]["value"] == NOTE
    assert stored.count("checkins") == 0


def test_choices_saved_after_leaving_bring_nothing_back(
    hearth: Hearth, member: Person, stored: Stored
) -> None:
    member.types("/checkin choices")
    hearth.services.people.forget(member.id)
    refused = member.submits({})
    assert refused.outcome == "errors"
    assert stored.count("people") == stored.count("consents") == 0


def test_other_words_ask_again_with_nothing_chosen_and_end_what_is_not_chosen_anew(
    maya: Person, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    maya.types("/checkin")
    maya.submits(HELP_ONLY)
    maya.closes(all=True)
    maya.types("/checkin 4 2 3 steady")
    other_words(monkeypatch)
    maya.types("/checkin 1 1 1 over")
    assert top(maya)["callback_id"] == "consent"
    assert maya.is_shown("What Hearth does has changed")
    assert "initial" not in str(top(maya))
    assert [row[1] for row in stored.checkins()] == [4]
    maya.submits(AGREED)
    assert top(maya)["callback_id"] == "checkin"
    query = "SELECT purpose, version FROM consents WHERE withdrawn_at IS NULL"
    assert stored.rows(query) == [("checkins", "another")]


def test_a_consent_to_the_same_words_is_asked_only_once(member: Person) -> None:
    for _ in range(2):
        member.types("/checkin")
        assert top(member)["callback_id"] == "checkin"
        member.closes()


@pytest.mark.parametrize("role", ["guest", "single_channel_guest"])
def test_a_guest_is_told_kindly_that_they_cannot_join_and_gets_help(
    workspace: Sandbox,
    maya: Person,
    stored: Stored,
    role: Literal["guest", "single_channel_guest"],
) -> None:
    workspace.set_role("maya", role)
    maya.types("/checkin")
    assert maya.submits(AGREED).ok
    assert top(maya)["title"]["text"] == "Not for guests"
    assert maya.is_shown("findahelpline.com")
    assert stored.count("people") == 0
    maya.types("/checkin help")
    assert "findahelpline.com" in maya.ephemerals("general")[-1]["text"]


def test_nobody_of_another_company_joins(
    workspace: Sandbox, hearth: Hearth, stored: Stored
) -> None:
    """Slack lets them press the buttons of a channel that both companies share."""
    for person in strangers(workspace):
        with pytest.raises(CannotJoin):
            hearth.services.people.agree(person, Agreement(agreed=True, country="DE"))
    assert stored.count("people") == 0


def test_nobody_else_learns_what_somebody_chose(
    workspace: Sandbox, maya: Person, hearth: Hearth
) -> None:
    maya.types("/checkin")
    maya.submits(HELP_ONLY)
    choose(maya, {"safety": {"safety": "tell"}})
    settled(hearth)
    assert workspace.posted() == []
    assert not workspace.person("kofi").is_shown("duty moderator")


def test_words_that_changed_while_the_screen_was_open_are_agreed_to_only_once_they_are_read(
    maya: Person, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    maya.types("/checkin")
    other_words(monkeypatch)
    assert maya.submits(HELP_ONLY).ok
    assert stored.count("people") == stored.count("consents") == 0
    assert maya.is_shown("has changed while this was open")
    maya.closes(all=True)
    maya.types("/checkin")
    assert "initial" not in str(top(maya))
    assert maya.submits(AGREED).ok
    assert stored.rows("SELECT version, level FROM consents") == [("another", None)]


@pytest.mark.parametrize("metadata", ["", "null", "[]", "{}", '{"words": 7}', "[" * 3000])
def test_a_first_screen_that_does_not_say_which_words_it_showed_is_no_consent(
    maya: Person, hearth: Hearth, stored: Stored, metadata: str
) -> None:
    maya.types("/checkin")
    body = submission(maya, {"country": AGREED["country"]})
    ticked = {"type": "checkboxes", "selected_options": [{"value": "yes"}]}
    body["view"]["state"]["values"]["agreed"] = {"agreed": ticked}
    body["view"]["private_metadata"] = metadata
    answer = json.loads(hearth._bolt().dispatch(request(body)).body)
    assert answer["response_action"] == "update"
    assert "has changed while this was open" in str(answer["view"])
    assert stored.count("people") == 0
