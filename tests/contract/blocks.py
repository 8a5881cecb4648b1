"""Blocks and elements to be held against Slack's rules, and the ways to try them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from slack_sdk.errors import SlackApiError

from tests.contract.rig import Json, Rig, modal, opening, options, plain

COHORT = "cohort-new-parents"
REFERENCE = "docs.slack.dev/reference/block-kit"
REFUSED = ["chat.postMessage: invalid_blocks", "views.publish: invalid_arguments"]
"""How blocks are refused in a message and in a view."""

DIVIDER: Json = {"type": "divider"}


def error(call: Any, **arguments: Any) -> str | None:
    """Call a method and return the code with which it refuses, if it does."""
    try:
        call(**arguments)
    except SlackApiError as refused:
        return str(refused.response["error"])
    return None


def reasons(call: Any, **arguments: Any) -> list[str]:
    """Call a method that refuses, and return its reasons."""
    try:
        call(**arguments)
    except SlackApiError as refused:
        return list(refused.response["response_metadata"]["messages"])
    return []


def post(rig: Rig, *blocks: Json) -> str | None:
    """Post the blocks and return the error, if any."""
    return error(rig.client.chat_postMessage, channel=rig.channel(COHORT), text="t", blocks=blocks)


def publish(rig: Rig, *blocks: Json, **more: Any) -> str | None:
    """Publish the blocks as maya's Home tab and return the error, if any."""
    view = {"type": "home", "blocks": list(blocks), **more}
    return error(rig.client.views_publish, user_id=rig.maya.id, view=view)


def form(rig: Rig) -> str:
    """Let maya open a form, and return the id of its view."""
    rig.app.command("/hello")(opening(modal()))
    assert rig.maya.types("/hello").ok
    view = rig.maya.view
    assert view is not None
    return str(view["id"])


def taken(rig: Rig, *blocks: Json, home: bool = True) -> list[Json]:
    """Return those blocks that may not stand alone in a message, and in a Home tab if `home`."""
    return [block for block in blocks if any(_alone(rig, block, home=home))]


def refused(rig: Rig, *blocks: Json, home: bool = True) -> list[Json]:
    """Return those blocks that may stand in a message or, if `home`, in a Home tab after all."""
    both = ["invalid_blocks", "invalid_arguments"]
    wanted = both if home else both[:1]
    return [block for block in blocks if _alone(rig, block, home=home) != wanted]


def _alone(rig: Rig, block: Json, *, home: bool) -> list[str | None]:
    """Return the errors of a message with this block alone and, if `home`, of such a Home tab."""
    say, channel = rig.client.chat_postMessage, rig.channel(COHORT)
    told = [error(say, channel=channel, text="t", blocks=[block])]
    return [*told, publish(rig, block)] if home else told


def each(block: Json, key: str, values: Iterable[Any]) -> list[Json]:
    """Return a copy of `block` for each value, under `key`."""
    return [{**block, key: value} for value in values]


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def beside(element: Json) -> Json:
    """Return a section with that element beside its words."""
    return {"type": "section", "text": plain("x"), "accessory": element}


def button(**more: Any) -> Json:
    return {"type": "button", "action_id": "go", "text": plain("Go"), **more}


def select(count: int = 1, **more: Any) -> Json:
    chosen = options(*(f"v{number}" for number in range(count)))
    return {"type": "static_select", "action_id": "s", "options": chosen, **more}


def image(**more: Any) -> Json:
    return {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a", **more}


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def line(*words: Json, **more: Any) -> Json:
    return {"type": "rich_text_section", "elements": list(words), **more}


def word(text: str = "x", **more: Any) -> Json:
    return {"type": "text", "text": text, **more}


def cell(text: str = "x") -> Json:
    return {"type": "raw_text", "text": text}


def table(rows: int = 2, cells: int = 2, **more: Any) -> Json:
    return {"type": "table", "rows": [[cell()] * cells] * rows, **more}


def data_table(rows: int = 2, **more: Any) -> Json:
    return {**table(rows), "type": "data_table", "caption": "Two days", **more}


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
    lines = [{"name": f"s{number}", "data": points(*labels)} for number in range(count)]
    return chart(series=lines, axis_config={"categories": labels})


def card(**more: Any) -> Json:
    return {"type": "card", "title": plain("x"), **more}


def container(*children: Json, **more: Any) -> Json:
    return {"type": "container", "title": plain("x"), "child_blocks": list(children), **more}


def feedback(**more: Any) -> Json:
    good, bad = ({"text": plain(word), "value": word} for word in ("good", "bad"))
    element = {"type": "feedback_buttons", "action_id": "rate", "positive_button": good}
    return {**element, "negative_button": bad, **more}


def trash(**more: Any) -> Json:
    return {"type": "icon_button", "action_id": "bin", "icon": "trash", "text": plain("x"), **more}


def below(*elements: Json) -> Json:
    return {"type": "context_actions", "block_id": "below", "elements": list(elements)}


def listed(*items: Json, **more: Any) -> Json:
    return {"type": "rich_text_list", "style": "bullet", "elements": list(items), **more}
