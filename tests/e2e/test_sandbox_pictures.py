"""The pictures of docs/sandbox.md: a week of a cohort, the timeline, rough weather, a form.

`make pictures` draws them anew; without it nothing is drawn, and only what they show is checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from slack_sdk.errors import SlackApiError

from sandbox.weather.weather import Weather
from tests.contract.rig import Json, Rig, buttons, field, manifest, modal, opening, options, plain
from tests.e2e.conftest import keep
from tests.e2e.pages import Pages
from tests.e2e.stage import narrow, opened

pytestmark = pytest.mark.browser

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
COHORT = "cohort-new-parents"
DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri"]
WEEK = {"Mood": (3.2, 3.5, 3.1, 3.8, 4.1), "Energy": (2.6, 2.4, 2.9, 3.0, 3.4)}
FORM = [
    {
        "type": "alert",
        "level": "info",
        "text": {"type": "mrkdwn", "text": "Only *you* see what you write here."},
    },
    {
        "type": "input",
        "block_id": "mood",
        "label": plain("How was your week?"),
        "element": {
            "type": "radio_buttons",
            "action_id": "mood",
            "options": options("steady", "stretched", "empty"),
        },
    },
    field("note", optional=True, multiline=True, max_length=300),
]


def week() -> list[Json]:
    series = [
        {
            "name": name,
            "data": [{"label": d, "value": v} for d, v in zip(DAYS, values, strict=True)],
        }
        for name, values in WEEK.items()
    ]
    axes = {"categories": DAYS, "y_label": "1 to 5"}
    chart = {"type": "line", "series": series, "axis_config": axes}
    head = [{"type": "raw_text", "text": text} for text in ("Day", "Check-ins", "Shared")]
    rows = [
        [{"type": "raw_text", "text": day}, number(count), number(count // 3)]
        for day, count in zip(DAYS[:3], (11, 9, 12), strict=True)
    ]
    sides = {
        "positive_button": {"text": plain("Helpful"), "value": "up"},
        "negative_button": {"text": plain("Not helpful"), "value": "down"},
    }
    feedback = {"type": "feedback_buttons", "action_id": "feedback", **sides}
    return [
        {"type": "header", "text": plain("The week of the cohort")},
        {"type": "data_visualization", "title": "Mood and energy", "chart": chart},
        {"type": "table", "rows": [head, *rows]},
        {"type": "context_actions", "elements": [feedback]},
        buttons("Check in", "Later"),
    ]


def number(value: int) -> Json:
    return {"type": "raw_number", "value": value, "text": str(value)}


@pytest.fixture
def rig(pages: Pages, tmp_path: Path) -> Iterator[Rig]:
    """A cohort in which something was said, and an app that missed an event."""
    made = Rig(tmp_path, manifest(), ack_seconds=0.2, retry_after_seconds=(0,), port=pages.port)
    broken = iter([True])

    @made.app.event("message")
    def listen() -> None:
        if next(broken, False):
            raise ValueError("broken on purpose")

    made.app.event("reaction_added")(lambda event: None)
    made.app.command("/hello")(opening(modal(*FORM)))
    made.connect()
    channel = made.channel(COHORT)
    made.kofi.says("Four hours in one go last night. I feel like a new person.", channel=COHORT)
    said = made.client.chat_postMessage(channel=channel, text="The week", blocks=week())
    made.maya.reacts("seedling", channel=COHORT, ts=str(said["ts"]))
    made.kofi.reacts("heart", channel=COHORT, ts=str(said["ts"]))
    made.maya.types("/hello", channel=COHORT)
    made.maya.closes()
    with pytest.raises(SlackApiError):
        made.client.chat_postMessage(channel="nowhere", text="t")
    yield made
    made.close()


@pytest.mark.parametrize("look", ["light", "dark"])
def test_the_conversation_and_the_timeline(pages: Pages, rig: Rig, look: str) -> None:
    dark = look == "dark"
    with opened(pages, rig, "desktop", where=rig.channel(COHORT), dark=dark) as page:
        page.get_by_role("button", name="Timeline").click()
        expect(page.get_by_test_id("panel")).to_contain_text("timeout")
        expect(page.get_by_role("img", name="Line chart")).to_be_visible()
        assert narrow(page)
        keep(page, f"sandbox-timeline-{look}", PICTURES)


def test_rough_weather(pages: Pages, rig: Rig) -> None:
    with opened(pages, rig, "desktop", where=rig.channel(COHORT)) as page:
        rig.box.set_weather(Weather.storm(seed=41))
        page.get_by_role("button", name="Weather: rate limits").click()
        expect(page.get_by_test_id("panel")).to_contain_text("Rough: rate limits")
        keep(page, "sandbox-weather", PICTURES)


def test_a_form(pages: Pages, rig: Rig) -> None:
    with opened(pages, rig, "desktop", where=rig.channel(COHORT), dark=True) as page:
        rig.maya.types("/hello", channel=COHORT)
        form = page.get_by_test_id("modal")
        form.get_by_label("Steady").check()
        form.get_by_label("note").fill("The walk at noon helped.")
        keep(page, "sandbox-form", PICTURES)


def test_the_phone(pages: Pages, rig: Rig) -> None:
    with opened(pages, rig, "phone", where=rig.channel(COHORT), dark=False) as page:
        expect(page.get_by_role("img", name="Line chart")).to_be_visible()
        assert narrow(page)
        keep(page, "sandbox-phone", PICTURES)
        page.get_by_role("button", name="Timeline").click()
        expect(page.get_by_test_id("panel")).to_contain_text("timeout")
        assert narrow(page)
        keep(page, "sandbox-phone-timeline", PICTURES)
