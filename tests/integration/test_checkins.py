"""Check-ins over the wire: what people do, what they read, what lies in the database."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.views import rituals
from sandbox import Person, Sandbox
from tests.conftest import AGREED, Stored, filled_in, top
from tests.unit.ritual_views import SHOWN


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def text_of(view: dict[str, Any]) -> str:
    return json.dumps(view, ensure_ascii=False)


def test_the_first_checkin_goes_from_consent_to_form_to_receipt(
    maya: Person, stored: Stored
) -> None:
    assert maya.types("/checkin").ok
    assert top(maya)["callback_id"] == "consent"
    assert stored.count("people") == 0

    assert maya.submits(AGREED).ok
    assert top(maya)["callback_id"] == "checkin"

    assert maya.submits(filled_in(note="slept badly")).ok
    assert top(maya)["title"]["text"] == "Received"
    assert maya.is_shown("Mood 4: good")
    assert maya.is_shown("only you")
    assert [row[1:] for row in stored.checkins()] == [(4, 2, 3, "steady")]


def test_the_note_lies_encrypted_in_the_file(member: Person, stored: Stored) -> None:
    member.types("/checkin")
    member.submits(filled_in(note="a very particular sentence"))
    assert stored.rows("SELECT length(note) FROM checkins")[0][0] > 30
    assert not stored.contains("particular")


def test_consent_is_recorded_with_version_time_and_country(maya: Person, stored: Stored) -> None:
    maya.types("/checkin")
    maya.submits(AGREED)
    ((purpose, version, given, withdrawn),) = stored.rows(
        "SELECT purpose, version, given_at, withdrawn_at FROM consents"
    )
    assert (purpose, withdrawn) == ("checkins", None)
    assert version
    assert given
    assert stored.rows("SELECT id, country, zone FROM people") == [(maya.id, "DE", "Europe/Berlin")]


@pytest.mark.parametrize(
    "values", [{}, {"country": {"country": "DE"}}, {"agreed": {"agreed": ["yes"]}}]
)
@pytest.mark.parametrize("unchecked", [False, True])
def test_without_a_yes_and_a_country_nothing_is_stored(
    maya: Person, stored: Stored, values: dict[str, Any], *, unchecked: bool
) -> None:
    maya.types("/checkin")
    outcome = maya.submits(values, unchecked=unchecked)
    assert outcome.outcome == ("errors" if unchecked else "invalid")
    assert stored.count("people") == stored.count("consents") == 0


def test_nothing_is_preselected_in_the_consent(maya: Person) -> None:
    maya.types("/checkin")
    assert "initial" not in text_of(top(maya))


def test_every_word_can_be_read_over_the_first_screen_which_stays_as_it_was(
    maya: Person, stored: Stored
) -> None:
    maya.types("/checkin 4 2 3 steady")
    for _ in range(2):
        assert maya.clicks("consent_in_full", values={"country": {"country": "DE"}}).ok
        assert "with three exceptions" in text_of(top(maya))
        maya.closes()
        assert top(maya)["callback_id"] == "consent"
    assert stored.count("people") == stored.count("consents") == 0
    assert maya.submits({"agreed": {"agreed": ["yes"]}, "country": {"country": "DE"}}).ok
    assert maya.is_shown("I understood mood 4, stress 2, energy 3, steady.")


def test_a_second_checkin_on_the_same_day_takes_the_place_of_the_first(
    member: Person, stored: Stored
) -> None:
    member.types("/checkin")
    member.submits(filled_in(mood=2, note="the first"))
    member.closes()
    member.types("/checkin")
    assert member.is_shown("You checked in at")
    assert member.is_shown("the first")
    member.submits(filled_in(mood=5))
    assert member.is_shown("takes the place")
    assert [row[1] for row in stored.checkins()] == [5]
    member.closes()
    member.types("/checkin history")
    assert member.is_shown("the first")


def test_a_note_can_be_taken_away_again(member: Person, stored: Stored) -> None:
    member.types("/checkin")
    member.submits(filled_in(note="too much"))
    member.closes()
    member.types("/checkin")
    member.submits(filled_in() | {"note": {"note": None}})
    assert stored.rows("SELECT note FROM checkins") == [(None,)]


def test_the_keyboard_files_a_whole_checkin_without_a_form(member: Person, stored: Stored) -> None:
    assert member.types("/checkin 4 2 3 steady").ok
    assert member.view is None
    (message,) = member.ephemerals("general")
    assert "is saved" in message["text"]
    assert "Stress 2: a little tense" in message["text"]
    assert [row[1:] for row in stored.checkins()] == [(4, 2, 3, "steady")]


def test_the_keyboard_keeps_the_note_that_is_already_there(member: Person) -> None:
    member.types("/checkin")
    member.submits(filled_in(note="keep me"))
    member.closes()
    member.types("/checkin 1 5 1 over")
    member.types("/checkin history")
    assert member.is_shown("keep me")
    assert member.is_shown("Mood 1: very low")


@pytest.mark.parametrize(
    ("text", "said", "left_open"),
    [
        ("4 2", "I understood mood 4, stress 2.", "capacity"),
        ("mood 4 stress 2", "I understood mood 4, stress 2.", "energy"),
        ("9 2 3 steady", "Some of it I did not understand.", "mood"),
        ("what is this", "I did not understand that.", "mood"),
    ],
)
def test_on_nonsense_the_form_opens_with_what_was_understood(
    member: Person, stored: Stored, text: str, said: str, left_open: str
) -> None:
    member.types(f"/checkin {text}")
    assert top(member)["callback_id"] == "checkin"
    assert member.is_shown(said)
    by_id = {block.get("block_id"): block for block in top(member)["blocks"]}
    assert "initial_option" not in by_id[left_open]["element"]
    assert stored.count("checkins") == 0
    assert "what is this" not in text_of(top(member))


def test_what_was_typed_before_the_consent_is_not_asked_again(maya: Person) -> None:
    maya.types("/checkin 4 2 3 steady")
    assert top(maya)["callback_id"] == "consent"
    maya.submits(AGREED)
    assert maya.submits({"note": {"note": "hello"}}).ok
    assert maya.is_shown("is saved")


@pytest.mark.parametrize("command", ["/checkin", "/hearth checkin", "/hearth \tCHECKIN\t"])
def test_every_form_of_the_command_does_the_same(member: Person, command: str) -> None:
    assert member.types(command).ok
    assert top(member)["callback_id"] == "checkin"
    member.closes()
    member.types(f"{command} history")
    assert top(member)["title"]["text"] == "Your check-ins"
    member.closes()
    member.types(f"{command} help")
    assert "/checkin 4 2 3 steady" in member.ephemerals("general")[-1]["text"]


def test_the_shortcut_opens_the_form(member: Person) -> None:
    assert member.uses_shortcut("checkin").ok
    assert top(member)["callback_id"] == "checkin"


@pytest.mark.parametrize("who", ["member", "maya"])
def test_a_rituals_button_opens_the_form_and_for_a_newcomer_the_first_screen(
    request: pytest.FixtureRequest, workspace: Sandbox, stored: Stored, who: str
) -> None:
    person = request.getfixturevalue(who)
    channel = next(
        each["id"] for each in workspace.channels() if each["name"] == "cohort-new-parents"
    )
    slack = WebClient(token=workspace.bot_token, base_url=workspace.api_url)
    post = rituals.post(replace(SHOWN["weekly_checkin"], channel=channel))
    ts = slack.chat_postMessage(channel=channel, text=post.text, blocks=list(post.blocks))["ts"]
    assert person.clicks(rituals.CHECK_IN, message=(channel, ts)).ok
    assert top(person)["callback_id"] == ("checkin" if who == "member" else "consent")
    if who == "member":
        assert person.submits(filled_in()).ok
    assert stored.count("checkins") == (1 if who == "member" else 0)


@pytest.mark.parametrize("text", ["", "help", "nonsense", "check"])
def test_hearth_itself_says_what_it_is(maya: Person, text: str) -> None:
    maya.types(f"/hearth {text}")
    (message,) = maya.ephemerals("general")
    assert "not therapy" in message["text"]
    assert "findahelpline.com" in message["text"]


def test_a_night_workers_evening_and_morning_are_one_day(
    member: Person, stored: Stored, workspace: Sandbox
) -> None:
    workspace.clock.jump(at("2027-03-01T23:30:00+01:00"))
    member.types("/checkin day 5:00")
    assert "05:00" in member.ephemerals("general")[-1]["text"]
    member.types("/checkin 3 3 3 full")
    workspace.clock.jump(at("2027-03-02T04:30:00+01:00"))
    member.types("/checkin 2 2 2 over")
    workspace.clock.jump(at("2027-03-02T05:30:00+01:00"))
    member.types("/checkin 4 4 4 light")
    assert stored.checkins() == [
        ("2027-03-01", 2, 2, 2, "over"),
        ("2027-03-02", 4, 4, 4, "light"),
    ]


def test_the_form_for_the_day_can_be_used_instead(member: Person, stored: Stored) -> None:
    member.types("/checkin day please")
    assert member.submits({"day_start": {"day_start": "300"}}).ok
    assert member.is_shown("05:00")
    assert stored.rows("SELECT day_starts_minute FROM people") == [(300,)]


def test_people_in_three_zones_have_three_different_days(
    workspace: Sandbox, maya: Person, stored: Stored
) -> None:
    workspace.clock.jump(at("2027-03-01T20:00:00+00:00"))
    for each in (maya, workspace.person("wyatt"), workspace.person("priya")):
        each.types("/checkin")
        each.submits(AGREED)
        each.submits(filled_in())
    query = "SELECT zone, day FROM checkins JOIN people ON people.id = person_id"
    assert dict(stored.rows(query)) == {
        "Europe/Berlin": "2027-03-01",
        "America/New_York": "2027-03-01",
        "Asia/Kolkata": "2027-03-02",
    }


def test_a_form_opened_before_midnight_is_for_the_day_it_names(
    member: Person, stored: Stored, workspace: Sandbox
) -> None:
    workspace.clock.jump(at("2027-03-01T23:59:00+01:00"))
    member.types("/checkin")
    assert member.is_shown("Monday 1 March")
    workspace.clock.jump(at("2027-03-02T00:02:00+01:00"))
    member.submits(filled_in(), twice=True)
    assert [row[0] for row in stored.checkins()] == ["2027-03-01"]


def test_history_turns_its_pages_back_to_the_beginning(member: Person, workspace: Sandbox) -> None:
    workspace.clock.jump(at("2027-03-01T12:00:00+01:00"))
    for _ in range(16):
        member.types("/checkin 3 3 3 steady")
        workspace.clock.advance(timedelta(days=1))
    member.types("/checkin history")
    assert member.is_shown("*Tuesday 16 March*")
    seen = []
    while True:
        blocks = top(member)["blocks"]
        texts = [block["text"]["text"] for block in blocks if block["type"] == "section"]
        seen += [text for text in texts if text.startswith("*")]
        if "checkin_history_earlier" not in str(blocks):
            break
        assert member.clicks("checkin_history_earlier").ok
    assert len(seen) == 16
    assert "Monday 1 March" in seen[-1]


def test_forget_deletes_everything_and_leaves_no_trace_in_the_file(
    member: Person, stored: Stored
) -> None:
    member.types("/checkin")
    member.submits(filled_in(note="gone tomorrow"))
    member.closes()
    member.types("/checkin forget")
    assert stored.count("checkins") == 1
    assert member.submits().ok
    assert member.is_shown("It is deleted")
    assert stored.count("people") == stored.count("consents") == stored.count("checkins") == 0
    member.closes()
    member.types("/checkin")
    assert top(member)["callback_id"] == "consent"


def test_saying_no_to_forget_keeps_everything(member: Person, stored: Stored) -> None:
    member.types("/checkin 4 2 3 steady")
    member.types("/checkin forget")
    member.closes()
    assert stored.count("checkins") == 1


def test_nobody_else_sees_anything_of_a_checkin(member: Person, workspace: Sandbox) -> None:
    member.types("/checkin")
    member.submits(filled_in(note="only mine"))
    member.types("/checkin 1 5 1 over")
    for name in ("kofi", "priya"):
        other = workspace.person(name)
        assert not other.is_shown("only mine")
        assert not other.is_shown("is saved")
        assert other.view is None


def test_a_listener_asks_slack_for_one_thing_at_most(member: Person, workspace: Sandbox) -> None:
    before = len(workspace.calls())
    member.types("/checkin")
    member.submits(filled_in())
    member.closes()
    member.types("/checkin 4 2 3 steady")
    asked = [call["method"] for call in workspace.calls()[before:]]
    assert asked == ["views.open"]
