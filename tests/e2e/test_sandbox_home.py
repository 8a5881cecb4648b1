"""The sandbox's page with an app of its own: Home tab, charts, files, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect
from slack_sdk import WebClient

from tests.contract.rig import Json, Rig, buttons, field, manifest, modal, opening, options, said
from tests.e2e.conftest import keep
from tests.e2e.pages import Pages
from tests.e2e.stage import narrow, opened
from tests.waiting import until

pytestmark = pytest.mark.browser

DAYS = ["Mon", "Tue", "Wed"]


def points(*values: float) -> list[Json]:
    return [{"label": day, "value": value} for day, value in zip(DAYS, values, strict=True)]


def chart(kind: str, title: str) -> Json:
    series = [
        {"name": "Mood", "data": points(4, 2, 5)},
        {"name": "Energy", "data": points(3, 3, 1)},
    ]
    inner = {
        "type": kind,
        "series": series,
        "axis_config": {"categories": DAYS, "y_label": "Level"},
    }
    return {"type": "data_visualization", "title": title, "chart": inner}


def home(*more: Json) -> Json:
    menu = {"type": "overflow", "action_id": "more", "options": options("export", "forget")}
    chooser = {"type": "datepicker", "action_id": "until"}
    boxes = {"type": "checkboxes", "action_id": "kinds", "options": options("mood", "sleep")}
    plain = {"type": "plain_text", "text": "Your days"}
    blocks: list[Json] = [
        {"type": "header", "text": plain},
        chart("line", "This week"),
        {"type": "divider"},
        {"type": "section", "fields": [{"type": "mrkdwn", "text": t} for t in ("*Room*", "full")]},
        {**said("Your data"), "block_id": "data", "accessory": menu},
        {"type": "actions", "block_id": "choices", "elements": [chooser, boxes]},
        buttons("open"),
        chart("bar", "The same as bars"),
        *more,
    ]
    return {"type": "home", "blocks": blocks}


@pytest.fixture
def rig(pages: Pages, tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path, manifest(events=["app_home_opened"]), port=pages.port)
    yield made
    made.close()


@pytest.fixture
def taken(rig: Rig) -> list[Json]:
    """Connect an app that publishes a Home when it is opened, and return the actions it takes."""
    actions: list[Json] = []

    def show(event: Json, client: WebClient) -> None:
        if event["tab"] == "home":
            client.views_publish(user_id=event["user"], view=home())

    def take(ack: Any, body: Json, client: WebClient) -> None:
        actions.append(body["actions"][0])
        client.views_publish(user_id=body["user"]["id"], view=home(said("Taken")))
        ack()

    rig.app.event("app_home_opened")(show)
    rig.app.action("open")(opening(modal(field("name"))))
    for action in ("more", "until", "kinds"):
        rig.app.action(action)(take)
    rig.connect()
    return actions


def test_the_home_by_mouse(pages: Pages, rig: Rig, taken: list[Json], size: str) -> None:
    with opened(pages, rig, size) as page:
        page.get_by_role("tab", name="Home").click()
        place = page.get_by_test_id("home")
        expect(place.get_by_role("heading", name="Your days")).to_be_visible()
        expect(page.get_by_test_id("composer")).to_be_hidden()
        picture = place.get_by_role("img", name="Line chart: This week.")
        expect(picture).to_be_visible()
        name = picture.get_attribute("aria-label") or ""
        assert "Mood: Mon 4, Tue 2, Wed 5. Energy: Mon 3, Tue 3, Wed 1." in name
        assert narrow(page)
        keep(page, f"sandbox-home-{size}")
        place.get_by_text("The numbers").first.click()
        expect(place.get_by_role("row", name="Tue 2 3").first).to_be_visible()
        place.get_by_role("button", name="More options").click()
        page.get_by_role("menuitem", name="Forget").click()
        expect(place.get_by_text("Taken")).to_be_visible()
        assert taken[0]["selected_option"]["value"] == "forget"
        place.get_by_label("Sleep").check()
        expect(place.get_by_label("Sleep")).to_be_checked()
        until(lambda: len(taken) > 1, "the app does not hear of it")
        assert [each["value"] for each in taken[1]["selected_options"]] == ["sleep"]
        place.get_by_role("button", name="open").click()
        expect(page.get_by_test_id("modal")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_test_id("modal")).to_be_hidden()
        page.get_by_role("tab", name="Messages").click()
        expect(place).to_be_hidden()
        expect(page.get_by_test_id("composer")).to_be_visible()


def test_the_home_by_keyboard(pages: Pages, rig: Rig, taken: list[Json]) -> None:
    with opened(pages, rig, "desktop") as page:
        messages, tab = (page.get_by_role("tab", name=name) for name in ("Messages", "Home"))
        messages.focus()
        page.keyboard.press("ArrowLeft")
        expect(tab).to_be_focused()
        expect(tab).to_have_attribute("aria-selected", "true")
        place = page.get_by_test_id("home")
        expect(place.get_by_role("heading", name="Your days")).to_be_visible()
        page.keyboard.press("Tab")
        expect(place).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(place.get_by_role("row", name="Mon 4 3").first).to_be_visible()
        page.keyboard.press("Tab")
        expect(place.get_by_role("button", name="More options")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        expect(place.get_by_text("Taken")).to_be_visible()
        assert taken[0]["selected_option"]["value"] == "export"
        place.get_by_role("button", name="open").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_test_id("modal")).to_be_visible()
        page.keyboard.press("Escape")
        expect(place.get_by_role("button", name="open")).to_be_focused()
        page.reload()
        expect(place.get_by_role("heading", name="Your days")).to_be_visible()


def test_a_home_that_the_app_does_not_fill_says_so(pages: Pages, rig: Rig) -> None:
    with opened(pages, rig, "desktop") as page:
        page.get_by_role("tab", name="Home").click()
        expect(page.get_by_test_id("home")).to_contain_text("Lantern shows nothing here yet.")
        expect(page.get_by_test_id("home")).to_contain_text("not connected just now")


@pytest.mark.parametrize("kind", ["area", "pie"])
def test_every_kind_of_chart_is_drawn_in_a_message(pages: Pages, rig: Rig, kind: str) -> None:
    parts = [{"label": "kept", "value": 3}, {"label": "shared", "value": 1}]
    pie = {"type": "data_visualization", "title": "It", "chart": {"type": "pie", "segments": parts}}
    block = chart(kind, "It") if kind == "area" else pie
    rig.client.chat_postMessage(channel=rig.maya.id, text="t", blocks=[block])
    with opened(pages, rig, "phone") as page:
        expect(page.get_by_role("img", name=f"{kind.title()} chart: It")).to_be_visible()
        assert narrow(page)
        keep(page, f"sandbox-chart-{kind}")


def test_a_file_is_saved_from_the_page_and_goes_when_it_is_deleted(
    pages: Pages, rig: Rig, size: str
) -> None:
    dm = str(rig.client.conversations_open(users=rig.maya.id)["channel"]["id"])
    done = rig.client.files_upload_v2(
        channel=dm, filename="days.csv", title="Your days", content="a,b\n", initial_comment="Here."
    )
    with opened(pages, rig, size) as page:
        link = page.get_by_role("link", name="Save Your days")
        keep(page, f"sandbox-file-{size}")
        with page.expect_download() as saving:
            link.click()
        assert saving.value.suggested_filename == "days.csv"
        assert Path(saving.value.path()).read_text() == "a,b\n"
        with urlopen(rig.box.url + (link.get_attribute("href") or "")) as response:
            assert response.read() == b"a,b\n"
        rig.client.files_delete(file=str(done["file"]["id"]))
        expect(page.get_by_text("This file was deleted.")).to_be_visible()
        expect(link).to_be_hidden()


def test_a_pinned_message_says_so(pages: Pages, rig: Rig) -> None:
    channel = rig.channel("cohort-new-parents")
    ts = str(rig.client.chat_postMessage(channel=channel, text="notice")["ts"])
    rig.client.pins_add(channel=channel, timestamp=ts)
    with opened(pages, rig, "desktop") as page:
        page.get_by_role("button", name="cohort-new-parents").click()
        expect(page.get_by_test_id("message").filter(has_text="notice")).to_contain_text("Pinned")
