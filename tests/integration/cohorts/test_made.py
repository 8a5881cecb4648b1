"""Cohorts are made by those who may, in a channel that can hold one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from app import Hearth
from bot.domain.delivery import State
from bot.domain.roles import Role
from sandbox import Person, Sandbox
from storage import roles
from tests.conftest import Stored
from tests.integration.cohorts.circles import (
    CHANNEL,
    FOUNDING,
    TICKED,
    give,
    make,
    notices,
    only,
    said,
    working,
)

WATCHES = "Nobody watches this channel"


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
