"""A real browser on the sandbox's page, with Hearth in the workspace."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from app import Hearth
from sandbox import Sandbox
from tests.conftest import ROOT
from tests.e2e.pages import SIZES, Pages
from tests.hours import at_office_hours
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
def pages() -> Iterator[Pages]:
    executable = chromium()
    if executable is None:
        pytest.skip("no Chromium on this machine: install one, or name it in CHROMIUM")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable, args=QUIET)
        yield Pages(running)
        running.close()


@pytest.fixture
def workspace(pages: Pages) -> Iterator[Sandbox]:
    """A fresh workspace of the small company, by day."""
    with Sandbox(manifest=ROOT / "manifest.yml", port=pages.port) as box:
        yield at_office_hours(box)


@pytest.fixture
def stored(tmp_path: Path) -> Stored:
    """A file: what a browser shows does not depend on the database."""
    return StoredFile(tmp_path / "hearth.db")


@pytest.fixture(params=["desktop", "phone"])
def size(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(pages: Pages, workspace: Sandbox, hearth: Hearth, size: str) -> Iterator[Page]:
    """Maya's page; anything the browser complains about fails the test."""
    with pages.at(workspace.url, size=size) as opened:
        yield opened


def keep(page: Page, name: str, folder: Path = SCREENSHOTS) -> None:
    """Keep a picture of what stands on the page, if somebody wants to look at it."""
    if not os.environ.get("HEARTH_PICTURES"):
        return  # to draw all of them takes as long as some of the tests
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png", animations="disabled")


def keep_both(page: Page, name: str) -> None:
    """Keep a picture of what stands on the page, and of how that is on a phone."""
    keep(page, name)
    usual = page.viewport_size
    if not os.environ.get("HEARTH_PICTURES") or usual is None:
        return
    width, height = SIZES["phone"]
    page.set_viewport_size({"width": width, "height": height})
    keep(page, f"{name}-phone")
    page.set_viewport_size(usual)
