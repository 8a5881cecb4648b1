"""Serves one workspace over HTTP, on an event loop in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from aiohttp import web

from sandbox import oauth_page
from sandbox.control.control import Control
from sandbox.delivery.loopback import is_here
from sandbox.page_files import serve_file, serve_index
from sandbox.slack import Slack
from sandbox.webapi_http import WebApi

Result = TypeVar("Result")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_OPEN = ("/", oauth_page.PATH)
_LARGEST_BODY = 64 * 1024 * 1024


class Server:
    """The loop that owns a workspace's state, and the way onto it from other threads."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._runner: web.AppRunner | None = None

    @property
    def running(self) -> bool:
        """Whether it was started and not stopped since."""
        return self._loop is not None

    def start(self, port: int) -> None:
        """Bind the port (0 takes any free one) and serve in a background thread.

        Raises:
            OSError: the port is taken.
        """
        listener = socket.create_server(("127.0.0.1", port), backlog=512)
        self._slack.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sandbox", daemon=True)
        self._thread.start()
        self.wait(self._serve(listener))

    def stop(self) -> None:
        """Close every connection and end the thread; a second call does nothing."""
        if self._loop is None or self._thread is None:
            return
        self.wait(self._shut())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._loop = self._thread = None

    def do(self, work: Callable[[], Result]) -> Result:
        """Run `work` on the loop and return its result.

        Raises:
            RuntimeError: it is not running.
        """

        async def run() -> Result:
            return work()

        return self.wait(run())

    def wait(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Let the loop run `work` to its end and return its result.

        Raises:
            RuntimeError: it is not running.
        """
        if self._loop is None:
            work.close()
            raise RuntimeError("The sandbox is not running; call start() first.")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def soon(self, work: Callable[[], None]) -> None:
        """Run `work` on the loop without waiting for it, if it is running."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop closed meanwhile
                self._loop.call_soon_threadsafe(work)

    async def _serve(self, listener: socket.socket) -> None:
        app = web.Application(middlewares=[_only_loopback], client_max_size=_LARGEST_BODY)
        api = WebApi(self._slack)
        app.router.add_route("*", "/api/{method}", api.call)
        app.router.add_post("/respond/{key}", api.respond)
        app.router.add_post("/upload/v1/{key}", api.upload)
        app.router.add_get("/files-pri/{id}/{name}", api.download)
        app.router.add_get("/link/", self._slack.hub.serve)
        app.router.add_routes(Control(self._slack).routes())
        app.router.add_routes(oauth_page.OAuthPage(self._slack).routes())
        app.router.add_get("/", serve_index)
        app.router.add_get("/page/{name:.+}", serve_file)
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
        left = asyncio.all_tasks() - {asyncio.current_task()}  # calls that nobody waits for now
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


@web.middleware
async def _only_loopback(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse whoever reaches this server under a foreign name or from a foreign page.

    A web page elsewhere can make a browser on this machine send requests here; its name in
    the Host header (after DNS rebinding) or in the Origin header gives it away. What it asks
    for as a picture has no Origin; the browser itself says of that where it comes from. Only to
    the pages that a person opens a link may lead from anywhere.
    """
    if request.path not in _OPEN and request.headers.get("Sec-Fetch-Site") == "cross-site":
        return web.Response(status=403, text="The sandbox answers no page of somebody else.")
    for name in (f"//{request.headers.get('Host', '')}", request.headers.get("Origin")):
        if name is not None and not is_here(name):
            return web.Response(status=403, text="The sandbox only answers on this machine.")
    return await handler(request)
