"""The sandbox as a program sees it: a server in a background thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import sandbox.methods  # noqa: F401  (registers the Web API methods)
from sandbox import files, posting
from sandbox import seed as seeds
from sandbox.client import Person
from sandbox.clock import Clock
from sandbox.control_client import ControlClient
from sandbox.credentials import CLIENT_ID, CLIENT_SECRET, SIGNING_SECRET
from sandbox.delivery.delivery import AT_ONCE_THEN_LATER
from sandbox.delivery.signing import sign
from sandbox.oauth_page import PATH as AUTHORIZE
from sandbox.orders import Orders
from sandbox.slack import Options, Panel, Slack
from sandbox.workspace import Json

FILES_READY_AFTER_SECONDS = 0.2


class Sandbox(Orders):
    """A Slack workspace on this machine, with the app of a manifest installed in it.

    with Sandbox(manifest=Path("manifest.yml")) as box:
        app = App(client=WebClient(token=box.bot_token, base_url=box.api_url))
        SocketModeHandler(app, box.app_token).connect()
        box.person("maya").types("/hello", channel="general")

    Nothing runs before `start`.

    Args:
        manifest: the app's manifest file.
        seed: who works there; the company of seeds/company.yml if None.
        port: where on 127.0.0.1; 0 takes any free port.
        ack_seconds: how long the app may take to acknowledge; Slack gives three.
        retry_after_seconds: from each failed try of an event to the next.
        request_url: where the app takes Slack's requests over HTTP; by Socket Mode if None.
        panels: drawers for the page, each a function that returns columns and rows.
        files_ready_after_seconds: how long Slack looks at an uploaded file, by `clock`, before
            its kind and its places are told and a block may show it.

    Raises:
        SandboxError: the manifest or the seed cannot be used.
        ValueError: seconds are below zero, or the request URL is none on this machine.
    """

    def __init__(
        self,
        *,
        manifest: Path,
        seed: Path | None = None,
        port: int = 0,
        ack_seconds: float = 3.0,
        retry_after_seconds: Sequence[float] = AT_ONCE_THEN_LATER,
        request_url: str | None = None,
        panels: Mapping[str, Panel] | None = None,
        files_ready_after_seconds: float = FILES_READY_AFTER_SECONDS,
    ) -> None:
        self.clock = Clock()
        self._port = port
        options = Options(
            manifest=manifest,
            seed=seed or seeds.COMPANY,
            ack_seconds=ack_seconds,
            retry_after_seconds=retry_after_seconds,
            request_url=request_url,
            panels=dict(panels or {}),
            files_ready_after_seconds=files_ready_after_seconds,
        )
        super().__init__(Slack(self.clock, options))
        self._client: ControlClient | None = None
        self.clock.on_change(lambda: self._server.soon(self._slack.watchers.workspace_changed))

    def __enter__(self) -> Self:
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
    def client_id(self) -> str:
        """What the app is called by when somebody installs it with OAuth."""
        return CLIENT_ID

    @property
    def client_secret(self) -> str:
        """What the app exchanges a code with."""
        return CLIENT_SECRET

    @property
    def authorize_url(self) -> str:
        """Where a person is asked whether the app may come in: `authorization_url` for Bolt."""
        return f"{self._slack.url}{AUTHORIZE}"

    @property
    def signing_secret(self) -> str:
        """What the app verifies Slack's requests with, over HTTP."""
        return SIGNING_SECRET

    @property
    def request_url(self) -> str | None:
        """Where everything is sent over HTTP; None while it goes over Socket Mode."""
        return self._slack.request_url.url

    @property
    def connections(self) -> int:
        """How many Socket Mode connections the app has open; a frozen one is not."""
        return self._slack.hub.connections

    @property
    def ack_seconds(self) -> float:
        """How long the app may take to acknowledge; it may be set while the sandbox runs."""
        return self._slack.hub.ack_seconds

    @ack_seconds.setter
    def ack_seconds(self, seconds: float) -> None:
        self._slack.hub.ack_seconds = seconds

    @property
    def connection_seconds(self) -> float:
        """How long Slack keeps each connection that is opened from now on; it may be set."""
        return self._slack.hub.connection_seconds

    @connection_seconds.setter
    def connection_seconds(self, seconds: float) -> None:
        self._slack.hub.connection_seconds = seconds

    @property
    def retry_after_seconds(self) -> Sequence[float]:
        """When events are sent again; it may be set while the sandbox runs.

        Raises:
            ValueError: an event would be sent again before it was sent.
        """
        return self._slack.delivery.retry_after_seconds

    @retry_after_seconds.setter
    def retry_after_seconds(self, seconds: Sequence[float]) -> None:
        self._slack.delivery.retry_after_seconds = seconds

    def start(self) -> None:
        """Bind the port and serve in a background thread.

        Raises:
            OSError: the port is taken.
        """
        self._server.start(self._port)
        self._client = ControlClient(self.url)

    def stop(self) -> None:
        """Close every connection and end the thread; a second call does nothing."""
        if self._server.running:
            if self._client is not None:
                self._client.close()
            self._server.stop()

    def deliver_over_http(self, request_url: str) -> None:
        """Send everything to this address from now on; no Socket Mode is needed then.

        Raises:
            ValueError: it is no http:// address on this machine.
        """
        self._deliver_to(request_url)

    def deliver_over_sockets(self) -> None:
        """Send everything over Socket Mode again."""
        self._deliver_to(None)

    def verify_url(self) -> bool:
        """Send the request URL a challenge, and return whether it was given back in time.

        Raises:
            RuntimeError: there is no request URL.
        """
        if self.request_url is None:
            raise RuntimeError("The app has no request URL.")
        return self._server.wait(self._slack.request_url.verify(self.ack_seconds))

    def check_ssl(self) -> bool:
        """Send the request URL what Slack sends to see its certificate; True if answered with 200.

        Raises:
            RuntimeError: there is no request URL.
        """
        return self._server.wait(self._slack.request_url.check_ssl(self.ack_seconds))

    def sign(self, body: bytes, timestamp: int | None = None) -> dict[str, str]:
        """Return the two headers with which Slack would send `body` now, or at `timestamp`."""
        return sign(SIGNING_SECRET, body, timestamp)

    def person(self, name: str) -> Person:
        """Return someone to act as, by name or id.

        Raises:
            LookupError: there is nobody of that name.
        """
        return Person(self.url, name, self._client)

    def calls(self) -> list[Json]:
        """Return the Web API calls that the app made, newest last."""
        return self._server.do(self._slack.calls.as_list)

    def channels(self) -> list[Json]:
        """Return every channel: its `id`, `name` and `members` without the bot; no direct ones."""
        bot = self._slack.workspace.bot.id
        return self._server.do(
            lambda: [
                {"id": each.id, "name": each.name, "members": [m for m in each.members if m != bot]}
                for each in self._slack.workspace.channels.values()
                if not each.is_direct
            ]
        )

    def posted(self, channel: str | None = None) -> list[Json]:
        """Return the messages that the bot has posted, oldest first, ephemeral ones left out.

        Each has `channel`, `ts`, `thread_ts`, `text`, `blocks`, `metadata` (with its payload) and
        `edited`.

        Args:
            channel: only in that conversation, named as for `fail`.

        Raises:
            LookupError: there is no such conversation.
        """
        place = self._place(channel) if channel is not None else None
        return self._server.do(lambda: posting.posted(self._slack, place))

    def files(self, channel: str | None = None) -> list[Json]:
        """Return the files that the app has shared and not deleted, oldest first.

        Each has `id`, `name`, `title`, `content` (bytes), `channel`, `ts` and `text`, the words
        that came with it.

        Args:
            channel: only in that conversation, named as for `fail`.

        Raises:
            LookupError: there is no such conversation.
        """
        place = self._place(channel) if channel is not None else None
        return self._server.do(lambda: files.shared(self._slack, place))

    def wait_for_calls(self, method: str, count: int, seconds: float = 10.0) -> list[Json]:
        """Return the calls of a method once so many were answered since the start.

        Raises:
            TimeoutError: there were fewer; the message names them.
        """
        calls = self._slack.calls
        try:
            self._wait_until(lambda: calls.count(method) >= count, seconds)
        except TimeoutError:
            made = self._server.do(lambda: calls.as_list(method))
            raise TimeoutError(f"{len(made)} of {count} calls of {method}: {made}") from None
        return self._server.do(lambda: calls.as_list(method))

    def wait_for_posts(
        self, count: int, channel: str | None = None, *, seconds: float = 10.0
    ) -> list[Json]:
        """Return what the bot has posted once there are so many messages of it; see `posted`.

        Raises:
            LookupError: there is no such conversation.
            TimeoutError: there were fewer; the message shows them.
        """
        place = self._place(channel) if channel is not None else None
        try:
            self._wait_until(lambda: posting.has_posted(self._slack, count, place), seconds)
        except TimeoutError:
            there = self.posted(channel)
            raise TimeoutError(f"{len(there)} of {count} messages: {there}") from None
        return self.posted(channel)

    def wait_until_connected(self, seconds: float = 10.0, at_least: int = 1) -> None:
        """Return once the app has that many Socket Mode connections.

        Raises:
            TimeoutError: it has fewer after so many seconds.
        """
        try:
            self._wait_until(lambda: self.connections >= at_least, seconds)
        except TimeoutError:
            raise TimeoutError(f"{self.connections} of {at_least} connections") from None

    def _wait_until(self, true: Callable[[], bool], seconds: float) -> None:
        self._server.wait(self._slack.bell.until(true, seconds))

    def _deliver_to(self, request_url: str | None) -> None:
        def deliver() -> None:
            self._slack.request_url.url = request_url
            self._slack.watchers.workspace_changed()

        self._server.do(deliver)
