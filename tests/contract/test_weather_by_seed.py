"""Weather by seed: what the lots depend on, and what they do not."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import timedelta
from math import nan
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from sandbox import Decision, Weather
from sandbox.weather.lots import lot
from tests.contract.conftest import MakeRig
from tests.contract.facts import Sure, pins
from tests.contract.rig import Rig, buttons, modal, opening, recording
from tests.contract.test_weather import COHORT, POST, decided, hearing, later, without_retries
from tests.waiting import until


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as threads:
        yield threads


MIXED = Weather(server_errors=0.3, lost_acks=0.3, duplicates=0.3, lost_answers=0.2)


def calls_of(rig: Rig, method: str, channel: str) -> None:
    for _ in range(12):
        try:
            without_retries(rig).api_call(method, params={"channel": channel, "text": "t"})
        except (SlackApiError, ConnectionError):
            continue


def ran(make_rig: MakeRig, seed: int, pool: ThreadPoolExecutor | None) -> list[Decision]:
    """Let the same things happen, one after the other or all at once; return what was decided."""
    rig = make_rig(sandbox={"ack_seconds": 60.0, "retry_after_seconds": ()})
    rig.connect()
    heard = hearing(rig)
    plan = [
        (method, channel)
        for method in (POST, "conversations.info")
        for channel in (rig.channel(COHORT), rig.maya.id)
    ]
    rig.box.set_weather(replace(MIXED, seed=seed))
    if pool:
        list(pool.map(lambda each: calls_of(rig, *each), plan))
    else:
        for each in reversed(plan):
            calls_of(rig, *each)
    for person in (rig.maya, rig.kofi) if pool else (rig.kofi, rig.maya):
        for _ in range(4):
            person.says("hello", COHORT)
    rig.box.calm()
    assert heard
    return sorted(rig.box.weather_log())


@pins(
    "The same seed lets the same things go wrong, whatever happens at the same time.",
    "",
    Sure.OURS,
)
def test_two_workspaces_decide_alike_by_the_same_seed_and_else_differently(
    make_rig: MakeRig, pool: ThreadPoolExecutor
) -> None:
    first = ran(make_rig, 7, None)
    assert ran(make_rig, 7, pool) == first
    assert {each.outcome for each in first} >= {0, 1, 500}
    other = ran(make_rig, 8, pool)
    outcomes = {each[:3]: each.outcome for each in first}
    assert any(outcomes.get(each[:3], each.outcome) != each.outcome for each in other)


def test_what_is_about_no_conversation_is_decided_for_its_person(rig: Rig) -> None:
    rig.app.command("/hello")(opening(modal()))
    rig.box.set_weather(Weather(latency_seconds=0.001))
    rig.maya.types("/hello")
    view = rig.maya.view
    assert view is not None
    rig.client.views_update(view_id=view["id"], view=modal())
    rig.client.users_info(user=rig.kofi.id)
    rig.client.auth_test()
    maya, kofi = rig.maya.id, rig.kofi.id
    keys = [each.key for each in rig.box.weather_log()]
    assert keys == [f"views.open {maya}", f"views.update {maya}", f"users.info {kofi}", "auth.test"]


def test_what_the_app_is_sent_is_decided_for_its_person_and_place(rig: Rig) -> None:
    heard, maya, cohort = hearing(rig), rig.maya.id, rig.channel(COHORT)
    rig.app.command("/hello")(opening(modal(buttons("press"))))
    rig.app.action("press")(recording()[0])
    rig.app.view("form")(recording()[0])
    rig.app.shortcut("light")(recording()[0])
    rig.box.set_weather(Weather(lost_acks=1e-9))
    rig.maya.types("/hello", COHORT)
    rig.maya.clicks("press")
    rig.maya.submits()
    rig.maya.uses_shortcut("light")
    rig.maya.says("in the cohort", COHORT)
    rig.maya.says("to the app", rig.maya.opens_dm("lantern"))
    assert len(heard) == 2
    assert [each.key for each in rig.box.weather_log()] == [
        f"/hello {maya} {cohort} 0",
        f"block_actions {maya} form press 0",
        f"view_submission {maya} form 0",
        f"shortcut {maya} light 0",
        f"message {maya} {cohort} 0",
        f"message {maya} {maya} 0",
    ]


def test_a_storm_has_everything_and_begins_anew_with_its_seed(offline: Rig) -> None:
    storm = Weather.storm(11)
    assert all(asdict(storm).values())
    logs = []
    for _ in range(2):
        offline.box.set_weather(replace(storm, latency_seconds=0.001))
        calls_of(offline, "api.test", "")
        logs.append(offline.box.weather_log())
    assert logs[0] == logs[1]


@pytest.mark.parametrize(
    "nonsense",
    [
        {"seed": -1},
        {"seed": 2**53},
        {"seed": True},
        {"seed": 1.0},
        {"rate_limits": 1},
        {"server_errors": 1.01},
        {"lost_answers": -0.1},
        {"lost_acks": nan},
        {"duplicates": "0.1"},
        {"reordered": True},
        {"latency_seconds": 61},
        {"latency_spread": 3.1},
        {"dropped_sockets": None},
    ],
)
def test_a_weather_that_makes_no_sense_is_refused(nonsense: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(nonsense))) as caught:
        Weather(**nonsense)
    assert str(caught.value).endswith(".")


def test_each_minute_of_a_jump_has_its_lot_but_not_those_of_years(offline: Rig) -> None:
    offline.box.set_weather(Weather(seed=5, dropped_sockets=0.5))
    later(offline, 600)
    until(lambda: len(decided(offline, "dropped_sockets")) == 10)
    minutes = {each.key: each.outcome for each in decided(offline, "dropped_sockets")}
    assert minutes == {str(n): lot(5, "dropped_sockets", str(n), 0) < 0.5 for n in range(10)}
    offline.box.clock.advance(timedelta(days=3650))
    until(lambda: len(decided(offline, "dropped_sockets")) == 10 + 24 * 60)
