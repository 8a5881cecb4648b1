"""The browser's pages: one for each size and theme, lent to one test after the other."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import sample

from playwright.sync_api import Browser, ConsoleMessage, Page

SIZES = {"desktop": (1280, 860), "phone": (375, 812)}


class Pages:
    """Lends pages: to begin a new one for each test takes a second of the processor.

    `port` is where every workspace is to be, so that the browser asks for the page's files once.
    """

    def __init__(self, browser: Browser) -> None:
        self.port = _free_port()
        self._browser = browser
        self._kept: dict[tuple[str, bool], Page] = {}

    @contextmanager
    def at(self, address: str, *, size: str, dark: bool | None = None) -> Iterator[Page]:
        """Open a page there, dark on a phone unless somebody says.

        Raises:
            AssertionError: at the end, if the browser complained about anything.
        """
        dark = size == "phone" if dark is None else dark
        page = self._kept.pop((size, dark), None) or self._fresh(size, dark=dark)
        complaints: list[str] = []

        def fails(error: object) -> None:
            complaints.append(str(error))

        def says(said: ConsoleMessage) -> None:
            if said.type in {"error", "warning"}:
                complaints.append(said.text)

        page.on("pageerror", fails)
        page.on("console", says)
        try:
            page.goto(address)
            yield page
        except BaseException:
            page.context.close()
            raise
        page.remove_listener("pageerror", fails)
        page.remove_listener("console", says)
        page.evaluate("localStorage.clear(); sessionStorage.clear()")
        page.goto("about:blank")
        self._kept[size, dark] = page
        assert complaints == []

    def _fresh(self, size: str, *, dark: bool) -> Page:
        width, height = SIZES[size]
        return self._browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            has_touch=size == "phone",
            accept_downloads=True,
        ).new_page()


def _free_port() -> int:
    """Return a port that nobody has, of those that no machine gives away by itself."""
    for port in sample(range(21_000, 29_000), 100):
        with socket.socket() as tried, suppress(OSError):
            tried.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free")
