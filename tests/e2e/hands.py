"""Using the page as somebody would: with the mouse alone, or with the keyboard alone."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import keep_both

MOST_TABS = 200
MOST_CHOICES = 12


class Hands(ABC):
    """What somebody does on the page, whatever they do it with."""

    name: str
    told = "people"
    """What the pictures are called after."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._kept = 0

    @property
    def modal(self) -> Locator:
        return self.page.get_by_test_id("modal")

    @property
    def home(self) -> Locator:
        return self.page.get_by_test_id("home")

    @property
    def conversation(self) -> Locator:
        return self.page.get_by_test_id("conversation")

    @property
    def composer(self) -> Locator:
        return self.page.get_by_test_id("composer")

    def keeps(self, what: str) -> None:
        """Keep a picture of what stands on the page."""
        self._kept += 1
        keep_both(self.page, f"{self.told}-by-{self.name}-{self._kept:02}-{what}")

    def becomes(self, person: str) -> None:
        """Act as somebody else, who is found by their name."""
        self.presses(self.page.get_by_role("button", name="Acting as"))
        self.takes(person)
        expect(self.page.get_by_role("button", name=f"Acting as {person}")).to_be_visible()

    def goes_to(self, place: str) -> None:
        """Open a channel, or the app's conversation, from the list at the side."""
        self.presses(self.page.locator("#sidebar").get_by_role("button", name=place).first)

    def opens_home(self) -> Locator:
        """Open the app's Home tab."""
        self.goes_to("Hearth")
        self.turns_to("Home")
        expect(self.home).to_be_visible()
        return self.home

    def opens_messages(self) -> Locator:
        """Open what the app has written to the person."""
        self.goes_to("Hearth")
        self.turns_to("Messages")
        return self.conversation

    def asks(self, command: str) -> None:
        """Type a command into the open channel and send it."""
        self.writes(self.composer, command)
        self.sends()

    def presses_in_modal(self, button: str) -> None:
        self.presses(self.modal.get_by_role("button", name=button, exact=True).last)

    def confirms(self, button: str) -> None:
        """Press a button of the question that Slack asks before something is done."""
        self.presses(self.page.get_by_test_id("confirm").get_by_role("button", name=button))

    def answers(self, question: str, answer: str) -> None:
        """Choose one of a question's answers."""
        group = self.modal.get_by_role("radiogroup", name=question)
        self.marks(group.get_by_label(answer))

    def closes(self, button: str = "Done") -> None:
        """Leave the modal by its button; no other stands below."""
        self.presses_in_modal(button)
        expect(self.modal).to_be_hidden()

    @abstractmethod
    def presses(self, button: Locator) -> None:
        """Press a button."""

    @abstractmethod
    def takes(self, option: str) -> None:
        """Choose from the list that has just come up."""

    @abstractmethod
    def takes_all(self, button: Locator, options: list[str]) -> None:
        """Choose several from a list that `button` opens."""

    @abstractmethod
    def turns_to(self, tab: str) -> None:
        """Turn to one of the app's tabs."""

    @abstractmethod
    def writes(self, field: Locator, text: str) -> None:
        """Write into a field."""

    @abstractmethod
    def dates(self, field: Locator, day: date) -> None:
        """Fill in a day."""

    @abstractmethod
    def sends(self) -> None:
        """Send what stands in the composer."""

    @abstractmethod
    def marks(self, choice: Locator) -> None:
        """Choose a radio button, or tick a box."""

    @abstractmethod
    def selects(self, field: Locator, option: str) -> None:
        """Choose in a menu of a form."""

    @abstractmethod
    def selects_at_once(self, menu: Locator, option: str) -> None:
        """Choose in a menu that acts without a form being sent."""


class Mouse(Hands):
    """Clicks; only words are typed."""

    name = "mouse"

    def presses(self, button: Locator) -> None:
        button.click()

    def takes(self, option: str) -> None:
        self.page.get_by_role("option", name=option).click()

    def takes_all(self, button: Locator, options: list[str]) -> None:
        button.click()
        for each in options:
            self.page.get_by_role("listbox").get_by_role("option", name=each).click()
        self.modal.get_by_role("heading", level=2).click()
        expect(self.page.locator(".popover-picker")).to_be_hidden()

    def turns_to(self, tab: str) -> None:
        self.page.get_by_role("tab", name=tab).click()

    def writes(self, field: Locator, text: str) -> None:
        field.click()
        field.fill(text)

    def dates(self, field: Locator, day: date) -> None:
        field.fill(day.isoformat())  # the calendar is the browser's own, and no part of the page

    def sends(self) -> None:
        self.page.get_by_role("button", name="Send", exact=True).click()

    def marks(self, choice: Locator) -> None:
        choice.check()

    def selects(self, field: Locator, option: str) -> None:
        field.select_option(label=option)  # as above

    def selects_at_once(self, menu: Locator, option: str) -> None:
        self.selects(menu, option)


class Keyboard(Hands):
    """Presses keys, and nothing else: what Tab does not reach is not there."""

    name = "keyboard"

    def keeps(self, what: str) -> None:
        """Keep none: it looks as it does for the mouse."""

    def presses(self, button: Locator) -> None:
        self._comes_to(button)
        self._keys("Enter")

    def takes(self, option: str) -> None:
        self.page.keyboard.type(option)
        expect(self.page.get_by_role("option", name=option)).to_be_visible()
        self._keys("Enter")

    def takes_all(self, button: Locator, options: list[str]) -> None:
        self.presses(button)
        for each in options:
            self._keys("Control+a")
            self.page.keyboard.type(each)
            self._keys("Enter")
        self._keys("Tab")
        expect(self.page.locator(".popover-picker")).to_be_hidden()

    def turns_to(self, tab: str) -> None:
        wanted = self.page.get_by_role("tab", name=tab)
        self._comes_to(self.page.locator("[role=tab][tabindex='0']"))
        if wanted.get_attribute("aria-selected") != "true":
            self._keys("ArrowRight")
        expect(wanted).to_have_attribute("aria-selected", "true")

    def writes(self, field: Locator, text: str) -> None:
        self._comes_to(field)
        self._keys("Control+a")
        self.page.keyboard.type(text)

    def dates(self, field: Locator, day: date) -> None:
        self._comes_to(field)
        self.page.keyboard.type(f"{day:%m%d%Y}")
        expect(field).to_have_value(day.isoformat())

    def sends(self) -> None:
        self._keys("Escape", "Enter")  # the first closes the list of commands

    def marks(self, choice: Locator) -> None:
        group = choice.locator("xpath=ancestor::*[@role='radiogroup' or @role='group'][1]")
        if group.get_attribute("role") == "group":
            self._comes_to(choice)
            self._keys("Space")
        else:
            self._comes_to(group)
            self._keys("Space")
            for _ in range(MOST_CHOICES):
                if choice.is_checked():
                    break
                self._keys("ArrowDown")
        expect(choice).to_be_checked()

    def selects(self, field: Locator, option: str) -> None:
        self._comes_to(field)
        self.page.keyboard.type(option)
        expect(field.locator("option:checked")).to_contain_text(option)

    def selects_at_once(self, menu: Locator, option: str) -> None:
        self.selects(menu, option)
        self._keys("Enter")

    def _keys(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def _comes_to(self, place: Locator) -> None:
        """Press Tab until the focus is there, as somebody without a mouse would."""
        expect(place).to_be_visible()
        for _ in range(MOST_TABS):
            if place.evaluate("node => node.contains(document.activeElement)"):
                return
            self._keys("Tab")
        pytest.fail(f"Tab never got to {place}")
