"""The weather: what goes wrong by lot, the same for each seed."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox import Weather
from tests.contract.rig import Json, Rig, recording
from tests.waiting import until

COHORT, POST = "cohort-new-parents", "chat.postMessage"


def without_retries(rig: Rig) -> WebClient:
    """Return a client that tells of the first failure, and does not call again by itself."""
    return WebClient(rig.box.bot_token, rig.box.api_url, retry_handlers=[])


def test_a_share_of_the_calls_is_answered_with_a_server_error(offline: Rig) -> None:
    offline.box.set_weather(Weather(server_errors=1.0))
    with pytest.raises(SlackApiError) as caught:
        without_retries(offline).chat_postMessage(channel=offline.maya.id, text="t")
    assert caught.value.response.status_code in (500, 503)
    assert offline.box.posted() == []
    offline.box.calm()
    assert offline.client.chat_postMessage(channel=offline.maya.id, text="t")["ok"]


def test_an_answer_is_lost_although_the_message_is_there(offline: Rig) -> None:
    offline.box.set_weather(Weather(lost_answers=1.0))
    with pytest.raises(ConnectionError):
        without_retries(offline).chat_postMessage(channel=offline.maya.id, text="t")
    assert [each["text"] for each in offline.box.posted()] == ["t"]


def test_a_lost_ack_looks_like_a_time_out_and_does_not_take_so_long(rig: Rig) -> None:
    listener, bodies = recording("Good morning")
    rig.app.command("/hello")(listener)
    rig.box.set_weather(Weather(lost_acks=1.0))
    assert rig.maya.types("/hello").outcome == "timeout"
    assert rig.maya.is_shown("/hello failed")
    assert not rig.maya.is_shown("Good morning")
    assert len(bodies) == 1


def test_an_event_whose_ack_was_lost_is_sent_again(rig: Rig) -> None:
    heard: list[Json] = []
    rig.app.event("message")(lambda body: heard.append(body))
    rig.box.set_weather(Weather(lost_acks=1.0))
    rig.box.retry_after_seconds = (0,)
    rig.maya.says("hello", COHORT)
    until(lambda: len(heard) == 2)
    assert heard[0]["event_id"] == heard[1]["event_id"]


def test_events_are_doubled(rig: Rig) -> None:
    heard: list[Json] = []
    rig.app.event("message")(lambda body: heard.append(body))
    rig.box.set_weather(Weather(duplicates=1.0))
    rig.maya.says("hello", COHORT)
    until(lambda: len(heard) == 2)
    assert heard[0]["event_id"] == heard[1]["event_id"]
