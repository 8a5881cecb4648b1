"""The control API: hostile input gets a sentence, and a person sees only their own things."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest

from sandbox import Person, Weather
from tests.contract.asking import answered
from tests.contract.conftest import MakeRig
from tests.contract.facts import Sure, pins
from tests.contract.rig import Json, Rig, buttons, field, modal, opening, options, recording

COHORT = "cohort-new-parents"


def refused(rig: Rig, path: str, body: str | bytes) -> str:
    """Return the sentence with which a POST is refused."""
    with answered(rig, "POST", path, body, Content_Type="application/json") as response:
        answer: Json = json.loads(response.read())
        assert (response.status, answer["ok"]) == (400, False)
        return str(answer["error"])


BROKEN_BODIES = [
    b"",
    b"{",
    b"[]",
    b"\xff",
    b"[" * 50_000,
    b'{"as": "maya"}',
    b'{"as": "maya", "do": "fly"}',
    b'{"as": "maya", "do": ["message"]}',
    b'{"as": "nobody", "do": "message"}',
    b'{"as": "lantern", "do": "message"}',
    b'{"as": 7, "do": "message"}',
    b'{"as": "maya", "do": "message", "channel": "general"}',
    b'{"as": "maya", "do": "message", "channel": "general", "text": "  "}',
    b'{"as": "maya", "do": "message", "channel": "general", "text": "\\ud800"}',
    b'{"as": "maya", "do": "message", "channel": "care-moderators", "text": "hi"}',
    b'{"as": "maya", "do": "message", "channel": "general", "text": "x", "thread_ts": "1.2"}',
    b'{"as": "maya", "do": "message", "channel": "general", "text": "' + b"x" * 200_001 + b'"}',
    b'{"as": "maya", "do": "command", "channel": "general", "text": "hello"}',
    b'{"as": "maya", "do": "command", "channel": "general", "text": "/hello", "twice": "yes"}',
    b'{"as": "maya", "do": "submit", "view_id": "V404", "values": {}}',
    b'{"as": "maya", "do": "close", "view_id": {}}',
    b'{"as": "maya", "do": "block_action", "block_id": "b", "action_id": "a", "view_id": "V4"}',
    b'{"as": "maya", "do": "block_action", "block_id": "b", "action_id": "a"}',
    b'{"as": "maya", "do": "react", "channel": "general", "ts": "1.2", "name": "heart"}',
    b'{"as": "maya", "do": "open_dm", "user": "nobody"}',
    b'{"as": "maya", "do": "dismiss", "notice": 99}',
    b'{"as": "maya", "do": "dismiss", "notice": [1]}',
    b'{"as": "maya", "do": "dismiss"}',
]


@pytest.mark.parametrize("body", BROKEN_BODIES, ids=range(len(BROKEN_BODIES)))
@pins("A malformed act gets one sentence.", "", Sure.OURS)
def test_a_malformed_act_gets_one_sentence(offline: Rig, body: bytes) -> None:
    sentence = refused(offline, "/control/act", body)
    assert sentence
    assert sentence.endswith((".", "?"))
    assert len(sentence) < 300


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/control/clock", "{}"),
        ("/control/clock", '{"to": "tomorrow"}'),
        ("/control/clock", '{"to": "2026-01-01T00:00:00"}'),
        ("/control/clock", '{"to": "2020-01-01T00:00:00+00:00"}'),
        ("/control/clock", '{"to": "9999-12-31T23:59:59-23:59"}'),
        ("/control/clock", '{"to": "0001-01-01T00:00:00+23:59"}'),
        ("/control/clock", '{"advance_seconds": -1}'),
        ("/control/clock", '{"advance_seconds": 1e300}'),
        ("/control/clock", '{"advance_seconds": NaN}'),
        ("/control/clock", '{"advance_seconds": true}'),
        ("/control/faults", "{}"),
        ("/control/faults", '{"method": "views.open"}'),
        ("/control/faults", '{"method": "views.open", "status": 200}'),
        ("/control/faults", '{"method": "views.open", "status": 500, "times": 0}'),
        ("/control/faults", '{"trigger_seconds": "soon"}'),
        ("/control/faults", '{"method": "views.open", "after": true}'),
        ("/control/faults", '{"method": "views.open", "cut": true, "status": 500}'),
        ("/control/faults", '{"method": "views.open", "cut": "yes"}'),
        ("/control/faults", '{"method": "views.open", "status": 500, "retry_after": 3}'),
        ("/control/faults", '{"method": "views.open", "retry_after": -1}'),
        ("/control/faults", '{"method": "views.open", "retry_after": 3, "after": true}'),
        ("/control/faults", '{"method": "views.open", "cut": true, "times": "always"}'),
        ("/control/faults", '{"method": "chat.update", "cut": true, "channel": "nowhere"}'),
        ("/control/faults", '{"method": "chat.update", "cut": true, "channel": 7}'),
        ("/control/faults", '{"method": "views.open", "delay_seconds": 1' + "0" * 400 + "}"),
    ],
)
@pins("A malformed order gets one sentence, and changes nothing.", "", Sure.OURS)
def test_a_malformed_clock_or_fault_gets_one_sentence(offline: Rig, path: str, body: str) -> None:
    assert refused(offline, path, body).endswith(".")


@pytest.mark.parametrize(
    "body",
    [
        "7",
        '{"wind": 1}',
        '{"server_errors": 1.5}',
        '{"server_errors": -1}',
        '{"server_errors": NaN}',
        '{"server_errors": Infinity}',
        '{"server_errors": 1' + "0" * 400 + "}",
        '{"server_errors": "0.5"}',
        '{"server_errors": null}',
        '{"server_errors": true}',
        '{"server_errors": [0.5]}',
        '{"seed": 1.5}',
        '{"seed": -1}',
        '{"seed": 9007199254740992}',
        '{"rate_limits": "yes"}',
        '{"rate_limits": 1}',
        '{"latency_seconds": 61}',
        '{"lost_acks": 0.5, "duplicates": 2}',
        '{"' + "w" * 10_000 + '": 1}',
    ],
)
@pins("A weather that makes no sense gets one sentence and changes nothing.", "", Sure.OURS)
def test_a_weather_that_makes_no_sense_gets_one_sentence_and_changes_nothing(
    offline: Rig, body: str
) -> None:
    before = offline.control.post("/control/weather", {"seed": 3, "lost_acks": 0.25})
    sentence = refused(offline, "/control/weather", body)
    assert sentence.endswith(".")
    assert len(sentence) < 200
    assert offline.control.get("/control/weather") == before


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (["x"], "must look like"),
        ({"name": "x"}, "must look like"),
        ({"nowhere": {"name": "x"}}, "Nothing here has"),
        ({"name": {"name": ["x"]}}, "takes a text"),
        ({"pick": {"pick": "zebra"}}, "no option"),
        ({"many": {"many": "a"}}, "takes a list"),
        ({"many": {"many": ["zebra"]}}, "no option"),
        ({"day": {"day": "tomorrow"}}, "takes a date"),
        ({"row": {"press": "x"}}, "has no value"),
    ],
)
def test_values_that_a_form_cannot_hold_are_refused(rig: Rig, values: Any, sentence: str) -> None:
    listener, bodies = recording()
    rig.app.view("form")(listener)
    choices = options("a", "b")
    row = buttons("press") | {"block_id": "row"}
    blocks = [
        field("name"),
        field("pick", "static_select", options=choices),
        field("many", "checkboxes", options=choices),
        field("day", "datepicker"),
        row,
    ]
    rig.app.command("/hello")(opening(modal(*blocks)))
    rig.maya.types("/hello")
    view = rig.maya.view
    assert view is not None
    body = {"as": rig.maya.id, "do": "submit", "view_id": view["id"], "values": values}
    assert sentence in refused(rig, "/control/act", json.dumps(body))
    assert bodies == []


@pins("Only the view on top can be used, and only by its person.", "", Sure.GUESSED)
def test_only_the_view_on_top_can_be_used_and_only_by_its_person(rig: Rig) -> None:
    def push(ack: Any, body: Json, client: Any) -> None:
        client.views_push(trigger_id=body["trigger_id"], view=modal())
        ack()

    rig.app.action("deeper")(push)
    rig.app.command("/hello")(opening(modal(buttons("deeper"))))
    rig.maya.types("/hello")
    rig.maya.clicks("deeper")
    below, top = rig.maya.views
    act = {"as": rig.maya.id, "do": "submit", "view_id": below["id"]}
    assert "on top" in refused(rig, "/control/act", json.dumps(act))
    foreign = {"as": rig.kofi.id, "do": "submit", "view_id": top["id"]}
    assert "no view" in refused(rig, "/control/act", json.dumps(foreign))


@pins("The control API takes JSON alone, which a foreign page cannot send.", "", Sure.OURS)
def test_a_form_that_is_not_json_is_refused(offline: Rig) -> None:
    form = "application/x-www-form-urlencoded"
    with answered(offline, "POST", "/control/act", '{"as": "maya"}', Content_Type=form) as answer:
        assert answer.status == 400
        assert b"application/json" in answer.read()


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": ""},
        {"Host": "[::1"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize("path", ["/control/workspace", "/control/weather", "/api/api.test", "/"])
@pins("Only this machine may ask, and no foreign page.", "", Sure.OURS)
def test_a_foreign_host_or_page_is_turned_away(
    offline: Rig, path: str, headers: dict[str, str]
) -> None:
    with answered(offline, "GET", path, **headers) as response:
        assert response.status == 403


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1", "[::1]:80"])
def test_this_machine_is_let_in_under_each_of_its_names(offline: Rig, host: str) -> None:
    with answered(offline, "GET", "/control/workspace", Host=host) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    "path",
    ["/control/see", "/control/see?as=nobody", "/control/stream?as=U1", "/control/panels/none"],
)
def test_an_unknown_person_or_panel_gets_a_sentence(offline: Rig, path: str) -> None:
    with answered(offline, "GET", path) as response:
        assert response.status == 400
        assert json.loads(response.read())["error"].endswith(".")


def test_the_workspace_shows_what_the_manifest_declares(offline: Rig) -> None:
    seen = offline.control.get("/control/workspace")
    assert seen["app"]["commands"] == [
        {"command": "/hello", "description": "Says hello", "usage_hint": "[name]"},
        {"command": "/find", "description": "Finds them", "usage_hint": ""},
    ]
    assert seen["app"]["shortcuts"][0]["callback_id"] == "light"
    assert (seen["app"]["home_tab"], seen["app"]["messages_tab"]) == (True, "open")
    assert seen["connections"] == 0
    assert sum(not person["is_bot"] for person in seen["people"]) == 26
    maya = next(person for person in seen["people"] if person["name"] == "maya")
    assert {"tz", "tz_label", "tz_offset", "locale", "title", "note", "real_name"} <= set(maya)


@pins("A person sees only what they would see in Slack.", "", Sure.OURS)
def test_a_person_sees_only_their_own_channels(offline: Rig) -> None:
    names = {channel["name"] for channel in offline.maya.sees()["channels"]}
    assert names == {"general", "random", COHORT}
    offline.maya.says("psst", offline.maya.opens_dm("kofi"))
    assert offline.kofi.is_shown("psst")
    assert not offline.box.person("rosa").is_shown("psst")


@pins(
    "Guests and strangers do not know the names of public channels that they are not in.",
    "",
    Sure.GUESSED,
)
def test_a_public_channel_is_known_by_name_to_all_but_guests_and_strangers(offline: Rig) -> None:
    offline.box.make_private("random")
    names = {name: offline.box.person(name).sees()["names"].values() for name in ("theo", "binod")}
    assert "cohort-new-parents" in names["theo"], "theo is not in it"
    assert not {"care-moderators", "random"} & set(names["theo"])
    assert not names["binod"]


def test_unread_messages_are_counted_until_they_are_read(offline: Rig) -> None:
    def unread() -> int:
        channels = offline.maya.sees()["channels"]
        return next(int(c["unread"]) for c in channels if c["name"] == "general")

    assert unread() == 0
    offline.kofi.says("one", "general")
    offline.kofi.says("two", "general")
    assert unread() == 2
    assert offline.act("read", channel="general")["outcome"] == "read"
    assert unread() == 0


@pins("A page is told of every change that its person sees, and of the clock.", "", Sure.OURS)
def test_the_stream_tells_of_changes_and_of_the_clock(offline: Rig) -> None:
    path = f"/control/stream?as={offline.maya.id}"
    with answered(offline, "GET", path) as response:

        def event() -> tuple[str, Json]:
            lines = [response.readline().decode().strip() for _ in range(3)]
            return lines[0].removeprefix("event: "), json.loads(lines[1].removeprefix("data: "))

        assert response.headers["Content-Type"] == "text/event-stream"
        name, first = event()
        assert name == "changed"
        offline.kofi.says("news", "general")
        name, second = event()
        assert (name, second["version"] > first["version"]) == ("changed", True)
        offline.box.clock.real()
        assert event()[0] == "workspace"


def test_what_others_do_elsewhere_does_not_wake_a_stream(offline: Rig) -> None:
    before = offline.maya.sees()["version"]
    offline.box.person("rosa").says("between us", "care-moderators")
    assert offline.maya.sees()["version"] == before


def test_a_panel_shows_what_its_function_returns(make_rig: MakeRig) -> None:
    rows = {"columns": ["a"], "rows": [["1"]], "note": "one"}
    rig = make_rig(sandbox={"panels": {"What is stored": lambda: rows}})
    assert rig.control.get("/control/workspace")["panels"] == ["What is stored"]
    assert rig.control.get("/control/panels/What%20is%20stored") == rows


@pins("Clock and faults can be set from outside.", "", Sure.OURS)
def test_clock_and_faults_can_be_set_from_outside(offline: Rig) -> None:
    now = offline.control.post("/control/clock", {"advance_seconds": 3600})
    assert 3599 < now["offset_seconds"] < 3601
    assert offline.control.post("/control/clock", {"real": True})["offset_seconds"] == 0
    offline.control.post("/control/faults", {"method": "auth.test", "error": "fatal_error"})
    with answered(offline, "DELETE", "/control/faults") as response:
        assert response.status == 200
    assert offline.client.auth_test()["ok"]
    assert offline.control.get("/control/calls")[-1]["method"] == "auth.test"


@pins("The weather can be read and set from outside, field by field.", "", Sure.OURS)
def test_the_weather_can_be_read_and_set_from_outside(offline: Rig) -> None:
    path = "/control/weather"
    calm = {"weather": asdict(Weather()), "calm": True}
    assert offline.control.get(path) == calm
    offline.control.post(path, {"seed": 9, "rate_limits": True, "duplicates": 1})
    now = offline.control.post(path, {"lost_acks": 0.5})
    wanted = Weather(seed=9, rate_limits=True, duplicates=1, lost_acks=0.5)
    assert now == offline.control.get(path) == {"weather": asdict(wanted), "calm": False}
    assert offline.box.weather == wanted
    with answered(offline, "DELETE", path) as response:
        assert json.loads(response.read()) == calm
    assert offline.box.weather.calm


def test_a_page_is_told_of_another_weather(offline: Rig) -> None:
    path = f"/control/stream?as={offline.maya.id}"
    with answered(offline, "GET", path) as response:
        assert response.readline() == b"event: changed\n"
        offline.box.set_weather(Weather(lost_acks=0.5))
        assert b"event: workspace\n" in [response.readline() for _ in range(3)]


def test_a_person_works_from_elsewhere_by_address_alone(offline: Rig) -> None:
    maya = Person(offline.box.url, "maya")
    ts = maya.says("from another process", "general")
    assert offline.kofi.messages("general")[-1]["ts"] == ts
    maya.close()
    with pytest.raises(LookupError):
        Person(offline.box.url, "nobody")
