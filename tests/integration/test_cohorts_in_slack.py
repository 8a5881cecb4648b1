"""Cohorts: made by those who may, joined by colleagues, left silently, closed for good."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest

from app import Hearth
from bot.domain.delivery import State
from bot.domain.pacing import Pace
from bot.domain.roles import Role, Wish
from bot.errors import CohortRefused, InvalidAnswer, NotAllowed, Problem, Refusal
from sandbox import Person, Sandbox
from storage import cohorts, roles
from tests.conftest import AGREED, Lock, Stored, filled_in, top
from tests.integration.circles import (
    CHANNEL,
    DECIDERS,
    FOUNDING,
    NO,
    PUBLIC,
    TICKED,
    YES,
    agree,
    give,
    join,
    look_anew,
    make,
    notices,
    only,
    share,
    working,
)
from tests.integration.outbox import settled

WATCHES = "Nobody watches this channel"


@pytest.fixture
def pace() -> Pace:
    """Slack's pace would make every test wait a second for each change."""
    return Pace(channel_seconds=0.0, per_second=1000.0)


@pytest.fixture
def kofi(workspace: Sandbox, hearth: Hearth) -> Person:
    """Somebody who leads the programme and is in the channel, which is private."""
    workspace.make_private(CHANNEL)
    person = workspace.person("kofi")
    give(hearth, person, Role.LEAD)
    return person


@pytest.fixture
def founded(workspace: Sandbox, hearth: Hearth, kofi: Person) -> Person:
    """Kofi, who has made a cohort of the channel, with which people can share."""
    assert make(kofi).ok
    kofi.closes(all=True)
    working(hearth)
    return kofi


def said(person: Person, channel: str = CHANNEL) -> str:
    """Return the latest answer to a command."""
    return str(person.ephemerals(channel)[-1]["text"])


def test_whoever_leads_makes_a_cohort_and_its_notice_is_pinned(
    workspace: Sandbox, hearth: Hearth, kofi: Person
) -> None:
    assert make(kofi).ok
    assert kofi.is_shown("The cohort is made")
    (notice,) = notices(workspace, hearth)
    for words in ("New parents", "support one another", f"Run by <@{kofi.id}>", WATCHES):
        assert words in notice["text"]
    assert "/support" in notice["text"]
    assert "cannot join" in notice["text"]
    workspace.wait_for_calls("pins.add", 1)
    (shown,) = [each for each in kofi.messages(CHANNEL) if each["ts"] == notice["ts"]]
    assert shown["pinned"]
    with hearth.database.read() as connection:
        assert (Role.FACILITATOR, only(hearth).id) in roles.held(connection, kofi.id)


def test_a_facilitator_may_make_another_and_anybody_else_none(
    workspace: Sandbox, hearth: Hearth, stored: Stored
) -> None:
    workspace.make_private(CHANNEL)
    maya, jonas = workspace.person("maya"), workspace.person("jonas")
    maya.types("/cohort create", CHANNEL)
    assert "another role" in said(maya)
    assert maya.view is None
    give(hearth, jonas, Role.FACILITATOR)
    assert make(jonas).ok
    assert stored.count("cohorts") == 1


def test_a_role_that_was_taken_away_meanwhile_makes_no_cohort(kofi: Person, stored: Stored) -> None:
    kofi.types("/cohort create", CHANNEL)
    stored.change("DELETE FROM grants")
    refused = kofi.submits(FOUNDING)
    assert "another role" in refused.errors["name"]
    assert stored.count("cohorts") == stored.count("outbox") == 0


def test_a_pin_that_slack_refuses_leaves_the_notice_standing(
    workspace: Sandbox, hearth: Hearth, kofi: Person
) -> None:
    workspace.fail("pins.add", error="too_many_pins", times=None)
    assert make(kofi).ok
    assert len(notices(workspace, hearth)) == 1
    workspace.wait_for_calls("pins.add", 1)
    assert hearth.services.outbox.count()[State.FAILED] == 0


def test_a_support_cohort_in_a_public_channel_needs_an_explicit_yes(
    workspace: Sandbox, hearth: Hearth, kofi: Person, stored: Stored
) -> None:
    workspace.make_public(CHANNEL)
    refused = make(kofi)
    assert "Everybody in the company can read" in refused.errors["open"]
    assert stored.count("cohorts") == 0
    assert kofi.submits(TICKED).ok
    (notice,) = notices(workspace, hearth)
    assert "Everybody in the company can read this channel." in notice["text"]
    working(hearth)


def test_a_skill_cohort_may_be_public(kofi: Person, workspace: Sandbox, hearth: Hearth) -> None:
    workspace.make_public(CHANNEL)
    assert make(kofi, purpose={"purpose": "skill"}).ok
    assert working(hearth).is_open


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("share_channel", "another company"),
        ("archive", "archived"),
        ("remove_bot", "Hearth is not in this channel"),
    ],
)
@pytest.mark.parametrize("purpose", ["support", "skill"])
def test_a_channel_that_cannot_hold_a_cohort_is_refused_in_words(
    workspace: Sandbox, kofi: Person, stored: Stored, change: str, words: str, purpose: str
) -> None:
    kofi.types("/cohort create", CHANNEL)
    getattr(workspace, change)(CHANNEL)
    refused = kofi.submits(FOUNDING | {"purpose": {"purpose": purpose}})
    assert words in refused.errors["name"]
    assert stored.count("cohorts") == stored.count("grants") - 1 == 0


def test_a_cohort_with_a_guest_in_its_channel_shares_nothing_and_whoever_runs_it_is_told(
    workspace: Sandbox, hearth: Hearth, kofi: Person
) -> None:
    workspace.add_member(CHANNEL, "binod")
    assert make(kofi).ok
    working(hearth, halted_for="guests")
    (notice,) = notices(workspace, hearth)
    assert "not of the company" in notice["text"]
    (told,) = workspace.posted("kofi")
    assert "not of the company" in told["text"]
    workspace.remove_member(CHANNEL, "binod")
    working(hearth)


def test_in_a_direct_message_there_is_no_cohort(
    workspace: Sandbox, kofi: Person, stored: Stored
) -> None:
    dm = kofi.opens_dm("maya")
    kofi.types("/cohort create", dm)
    assert "direct message" in said(kofi, dm)
    assert stored.count("cohorts") == 0


def test_two_who_make_one_at_once_make_one(
    workspace: Sandbox, hearth: Hearth, kofi: Person, stored: Stored
) -> None:
    jonas = workspace.person("jonas")
    give(hearth, jonas, Role.LEAD)
    for person in (kofi, jonas):
        person.types("/cohort create", CHANNEL)
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda person: person.submits(FOUNDING), (kofi, jonas)))
    assert sorted(each.ok for each in done) == [False, True]
    (lost,) = [each for each in done if not each.ok]
    assert "has a cohort already" in lost.errors["name"]
    assert stored.count("cohorts") == 1
    assert len(notices(workspace, hearth)) == 1
    assert stored.count("grants") == 3


def test_where_there_is_one_another_is_not_offered(founded: Person) -> None:
    founded.types("/cohort create", CHANNEL)
    assert "has a cohort already" in said(founded)


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "two\nlines"])
def test_a_name_that_is_none_is_refused(kofi: Person, stored: Stored, name: str) -> None:
    kofi.types("/cohort create", CHANNEL)
    refused = kofi.submits(FOUNDING | {"name": {"name": name}}, unchecked=True)
    assert set(refused.errors) == {"name"}
    assert stored.count("cohorts") == 0


def test_a_colleague_joins_with_the_notices_button_and_can_share(
    workspace: Sandbox, hearth: Hearth, founded: Person
) -> None:
    maya = workspace.person("maya")
    agree(hearth, maya)
    maya.types("/checkin")
    assert not maya.is_shown("Share a part of it")
    maya.closes(all=True)
    assert join(workspace, hearth, maya).ok
    assert maya.is_shown("You have joined")
    maya.closes(all=True)
    assert share(maya).ok
    assert f"<@{maya.id}> shares" in notices(workspace, hearth)[-1]["text"]


def test_nothing_is_preselected_and_nothing_unanswered_is_taken(
    workspace: Sandbox, hearth: Hearth, founded: Person, stored: Stored
) -> None:
    maya = workspace.person("maya")
    agree(hearth, maya)
    maya.types("/cohort join", CHANNEL)
    assert maya.submits(unchecked=True).errors == {"decides": "Please choose one."}
    assert stored.count("cohort_members") == 0


def test_whoever_does_not_know_hearth_reads_what_it_keeps_first(
    workspace: Sandbox, hearth: Hearth, founded: Person, stored: Stored
) -> None:
    maya = workspace.person("maya")
    maya.types("/cohort join", CHANNEL)
    assert top(maya)["title"]["text"] == "Before you begin"
    assert maya.submits(AGREED).ok
    assert top(maya)["title"]["text"] == "Join a cohort"
    assert maya.submits(NO).ok
    assert stored.count("cohort_members") == 1


def test_joining_twice_is_joining_once(
    workspace: Sandbox, hearth: Hearth, founded: Person, stored: Stored
) -> None:
    maya = workspace.person("maya")
    agree(hearth, maya)
    maya.types("/cohort join", CHANNEL)
    assert maya.submits(NO, twice=True).ok
    maya.closes(all=True)
    assert join(workspace, hearth, maya).ok
    assert stored.count("cohort_members") == 1


def test_where_it_is_not_welcome_somebody_who_decides_is_kindly_refused(
    workspace: Sandbox, hearth: Hearth, founded: Person, stored: Stored
) -> None:
    maya = workspace.person("maya")
    agree(hearth, maya)
    refused = join(workspace, hearth, maya, YES)
    assert "Thank you for saying so" in refused.errors["decides"]
    assert stored.count("cohort_members") == 0


def test_where_it_is_welcome_the_notice_and_the_form_say_that_somebody_decides_never_who(
    workspace: Sandbox, hearth: Hearth, kofi: Person
) -> None:
    make(kofi, **DECIDERS)
    working(hearth)
    maya, jonas = workspace.person("maya"), workspace.person("jonas")
    agree(hearth, maya, jonas)
    assert join(workspace, hearth, maya).ok
    (notice,) = notices(workspace, hearth)
    assert "Among those who joined, nobody" in notice["text"]
    first = notice["ts"]
    assert join(workspace, hearth, jonas, YES).ok
    (notice,) = notices(workspace, hearth)
    assert "Among those who joined is a person who decides" in notice["text"]
    assert jonas.id not in notice["text"]
    assert notice["ts"] == first
    maya.closes(all=True)
    maya.types("/checkin")
    assert maya.is_shown("In New parents there is a person who decides on others' work or pay.")
    assert maya.is_shown("perhaps a person who decides on others' work or pay too")
    maya.submits(filled_in(share="capacity"))
    assert maya.is_shown("a person who decides on others' work or pay among them")
    jonas.closes(all=True)
    jonas.types("/cohort leave", CHANNEL)
    assert jonas.submits().ok
    assert "nobody has said" in notices(workspace, hearth)[0]["text"]


def test_whoever_runs_it_cannot_be_somebody_who_decides(
    workspace: Sandbox, hearth: Hearth, kofi: Person, stored: Stored
) -> None:
    make(kofi, **DECIDERS)
    agree(hearth, kofi)
    kofi.closes(all=True)
    refused = join(workspace, hearth, kofi, YES)
    assert "You run this cohort" in refused.errors["decides"]
    assert stored.count("cohort_members") == 0


def test_a_facilitator_who_is_given_or_taken_away_shows_in_the_notice_and_never_decides(
    workspace: Sandbox, hearth: Hearth, kofi: Person
) -> None:
    make(kofi, **DECIDERS)
    maya, jonas, ours = workspace.person("maya"), workspace.person("jonas"), only(hearth).id
    agree(hearth, maya)
    join(workspace, hearth, maya, YES)
    with pytest.raises(InvalidAnswer) as refused:
        hearth.services.roles.grant(kofi.id, Wish(maya.id, Role.FACILITATOR, ours))
    assert refused.value.problems == {"role": Problem.DECIDES}
    hearth.services.roles.grant(kofi.id, Wish(jonas.id, Role.FACILITATOR, ours))
    assert f"<@{jonas.id}>" in notices(workspace, hearth)[0]["text"]
    with hearth.database.read() as connection:
        (grant,) = [each.id for each in roles.about(connection, jonas.id)]
    hearth.services.roles.revoke(kofi.id, grant)
    assert f"<@{jonas.id}>" not in notices(workspace, hearth)[0]["text"]


def test_a_guest_is_kindly_refused(
    workspace: Sandbox, hearth: Hearth, founded: Person, stored: Stored
) -> None:
    maya = workspace.person("maya")
    agree(hearth, maya)
    workspace.set_role("maya", "guest")
    refused = join(workspace, hearth, maya)
    assert "for the people of this company" in refused.errors["decides"]
    assert stored.count("cohort_members") == 0


def test_whoever_is_not_in_the_channel_is_told_how_to_get_there(
    workspace: Sandbox, hearth: Hearth, founded: Person, stored: Stored
) -> None:
    maya = workspace.person("maya")
    agree(hearth, maya)
    maya.types("/cohort join", CHANNEL)
    workspace.remove_member(CHANNEL, "maya")
    refused = maya.submits(NO)
    assert "not in the channel" in refused.errors["decides"]
    assert stored.count("cohort_members") == 0


def test_leaving_tells_nobody_and_what_was_shared_stays(
    workspace: Sandbox, hearth: Hearth, founded: Person, stored: Stored
) -> None:
    maya = workspace.person("maya")
    agree(hearth, maya)
    join(workspace, hearth, maya)
    maya.closes(all=True)
    share(maya)
    before = notices(workspace, hearth)
    assert len(before) == 2
    maya.closes(all=True)
    maya.types("/cohort leave", CHANNEL)
    assert maya.submits(twice=True).ok
    assert maya.is_shown("nobody was told")
    assert notices(workspace, hearth) == before
    assert stored.count("cohort_members") == 0
    assert stored.count("shares") == 1


def test_leaving_can_take_back_what_was_shared(
    workspace: Sandbox, hearth: Hearth, founded: Person, stored: Stored
) -> None:
    maya = workspace.person("maya")
    agree(hearth, maya)
    join(workspace, hearth, maya)
    maya.closes(all=True)
    share(maya)
    assert len(notices(workspace, hearth)) == 2
    maya.closes(all=True)
    maya.types("/cohort leave", CHANNEL)
    assert maya.submits({"take_back": {"take_back": ["yes"]}}).ok
    assert len(notices(workspace, hearth)) == 1
    assert stored.count("checkins") == 1
    assert stored.count("shares") == 0


def test_a_facilitator_who_leaves_runs_it_no_more(
    workspace: Sandbox, hearth: Hearth, founded: Person
) -> None:
    founded.types("/cohort leave", CHANNEL)
    assert founded.submits().ok
    (notice,) = notices(workspace, hearth)
    assert "Nobody runs it at present." in notice["text"]


def test_whoever_leaves_the_channel_leaves_the_cohort_however_often_slack_says_so(
    workspace: Sandbox, hearth: Hearth, founded: Person, stored: Stored
) -> None:
    maya = workspace.person("maya")
    agree(hearth, maya)
    join(workspace, hearth, maya)
    assert stored.count("cohort_members") == 1
    channel = only(hearth).channel_id
    workspace.remove_member(CHANNEL, "maya")
    assert stored.count("cohort_members") == 0
    for _ in range(2):
        hearth.services.cohorts.left_channel(maya.id, channel)


def test_forgetting_everything_takes_the_membership_and_tells_it_in_the_notice(
    workspace: Sandbox, hearth: Hearth, kofi: Person, stored: Stored
) -> None:
    make(kofi, **DECIDERS)
    maya = workspace.person("maya")
    agree(hearth, maya)
    join(workspace, hearth, maya, YES)
    assert "is a person who decides" in notices(workspace, hearth)[0]["text"]
    hearth.services.people.forget(maya.id)
    assert "is a person who decides" not in notices(workspace, hearth)[0]["text"]
    assert stored.count("cohort_members") == 0


def test_the_list_shows_ones_own_and_that_of_the_channel_and_counts_only_to_those_who_run_it(
    workspace: Sandbox, hearth: Hearth, founded: Person
) -> None:
    maya, theo = workspace.person("maya"), workspace.person("theo")
    maya.types("/cohort list", CHANNEL)
    assert maya.is_shown("New parents")
    assert not maya.is_shown("Members:")
    theo.types("/cohort list", PUBLIC)
    assert not theo.is_shown("New parents")
    assert theo.is_shown("You belong to no cohort")
    founded.types("/hearth cohort list", PUBLIC)
    assert founded.is_shown("Members: fewer than 5")
    assert founded.is_shown("Close this cohort")


def test_members_are_counted_once_a_week_and_kept_as_a_band(
    workspace: Sandbox, hearth: Hearth, founded: Person
) -> None:
    people = [workspace.person(name) for name in ("maya", "jonas", "hanne", "wyatt", "malik")]
    agree(hearth, *people)
    for person in people:
        hearth.services.cohorts.join(person.id, str(only(hearth).id), decides=False)
    hearth.services.cohort_channels.count()
    assert only(hearth).size_band == "fewer than 5"
    workspace.clock.advance(timedelta(days=7, seconds=1))
    hearth.services.cohort_channels.count()
    assert only(hearth).size_band == "5 to 9"


def close(person: Person) -> None:
    person.types("/cohort list", CHANNEL)
    assert person.clicks("cohort_close").ok


def test_a_closed_cohort_is_over_and_its_channel_can_begin_anew(
    workspace: Sandbox, hearth: Hearth, founded: Person, stored: Stored
) -> None:
    maya = workspace.person("maya")
    agree(hearth, maya)
    join(workspace, hearth, maya)
    (before,) = notices(workspace, hearth)
    close(founded)
    assert founded.is_shown("The cohort is closed")
    (notice,) = notices(workspace, hearth)
    assert "closed" in notice["text"]
    assert notice["ts"] == before["ts"]
    assert stored.count("cohort_members") == 0
    founded.closes(all=True)
    assert make(founded).ok
    (notice,) = notices(workspace, hearth)
    assert WATCHES in notice["text"]
    assert stored.count("cohorts") == 1


def test_a_form_and_a_button_of_a_closed_cohort_say_so(
    workspace: Sandbox, hearth: Hearth, founded: Person, stored: Stored
) -> None:
    maya, jonas = workspace.person("maya"), workspace.person("jonas")
    agree(hearth, maya, jonas)
    (notice,) = notices(workspace, hearth)
    maya.types("/cohort join", CHANNEL)
    jonas.types("/cohort list", CHANNEL)
    held = workspace.hold("chat.update", channel=CHANNEL)
    close(founded)
    assert "is closed" in maya.submits(NO).errors["decides"]
    assert jonas.clicks("cohort_join").ok
    assert jonas.is_shown("is closed")
    maya.closes(all=True)
    assert maya.clicks("cohort_join", message=(CHANNEL, notice["ts"])).ok
    assert maya.is_shown("is closed")
    held.release()
    settled(hearth)
    assert stored.count("cohort_members") == 0


def test_whoever_joins_while_it_is_closed_belongs_to_it_or_not_but_never_to_a_closed_one(
    workspace: Sandbox, hearth: Hearth, founded: Person, stored: Stored
) -> None:
    people = [workspace.person(name) for name in ("maya", "jonas", "hanne", "wyatt")]
    agree(hearth, *people)
    for person in people:
        person.types("/cohort join", CHANNEL)
    founded.types("/cohort list", CHANNEL)
    with ThreadPoolExecutor(5) as pool:
        closing = pool.submit(founded.clicks, "cohort_close")
        done = list(pool.map(lambda person: person.submits(NO), people))
    assert closing.result().ok
    assert all(each.ok or "is closed" in each.errors["decides"] for each in done)
    assert stored.count("cohort_members") == 0


def test_whoever_runs_it_no_more_cannot_close_it(
    hearth: Hearth, founded: Person, stored: Stored
) -> None:
    founded.types("/cohort list", CHANNEL)
    stored.change("DELETE FROM grants")
    assert founded.clicks("cohort_close").ok
    assert founded.is_shown("another role")
    assert only(hearth).closed_at is None


def test_the_facilitator_of_another_cohort_cannot_close_this_one(
    workspace: Sandbox, hearth: Hearth, founded: Person
) -> None:
    jonas, ours = workspace.person("jonas"), only(hearth)
    hearth.services.cohorts.add("First leads", "C0000000", [])
    with hearth.database.read() as connection:
        (other,) = [each for each in cohorts.every(connection) if each.id != ours.id]
    now = workspace.clock.now()
    hearth.database.write(
        lambda c: roles.add(c, jonas.id, Role.FACILITATOR, cohort=other.id, by=None, now=now)
    )
    with pytest.raises(NotAllowed):
        hearth.services.cohorts.close(jonas.id, str(ours.id))
    hearth.services.cohorts.close(jonas.id, str(other.id))
    assert only(hearth).id == ours.id


@pytest.mark.parametrize("forged", ["", "lantern", "C0SBX000001", str(uuid4()), "0" * 40])
def test_a_forged_cohort_leads_nowhere(hearth: Hearth, member: Person, forged: str) -> None:
    services = hearth.services.cohorts
    for ask in (
        lambda: services.door(member.id, forged),
        lambda: services.join(member.id, forged, decides=False),
        lambda: services.leave(member.id, forged, take_back=True),
        lambda: services.close(member.id, forged),
    ):
        with pytest.raises(CohortRefused) as refused:
            ask()
        assert refused.value.reason is Refusal.CLOSED


def test_while_the_database_is_busy_nothing_is_half_done(
    workspace: Sandbox, hearth: Hearth, kofi: Person, stored: Stored, locked: Lock
) -> None:
    kofi.types("/cohort create", CHANNEL)
    let_go = locked()
    refused = kofi.submits(FOUNDING)
    assert "Nothing you typed is lost" in refused.errors["name"]
    let_go()
    assert stored.count("cohorts") == stored.count("outbox") == 0
    assert kofi.submits().ok
    assert len(notices(workspace, hearth)) == 1


def test_no_row_of_the_outbox_says_who_belongs_to_a_cohort(
    workspace: Sandbox, hearth: Hearth, founded: Person, stored: Stored
) -> None:
    maya = workspace.person("maya")
    agree(hearth, maya)
    join(workspace, hearth, maya)
    workspace.make_public(CHANNEL)
    look_anew(workspace, hearth)
    settled(hearth)
    for table in ("outbox", "posts"):
        assert not re.search(r"\b[UWD][A-Z0-9]{6,}", str(stored.rows(f"SELECT * FROM {table}")))  # noqa: S608


def test_help_tells_what_there_is(maya: Person) -> None:
    for text in ("/cohort", "/cohort help", "/cohort sing", "/hearth cohort help"):
        maya.types(text)
        assert "/cohort list" in said(maya, PUBLIC)
