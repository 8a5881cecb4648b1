"""A person's own page in a real browser: joining and checking in from it, by mouse and keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from app import Hearth
from sandbox import Person, Sandbox
from tests.conftest import Stored
from tests.e2e.conftest import keep
from tests.e2e.test_checkin import ENERGY, MOOD, ROOM, STRESS, choose, modal, press, tab_to
from tests.integration.homes import checked_in

pytestmark = pytest.mark.browser


@pytest.fixture
def home(page: Page, workspace: Sandbox) -> Locator:
    """The Home tab, opened as somebody would from the app's own conversation."""
    maya = workspace.person("maya")
    page.goto(f"{workspace.url}/#as=maya&in={maya.opens_dm('hearth')}")
    tab = page.get_by_role("tab", name="Home")
    if tab.get_attribute("aria-selected") != "true":
        tab.click()
    return page.get_by_test_id("home")


def test_joining_and_checking_in_from_the_home_by_mouse(
    page: Page, home: Locator, stored: Stored, size: str
) -> None:
    expect(home).to_contain_text("Hearth is a quiet place to notice how you are")
    keep(page, f"{size}-home-1-new")
    home.get_by_role("button", name="Have a look").click()
    modal(page).get_by_label("Which country are you in?").select_option("Germany")
    modal(page).get_by_label("I agree that Hearth keeps my check-ins").check()
    modal(page).get_by_role("button", name="Agree and go on").click()
    choose(page, {MOOD: "4: good", STRESS: "2: a little", ENERGY: "3: enough", ROOM: "steady: "})
    modal(page).get_by_role("button", name="Save").click()
    expect(modal(page)).to_contain_text("Thank you for taking the time")
    modal(page).get_by_role("button", name="Done").click()
    expect(home).to_contain_text("You checked in at")
    expect(home).to_contain_text("Mood 4: good")
    assert stored.count("checkins") == 1
    assert narrow(page)
    keep(page, f"{size}-home-2-checked-in")


def test_the_trend_has_a_picture_and_the_same_in_words(
    page: Page, home: Locator, hearth: Hearth, member: Person, size: str
) -> None:
    checked_in(hearth, member, 80, every=3)
    member.opens_home()
    picture = home.get_by_role("img", name="Line chart: Weekly averages.")
    expect(picture).to_be_visible()
    expect(home).to_contain_text("Weekly averages of your own check-ins, only for you.")
    assert narrow(page)
    keep(page, f"{size}-home-3-trend")


@pytest.mark.parametrize("size", ["desktop"], indirect=True)
def test_checking_in_and_pausing_from_the_home_by_keyboard(
    page: Page, home: Locator, member: Person, stored: Stored, size: str
) -> None:
    member.opens_home()
    expect(home).to_contain_text("You have not checked in yet")
    page.get_by_role("tab", name="Home").focus()
    tab_to(page, home.get_by_role("button", name="Check in"))
    press(page, "Enter")
    expect(modal(page)).to_contain_text("How is your mood?")
    for question in (MOOD, STRESS, ENERGY, ROOM):
        tab_to(page, modal(page).get_by_role("radiogroup", name=question))
        press(page, "Space")
    press(page, "Control+Enter")
    expect(modal(page)).to_contain_text("Thank you for taking the time")
    press(page, "Escape")
    expect(home).to_contain_text("You checked in at")
    assert [row[1:] for row in stored.checkins()] == [(1, 1, 1, "light")]

    page.get_by_role("tab", name="Home").focus()
    tab_to(page, home.get_by_role("button", name="Pause"))
    press(page, "Enter")
    tab_to(page, modal(page).get_by_role("radiogroup", name="For how long?"))
    press(page, "Space", "ArrowDown")
    press(page, "Control+Enter")
    expect(modal(page)).to_contain_text("Hearth asks you nothing until")
    press(page, "Escape")
    expect(home).to_contain_text("Hearth asks you nothing until")
    keep(page, f"{size}-home-4-paused")


def narrow(page: Page) -> bool:
    """Whether nothing is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
