"""The walk of one cohort through a few weeks of rituals, as its members meet them on the page.

Each step is what one person does there and then reads. The clock begins on a Monday of September,
whenever that is, so that no public holiday and no change of clocks comes in between.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, expect

from app import Hearth
from bot.domain.people import Agreement
from bot.views.dates import long_date
from sandbox import Sandbox
from tests.e2e.hands import Hands
from tests.integration.rituals import calendars
from tests.waiting import until

FACILITATOR, HOLDER, MEMBER, OTHER = (
    "Kofi Asante",
    "Jonas Brandt",
    "Maya Lindqvist",
    "Hanne Solberg",
)
AGREED = ("kofi", "jonas", "maya", "hanne")
CHANNEL = calendars.CHANNEL
BERLIN = ZoneInfo("Europe/Berlin")
WINS, QUIET = "Friday wins and thanks", "A quiet ten minutes"
SUGGESTED, TITLE = "What worked, and who helped?", "What went well, and who helped?"

MOST_SECONDS = 120.0
"""So long may it take at most to give a cohort a rhythm, for somebody who reads every word."""

A_WORD = 60 / 238
"""How people read English in silence on average (Brysbaert 2019), in seconds."""

A_CLICK = 2.0

_WORDS = """modal => {
  const unseen = (node) => node.closest("option:not(:checked), .sr-only, [hidden]");
  const texts = document.createTreeWalker(modal, NodeFilter.SHOW_TEXT);
  const fields = modal.querySelectorAll("textarea, input:not([type=checkbox], [type=radio])");
  const said = [...fields].map((field) => field.value);
  while (texts.nextNode())
    if (!unseen(texts.currentNode.parentElement)) said.push(texts.currentNode.data);
  return said.join(" ").split(/\\s+/).filter(Boolean).length;
}"""


class Rhythm:
    """A cohort that somebody runs, and what its people do with its rituals."""

    def __init__(self, hands: Hands, workspace: Sandbox, hearth: Hearth) -> None:
        self.hands = hands
        self.workspace = workspace
        hands.told = "rituals"
        self.clicks, self.words = 0, 0
        self.monday = _a_monday_of_september(workspace.clock.now())
        workspace.clock.jump(self.at(0, time(9)))
        cohort = calendars.cohort(hearth, workspace)
        calendars.facilitator(hearth, workspace.person("kofi"), cohort)
        for name in AGREED:
            hearth.services.people.agree(
                workspace.person(name).id, Agreement(agreed=True, country="DE")
            )
        workspace.clock.halt_at(hearth.next_due, hearth.catch_up)

    def at(self, days: int, wall: time) -> datetime:
        """Return that time in Berlin, so many days after the first one."""
        return datetime.combine(self.monday + timedelta(days), wall, BERLIN)

    def friday(self, number: int) -> date:
        """Return that Friday, counted from 0."""
        return self.monday + timedelta(days=4 + 7 * number)

    # Whoever runs the cohort

    def the_calendar_is_opened(self) -> None:
        self.hands.becomes(FACILITATOR)
        self.hands.goes_to(CHANNEL)
        self.hands.asks("/ritual")
        self._reads(self.hands.modal, "New parents")

    def friday_wins_are_scheduled_as_they_are_suggested(self) -> None:
        self._reads(self.hands.modal, "There is no ritual here yet.")
        self._reads_all_of_it()
        self.hands.keeps("calendar-empty")
        self._chooses(WINS)
        self._reads_all_of_it()
        self.hands.keeps("form")
        self.hands.modal.get_by_text("and not who filled it in").scroll_into_view_if_needed()
        self.hands.keeps("form-end")
        self._clicks("Save")
        self._reads(self.hands.modal, "It is saved. First: Friday")
        self._dates_are([self.friday(each) for each in range(5)])
        self.hands.keeps("dates")

    def that_took_less_than_two_minutes(self) -> None:
        seconds = self.clicks * A_CLICK + self.words * A_WORD
        assert seconds < MOST_SECONDS, f"{self.clicks} clicks, {self.words} words"

    def its_name_is_changed(self) -> None:
        modal = self.hands.modal
        self.hands.presses_in_modal("Back to the calendar")
        self._reads(modal, "Next: Friday")
        self.hands.presses_in_modal(f"Edit: {SUGGESTED}")
        self.hands.writes(modal.get_by_label("What is it called?"), TITLE)
        self.hands.presses_in_modal("Save")
        self._reads(modal, "It is saved.", TITLE)
        self.hands.presses_in_modal("Back to the calendar")
        self._reads(modal, "Schedule a ritual")
        self.hands.keeps("calendar")

    def the_next_one_is_skipped(self) -> None:
        modal = self.hands.modal
        self.hands.presses_in_modal(f"Skip next: {TITLE}")
        self._reads(modal, "That date is skipped.", f"Next: {long_date(self.friday(1))}")
        self.hands.presses_in_modal(f"Next dates: {TITLE}")
        self._reads(modal, "skipped, as somebody asked")
        self.hands.keeps("dates-skipped")
        self.hands.presses_in_modal("Back")
        self.hands.closes()

    def a_live_one_is_scheduled(self) -> None:
        self.the_calendar_is_opened()
        self._chooses(QUIET)
        self.hands.keeps("form-live")
        self.hands.presses_in_modal("Save")
        self._reads(self.hands.modal, "It is saved. First: Wednesday")
        self.hands.closes()

    def a_mistake_is_said_beside_its_field(self) -> None:
        """Whoever does not see the page hears it, and is at the field that is to be mended."""
        modal, page = self.hands.modal, self.hands.page
        self._chooses(WINS)
        zone = modal.get_by_label("By which clock?")
        self.hands.writes(zone, "Berlin, I think")
        self.hands.presses_in_modal("Save")
        problem = "There is no such time zone. For instance: Europe/Berlin."
        expect(zone).to_be_focused()
        expect(zone).to_have_attribute("aria-invalid", "true")
        expect(zone).to_have_accessible_description(re.compile(re.escape(problem)))
        expect(page.locator("#polite")).to_have_text(f"One field needs another look. {problem}")
        expect(modal.get_by_label("What is it called?")).to_have_value(SUGGESTED)
        self.hands.keeps("mistake")
        self.hands.writes(zone, "Europe/Berlin")
        self.hands.presses_in_modal("Save")
        self._reads(modal, "It is saved. First: Friday")
        self._dates_are([self.friday(each) for each in range(5)])

    def other_days_bring_other_fields(self) -> None:
        """The focus stays on the choice that brought them, and so does what was typed."""
        modal = self.hands.modal
        self._chooses(WINS)
        self.hands.writes(modal.get_by_label("What is it called?"), TITLE)
        how = modal.get_by_label("How often?")
        self.hands.selects_at_once(how, "Every month, on a weekday of it")
        expect(modal.get_by_label("Which one of the month?")).to_be_visible()
        expect(how).to_be_focused()
        expect(how).to_be_in_viewport()
        expect(modal.get_by_label("What is it called?")).to_have_value(TITLE)
        self.hands.keeps("form-monthly")
        self.hands.presses_in_modal("Not now")

    def it_is_paused_resumed_and_deleted(self) -> None:
        modal = self.hands.modal
        self.hands.presses_in_modal("Back to the calendar")
        self.hands.presses_in_modal(f"Pause: {SUGGESTED}")
        self._reads(modal, "It is paused.", "Paused: nothing comes")
        self.hands.presses_in_modal(f"Resume: {SUGGESTED}")
        self._reads(modal, "It goes on.", f"Next: {long_date(self.friday(0))}")
        self.hands.presses_in_modal(f"Delete: {SUGGESTED}")
        self.hands.confirms("Delete")
        self._reads(modal, "It is deleted.", "There is no ritual here yet.")
        self.hands.closes()

    # Whoever holds it

    def somebody_joins_the_rota(self) -> None:
        self.hands.becomes(HOLDER)
        self.hands.goes_to(CHANNEL)
        self.hands.asks("/cohort rota")
        modal = self.hands.modal
        self._reads(modal, "You are not on the rota.", "Who will see this:")
        self.hands.keeps("rota")
        self.hands.presses_in_modal("Put me on the rota")
        self._reads(modal, "You are on the rota now. Thank you.")
        self.hands.closes()

    def they_are_asked_a_day_before_and_can(self) -> None:
        messages = self.hands.opens_messages()
        self._reads(messages, "Could you hold this in", "Nobody sees that you passed it on")
        self.hands.keeps("rota-question")
        self.hands.presses(messages.get_by_role("button", name="I can"))
        self._reads(messages, "You hold this in")
        expect(messages.get_by_role("button", name="I can")).to_be_hidden()
        self.hands.keeps("rota-answered")

    # Whoever belongs to it

    def it_stands_in_the_channel(self) -> None:
        self.hands.becomes(MEMBER)
        self.hands.goes_to(CHANNEL)
        self._reads(
            self._post,
            f"Held by @{HOLDER} this time.",
            "something worked",
            "Reactions are public; nothing is scored.",
        )
        expect(self._post.get_by_role("button", name="Check in privately")).to_be_visible()
        self.hands.keeps("post")

    def a_member_reacts(self) -> None:
        self._post.hover()
        self.hands.presses(self._post.get_by_role("button", name="Add reaction"))
        hand = self.hands.page.get_by_role("menuitem", name="raised hand", exact=True)
        self.hands.presses(hand)
        chip = self._post.get_by_role("button", name="raised hand: 1 reaction, from you")
        expect(chip).to_have_text("\N{RAISED HAND}1")
        self.hands.keeps("post-reacted")

    def another_checks_in_from_it(self) -> None:
        self.hands.becomes(OTHER)
        self.hands.presses(self._post.get_by_role("button", name="Check in privately"))
        self._reads(self.hands.modal, "How is your mood?", "Who will see this")
        self.hands.closes("Not now")

    def they_are_told_ahead_of_the_live_one(self) -> None:
        words = "Begins soon, at 13:30. It takes ten minutes. Come as you are, or not."
        self._reads(self._message(QUIET), words)
        self.hands.keeps("soon")

    def it_begins(self) -> None:
        begun = self._message("For these minutes nobody expects anything of you.")
        self._reads(begun, "It takes ten minutes.")
        self.hands.keeps("begun")

    def it_ends_with_thanks_in_its_thread(self) -> None:
        begun = self._message("For these minutes nobody expects anything of you.")
        self._reads(begun, "This is closed. Thank you for being here.")
        self._reads(self.hands.conversation, "The ten minutes are over.")
        begun.scroll_into_view_if_needed()
        self.hands.keeps("over")

    def their_homes_say_what_comes_and_what_was(self) -> None:
        home = self.hands.opens_home()
        self._reads(home, "What comes next", f"15:00, in #{CHANNEL}: {TITLE}")
        home.get_by_text("What comes next").scroll_into_view_if_needed()
        self.hands.keeps("home-member")
        self.hands.becomes(FACILITATOR)
        self._reads(home, "New parents: fewer than 5 on the rota.", QUIET)
        home.get_by_text("on the rota").scroll_into_view_if_needed()
        self.hands.keeps("home-facilitator")

    # The clock

    def a_week_goes_by(self) -> None:
        then = self.workspace.clock.now() + timedelta(weeks=1)
        self._at_the_clock("+1 week", then)

    def time_goes_by_until(self, days: int, wall: time) -> None:
        then = self.at(days, wall)
        self._at_the_clock("Jump", then, typed=then.strftime("%Y-%m-%dT%H:%M"))

    def _at_the_clock(self, button: str, then: datetime, *, typed: str = "") -> None:
        control = self.hands.page.get_by_role("button", name="Workspace clock")
        self.hands.presses(control)
        if typed:  # what opens there is the browser's own
            self.hands.page.get_by_label("Jump to").fill(typed)
        self.hands.presses(self._clock(button))
        until(lambda: self.workspace.clock.now() >= then, "the clock does not get there")
        self.hands.presses(control)

    def _clock(self, button: str) -> Locator:
        box = self.hands.page.get_by_role("dialog", name="Workspace clock")
        return box.get_by_role("button", name=button, exact=True)

    @property
    def _post(self) -> Locator:
        return self._message(TITLE)

    def _message(self, words: str) -> Locator:
        return self.hands.page.get_by_test_id("message").filter(has_text=words).first

    def _chooses(self, template: str) -> None:
        self._clicks("Schedule a ritual")
        self._reads(self.hands.modal, "What would you like to do together?", template)
        self._reads_all_of_it()
        self.hands.keeps("templates")
        self._clicks(f"Choose: {template}")
        self._reads(self.hands.modal, "Who will see this:")

    def _dates_are(self, days: list[date]) -> None:
        expected = [f"{long_date(day)}, 15:00" for day in days]
        expect(self.hands.modal.locator("li")).to_have_text(expected)

    def _clicks(self, button: str) -> None:
        self.hands.presses_in_modal(button)
        self.clicks += 1

    def _reads_all_of_it(self) -> None:
        self.words += int(self.hands.modal.evaluate(_WORDS))

    @staticmethod
    def _reads(place: Locator, *words: str) -> None:
        for each in words:
            expect(place).to_contain_text(each)


def _a_monday_of_september(now: datetime) -> date:
    """Return the first Monday of the next September."""
    year = now.year + (now.month >= 9)
    first = date(year, 9, 1)
    return first + timedelta(days=-first.weekday() % 7)
