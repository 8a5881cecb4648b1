"""A browser on the page of a sandbox with an app of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

from tests.contract.rig import Rig

SIZES = {"desktop": (1280, 860), "phone": (375, 812)}


@contextmanager
def opened(
    browser: Browser, rig: Rig, size: str, *, where: str | None = None, dark: bool | None = None
) -> Iterator[Page]:
    """Open Maya's page at a conversation; anything the browser complains about fails the test."""
    width, height = SIZES[size]
    phone = size == "phone"
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if (phone if dark is None else dark) else "light",
        has_touch=phone,
        accept_downloads=True,
    )
    page, complaints = context.new_page(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None,
    )
    page.goto(f"{rig.box.url}/#as=maya&in={where or rig.maya.opens_dm('lantern')}")
    yield page
    context.close()
    assert complaints == []


def narrow(page: Page) -> bool:
    """Whether nothing is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
