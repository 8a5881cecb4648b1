"""The walk of one company through everything that people are asked, given and may take back.

Each step is what one person does on the page and then reads there. Only what happens outside of
Hearth is done for them: a channel that changes, an account that is closed.
"""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Locator, expect

from app import Hearth
from sandbox import Sandbox
from tests.e2e.hands import Hands
from tests.e2e.test_checkin import ENERGY, MOOD, ROOM, STRESS
from tests.integration.outbox import settled

ADMIN, LEAD, MEMBER = "Sanjay Pillai", "Inês Carvalho", "Maya Lindqvist"
MODERATOR = "Priya Raghunathan"
CHANNEL = "cohort-first-leads"
COHORT = "First leads"


class Walk:
    """One company, from nobody who leads to somebody who has taken everything back."""

    def __init__(self, hands: Hands, workspace: Sandbox, hearth: Hearth) -> None:
        self.hands = hands
        self.workspace = workspace
        self.hearth = hearth
        workspace.make_private(CHANNEL)
        for person in ("ines", "maya"):
            workspace.add_member(CHANNEL, person)

    def the_workspace_admin_makes_somebody_lead(self) -> None:
        self.hands.becomes(ADMIN)
        self.hands.asks("/hearth roles")
        self._reads(self.hands.modal, "Nobody leads the programme yet")
        self._gives("Programme lead", LEAD)
        self.hands.closes()

    def the_lead_is_told_what_that_means(self) -> None:
        self._settles()
        self.hands.becomes(LEAD)
        self._reads(
            self.hands.opens_messages(), "You are a programme lead now", "You cannot see anybody's"
        )
        self.hands.keeps("lead-is-told")

    def the_lead_sets_up_until_the_home_says_rehearsal(self) -> None:
        home, modal = self.hands.opens_home(), self.hands.modal
        self._reads(home, "0 of 7 steps are done")
        self.hands.presses(home.get_by_role("button", name="Set-up"))
        self._reads(modal, "Moderators' channel: missing")
        self.hands.keeps("set-up")
        self.hands.presses(modal.get_by_role("button", name="Set", exact=True).first)
        self._step(1)
        self.hands.selects(modal.get_by_role("combobox"), "#care-moderators")
        self._saves(2)
        self._fills_in_the_eap()
        self._saves(3)
        countries = modal.get_by_role("button", name="Where do your members live?")
        self.hands.takes_all(countries, ["Germany", "India"])
        self._saves(4)
        self.hands.marks(modal.get_by_label("Saturday"))
        self._saves(5)
        self.hands.selects(modal.get_by_role("combobox"), MODERATOR)
        self._saves(6)
        self.hands.selects(modal.get_by_role("combobox"), ADMIN)
        self._saves(7)
        plan = "https://intranet.example/plan"
        self.hands.writes(modal.get_by_label("Where does it stand"), plan)
        self.hands.presses_in_modal("Save and go on")
        self._reads(modal, "Rehearsal.", "Nobody is paged and no note is read")
        self.hands.keeps("set-up-is-done")
        self.hands.closes()
        self._reads(home, "Rehearsal.")

    def the_lead_appoints_a_moderator_from_the_home(self) -> None:
        self.hands.presses(self.hands.home.get_by_role("button", name="Roles"))
        self._gives("Moderator", MODERATOR)
        self._reads(self.hands.modal, f"Moderator: @{MODERATOR}")
        self.hands.closes()

    def the_lead_says_that_a_line_holds(self) -> None:
        self.hands.goes_to("general")
        self.hands.asks("/hearth lines")
        modal = self.hands.modal
        self._reads(modal, "TelefonSeelsorge", "Not checked yet. Members do not see it.")
        self.hands.presses(modal.get_by_role("button", name="It holds").last)
        self._reads(modal, "It counts until")
        self.hands.keeps("lines")
        self.hands.closes("Close")

    def the_lead_makes_a_cohort_whose_notice_says_what_it_is(self) -> None:
        self.hands.goes_to(CHANNEL)
        self.hands.asks("/cohort create")
        modal = self.hands.modal
        self._reads(modal, "nobody is added: people join by themselves")
        self.hands.writes(modal.get_by_label("What is it called?"), COHORT)
        self.hands.answers("What is it for?", "People who support one another")
        self.hands.presses_in_modal("Make it")
        self._reads(modal, "The notice is on its way")
        self.hands.closes()
        self.hearth.services.cohort_channels.look_around()
        self._settles()
        notice = ("Nobody watches this channel.", "Join this cohort")
        self._reads(self.hands.conversation, *notice)
        self.hands.keeps("notice")

    def somebody_new_joins_it_and_agrees_on_the_way(self) -> None:
        self.hands.becomes(MEMBER)
        self.hands.goes_to(CHANNEL)
        self.hands.presses(self.hands.conversation.get_by_role("button", name="Join this cohort"))
        modal = self.hands.modal
        self._reads(modal, "What is kept", f"in danger: @{MODERATOR}")
        self.hands.keeps("consent")
        self.hands.presses_in_modal("Read all of it")
        self._reads(modal, "with three exceptions")
        self.hands.keeps("consent-in-full")
        self.hands.presses(modal.get_by_role("button", name="Back", exact=True).last)
        self.hands.selects(modal.get_by_label("Which country are you in?"), "Germany")
        self.hands.marks(modal.get_by_label("I agree that Hearth keeps my check-ins"))
        self.hands.presses_in_modal("Agree and go on")
        self.hands.answers("Do you decide on anyone's work or pay here?", "No")
        self.hands.keeps("join")
        self.hands.presses_in_modal("Join")
        self._reads(modal, "You belong to the cohort in")
        self.hands.closes()
        self.hands.asks("/cohort list")
        self._reads(modal, COHORT, "You belong to it.")
        self.hands.keeps("cohorts")
        self.hands.closes()

    def they_check_in_from_their_home_and_share_a_part(self) -> None:
        home, modal = self.hands.opens_home(), self.hands.modal
        self.hands.presses(home.get_by_role("button", name="Check in", exact=True))
        for question, answer in {MOOD: "2: low", STRESS: "4:", ENERGY: "1:", ROOM: "over:"}.items():
            self.hands.answers(question, answer)
        self.hands.answers(f"Share a part of it with {COHORT}?", "My mood and capacity")
        self.hands.keeps("sharing")
        self.hands.presses_in_modal("Save")
        self._reads(modal, "Thank you for taking the time", "Everything else: only you")
        self.hands.closes()
        self._reads(home, "your mood and capacity, with everyone in", "Take back")
        self.hands.keeps("member-home")
        self._settles()
        self.hands.goes_to(CHANNEL)
        self._reads(self.hands.conversation, "Mood 2: low")

    def they_change_a_choice(self) -> None:
        home, modal = self.hands.opens_home(), self.hands.modal
        self.hands.presses(home.get_by_role("button", name="Change them"))
        self.hands.answers("May Hearth read your notes", "Help to me only")
        self.hands.keeps("choices")
        self.hands.presses_in_modal("Save")
        self._reads(modal, "Reading notes for safety: Help to me only")
        self.hands.closes()
        self._reads(home, "Reading notes for safety: Help to me only")

    def they_pause(self) -> None:
        home, modal = self.hands.home, self.hands.modal
        self.hands.presses(home.get_by_role("button", name="Pause", exact=True))
        self.hands.answers("For how long?", "Two weeks")
        self.hands.presses_in_modal("Save")
        self._reads(modal, "Hearth asks you nothing until")
        self.hands.closes()
        self._reads(home, "Hearth asks you nothing until")

    def they_look_for_help_and_see_only_what_was_checked(self) -> None:
        home, modal = self.hands.home, self.hands.modal
        self.hands.presses(home.get_by_role("button", name="Help now"))
        self._reads(modal, "call 112", "TelefonSeelsorge", "Harbour Line", "Checked on")
        self.hands.keeps("help-checked")
        self.hands.selects_at_once(modal.get_by_role("combobox"), "India")
        self._reads(modal, "For India there is none at present", "findahelpline.com")
        self.hands.keeps("help-unchecked")
        self.hands.closes("Close")

    def they_have_a_copy_of_everything(self) -> None:
        home, modal = self.hands.home, self.hands.modal
        self.hands.presses(home.get_by_role("button", name="Have a copy of it"))
        self._reads(modal, "Your employer may be able to export the direct message")
        self.hands.marks(modal.get_by_label("Put my notes in"))
        self.hands.keeps("export")
        self.hands.presses_in_modal("Send it to me")
        self._reads(modal, "with your notes, is on its way")
        self.hands.closes()
        self._settles()
        self._reads(self.hands.opens_messages(), "Everything Hearth keeps about me", "My check-ins")
        self.hands.keeps("copy")

    def they_are_told_when_their_cohort_is_halted(self) -> None:
        self.workspace.share_channel(CHANNEL)
        self.hearth.services.cohort_channels.look_around()
        self._settles()
        self._reads(
            self.hands.opens_messages(), "just now: the channel is shared with another company"
        )
        self.hands.keeps("halted")
        self.workspace.unshare_channel(CHANNEL)
        self.hearth.services.cohort_channels.look_around()

    def they_leave_the_cohort_and_take_back_what_they_shared(self) -> None:
        self.hands.goes_to(CHANNEL)
        self.hands.asks("/cohort leave")
        modal = self.hands.modal
        self._reads(modal, "Nobody is told that you leave")
        self.hands.marks(modal.get_by_label("Take back what I shared here"))
        self.hands.keeps("leave")
        self.hands.presses_in_modal("Leave")
        self._reads(modal, "You have left the cohort")
        self.hands.closes()
        self._settles()
        expect(self.hands.conversation).not_to_contain_text("Mood 2: low")

    def they_take_everything_back(self) -> None:
        home, modal = self.hands.opens_home(), self.hands.modal
        self.hands.presses(home.get_by_role("button", name="Leave and delete all of it"))
        self._reads(modal, "It cannot be undone, and nobody is told", "What stays, and why")
        self.hands.keeps("forget")
        self.hands.presses_in_modal("Delete all of it")
        self._reads(modal, "It is deleted")
        self.hands.keeps("forgotten")
        self.hands.closes()
        self._reads(home, "Welcome to Hearth")
        expect(home).not_to_contain_text("Germany")

    def the_lead_closes_the_cohort(self) -> None:
        self.hands.becomes(LEAD)
        self.hands.goes_to(CHANNEL)
        self.hands.asks("/cohort list")
        self.hands.presses_in_modal("Close this cohort")
        self.hands.confirms("Close this cohort")
        self._reads(self.hands.modal, "The cohort is closed")
        self.hands.closes()
        self._settles()
        self._reads(self.hands.conversation, "This cohort is closed.")
        self.hands.keeps("closed")

    def the_lead_reads_how_it_stands(self) -> None:
        self.hands.goes_to("general")
        self.hands.asks("/hearth status")
        self._reads(
            self.hands.conversation, "Works: Moderators' channel", f"@{MODERATOR} moderates"
        )
        self.hands.keeps("status")

    def _gives(self, role: str, person: str) -> None:
        modal = self.hands.modal
        self.hands.presses_in_modal("Give a role")
        self.hands.selects(modal.get_by_label("To whom?"), person)
        self.hands.selects(modal.get_by_label("Which role?"), role)
        self.hands.keeps(f"give-{role.split()[-1].lower()}")
        self.hands.presses_in_modal("Give it")
        self._reads(modal, "The role is given", f"{role}: @{person}")

    def _fills_in_the_eap(self) -> None:
        modal = self.hands.modal
        for label, text in {
            "What is it called?": "Harbour Line",
            "Which number?": "+49 30 1234567",
            "Where on the web?": "https://harbour.example",
            "When does somebody answer?": "Day and night",
        }.items():
            self.hands.writes(modal.get_by_label(label), text)
        self.hands.answers("Does the employer see who called?", "No, the employer learns nothing")
        tried = self.workspace.clock.now().date() - timedelta(days=3)
        self.hands.dates(modal.get_by_label("When was it last rung"), tried)

    def _saves(self, then: int) -> None:
        self.hands.presses_in_modal("Save and go on")
        self._step(then)

    def _step(self, number: int) -> None:
        expect(self.hands.modal).to_contain_text(f"Step {number} of 7.")
        self.hands.keeps(f"step-{number}")

    def _settles(self) -> None:
        settled(self.hearth)

    @staticmethod
    def _reads(place: Locator, *words: str) -> None:
        for each in words:
            expect(place).to_contain_text(each)


def walk(hands: Hands, workspace: Sandbox, hearth: Hearth) -> None:
    """Take every step, one after the other."""
    company = Walk(hands, workspace, hearth)
    company.the_workspace_admin_makes_somebody_lead()
    company.the_lead_is_told_what_that_means()
    company.the_lead_sets_up_until_the_home_says_rehearsal()
    company.the_lead_appoints_a_moderator_from_the_home()
    company.the_lead_says_that_a_line_holds()
    company.the_lead_makes_a_cohort_whose_notice_says_what_it_is()
    company.somebody_new_joins_it_and_agrees_on_the_way()
    company.they_check_in_from_their_home_and_share_a_part()
    company.they_change_a_choice()
    company.they_pause()
    company.they_look_for_help_and_see_only_what_was_checked()
    company.they_have_a_copy_of_everything()
    company.they_are_told_when_their_cohort_is_halted()
    company.they_leave_the_cohort_and_take_back_what_they_shared()
    company.they_take_everything_back()
    company.the_lead_closes_the_cohort()
    company.the_lead_reads_how_it_stands()
