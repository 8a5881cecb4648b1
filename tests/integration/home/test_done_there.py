"""What can be done in the Home tab, and that it shows there."""

from __future__ import annotations

import pytest
from slack_bolt import BoltRequest
from sqlalchemy import Connection

from app import Hearth
from bot.views import home as view
from bot.views import roles as roles_view
from bot.views import support
from sandbox import Person, Sandbox
from storage import roles
from tests.conftest import Stored, filled_in, top
from tests.integration.granting import granted
from tests.integration.homes import CHANNEL, buttons, opened, published, words
from tests.integration.outbox import settled
from tests.integration.programme.steps import step_block
from tests.integration.weather.conftest import share


def test_a_lead_sets_up_from_the_home_and_sees_there_how_far_it_is(
    workspace: Sandbox, hearth: Hearth
) -> None:
    theo, priya = workspace.person("theo"), workspace.person("priya")
    granted(hearth, theo, "lead")
    granted(hearth, priya, "moderator")
    assert "0 of 7 steps are done" in words(opened(theo))
    assert "0 of 7 steps are done" in words(opened(priya))
    assert view.SET_UP not in buttons(priya.home or {})
    assert theo.clicks(view.SET_UP).ok
    assert theo.clicks("setup_step_open", block_id=step_block(theo, "emergency_plan")).ok
    assert theo.submits({"emergency_plan": {"emergency_plan": "Call the guard, then the EAP."}}).ok
    assert "1 of 7 steps are done" in words(theo.home or {})


def test_a_lead_who_gives_the_role_back_is_shown_the_page_without_it(
    workspace: Sandbox, hearth: Hearth
) -> None:
    theo, kofi = workspace.person("theo"), workspace.person("kofi")
    granted(hearth, theo, "lead")
    granted(hearth, kofi, "lead")
    opened(theo)
    assert theo.clicks(view.ROLES).ok
    mine = [
        block["block_id"]
        for block in top(theo)["blocks"]
        if (block.get("accessory") or {}).get("action_id") == roles_view.END
    ]
    assert theo.clicks(roles_view.END, block_id=mine[0]).ok
    assert "You are a programme lead" not in words(theo.home or {})
    settled(hearth)


def test_a_lead_no_more_is_shown_the_true_page(workspace: Sandbox, hearth: Hearth) -> None:
    theo, kofi = workspace.person("theo"), workspace.person("kofi")
    granted(hearth, theo, "lead")
    granted(hearth, kofi, "lead")
    opened(theo)
    now = hearth.services.checkins._clock.now()

    def end(connection: Connection) -> None:
        (mine,) = roles.about(connection, theo.id)
        roles.revoke(connection, mine.id, by=kofi.id, now=now)

    hearth.database.write(end)
    assert theo.clicks(view.SET_UP).ok
    assert theo.view is None
    assert view.SET_UP not in buttons(theo.home or {})


def test_a_pause_made_in_the_home_is_seen_there(member: Person) -> None:
    assert "You are not pausing" in words(opened(member))
    assert member.clicks(view.PAUSE).ok
    assert member.submits({"pause": {"pause": "2w"}}).ok
    assert "Hearth asks you nothing until" in words(member.home or {})


def test_choices_changed_in_the_home_are_seen_there(member: Person) -> None:
    opened(member)
    assert member.clicks(view.CHOICES).ok
    assert member.submits({"country": {"country": "FR"}}).ok
    assert "Country: France." in words(member.home or {})


def test_a_share_is_taken_back_from_the_home_and_the_checkin_stays(
    workspace: Sandbox, hearth: Hearth, member: Person, cohort: str, stored: Stored
) -> None:
    share(member, part="capacity")
    settled(hearth)
    assert len(workspace.posted(CHANNEL)) == 1
    assert f"your capacity, with everyone in <#{cohort}>" in words(opened(member))
    assert member.clicks(view.TAKE_BACK).ok
    assert "Nothing of your last seven days is shared" in words(member.home or {})
    settled(hearth)
    assert workspace.posted(CHANNEL) == []
    assert stored.count("checkins") == 1


def test_taking_back_twice_is_once(
    workspace: Sandbox, hearth: Hearth, member: Person, cohort: str
) -> None:
    share(member, part="capacity")
    settled(hearth)
    opened(member)
    done = member.clicks(view.TAKE_BACK, twice=True)
    assert (done.outcome, done.second) == ("acked", "acked")
    settled(hearth)
    assert workspace.posted(CHANNEL) == []


def test_nobody_takes_back_what_another_shares(
    workspace: Sandbox, hearth: Hearth, member: Person, cohort: str, stored: Stored
) -> None:
    share(member, part="capacity")
    settled(hearth)
    ((theirs,),) = stored.rows("SELECT id FROM shares")
    kofi = workspace.person("kofi")
    button = {"type": "button", "action_id": view.TAKE_BACK, "block_id": "b"}
    body = {"type": "block_actions", "user": {"id": kofi.id}, "trigger_id": "1"}
    for value in (theirs, "0" * 32, "", "x"):
        forged = body | {"actions": [button | {"value": value}]}
        hearth._bolt().dispatch(BoltRequest(mode="socket_mode", body=forged))
        settled(hearth)
        assert len(workspace.posted(CHANNEL)) == 1, value


def test_deleting_everything_from_the_home_leaves_the_first_page(
    member: Person, stored: Stored
) -> None:
    opened(member)
    assert member.clicks(view.FORGET).ok
    assert member.submits().ok
    assert stored.count("people") == 0
    assert buttons(member.home or {}) == [view.CHECK_IN, support.OPEN]


def test_deleting_one_checkin_from_the_home_is_seen_there(member: Person) -> None:
    member.types("/checkin 4 2 3 steady")
    opened(member)
    assert member.clicks(view.HISTORY).ok
    assert member.clicks("checkin_history_remove").ok
    assert "You have not checked in yet" in words(member.home or {})


def test_no_button_of_the_page_is_dead(member: Person) -> None:
    titles = {
        support.OPEN: "Help now",
        view.EXPORT: "A copy of my data",
        view.HISTORY: "Your check-ins",
        view.DAY: "When your day starts",
        view.CHOICES: "Your choices",
        view.PAUSE: "A pause",
        view.WEEKLY: "A weekly question",
        view.FORGET: "Leave and delete",
    }
    assert {*buttons(opened(member))} == {*titles, view.CHECK_IN}
    for button, title in titles.items():
        assert member.clicks(button).ok, button
        assert top(member)["title"]["text"] == title
        member.closes(all=True)


@pytest.mark.parametrize("button", [view.HISTORY, view.DAY, view.CHOICES, view.PAUSE])
def test_a_button_of_a_page_that_is_no_longer_true_shows_the_true_one(
    hearth: Hearth, member: Person, button: str
) -> None:
    opened(member)
    hearth.services.people.forget(member.id)
    assert member.clicks(button).ok
    assert member.view is None
    assert buttons(member.home or {}) == [view.CHECK_IN, support.OPEN]


def test_a_form_of_the_command_publishes_nothing(workspace: Sandbox, member: Person) -> None:
    member.types("/checkin")
    member.submits(filled_in())
    assert published(workspace) == 0
