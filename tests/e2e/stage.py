"""A browser on the page of a sandbox with an app of the test's own."""

from __future__ import annotations

from contextlib import AbstractContextManager

from playwright.sync_api import Page

from tests.contract.rig import Rig
from tests.e2e.pages import Pages


def opened(
    pages: Pages, rig: Rig, size: str, *, where: str | None = None, dark: bool | None = None
) -> AbstractContextManager[Page]:
    """Open Maya's page at a conversation, the one with the app unless another is named."""
    where = where or rig.maya.opens_dm("lantern")
    return pages.at(f"{rig.box.url}/#as=maya&in={where}", size=size, dark=dark)


def narrow(page: Page) -> bool:
    """Whether nothing is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
