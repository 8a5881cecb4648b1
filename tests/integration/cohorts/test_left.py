"""Cohorts are left silently, listed, closed for good, and never forged."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest

from app import Hearth
from bot.domain.roles import Role
from bot.errors import CohortRefused, NotAllowed, Refusal
from sandbox import Person, Sandbox
from storage import cohorts, roles
from tests.conftest import Lock, Stored
from tests.integration.cohorts.circles import (
    CHANNEL,
    DECIDERS,
    FOUNDING,
    NO,
    PUBLIC,
    YES,
    agree,
    close,
    join,
    look_anew,
    make,
    notices,
    only,
    said,
    share,
)
from tests.integration.outbox import settled

WATCHES = "Nobody watches this channel"


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


@pytest.mark.parametrize("forged", ["", "lantern", "C0SBX000001", str(UUID(int=7)), "0" * 40])
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
