"""Sharing on the page: the choice in the form, the post in the channel, and deleting it again."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app import Hearth
from sandbox import Person, Sandbox
from tests.e2e.conftest import keep
from tests.e2e.test_checkin import ENERGY, MOOD, ROOM, STRESS, choose, modal
from tests.integration.outbox import settled

pytestmark = pytest.mark.browser

COHORT = "cohort-new-parents"


@pytest.fixture
def sharer(workspace: Sandbox, hearth: Hearth, member: Person) -> Person:
    """Maya, in her cohort."""
    (cohort,) = [each for each in workspace.channels() if each["name"] == COHORT]
    hearth.services.cohorts.add("New parents", cohort["id"], cohort["members"])
    return member


def test_what_is_shared_is_seen_in_the_channel_and_goes_when_it_is_deleted(
    page: Page, workspace: Sandbox, hearth: Hearth, sharer: Person, size: str
) -> None:
    sharer.types("/checkin")
    share = modal(page).get_by_role("radiogroup", name="Share a part of it with New parents?")
    expect(share.get_by_label("No, only I see it")).to_be_checked()
    choose(page, {MOOD: "2: low", STRESS: "4: stressed", ENERGY: "1: empty", ROOM: "over: more"})
    share.get_by_label("My mood and capacity").check()
    share.scroll_into_view_if_needed()
    keep(page, f"{size}-sharing-1-form")
    modal(page).get_by_role("button", name="Save").click()
    expect(modal(page)).to_contain_text("Everything else: only you")
    keep(page, f"{size}-sharing-2-receipt")
    modal(page).get_by_role("button", name="Done").click()

    settled(hearth)
    sharer.types("/checkin history", "random")
    expect(modal(page)).to_contain_text("Shared: your mood and capacity")
    keep(page, f"{size}-sharing-3-history")
    modal(page).get_by_role("button", name="Close").first.click()
    if size == "phone":
        page.get_by_role("button", name="Channels").click()
    page.get_by_role("link", name=COHORT).or_(page.get_by_role("button", name=COHORT)).first.click()
    expect(page.get_by_text("Mood 2: low")).to_be_visible()
    keep(page, f"{size}-sharing-4-channel")
    assert len(shares(workspace)) == 1

    sharer.types("/checkin history", COHORT)
    modal(page).get_by_role("button", name="Delete").click()
    confirm = page.get_by_test_id("confirm")
    expect(confirm).to_contain_text("taken away in Slack as well")
    keep(page, f"{size}-sharing-5-confirm")
    confirm.get_by_role("button", name="Delete").click()
    expect(modal(page)).to_contain_text("There is no check-in here")
    settled(hearth)
    assert shares(workspace) == []


def shares(workspace: Sandbox) -> list[dict[str, Any]]:
    """Return what is shared in the cohort's channel, where its notice may stand as well."""
    return [each for each in workspace.posted(COHORT) if "shares from" in each["text"]]
