"""Faults on order, the log of calls, and the clock that a script may push."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import ServerErrorRetryHandler
from slack_sdk.http_retry.builtin_interval_calculators import BackoffRetryIntervalCalculator

from sandbox import ClockError, Sandbox
from tests.contract.facts import Sure, pins
from tests.contract.rig import Rig, modal, opening


@pins(
    "A method can be told to fail so often, with any error.",
    "",
    Sure.OURS,
    refuses=["auth.test: fatal_error"],
)
def test_a_method_fails_as_often_as_ordered(offline: Rig) -> None:
    offline.box.fail("auth.test", error="fatal_error", times=2)
    for _ in range(2):
        with pytest.raises(SlackApiError, match="fatal_error"):
            offline.client.auth_test()
    assert offline.client.auth_test()["ok"]


@pins(
    "A server error of the Web API is not JSON; slack_sdk raises SlackApiError all the same.",
    "slack_sdk 3.47.0, web/base_client.py",
    Sure.READ,
    refuses=["auth.test: http_500"],
)
def test_a_server_error_is_not_even_json(offline: Rig) -> None:
    offline.box.fail("auth.test", status=500)
    with pytest.raises(SlackApiError) as caught:
        offline.client.auth_test()
    assert caught.value.response.status_code == 500


@pins(
    "A call ordered to fail with 500 is not carried out; slack_sdk can be told to call again.",
    "slack_sdk 3.47.0, http_retry/builtin_handlers.py",
    Sure.READ,
    refuses=["views.open: http_500"],
)
def test_a_call_that_failed_with_500_did_not_happen_and_can_be_retried(rig: Rig) -> None:
    at_once = BackoffRetryIntervalCalculator(backoff_factor=0)
    rig.client.retry_handlers.append(ServerErrorRetryHandler(interval_calculator=at_once))
    rig.app.command("/hello")(opening(modal()))
    rig.box.fail("views.open", status=500)
    assert rig.maya.types("/hello").ok
    assert len(rig.maya.views) == 1
    opened = [call for call in rig.box.calls() if call["method"] == "views.open"]
    assert [(call["ok"], call["error"]) for call in opened] == [(False, "http_500"), (True, None)]


@pins(
    "HTTP 429 comes with a Retry-After header.",
    "docs.slack.dev/apis/web-api/rate-limits",
    refuses=["auth.test: http_429"],
)
def test_a_rate_limit_says_when_to_try_again(offline: Rig) -> None:
    offline.box.fail("auth.test", status=429)
    with pytest.raises(SlackApiError) as caught:
        offline.client.auth_test()
    assert caught.value.response.headers["Retry-After"] == "1"


@pins("A method can be told to take its time.", "", Sure.OURS)
def test_a_slow_method_takes_its_time_and_then_answers(offline: Rig) -> None:
    offline.box.fail("auth.test", delay_seconds=0.05)
    assert offline.client.auth_test()["ok"]
    assert offline.box.calls()[-1]["ms"] >= 50


@pins("Faults can be taken back.", "", Sure.OURS)
def test_faults_can_be_taken_back(offline: Rig) -> None:
    offline.box.fail("auth.test", status=500, times=9)
    offline.box.clear_faults()
    assert offline.client.auth_test()["ok"]


@pins(
    "The log of calls holds no argument but the conversation.",
    "",
    Sure.OURS,
    refuses=["users.info: user_not_found"],
)
def test_the_log_of_calls_holds_no_arguments(offline: Rig) -> None:
    with pytest.raises(SlackApiError):
        offline.client.users_info(user="U-secret")
    record = offline.box.calls()[-1]
    assert set(record) == {"method", "ok", "error", "channel", "ms", "at"}
    assert (record["method"], record["error"]) == ("users.info", "user_not_found")
    assert record["channel"] is None


@pins(
    "Timestamps of messages follow the clock of the workspace, which can jump ahead.", "", Sure.OURS
)
def test_messages_carry_the_time_of_the_workspace(offline: Rig) -> None:
    to = offline.box.clock.now() + timedelta(days=40)
    offline.box.clock.jump(to)
    ts = offline.maya.says("from the future", "general")
    assert 0 <= float(ts) - to.timestamp() < 60


@pins("The clock of the workspace goes forwards only, or back to real time.", "", Sure.OURS)
def test_the_clock_only_goes_forwards_unless_to_real_time(offline: Rig) -> None:
    clock = offline.box.clock
    clock.advance(timedelta(days=1))
    with pytest.raises(ClockError, match="only goes forwards"):
        clock.jump(clock.now() - timedelta(hours=1))
    with pytest.raises(ClockError, match="only goes forwards"):
        clock.advance(timedelta(seconds=-1))
    clock.real()
    assert clock.offset == timedelta(0)
    assert clock.now().tzinfo is UTC


def test_the_clock_needs_a_zone_and_an_end(offline: Rig) -> None:
    with pytest.raises(ClockError, match="zone"):
        offline.box.clock.jump(datetime(2090, 1, 1))  # noqa: DTZ001
    with pytest.raises(ClockError, match="no further"):
        offline.box.clock.jump(datetime(2286, 1, 1, 1, tzinfo=UTC))


@pins("As far as the clock goes, what is said later stands below.", "", Sure.OURS)
def test_messages_stay_in_their_order_as_far_as_the_clock_goes(offline: Rig) -> None:
    channel = offline.channel("cohort-new-parents")
    offline.client.chat_postMessage(channel=channel, text="then")
    offline.box.clock.jump(datetime(2286, 1, 1, tzinfo=UTC))
    offline.client.chat_postMessage(channel=channel, text="at the end")
    said = offline.client.conversations_history(channel=channel, limit=2)["messages"]
    assert [each["text"] for each in said] == ["at the end", "then"]
    assert [m["text"] for m in offline.maya.messages(channel)][-2:] == ["then", "at the end"]


def test_a_busy_port_is_an_os_error(offline: Rig, tmp_path: Path) -> None:
    port = int(offline.box.url.rsplit(":", 1)[1])
    with pytest.raises(OSError, match="in use"), Sandbox(manifest=offline.manifest, port=port):
        pass


def test_a_sandbox_that_is_not_running_says_so(offline: Rig) -> None:
    box = Sandbox(manifest=offline.manifest)
    with pytest.raises(RuntimeError, match="start"):
        box.calls()
    box.stop()


def test_waiting_for_a_connection_ends(offline: Rig) -> None:
    with pytest.raises(TimeoutError):
        offline.box.wait_until_connected(seconds=0.01)
