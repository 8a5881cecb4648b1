"""A check-in on the page, from the first word to the row: by mouse alone and by keyboard alone."""

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.domain.days import local_time
from bot.views.dates import long_date
from sandbox import Person, Sandbox
from tests.conftest import Stored
from tests.e2e.conftest import keep

pytestmark = pytest.mark.browser


MOOD, STRESS, ENERGY = "How is your mood?", "How stressed are you?", "How is your energy?"
ROOM = "How much room do you have?"


def modal(page: Page) -> Locator:
    return page.get_by_test_id("modal")


def choose(page: Page, answers: dict[str, str]) -> None:
    for question, answer in answers.items():
        modal(page).get_by_role("radiogroup", name=question).get_by_label(answer).check()


def test_by_mouse_alone(page: Page, stored: Stored, size: str) -> None:
    page.get_by_role("button", name="Shortcuts").click()
    page.get_by_text("Check in", exact=True).click()
    expect(modal(page)).to_contain_text("What is kept")
    keep(page, f"{size}-1-consent")
    modal(page).get_by_role("button", name="Agree and go on").click()
    expect(modal(page)).to_contain_text("Please complete this required field.")
    keep(page, f"{size}-2-consent-incomplete")

    modal(page).get_by_label("Which country are you in?").select_option("Germany")
    modal(page).get_by_label("I agree that Hearth keeps my check-ins").check()
    modal(page).get_by_role("button", name="Agree and go on").click()
    expect(modal(page)).to_contain_text("How is your mood?")
    keep(page, f"{size}-3-form")
    choose(page, {MOOD: "2: low", STRESS: "4: stressed", ENERGY: "1: empty", ROOM: "over: more"})

    keep(page, f"{size}-4-form-filled-in")
    modal(page).get_by_role("button", name="Save").click()
    expect(modal(page)).to_contain_text("Thank you for taking the time")
    expect(modal(page)).to_contain_text("only you")
    keep(page, f"{size}-5-receipt")

    modal(page).get_by_role("button", name="Done").click()
    expect(modal(page)).to_be_hidden()
    assert [row[1:] for row in stored.checkins()] == [(2, 4, 1, "over")]


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, place: Locator) -> None:
    """Press Tab until the focus is in `place`, as somebody without a mouse would."""
    for _ in range(30):
        if place.evaluate("node => node.contains(document.activeElement)"):
            return
        press(page, "Tab")
    pytest.fail("Tab never got there")


def ready(page: Page) -> None:
    """Wait until the page has put the cursor into the composer by itself."""
    expect(page.get_by_test_id("composer")).to_be_focused()


@pytest.mark.parametrize("size", ["desktop"], indirect=True)
def test_by_keyboard_alone(page: Page, stored: Stored, size: str) -> None:
    ready(page)
    page.keyboard.type("/chec")
    expect(page.get_by_test_id("completion")).to_contain_text(
        "Only you see it, unless you share it."
    )
    keep(page, f"{size}-6-completion")
    press(page, "Tab")
    page.keyboard.type("4 2")
    press(page, "Enter")
    expect(modal(page)).to_contain_text("What is kept")

    page.keyboard.type("Germ")
    press(page, "Tab", "Space", "Tab")
    tab_to(page, modal(page).get_by_role("button", name="Agree and go on"))
    press(page, "Enter")
    expect(modal(page)).to_contain_text("I understood mood 4, stress 2.")

    # The form begins at its first question, and not at the cross that would close it.
    mood = modal(page).get_by_role("radiogroup", name=MOOD)
    expect(mood.get_by_label("4: good", exact=True)).to_be_focused()
    assert page.locator(".modal-body").evaluate("node => node.scrollTop") == 0

    # Each group of choices is one stop, and the arrows move within it.
    tab_to(page, modal(page).get_by_role("radiogroup", name=ENERGY))
    press(page, "Space", "ArrowDown", "ArrowDown")
    tab_to(page, modal(page).get_by_role("radiogroup", name=ROOM))
    press(page, "Space")
    tab_to(page, modal(page).get_by_label("A note"))
    page.keyboard.type("A quiet day. <!channel>")
    keep(page, f"{size}-7-form-by-keyboard")
    press(page, "Control+Enter")
    expect(modal(page)).to_contain_text("Thank you for taking the time")
    keep(page, f"{size}-8-receipt")
    press(page, "Escape")
    expect(modal(page)).to_be_hidden()
    assert [row[1:] for row in stored.checkins()] == [(4, 2, 3, "light")]
    assert not stored.contains("quiet day")

    page.keyboard.type("/checkin history")
    press(page, "Escape", "Enter")
    expect(modal(page)).to_contain_text("A quiet day. <!channel>")
    keep(page, f"{size}-9-history")


def test_a_failure_leaves_the_text_in_the_form_and_says_what_to_do(
    page: Page, workspace: Sandbox, stored: Stored, size: str
) -> None:
    maya = workspace.person("maya")
    maya.types("/checkin")
    maya.submits({"country": {"country": "DE"}, "agreed": {"agreed": ["yes"]}})
    expect(modal(page)).to_contain_text("How is your mood?")
    choose(page, {MOOD: "3: okay", STRESS: "3: tense", ENERGY: "3: enough", ROOM: "steady: "})
    modal(page).get_by_label("A note").fill("x" * 1001)
    modal(page).get_by_role("button", name="Save").click()
    expect(modal(page).get_by_label("A note")).to_have_value("x" * 1001)
    expect(modal(page)).to_contain_text("1000")
    keep(page, f"{size}-10-note-too-long")
    assert stored.count("checkins") == 0


@pytest.mark.parametrize("size", ["desktop"], indirect=True)
def test_a_command_that_could_not_open_its_form_answers_in_words(
    page: Page, workspace: Sandbox, size: str
) -> None:
    workspace.fail("views.open", status=500)
    ready(page)
    page.keyboard.type("/checkin ")
    press(page, "Enter")
    expect(page.get_by_test_id("conversation")).to_contain_text("Slack could not open the form")
    expect(page.get_by_test_id("conversation")).to_contain_text("Only visible to you")
    keep(page, f"{size}-11-sorry")


def test_the_clock_on_the_page_is_the_clock_that_hearth_goes_by(
    page: Page, workspace: Sandbox, member: Person, size: str
) -> None:
    tomorrow = local_time(workspace.clock.now() + timedelta(days=1), "Europe/Berlin").date()
    page.get_by_role("button", name="Workspace clock").click()
    page.get_by_role("button", name="+1 day").click()
    keep(page, f"{size}-12-clock")
    expect(page.get_by_test_id("clock")).to_contain_text(f"{tomorrow:%b}")
    page.keyboard.press("Escape")
    member.types("/checkin")
    expect(modal(page)).to_contain_text(long_date(tomorrow))


@pytest.mark.parametrize("size", ["desktop"], indirect=True)
def test_another_person_sees_none_of_it(
    page: Page, workspace: Sandbox, member: Person, size: str
) -> None:
    ready(page)
    member.types("/checkin 1 5 1 over")
    expect(page.get_by_test_id("conversation")).to_contain_text("Only visible to you")
    page.get_by_role("button", name="Acting as").click()
    page.get_by_role("option", name="Priya Raghunathan").click()
    expect(page.get_by_role("button", name="Acting as Priya")).to_be_visible()
    expect(page.get_by_test_id("conversation")).not_to_contain_text("Only visible to you")
    keep(page, f"{size}-13-somebody-else")
