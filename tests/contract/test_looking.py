"""What a test looks at: posts without a person's eyes, calls as they come, calls held back."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import RemoteDisconnected
from subprocess import PIPE, Popen
from sys import executable

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox import Hold
from tests.contract.facts import Sure, pins
from tests.contract.rig import Rig

COHORT, POST = "cohort-new-parents", "chat.postMessage"

POSTING = """
import sys
from slack_sdk import WebClient
token, url, channel = sys.argv[1:]
WebClient(token, url).chat_postMessage(channel=channel, text="from a process")
print("answered")
"""


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as threads:
        yield threads


@pins(
    "A test sees what the app posted, its metadata in full, without being a person.", "", Sure.OURS
)
def test_posted_shows_what_the_bot_wrote_with_its_metadata(offline: Rig) -> None:
    channel = offline.channel(COHORT)
    metadata = {"event_type": "delivery", "event_payload": {"id": "d-7"}}
    first = offline.client.chat_postMessage(channel=channel, text="one", metadata=metadata)["ts"]
    offline.kofi.says("not the bot's", COHORT)
    second = offline.client.chat_postMessage(channel=channel, text="two", thread_ts=first)["ts"]
    one, two = offline.box.posted(COHORT)
    assert (one["ts"], one["text"], one["metadata"]) == (first, "one", metadata)
    assert (two["ts"], two["thread_ts"], two["metadata"]) == (second, first, None)
    assert (one["thread_ts"], one["channel"], one["edited"]) == (None, channel, False)
    offline.client.chat_update(channel=channel, ts=first, text="changed")
    assert [message["edited"] for message in offline.box.posted(channel)] == [True, False]


def test_posted_shows_all_conversations_in_order(offline: Rig) -> None:
    channel = offline.channel(COHORT)
    assert offline.box.posted("maya") == []
    in_dm = offline.client.chat_postMessage(channel=offline.maya.id, text="1")["channel"]
    offline.client.chat_postMessage(channel=channel, text="2")
    offline.client.chat_postMessage(channel=offline.maya.id, text="3")
    offline.client.chat_postEphemeral(channel=channel, user=offline.maya.id, text="not kept")
    assert [message["text"] for message in offline.box.posted()] == ["1", "2", "3"]
    for name in ("maya", offline.maya.id, in_dm):
        assert [message["text"] for message in offline.box.posted(name)] == ["1", "3"]
    with pytest.raises(LookupError, match="nowhere"):
        offline.box.posted("nowhere")


def test_what_posted_shows_is_a_copy(offline: Rig) -> None:
    metadata = {"event_type": "delivery", "event_payload": {"id": "d-7"}}
    offline.client.chat_postMessage(channel=offline.maya.id, text="t", metadata=metadata)
    offline.box.posted()[0]["metadata"]["event_payload"].clear()
    assert offline.box.posted()[0]["metadata"] == metadata


@pins(
    "A test waits for posts and calls as they come, and is told what there was if too few come.",
    "",
    Sure.OURS,
)
def test_waiting_for_posts_ends_with_the_last_of_them(
    offline: Rig, pool: ThreadPoolExecutor
) -> None:
    channel = offline.channel(COHORT)
    waiting = pool.submit(offline.box.wait_for_posts, 2, COHORT)
    offline.client.chat_postMessage(channel=offline.maya.id, text="elsewhere")
    offline.client.chat_postMessage(channel=channel, text="one")
    assert not waiting.done()
    offline.client.chat_postMessage(channel=channel, text="two")
    assert [message["text"] for message in waiting.result(10)] == ["one", "two"]
    assert len(offline.box.wait_for_posts(3)) == 3


def test_waiting_for_posts_does_not_wait_for_their_answer(
    offline: Rig, pool: ThreadPoolExecutor
) -> None:
    waiting = pool.submit(offline.box.wait_for_posts, 1)
    with offline.box.hold(POST, "after"):
        pool.submit(offline.client.chat_postMessage, channel=offline.maya.id, text="t")
        assert len(waiting.result(10)) == 1


def test_waiting_for_too_many_posts_says_what_was_there(offline: Rig) -> None:
    offline.client.chat_postMessage(channel=offline.maya.id, text="the only one")
    with pytest.raises(TimeoutError, match=r"1 of 2 messages: .*the only one"):
        offline.box.wait_for_posts(2, seconds=0.01)


@pins("A program can wait until so many calls were answered, whichever way.", "", Sure.OURS)
def test_waiting_for_calls_counts_each_that_was_answered(
    offline: Rig, pool: ThreadPoolExecutor
) -> None:
    offline.box.fail("users.list", error="fatal_error")
    waiting = pool.submit(offline.box.wait_for_calls, "users.list", 2)
    offline.client.api_test()
    with pytest.raises(SlackApiError):
        offline.client.users_list()
    assert not waiting.done()
    offline.client.users_list()
    assert [call["ok"] for call in waiting.result(10)] == [False, True]
    with pytest.raises(TimeoutError, match="2 of 3 calls"):
        offline.box.wait_for_calls("users.list", 3, seconds=0.01)


def test_waiting_for_calls_counts_further_than_the_log_goes_back(offline: Rig) -> None:
    for _ in range(501):
        offline.client.api_test()
    assert len(offline.box.wait_for_calls("api.test", 501)) == 500


@pytest.mark.parametrize(("when", "there"), [("before", 0), ("after", 1)])
@pins("A call can be held back before or after it is carried out.", "", Sure.OURS)
def test_a_held_call_has_been_carried_out_or_not(
    offline: Rig, pool: ThreadPoolExecutor, when: str, there: int
) -> None:
    channel = offline.channel(COHORT)
    with held(offline, when) as hold:
        call = pool.submit(offline.client.chat_postMessage, channel=channel, text="t")
        hold.wait()
        assert len(offline.box.posted()) == there
        assert not call.done()
    assert call.result(10)["ok"]
    assert len(offline.box.posted()) == 1


@pytest.mark.parametrize(("when", "there"), [("before", 0), ("after", 1)])
@pins("A call that is stopped can be cut off.", "", Sure.OURS, refuses=["chat.postMessage: cut"])
def test_a_held_call_can_be_cut(
    offline: Rig, pool: ThreadPoolExecutor, when: str, there: int
) -> None:
    client = WebClient(offline.box.bot_token, offline.box.api_url, retry_handlers=[])
    hold = held(offline, when)
    call = pool.submit(client.chat_postMessage, channel=offline.maya.id, text="t")
    hold.wait()
    hold.cut()
    hold.release()
    with pytest.raises(RemoteDisconnected):
        call.result(10)
    assert len(offline.box.posted()) == there


@pins("A hold takes one call, and the others pass.", "", Sure.OURS)
def test_a_hold_takes_one_call_and_lets_the_others_pass(
    offline: Rig, pool: ThreadPoolExecutor
) -> None:
    channel = offline.channel(COHORT)
    with offline.box.hold(POST, channel="maya") as hold:
        assert offline.client.chat_postMessage(channel=channel, text="1")["ok"]
        assert not hold.reached.is_set()
        call = pool.submit(offline.client.chat_postMessage, channel=offline.maya.id, text="2")
        assert hold.reached.wait(10)
        assert offline.client.chat_postMessage(channel=offline.maya.id, text="3")["ok"]
    assert call.result(10)["ok"]
    assert [message["text"] for message in offline.box.posted("maya")] == ["3", "2"]


def test_nobody_comes_to_a_hold(offline: Rig) -> None:
    with offline.box.hold(POST) as hold, pytest.raises(TimeoutError, match="No call"):
        hold.wait(0.01)


def test_a_hold_of_a_conversation_that_is_none_is_refused(offline: Rig) -> None:
    with pytest.raises(LookupError, match="nowhere"):
        offline.box.hold(POST, channel="nowhere")


@pytest.mark.parametrize(("when", "there"), [("before", 0), ("after", 1)])
@pins("A process can be killed while a call of its is held.", "", Sure.OURS)
def test_a_process_can_be_killed_exactly_while_slack_has_its_call(
    offline: Rig, when: str, there: int
) -> None:
    hold = held(offline, when)
    arguments = (offline.box.bot_token, offline.box.api_url, offline.maya.id)
    with Popen([executable, "-c", POSTING, *arguments], stdout=PIPE) as process:
        hold.wait()
        process.kill()
        said, _ = process.communicate()
    assert said == b""
    assert len(offline.box.posted()) == there
    hold.release()
    assert len(offline.box.wait_for_posts(1)) == 1


def test_a_sandbox_that_stops_hangs_up_what_is_held(offline: Rig, pool: ThreadPoolExecutor) -> None:
    client = WebClient(offline.box.bot_token, offline.box.api_url, retry_handlers=[])
    hold = offline.box.hold("auth.test")
    call = pool.submit(client.auth_test)
    hold.wait()
    offline.box.stop()
    with pytest.raises(RemoteDisconnected):
        call.result(10)
    hold.release()


def held(rig: Rig, when: str) -> Hold:
    return rig.box.hold(POST, "after") if when == "after" else rig.box.hold(POST)


def test_the_channels_are_listed_with_their_members(offline: Rig) -> None:
    channels = {each["name"]: each for each in offline.box.channels()}
    assert {"general", COHORT, "care-moderators"} <= set(channels)
    moderators = {offline.box.person(name).id for name in ("priya", "rosa", "aylin")}
    assert set(channels["care-moderators"]["members"]) == moderators
