"""What may be done with a message on the page: shortcuts, edits, deletion; and group messages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from slack_bolt import Ack
from slack_sdk import WebClient

from tests.contract.rig import EVERY_SCOPE, Json, Rig, field, manifest, modal
from tests.e2e.pages import Pages
from tests.e2e.stage import narrow, opened

pytestmark = pytest.mark.browser

COHORT = "cohort-new-parents"


@pytest.fixture
def rig(pages: Pages, tmp_path: Path) -> Iterator[Rig]:
    declared = manifest(events=[], scopes=[*EVERY_SCOPE, "mpim:read", "mpim:write"])
    made = Rig(tmp_path, declared, port=pages.port)
    made.connect()
    yield made
    made.close()


def chooses(page: Page, message: Locator, item: str) -> None:
    """Choose from a message's menu, by keyboard alone."""
    more = message.get_by_role("button", name="More actions")
    message.focus()
    more.focus()
    more.press("Enter")
    place = page.get_by_role("menuitem", name=item)
    for _ in range(5):
        if place.evaluate("node => node === document.activeElement"):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def test_a_message_shortcut_brings_the_message_to_the_app(
    pages: Pages, rig: Rig, size: str
) -> None:
    bodies: list[Json] = []

    @rig.app.shortcut("keep")
    def keep(ack: Ack, body: Json, client: WebClient) -> None:
        bodies.append(body)
        client.views_open(trigger_id=body["trigger_id"], view=modal(field("why")))
        ack()

    channel = rig.channel(COHORT)
    ts = str(rig.client.chat_postMessage(channel=channel, text="Something to keep")["ts"])
    with opened(pages, rig, size, where=channel) as page:
        chooses(page, page.get_by_test_id("message").last, "Keep it")
        expect(page.get_by_test_id("modal")).to_be_visible()
        assert narrow(page)
    assert [(body["callback_id"], body["message"]["ts"]) for body in bodies] == [("keep", ts)]


def test_somebody_edits_and_deletes_their_own_message(pages: Pages, rig: Rig, size: str) -> None:
    with opened(pages, rig, size, where=rig.channel(COHORT)) as page:
        rig.maya.says("Tom & @kofi <3", channel=COHORT)
        mine = page.get_by_test_id("message").last
        expect(mine).to_contain_text("Tom & @")
        chooses(page, mine, "Edit message")
        field_ = page.get_by_test_id("edit").get_by_role("textbox", name="Edit message")
        expect(field_).to_be_focused()
        expect(field_).to_have_value("Tom & @kofi <3")
        field_.fill("Quite another text")
        page.keyboard.press("Enter")
        expect(mine).to_contain_text("Quite another text(edited)")
        expect(page.get_by_test_id("edit")).to_be_hidden()
        chooses(page, mine, "Edit message")
        page.keyboard.press("Escape")
        expect(page.get_by_test_id("edit")).to_be_hidden()
        chooses(page, mine, "Delete message")
        page.get_by_test_id("confirm").get_by_role("button", name="Delete").press("Enter")
        expect(page.get_by_text("Quite another text")).to_be_hidden()


def test_nobody_is_offered_to_edit_what_others_wrote(pages: Pages, rig: Rig) -> None:
    rig.kofi.says("Not hers", channel=COHORT)
    with opened(pages, rig, "desktop", where=rig.channel(COHORT)) as page:
        message = page.get_by_test_id("message").last
        message.hover()
        message.get_by_role("button", name="More actions").click()
        expect(page.get_by_role("menuitem")).to_have_text(["Keep itKeeps a message"])


def test_group_messages_stand_with_the_direct_ones(pages: Pages, rig: Rig, size: str) -> None:
    people = [rig.maya.id, rig.kofi.id, rig.box.person("priya").id]
    group = str(rig.client.conversations_open(users=people)["channel"]["id"])
    rig.client.chat_postMessage(channel=group, text="Hello, all of you")
    with opened(pages, rig, size, where=group) as page:
        expect(page.get_by_test_id("message").last).to_contain_text("Hello, all of you")
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_contain_text("Kofi")
        expect(heading).not_to_contain_text("mpdm")
        if size == "phone":
            page.get_by_role("button", name="Channels").click()
        direct = page.locator("#sidebar section").filter(has_text="Direct messages")
        expect(direct.get_by_role("button", name="Kofi")).to_be_visible()
        assert narrow(page)
