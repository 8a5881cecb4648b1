"""Help for everybody at any time, whatever is broken."""

from __future__ import annotations

import json
from typing import Any

import pytest
from slack_sdk import WebClient

from app import Hearth
from bot.views import support as view
from sandbox import Person, Sandbox
from tests.conftest import AGREED, Stored, filled_in, top
from tests.integration.pressing import pressed
from tests.integration.slack import gives_up_soon, said
from tests.integration.support.helping import DAY, GERMAN, Mark, set_up, words
from tests.logs import NOTE
from tests.stored import away

# What somebody sees who asks


def test_somebody_who_never_joined_gets_help_at_once(maya: Person) -> None:
    for command in ("/support", "/hearth support", "/support now"):
        assert maya.types(command).ok
        assert top(maya)["title"]["text"] == "Help now"
        assert "your local emergency number" in words(maya)
        assert "findahelpline.com" in words(maya)
        assert "has not entered an EAP here yet" in words(maya)
        assert "not an emergency service" in words(maya)
        maya.closes()


def test_help_is_among_the_shortcuts(maya: Person) -> None:
    assert maya.uses_shortcut("support").ok
    assert "findahelpline.com" in words(maya)


def test_a_member_sees_help_for_their_country_and_no_line_that_nobody_checked(
    member: Person,
) -> None:
    member.types("/support")
    assert "call 112" in words(member)
    assert GERMAN not in words(member)
    assert "only when somebody has checked it lately" in words(member)


def test_a_line_that_a_lead_checked_is_shown_with_the_day_until_it_runs_out(
    member: Person, workspace: Sandbox, mark: Mark
) -> None:
    mark()
    for days, seen in ((0, True), (90, True), (1, False)):
        workspace.clock.advance(days * DAY)
        member.types("/support")
        assert (GERMAN in words(member)) is seen, days
        assert ("Checked on" in words(member)) is seen
        assert "call 112" in words(member)
        assert "findahelpline.com" in words(member)
        member.closes()


def test_a_line_that_does_not_hold_is_hidden_at_once(member: Person, mark: Mark) -> None:
    mark()
    mark(holds=False)
    member.types("/support")
    assert GERMAN not in words(member)
    mark(key="emergency", holds=False)
    member.closes()
    member.types("/support")
    assert "your local emergency number" in words(member)
    assert "112" not in words(member)


def test_a_check_of_another_number_is_worth_nothing(
    member: Person, mark: Mark, stored: Stored
) -> None:
    mark()
    stored.change("UPDATE line_checks SET fingerprint = 'of an older number'")
    member.types("/support")
    assert GERMAN not in words(member)


def test_another_country_can_be_looked_at_and_nothing_is_stored_by_looking(
    maya: Person, mark: Mark, stored: Stored
) -> None:
    mark("US", "988")
    before = stored.as_it_lies()
    maya.types("/support")
    assert maya.clicks("support_country", "US").ok
    assert "call 911" in words(maya)
    assert "call 988 or text 988" in words(maya)
    assert "741741" not in words(maya)
    maya.clicks("support_country", "CZ")
    assert "knows no crisis line in Czechia yet" in words(maya)
    maya.clicks("support_country", "ZZ")
    assert "your local emergency number" in words(maya)
    assert "knows no crisis line in" not in words(maya)
    maya.closes()
    assert stored.as_it_lies() == before
    assert stored.count("people") == 0


def test_the_eap_is_shown_as_it_was_entered_and_pings_nobody(
    member: Person, hearth: Hearth
) -> None:
    set_up(
        hearth,
        "eap",
        {"name": "<!channel> Calm Lake", "phone": "0800 555 0100", "employer_sees": "no"},
    )
    member.types("/support")
    assert "0800 555 0100" in words(member)
    assert "Your employer does not learn who calls" in words(member)
    assert "<!channel>" not in words(member)


def test_a_setting_that_cannot_be_read_keeps_nobody_from_help(
    member: Person, hearth: Hearth, stored: Stored
) -> None:
    set_up(hearth, "eap", ["not", "an", "entry"])
    member.types("/support")
    assert "has not entered an EAP" in words(member)
    member.closes()
    stored.change("UPDATE programme SET value = '{'")
    assert member.types("/support").ok
    assert "findahelpline.com" in words(member)


def test_help_explains_itself(maya: Person) -> None:
    maya.types("/support help")
    assert "whether they use Hearth or not" in said(maya)
    assert "findahelpline.com" in said(maya)


# When things go wrong


def test_help_works_while_the_database_is_away(
    member: Person, mark: Mark, stored: Stored, hearth: Hearth
) -> None:
    mark()
    set_up(hearth, "countries", ["DE"])
    with away(stored, "people"):
        assert member.types("/support").ok
        assert "cannot reach its memory" in words(member)
        assert "findahelpline.com" in words(member)
        assert member.clicks("support_country", "GB").ok
        assert "call 999" in words(member)
        assert "116 123" not in words(member)
        member.closes()
        assert member.uses_shortcut("support").ok
        member.closes()
    member.types("/support")
    assert GERMAN in words(member)


def test_help_works_while_somebody_else_holds_the_database(member: Person, locked: Any) -> None:
    locked()
    assert member.types("/support").ok
    assert "call 112" in words(member)


@pytest.mark.parametrize("fault", [{"status": 500}, {"error": "expired_trigger_id"}])
def test_where_no_modal_opens_the_answer_is_the_help_itself(
    member: Person, workspace: Sandbox, mark: Mark, stored: Stored, fault: dict[str, Any]
) -> None:
    mark()
    workspace.fail("views.open", times=2, **fault)
    assert member.types("/support").ok
    assert member.view is None
    assert GERMAN in said(member)
    assert "findahelpline.com" in said(member)
    with away(stored, "people"):
        assert member.types("/hearth support").ok
        assert "cannot reach its memory" in said(member)
        assert "findahelpline.com" in said(member)


def test_a_shortcut_that_opens_nothing_is_told_by_slack(member: Person, workspace: Sandbox) -> None:
    workspace.fail("views.open", status=500)
    with gives_up_soon(workspace):
        assert member.uses_shortcut("support").outcome == "timeout"
    assert any("failed" in notice["text"] for notice in member.notices)


def test_a_forged_choice_of_country_shows_what_holds_everywhere(
    hearth: Hearth, maya: Person
) -> None:
    maya.types("/support")
    honest = {"type": "static_select", "action_id": "support_country", "block_id": "b"}
    forged: list[dict[str, Any]] = [{}, {"selected_option": None}, {"selected_option": "DE"}]
    for action in forged:
        maya.clicks("support_country", "GB")
        assert "your local emergency number" not in words(maya)
        assert pressed(hearth._bolt(), maya, honest | action) == 200, action
        assert "your local emergency number" in words(maya), action


# The button on other views


def test_a_country_chosen_in_the_home_tab_opens_help_of_its_own(
    workspace: Sandbox, hearth: Hearth, maya: Person
) -> None:
    blocks = view.help_blocks(hearth.services.support.for_person(maya.id))
    home = {"type": "home", "blocks": [*blocks, view.help_button()]}
    client = WebClient(workspace.bot_token, base_url=workspace.api_url)
    client.views_publish(user_id=maya.id, view=home)
    assert maya.clicks("support_country", "GB", home=True).ok
    assert "call 999" in words(maya)
    maya.closes()
    assert maya.clicks("support_open", home=True).ok
    assert "your local emergency number" in words(maya)


def test_the_button_lays_help_over_a_form_that_stays_as_it_is(maya: Person) -> None:
    maya.types("/checkin 4 2")
    assert maya.clicks("support_open").ok
    assert [each["title"]["text"] for each in maya.views] == ["Before you begin", "Help now"]
    maya.closes()
    assert maya.submits(AGREED).ok


@pytest.mark.parametrize("command", ["/checkin history", "/checkin"])
def test_the_button_stands_on_the_receipt_and_on_the_history(member: Person, command: str) -> None:
    member.types(command)
    if command == "/checkin":
        member.submits(filled_in(note=NOTE))
    assert member.clicks("support_open").ok
    assert "call 112" in words(member)
    assert len(member.views) == 2


def test_help_is_plain_values(hearth: Hearth, member: Person, mark: Mark) -> None:
    mark()
    shown = hearth.services.support.for_person(member.id)
    assert shown.country == "DE"
    assert [each.line.name for each in shown.lines] == ["TelefonSeelsorge"]
    assert json.dumps([shown.lines[0].line.call, str(shown.lines[0].on)])
