"""The weather: what goes wrong by lot, and what the app and people meet then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from statistics import median
from typing import Any

import pytest
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox import Decision, Weather
from sandbox.delivery import delivery
from tests.contract.doors import Serve, bolt
from tests.contract.facts import Sure, pins
from tests.contract.rig import Json, Rig, modal, opening, recording
from tests.contract.test_socket_weather import OFTEN, greeted
from tests.waiting import until

COHORT, POST = "cohort-new-parents", "chat.postMessage"
RATE_LIMITS = "docs.slack.dev/apis/web-api/rate-limits"


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as threads:
        yield threads


def without_retries(rig: Rig) -> WebClient:
    """Return a client that tells of the first failure, and does not call again by itself."""
    return WebClient(rig.box.bot_token, rig.box.api_url, retry_handlers=[])


def post(rig: Rig, text: str = "t") -> Json:
    """Let the bot write to maya, once."""
    answer = without_retries(rig).chat_postMessage(channel=rig.maya.id, text=text)
    return {"text": answer["message"]["text"]}


def texts(rig: Rig) -> list[str]:
    return [str(each["text"]) for each in rig.box.posted()]


def hearing(rig: Rig) -> list[Json]:
    """Return the list to which the body of every message's event will be added."""
    heard: list[Json] = []
    rig.app.event("message")(lambda body: heard.append(body))
    return heard


def said(bodies: list[Json]) -> list[str]:
    return [str(body["event"]["text"]) for body in bodies]


def later(rig: Rig, seconds: float) -> None:
    rig.box.clock.advance(timedelta(seconds=seconds))


def pushed(rig: Rig, true: Callable[[], Any]) -> None:
    """Push the clock until something has come about that waits for it."""

    def looked_at() -> Any:
        later(rig, 60)
        return true()

    until(looked_at)


def decided(rig: Rig, kind: str) -> list[Decision]:
    return [each for each in rig.box.weather_log() if each.kind == kind]


@pins("Nothing goes wrong by lot unless a weather is set.", "", Sure.OURS)
def test_a_workspace_is_calm_at_first_and_again_when_told_so(offline: Rig) -> None:
    assert offline.box.weather == Weather()
    offline.box.set_weather(Weather(seed=3, server_errors=1.0))
    with pytest.raises(SlackApiError):
        post(offline)
    offline.box.calm()
    before = offline.box.weather_log()
    assert post(offline)["text"] == "t"
    assert offline.box.weather_log() == before
    assert (offline.box.weather.calm, len(before)) == (True, 1)


@pins(
    "Slack may answer a call with HTTP 500 or 503 and no JSON, and nothing was done.",
    "",
    Sure.GUESSED,
)
def test_a_share_of_the_calls_is_answered_with_a_server_error(offline: Rig) -> None:
    offline.box.set_weather(Weather(server_errors=1.0))
    met = set()
    for _ in range(12):
        with pytest.raises(SlackApiError) as caught:
            post(offline)
        met.add(caught.value.response.status_code)
    assert met == {500, 503}
    assert texts(offline) == []
    assert offline.box.calls()[-1]["error"] in ("http_500", "http_503")


@pins("A call may be carried out although its answer never comes.", "", Sure.GUESSED)
def test_an_answer_is_lost_although_the_message_is_there(offline: Rig) -> None:
    offline.box.set_weather(Weather(lost_answers=1.0))
    with pytest.raises(ConnectionError):
        post(offline)
    assert texts(offline) == ["t"]
    (call,) = offline.box.wait_for_calls(POST, 1)
    assert (call["ok"], call["error"]) == (False, "cut")


def test_a_lost_answer_keeps_its_caller_waiting_first(
    offline: Rig, pool: ThreadPoolExecutor
) -> None:
    offline.box.set_weather(Weather(lost_answers=1.0, latency_seconds=20))
    waiting = pool.submit(post, offline)
    offline.box.wait_for_posts(1)
    assert not waiting.done()
    pushed(offline, waiting.done)
    assert isinstance(waiting.exception(), ConnectionError)


@pins("Answers are late by a log-normal latency, by the workspace's clock.", "", Sure.OURS)
def test_answers_are_late_by_the_clock_of_the_workspace(
    offline: Rig, pool: ThreadPoolExecutor
) -> None:
    offline.box.set_weather(Weather(latency_seconds=20))
    waiting = pool.submit(post, offline)
    offline.box.wait_for_posts(1)
    assert not waiting.done()
    pushed(offline, waiting.done)
    assert waiting.result() == {"text": "t"}
    (each,) = decided(offline, "latency_seconds")
    assert each.outcome == 20


def test_latencies_spread_around_their_median(offline: Rig) -> None:
    offline.box.set_weather(Weather(seed=1, latency_seconds=0.001, latency_spread=1.0))
    for _ in range(20):
        offline.client.api_test()
    late = [each.outcome for each in decided(offline, "latency_seconds")]
    assert min(late) < 0.0007 < 0.0015 < max(late)
    assert 0.0005 < median(late) < 0.002


@pytest.mark.parametrize(("method", "a_minute"), [("users.list", 20), ("conversations.info", 50)])
@pins(
    "A method answers HTTP 429 with Retry-After in whole seconds above 1, 20, 50 or 100 calls a"
    " minute, as its tier says; each method has its own allowance.",
    RATE_LIMITS,
    refuses=["users.list: ratelimited", "conversations.info: ratelimited"],
)
def test_a_method_may_be_called_as_often_as_its_tier_says(
    offline: Rig, method: str, a_minute: int
) -> None:
    arguments: Json = {} if method == "users.list" else {"channel": offline.channel(COHORT)}
    offline.box.set_weather(Weather(rate_limits=True))

    def call_often() -> None:
        for _ in range(2 * a_minute):  # the allowance fills up meanwhile, but not so fast
            offline.client.api_call(method, params=arguments)

    with pytest.raises(SlackApiError) as caught:
        call_often()
    assert sum(each["ok"] for each in offline.box.calls() if each["method"] == method) >= a_minute
    response = caught.value.response
    assert (response.status_code, response["error"]) == (429, "ratelimited")
    assert offline.client.users_info(user=offline.maya.id)["ok"], "a method of its own"
    later(offline, int(response.headers["Retry-After"]))
    assert offline.client.api_call(method, params=arguments)["ok"]


@pins(
    "chat.postMessage takes about one message a second in a channel, with short bursts.",
    RATE_LIMITS,
    refuses=["chat.postMessage: ratelimited"],
)
def test_a_channel_takes_a_message_a_second_and_a_burst(offline: Rig) -> None:
    offline.box.set_weather(Weather(rate_limits=True))

    def post_often() -> None:
        for _ in range(60):  # on a slow machine some seconds go by
            post(offline)

    with pytest.raises(SlackApiError) as caught:
        post_often()
    assert caught.value.response.headers["Retry-After"] == "1"
    taken = len(texts(offline))
    assert 3 <= taken < 60
    assert offline.client.chat_postMessage(channel=offline.kofi.id, text="elsewhere")["ok"]
    later(offline, 1)
    post(offline)
    assert len(texts(offline)) == taken + 2


@pins(
    "When an ack is lost on its way, the person is told that the app did not respond, although it"
    " did.",
    "",
    Sure.GUESSED,
)
def test_a_lost_ack_looks_like_a_time_out_and_does_not_take_so_long(rig: Rig) -> None:
    listener, bodies = recording("Good morning")
    rig.app.command("/hello")(listener)
    rig.box.ack_seconds = 600.0
    rig.box.set_weather(Weather(lost_acks=1.0))
    assert rig.maya.types("/hello").outcome == "timeout"
    assert rig.maya.is_shown("/hello failed")
    assert not rig.maya.is_shown("Good morning")
    assert len(bodies) == 1


def test_a_form_whose_ack_was_lost_stays_open_with_a_sentence(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.command("/hello")(opening(modal()))
    rig.app.view("form")(listener)
    rig.maya.types("/hello")
    rig.box.set_weather(Weather(lost_acks=1.0))
    assert rig.maya.submits({"name": {"name": "Ada"}}).outcome == "timeout"
    assert rig.maya.is_shown("We had some trouble")
    rig.box.calm()
    assert rig.maya.submits().ok
    assert (len(bodies), rig.maya.view) == (2, None)


@pins(
    "An event whose ack does not reach Slack is sent again at once, after one minute and after"
    " five, though the app took it each time.",
    "docs.slack.dev/apis/events-api",
)
def test_an_event_whose_ack_is_lost_comes_four_times_by_the_workspaces_clock(rig: Rig) -> None:
    heard = hearing(rig)
    rig.box.set_weather(Weather(lost_acks=1.0))
    rig.maya.says("hello", COHORT)
    for tries, pause in ((2, 60), (3, 300), (4, 0)):
        until(lambda tries=tries: len(decided(rig, "lost_acks")) == tries)  # type: ignore[misc]
        later(rig, pause)
    assert said(heard) == ["hello"] * 4
    assert len({body["event_id"] for body in heard}) == 1


def test_an_answer_over_http_is_lost_likewise(offline: Rig, serve: Serve) -> None:
    app = bolt(offline, offline.box.signing_secret)
    marks: list[Any] = []
    app.event("message")(lambda request: marks.append(request.headers.get("x-slack-retry-reason")))
    offline.box.retry_after_seconds = (0,)
    offline.box.deliver_over_http(serve(SlackRequestHandler(app)))
    offline.box.set_weather(Weather(lost_acks=1.0))
    offline.maya.says("hello", COHORT)
    until(lambda: len(marks) == 2)
    assert marks == [None, ["http_timeout"]]


@pins("An event may be sent twice, with the same event_id in another envelope.", "", Sure.GUESSED)
def test_events_are_doubled_and_commands_are_not(rig: Rig) -> None:
    heard, seen = hearing(rig), set()
    listener, bodies = recording()
    rig.app.command("/hello")(listener)
    rig.handlers[0].client.message_listeners.append(
        lambda _client, message, _raw: seen.add(message.get("envelope_id"))
    )
    rig.box.set_weather(Weather(duplicates=1.0))
    assert rig.maya.types("/hello").outcome == "acked"
    assert rig.act("message", channel=rig.channel(COHORT), text="hello")["event"] == "acked"
    until(lambda: len(heard) == 2)
    assert heard[0] == heard[1]
    assert (len(bodies), len(seen - {None})) == (1, 3)


@pins(
    "Events may arrive in another order than they happened.",
    "docs.slack.dev/apis/events-api",
    Sure.GUESSED,
)
def test_events_are_overtaken_by_later_ones(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "_LONGEST_HELD_SECONDS", 3600.0)
    heard = hearing(rig)
    rig.box.set_weather(Weather(reordered=1.0))
    assert rig.act("message", channel=rig.channel(COHORT), text="first")["event"] == "delayed"
    rig.box.calm()
    for text in ("second", "third", "fourth"):
        rig.maya.says(text, COHORT)
    until(lambda: len(heard) == 4)
    (held,) = decided(rig, "reordered")
    assert 1 <= held.outcome <= 3
    assert said(heard).index("first") >= held.outcome


def test_an_event_that_nothing_overtakes_comes_after_a_while(rig: Rig) -> None:
    heard = hearing(rig)
    rig.box.set_weather(Weather(reordered=1.0))
    rig.maya.says("alone", COHORT)
    pushed(rig, lambda: heard)
    assert said(heard) == ["alone"]


@pins("Every connection may be reset at any time.", "", Sure.GUESSED)
def test_connections_are_reset_as_minutes_go_by(offline: Rig) -> None:
    offline.box.set_weather(Weather(dropped_sockets=1.0))
    with greeted(offline) as raw:
        later(offline, 60)
        with pytest.raises(ConnectionResetError):
            raw.recv(4096)
    handler = offline.connect(offline.handler(ping_interval=OFTEN))
    heard, session = hearing(offline), handler.client.session_id()
    later(offline, 60)
    until(lambda: len(decided(offline, "dropped_sockets")) == 2)
    offline.box.calm()
    offline.box.wait_until_connected()
    offline.maya.says("hello", COHORT)
    assert (said(heard), handler.client.session_id() != session) == (["hello"], True)
