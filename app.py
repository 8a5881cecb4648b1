"""Wiring: settings, storage, services, handlers and clock, started and stopped in order."""

from __future__ import annotations

import logging
import re
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from time import monotonic, sleep
from typing import TypeVar

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.error import BoltError
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)

import handlers
from bot import content
from bot.delivery.carrier import CALL_SECONDS
from bot.delivery.directory import SlackDirectory
from bot.delivery.messenger import SlackMessenger
from bot.delivery.sender import Sender
from bot.domain.delivery import Kind
from bot.domain.pacing import Pace
from bot.errors import CannotStart
from bot.ports import Clock, Directory, SystemClock
from bot.services import Services
from bot.services.checkins import CheckIns
from bot.services.cohorts import Cohorts
from bot.services.outbox import Bell, Correspondence, Outbox
from bot.services.people import People
from bot.services.shares import ShareCorrespondence, UnsentCorrespondence
from bot.settings import Settings
from scheduler.jobs import jobs
from scheduler.ticker import Ticker
from storage import keys
from storage.encryption import Keyring
from storage.engine import Database
from storage.errors import Busy, KeyMissing, KeyWrong, SchemaTooNew, StorageError
from storage.migrate import migrate
from storage.turns import turn

_log = logging.getLogger("hearth")

LISTENER_SLACK_SECONDS = 1.5
"""A form must open within three seconds of the click; there is no time to ask twice."""

DRAIN_SECONDS = 5.0
LISTENERS_AT_ONCE = 32
RECEIVE_BYTES = 64 * 1024
"""Read at once from the socket: the SDK recurses once for each piece of a burst, and its own
pieces are of 1 KB."""

START_PATIENCE_SECONDS = 10.0
"""How long a start waits for another process that may be migrating the database."""

T = TypeVar("T")


class Hearth:
    """One running Hearth: built, then started, then stopped."""

    def __init__(
        self, settings: Settings, clock: Clock | None = None, pace: Pace | None = None
    ) -> None:
        self._settings = settings
        self._clock = clock or SystemClock()
        self._tls = ssl.create_default_context() if settings.api_url.startswith("https") else None
        self.database = Database(settings.database_url)
        self.services = build_services(
            self.database, self._clock, _keyring(settings), SlackDirectory(self._client())
        )
        self._ticker = Ticker(jobs(self.services))
        messenger = SlackMessenger(self._client(CALL_SECONDS), lambda _method, _outcome: None)
        self.sender = Sender(self.services.outbox, messenger, turn(self.database, "sender"), pace)
        self._socket: SocketModeHandler | None = None

    def start(self) -> None:
        """Open the database, then the clock, then the door.

        Raises:
            CannotStart: says what to mend; whatever was opened is closed again.
        """
        try:
            content.check()
            self._open_database()
            bolt = self._bolt()
            self._ticker.start()
            self.sender.start()
            self._socket = SocketModeHandler(
                bolt,
                self._settings.app_token,
                web_client=self._patient_client(),
                concurrency=LISTENERS_AT_ONCE,
                receive_buffer_size=RECEIVE_BYTES,
            )
            self._connect(self._socket)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Close the door, stop the clock, then close the database."""
        if self._socket is not None:
            _hang_up(self._socket)
            self._socket = None
        self._ticker.stop()
        self.sender.stop(DRAIN_SECONDS)
        self.database.close()

    def _open_database(self) -> None:
        try:
            copy = _patiently(lambda: migrate(self.database, now=self._clock.now()))
            _patiently(lambda: keys.check(self.database, _keyring(self._settings)))
        except KeyMissing as error:
            raise CannotStart(_KEY_MISSING.format(id=error)) from None
        except KeyWrong as error:
            raise CannotStart(_KEY_WRONG.format(id=error)) from None
        except SchemaTooNew:
            raise CannotStart(_TOO_NEW) from None
        except StorageError as error:
            words = _NO_FILE if self.database.is_file else _NO_SERVER
            raise CannotStart(words.format(at=self.database.url, why=error)) from None
        if copy is not None:
            _log.info("the database was brought up to date; a copy from before is %s", copy)

    def _bolt(self) -> App:
        try:
            bolt = App(
                logger=_quiet_logger(),
                client=self._client(),
                process_before_response=True,  # nothing is acknowledged before it is stored
                request_verification_enabled=False,  # Socket Mode carries no signatures
                ssl_check_enabled=False,
                url_verification_enabled=False,
            )
        except (BoltError, SlackClientError, OSError, ValueError) as error:
            raise CannotStart(_refused("SLACK_BOT_TOKEN", error)) from None
        handlers.register(bolt, self.services)
        return bolt

    def _connect(self, handler: SocketModeHandler) -> None:
        try:
            handler.connect()  # type: ignore[no-untyped-call]
        except (SlackClientError, OSError, ValueError) as error:
            raise CannotStart(_refused("SLACK_APP_TOKEN", error)) from None

    def _client(self, seconds: float = LISTENER_SLACK_SECONDS) -> WebClient:
        """Return a client that asks once; the listeners' is quick to give up."""
        return WebClient(
            token=self._settings.bot_token,
            base_url=self._settings.api_url,
            timeout=seconds,  # type: ignore[arg-type]  # a float reaches the socket
            ssl=self._tls,
            retry_handlers=[],
        )

    def _patient_client(self) -> WebClient:
        """Return the client that opens the socket: nobody's form waits for it."""
        return WebClient(
            base_url=self._settings.api_url,
            timeout=10,
            ssl=self._tls,
            retry_handlers=[
                ConnectionErrorRetryHandler(max_retry_count=2),
                RateLimitErrorRetryHandler(max_retry_count=2),
                ServerErrorRetryHandler(max_retry_count=2),
            ],
        )


def _quiet_logger() -> logging.Logger:
    """Return the logger for Bolt and the socket, which below WARNING log whole requests."""
    logger = logging.getLogger("hearth.slack")
    logger.setLevel(logging.WARNING)
    return logger


def _hang_up(handler: SocketModeHandler) -> None:
    """Take nothing new, let what began be answered, then end the connection.

    The SDK's own `close` would cut the answers off, and wait seconds for threads that sleep.
    """
    client = handler.client
    client.auto_reconnect_enabled = False
    client.closed = True
    client.message_queue.put(None)
    client.message_processor.shutdown()  # type: ignore[no-untyped-call]
    client.message_workers.shutdown(wait=True)
    client.current_session_state.terminated = True  # or the reader spins on the closed socket
    session = client.current_session
    if session is not None and session.sock is not None:
        with suppress(OSError):
            session.sock.shutdown(socket.SHUT_RDWR)
    client.current_session_runner.shutdown()  # type: ignore[no-untyped-call]
    handler.close()  # type: ignore[no-untyped-call]


def _patiently(work: Callable[[], T]) -> T:
    """Run `work`, again and again while another process that starts holds the database."""
    last = monotonic() + START_PATIENCE_SECONDS
    while True:
        try:
            return work()
        except Busy:
            if monotonic() > last:
                raise
            sleep(0.05)


def build_services(
    database: Database, clock: Clock, keyring: Keyring, directory: Directory
) -> Services:
    """Return the services over one database."""
    bell = Bell()
    correspondence: dict[Kind, Correspondence] = {
        Kind.SHARE: ShareCorrespondence(keyring),
        Kind.SHARE_UNSENT: UnsentCorrespondence(),
    }
    return Services(
        checkins=CheckIns(database, clock, keyring, bell),
        cohorts=Cohorts(database, clock),
        outbox=Outbox(database, clock, correspondence, bell),
        people=People(database, clock, directory, bell),
    )


def _keyring(settings: Settings) -> Keyring:
    return Keyring(settings.primary_key, settings.keys)


def _refused(setting: str, error: Exception) -> str:
    cause = error.__context__ if isinstance(error, BoltError) else error
    if not isinstance(cause, SlackApiError):
        return "Slack could not be reached. Please look at the network, then start again."
    reason = str(cause.response.get("error", ""))
    if reason in _SLACKS_OWN_TROUBLE or not re.fullmatch(r"[a-z_]+", reason):
        return "Slack has trouble of its own just now. Please start again in a few minutes."
    return f"Slack answered {reason}. Please look at {setting}: {_TOKEN_WORDS[setting]}"


_SLACKS_OWN_TROUBLE = {
    "fatal_error",
    "internal_error",
    "ratelimited",
    "request_timeout",
    "service_unavailable",
}
_TOKEN_WORDS = {
    "SLACK_BOT_TOKEN": 'it is on "OAuth & Permissions" and changes when the app is reinstalled.',
    "SLACK_APP_TOKEN": 'it is on "Basic Information" and needs the scope connections:write.',
}
_KEY_MISSING = (
    "This database was written with the key {id}, and HEARTH_KEYS does not have it. Please add "
    "it; without it, notes cannot be read. Nothing was changed."
)
_KEY_WRONG = (
    "HEARTH_KEYS has a key named {id}, but this database was written with another key of that "
    "name. Please look for the right one; nothing was changed."
)
_TOO_NEW = (
    "This database was used by a newer Hearth than this one. Please run that version; nothing was "
    "changed."
)
_NO_FILE = (
    "The database {at.database} cannot be used ({why}). Please look whether its folder is there, "
    "can be written, and has room; nothing was changed."
)
_NO_SERVER = (
    "The database {at.database} cannot be used ({why}). Please look whether its server runs, and "
    "whether DATABASE_URL has the right host, name, user and password; nothing was changed."
)
