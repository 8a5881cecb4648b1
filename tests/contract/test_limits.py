"""Rate limits: each method's tier, and chat.postMessage by rules of its own."""

from __future__ import annotations

from collections.abc import Iterable
from math import nan
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from sandbox.errors import RateLimited
from sandbox.weather.limits import Limits, Tier
from sandbox.webapi import METHODS
from tests.contract.facts import Sure, pins
from tests.contract.rig import Rig

COHORT, OTHER = "cohort-new-parents", "cohort-first-leads"


def limits(**given: Any) -> Limits:
    made = Limits()
    made.set(**{"per_channel_per_second": None, "per_workspace_per_minute": None, **given})
    return made


def refusals(made: Limits, at: Iterable[float], channel: str = "C1") -> list[int | None]:
    """Return for each instant whether a message then is taken (None), or for how long not."""
    answers: list[int | None] = []
    for now in at:
        try:
            made.take(channel, now)
            answers.append(None)
        except RateLimited as limit:
            answers.append(limit.retry_after)
    return answers


@pins("Nothing is limited unless a limit is ordered.", "", Sure.OURS)
def test_without_limits_everything_is_taken(offline: Rig) -> None:
    channel = offline.channel(COHORT)
    for _ in range(20):
        assert offline.client.chat_postMessage(channel=channel, text="t")["ok"]


@pins(
    "Too many calls are answered with HTTP 429, `ratelimited`, and whole seconds in Retry-After;"
    " only that method and that channel wait.",
    "docs.slack.dev/apis/web-api/rate-limits",
    refuses=["chat.postMessage: ratelimited"],
)
def test_too_many_messages_in_a_channel_are_refused_with_whole_seconds(offline: Rig) -> None:
    channel, other = offline.channel(COHORT), offline.channel(OTHER)
    offline.box.limit_messages(per_channel_per_second=0.1, burst=2)
    for _ in range(2):
        offline.client.chat_postMessage(channel=channel, text="taken")
    with pytest.raises(SlackApiError) as caught:
        offline.client.chat_postMessage(channel=channel, text="too much")
    response = caught.value.response
    assert (response.status_code, response["error"]) == (429, "ratelimited")
    assert 1 <= int(response.headers["Retry-After"]) <= 10
    assert [message["text"] for message in offline.box.posted()] == ["taken", "taken"]
    assert offline.box.calls()[-1]["error"] == "ratelimited"
    assert offline.client.chat_postMessage(channel=other, text="elsewhere")["ok"]
    assert offline.client.auth_test()["ok"]
    offline.box.limit_messages(per_channel_per_second=None)
    assert offline.client.chat_postMessage(channel=channel, text="taken")["ok"]


@pins(
    "A direct message has one allowance, whether the app names the person or the conversation.",
    "",
    Sure.GUESSED,
    refuses=["chat.postMessage: ratelimited"],
)
def test_a_direct_message_is_one_channel_under_both_its_names(offline: Rig) -> None:
    offline.box.limit_messages(per_channel_per_second=0.1, burst=1)
    opened = offline.client.chat_postMessage(channel=offline.maya.id, text="t")["channel"]
    with pytest.raises(SlackApiError, match="ratelimited"):
        offline.client.chat_postMessage(channel=opened, text="t")


@pins(
    "All messages of an app into a workspace together are limited, too.",
    "docs.slack.dev/apis/web-api/rate-limits",
    refuses=["chat.postMessage: ratelimited"],
)
def test_the_workspace_has_a_limit_of_its_own(offline: Rig) -> None:
    offline.box.limit_messages(per_channel_per_second=None, per_workspace_per_minute=12)
    for name in (COHORT, OTHER):
        assert offline.client.chat_postMessage(channel=offline.channel(name), text="t")["ok"]
    with pytest.raises(SlackApiError, match="ratelimited"):
        offline.client.chat_postMessage(channel=offline.channel("care-moderators"), text="t")


@pins(
    "Whoever keeps to a rate is never refused.",
    "docs.slack.dev/apis/web-api/rate-limits",
    Sure.GUESSED,
)
def test_whoever_keeps_to_the_rate_is_never_refused() -> None:
    made = limits(per_channel_per_second=1.0, burst=1)
    assert refusals(made, range(100)) == [None] * 100


@pins(
    "Short bursts above a rate are taken; here three messages in a channel.",
    "docs.slack.dev/apis/web-api/rate-limits",
    Sure.GUESSED,
)
def test_a_quiet_channel_takes_a_burst_and_then_its_rate() -> None:
    made = limits(per_channel_per_second=1.0, burst=3)
    assert refusals(made, [9, 9, 9, 9]) == [None, None, None, 1]
    assert refusals(made, [9.5, 10, 10, 11]) == [1, None, 1, None]
    assert refusals(made, [1000] * 4) == [None, None, None, 1]


@pins(
    "A refused call does not count, and after Retry-After the next one is taken.",
    "docs.slack.dev/apis/web-api/rate-limits",
    Sure.GUESSED,
)
def test_what_is_refused_does_not_count_and_the_wait_is_enough() -> None:
    made = limits(per_channel_per_second=0.25, burst=1)
    assert refusals(made, [0.0, 0.5, 0.5, 0.5]) == [None, 4, 4, 4]
    assert refusals(made, [4.0, 4.0]) == [None, 4]


def test_a_channel_that_is_full_does_not_use_up_the_workspace() -> None:
    made = limits(per_channel_per_second=0.1, per_workspace_per_minute=12, burst=1)
    assert refusals(made, [0, 0, 0, 0]) == [None, 10, 10, 10]
    assert refusals(made, [0], channel="C2") == [None]
    assert refusals(made, [0], channel="C3") == [5]


TIERS: dict[Tier | None, set[str]] = {
    1: {"apps.connections.open", "apps.uninstall"},
    2: {
        *("conversations.list", "users.list", "reactions.remove"),
        *("pins.add", "pins.list", "pins.remove"),
    },
    3: {
        *("chat.update", "chat.delete", "reactions.add", "reactions.get"),
        *("conversations.open", "conversations.info"),
        *("conversations.history", "conversations.replies"),
        *("files.list", "files.delete", "auth.revoke"),
    },
    4: {
        *("chat.postEphemeral", "conversations.members", "users.info"),
        *("views.open", "views.push", "views.update", "views.publish"),
        *("files.getUploadURLExternal", "files.completeUploadExternal", "files.info"),
        *("oauth.v2.access", "api.test"),
    },
    None: {"chat.postMessage", "auth.test"},  # with rules of their own
}


@pins(
    "Each method is of one tier, except chat.postMessage and auth.test, which Slack calls special.",
    "slackapi/java-slack-sdk, methods/MethodsRateLimits.java",
)
def test_each_method_has_its_tier() -> None:
    wanted = {name: tier for tier, names in TIERS.items() for name in names}
    assert {name: declared.tier for name, declared in METHODS.items()} == wanted


@pytest.mark.parametrize(
    ("tier", "at_once", "wait"), [(1, 3, 60), (2, 20, 3), (3, 50, 2), (4, 100, 1)]
)
def test_each_tier_has_its_calls_a_minute(tier: Tier, at_once: int, wait: int) -> None:
    made = Limits()
    made.follow_tiers(on=True)
    for _ in range(at_once):
        made.take_call("users.info", tier, now=0.0)
    with pytest.raises(RateLimited) as caught:
        made.take_call("users.info", tier, now=0.0)
    assert caught.value.retry_after == wait
    made.take_call("users.list", tier, now=0.0)
    made.take_call("users.info", None, now=0.0)
    made.take_call("users.info", tier, now=float(wait))


def test_with_the_tiers_the_workspace_takes_three_hundred_messages_a_minute() -> None:
    made = Limits()
    made.follow_tiers(on=True)
    assert [refusals(made, [0], channel=f"C{n}") for n in range(51)] == [[None]] * 50 + [[1]]
    made.follow_tiers(on=False)
    assert refusals(made, [0] * 10) == [None] * 10


@pytest.mark.parametrize("rate", [0, -1, nan, float("inf")])
def test_a_limit_must_be_above_zero(offline: Rig, rate: float) -> None:
    with pytest.raises(ValueError, match="above zero"):
        offline.box.limit_messages(per_channel_per_second=rate)
