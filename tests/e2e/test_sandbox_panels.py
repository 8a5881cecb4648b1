"""The timeline of what the app sends and receives, and the weather, beside the conversation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from slack_sdk.errors import SlackApiError

from sandbox.weather.weather import Weather
from tests.contract.rig import Rig, manifest
from tests.e2e.pages import Pages
from tests.e2e.stage import narrow, opened
from tests.waiting import until

pytestmark = pytest.mark.browser

COHORT = "cohort-new-parents"


@pytest.fixture
def rig(pages: Pages, tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path, manifest(events=[]), port=pages.port)
    made.app.command("/hello")(lambda ack: ack())
    made.connect()
    yield made
    made.close()


def drawer(page: Page, name: str) -> Locator:
    """Open a drawer by keyboard and return it."""
    button = page.get_by_role("banner").get_by_role("button", name=name, exact=False)
    button.focus()
    button.press("Enter")
    panel = page.get_by_test_id("panel")
    expect(panel.get_by_role("heading", name=name)).to_be_focused()
    return panel


def told(panel: Locator) -> list[str]:
    """Return what the rows say, without their times."""
    return [" ".join(row.split()[1:-1]) for row in panel.locator("tbody tr").all_inner_texts()]


def three_entries(page: Page, rig: Rig) -> Locator:
    """Open an empty timeline, and let a call, a refused one and a command come into it."""
    panel, channel = drawer(page, "Timeline"), rig.channel(COHORT)
    panel.get_by_role("button", name="Clear").click()
    rig.client.chat_postMessage(channel=channel, text="a secret")
    with pytest.raises(SlackApiError):
        rig.client.chat_postMessage(channel="nowhere", text="another")
    rig.maya.types("/hello there", channel=COHORT)
    expect(panel.locator("tbody tr")).to_have_count(3)
    return panel


def test_the_timeline_goes_on_while_it_is_open(pages: Pages, rig: Rig, size: str) -> None:
    with opened(pages, rig, size, where=rig.channel(COHORT)) as page:
        panel = three_entries(page, rig)
        expected = [
            f"sent chat.postMessage #{COHORT} ok",
            "sent chat.postMessage channel_not_found",
            f"received /hello #{COHORT} acked socket 1",
        ]
        until(lambda: told(panel) == expected, f"not {expected}")
        assert narrow(page)
        assert panel.locator("[aria-live=off]").count() == 1
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()
        expect(page.get_by_role("button", name="Timeline")).to_be_focused()


def test_the_timeline_is_narrowed_to_one_way_and_to_failures(pages: Pages, rig: Rig) -> None:
    with opened(pages, rig, "desktop", where=rig.channel(COHORT)) as page:
        panel = three_entries(page, rig)
        everything = panel.get_by_role("radio", name="All")
        everything.focus()
        everything.press("ArrowRight")
        expect(panel.locator("tbody tr")).to_have_count(2)
        panel.get_by_role("checkbox", name="Only failures").press("Space")
        expect(panel.locator("tbody tr")).to_have_count(1)
        expect(panel.locator("tbody tr")).to_contain_text("channel_not_found")
        panel.get_by_role("radio", name="Received").check()
        expect(panel).to_contain_text("Nothing to show yet.")


def test_who_reads_old_entries_is_not_carried_away(pages: Pages, rig: Rig) -> None:
    for _ in range(80):
        rig.client.api_test()
    with opened(pages, rig, "desktop") as page:
        panel = drawer(page, "Timeline")
        rows = panel.get_by_role("region", name="What the app sent and received")
        at_end = "box => box.scrollHeight - box.scrollTop - box.clientHeight < 3"
        expect(panel.locator("tbody tr").last).to_be_in_viewport()
        rig.client.auth_test()
        expect(panel.locator("tbody tr").last).to_contain_text("auth.test")
        expect(panel.locator("tbody tr").last).to_be_in_viewport()
        rows.press("Home")
        until(lambda: bool(rows.evaluate("box => box.scrollTop === 0")), "it does not scroll")
        rig.client.users_info(user=rig.maya.id)
        newer = panel.get_by_role("button", name="Newer entries below")
        expect(newer).to_be_visible()
        assert rows.evaluate("box => box.scrollTop") == 0
        newer.click()
        expect(newer).to_be_hidden()
        until(lambda: bool(rows.evaluate(at_end)), "it does not go to the end")


def test_the_weather_is_set_on_the_page(pages: Pages, rig: Rig, size: str) -> None:
    with opened(pages, rig, size) as page:
        panel = drawer(page, "Weather")
        expect(panel).to_contain_text("Calm: nothing goes wrong.")
        errors = panel.get_by_role("slider", name="Server errors")
        errors.focus()
        for _ in range(4):
            errors.press("ArrowRight")
        expect(panel).to_contain_text("Rough: server errors 4 %.")
        expect(errors).to_have_attribute("aria-valuetext", "4 %")
        until(lambda: rig.box.weather.server_errors == 0.04, "the weather was not set")
        seed = panel.get_by_role("textbox", name="Seed")
        seed.fill("none")
        seed.press("Enter")
        seed.blur()
        expect(panel.get_by_role("alert")).to_contain_text("whole number")
        seed.fill("41")
        seed.blur()
        until(lambda: rig.box.weather.seed == 41, "the seed was not taken")
        errors_in_storm = f"{Weather.storm(0).server_errors:.0%}".replace("%", " %")
        panel.get_by_role("button", name="Storm").press("Enter")
        expect(panel.get_by_role("checkbox", name="Rate limits")).to_be_checked()
        rough = page.get_by_role(
            "button", name=f"Weather: rate limits, server errors {errors_in_storm}"
        )
        expect(rough).to_have_class("bar-button is-rough")
        assert rig.box.weather.seed == 41
        assert narrow(page)
        panel.get_by_role("button", name="Calm").press("Enter")
        expect(panel).to_contain_text("Calm: nothing goes wrong.")
        until(lambda: rig.box.weather.calm, "the weather did not calm down")
        expect(page.get_by_role("button", name="Weather", exact=True)).to_be_visible()


def test_weather_that_a_program_sets_shows_on_the_page(pages: Pages, rig: Rig) -> None:
    with opened(pages, rig, "phone") as page:
        rig.control.post("/control/weather", {"duplicates": 0.25})
        rough = page.get_by_role("button", name="Weather: duplicates 25 %")
        expect(rough).to_be_visible()
        expect(rough).to_have_css("background-color", "rgb(255, 225, 166)")


def test_connections_are_dropped_on_the_page(pages: Pages, rig: Rig) -> None:
    with opened(pages, rig, "desktop") as page:
        panel = drawer(page, "Weather")
        expect(panel).to_contain_text("1 connection of the app works.")
        panel.get_by_role("button", name="Freeze").click()
        expect(panel).to_contain_text("0 connections of the app work.")
        panel.get_by_role("button", name="Thaw").click()
        expect(panel).to_contain_text("1 connection of the app works.")
        rig.handlers[0].client.auto_reconnect_enabled = False
        panel.get_by_role("button", name="Drop").click()
        expect(panel).to_contain_text("0 connections of the app work.")
