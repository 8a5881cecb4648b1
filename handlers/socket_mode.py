"""The door that we go through to Slack: Socket Mode.

One session carries everything. When it ends, falls silent, or Slack announces that it will end
it, another is opened, again and again with growing pauses while that fails. The old one stays
until its last answers are out.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread
from time import monotonic
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.errors import places
from bot.ports import Clock, Meter
from handlers.intake import Intake
from handlers.sessions import Session

LISTENERS_AT_ONCE = 32
PING_SECONDS = 10.0
SILENCE_SECONDS = 40.0
"""Four pings without an answer: the session is thrown away."""

OVERLAP_SECONDS = 3.0
"""How long an old session outlives the new one; Slack waits no longer for an answer."""

PAUSES = (0.0, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Before the first, second, ... try to connect again; the last one stays."""

SILENT_FOR_THE_OPERATOR_SECONDS = 120.0
START_TRIES = 3

_log = logging.getLogger(__name__)


class SocketMode:
    """Holds a session with Slack until it is told to stop."""

    def __init__(
        self,
        bolt: App,
        app_token: str,
        client: WebClient,
        *,
        clock: Clock,
        meter: Meter,
        ping_seconds: float = PING_SECONDS,
        silence_seconds: float = SILENCE_SECONDS,
        overlap_seconds: float = OVERLAP_SECONDS,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._intake = Intake(bolt, meter)
        self._app_token = app_token
        self._clock = clock
        self._client = client
        self._meter = meter
        self._ping_seconds = ping_seconds
        self._silence_seconds = silence_seconds
        self._overlap_seconds = overlap_seconds
        self._pauses = pauses
        self._workers = ThreadPoolExecutor(LISTENERS_AT_ONCE, thread_name_prefix="listener")
        self._session: Session | None = None
        self._old: Session | None = None
        self._ended = Event()
        self._keeper = Thread(target=self._keep, name="slack-keeper", daemon=True)
        self._heard_at = monotonic()

    def open(self) -> None:
        """Connect, and stay connected from now on.

        Raises:
            SlackClientError, OSError, ValueError: Slack did not let us in; says why.
        """
        for tries_left in reversed(range(START_TRIES)):
            try:
                self._session = self._connected()
                break
            except SlackApiError as error:
                wait = _asked_to_wait(error)
                if not wait or not tries_left:
                    raise
                self._clock.wait(self._ended, wait)
        self._keeper.start()

    @property
    def is_open(self) -> bool:
        """Whether a request would be answered now."""
        session = self._session
        return session is not None and not session.leaving.is_set() and self._intake.is_open

    @property
    def where(self) -> str:
        """How it stands with Slack, once it is open."""
        return "connected"

    def age_seconds(self) -> float:
        """Return how long ago Slack was last heard: an envelope, a ping or a pong."""
        return monotonic() - self._heard_at

    def troubles(self) -> list[str]:
        """Return what keeps it from working, for the operator."""
        found = []
        if not self._keeper.is_alive():
            found.append("the thread that keeps the socket has ended")
        if self.age_seconds() > SILENT_FOR_THE_OPERATOR_SECONDS:
            found.append("nothing was heard from Slack for two minutes")
        return found

    def stop_intake(self) -> None:
        """Take nothing more; answers still go out."""
        self._intake.close()

    def wait(self, seconds: float) -> bool:
        """Return once what began is answered, or False when that took longer than so."""
        return self._intake.wait(seconds)

    def close(self) -> None:
        """Hang up."""
        self._intake.close()
        self._ended.set()
        self._workers.shutdown(wait=False)
        sessions = [each for each in (self._session, self._old) if each is not None]
        for session in sessions:
            session.leave()
            session.hang_up()
        for session in sessions:
            session.join(1.0)
        if self._keeper.is_alive():
            self._keeper.join(1.0)

    # Staying connected

    def _connected(self) -> Session:
        session = Session(
            str(self._client.apps_connections_open(app_token=self._app_token)["url"]),
            on_text=self._receive,
            on_byte=self._hear,
            silence_seconds=self._silence_seconds,
            tls=self._client.ssl,
            proxy=self._client.proxy,
        )
        session.open()
        self._hear()
        return session

    def _keep(self) -> None:
        failures = 0
        while session := self._left():
            # One that ends at once again and again is a failure, too.
            lasted = session.lasted() > self._ping_seconds
            failures = 0 if lasted else failures + 1
            while not self._renew(session, failures):
                failures += 1

    def _left(self) -> Session | None:
        """Keep the session alive until another should take its place; None at the end."""
        session = self._session
        while session is not None and not session.leaving.wait(self._ping_seconds):
            session.ping()
        return None if self._ended.is_set() else session

    def _renew(self, before: Session, failures: int) -> bool:
        """Try once to put a new session in the place of `before`; True when done, or at the end."""
        pause = self._pauses[min(failures, len(self._pauses) - 1)]
        if self._clock.wait(self._ended, pause):
            return True
        try:
            fresh = self._connected()
        except Exception as error:  # whatever it is, the door has to open again
            _log.warning("Slack could not be reached: %s", _reason(error))
            self._clock.wait(self._ended, _asked_to_wait(error))
            return False
        self._old, self._session = before, fresh
        self._meter.reconnected()
        _log.info("connected to Slack again")
        if self._ended.is_set():  # `close` has not seen this one
            fresh.leave()
            fresh.hang_up()
        if before.is_alive():
            Thread(target=self._retire, args=(before,), name="slack-old", daemon=True).start()
        return True

    def _retire(self, old: Session) -> None:
        """End an old session when the answers that it may still carry are of no use any more."""
        self._ended.wait(self._overlap_seconds)
        old.hang_up()

    def _hear(self) -> None:
        self._heard_at = monotonic()

    # Envelopes

    def _receive(self, session: Session, text: str) -> None:
        try:
            message = json.loads(text)
        except ValueError:
            _log.warning("Slack sent something that is not JSON")
            return
        if not isinstance(message, dict):
            return
        if message.get("type") == "disconnect":
            _log.info("Slack asks for another connection")
            session.leave()
        elif isinstance(message.get("payload"), dict) and self._intake.take():
            try:
                self._workers.submit(self._answer, session, message)
            except RuntimeError:  # closed in the same moment
                self._intake.done()

    def _answer(self, session: Session, envelope: dict[str, Any]) -> None:
        try:
            request = BoltRequest(
                mode="socket_mode", body=envelope["payload"], headers=_retry_headers(envelope)
            )
            response = self._intake.answer(request)
            if response.status == 200:  # anything else is no acknowledgement
                self._send(session, _acknowledgement(envelope["envelope_id"], response))
        except Exception as error:
            _log.error("an answer was lost: %s at %s", type(error).__name__, places(error))
        finally:
            self._intake.done()

    def _send(self, session: Session, text: str) -> None:
        """Send where the request came from; where that is gone, by the session of today."""
        now = self._session
        if not session.send(text) and (now is None or now is session or not now.send(text)):
            _log.warning("an answer could not be sent: the connection was lost")


def _retry_headers(envelope: dict[str, Any]) -> dict[str, str | Sequence[str]]:
    """Return the marks of a second try as they come over HTTP."""
    marks = ("x-slack-retry-num", "retry_attempt"), ("x-slack-retry-reason", "retry_reason")
    return {name: str(envelope[key]) for name, key in marks if envelope.get(key) is not None}


def _acknowledgement(envelope_id: str, response: BoltResponse) -> str:
    if not response.body:
        return json.dumps({"envelope_id": envelope_id})
    is_json = response.headers["content-type"][0].startswith("application/json")
    # It is JSON already; to read it and write it again would cost as much as the rest.
    payload = response.body if is_json else json.dumps({"text": response.body})
    return f'{{"envelope_id": {json.dumps(envelope_id)}, "payload": {payload}}}'


def _asked_to_wait(error: Exception) -> float:
    """Return for how many seconds Slack wants to be left alone."""
    if not isinstance(error, SlackApiError) or error.response.get("error") != "ratelimited":
        return 0.0
    try:
        return min(float(error.response.headers.get("Retry-After", 30)), 300.0)
    except ValueError:
        return 30.0


def _reason(error: Exception) -> str:
    """Return Slack's own word for it, or the kind of error; never its message."""
    said = str(error.response.get("error", "")) if isinstance(error, SlackApiError) else ""
    return said if said.isidentifier() else type(error).__name__
