"""Faults of one conversation, and calls whose answer is lost although they were carried out."""

from __future__ import annotations

from http.client import RemoteDisconnected
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.contract.facts import Sure, pins
from tests.contract.rig import Rig

COHORT, OTHER, POST = "cohort-new-parents", "cohort-first-leads", "chat.postMessage"


def failing(rig: Rig, channel: str) -> str:
    """Return the error with which a message there is refused."""
    with pytest.raises(SlackApiError) as caught:
        rig.client.chat_postMessage(channel=channel, text="t")
    return str(caught.value.response["error"])


def without_retries(rig: Rig, timeout: int = 30) -> WebClient:
    """Return a client that tells of the first failure, and does not call again by itself."""
    return WebClient(rig.box.bot_token, rig.box.api_url, timeout=timeout, retry_handlers=[])


def texts(rig: Rig, channel: str | None = None) -> list[str]:
    return [str(message["text"]) for message in rig.box.posted(channel)]


@pytest.mark.parametrize("by", ["name", "id"])
@pins(
    "A fault can be ordered for one conversation.",
    "",
    Sure.OURS,
    refuses=["chat.postMessage: fatal_error"],
)
def test_a_fault_of_one_channel_leaves_the_others_alone(offline: Rig, by: str) -> None:
    channel, other = offline.channel(COHORT), offline.channel(OTHER)
    offline.box.fail(POST, error="fatal_error", channel=COHORT if by == "name" else channel)
    assert offline.client.chat_postMessage(channel=other, text="t")["ok"]
    assert offline.client.auth_test()["ok"]
    assert failing(offline, channel) == "fatal_error"
    assert offline.client.chat_postMessage(channel=channel, text="t")["ok"]


def test_a_fault_of_a_direct_message_meets_each_of_its_names(offline: Rig) -> None:
    person = offline.maya.id
    offline.box.fail(POST, error="fatal_error", times=2, channel=person)
    assert failing(offline, person) == "fatal_error"
    opened = str(offline.client.conversations_open(users=person)["channel"]["id"])
    assert failing(offline, opened) == "fatal_error"
    for ordered in ("maya", opened):
        offline.box.fail(POST, error="fatal_error", channel=ordered)
        assert offline.client.chat_postMessage(channel=offline.kofi.id, text="t")["ok"]
        assert failing(offline, person) == "fatal_error"


def test_a_fault_of_a_conversation_that_is_none_is_refused(offline: Rig) -> None:
    with pytest.raises(LookupError, match="nowhere"):
        offline.box.fail(POST, status=500, channel="nowhere")


@pins("A fault can last until it is taken back.", "", Sure.OURS, refuses=["auth.test: fatal_error"])
def test_a_fault_can_last_until_it_is_taken_back(offline: Rig) -> None:
    offline.box.fail("auth.test", error="fatal_error", times=None)
    for _ in range(3):
        with pytest.raises(SlackApiError, match="fatal_error"):
            offline.client.auth_test()
    offline.box.clear_faults()
    assert offline.client.auth_test()["ok"]


def test_a_lasting_fault_can_be_ordered_from_outside(offline: Rig) -> None:
    order = {"method": POST, "retry_after": 7, "channel": COHORT, "times": None}
    offline.control.post("/control/faults", order)
    for _ in range(2):
        assert failing(offline, offline.channel(COHORT)) == "ratelimited"
    assert offline.client.chat_postMessage(channel=offline.maya.id, text="t")["ok"]


@pins(
    "A refusal by rate can be ordered with its seconds.",
    "",
    Sure.OURS,
    refuses=["auth.test: http_429"],
)
def test_a_rate_limit_names_its_seconds(offline: Rig) -> None:
    offline.box.fail("auth.test", retry_after=30)
    with pytest.raises(SlackApiError) as caught:
        offline.client.auth_test()
    response = caught.value.response
    assert (response.status_code, response["error"]) == (429, "ratelimited")
    assert response.headers["Retry-After"] == "30"


@pins(
    "A call can be carried out and yet be answered with an error.",
    "",
    Sure.OURS,
    refuses=["chat.postMessage: http_500"],
)
def test_an_answer_may_go_wrong_after_the_message_was_posted(offline: Rig) -> None:
    channel = offline.channel(COHORT)
    offline.box.fail(POST, status=500, after=True)
    with pytest.raises(SlackApiError) as caught:
        offline.client.chat_postMessage(channel=channel, text="posted all the same")
    assert caught.value.response.status_code == 500
    assert texts(offline) == ["posted all the same"]
    assert offline.maya.is_shown("posted all the same")
    assert offline.box.calls()[-1]["error"] == "http_500"


@pins(
    "A message may be posted although its answer comes after the client has given up.",
    "",
    Sure.OURS,
)
def test_a_message_may_be_posted_and_only_its_answer_come_too_late(offline: Rig) -> None:
    channel = offline.channel(COHORT)
    offline.box.fail(POST, delay_seconds=5, after=True)
    with pytest.raises(TimeoutError):
        without_retries(offline, timeout=1).chat_postMessage(channel=channel, text="t")
    assert texts(offline) == ["t"]


@pytest.mark.parametrize(("after", "there"), [(False, []), (True, ["t"])])
@pins(
    "A call can be cut off without a byte, before or after it was carried out.",
    "",
    Sure.OURS,
    refuses=["chat.postMessage: cut"],
)
def test_a_call_may_be_hung_up_without_a_byte(offline: Rig, after: bool, there: list[str]) -> None:
    channel = offline.channel(COHORT)
    offline.box.fail(POST, cut=True, after=after)
    with pytest.raises(RemoteDisconnected):
        without_retries(offline).chat_postMessage(channel=channel, text="t")
    assert texts(offline) == there
    (call,) = offline.box.wait_for_calls(POST, 1)
    assert (call["ok"], call["error"], call["channel"]) == (False, "cut", channel)


@pins(
    "The Web API knows no repetition: slack_sdk calls again by itself after a cut connection, and"
    " the message is there twice.",
    "slack_sdk 3.47.0, http_retry/builtin_handlers.py",
    Sure.READ,
    refuses=["chat.postMessage: cut"],
)
def test_a_client_that_tries_again_after_a_lost_answer_posts_twice(offline: Rig) -> None:
    channel = offline.channel(COHORT)
    offline.box.fail(POST, cut=True, after=True)
    assert offline.client.chat_postMessage(channel=channel, text="t")["ok"]
    assert texts(offline, COHORT) == ["t", "t"]


@pytest.mark.parametrize(
    "nonsense",
    [
        {},
        {"after": True},
        {"cut": True, "error": "fatal_error"},
        {"retry_after": 3, "status": 503},
        {"status": 429, "after": True},
        {"status": 500, "times": 0},
    ],
)
@pins("A fault that contradicts itself is refused with a sentence.", "", Sure.OURS)
def test_a_fault_that_makes_no_sense_is_refused(offline: Rig, nonsense: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        offline.box.fail("auth.test", **nonsense)


def test_the_log_of_calls_names_the_conversation(offline: Rig) -> None:
    channel = offline.channel(COHORT)
    offline.client.chat_postMessage(channel=channel, text="t")
    in_dm = offline.client.chat_postMessage(channel=offline.maya.id, text="t")["channel"]
    with pytest.raises(SlackApiError):
        offline.client.chat_postMessage(channel="what they wrote", text="t")
    named = [call["channel"] for call in offline.box.calls() if call["method"] == POST]
    assert named == [channel, in_dm, None]
