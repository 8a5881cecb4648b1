"""Colleagues join a cohort, and it is said where somebody decides, never who."""

from __future__ import annotations

import pytest

from app import Hearth
from bot.domain.roles import Role, Wish
from bot.errors import InvalidAnswer, Problem
from sandbox import Person, Sandbox
from storage import roles
from tests.conftest import AGREED, Stored, filled_in, top
from tests.integration.cohorts.circles import (
    CHANNEL,
    DECIDERS,
    NO,
    YES,
    agree,
    join,
    make,
    notices,
    only,
    share,
    working,
)


def test_before_answering_one_reads_that_the_answer_is_kept_and_nobody_is_told(
    workspace: Sandbox, hearth: Hearth, founded: Person
) -> None:
    maya = workspace.person("maya")
    agree(hearth, maya)
    notices(workspace, hearth)
    assert founded
    maya.types("/cohort join", CHANNEL)
    assert maya.is_shown(
        "Hearth keeps that you belong to this cohort, your answer, and how you react to its rituals"
    )
    assert maya.is_shown("Nobody is told what you answer.")


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
