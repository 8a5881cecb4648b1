"""The Home tab: a person's own page, true whenever it is opened."""

from __future__ import annotations

import json
from datetime import timedelta

from app import Hearth
from bot.views import home as view
from bot.views import support
from sandbox import Person, Sandbox
from tests.conftest import AGREED, Stored, filled_in, top
from tests.integration.granting import granted
from tests.integration.homes import YEARS, buttons, checked_in, opened, published, words
from tests.integration.outbox import settled
from tests.integration.slack import texts
from tests.integration.weather.conftest import share
from tests.logs import NOTE


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
    marked = [part for part in texts(home, "mrkdwn") if "evil" in part or "<!channel>" in part]
    assert marked == []
    assert member.is_shown("<!channel> *00*")
    assert workspace.posted() == []


def test_facilitators_moderators_and_leads_have_their_own_sections(
    workspace: Sandbox, hearth: Hearth, member: Person, cohort: str
) -> None:
    assert "Nobody leads this programme yet" in words(opened(member))
    theo, priya = workspace.person("theo"), workspace.person("priya")
    granted(hearth, member, "facilitator", channel=cohort)
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


def test_the_table_of_who_sees_what_is_about_this_very_person(
    workspace: Sandbox, hearth: Hearth, member: Person, cohort: str
) -> None:
    plain = words(opened(member))
    assert "*Notes.* You: all of it." in plain
    assert "Never: moderators, programme lead, HR, your manager" in plain
    assert "*Any role you hold.*" not in plain
    assert "your capacity: everyone in" not in plain
    share(member, part="capacity")
    granted(hearth, member, "facilitator", channel=cohort)
    shown = words(opened(member))
    assert f"your capacity: everyone in <#{cohort}>, now and later." in shown
    assert f"That you are in the channel of a cohort: everyone in <#{cohort}>." in shown
    assert "*Any role you hold.*" in shown
    settled(hearth)


def test_what_is_shared_stands_there_for_seven_days(
    workspace: Sandbox, hearth: Hearth, member: Person, cohort: str
) -> None:
    share(member, part="capacity")
    settled(hearth)
    for days, seen in ((6, True), (1, False)):
        workspace.clock.advance(timedelta(days=days))
        shown = words(opened(member))
        assert (f"your capacity, with everyone in <#{cohort}>" in shown) is seen, days
        assert (view.TAKE_BACK in buttons(member.home or {})) is seen


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
