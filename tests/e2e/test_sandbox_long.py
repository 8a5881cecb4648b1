"""A conversation of a thousand messages on the page: what is drawn, and what is sent for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response, expect

from tests.contract.rig import Rig, manifest
from tests.e2e.pages import Pages
from tests.e2e.stage import opened

pytestmark = pytest.mark.browser

COHORT = "cohort-new-parents"
COUNT, FEW = 1_000, 260
WORDS = "A few words about the week, *bold* ones and :seedling: others."


@pytest.fixture
def rig(pages: Pages, tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path, manifest(), port=pages.port)
    yield made
    made.close()


def fill(rig: Rig, count: int) -> str:
    """Post so many messages, and return where."""
    channel = rig.channel(COHORT)
    for number in range(count):
        rig.client.chat_postMessage(channel=channel, text=f"Number {number}. {WORDS}")
    return channel


class Sent:
    """How much the page was sent of what Maya sees."""

    def __init__(self, page: Page) -> None:
        self.sizes: list[int] = []
        page.on("response", self._count)

    def _count(self, response: Response) -> None:
        if urlsplit(response.url).path == "/control/see":
            self.sizes.append(int(response.headers["content-length"]))


def drawn(page: Page) -> int:
    return page.get_by_test_id("message").count()


def test_of_a_long_conversation_only_the_end_is_drawn_and_only_changes_are_sent(
    pages: Pages, rig: Rig
) -> None:
    channel = fill(rig, COUNT)
    with opened(pages, rig, "desktop", where=rig.channel("general")) as page:
        expect(page.get_by_test_id("composer")).to_be_visible()
        page.get_by_role("navigation").get_by_role("button", name=COHORT).click()
        last = page.get_by_test_id("message").last
        expect(last).to_contain_text(f"Number {COUNT - 1}.")
        expect(last).to_be_in_viewport()
        assert 100 <= drawn(page) <= 150
        sent = Sent(page)
        first = page.get_by_test_id("message").first.element_handle()
        rig.client.chat_postMessage(channel=channel, text="One more")
        expect(page.get_by_test_id("message").last).to_contain_text("One more")
        expect(page.get_by_test_id("message").last).to_be_in_viewport()
        assert first.evaluate("node => node.isConnected"), "what did not change was drawn again"
        assert sent.sizes
        assert max(sent.sizes) < 30_000, "more than one chunk of fifty"
        page.get_by_test_id("composer").fill("And mine")
        page.keyboard.press("Enter")
        expect(page.get_by_test_id("message").last).to_contain_text("And mine")


def test_older_messages_come_when_somebody_goes_up_and_what_is_read_stays_in_place(
    pages: Pages, rig: Rig
) -> None:
    channel = fill(rig, COUNT)
    with opened(pages, rig, "desktop", where=channel) as page:
        expect(page.get_by_test_id("message").last).to_be_in_viewport()
        before = drawn(page)
        top = page.get_by_test_id("message").first
        read = page.locator(f"article[data-ts='{top.get_attribute('data-ts')}']")
        top.scroll_into_view_if_needed()
        page.wait_for_function(
            "before => document.querySelectorAll('#conversation article').length > before",
            arg=before,
        )
        expect(read).to_be_in_viewport()
        sent = Sent(page)
        rig.client.chat_postMessage(channel=channel, text="News")
        expect(page.get_by_role("button", name="New messages below")).to_be_visible()
        expect(read).to_be_in_viewport()
        assert max(sent.sizes) < 30_000
        page.get_by_role("button", name="New messages below").click()
        expect(page.get_by_test_id("message").last).to_be_in_viewport()
        expect(page.get_by_test_id("message").last).to_contain_text("News")


def test_the_keyboard_leads_to_the_first_message(pages: Pages, rig: Rig) -> None:
    with opened(pages, rig, "desktop", where=fill(rig, FEW)) as page:
        page.get_by_test_id("message").last.focus()
        oldest = page.get_by_test_id("message").filter(has_text="Number 0.")
        for _ in range(FEW // 50):
            if oldest.count():
                break
            before = drawn(page)
            page.keyboard.press("Home")
            page.wait_for_function(
                "before => document.querySelectorAll('#conversation article').length > before",
                arg=before,
            )
        expect(oldest).to_be_visible()
