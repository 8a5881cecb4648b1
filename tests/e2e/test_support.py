"""Help on the page: by mouse alone and by keyboard alone."""

import pytest
from playwright.sync_api import Locator, Page, expect

from sandbox import Sandbox
from tests.e2e.conftest import keep
from tests.e2e.test_checkin import press, ready, tab_to
from tests.waiting import until

pytestmark = pytest.mark.browser


def modal(page: Page) -> Locator:
    return page.get_by_test_id("modal")


def test_help_by_mouse_alone(page: Page, size: str) -> None:
    page.get_by_role("button", name="Shortcuts").click()
    page.get_by_text("Help now", exact=True).click()
    expect(modal(page)).to_contain_text("your local emergency number")
    keep(page, f"{size}-help-1-no-country")
    modal(page).get_by_role("combobox").select_option("Germany")
    expect(modal(page)).to_contain_text("call 112")
    expect(modal(page)).to_contain_text("findahelpline.com")
    keep(page, f"{size}-help-2-germany")


@pytest.mark.parametrize("size", ["desktop"], indirect=True)
def test_help_by_keyboard_alone(page: Page, workspace: Sandbox, size: str) -> None:
    assert size == "desktop"
    ready(page)
    page.keyboard.type("/support")
    press(page, "Escape", "Enter")
    expect(modal(page)).to_contain_text("your local emergency number")
    tab_to(page, modal(page).get_by_role("combobox"))
    page.keyboard.type("Irel")
    expect(modal(page).get_by_role("combobox").locator("option:checked")).to_have_text("Ireland")
    expect(modal(page)).to_contain_text("your local emergency number")
    press(page, "Enter")
    expect(modal(page)).to_contain_text("call 112 or 999")

    tab_to(page, modal(page).get_by_role("combobox"))
    page.keyboard.type("Ind")
    press(page, "Tab")
    expect(modal(page)).to_contain_text("That is for India")
    until(lambda: [each["method"] for each in workspace.calls()].count("views.update") == 2)
    press(page, "Escape")
    expect(modal(page)).to_be_hidden()
