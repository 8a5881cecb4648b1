"""The Home tab: a person's own page, true whenever it is opened."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from slack_bolt import BoltRequest
from sqlalchemy import Connection

from app import Hearth
from bot.domain.pacing import Pace
from bot.views import home as view
from bot.views import roles as roles_view
from bot.views import support
from sandbox import Person, Sandbox
from storage import roles
from storage.cohorts import every
from tests.conftest import AGREED, Lock, Stored, filled_in, top
from tests.integration.homes import YEARS, buttons, checked_in, opened, published, words
from tests.integration.outbox import settled
from tests.logs import NOTE

CHANNEL = "cohort-new-parents"


@pytest.fixture
def pace() -> Pace:
    return Pace(channel_seconds=0.0, per_second=1000.0)


@pytest.fixture
def cohort(workspace: Sandbox, hearth: Hearth) -> str:
    """A cohort that Maya belongs to; return its channel's id."""
    (channel,) = [each for each in workspace.channels() if each["name"] == CHANNEL]
    hearth.services.cohorts.add("New parents", channel["id"], channel["members"])
    return str(channel["id"])


def shares(person: Person, part: str = "capacity", **answer: Any) -> None:
    person.types("/checkin")
    assert person.submits(filled_in(share=part, **answer)).ok
    person.closes(all=True)


def granted(hearth: Hearth, person: Person, role: str, channel: str | None = None) -> None:
    def work(connection: Connection) -> None:
        found = [row.id for row in every(connection) if row.channel_id == channel]
        now = hearth.services.checkins._clock.now()
        where = found[0] if found else None
        roles.add(connection, person.id, role, cohort=where, by=None, now=now)

    hearth.database.write(work)


def an_opening(person: str) -> BoltRequest:
    """Return what Slack sends when somebody opens the tab."""
    event = {"type": "app_home_opened", "user": person, "tab": "home"}
    body = {"type": "event_callback", "team_id": "T1", "event": event}
    return BoltRequest(mode="socket_mode", body=body)


# What stands there


def test_whoever_has_not_joined_reads_what_hearth_is_and_begins_from_there(
    maya: Person, stored: Stored
) -> None:
    home = opened(maya)
    assert "Hearth gives your manager, HR and those who lead the programme none of it." in words(
        home
    )
    assert "findahelpline.com" in words(home)
    assert buttons(home) == [view.CHECK_IN, support.OPEN]
    assert stored.count("people") == 0
    assert maya.clicks(view.CHECK_IN).ok
    assert top(maya)["callback_id"] == "consent"
    assert maya.submits(AGREED).ok
    assert maya.submits(filled_in(mood=2, note=NOTE)).ok
    assert top(maya)["title"]["text"] == "Received"
    assert stored.count("checkins") == 1
    shown = words(maya.home or {})
    assert "You checked in at" in shown
    assert "Mood 2: low" in shown


def test_a_page_that_stands_open_shows_no_note(member: Person) -> None:
    member.types("/checkin")
    member.submits(filled_in(note=NOTE))
    assert NOTE not in json.dumps(opened(member))


def test_a_checkin_of_yesterday_is_not_todays(workspace: Sandbox, member: Person) -> None:
    member.types("/checkin 4 2 3 steady")
    assert "You checked in at" in words(opened(member))
    workspace.clock.advance(timedelta(days=1))
    shown = words(opened(member))
    assert "No check-in today, and that is fine." in shown
    assert "Your latest" in shown


def test_three_years_of_daily_checkins_are_twelve_points(hearth: Hearth, member: Person) -> None:
    checked_in(hearth, member, YEARS)
    home = opened(member)
    (chart,) = [each for each in home["blocks"] if each["type"] == "data_visualization"]
    assert [line["name"] for line in chart["chart"]["series"]] == ["Mood", "Stress", "Energy"]
    assert all(len(line["data"]) == 12 for line in chart["chart"]["series"])
    assert len(home["blocks"]) <= 100
    assert len(json.dumps(home)) < 20_000


def test_whoever_has_hardly_begun_reads_a_sentence_instead_of_a_trend(member: Person) -> None:
    member.types("/checkin 4 2 3 steady")
    home = opened(member)
    assert "There is no hurry" in words(home)
    assert not [each for each in home["blocks"] if each["type"] == "data_visualization"]


def test_fifty_cohorts_with_hostile_names_fit_and_ping_nobody(
    workspace: Sandbox, hearth: Hearth, member: Person
) -> None:
    for number in range(50):
        name = f"<!channel> *{number:02}* <https://evil.example|x> &"
        hearth.services.cohorts.add(name, f"C0HOSTILE{number:02}", [member.id])
    home = opened(member)
    assert "And 30 more" in words(home)
    assert len(home["blocks"]) <= 100
    marked = [part for part in _marked(home) if "evil" in part or "<!channel>" in part]
    assert marked == []
    assert member.is_shown("<!channel> *00*")
    assert workspace.posted() == []


def _marked(shown: Any) -> list[str]:
    if isinstance(shown, dict):
        own = [shown["text"]] if shown.get("type") == "mrkdwn" else []
        return own + [text for each in shown.values() for text in _marked(each)]
    return [text for each in shown for text in _marked(each)] if isinstance(shown, list) else []


def test_facilitators_moderators_and_leads_have_their_own_sections(
    workspace: Sandbox, hearth: Hearth, member: Person, cohort: str
) -> None:
    assert "Nobody leads this programme yet" in words(opened(member))
    theo, priya = workspace.person("theo"), workspace.person("priya")
    granted(hearth, member, "facilitator", cohort)
    granted(hearth, theo, "lead")
    granted(hearth, priya, "moderator")
    sections = {
        member: "You are the facilitator",
        theo: "You are a programme lead",
        priya: "You are a moderator",
    }
    for person in (*sections, workspace.person("kofi")):
        shown = words(opened(person))
        assert [each for each in sections.values() if each in shown] == [
            each for holder, each in sections.items() if holder is person
        ]
        assert "Nobody leads" not in shown


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
    assert theo.clicks("setup_step_open", block_id=_step(theo, "emergency_plan")).ok
    assert theo.submits({"emergency_plan": {"emergency_plan": "Call the guard, then the EAP."}}).ok
    assert "1 of 7 steps are done" in words(theo.home or {})


def _step(person: Person, item: str) -> str:
    (block,) = [
        block
        for block in top(person)["blocks"]
        if (block.get("accessory") or {}).get("value") == item
    ]
    return str(block["block_id"])


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


def test_the_table_of_who_sees_what_is_about_this_very_person(
    workspace: Sandbox, hearth: Hearth, member: Person, cohort: str
) -> None:
    plain = words(opened(member))
    assert "*Notes.* You: all of it." in plain
    assert "Never: moderators, programme lead, HR, your manager" in plain
    assert "*Any role you hold.*" not in plain
    assert "your capacity: everyone in" not in plain
    shares(member)
    granted(hearth, member, "facilitator", cohort)
    shown = words(opened(member))
    assert f"your capacity: everyone in <#{cohort}>, now and later." in shown
    assert f"That you belong to a cohort: everyone in <#{cohort}>." in shown
    assert "*Any role you hold.*" in shown
    settled(hearth)


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


def test_whoever_took_their_checkins_back_can_begin_again_or_leave(member: Person) -> None:
    opened(member)
    member.clicks(view.CHOICES)
    assert member.submits({"agreed": {"agreed": []}}).ok
    home = member.home or {}
    assert "You took your check-ins back" in words(home)
    assert buttons(home) == [view.CHECK_IN, support.OPEN, view.EXPORT, view.FORGET]


def test_whoever_agreed_to_earlier_words_is_asked_again(member: Person, stored: Stored) -> None:
    stored.change("UPDATE consents SET version = 'earlier'")
    home = opened(member)
    assert "has changed since you agreed" in words(home)
    assert buttons(home) == [view.CHECK_IN, support.OPEN, view.EXPORT, view.FORGET]


def test_the_messages_tab_is_left_alone(workspace: Sandbox, member: Person) -> None:
    assert member.opens_home("messages").ok
    assert published(workspace) == 0


# What can be done there


def test_a_share_is_taken_back_from_the_home_and_the_checkin_stays(
    workspace: Sandbox, hearth: Hearth, member: Person, cohort: str, stored: Stored
) -> None:
    shares(member)
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
    shares(member)
    settled(hearth)
    opened(member)
    done = member.clicks(view.TAKE_BACK, twice=True)
    assert (done.outcome, done.second) == ("acked", "acked")
    settled(hearth)
    assert workspace.posted(CHANNEL) == []


@pytest.mark.parametrize("forged", ["another's", "nobody's", "", "x"])
def test_nobody_takes_back_what_another_shares(
    workspace: Sandbox, hearth: Hearth, member: Person, cohort: str, stored: Stored, forged: str
) -> None:
    shares(member)
    settled(hearth)
    ((share,),) = stored.rows("SELECT id FROM shares")
    value = {"another's": share, "nobody's": "0" * 32}.get(forged, forged)
    kofi = workspace.person("kofi")
    body = {
        "type": "block_actions",
        "user": {"id": kofi.id},
        "trigger_id": "1",
        "actions": [
            {"type": "button", "action_id": view.TAKE_BACK, "block_id": "b", "value": value}
        ],
    }
    hearth._bolt().dispatch(BoltRequest(mode="socket_mode", body=body))
    settled(hearth)
    assert len(workspace.posted(CHANNEL)) == 1


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


@pytest.mark.parametrize(
    ("button", "title"),
    [
        (support.OPEN, "Help now"),
        (view.EXPORT, "A copy of my data"),
        (view.HISTORY, "Your check-ins"),
        (view.DAY, "When your day starts"),
        (view.CHOICES, "Your choices"),
        (view.PAUSE, "A pause"),
        (view.FORGET, "Leave and delete"),
    ],
)
def test_no_button_of_the_page_is_dead(member: Person, button: str, title: str) -> None:
    assert button in buttons(opened(member))
    assert member.clicks(button).ok
    assert top(member)["title"]["text"] == title


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


# Fifty times a second


def test_fifty_openings_at_once_are_a_handful_of_calls_and_the_last_state_wins(
    workspace: Sandbox, hearth: Hearth, member: Person
) -> None:
    opened(member)
    held = workspace.hold("views.publish")
    bolt = hearth._bolt()
    member.types("/checkin 1 5 1 over")
    with ThreadPoolExecutor(50) as pool:
        answers = [
            pool.submit(lambda: bolt.dispatch(an_opening(member.id)).status) for _ in range(49)
        ]
        held.wait()
        member.types("/checkin 5 1 5 light")
        answers.append(pool.submit(lambda: bolt.dispatch(an_opening(member.id)).status))
        held.release()
        assert {each.result() for each in answers} == {200}
    assert "Mood 5: very good" in words(member.home or {})
    assert published(workspace) <= 5


def test_the_same_page_is_not_published_twice_in_a_moment(
    workspace: Sandbox, member: Person
) -> None:
    for _ in range(5):
        opened(member)
    assert published(workspace) < 5


# When things go wrong


@pytest.mark.parametrize("code", ["not_enabled", "user_not_found", "hash_conflict"])
def test_where_there_is_nobody_to_show_it_to_it_is_quiet(
    workspace: Sandbox, member: Person, code: str
) -> None:
    workspace.fail("views.publish", error=code)
    assert member.opens_home().ok
    assert published(workspace) == 1


@pytest.mark.parametrize("who", ["a guest", "somebody who has left", "a bot", "nobody"])
def test_whoever_opens_it_nothing_breaks(
    workspace: Sandbox, hearth: Hearth, member: Person, who: str
) -> None:
    person = member.id
    if who == "a guest":
        workspace.set_role(member.id, "guest")
    elif who == "somebody who has left":
        workspace.deactivate(member.id)
    else:
        person = {"a bot": "U0SBX000001", "nobody": "U0NOBODY00"}[who]
    assert hearth._bolt().dispatch(an_opening(person)).status == 200


def test_a_page_that_slack_never_takes_is_tried_once_more_and_then_comes_again(
    workspace: Sandbox, hearth: Hearth, member: Person
) -> None:
    workspace.fail("views.publish", error="invalid_blocks", times=None)
    checked_in(hearth, member, 30)
    assert hearth._bolt().dispatch(an_opening(member.id)).status == 500
    assert published(workspace) == 2
    workspace.clear_faults()
    home = opened(member)
    assert [each for each in home["blocks"] if each["type"] == "data_visualization"]


@pytest.mark.parametrize("fault", [{"status": 500}, {"retry_after": 1}, {"cut": True}])
def test_what_slack_did_not_take_comes_again(
    workspace: Sandbox, member: Person, fault: dict[str, Any]
) -> None:
    workspace.retry_after_seconds = [0.0]
    workspace.fail("views.publish", **fault)
    member.opens_home()
    workspace.wait_for_calls("views.publish", 2)
    assert "Today" in words(opened(member))


def test_where_slack_draws_no_charts_the_numbers_stand_in_a_table(
    workspace: Sandbox, hearth: Hearth, member: Person
) -> None:
    checked_in(hearth, member, 30)
    workspace.fail("views.publish", error="invalid_blocks")
    home = opened(member)
    assert not [each for each in home["blocks"] if each["type"] == "data_visualization"]
    assert "Week from" in words(home)


def test_without_the_database_the_page_shows_where_to_find_help(
    maya: Person, stored: Stored, locked: Lock
) -> None:
    stored.change("ALTER TABLE people RENAME TO elsewhere")
    shown = words(opened(maya))
    assert "Hearth cannot reach its memory" in shown
    assert "findahelpline.com" in shown
    assert maya.clicks(support.OPEN).ok
    assert top(maya)["title"]["text"] == "Help now"
    maya.closes(all=True)
    stored.change("ALTER TABLE elsewhere RENAME TO people")
    assert "Hearth cannot reach" not in words(opened(maya))


def test_a_checkin_is_saved_though_the_home_cannot_be_renewed(
    workspace: Sandbox, member: Person, stored: Stored
) -> None:
    opened(member)
    member.clicks(view.CHECK_IN)
    workspace.fail("views.publish", status=500)
    assert member.submits(filled_in()).ok
    assert top(member)["title"]["text"] == "Received"
    assert stored.count("checkins") == 1
