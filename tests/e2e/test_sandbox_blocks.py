"""Every block that Slack draws by itself, on the page: seen, said, and worked with."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.contract.rig import Json, Rig, field, manifest, modal, opening, plain, said
from tests.e2e.pages import Pages
from tests.e2e.stage import narrow, opened
from tests.waiting import until

pytestmark = pytest.mark.browser

COHORT = "cohort-new-parents"
# One white dot.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg=="
)


def md(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def raw(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def number(value: float) -> Json:
    return {"type": "raw_number", "value": value, "text": str(value)}


def rich(text: str) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


def button(action_id: str, text: str) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(text), "value": action_id}


def card(number_: int) -> Json:
    return {
        "type": "card",
        "title": md(f"Card *{number_}*"),
        "body": md("Some words."),
        "actions": [button(f"choose-{number_}", f"Choose {number_}")],
    }


@pytest.fixture
def pressed() -> list[Json]:
    return []


@pytest.fixture
def rig(pages: Pages, tmp_path: Path, pressed: list[Json]) -> Iterator[Rig]:
    """An app that takes every action, and shows a form with alerts."""
    made = Rig(tmp_path, manifest(events=[]), port=pages.port)

    def take(ack: Any, body: Json) -> None:
        pressed.append(body["actions"][0])
        ack()

    made.app.action(re.compile(".*"))(take)
    alerts = [
        {"type": "alert", "level": level, "text": md(f"It is *{level}*")}
        for level in ("info", "warning", "error", "success")
    ]
    made.app.command("/hello")(opening(modal(*alerts, field("name"))))
    made.connect()
    yield made
    made.close()


def post(rig: Rig, *blocks: Json) -> str:
    """Post blocks where Maya looks, and return where that is."""
    channel = rig.channel(COHORT)
    rig.client.chat_postMessage(channel=channel, text="in words", blocks=list(blocks))
    return channel


def message(page: Page) -> Locator:
    return page.get_by_test_id("message").last


def by_keyboard(place: Locator, key: str = "Enter") -> None:
    place.focus()
    place.press(key)


def heard(pressed: list[Json], *action_ids: str) -> None:
    """Wait until the app, which hears of it after the page, took these presses in this order."""
    until(lambda: len(pressed) >= len(action_ids), f"the app does not hear of {action_ids}")
    assert [each["action_id"] for each in pressed] == [*action_ids]


def test_a_table_has_heads_alignment_and_rich_text(pages: Pages, rig: Rig, size: str) -> None:
    words = "A cell with many words, which may wrap because its column says so."
    rows = [
        [raw("Cohort"), raw("Members"), raw("Notes")],
        [raw("new-parents"), number(12), rich(words)],
    ]
    settings = [{"align": "center"}, None, {"is_wrapped": True}]
    table = {"type": "table", "rows": rows, "column_settings": settings}
    with opened(pages, rig, size, where=post(rig, table)) as page:
        grid = message(page).get_by_role("table")
        expect(grid.get_by_role("columnheader", name="Members")).to_be_visible()
        expect(grid.get_by_role("cell", name="12")).to_have_css("text-align", "right")
        expect(grid.get_by_role("cell", name="new-parents")).to_have_css("text-align", "center")
        expect(grid.get_by_role("cell", name=words)).to_be_visible()
        assert narrow(page)


def test_a_wide_table_scrolls_in_a_box_of_its_own(pages: Pages, rig: Rig) -> None:
    rows = [[raw(f"A heading that is long {n}") for n in range(20)], [number(n) for n in range(20)]]
    with opened(pages, rig, "phone", where=post(rig, {"type": "table", "rows": rows})) as page:
        box = message(page).get_by_role("region", name="Table, 1 row")
        by_keyboard(box, "ArrowRight")
        expect(box).to_be_focused()
        page.wait_for_function("box => box.scrollLeft > 0", arg=box.element_handle())
        assert narrow(page)


def test_a_data_table_is_paged_and_sorted_by_keyboard(pages: Pages, rig: Rig) -> None:
    rows = [[raw("Week"), raw("Shares")]] + [
        [raw(f"week {n}"), number(n * 7 % 10)] for n in range(8)
    ]
    table = {"type": "data_table", "caption": "Shares by week", "rows": rows, "page_size": 3}
    with opened(pages, rig, "desktop", where=post(rig, table)) as page:
        grid = message(page).get_by_role("table", name="Shares by week")
        expect(grid.get_by_role("rowheader")).to_have_text(["week 0", "week 1", "week 2"])
        following = message(page).get_by_role("button", name="Next page")
        by_keyboard(following)
        expect(grid.get_by_role("rowheader")).to_have_text(["week 3", "week 4", "week 5"])
        expect(message(page)).to_contain_text("Page 2 of 3")
        expect(following).to_be_focused()
        sorting = grid.get_by_role("button", name="Shares")
        by_keyboard(sorting)
        expect(sorting).to_be_focused()
        expect(grid.get_by_role("rowheader")).to_have_text(["week 0", "week 3", "week 6"])
        expect(grid.get_by_role("columnheader", name="Shares")).to_have_attribute(
            "aria-sort", "ascending"
        )
        by_keyboard(sorting)
        expect(grid.get_by_role("rowheader")).to_have_text(["week 7", "week 4", "week 1"])


def test_markdown_is_drawn_and_stays_text(pages: Pages, rig: Rig, size: str) -> None:
    text = (
        "# Title\n\nSome **bold** and *soft* words, ~~gone~~, `code`, [a link](https://example.org),"
        " [none](javascript:alert(1)).\n\n- one\n  - inner\n- [x] done\n\n> said\n\n"
        "| Name | Count |\n|---|--:|\n| a | 20 |\n\n```\n<b>not bold</b>\n```\n<script>no</script>"
    )
    with opened(pages, rig, size, where=post(rig, {"type": "markdown", "text": text})) as page:
        shown = message(page)
        expect(shown.get_by_role("heading", name="Title")).to_be_visible()
        expect(shown.locator("strong")).to_have_text(["bold"])
        expect(shown.locator("em")).to_have_text(["soft"])
        expect(shown.locator("del")).to_have_text(["gone"])
        expect(shown.locator("li ul li")).to_have_text(["inner"])
        expect(shown.get_by_role("checkbox", name="Done")).to_be_checked()
        expect(shown.locator("blockquote")).to_have_text("said")
        expect(shown.get_by_role("cell", name="20")).to_have_css("text-align", "right")
        expect(shown.locator("pre")).to_have_text("<b>not bold</b>")
        expect(shown.get_by_role("link")).to_have_text(["a link"])
        expect(shown).to_contain_text("<script>no</script>")
        assert narrow(page)


def test_cards_in_a_carousel_scroll_and_their_buttons_act(
    pages: Pages, rig: Rig, size: str, pressed: list[Json]
) -> None:
    carousel = {"type": "carousel", "elements": [card(n) for n in range(6)]}
    with opened(pages, rig, size, where=post(rig, card(9), carousel)) as page:
        by_keyboard(message(page).get_by_role("button", name="Choose 9"))
        heard(pressed, "choose-9")
        track = message(page).get_by_role("region", name="Carousel, 6 cards")
        message(page).get_by_role("button", name="More cards").click()
        page.wait_for_function("track => track.scrollLeft > 0", arg=track.element_handle())
        by_keyboard(track.get_by_role("button", name="Choose 5"))
        heard(pressed, "choose-9", "choose-5")
        assert narrow(page)


def test_a_container_collapses_and_stays_so_when_the_message_changes(
    pages: Pages, rig: Rig, pressed: list[Json]
) -> None:
    inside = [said("Inside it"), {"type": "actions", "elements": [button("inner", "Inner")]}]
    container: Json = {
        "type": "container",
        "block_id": "more",
        "title": plain("More of it"),
        "is_collapsible": True,
        "default_collapsed": True,
        "child_blocks": inside,
    }
    channel = rig.channel(COHORT)
    ts = rig.client.chat_postMessage(channel=channel, text="t", blocks=[container])["ts"]
    with opened(pages, rig, "desktop", where=channel) as page:
        expect(message(page).get_by_text("Inside it")).to_be_hidden()
        by_keyboard(message(page).locator("summary"))
        by_keyboard(message(page).get_by_role("button", name="Inner"))
        heard(pressed, "inner")
        container["child_blocks"] = [said("Inside it, changed"), *inside[1:]]
        rig.client.chat_update(channel=channel, ts=str(ts), text="t", blocks=[container])
        expect(message(page).get_by_text("Inside it, changed")).to_be_visible()


def test_feedback_and_icon_buttons_have_names_and_act(
    pages: Pages, rig: Rig, size: str, pressed: list[Json]
) -> None:
    sides = {
        "positive_button": {"text": plain("Helpful"), "value": "up"},
        "negative_button": {"text": plain("Not helpful"), "value": "down"},
    }
    elements = [
        {"type": "feedback_buttons", "action_id": "feedback", **sides},
        {"type": "icon_button", "action_id": "gone", "icon": "trash", "text": plain("Delete it")},
    ]
    block = {"type": "context_actions", "elements": elements}
    with opened(pages, rig, size, where=post(rig, block)) as page:
        group = message(page).get_by_role("group", name="Feedback")
        by_keyboard(group.get_by_role("button", name="Not helpful"))
        expect(group.get_by_role("button", name="Not helpful")).to_have_attribute(
            "aria-pressed", "true"
        )
        expect(group.get_by_role("button", name="Helpful", exact=True)).to_have_attribute(
            "aria-pressed", "false"
        )
        heard(pressed, "feedback")
        message(page).get_by_role("button", name="Delete it").click()
        heard(pressed, "feedback", "gone")


def test_alerts_in_a_modal_say_their_level(pages: Pages, rig: Rig, size: str) -> None:
    with opened(pages, rig, size, where=rig.channel(COHORT)) as page:
        rig.maya.types("/hello", channel=COHORT)
        form = page.get_by_test_id("modal")
        for name in ("Information: It is info", "Warning: It is warning", "Error: It is error"):
            expect(form.get_by_role("note", name=name)).to_be_visible()
        assert narrow(page)


def test_a_plan_tells_its_tasks_and_how_far_they_are(pages: Pages, rig: Rig, size: str) -> None:
    states = ("complete", "in_progress", "pending", "error")
    tasks = [
        {"type": "task_card", "task_id": state, "title": f"Task {state}", "status": state}
        for state in states
    ]
    tasks[0]["details"] = rich("What was done")  # type: ignore[assignment]
    plan = {"type": "plan", "title": "Getting ready", "tasks": tasks}
    with opened(pages, rig, size, where=post(rig, plan)) as page:
        shown = message(page).get_by_role("region", name="Getting ready")
        expect(shown).to_contain_text("1 of 4 done")
        expect(shown.get_by_role("listitem")).to_contain_text(
            ["Complete", "In progress", "Pending", "Failed"]
        )
        by_keyboard(shown.locator("summary"))
        expect(shown.get_by_text("What was done")).to_be_visible()
        assert narrow(page)


def test_an_image_of_the_workspace_is_shown_to_who_sees_the_message(pages: Pages, rig: Rig) -> None:
    done = rig.client.files_upload_v2(filename="dot.png", title="Dot", content=PICTURE)
    file = str(done["file"]["id"])
    until(lambda: bool(rig.client.files_info(file=file)["file"].get("mimetype")), "it has no kind")
    image = {"type": "image", "slack_file": {"id": file}, "alt_text": "A white dot"}
    with opened(pages, rig, "desktop", where=post(rig, image)) as page:
        shown = message(page).get_by_role("img", name="A white dot")
        expect(shown).to_have_js_property("naturalWidth", 1)


def test_a_chart_at_every_limit_fits(pages: Pages, rig: Rig, size: str) -> None:
    names = [f"A category number {n:02}" for n in range(20)]
    series = [
        {
            "name": f"A series of people {n}",
            "data": [{"label": c, "value": (at - 9) * (n + 1)} for at, c in enumerate(names)],
        }
        for n in range(6)
    ]
    axes = {"categories": names, "x_label": "x" * 50, "y_label": "y" * 50}
    charts = [
        {
            "type": "data_visualization",
            "title": kind + "!" * (50 - len(kind)),
            "chart": {"type": kind, "series": series, "axis_config": axes},
        }
        for kind in ("bar", "line")
    ]
    with opened(pages, rig, size, where=post(rig, *charts)) as page:
        pictures = message(page).locator("svg.chart-picture")
        expect(pictures).to_have_count(2)
        expect(pictures.first.locator("rect")).to_have_count(120)
        expect(pictures.last.locator("circle")).to_have_count(120)
        cut = """svg => {
            const box = svg.getBoundingClientRect();
            return [...svg.querySelectorAll('rect, circle, text')].filter(part => {
                const at = part.getBoundingClientRect();
                return at.left < box.left - 1 || at.right > box.right + 1
                    || at.bottom > box.bottom + 1 || at.top < box.top - 1;
            }).map(part => part.outerHTML);
        }"""
        assert pictures.last.evaluate(cut) == []
        assert pictures.first.evaluate(cut) == []
        assert narrow(page)
