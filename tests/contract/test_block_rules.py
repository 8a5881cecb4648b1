"""What Slack refuses in blocks and views: each limit, at it and one beyond."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.contract.rig import Json, Rig, buttons, field, options, plain, said

COHORT = "cohort-new-parents"


def post(rig: Rig, *blocks: Json) -> str | None:
    """Post the blocks and return the error, if any."""
    try:
        rig.client.chat_postMessage(channel=rig.channel(COHORT), text="t", blocks=blocks)
    except SlackApiError as refused:
        return str(refused.response["error"])
    return None


def publish(rig: Rig, *blocks: Json, **more: Any) -> str | None:
    view = {"type": "home", "blocks": list(blocks), **more}
    try:
        rig.client.views_publish(user_id=rig.maya.id, view=view)
    except SlackApiError as refused:
        return str(refused.response["error"])
    return None


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def button(**more: Any) -> Json:
    return {"type": "button", "action_id": "go", "text": plain("Go"), **more}


def select(count: int = 1, **more: Any) -> Json:
    chosen = options(*(f"v{number}" for number in range(count)))
    return {"type": "static_select", "action_id": "s", "options": chosen, **more}


def fields(count: int, length: int = 1) -> Json:
    return {"type": "section", "fields": [plain("x" * length)] * count}


def chart(kind: str = "line", **more: Any) -> Json:
    categories = ["Mon", "Tue"]
    data = [{"label": label, "value": 3} for label in categories]
    inner = {
        "type": kind,
        "series": [{"name": "Mood", "data": data}],
        "axis_config": {"categories": categories},
    }
    return {"type": "data_visualization", "title": "Two days", "chart": {**inner, **more}}


def pie(count: int = 2, **more: Any) -> Json:
    segments = [{"label": f"part {n}", "value": 1, **more} for n in range(count)]
    inner = {"type": "pie", "segments": segments}
    return {"type": "data_visualization", "title": "Parts", "chart": inner}


def points(*labels: str) -> list[Json]:
    return [{"label": label, "value": 1.5} for label in labels]


def series(count: int, length: int = 2) -> Json:
    labels = [str(number) for number in range(length)]
    each = [{"name": f"s{number}", "data": points(*labels)} for number in range(count)]
    return chart(series=each, axis_config={"categories": labels})


PASS: list[Json] = [
    said("x" * 3000),
    fields(10, 1320),
    fields(6, 2000),
    {"type": "header", "text": plain("x" * 150)},
    {"type": "context", "elements": [plain("x")] * 10},
    actions(*(button(action_id=str(n)) for n in range(25))),
    actions(button(text=plain("x" * 75), value="x" * 2000, style="danger")),
    actions(select(100, placeholder=plain("x" * 150))),
    actions({"type": "overflow", "action_id": "o", "options": options(*"abcde")}),
    {"type": "divider"},
    {"type": "divider", "block_id": "x" * 255},
    {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a"},
    field("name", max_length=3000),
    chart("line"),
    chart("bar", axis_config={"categories": ["Mon", "Tue"], "x_label": "d", "y_label": "m"}),
    chart("area"),
    pie(6),
    series(6, 20),
]
FAIL: list[Json] = [
    said("x" * 3001),
    said(""),
    {"type": "section"},
    fields(11),
    fields(1, 2001),
    {"type": "header", "text": plain("x" * 151)},
    {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
    {"type": "context", "elements": [plain("x")] * 11},
    {"type": "context", "elements": []},
    actions(*(button(action_id=str(n)) for n in range(26))),
    actions(button(), button()),
    actions(button(text=plain("x" * 76))),
    actions(button(text={"type": "mrkdwn", "text": "x"})),
    actions(button(value="x" * 2001)),
    actions(button(style="loud")),
    actions(button(action_id="x" * 256)),
    actions(button(confirm={"title": plain("x"), "text": plain("x")})),
    actions(select(101)),
    actions(select(0)),
    actions(select(1, initial_option=options("other")[0])),
    actions(select(1, placeholder=plain("x" * 151))),
    actions({"type": "static_select", "action_id": "s", "options": options("x" * 76)}),
    actions({"type": "overflow", "action_id": "o", "options": options(*"abcdef")}),
    actions({"type": "radio_buttons", "action_id": "r", "options": options(*"abcdefghijk")}),
    actions({"type": "datepicker", "action_id": "d", "initial_date": "tomorrow"}),
    actions({"type": "plain_text_input", "action_id": "p"}),
    {"type": "divider", "block_id": "x" * 256},
    {"type": "image", "alt_text": "a"},
    {"type": "hologram"},
    field("name", "button", text=plain("x")),
    field("name", max_length=3001),
    {**field("name"), "label": plain("x" * 2001)},
    {**chart(), "title": "x" * 51},
    {**chart(), "title": None},
    {**chart(), "chart": None},
    chart("donut"),
    pie(7),
    pie(0),
    pie(1, value=0),
    pie(1, label="x" * 21),
    series(7),
    series(0),
    series(1, 21),
    chart(series=[{"name": "x" * 21, "data": points("Mon", "Tue")}]),
    chart(series=[{"name": "a", "data": points("Mon")}]),
    chart(series=[{"name": "a", "data": points("Mon", "Wed")}]),
    chart(series=[{"name": "a", "data": points("Mon", "Mon")}]),
    chart(series=[{"name": "a", "data": points("Mon", "Tue")}] * 2),
    chart(series=[{"name": "a", "data": [*points("Mon"), {"label": "Tue", "value": "3"}]}]),
    chart(axis_config={"categories": ["x" * 21, "Tue"]}),
    chart(axis_config={"categories": ["Mon", "Tue"], "x_label": "x" * 51}),
    chart(axis_config=None),
]


@pytest.mark.parametrize("block", PASS)
def test_a_block_at_its_limits_is_shown(offline: Rig, block: Json) -> None:
    assert post(offline, block) is None
    assert publish(offline, block) is None


@pytest.mark.parametrize("block", FAIL)
def test_a_block_beyond_its_limits_is_refused(offline: Rig, block: Json) -> None:
    assert post(offline, block) == "invalid_blocks"
    assert publish(offline, block) == "invalid_arguments"
    assert offline.box.posted() == []
    assert offline.maya.home is None


def test_a_refusal_says_what_is_wrong_and_where(offline: Rig) -> None:
    with pytest.raises(SlackApiError) as caught:
        offline.client.chat_postMessage(
            channel=offline.channel(COHORT), text="t", blocks=[said("a"), said("x" * 3001)]
        )
    (reason,) = caught.value.response["response_metadata"]["messages"]
    assert "must be less than 3001 characters" in reason
    assert "/blocks/1/text/text" in reason


def test_a_message_has_fifty_blocks_and_a_home_a_hundred(offline: Rig) -> None:
    rule: Json = {"type": "divider"}
    assert post(offline, *[rule] * 50) is None
    assert post(offline, *[rule] * 51) == "invalid_blocks"
    assert publish(offline, *[rule] * 100) is None
    assert publish(offline, *[rule] * 101) == "invalid_arguments"


def test_two_blocks_do_not_share_an_id(offline: Rig) -> None:
    assert post(offline, buttons("a"), buttons("b")) == "invalid_blocks"


def test_a_third_chart_is_dropped_without_a_word(offline: Rig) -> None:
    assert post(offline, chart("line"), said("between"), chart("bar"), pie()) is None
    (message,) = offline.box.posted()
    kinds = [block["type"] for block in message["blocks"]]
    assert kinds == ["data_visualization", "section", "data_visualization"]


@pytest.mark.parametrize("key", ["private_metadata", "callback_id", "external_id"])
def test_what_a_view_carries_has_an_end(offline: Rig, key: str) -> None:
    most = 3000 if key == "private_metadata" else 255
    assert publish(offline, said("x"), **{key: "x" * most}) is None
    assert publish(offline, said("x"), **{key: "x" * (most + 1)}) == "invalid_arguments"


def test_a_view_can_be_too_large(offline: Rig) -> None:
    assert publish(offline, *(said("x" * 3000) for _each in range(100))) == "view_too_large"


@pytest.mark.parametrize(
    "change",
    [
        {"title": plain("x" * 25)},
        {"title": None},
        {"submit": plain("x" * 25)},
        {"close": plain("x" * 25)},
        {"submit": None, "blocks": [field("name")]},
        {"blocks": [chart()]},
    ],
)
def test_a_modal_has_rules_of_its_own(rig: Rig, change: Json) -> None:
    view = {
        "type": "modal",
        "title": plain("x" * 24),
        "submit": plain("x" * 24),
        "close": plain("x" * 24),
        "blocks": [field("name")],
    }
    errors: list[str | None] = []

    def open_both(ack: Any, body: Json) -> None:
        for each in (view | change, view):
            try:
                rig.client.views_open(trigger_id=body["trigger_id"], view=each)
                errors.append(None)
            except SlackApiError as refused:
                errors.append(str(refused.response["error"]))
        ack()

    rig.app.command("/hello")(open_both)
    assert rig.maya.types("/hello").ok
    assert errors == ["invalid_arguments", None]
