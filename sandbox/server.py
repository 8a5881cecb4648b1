"""The sandbox as a program sees it: a server in a background thread."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import urlsplit

from aiohttp import web

import sandbox.methods  # noqa: F401  (registers the Web API methods)
from sandbox import seed as seeds
from sandbox.client import Person
from sandbox.clock import Clock
from sandbox.control import Control
from sandbox.faults import Fault
from sandbox.page_files import serve_page
from sandbox.slack import Panel, Slack
from sandbox.webapi_http import WebApi
from sandbox.workspace import Json

Result = TypeVar("Result")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_LARGEST_BODY = 4 * 1024 * 1024


class Sandbox:
    """A Slack workspace on this machine, with the app of a manifest installed in it.

    with Sandbox(manifest=Path("manifest.yml")) as box:
        app = App(client=WebClient(token=box.bot_token, base_url=box.api_url))
        SocketModeHandler(app, box.app_token).connect()
        box.person("maya").types("/hello", channel="general")
    """

    def __init__(
        self,
        *,
        manifest: Path,
        seed: Path | None = None,
        port: int = 0,
        ack_seconds: float = 3.0,
        panels: Mapping[str, Panel] | None = None,
    ) -> None:
        """Prepare a workspace; nothing runs before `start`.

        Args:
            manifest: the app's manifest file.
            seed: who works there; the company of seeds/company.yml if None.
            port: where on 127.0.0.1; 0 takes any free port.
            ack_seconds: how long the app may take to acknowledge; Slack gives three.
            panels: drawers for the page, each a function that returns columns and rows.

        Raises:
            SandboxError: the manifest or the seed cannot be used.
        """
        self.clock = Clock()
        self._port = port
        self._slack = Slack(
            manifest_path=manifest,
            seed_path=seed or seeds.COMPANY,
            clock=self.clock,
            ack_seconds=ack_seconds,
            panels=dict(panels or {}),
        )
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._runner: web.AppRunner | None = None
        self._people: list[Person] = []
        self.clock.on_change(self._clock_changed)

    def __enter__(self) -> Sandbox:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The address of the page, without a slash at its end."""
        return self._slack.url

    @property
    def api_url(self) -> str:
        """The `base_url` for slack_sdk."""
        return f"{self._slack.url}/api/"

    @property
    def bot_token(self) -> str:
        """The bot token of the installed app."""
        return self._slack.bot_token

    @property
    def app_token(self) -> str:
        """The app-level token, for Socket Mode."""
        return self._slack.app_token

    @property
    def ack_seconds(self) -> float:
        """How long the app may take to acknowledge; it may be set while the sandbox runs."""
        return self._slack.hub.ack_seconds

    @ack_seconds.setter
    def ack_seconds(self, seconds: float) -> None:
        self._slack.hub.ack_seconds = seconds

    def start(self) -> None:
        """Bind the port and serve in a background thread.

        Raises:
            OSError: the port is taken.
        """
        listener = socket.create_server(("127.0.0.1", self._port), backlog=512)
        self._slack.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sandbox", daemon=True)
        self._thread.start()
        self._wait(self._serve(listener))

    def stop(self) -> None:
        """Close every connection and end the thread; a second call does nothing."""
        if self._loop is None or self._thread is None:
            return
        for person in self._people:
            person.close()
        self._wait(self._shut())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._loop = self._thread = None

    def person(self, name: str) -> Person:
        """Return someone to act as, by name or id.

        Raises:
            LookupError: there is nobody of that name.
        """
        person = Person(self.url, name)
        self._people.append(person)
        return person

    def fail(
        self,
        method: str,
        *,
        times: int = 1,
        status: int | None = None,
        error: str | None = None,
        delay_seconds: float = 0.0,
    ) -> None:
        """Let the next calls of a Web API method fail, or take their time."""
        fault = Fault(method, times, status, error, delay_seconds)
        self._do(lambda: self._slack.faults.add(fault))

    def clear_faults(self) -> None:
        """Let everything work again that was told to fail."""
        self._do(self._slack.faults.clear)

    def expire_triggers(self, seconds: float = 0.0) -> None:
        """Let the trigger ids handed out from now on live only so long."""

        def shorten() -> None:
            self._slack.triggers.seconds = seconds

        self._do(shorten)

    def calls(self) -> list[Json]:
        """Return the Web API calls that the app made, newest last."""
        return self._do(self._slack.calls.as_list)

    def wait_until_connected(self, seconds: float = 10.0) -> None:
        """Return once the app has a Socket Mode connection.

        Raises:
            TimeoutError: it has none after so many seconds.
        """
        self._wait(asyncio.wait_for(self._slack.hub.connected.wait(), seconds))

    def _do(self, work: Callable[[], Result]) -> Result:
        """Run `work` on the loop, which owns the state, and return its result."""

        async def run() -> Result:
            return work()

        return self._wait(run())

    def _wait(self, work: Coroutine[Any, Any, Result]) -> Result:
        if self._loop is None:
            work.close()
            raise RuntimeError("The sandbox is not running; call start() first.")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _serve(self, listener: socket.socket) -> None:
        app = web.Application(middlewares=[_only_loopback], client_max_size=_LARGEST_BODY)
        api = WebApi(self._slack)
        app.router.add_route("*", "/api/{method}", api.call)
        app.router.add_post("/respond/{key}", api.respond)
        app.router.add_get("/link/", self._slack.hub.serve)
        app.router.add_routes(Control(self._slack).routes())
        app.router.add_get("/", serve_page)
        app.router.add_get("/page/{name:.+}", serve_page)
        self._runner = web.AppRunner(
            app, handle_signals=False, access_log=None, keepalive_timeout=3600, shutdown_timeout=1
        )
        await self._runner.setup()
        await web.SockSite(self._runner, listener).start()

    async def _shut(self) -> None:
        await self._slack.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def _clock_changed(self) -> None:
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop closed meanwhile
                self._loop.call_soon_threadsafe(self._slack.watchers.workspace_changed)


@web.middleware
async def _only_loopback(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse whoever reaches this server under a foreign name or from a foreign page.

    A web page elsewhere can make a browser on this machine send requests here; its name in
    the Host header (after DNS rebinding) or in the Origin header gives it away.
    """
    for name in (f"//{request.headers.get('Host', '')}", request.headers.get("Origin")):
        if name is not None and _hostname(name) not in _LOOPBACK:
            return web.Response(status=403, text="The sandbox only answers on this machine.")
    return await handler(request)


@lru_cache(maxsize=64)
def _hostname(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
