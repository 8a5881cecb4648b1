"""The form of a ritual: from a template to the channel, changed by two at once, and forged."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from slack_bolt import BoltRequest

from app import Hearth
from bot.domain.roles import Role
from sandbox import Person, Sandbox
from tests.conftest import Stored, top
from tests.integration.cohorts.circles import agree, give
from tests.integration.outbox import settled
from tests.integration.rituals.calendars import CHANNEL, OTHER, planned, ritual, rows, until
from tests.integration.rituals.calendars import cohort as made_in
from tests.integration.rituals.test_calendar import plan, shown

WEDNESDAY: dict[str, Any] = {"days": {"days": ["2"]}, "time": {"time": "09:30"}}


def begin(person: Person, template: str = "friday_wins") -> None:
    """Let somebody open the form of a new ritual."""
    person.types("/ritual", CHANNEL)
    assert person.clicks("ritual_new").ok
    (block,) = [
        block["block_id"]
        for block in top(person)["blocks"]
        if block.get("accessory", {}).get("value", "").endswith(f" {template}")
    ]
    assert person.clicks("ritual_begin", block_id=block).ok


def edit(person: Person) -> None:
    """Let somebody open the form of the one ritual there is."""
    person.types("/ritual", CHANNEL)
    assert person.clicks("ritual_edit").ok


def fields(person: Person) -> list[str]:
    """Return the fields of the form on top, in order."""
    return [block["block_id"] for block in top(person)["blocks"] if block["type"] == "input"]


def kept(stored: Stored, columns: str = "title, words, rule, at_minute, zone") -> Any:
    """Return what is kept of the one ritual there is."""
    (row,) = stored.rows(f"SELECT {columns} FROM rituals")  # noqa: S608
    return row


def test_a_template_is_scheduled_with_one_press_and_posts_when_its_time_comes(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person, stored: Stored
) -> None:
    agree(hearth, kofi)
    begin(kofi)
    assert kofi.submits().ok
    assert "It is saved. First: Friday" in shown(kofi)
    assert shown(kofi).count("\nFriday ") == 5
    assert kept(stored, "rule, at_minute, zone, mode, legend") == (
        "FREQ=WEEKLY;BYDAY=FR",
        900,
        "Europe/Berlin",
        "open",
        "thanks",
    )
    hearth.services.rhythm.tick()
    (row,) = stored.rows("SELECT id FROM rituals")
    until(workspace, planned(hearth, UUID(str(row[0]))).due_at)
    hearth.services.rhythm.tick()
    settled(hearth)
    (post,) = workspace.posted(CHANNEL)
    assert "What worked, and who helped?" in post["text"]
    assert kofi.clicks("ritual_calendar").ok
    assert "What worked, and who helped?" in shown(kofi)
    assert cohort


def test_the_form_begins_with_the_zone_and_the_holidays_of_the_cohort(
    kofi: Person, stored: Stored
) -> None:
    stored.change("UPDATE cohorts SET zone = 'Asia/Tokyo', country = 'JP'")
    begin(kofi)
    state = {name: entry[name] for name, entry in top(kofi)["state"]["values"].items()}
    assert state["zone"]["value"] == "Asia/Tokyo"
    assert state["ritual_on_holiday"]["selected_option"]["value"] == "skip"
    assert state["country"]["selected_option"]["value"] == "JP"
    assert kofi.submits().ok
    assert kept(stored, "zone, on_holiday, country") == ("Asia/Tokyo", "skip", "JP")


def test_fields_come_with_what_is_chosen_and_what_was_typed_stays(
    kofi: Person, stored: Stored
) -> None:
    begin(kofi)
    first = fields(kofi)
    assert "days" in first
    assert "minutes" not in first
    typed = {"title": {"title": "Second Tuesdays"}, "words": {"words": "Line one\nline two"}}
    assert kofi.clicks("ritual_how", "monthly", values=typed).ok
    assert "days" not in fields(kofi)
    assert kofi.clicks("ritual_mode", "live").ok
    assert kofi.clicks("ritual_on_holiday", "move").ok
    assert kofi.clicks("ritual_ends", "after").ok
    assert {"nth", "weekday", "minutes", "country", "count"} <= set(fields(kofi))
    chosen = {
        "nth": {"nth": "2"},
        "weekday": {"weekday": "1"},
        "country": {"country": "DE"},
        "count": {"count": "6"},
        "minutes": {"minutes": "15"},
    }
    assert kofi.submits(chosen).ok
    assert kept(stored, "title, words, rule, mode, minutes, on_holiday, country") == (
        "Second Tuesdays",
        "Line one\nline two",
        "FREQ=MONTHLY;BYDAY=2TU;COUNT=6",
        "live",
        15,
        "move",
        "DE",
    )


def test_each_problem_stands_beside_its_field_and_nothing_typed_is_lost(
    workspace: Sandbox, kofi: Person, stored: Stored
) -> None:
    begin(kofi)
    refused = kofi.submits(
        {
            "zone": {"zone": "Berlin/Mitte"},
            "links": {"links": "A talk | http://example.org\n"},
            "days": {"days": []},
            "words": {"words": "  \n "},
        },
        unchecked=True,
    )
    assert set(refused.errors) == {"zone", "links", "days", "words"}
    assert "Europe/Berlin" in refused.errors["zone"]
    assert stored.count("rituals") == 0
    mended = {"zone": {"zone": "Asia/Tokyo"}, "links": {"links": ""}, "words": {"words": "Hello"}}
    refused = kofi.submits(mended | WEDNESDAY | {"starts": {"starts": "2020-01-01"}})
    assert set(refused.errors) == {"starts"}
    soon = str((workspace.clock.now() + timedelta(days=2)).date())
    assert kofi.submits({"starts": {"starts": soon}}).ok
    assert kept(stored) == (
        "What worked, and who helped?",
        "Hello",
        "FREQ=WEEKLY;BYDAY=WE",
        570,
        "Asia/Tokyo",
    )


def test_the_same_form_eight_times_at_once_is_one_ritual(
    hearth: Hearth, kofi: Person, stored: Stored
) -> None:
    begin(kofi)
    bolt, view = hearth._bolt(), top(kofi)
    body = {"type": "view_submission", "user": {"id": kofi.id}, "view": view}
    with ThreadPoolExecutor(8) as pool:
        asked = [BoltRequest(mode="socket_mode", body=body) for _ in range(8)]
        answers = [json.loads(each.body) for each in pool.map(bolt.dispatch, asked)]
    assert {each["response_action"] for each in answers} == {"update"}
    assert {each["view"]["title"]["text"] for each in answers} == {"Saved"}
    assert stored.count("rituals") == 1


def test_what_was_planned_is_planned_anew_once_it_is_edited(
    hearth: Hearth, cohort: UUID, kofi: Person, stored: Stored
) -> None:
    which = ritual(hearth, cohort)
    plan(hearth, which)
    edit(kofi)
    assert kofi.submits(WEDNESDAY).ok
    assert kept(stored, "rule, at_minute, revision") == ("FREQ=WEEKLY;BYDAY=WE", 570, 1)
    assert rows(hearth, which) == []
    hearth.services.rhythm.tick()
    assert planned(hearth, which).on_date.weekday() == 2


def test_an_edit_that_changes_nothing_leaves_what_was_planned(
    hearth: Hearth, cohort: UUID, kofi: Person, stored: Stored
) -> None:
    which = ritual(hearth, cohort)
    occurrence = plan(hearth, which)
    edit(kofi)
    assert kofi.submits().ok
    assert planned(hearth, which).id == occurrence
    assert kept(stored, "revision") == (0,)


def test_of_two_who_edit_at_once_the_second_is_told_and_loses_nothing(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person, stored: Stored
) -> None:
    ritual(hearth, cohort)
    ines = workspace.person("ines")
    give(hearth, ines, Role.LEAD)
    edit(kofi)
    ines.types("/ritual", "general")
    assert ines.clicks("ritual_calendar").ok
    assert ines.clicks("ritual_edit").ok
    assert ines.submits({"title": {"title": "Hers"}}).ok
    mine = {"title": {"title": "His"}, "words": {"words": "What he typed"}}
    kofi.submits(mine)
    assert "Somebody changed this ritual since you opened it." in shown(kofi)
    assert "Hers" in shown(kofi)
    assert ines.name not in shown(kofi)
    assert ines.id not in shown(kofi)
    assert kept(stored, "title") == ("Hers",)
    state = top(kofi)["state"]["values"]
    assert state["title"]["title"]["value"] == "His"
    assert state["words"]["words"]["value"] == "What he typed"
    assert kofi.clicks("ritual_mode", "open").ok
    assert "Somebody changed this ritual" in shown(kofi)
    assert kofi.submits().ok
    assert kept(stored, "title, words, revision") == ("His", "What he typed", 2)


def test_a_form_of_a_ritual_that_was_deleted_meanwhile_says_so_and_keeps_its_text(
    hearth: Hearth, cohort: UUID, kofi: Person, stored: Stored
) -> None:
    which = ritual(hearth, cohort)
    edit(kofi)
    hearth.services.rituals.delete(kofi.id, str(which))
    refused = kofi.submits({"title": {"title": "Too late"}})
    assert "was deleted meanwhile" in refused.errors["title"]
    assert kept(stored, "title") == ("Friday wins",)


def test_a_paused_ritual_that_is_edited_stays_paused(
    hearth: Hearth, cohort: UUID, kofi: Person, stored: Stored
) -> None:
    which = ritual(hearth, cohort)
    hearth.services.rituals.pause(kofi.id, str(which))
    edit(kofi)
    kofi.submits(WEDNESDAY)
    assert "It is still paused" in shown(kofi)
    assert kept(stored, "to_plan") in [(0,), (False,)]
    hearth.services.rhythm.tick()
    assert rows(hearth, which) == []


def test_an_ended_ritual_goes_on_once_its_dates_are_edited(
    hearth: Hearth, cohort: UUID, kofi: Person, stored: Stored
) -> None:
    which = ritual(hearth, cohort)
    stored.change("UPDATE rituals SET ended_at = '2026-01-01 00:00:00', to_plan = false")
    edit(kofi)
    assert kofi.submits(WEDNESDAY).ok
    hearth.services.rhythm.tick()
    assert planned(hearth, which).on_date.weekday() == 2


def test_a_rule_that_a_facilitator_wrote_is_shown_as_they_wrote_it(
    hearth: Hearth, cohort: UUID, kofi: Person, stored: Stored
) -> None:
    ritual(hearth, cohort, rule="FREQ=MONTHLY;BYMONTHDAY=1,15")
    edit(kofi)
    state = top(kofi)["state"]["values"]
    assert state["rule"]["rule"]["value"] == "FREQ=MONTHLY;BYMONTHDAY=1,15"
    for rule, said in (
        ("FREQ=HOURLY", "cannot read this rule"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "No day comes of this"),
        ("FREQ=WEEKLY;BYDAY=MO;UNTIL=20200101", "No day comes of this"),
    ):
        refused = kofi.submits({"rule": {"rule": rule}})
        assert said in refused.errors["rule"]
    assert kofi.submits({"rule": {"rule": "rrule:freq=daily;interval=3"}}).ok
    assert kept(stored, "rule") == ("FREQ=DAILY;INTERVAL=3",)


def test_a_cohort_has_twenty_rituals_and_no_more(
    hearth: Hearth, cohort: UUID, kofi: Person, stored: Stored
) -> None:
    begin(kofi)
    for _ in range(20):
        ritual(hearth, cohort)
    refused = kofi.submits()
    assert "at most 20 rituals" in refused.errors["title"]
    assert stored.count("rituals") == 20
    kofi.types("/ritual", CHANNEL)
    assert "at most 20 rituals" in shown(kofi)
    assert len(top(kofi)["blocks"]) <= 100


def test_a_week_with_more_posts_than_a_cohort_may_have_is_said_when_it_is_saved(
    hearth: Hearth, cohort: UUID, kofi: Person
) -> None:
    for _ in range(3):
        ritual(hearth, cohort)
    begin(kofi)
    assert kofi.submits().ok
    assert "come to 4 posts" in shown(kofi)


def test_a_form_that_names_the_cohort_or_ritual_of_others_stores_nothing(
    workspace: Sandbox, hearth: Hearth, kofi: Person, stored: Stored
) -> None:
    theirs = made_in(hearth, workspace, OTHER)
    which = ritual(hearth, theirs)
    begin(kofi)
    view, bolt = top(kofi), hearth._bolt()
    desk = json.loads(view["private_metadata"])
    before = stored.rows("SELECT * FROM rituals")
    for forged in (
        {"cohort": str(theirs)},
        {"ritual": str(which)},
        {"ritual": str(which), "is_new": False},
        {"cohort": str(uuid4())},
        {"template": "lantern"},
        {"cohort": "lantern"},
        {"revision": None},
    ):
        form = view | {"private_metadata": json.dumps(desk | forged)}
        body = {"type": "view_submission", "user": {"id": kofi.id}, "view": form}
        answer = bolt.dispatch(BoltRequest(mode="socket_mode", body=body))
        assert json.loads(answer.body)["response_action"] == "errors", forged
    assert stored.rows("SELECT * FROM rituals") == before


@pytest.mark.parametrize("state", [None, {}, {"values": None}, {"values": {"title": 4}}])
def test_a_form_without_fields_stores_nothing_and_says_so(
    hearth: Hearth, kofi: Person, stored: Stored, state: Any
) -> None:
    begin(kofi)
    form = top(kofi) | {"state": state}
    body = {"type": "view_submission", "user": {"id": kofi.id}, "view": form}
    answer = hearth._bolt().dispatch(BoltRequest(mode="socket_mode", body=body))
    assert json.loads(answer.body)["response_action"] == "errors"
    assert stored.count("rituals") == 0
