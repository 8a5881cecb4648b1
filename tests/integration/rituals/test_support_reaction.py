"""The support reaction: a private offer, a word passed on without a name, and nothing told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from slack_bolt import App, BoltRequest

from app import Hearth
from bot.domain.pauses import UNTIL_I_SAY, Pause
from bot.domain.reactions import Choice
from sandbox import Person, Sandbox
from tests.conftest import Stored, on_postgresql
from tests.integration.outbox import settled
from tests.integration.rituals.calendars import CHANNEL
from tests.integration.rituals.reacting import (
    SUPPORT,
    Posted,
    agree,
    event,
    post,
    send,
    told,
)
from tests.stored import StoredOnServer
from tests.waiting import until

WORD, SUGGESTION, NOT_NOW = "support_kind_word", "support_suggestion", "support_not_now"
DAY = timedelta(hours=24, minutes=1)


@pytest.fixture
def maya(workspace: Sandbox, hearth: Hearth, cohort: UUID) -> Person:
    """A member of the cohort, who reacts."""
    return joined(workspace, hearth, cohort, "maya")


@pytest.fixture
def jonas(workspace: Sandbox, hearth: Hearth, cohort: UUID) -> Person:
    """Another member of Hearth and of the cohort, who writes."""
    return joined(workspace, hearth, cohort, "jonas")


def joined(workspace: Sandbox, hearth: Hearth, cohort: UUID, name: str) -> Person:
    assert cohort
    person = workspace.person(name)
    agree(hearth, person)
    return person


@pytest.fixture
def bolt(hearth: Hearth) -> App:
    """What stands behind the socket: the same listeners over the same services."""
    return hearth._bolt()


def supported(person: Person, author: Person) -> str:
    """Let somebody give a new message of another a sign of support; return its ts."""
    ts = author.says("a long week", CHANNEL)
    person.reacts(SUPPORT, CHANNEL, ts)
    return ts


def chooses(workspace: Sandbox, hearth: Hearth, person: Person, action: str) -> str:
    """Let somebody press a button of their latest offer; return what it says afterwards."""
    ts = told(workspace, hearth, person)[-1]["ts"]
    dm = person.opens_dm("hearth")
    assert person.clicks(action, message=(dm, ts)).ok
    (message,) = [each for each in person.messages(dm) if each["ts"] == ts]
    assert [block["type"] for block in message["blocks"]] == ["section"]
    return str(message["text"])


def words(workspace: Sandbox, hearth: Hearth, person: Person) -> list[str]:
    return [message["text"] for message in told(workspace, hearth, person)]


def test_a_kind_word_is_passed_on_and_nobody_learns_from_whom(
    workspace: Sandbox, hearth: Hearth, maya: Person, jonas: Person, stored: Stored
) -> None:
    ts = supported(maya, jonas)
    (offered,) = words(workspace, hearth, maya)
    assert "Who will see this" in offered
    assert "concern" not in offered
    assert words(workspace, hearth, jonas) == []
    said = chooses(workspace, hearth, maya, WORD)
    assert "never who it is from" in said
    (got,) = words(workspace, hearth, jonas)
    assert "is thinking of you" in got
    assert maya.id not in got
    assert "a long week" not in got
    maya.unreacts(SUPPORT, CHANNEL, ts)
    maya.reacts(SUPPORT, CHANNEL, ts)
    assert len(words(workspace, hearth, maya)) == 1
    assert stored.rows("SELECT chosen FROM support_offers") == [("kind_word",)]
    assert not stored.contains("a long week")


def test_a_suggestion_brings_the_button_for_help(
    workspace: Sandbox, hearth: Hearth, maya: Person, jonas: Person
) -> None:
    supported(maya, jonas)
    chooses(workspace, hearth, maya, SUGGESTION)
    (message,) = told(workspace, hearth, jonas)
    dm = jonas.opens_dm("hearth")
    assert jonas.clicks("support_open", message=(dm, message["ts"])).ok
    assert jonas.view is not None


def test_not_now_costs_nothing(
    workspace: Sandbox, hearth: Hearth, maya: Person, jonas: Person
) -> None:
    supported(maya, jonas)
    assert "Nothing was passed on" in chooses(workspace, hearth, maya, NOT_NOW)
    assert words(workspace, hearth, jonas) == []


def test_on_ones_own_message_there_is_something_for_oneself(
    workspace: Sandbox, hearth: Hearth, maya: Person, bolt: App, stored: Stored
) -> None:
    supported(maya, maya)
    (message,) = told(workspace, hearth, maya)
    assert "a message of your own" in message["text"]
    dm = maya.opens_dm("hearth")
    for action in ("support_open", "ritual_check_in"):
        assert maya.clicks(action, message=(dm, message["ts"])).ok
        maya.closes(all=True)
    ((offer,),) = stored.rows("SELECT id FROM support_offers")
    press(bolt, maya, WORD, str(UUID(str(offer))))
    assert len(told(workspace, hearth, maya)) == 1


@pytest.mark.parametrize("how", ["never joined", "left", "paused", "gone"])
def test_an_author_whom_nothing_reaches_is_not_to_be_told_from_another(
    workspace: Sandbox, hearth: Hearth, maya: Person, jonas: Person, stored: Stored, how: str
) -> None:
    other = joined(workspace, hearth, UUID(int=1), "tomasz")
    if how == "never joined":
        hearth.services.people.forget(jonas.id)
    supported(maya, jonas)
    supported(maya, other)
    offered = words(workspace, hearth, maya)
    if how == "left":
        hearth.services.people.forget(jonas.id)
    elif how == "paused":
        hearth.services.people.pause(jonas.id, Pause(UNTIL_I_SAY))
    elif how == "gone":
        stored.change(f"UPDATE people SET gone_since = joined_at WHERE id = '{jonas.id}'")  # noqa: S608
    assert len({each.split(" in <#")[1] for each in offered}) == 1
    dm, said = maya.opens_dm("hearth"), set()
    for message in told(workspace, hearth, maya):
        assert maya.clicks(WORD, message=(dm, message["ts"])).ok
        said |= {each["text"] for each in maya.messages(dm) if each["ts"] == message["ts"]}
    assert len(said) == 1
    assert words(workspace, hearth, jonas) == []
    assert len(words(workspace, hearth, other)) == 1
    if how in ("never joined", "left"):
        assert jonas.id not in str(stored.rows("SELECT * FROM support_offers"))


def test_of_several_words_in_a_day_an_author_gets_one_and_one_suggestion(
    workspace: Sandbox, hearth: Hearth, maya: Person, jonas: Person
) -> None:
    other = joined(workspace, hearth, UUID(int=1), "tomasz")
    for action, got in ((WORD, 1), (WORD, 1), (SUGGESTION, 2), (SUGGESTION, 2)):
        for person in (maya, other):
            supported(person, jonas)
            chooses(workspace, hearth, person, action)
        assert len(words(workspace, hearth, jonas)) == got
        workspace.clock.advance(timedelta(hours=5))
    workspace.clock.advance(DAY)
    supported(maya, jonas)
    chooses(workspace, hearth, maya, WORD)
    assert len(words(workspace, hearth, jonas)) == 3


def test_nobody_is_offered_more_than_five_times_a_day(
    workspace: Sandbox, hearth: Hearth, maya: Person, jonas: Person
) -> None:
    for _ in range(6):
        supported(maya, jonas)
    assert len(words(workspace, hearth, maya)) == 5
    workspace.clock.advance(DAY)
    supported(maya, jonas)
    assert len(words(workspace, hearth, maya)) == 6


def test_a_cohort_has_its_own_sign_of_support_or_none(
    workspace: Sandbox, hearth: Hearth, maya: Person, jonas: Person, stored: Stored
) -> None:
    stored.change("UPDATE cohorts SET support_reaction = 'sunflower'")
    ts = supported(maya, jonas)
    assert words(workspace, hearth, maya) == []
    maya.reacts("sunflower", CHANNEL, ts)
    assert len(words(workspace, hearth, maya)) == 1
    stored.change("UPDATE cohorts SET support_reaction = 'hugs'")
    maya.reacts("hugging_face", CHANNEL, jonas.says("a long day", CHANNEL))
    assert len(words(workspace, hearth, maya)) == 2  # Slack knows that one by both names
    stored.change("UPDATE cohorts SET support_reaction = ''")
    supported(maya, jonas)
    assert len(words(workspace, hearth, maya)) == 2


def test_of_a_reaction_by_no_member_or_to_what_no_person_wrote_nothing_is_kept(
    workspace: Sandbox, hearth: Hearth, maya: Person, jonas: Person, stored: Stored, bolt: App
) -> None:
    workspace.add_member(CHANNEL, "theo")
    theo = workspace.person("theo")
    agree(hearth, theo)
    supported(theo, jonas)  # belongs to no cohort
    supported(workspace.person("kofi"), jonas)  # has not joined Hearth
    channel, ts = post(workspace)
    maya.reacts(SUPPORT, CHANNEL, ts)  # Hearth's own
    theirs = Posted(uuid4(), channel, jonas.says("hello", CHANNEL))
    support: dict[str, Any] = {"reaction": SUPPORT, "item_user": jonas.id}
    for other in (
        {"type": "reaction_removed"},
        {"item_user": None},
        {"item_user": "USLACKBOT"},
        {"item_user": "U0SBX999999"},
        {"item_user": ["x"]},
    ):
        assert send(bolt, event(maya.id, theirs, **(support | other))) == 200, other
    workspace.deactivate("tomasz")
    tomasz = next(
        each["id"]
        for each in maya._http.get("/control/workspace")["people"]
        if each["name"] == "tomasz"
    )
    assert send(bolt, event(maya.id, theirs, **(support | {"item_user": tomasz}))) == 200
    assert stored.count("support_offers") == stored.count("recipients") == 0
    assert stored.count("invitations") == 0
    settled(hearth)


@on_postgresql
def test_two_who_send_a_word_at_once_from_two_processes_wait_for_each_other(
    workspace: Sandbox, hearth: Hearth, maya: Person, jonas: Person, stored: StoredOnServer
) -> None:
    other = joined(workspace, hearth, UUID(int=1), "tomasz")
    for person in (maya, other):
        supported(person, jonas)
    ((offer,),) = stored.rows(f"SELECT id FROM support_offers WHERE person_id = '{maya.id}'")  # noqa: S608
    passed_on = "UPDATE support_offers SET chosen = 'kind_word', passed_on_at = made_at WHERE"
    with stored.server.connect(stored.name) as elsewhere, ThreadPoolExecutor(1) as pool:
        elsewhere.execute("BEGIN")
        elsewhere.execute("SELECT 1 FROM people WHERE id = %s FOR UPDATE", [jonas.id])
        elsewhere.execute(f"{passed_on} person_id = '{other.id}'".encode())
        choose = hearth.services.support_offers.choose
        chosen = pool.submit(choose, maya.id, str(UUID(str(offer))), Choice.KIND_WORD)
        until(stored.somebody_waits, "nobody waits for the other")
        elsewhere.execute("COMMIT")
        assert chosen.result() is Choice.KIND_WORD
    assert words(workspace, hearth, jonas) == []


def press(bolt: App, person: Person, action: str, value: Any) -> int:
    """Press a button as somebody who made the request by hand."""
    body = {
        "type": "block_actions",
        "user": {"id": person.id},
        "container": {"channel_id": "D0SBX999999", "message_ts": "1.2"},
        "actions": [{"type": "button", "action_id": action, "value": value, "block_id": "b"}],
    }
    return bolt.dispatch(BoltRequest(mode="socket_mode", body=body)).status


def test_a_button_does_nothing_for_anybody_else_or_when_its_offer_is_gone(
    workspace: Sandbox, hearth: Hearth, maya: Person, jonas: Person, stored: Stored, bolt: App
) -> None:
    supported(maya, jonas)
    ((found,),) = stored.rows("SELECT id FROM support_offers")
    offer = str(UUID(str(found)))
    for person, value in ((jonas, offer), (maya, str(uuid4())), (maya, "lantern"), (maya, None)):
        press(bolt, person, WORD, value)
    assert stored.rows("SELECT chosen FROM support_offers") == [(None,)]
    stored.change("UPDATE consents SET version = 'of old'")
    press(bolt, maya, WORD, offer)
    assert stored.rows("SELECT chosen FROM support_offers") == [(None,)]
    workspace.clock.advance(timedelta(days=7, minutes=1))
    assert hearth.services.support_offers.let_old_ones_go() == 1
    assert "not open any more" in chooses(workspace, hearth, maya, WORD)
    assert words(workspace, hearth, jonas) == []


def test_pressed_eight_times_at_once_it_is_passed_on_once_and_the_first_choice_holds(
    workspace: Sandbox, hearth: Hearth, maya: Person, jonas: Person, stored: Stored, bolt: App
) -> None:
    supported(maya, jonas)
    ((found,),) = stored.rows("SELECT id FROM support_offers")
    offer = str(UUID(str(found)))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda action: press(bolt, maya, action, offer), [NOT_NOW, WORD] * 4))
    press(bolt, maya, SUGGESTION, offer)
    assert stored.rows("SELECT chosen FROM support_offers") == [("kind_word",)]
    assert len(words(workspace, hearth, jonas)) == 1
