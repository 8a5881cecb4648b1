"""What whoever runs a cohort sets about it: kept, shown in the channel, and never lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from slack_bolt import BoltRequest

from app import Hearth
from bot.content import guidelines
from bot.domain.cohort_settings import USUAL_REACTION, Settings, Wish
from bot.domain.cohorts import Founding, Purpose
from bot.domain.roles import Role
from bot.errors import CohortRefused
from sandbox import Person, Sandbox
from tests.conftest import Lock, Stored, top
from tests.integration.cohorts.circles import (
    CHANNEL,
    DECIDERS,
    FOUNDING,
    TICKED,
    YES,
    agree,
    close,
    give,
    join,
    look_anew,
    make,
    notices,
    only,
    said,
    working,
)
from tests.integration.rituals import calendars
from tests.waiting import until

SKILL: dict[str, Any] = {"purpose": {"purpose": "skill"}}
KOFIS = "Europe/Berlin"
OURS = "We meet on Fridays.\n<!here> is not what we say."


WISH = Wish(
    founding=Founding("Mine", Purpose.SKILL, welcomes_deciders=False, may_be_open=False),
    guidelines="",
    country=None,
    zone=None,
    support_reaction=None,
)


def field(name: str, value: str) -> dict[str, Any]:
    return {name: {name: value}}


def settings(hearth: Hearth) -> Settings:
    with hearth.database.read() as connection:
        found = hearth.services.cohort_settings.of(connection, only(hearth).id)
    assert found is not None
    return found


def opens(person: Person) -> None:
    if person.view is not None:
        person.closes(all=True)
    person.types("/cohort settings", CHANNEL)
    assert top(person)["title"]["text"] == "Cohort settings"


def typed(person: Person, name: str) -> str:
    return str(top(person)["state"]["values"][name][name]["value"] or "")


def test_a_cohort_begins_with_the_template_the_founders_zone_and_their_country(
    workspace: Sandbox, hearth: Hearth, kofi: Person
) -> None:
    agree(hearth, kofi)
    assert make(kofi).ok
    words = guidelines.template(Purpose.SUPPORT)
    assert settings(hearth) == Settings(
        guidelines=words, country="DE", zone=KOFIS, support_reaction=USUAL_REACTION, revision=1
    )
    (notice,) = notices(workspace, hearth)
    assert words.splitlines()[0] in notice["text"]


def test_what_is_set_is_kept_and_the_notice_and_the_form_to_join_follow(
    workspace: Sandbox, hearth: Hearth, founded: Person
) -> None:
    opens(founded)
    assert founded.submits(
        field("name", "Parents <!here>")
        | SKILL
        | field("guidelines", OURS)
        | {"country": {"country": "none"}}
        | field("zone", "america/new york")
        | field("reaction", ":heart:")
        | DECIDERS
    ).ok
    assert founded.is_shown("are saved")
    assert settings(hearth) == Settings(
        guidelines=OURS,
        country=None,
        zone="America/New_York",
        support_reaction="heart",
        revision=2,
    )
    (notice,) = notices(workspace, hearth)
    for words in (
        "We meet on Fridays.",
        "practise a skill",
        "&lt;!here&gt; is not",
        "nobody has said",
    ):
        assert words in notice["text"]
    assert "<!here>" not in notice["text"]
    maya = workspace.person("maya")
    agree(hearth, maya)
    maya.types("/cohort join", CHANNEL)
    assert maya.is_shown("We meet on Fridays.")


def test_the_usual_guidelines_follow_the_purpose_and_come_back_when_they_are_emptied(
    hearth: Hearth, founded: Person
) -> None:
    opens(founded)
    assert founded.submits(SKILL).ok
    assert settings(hearth).guidelines == guidelines.template(Purpose.SKILL)
    opens(founded)
    assert founded.submits(field("guidelines", OURS)).ok
    opens(founded)
    assert founded.submits(field("guidelines", "") | field("reaction", "")).ok
    assert settings(hearth).guidelines == guidelines.template(Purpose.SKILL)
    assert settings(hearth).support_reaction is None


def test_of_two_who_change_it_at_once_the_second_is_told_and_loses_nothing(
    workspace: Sandbox, hearth: Hearth, founded: Person
) -> None:
    jonas = workspace.person("jonas")
    give(hearth, jonas, Role.LEAD)
    opens(founded)
    opens(jonas)
    assert founded.submits(field("name", "First")).ok
    assert jonas.submits(field("name", "Second") | field("guidelines", OURS)).ok
    assert jonas.is_shown("Somebody else changed these settings meanwhile")
    assert jonas.is_shown("Name: First")
    assert (typed(jonas, "name"), typed(jonas, "guidelines")) == ("Second", OURS)
    assert only(hearth).name == "First"
    assert jonas.submits().ok
    assert only(hearth).name == "Second"
    assert settings(hearth).guidelines == OURS


def test_the_same_form_twice_is_one_change(hearth: Hearth, founded: Person, stored: Stored) -> None:
    opens(founded)
    assert founded.submits(field("name", "Parents")).ok
    before = stored.count("outbox")
    opens(founded)
    assert founded.submits().ok
    assert settings(hearth).revision == 2
    assert stored.count("outbox") == before


def test_a_public_channel_turns_to_support_only_with_a_yes(
    workspace: Sandbox, hearth: Hearth, kofi: Person
) -> None:
    workspace.make_public(CHANNEL)
    assert make(kofi, purpose={"purpose": "skill"}).ok
    working(hearth)
    opens(kofi)
    refused = kofi.submits({"purpose": {"purpose": "support"}})
    assert "Everybody in the company can read" in refused.errors["open"]
    assert only(hearth).purpose == "skill"
    assert kofi.submits(TICKED).ok
    assert only(hearth).purpose == "support"
    look_anew(workspace, hearth)
    assert only(hearth).halted_for is None


def test_a_form_from_before_the_channel_was_public_says_it_beside_the_purpose(
    hearth: Hearth, founded: Person, stored: Stored
) -> None:
    opens(founded)
    assert founded.submits(SKILL).ok
    opens(founded)
    stored.change("UPDATE cohorts SET is_open = true")
    refused = founded.submits({"purpose": {"purpose": "support"}})
    assert "Everybody in the company can read" in refused.errors["purpose"]


def test_somebody_who_decides_and_is_inside_stays_and_that_is_said(
    workspace: Sandbox, hearth: Hearth, kofi: Person
) -> None:
    assert make(kofi, **DECIDERS).ok
    maya = workspace.person("maya")
    agree(hearth, maya)
    working(hearth)
    assert join(workspace, hearth, maya, YES).ok
    opens(kofi)
    assert kofi.submits({"deciders": {"deciders": "no"}}).ok
    assert kofi.is_shown("They stay until they leave")
    assert only(hearth).has_decider
    (notice,) = notices(workspace, hearth)
    assert "Among those who joined is" in notice["text"]


def test_only_whoever_runs_it_or_leads_sees_the_form(
    workspace: Sandbox, hearth: Hearth, founded: Person
) -> None:
    maya = workspace.person("maya")
    agree(hearth, maya)
    assert join(workspace, hearth, maya).ok
    maya.closes(all=True)
    maya.types("/cohort settings", CHANNEL)
    assert "another role" in said(maya)
    assert maya.view is None
    founded.types("/cohort settings", "general")
    assert "no cohort in this channel" in said(founded, "general")
    founded.types("/cohort list", CHANNEL)
    assert founded.clicks("cohort_settings").ok
    assert founded.is_shown(f"Run by <@{founded.id}>")


def test_a_role_that_ended_while_the_form_was_open_changes_nothing(
    hearth: Hearth, founded: Person, stored: Stored
) -> None:
    opens(founded)
    stored.change("UPDATE grants SET revoked_at = granted_at")
    refused = founded.submits(field("name", "Mine"))
    assert "another role" in refused.errors["name"]
    assert only(hearth).name == "New parents"


def test_a_cohort_that_was_closed_meanwhile_says_so(hearth: Hearth, founded: Person) -> None:
    opens(founded)
    hearth.services.cohorts.close(founded.id, str(only(hearth).id))
    assert founded.submits(field("name", "Late")).ok
    assert founded.is_shown("This cohort is closed")


def test_it_can_be_closed_from_its_settings_and_begins_anew_with_fresh_ones(
    workspace: Sandbox, hearth: Hearth, founded: Person, stored: Stored
) -> None:
    opens(founded)
    assert founded.submits(field("guidelines", OURS) | field("reaction", "")).ok
    opens(founded)
    agree(hearth, founded)
    which = stored.rows("SELECT id FROM cohorts")[0][0]
    stored.change(
        "INSERT INTO rota_members (cohort_id, person_id, since) "  # noqa: S608
        f"VALUES ('{which}', '{founded.id}', '2026-01-01 00:00:00')"
    )
    assert founded.clicks("cohort_close").ok
    assert founded.is_shown("Its rituals have ended")
    assert stored.count("rota_members") == 0
    founded.closes(all=True)
    assert make(founded).ok
    found = settings(hearth)
    assert found.guidelines == guidelines.template(Purpose.SUPPORT)
    assert found.support_reaction == USUAL_REACTION
    assert found.revision > 2  # a form of the one before is overtaken


def test_with_the_cohort_its_rituals_end_and_a_new_one_begins_without_them(
    hearth: Hearth, founded: Person, stored: Stored
) -> None:
    which = calendars.ritual(hearth, only(hearth).id)

    def is_planned() -> bool:
        hearth.services.rhythm.tick()
        return bool(calendars.dates(hearth, which, "planned"))

    until(is_planned, "it is never planned")
    assert stored.count("cohort_posts") == 1
    close(founded)
    assert calendars.dates(hearth, which) == []
    assert stored.count("cohort_posts") == 0
    founded.closes(all=True)
    assert make(founded).ok
    assert not is_planned()


def test_a_form_from_before_a_new_beginning_changes_nothing_by_itself(
    workspace: Sandbox, hearth: Hearth, founded: Person
) -> None:
    jonas = workspace.person("jonas")
    give(hearth, jonas, Role.LEAD)
    opens(jonas)
    close(founded)
    founded.closes(all=True)
    assert make(founded, name={"name": "Anew"}).ok
    assert jonas.submits(field("name", "Of before")).ok
    assert jonas.is_shown("Somebody else changed these settings meanwhile")
    assert only(hearth).name == "Anew"


@pytest.mark.parametrize("which", ["", "x", "00000000-0000-0000-0000-000000000000", "1" * 3000])
def test_a_button_or_form_of_no_cohort_says_so(hearth: Hearth, founded: Person, which: str) -> None:
    with pytest.raises(CohortRefused):
        hearth.services.cohort_settings.page(founded.id, which)
    with pytest.raises(CohortRefused):
        hearth.services.cohort_settings.save(founded.id, which, 0, WISH)


@pytest.mark.parametrize("left", ["name", "zone"])
@pytest.mark.parametrize("state", [None, {}, {"values": None}, {"values": {"name": {"name": 7}}}])
def test_a_form_with_parts_missing_is_refused_where_slack_can_show_it(
    hearth: Hearth, founded: Person, state: Any, left: str
) -> None:
    opens(founded)
    view = top(founded) | {"state": state}
    view["blocks"] = [each for each in view["blocks"] if each.get("block_id") == left]
    body = {"type": "view_submission", "user": {"id": founded.id}, "view": view}
    answer = hearth._bolt().dispatch(BoltRequest(mode="socket_mode", body=body))
    assert set(json.loads(answer.body)["errors"]) == {left}
    assert settings(hearth).revision == 1


def test_a_busy_database_loses_nothing_that_was_typed(
    hearth: Hearth, founded: Person, locked: Lock
) -> None:
    opens(founded)
    let_go = locked()
    refused = founded.submits(field("guidelines", OURS))
    assert "Nothing you typed is lost" in refused.errors["name"]
    let_go()
    assert typed(founded, "guidelines") == OURS
    assert founded.submits().ok
    assert settings(hearth).guidelines == OURS


def test_a_founder_whom_slack_does_not_describe_begins_without_a_zone(
    workspace: Sandbox, hearth: Hearth, kofi: Person
) -> None:
    kofi.types("/cohort create", CHANNEL)
    workspace.fail("users.info", error="fatal_error", times=1)
    assert kofi.submits(FOUNDING).ok
    assert settings(hearth).zone is None
    opens(kofi)
    assert typed(kofi, "zone")  # that of whoever looks, to save some typing
