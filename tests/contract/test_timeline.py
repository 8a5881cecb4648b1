"""The timeline of what the app sent and received, and what a page is told of long conversations."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from tests.contract.conftest import MakeRig
from tests.contract.facts import Sure, pins
from tests.contract.rig import SOON, Json, Rig, buttons, recording
from tests.waiting import until

COHORT = "cohort-new-parents"


def asked(rig: Rig, path: str, **query: Any) -> Json:
    with urlopen(f"{rig.box.url}/control/{path}?{urlencode(query)}") as response:
        answer: Json = json.loads(response.read())
    return answer


def entries(rig: Rig, way: str, after: int = 0) -> list[Json]:
    return [e for e in asked(rig, "timeline", after=after)["entries"] if e["way"] == way]


@pins(
    "The timeline shows each call of the app with its outcome, and no word of what was said.",
    "",
    Sure.OURS,
    refuses=["chat.postMessage: channel_not_found"],
)
def test_the_timeline_shows_calls_and_keeps_quiet_about_what_was_said(make_rig: MakeRig) -> None:
    offline = make_rig(events=[])  # else it would hear of its own message
    channel = offline.channel(COHORT)
    before = asked(offline, "timeline")["last"]
    offline.client.chat_postMessage(channel=channel, text="a secret")
    with pytest.raises(Exception, match="channel_not_found"):
        offline.client.chat_postMessage(channel="nowhere", text="another secret")
    answer = asked(offline, "timeline", after=before)
    told = [(e["way"], e["what"], e["where"], e["outcome"]) for e in answer["entries"]]
    assert told == [
        ("sent", "chat.postMessage", channel, "ok"),
        ("sent", "chat.postMessage", None, "channel_not_found"),
    ]
    assert [e["n"] for e in answer["entries"]] == [before + 1, before + 2]
    assert answer["last"] == before + 2
    assert all(e["ms"] >= 0 for e in answer["entries"])
    assert "secret" not in json.dumps(answer)


def test_the_timeline_shows_what_was_delivered_and_over_which_connection(rig: Rig) -> None:
    heard, _ = recording()
    rig.app.command("/hello")(heard)
    rig.app.action("open")(heard)
    rig.app.shortcut("light")(heard)
    rig.app.event("message")(lambda event: None)
    channel = rig.channel(COHORT)
    ts = str(rig.client.chat_postMessage(channel=channel, text="t", blocks=[buttons("open")])["ts"])
    until(lambda: entries(rig, "received"), "it never hears itself")
    rig.maya.types("/hello there", channel=COHORT)
    rig.act("shortcut", callback_id="light")
    rig.act("block_action", channel=channel, ts=ts, block_id="buttons", action_id="open")
    rig.maya.says("a secret", channel=COHORT)
    received = entries(rig, "received")
    assert [(e["what"], e["where"], e["outcome"]) for e in received] == [
        ("message", channel, "acked"),
        ("/hello", channel, "acked"),
        ("shortcut light", None, "acked"),
        ("block_actions open", channel, "acked"),
        ("message", channel, "acked"),
    ]
    assert {e["over"] for e in received} == {"socket 1"}
    assert not {"secret", "there", rig.maya.id} & set(json.dumps(received).split('"'))


def test_each_further_try_of_an_event_is_an_entry_of_its_own(make_rig: MakeRig) -> None:
    rig = make_rig(sandbox={"ack_seconds": SOON, "retry_after_seconds": (0,)})
    rig.connect()

    @rig.app.event("message")
    def broken() -> None:
        raise ValueError("broken on purpose")

    rig.maya.says("hello", channel=COHORT)
    until(lambda: len(entries(rig, "received")) == 2, "no second try")
    told = [(e["what"], e["outcome"], e["attempt"]) for e in entries(rig, "received")]
    assert told == [("message", "timeout", 0), ("message", "timeout", 1)]


def test_the_stream_says_when_the_timeline_goes_on(offline: Rig) -> None:
    with urlopen(f"{offline.box.url}/control/stream?as=maya") as stream:
        stream.readline()
        offline.client.api_test()
        until(lambda: stream.readline() == b"event: timeline\n", "the stream keeps quiet")


def test_a_response_url_that_was_used_stands_in_the_timeline(rig: Rig) -> None:
    @rig.app.command("/hello")
    def hello(ack: Any, respond: Any) -> None:
        ack()
        respond("there")

    rig.maya.types("/hello", channel=COHORT)
    until(lambda: bool(entries(rig, "sent")[-1:]), "nothing was sent")
    last = entries(rig, "sent")[-1]
    assert (last["what"], last["outcome"]) == ("response_url", "ok")


def test_a_page_is_told_the_end_of_a_conversation_and_only_what_it_has_not_got(
    offline: Rig,
) -> None:
    channel = offline.channel(COHORT)
    posted = [
        str(offline.client.chat_postMessage(channel=channel, text=f"n {n}")["ts"])
        for n in range(130)
    ]
    seen = asked(offline, "see", **{"as": "maya", "in": channel, "last": 40})
    assert seen["messages"] == {}
    assert seen["open"]["earlier"] == 50
    texts = [each["text"] for chunk in seen["open"]["chunks"] for each in chunk["messages"]]
    assert 40 <= len(texts) < 40 + 50
    assert texts == [f"n {n}" for n in range(130 - len(texts), 130)]
    known = ",".join(chunk["digest"] for chunk in seen["open"]["chunks"])
    offline.client.chat_update(channel=channel, ts=posted[-1], text="changed")
    query = {"as": "maya", "in": channel, "last": 40, "known": known}
    first, second = asked(offline, "see", **query)["open"]["chunks"]
    assert "messages" not in first
    assert second["messages"][-1]["text"] == "changed"


def test_a_page_is_told_nothing_of_a_conversation_that_the_person_is_not_in(offline: Rig) -> None:
    direct = offline.maya.opens_dm("kofi")
    offline.maya.says("a secret", channel=direct)
    seen = asked(offline, "see", **{"as": "priya", "in": direct})
    assert seen["open"] is None
    assert "secret" not in json.dumps(seen)
