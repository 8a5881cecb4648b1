"""Wiring: settings, storage, services, handlers and clock, started and stopped in order."""

from __future__ import annotations

import logging
import socket
import ssl
from contextlib import suppress
from time import monotonic, sleep
from urllib.error import URLError

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
from bot.delivery.directory import SlackDirectory
from bot.errors import CannotStart
from bot.ports import Clock, Directory, SystemClock
from bot.services import Services
from bot.services.checkins import CheckIns
from bot.services.people import People
from bot.settings import Settings
from scheduler.jobs import jobs
from scheduler.ticker import Ticker
from storage import keys
from storage.encryption import Keyring
from storage.engine import Database
from storage.errors import KeyMissing, KeyWrong, SchemaTooNew, StorageError
from storage.migrate import migrate

_log = logging.getLogger("hearth")

LISTENER_SLACK_SECONDS = 1.5
"""A form must open within three seconds of the click; there is no time to ask twice."""

LISTENERS_AT_ONCE = 32
HANGING_UP_SECONDS = 3.0


class Hearth:
    """One running Hearth: built, then started, then stopped."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self._settings = settings
        self._clock = clock or SystemClock()
        self._tls = ssl.create_default_context() if settings.api_url.startswith("https") else None
        self.database = Database(settings.database_url)
        self.services = build_services(
            self.database, self._clock, _keyring(settings), SlackDirectory(self._client())
        )
        self._ticker = Ticker(jobs(self.services))
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
            self._socket = SocketModeHandler(
                bolt,
                self._settings.app_token,
                web_client=self._patient_client(),
                concurrency=LISTENERS_AT_ONCE,
            )
            self._connect(self._socket)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Close the door, stop the clock, then close the database."""
        if self._socket is not None:
            _hang_up(self._socket)
            self._socket.close()  # type: ignore[no-untyped-call]
            self._socket = None
        self._ticker.stop()
        self.database.close()

    def _open_database(self) -> None:
        try:
            copy = migrate(self.database, now=self._clock.now())
            keys.check(self.database, _keyring(self._settings))
        except KeyMissing as error:
            raise CannotStart(_KEY_MISSING.format(id=error)) from None
        except KeyWrong as error:
            raise CannotStart(_KEY_WRONG.format(id=error)) from None
        except SchemaTooNew:
            raise CannotStart(_TOO_NEW) from None
        except StorageError as error:
            where = self.database.url.database
            raise CannotStart(_NO_DATABASE.format(where=where, why=error)) from None
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
        except (BoltError, SlackClientError, URLError, OSError) as error:
            raise CannotStart(_refused("SLACK_BOT_TOKEN", error)) from None
        handlers.register(bolt, self.services)
        return bolt

    def _connect(self, handler: SocketModeHandler) -> None:
        try:
            handler.connect()  # type: ignore[no-untyped-call]
        except (SlackClientError, URLError, OSError) as error:
            raise CannotStart(_refused("SLACK_APP_TOKEN", error)) from None

    def _client(self) -> WebClient:
        """Return the client of the listeners: quick to give up, never waiting to try again."""
        return WebClient(
            token=self._settings.bot_token,
            base_url=self._settings.api_url,
            timeout=LISTENER_SLACK_SECONDS,  # type: ignore[arg-type]  # a float reaches the socket
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
    """Wake the connection's threads, which would otherwise notice the end seconds later."""
    client = handler.client
    client.auto_reconnect_enabled = False
    client.closed = True
    client.message_queue.put(None)
    session = client.current_session
    if session is not None and session.sock is not None:
        with suppress(OSError):
            session.sock.shutdown(socket.SHUT_RDWR)
    # Its own thread closes the socket now; closing it from here as well would be a race.
    deadline = monotonic() + HANGING_UP_SECONDS
    while client.is_connected() and monotonic() < deadline:
        sleep(0.002)


def build_services(
    database: Database, clock: Clock, keyring: Keyring, directory: Directory
) -> Services:
    """Return the services over one database."""
    return Services(
        checkins=CheckIns(database, clock, keyring),
        people=People(database, clock, directory),
    )


def _keyring(settings: Settings) -> Keyring:
    return Keyring(settings.primary_key, settings.keys)


def _refused(setting: str, error: Exception) -> str:
    cause = error.__context__ if isinstance(error, BoltError) else error
    if isinstance(cause, SlackApiError):
        reason = f"Slack answered {cause.response.get('error', 'without a reason')}."
        return f"{reason} Please look at {setting}: {_TOKEN_WORDS[setting]}"
    return "Slack could not be reached. Please look at the network, then start again."


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
_NO_DATABASE = (
    "The database {where} cannot be used ({why}). Please look whether its folder is there, can be "
    "written, and has room; nothing was changed."
)
