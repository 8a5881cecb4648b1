"""An event that was not acknowledged comes again; commands and interactions never do."""

from __future__ import annotations

import asyncio
import gc
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.socket_mode.client import BaseSocketModeClient

from sandbox import Sandbox
from tests.contract.conftest import MakeRig
from tests.contract.facts import Sure, pins
from tests.contract.lines import line
from tests.contract.rig import SOON, Json, Rig
from tests.waiting import until

COHORT = "cohort-new-parents"


class Deaf:
    """A listener of messages that breaks as often as it is told to.

    With the last break it gives Slack its patience back, so that what follows is in time.
    """

    def __init__(self, rig: Rig, breaks: int) -> None:
        self.left = breaks
        self.heard: list[tuple[str, str]] = []
        self.rig = rig
        rig.app.event("message")(self.listen)

    def listen(self, body: Json) -> None:
        self.heard.append((body["event"]["text"], body["event_id"]))
        self.left -= 1
        if self.left == 0:
            self.rig.box.ack_seconds = 3.0
        if self.left >= 0:
            raise ValueError("broken on purpose")


def envelopes(rig: Rig) -> list[Json]:
    """Connect, and return the list to which every envelope will be added."""
    received: list[Json] = []

    def listen(_client: BaseSocketModeClient, message: Json, _raw: str | None) -> None:
        if "envelope_id" in message:
            received.append(message)

    handler = rig.handler()
    handler.client.message_listeners.append(listen)
    rig.connect(handler)
    return received


def soon_again(make_rig: MakeRig, *seconds: float) -> Rig:
    return make_rig(sandbox={"ack_seconds": SOON, "retry_after_seconds": seconds})


@pins(
    "An event that was not acknowledged is sent again at once, after one minute and after five.",
    "docs.slack.dev/apis/events-api",
)
def test_slack_tries_at_once_and_after_one_and_five_minutes(make_rig: MakeRig) -> None:
    rig = make_rig(sandbox={"ack_seconds": 0.02})
    with line(rig) as deaf:

        def tries(text: str) -> int:
            return [each["payload"]["event"]["text"] for each in deaf.envelopes()].count(text)

        def told() -> int:
            """Return how many tries Slack has given up to wait for."""
            entries = rig.control.get("/control/timeline")["entries"]
            return [each["way"] for each in entries].count("received")

        def say(text: str) -> None:
            """Say something, which is there after all that was due."""
            rig.maya.says(text, COHORT)
            until(lambda: tries(text) == 2 and told() == len(deaf.envelopes()))

        say("hello")
        for minutes in (1, 5):
            before = tries("hello")
            rig.box.clock.advance(timedelta(minutes=minutes, seconds=-20))
            say(f"{minutes} less some seconds")
            assert tries("hello") == before
            rig.box.clock.advance(timedelta(seconds=20))
            until(lambda before=before: tries("hello") == before + 1)  # type: ignore[misc]
            until(lambda: told() == len(deaf.envelopes()))
        rig.box.clock.advance(timedelta(days=1))
        say("a day later")
        assert tries("hello") == 4


@pins(
    "Each further try of an event in Socket Mode has the same payload in another envelope, with"
    " retry_attempt and retry_reason.",
    "slack_sdk 3.47.0, socket_mode/request.py; slack_bolt 1.30.0",
    Sure.READ,
)
def test_an_event_is_tried_four_times_with_its_marks(make_rig: MakeRig) -> None:
    rig = soon_again(make_rig, 0, 0, 0)
    received = envelopes(rig)
    deaf = Deaf(rig, breaks=4)
    assert rig.act("message", channel=rig.channel(COHORT), text="hello")["event"] == "timeout"
    until(lambda: len(deaf.heard) == 4)
    rig.maya.says("next", COHORT)
    assert [text for text, _ in deaf.heard] == ["hello"] * 4 + ["next"]
    marks = [(each["retry_attempt"], each["retry_reason"]) for each in received]
    assert marks == [(0, ""), (1, "timeout"), (2, "timeout"), (3, "timeout"), (0, "")]
    first, *others = received[:4]
    assert all(each["payload"] == first["payload"] for each in others)
    assert len({each["envelope_id"] for each in received}) == 5


@pins("The app has three seconds to acknowledge what it is sent.", "docs.slack.dev/apis/events-api")
def test_the_ack_window_is_three_seconds(offline: Rig) -> None:
    assert offline.box.ack_seconds == 3


@pins(
    "What an app does after the ack window has its effects all the same, and with the next try it"
    " does it again.",
    "",
    Sure.GUESSED,
)
def test_an_app_that_answers_late_has_done_what_it_did(make_rig: MakeRig) -> None:
    rig = soon_again(make_rig, 0)
    too_late, rounds = Event(), []

    def slow(client: WebClient, event: Json) -> None:
        rounds.append(event["text"])
        if len(rounds) == 1:
            too_late.wait(10)
        client.chat_postMessage(channel=event["channel"], text="done")

    rig.app.event("message")(slow)
    rig.connect()
    assert rig.act("message", channel=rig.channel(COHORT), text="hello")["event"] == "timeout"
    too_late.set()
    assert [each["text"] for each in rig.box.wait_for_posts(2)] == ["done", "done"]
    assert rounds == ["hello", "hello"]


@pins("An event is not sent again once it was acknowledged.", "docs.slack.dev/apis/events-api")
def test_an_event_is_not_sent_again_once_it_was_acknowledged(make_rig: MakeRig) -> None:
    rig = soon_again(make_rig, 0, 0, 0)
    rig.box.ack_seconds = 1.0  # the second try must be in time, on a slow machine too
    received = envelopes(rig)
    deaf = Deaf(rig, breaks=1)
    rig.maya.says("hello", COHORT)
    until(lambda: len(deaf.heard) == 2)
    rig.maya.says("next", COHORT)
    rig.maya.says("last", COHORT)
    assert [each["retry_attempt"] for each in received] == [0, 1, 0, 0]


@pins(
    "Commands and interactions have one try.",
    "docs.slack.dev/interactivity/implementing-slash-commands",
    Sure.GUESSED,
)
def test_commands_and_interactions_are_never_sent_again(make_rig: MakeRig) -> None:
    rig = soon_again(make_rig, 0, 0, 0)
    received = envelopes(rig)
    Deaf(rig, breaks=0)
    assert rig.maya.types("/hello").outcome == "timeout"
    assert rig.maya.uses_shortcut("light").outcome == "timeout"
    rig.box.ack_seconds = 3.0
    rig.maya.says("next", COHORT)
    assert [each["type"] for each in received] == ["slash_commands", "interactive", "events_api"]


@pins(
    "An event that comes while nobody is connected is tried again like one without an ack.",
    "",
    Sure.GUESSED,
)
def test_an_event_reaches_an_app_that_connects_before_the_last_try(make_rig: MakeRig) -> None:
    rig = make_rig(sandbox={"retry_after_seconds": (0.05,) * 600})
    deaf = Deaf(rig, breaks=0)
    said = rig.act("message", channel=rig.channel(COHORT), text="hello")
    assert said["event"] == "not_connected"
    received = envelopes(rig)
    until(lambda: bool(deaf.heard))
    assert received[0]["retry_attempt"] >= 1
    assert received[0]["retry_reason"] == "timeout"


@pins(
    "An event is lost once its last try has failed.", "docs.slack.dev/apis/events-api", Sure.GUESSED
)
def test_an_event_is_lost_when_nobody_is_there_for_the_last_try(make_rig: MakeRig) -> None:
    rig = soon_again(make_rig, 0, 0, 0)
    deaf = Deaf(rig, breaks=0)
    rig.maya.says("unheard", COHORT)
    envelopes(rig)
    rig.box.ack_seconds = 3.0
    rig.maya.says("heard", COHORT)
    assert [text for text, _ in deaf.heard] == ["heard"]


@pins("The pauses between the tries of an event can be set.", "", Sure.OURS)
def test_the_tries_can_be_set_while_it_runs(rig: Rig) -> None:
    deaf = Deaf(rig, breaks=1)
    rig.box.retry_after_seconds = ()
    rig.box.ack_seconds = SOON
    rig.maya.says("once", COHORT)
    rig.maya.says("next", COHORT)
    assert [text for text, _ in deaf.heard] == ["once", "next"]


@pytest.mark.parametrize("seconds", [(-1,), (0, float("nan"))])
def test_an_event_is_not_sent_again_before_it_was_sent(offline: Rig, seconds: Any) -> None:
    with pytest.raises(ValueError, match="zero seconds"):
        offline.box.retry_after_seconds = seconds
    with pytest.raises(ValueError, match="zero seconds"):
        Sandbox(manifest=offline.manifest, retry_after_seconds=seconds)


def test_a_sandbox_that_stops_gives_up_what_waits_for_its_next_try(offline: Rig) -> None:
    offline.maya.says("unheard", COHORT)
    offline.box.stop()
    tasks = [each for each in gc.get_objects() if isinstance(each, asyncio.Task)]
    assert not [each for each in tasks if each.get_loop().is_closed() and not each.done()]
