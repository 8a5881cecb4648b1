"""Sharing a part of a check-in: what the cohort sees, what it never sees, what follows an edit."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from app import Hearth
from sandbox import Person, Sandbox
from storage.cohorts import every, members
from tests.conftest import AGREED, Stored, filled_in, top
from tests.integration.outbox import settled
from tests.logs import NOTE

COHORT, OTHER = "cohort-new-parents", "cohort-first-leads"


@pytest.fixture
def cohorts(workspace: Sandbox, hearth: Hearth) -> dict[str, str]:
    """The two cohorts of the company; return the channel ids by name. Maya is in the first."""
    ids = {}
    for channel in workspace.channels():
        if channel["name"] in (COHORT, OTHER):
            ids[channel["name"]] = channel["id"]
            name = channel["name"].removeprefix("cohort-").replace("-", " ").capitalize()
            hearth.services.cohorts.add(name, channel["id"], channel["members"])
    return ids


@pytest.fixture
def sharer(member: Person, cohorts: dict[str, str]) -> Person:
    """Maya, who agreed and belongs to one cohort."""
    assert cohorts
    return member


def shares(person: Person, part: str, **answer: Any) -> None:
    person.types("/checkin")
    done = person.submits(filled_in(share=part, **answer))
    assert done.ok, done
    assert top(person)["title"]["text"] == "Received"


def join(hearth: Hearth, person: Person, channel: str) -> None:
    """Let the person belong to another cohort as well."""

    def work(connection: Connection) -> None:
        (cohort,) = [row.id for row in every(connection) if row.channel_id == channel]
        connection.execute(members.insert(), {"cohort_id": cohort, "person_id": person.id})

    hearth.database.write(work)


def shown(workspace: Sandbox, hearth: Hearth, channel: str = COHORT) -> list[str]:
    """Return the texts that Hearth shows there, once nothing is left to send."""
    settled(hearth)
    return [message["text"] for message in workspace.posted(channel)]


def test_nothing_is_shared_unless_somebody_says_so(
    workspace: Sandbox, hearth: Hearth, sharer: Person, stored: Stored
) -> None:
    sharer.types("/checkin")
    assert sharer.is_shown("Share a part of it with New parents?")
    sharer.submits(filled_in(note=NOTE))
    sharer.types("/checkin 1 1 1 over")
    assert shown(workspace, hearth) == []
    assert stored.count("outbox") == stored.count("shares") == 0


def test_somebody_without_a_cohort_is_not_asked(
    workspace: Sandbox, cohorts: dict[str, str]
) -> None:
    assert cohorts
    theo = workspace.person("theo")
    theo.types("/checkin")
    theo.submits(AGREED)
    assert not theo.is_shown("Share a part")
    assert theo.is_shown("only you")


@pytest.mark.parametrize(
    ("part", "seen", "kept"),
    [
        ("capacity", ["Capacity full"], ["Mood", "Stress", "Energy", NOTE]),
        ("mood_and_capacity", ["Mood 2: low", "Capacity full"], ["Stress", "Energy", NOTE]),
        ("note", [NOTE], ["Mood", "Stress", "Energy", "Capacity"]),
    ],
)
def test_the_cohort_sees_the_part_that_was_chosen_and_nothing_else(
    workspace: Sandbox,
    hearth: Hearth,
    sharer: Person,
    part: str,
    seen: list[str],
    kept: list[str],
) -> None:
    shares(sharer, part, mood=2, capacity="full", note=NOTE)
    (text,) = shown(workspace, hearth)
    assert all(each in text for each in seen)
    assert not any(each in text for each in kept)
    assert f"<@{sharer.id}>" in text
    kofi = workspace.person("kofi")
    assert all(kofi.is_shown(each) for each in seen)
    assert shown(workspace, hearth, OTHER) == []


def test_the_receipt_says_who_sees_what(sharer: Person, cohorts: dict[str, str]) -> None:
    shares(sharer, "capacity")
    assert sharer.is_shown(f"your capacity: everyone in <#{cohorts[COHORT]}>, now and later")
    assert sharer.is_shown("Everything else: only you")


def test_what_was_typed_pings_nobody_in_the_channel(
    workspace: Sandbox, hearth: Hearth, sharer: Person
) -> None:
    hostile = "<!channel> <@U0SBX000002> *loud* <https://evil.example|home>"
    shares(sharer, "note", note=hostile)
    (message,) = workspace.wait_for_posts(1, COHORT)
    assert "<!channel>" not in message["text"]
    marked = [block["text"]["text"] for block in message["blocks"] if block["type"] == "section"]
    assert not any("evil" in text or "channel>" in text for text in marked)
    assert workspace.person("kofi").is_shown(hostile)
    settled(hearth)


def test_editing_the_checkin_edits_the_post(
    workspace: Sandbox, hearth: Hearth, sharer: Person
) -> None:
    shares(sharer, "mood_and_capacity", mood=2)
    (first,) = workspace.wait_for_posts(1, COHORT)
    shares(sharer, "mood_and_capacity", mood=5)
    (text,) = shown(workspace, hearth)
    assert "Mood 5" in text
    sharer.types("/checkin 3 3 3 over")
    (text,) = shown(workspace, hearth)
    assert "Mood 3" in text
    assert "Capacity over" in text
    (last,) = workspace.posted(COHORT)
    assert last["ts"] == first["ts"]


def test_an_edit_that_the_cohort_would_not_notice_is_not_sent(
    workspace: Sandbox, hearth: Hearth, sharer: Person, stored: Stored
) -> None:
    shares(sharer, "capacity", note="mine", stress=1)
    shares(sharer, "capacity", note="still mine", stress=5)
    sharer.types("/checkin 1 1 1 steady")
    shown(workspace, hearth)
    assert stored.count("outbox") == 1
    (message,) = workspace.posted(COHORT)
    assert not message["edited"]


def test_the_same_submission_twice_is_one_post(
    workspace: Sandbox, hearth: Hearth, sharer: Person
) -> None:
    sharer.types("/checkin")
    assert sharer.submits(filled_in(share="capacity"), twice=True).ok
    assert len(shown(workspace, hearth)) == 1
    assert not workspace.posted(COHORT)[0]["edited"]


def test_a_part_can_be_exchanged_for_another(
    workspace: Sandbox, hearth: Hearth, sharer: Person
) -> None:
    shares(sharer, "note", note=NOTE)
    shares(sharer, "capacity", note=NOTE)
    (text,) = shown(workspace, hearth)
    assert "Capacity steady" in text
    assert NOTE not in text


def test_the_form_of_the_same_day_knows_what_is_shared(sharer: Person) -> None:
    shares(sharer, "mood_and_capacity")
    sharer.types("/checkin")
    state = top(sharer)["state"]["values"]["share"]["share"]["selected_option"]
    assert state["value"] == "mood_and_capacity"


def test_taking_the_share_back_takes_the_post_away(
    workspace: Sandbox, hearth: Hearth, sharer: Person, stored: Stored
) -> None:
    shares(sharer, "capacity")
    assert len(shown(workspace, hearth)) == 1
    shares(sharer, "nothing")
    assert shown(workspace, hearth) == []
    assert stored.count("shares") == stored.count("posts") == 0
    assert stored.count("checkins") == 1


def test_sharing_again_after_taking_it_back_is_a_new_post(
    workspace: Sandbox, hearth: Hearth, sharer: Person
) -> None:
    shares(sharer, "capacity")
    (first,) = workspace.wait_for_posts(1, COHORT)
    shares(sharer, "nothing")
    shares(sharer, "capacity")
    shown(workspace, hearth)
    (second,) = workspace.posted(COHORT)
    assert second["ts"] != first["ts"]


def test_a_share_taken_back_before_it_left_is_never_posted(
    workspace: Sandbox, hearth: Hearth, sharer: Person
) -> None:
    held = workspace.hold("chat.postMessage", channel=COHORT)
    workspace.fail("chat.postMessage", channel=COHORT, times=1, retry_after=1)
    held.release()
    shares(sharer, "capacity")
    shares(sharer, "nothing")
    assert shown(workspace, hearth) == []


def test_deleting_one_checkin_deletes_its_post(
    workspace: Sandbox, hearth: Hearth, sharer: Person, stored: Stored
) -> None:
    shares(sharer, "capacity")
    assert len(shown(workspace, hearth)) == 1
    sharer.closes(all=True)
    sharer.types("/checkin history")
    assert sharer.is_shown("Shared: your capacity")
    assert sharer.clicks("checkin_history_remove").ok
    assert shown(workspace, hearth) == []
    assert not sharer.is_shown("Capacity steady")
    assert stored.count("checkins") == stored.count("shares") == stored.count("posts") == 0


def test_forgetting_everything_takes_every_post_away_and_leaves_no_trace_of_whose_it_was(
    workspace: Sandbox, hearth: Hearth, sharer: Person, stored: Stored
) -> None:
    shares(sharer, "capacity")
    settled(hearth)
    workspace.clock.advance(timedelta(days=1))
    shares(sharer, "note", note=NOTE)
    assert len(shown(workspace, hearth)) == 2
    sharer.closes(all=True)
    sharer.types("/checkin forget")
    sharer.submits()
    assert shown(workspace, hearth) == []
    assert stored.count("people") == stored.count("shares") == stored.count("posts") == 0
    for table in ("outbox", "shares", "posts", "cohort_members"):
        rows = stored.rows(f"SELECT * FROM {table}")  # noqa: S608
        assert sharer.id not in str(rows)


def test_when_a_checkin_is_past_its_time_its_post_goes_too(
    workspace: Sandbox, hearth: Hearth, sharer: Person, stored: Stored
) -> None:
    shares(sharer, "capacity")
    assert len(shown(workspace, hearth)) == 1
    workspace.clock.advance(timedelta(days=500))
    hearth.services.checkins.let_old_ones_go()
    assert shown(workspace, hearth) == []
    assert stored.count("checkins") == 0


def test_with_two_cohorts_one_has_to_be_chosen(
    workspace: Sandbox, hearth: Hearth, sharer: Person, cohorts: dict[str, str]
) -> None:
    join(hearth, sharer, cohorts[OTHER])
    sharer.types("/checkin")
    refused = sharer.submits(filled_in(share="capacity"))
    assert refused.errors == {"cohort": "Please choose one."}
    options = next(b for b in top(sharer)["blocks"] if b.get("block_id") == "cohort")["element"]
    chosen = next(o["value"] for o in options["options"] if o["text"]["text"] == "First leads")
    assert sharer.submits({"cohort": {"cohort": chosen}}).ok
    assert shown(workspace, hearth) == []
    assert len(shown(workspace, hearth, OTHER)) == 1
    # And changing the cohort moves the post.
    sharer.closes(all=True)
    sharer.types("/checkin")
    other = next(o["value"] for o in options["options"] if o["value"] != chosen)
    assert sharer.submits({"cohort": {"cohort": other}}).ok
    assert len(shown(workspace, hearth)) == 1
    assert shown(workspace, hearth, OTHER) == []


def test_a_note_that_is_not_there_cannot_be_shared(sharer: Person, stored: Stored) -> None:
    sharer.types("/checkin")
    refused = sharer.submits(filled_in(share="note"))
    assert "no note to share" in refused.errors["share"]
    assert stored.count("checkins") == 0


def test_a_form_from_a_cohort_that_was_left_meanwhile_shares_nothing_with_it(
    workspace: Sandbox, hearth: Hearth, sharer: Person, stored: Stored
) -> None:
    sharer.types("/checkin")
    stored.change("DELETE FROM cohort_members")
    refused = sharer.submits(filled_in(share="capacity"))
    assert "do not belong to this cohort any more" in refused.errors["share"]
    assert stored.count("checkins") == 0
    assert shown(workspace, hearth) == []


@pytest.mark.parametrize("forged", ["everything", "", "CAPACITY"])
def test_a_forged_part_is_refused(sharer: Person, stored: Stored, forged: str) -> None:
    sharer.types("/checkin")
    refused = sharer.submits(filled_in(share=forged), unchecked=True)
    assert set(refused.errors) == {"share"}
    assert stored.count("checkins") == 0


def test_no_row_of_the_outbox_holds_a_person_or_a_word(
    workspace: Sandbox, hearth: Hearth, sharer: Person, stored: Stored
) -> None:
    shares(sharer, "note", note=NOTE)
    shown(workspace, hearth)
    for table in ("outbox", "posts", "shares"):
        assert not re.search(r"\b[UWD][A-Z0-9]{6,}", str(stored.rows(f"SELECT * FROM {table}")))  # noqa: S608
    assert not stored.contains("lantern")
    (message,) = workspace.posted(COHORT)
    payload = message["metadata"]["event_payload"]
    assert re.fullmatch(r"[0-9a-f-]{36}", payload.pop("id"))
    assert payload == {}
