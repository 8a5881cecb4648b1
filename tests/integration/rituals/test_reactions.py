"""Reactions to a ritual's post: a member's is a response, whoever is none is invited once."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from slack_bolt import App

from app import Hearth
from bot.domain.delivery import Kind
from bot.domain.pauses import Pause
from bot.services.correspondence import say
from bot.services.reactions import answers, responders
from sandbox import Person, Sandbox
from tests.conftest import Stored
from tests.integration.rituals.calendars import CHANNEL
from tests.integration.rituals.reacting import (
    HERE,
    SUPPORT,
    Posted,
    agree,
    begun,
    event,
    noted,
    post,
    responses,
    send,
    told,
)

WEEK = "week"
"""A legend with more than one emoji."""


@pytest.fixture
def posted(workspace: Sandbox, hearth: Hearth, cohort: UUID) -> Posted:
    """A ritual's post that stands in the channel."""
    return noted(hearth, begun(hearth, cohort, legend=WEEK), *post(workspace))


@pytest.fixture
def maya(workspace: Sandbox, hearth: Hearth, cohort: UUID) -> Person:
    """A member of the cohort who has joined Hearth."""
    assert cohort
    person = workspace.person("maya")
    agree(hearth, person)
    return person


@pytest.fixture
def theo(workspace: Sandbox, cohort: UUID) -> Person:
    """Somebody in the channel who belongs to no cohort, and has not joined Hearth."""
    assert cohort
    workspace.add_member(CHANNEL, "theo")
    return workspace.person("theo")


@pytest.fixture
def bolt(hearth: Hearth) -> App:
    """What stands behind the socket: the same listeners over the same services."""
    return hearth._bolt()


def counted(hearth: Hearth, posted: Posted) -> dict[str, int]:
    with hearth.database.read() as connection:
        found = answers(connection, posted.occurrence)
        assert sum(found.values()) == responders(connection, posted.occurrence)
    return found


def hearths_own(workspace: Sandbox) -> str:
    """Return the id of Hearth's own account, as colleagues see it beside what it wrote."""
    return str(workspace.person("maya").messages(CHANNEL)[-1]["user"])


def state(stored: Stored, value: str) -> None:
    stored.change(f"UPDATE ritual_occurrences SET state = '{value}'")  # noqa: S608


def test_a_member_responds_once_changes_it_by_changing_and_removes_it_by_removing(
    workspace: Sandbox, hearth: Hearth, maya: Person, posted: Posted, stored: Stored
) -> None:
    where = (CHANNEL, posted.ts)
    maya.reacts(f"{HERE}::skin-tone-4", *where)
    assert responses(stored) == [(maya.id, HERE, True)]
    maya.reacts("turtle", *where)
    maya.reacts("lantern", *where)  # not in the legend
    assert counted(hearth, posted) == {"turtle": 1}
    kofi = workspace.person("kofi")
    agree(hearth, kofi)
    kofi.reacts(HERE, *where)
    assert counted(hearth, posted) == {"turtle": 1, HERE: 1}
    maya.unreacts("turtle", *where)
    assert counted(hearth, posted) == {HERE: 2}
    maya.unreacts(f"{HERE}::skin-tone-4", *where)
    assert counted(hearth, posted) == {HERE: 1}
    assert stored.count("checkins") == stored.count("support_offers") == 0
    assert told(workspace, hearth, maya) == []


def test_a_closed_ritual_takes_no_response_and_still_lets_one_be_taken_back(
    hearth: Hearth, maya: Person, posted: Posted, stored: Stored
) -> None:
    maya.reacts(HERE, CHANNEL, posted.ts)
    state(stored, "closed")
    maya.reacts("turtle", CHANNEL, posted.ts)
    assert counted(hearth, posted) == {HERE: 1}
    maya.unreacts(HERE, CHANNEL, posted.ts)
    maya.unreacts("turtle", CHANNEL, posted.ts)
    assert responses(stored) == [(maya.id, HERE, False)]


def test_of_two_events_the_later_one_holds_however_they_come(
    maya: Person, posted: Posted, stored: Stored, bolt: App
) -> None:
    added = event(maya.id, posted, event_ts="999999999.000200")
    removed = event(maya.id, posted, type="reaction_removed", event_ts="1000000000.000100")
    for each in (removed, added, removed, added):
        assert send(bolt, each) == 200
        assert responses(stored) == [(maya.id, HERE, False)]
    with ThreadPoolExecutor(4) as pool:
        again = event(maya.id, posted, event_ts="1000000000.000300")
        assert set(pool.map(lambda each: send(bolt, each), [again, removed] * 4)) == {200}
    assert responses(stored) == [(maya.id, HERE, True)]


def test_a_reaction_to_a_post_that_is_not_noted_yet_comes_again_and_is_not_lost(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, maya: Person, stored: Stored, bolt: App
) -> None:
    occurrence, (channel, ts) = begun(hearth, cohort), post(workspace)
    own = hearths_own(workspace)
    reaction = event(maya.id, Posted(occurrence, channel, ts), item_user=own)
    elsewhere = reaction | {"item_user": maya.id}
    # Nothing is on its way, so there is nothing to wait for.
    assert send(bolt, reaction) == 200
    hearth.sender.stop(5)
    now = workspace.clock.now()
    for open_state in ("pending", "sending"):
        hearth.database.write(
            lambda each: say(
                each, Kind.RITUAL, occurrence, occasion="test", channel=channel, now=now
            )
        )
        stored.change(f"UPDATE outbox SET state = '{open_state}'")  # noqa: S608
        assert send(bolt, reaction) == send(bolt, reaction | {"type": "reaction_removed"}) == 500
        assert send(bolt, reaction | {"item_user": None}) == 500
        assert send(bolt, elsewhere) == 200  # a colleague's message is none of ours
    assert responses(stored) == []
    noted(hearth, occurrence, channel, ts)
    assert send(bolt, reaction) == 200
    assert responses(stored) == [(maya.id, HERE, True)]
    # What was given up does not come any more, and nor does an edit of what stands.
    other = reaction | {"item": reaction["item"] | {"ts": "1.5"}}
    assert send(bolt, other) == 200
    stored.change("DELETE FROM posts", "UPDATE outbox SET state = 'failed'")
    assert send(bolt, reaction) == 200


def test_who_is_no_member_is_invited_once_and_nothing_names_them_afterwards(
    workspace: Sandbox, hearth: Hearth, theo: Person, posted: Posted, stored: Stored
) -> None:
    theo.reacts("lantern", CHANNEL, posted.ts)
    assert told(workspace, hearth, theo) == []
    theo.reacts(HERE, CHANNEL, posted.ts)
    (message,) = told(workspace, hearth, theo)
    assert "that costs nothing" in message["text"]
    for _ in range(2):
        theo.unreacts(HERE, CHANNEL, posted.ts)
        theo.reacts(HERE, CHANNEL, posted.ts)
    assert len(told(workspace, hearth, theo)) == 1
    assert responses(stored) == []
    assert stored.count("invitations") == 1
    for table in stored.tables():
        assert theo.id not in str(stored.rows(f"SELECT * FROM {table}")), table  # noqa: S608
    dm = theo.opens_dm("hearth")
    assert theo.clicks("cohort_join", message=(dm, message["ts"])).ok
    assert theo.view is not None


def test_after_a_year_and_not_before_somebody_may_be_invited_again(
    workspace: Sandbox, hearth: Hearth, theo: Person, posted: Posted, stored: Stored, bolt: App
) -> None:
    for days, invited in ((0, 1), (364, 1), (2, 2)):
        workspace.clock.advance(timedelta(days=days))
        hearth.services.reactions.let_old_ones_go()
        assert send(bolt, event(theo.id, posted)) == 200
        assert len(told(workspace, hearth, theo)) == invited
    assert stored.count("programme") == 1


def test_the_same_reaction_eight_times_at_once_is_one_invitation(
    workspace: Sandbox, hearth: Hearth, theo: Person, posted: Posted, bolt: App
) -> None:
    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda _: send(bolt, event(theo.id, posted)), range(8)))
    assert set(sent) == {200}
    assert len(told(workspace, hearth, theo)) == 1


def test_a_member_of_hearth_who_is_in_another_cohort_is_invited_unless_they_have_paused(
    workspace: Sandbox, hearth: Hearth, theo: Person, posted: Posted, stored: Stored
) -> None:
    agree(hearth, theo)
    tomorrow = workspace.clock.now().date() + timedelta(days=2)
    hearth.services.people.pause(theo.id, Pause(tomorrow))
    theo.reacts(HERE, CHANNEL, posted.ts)
    assert told(workspace, hearth, theo) == []
    assert stored.count("invitations") == 0
    hearth.services.people.pause(theo.id, Pause(None))
    theo.reacts("turtle", CHANNEL, posted.ts)
    assert len(told(workspace, hearth, theo)) == 1
    assert responses(stored) == []


NOBODYS: dict[str, Callable[[Sandbox, Stored], Any]] = {
    "a guest": lambda workspace, _: workspace.set_role("theo", "guest"),
    "somebody who is gone": lambda workspace, _: workspace.deactivate("theo"),
    "a ritual that is over": lambda _, stored: state(stored, "closed"),
    "a cohort that is halted": lambda _, stored: stored.change(
        "UPDATE cohorts SET halted_for = 'shared'"
    ),
    "a cohort that is closed": lambda _, stored: stored.change(
        "UPDATE cohorts SET closed_at = added_at"
    ),
    "an occurrence that is no more": lambda _, stored: stored.change("DELETE FROM rituals"),
    "a notice": lambda _, stored: stored.change("UPDATE posts SET kind = 'notice'"),
}


@pytest.mark.parametrize("whose", NOBODYS)
def test_nobody_is_invited_who_cannot_join_or_to_what_is_no_ritual(
    workspace: Sandbox,
    hearth: Hearth,
    theo: Person,
    posted: Posted,
    stored: Stored,
    bolt: App,
    whose: str,
) -> None:
    NOBODYS[whose](workspace, stored)
    assert send(bolt, event(theo.id, posted)) == 200
    assert send(bolt, event("USLACKBOT", posted)) == 200
    assert send(bolt, event("U0SBX999999", posted)) == 200
    assert stored.count("invitations") == stored.count("recipients") == 0


def test_what_makes_no_sense_is_acknowledged_and_nothing_is_kept(
    workspace: Sandbox, maya: Person, posted: Posted, stored: Stored, bolt: App
) -> None:
    real = event(maya.id, posted)
    item: dict[str, Any] = real["item"]
    for wrong in (
        {"item": None},
        {"item": {"type": "file", "file": "F1"}},
        {"item": item | {"ts": 7}},
        {"item": item | {"channel": "D0SBX000001"}},
        {"item": item | {"channel": "C0SBX999999"}},
        {"user": ["x"]},
        {"user": "B0SBX000001"},
        {"user": hearths_own(workspace)},
        {"reaction": "x" * 5000},
        {"event_ts": "lantern"},
    ):
        assert send(bolt, real | wrong) == 200, wrong
        assert send(bolt, real | wrong | {"type": "reaction_removed"}) == 200, wrong
    assert responses(stored) == []
    assert stored.count("invitations") == stored.count("support_offers") == 0


def test_an_event_comes_again_while_the_database_does_not_answer(
    maya: Person, posted: Posted, stored: Stored, bolt: App
) -> None:
    for away in ("cohorts", "ritual_responses"):
        stored.change(f"ALTER TABLE {away} RENAME TO away")
        assert send(bolt, event(maya.id, posted)) == 500
        stored.change(f"ALTER TABLE away RENAME TO {away}")
    assert send(bolt, event(maya.id, posted)) == 200
    assert responses(stored) == [(maya.id, HERE, True)]


def test_responses_are_in_ones_copy_and_gone_when_one_is_forgotten(
    workspace: Sandbox, hearth: Hearth, maya: Person, posted: Posted, stored: Stored
) -> None:
    maya.reacts(HERE, CHANNEL, posted.ts)
    message = workspace.person("kofi").says("a long week", CHANNEL)
    maya.reacts(SUPPORT, CHANNEL, message)
    hearth.services.exports.ask(maya.id, with_notes=False)
    told(workspace, hearth, maya)
    (whole,) = [
        json.loads(f["content"]) for f in workspace.files("maya") if f["name"].endswith("json")
    ]
    day = str(workspace.clock.now().date())
    assert whole["responses"] == [
        {"ritual": "Friday wins", "day": day, "emoji": HERE, "stands": True}
    ]
    (offered,) = whole["support_offers"]
    assert (offered["message_ts"], offered["chosen"]) == (message, None)
    hearth.services.people.forget(maya.id)
    assert responses(stored) == []
    assert stored.count("support_offers") == 0
