"""A real browser on the sandbox's page, with Hearth in the workspace."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from app import Hearth
from sandbox import Sandbox
from tests.stored import Stored, StoredFile

SCREENSHOTS = Path(__file__).parents[2] / "test-results" / "screenshots"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """Return the Chromium of this machine, or None."""
    named = os.environ.get("CHROMIUM")
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return named or next((found for name in names if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = chromium()
    if executable is None:
        pytest.skip("no Chromium on this machine: install one, or name it in CHROMIUM")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable, args=QUIET)
        yield running
        running.close()


@pytest.fixture
def stored(tmp_path: Path) -> Stored:
    """A file: what a browser shows does not depend on the database."""
    return StoredFile(tmp_path / "hearth.db")


@pytest.fixture(params=["desktop", "phone"])
def size(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(browser: Browser, workspace: Sandbox, hearth: Hearth, size: str) -> Iterator[Page]:
    """Maya's page; anything the browser complains about fails the test."""
    viewport = {"desktop": (1280, 860), "phone": (375, 812)}[size]
    context = browser.new_context(
        viewport={"width": viewport[0], "height": viewport[1]},
        color_scheme="dark" if size == "phone" else "light",
        has_touch=size == "phone",
    )
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console",
        lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None,
    )
    opened.goto(workspace.url)
    yield opened
    context.close()
    assert complaints == []


def keep(page: Page, name: str, folder: Path = SCREENSHOTS) -> None:
    """Keep a picture of what stands on the page, if somebody wants to look at it."""
    if not os.environ.get("HEARTH_PICTURES"):
        return  # to draw all of them takes as long as some of the tests
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png", animations="disabled")
