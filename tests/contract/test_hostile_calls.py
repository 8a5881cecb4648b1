"""Calls that make no sense, whatever the method, and calls from elsewhere."""

from __future__ import annotations

import json
from http.client import HTTPConnection
from typing import Any
from urllib.request import Request

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.weather.weather import Weather
from sandbox.webapi import METHODS
from tests.contract.doors import status_of
from tests.contract.facts import Sure, pins
from tests.contract.rig import Json, Rig

ENDS = ("apps.uninstall", "auth.revoke")
"""After these nothing else would be looked at."""

NAMES = sorted(set(METHODS) - set(ENDS))
HUGE = st.sampled_from([10**400, -(10**400), 2**63, "9" * 5000, "x" * 50_000, "\0", "\u202e<!--"])
PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
VALUE = st.recursive(
    PLAIN | st.text(max_size=20) | HUGE,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "text", "blocks", "id", "elements"]), inner)
    ),
    max_leaves=12,
)


def known(rig: Rig) -> Json:
    """Return arguments that make sense, so that nonsense beside them is looked at."""
    channel = rig.channel("cohort-new-parents")
    ts = rig.client.chat_postMessage(channel=channel, text="t")["ts"]
    view = {"type": "home", "blocks": []}
    here = {"channel": channel, "ts": ts, "timestamp": ts, "name": "heart", "text": "t"}
    return here | {"user": rig.maya.id, "users": rig.maya.id, "user_id": rig.maya.id, "view": view}


def called(line: HTTPConnection, token: str, method: str, arguments: Json) -> Json:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    line.request("POST", f"/api/{method}", json.dumps(arguments), headers)
    response = line.getresponse()
    answer: Json = json.loads(response.read(), parse_constant=lambda name: pytest.fail(name))
    assert response.status == 200
    return answer


@pins("Whatever is in its arguments, a call is carried out or refused.", "", Sure.OURS)
@pytest.mark.parametrize("name", NAMES)
def test_a_method_takes_nonsense_or_refuses_it(offline: Rig, name: str) -> None:
    declared = METHODS[name]
    token = offline.box.app_token if declared.token == "app" else offline.box.bot_token
    sense = known(offline)
    offline.box.set_weather(Weather(lost_acks=1.0))  # so that lots are drawn for each call
    line = HTTPConnection(offline.box.url.removeprefix("http://"))
    names = st.sampled_from(sorted({*declared.required, *declared.optional, "team_id"}))

    @settings(
        max_examples=12,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.dictionaries(names, VALUE, min_size=1, max_size=3))
    def check(nonsense: dict[str, Any]) -> None:
        arguments = {each: sense[each] for each in declared.required if each in sense} | nonsense
        assert called(line, token, name, arguments).get("error") != "internal_error"

    try:
        check()
        assert called(line, offline.box.bot_token, "auth.test", {})["ok"]
    finally:
        line.close()


@pins("A foreign page may lead here by a link, and ask for nothing itself.", "", Sure.OURS)
def test_a_foreign_page_may_only_link_here(offline: Rig) -> None:
    asked = {"/": 200, "/oauth/v2/authorize": 400, "/api/api.test": 403, "/page/main.js": 403}
    for path, status in asked.items():
        request = Request(offline.box.url + path, headers={"Sec-Fetch-Site": "cross-site"})
        assert status_of(request) == status
