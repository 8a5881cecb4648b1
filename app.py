"""Wiring: settings, storage, services, handlers and clock, started and stopped in order."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import TYPE_CHECKING

from slack_bolt import App
from slack_bolt.error import BoltError
from slack_sdk.errors import SlackApiError, SlackClientError

import handlers
from bot import content
from bot.content import rituals
from bot.delivery.channels import SlackChannels
from bot.delivery.clients import Clients, tls_for
from bot.delivery.codes import is_own_trouble
from bot.delivery.directory import SlackDirectory
from bot.delivery.messenger import SlackMessenger
from bot.delivery.sender import Sender
from bot.domain.budget import Sort
from bot.domain.delivery import Kind
from bot.domain.pacing import Pace
from bot.domain.programme import Proof
from bot.domain.reactions import Choice
from bot.domain.retention import Retention
from bot.domain.rituals import LATE_AFTER
from bot.errors import CannotStart, NotRead
from bot.operations import opening
from bot.operations.ending import Step
from bot.operations.heartbeat import EVERY, Heartbeat
from bot.ports import Channels, Clock, Directory, Meter, SystemClock, Unmetered
from bot.services import Services
from bot.services.accounts import Accounts
from bot.services.budget import Budget
from bot.services.checkins import CheckIns
from bot.services.cohort_channels import CohortChannels
from bot.services.cohort_settings import CohortSettings
from bot.services.cohorts import Cohorts
from bot.services.correspondence import Bell, Correspondence, RecipientCorrespondence
from bot.services.exports import ExportCorrespondence, Exports
from bot.services.home import Home
from bot.services.news import NewsCorrespondence, Newsroom
from bot.services.notices import HaltedCorrespondence, NoticeCorrespondence
from bot.services.outbox import Outbox
from bot.services.people import People
from bot.services.programme import Programme
from bot.services.reactions import InvitationCorrespondence, Reactions
from bot.services.rhythm import Rhythm
from bot.services.ritual_drafts import RitualDrafts
from bot.services.ritual_posts import (
    RitualCorrespondence,
    SoonCorrespondence,
    ThanksCorrespondence,
)
from bot.services.rituals import Rituals
from bot.services.roles import RoleCorrespondence, RoleEndedCorrespondence, Roles
from bot.services.rota import LetOffCorrespondence, Rota, TurnCorrespondence
from bot.services.shares import ShareCorrespondence, UnsentCorrespondence
from bot.services.speaking import Speaking
from bot.services.support import LinesCorrespondence, Support
from bot.services.support_offers import OfferCorrespondence, PassedOnCorrespondence, SupportOffers
from bot.services.weekly import WeeklyCheckins, WeeklyCorrespondence
from bot.settings import Settings
from bot.views import accounts as accounts_view
from bot.views import exports as exports_view
from bot.views import notices as notices_view
from handlers.doors import Door
from scheduler.jobs import Job, jobs
from scheduler.ticker import Ticker
from storage.encryption import Keyring
from storage.engine import Database
from storage.turns import turn

if TYPE_CHECKING:
    from bot.operations.health import Health
    from bot.operations.metrics import Metrics

_log = logging.getLogger("hearth")

END_SECONDS = 10.0
"""How long an end may take, whatever hangs."""

CATCH_UP_SECONDS = 5.0
_SAID_WITHIN = timedelta(seconds=30)
"""What waits for its turn in a channel is on its way as well."""

CLOSE_SECONDS = 0.5
"""Of that, what is left for closing once the sender was given its time."""


class Hearth:
    """One running Hearth: built, then started, then stopped."""

    def __init__(
        self, settings: Settings, clock: Clock | None = None, pace: Pace | None = None
    ) -> None:
        self._settings = settings
        self._clock = clock or SystemClock()
        self.metrics = _metrics() if settings.health else None
        self._meter: Meter = self.metrics or Unmetered()
        self._slack = Clients(settings.api_url, self._meter, tls_for(settings.api_url))
        self.database = Database(settings.database_url, self._meter.database_waited)
        self.services = build_services(
            self.database,
            self._clock,
            opening.keyring(settings),
            SlackDirectory(self._slack.quick(settings.bot_token)),
            SlackChannels(self._slack.quick(settings.bot_token)),
            settings.retention,
            settings.late,
        )
        sending = SlackMessenger(self._slack.sending(settings.bot_token))
        one = turn(self.database, "sender")
        self.sender = Sender(self.services.outbox, sending, one, self._clock, pace)
        self._heartbeat = Heartbeat()
        heartbeat = Job("heartbeat", EVERY, self._heartbeat.beat)
        self._ticker = Ticker([*jobs(self.services), heartbeat], self._meter)
        self.door: Door | None = None
        self.health: Health | None = None

    def start(self) -> None:
        """Open the database, then the clock, then the door.

        Raises:
            CannotStart: says what to mend; whatever was opened is closed again.
        """
        try:
            self._start_health()
            content.check()
            keyring = opening.keyring(self._settings)
            opening.prepare(self.database, keyring, self._clock)
            self._warm()
            bolt = self._bolt()
            self._ticker.start()
            self.sender.start()
            self._open_door(bolt)
        except BaseException:
            self.stop()
            raise

    @property
    def where(self) -> str:
        """How it stands with Slack, in words that follow "Hearth is"."""
        return self.door.where if self.door is not None else "closed"

    def next_due(self) -> datetime | None:
        """Return when it next does something by itself that people see, as far as it is planned.

        Raises:
            NotRead: storage did not say.
        """
        found = (self.services.rhythm.next_due(), self.services.weekly.next_due())
        return min((each for each in found if each is not None), default=None)

    def catch_up(self) -> None:
        """Do what the clock has made due, and return once it is said, or at the latest soon.

        For a clock that travels: the metronome itself ticks by the machine's.
        """
        self._ticker.catch_up()
        last = monotonic() + CATCH_UP_SECONDS
        while self.services.outbox.is_waiting(_SAID_WITHIN) and monotonic() < last:
            sleep(0.01)

    def stop(self, seconds: float = END_SECONDS) -> bool:
        """Stop the clock and the intake, let what began be answered, then close.

        Returns:
            Whether all of it ended within `seconds`. If not, the process should end: nothing is
            lost, because nothing is called stored before it is.
        """
        last = monotonic() + seconds
        door, clock = self.door, Step(self._ticker.stop)
        if door is not None:
            door.stop_intake()
        whole = door is None or door.wait(last - monotonic())
        whole = clock.ended(last) and whole
        # By now the outbox holds whatever the listeners put there.
        whole = self.sender.stop(last - monotonic() - CLOSE_SECONDS) and whole
        for each in (door, self.health, self.database):
            if each is not None:
                whole = Step(each.close).ended(last) and whole
        return whole

    def _warm(self) -> None:
        """Have what leads entered at hand from the first moment; the clock's job tries again."""
        try:
            self.services.support.remember()
        except (NotRead, ValueError):  # ValueError: a setting that is no JSON
            _log.warning("what leads entered about help could not be read yet")

    def _start_health(self) -> None:
        """Answer the operator; that it cannot be done keeps nobody from checking in."""
        if self._settings.health is None or self.metrics is None:
            return
        from bot.operations.health import Health, database_troubles, outbox_state, watched

        self.metrics.watch_outbox(watched(lambda: outbox_state(self.services.outbox)))
        health = Health(
            self._settings.health,
            unwell=self._troubles,
            unready=lambda: self._not_open() or database_troubles(self.database),
            metrics=self.metrics.text,
        )
        try:
            health.start()
        except OSError:
            _log.warning("nobody can ask how Hearth is: %s cannot be used", health.address)
        else:
            self.health = health
            _log.info("health and metrics are on http://%s", health.address)

    def _troubles(self) -> list[str]:
        of_the_door = self.door.troubles() if self.door is not None else []
        return [*of_the_door, *self._heartbeat.troubles(), *self.sender.troubles()]

    def _not_open(self) -> list[str]:
        is_open = self.door is not None and self.door.is_open
        closed = [] if is_open else ["what Slack sends is not taken now"]
        return closed + self.services.speaking.troubles()

    def _bolt(self) -> App:
        logger = logging.getLogger("slack_bolt.app")
        logger.setLevel(logging.WARNING)  # below it, Bolt logs whole requests
        try:
            bolt = App(
                name="slack_bolt.listeners",  # the name of their logger
                logger=logger,
                client=self._slack.quick(self._settings.bot_token),
                process_before_response=True,  # nothing is acknowledged before it is stored
                request_verification_enabled=False,  # the HTTP door does it, before Bolt
                ssl_check_enabled=False,
            )
        except (BoltError, SlackClientError, OSError, ValueError) as error:
            raise CannotStart(_refused("SLACK_BOT_TOKEN", error)) from None
        handlers.register(bolt, self.services, self._meter)
        return bolt

    def _open_door(self, bolt: App) -> None:
        if self._settings.app_token:
            self._connect(bolt)
        else:
            self._listen(bolt)

    def _connect(self, bolt: App) -> None:
        from handlers.socket_mode import SocketMode

        token, client = self._settings.app_token, self._slack.patient()
        door = SocketMode(bolt, token, client, clock=self._clock, meter=self._meter)
        if self.metrics is not None:
            self.metrics.watch_socket(door.age_seconds)
        self.door = door
        try:
            door.open()
        except (SlackClientError, OSError, ValueError) as error:
            raise CannotStart(_refused("SLACK_APP_TOKEN", error)) from None

    def _listen(self, bolt: App) -> None:
        from handlers.http import Http
        from handlers.signatures import Signatures

        signatures = Signatures(self._settings.signing_secret)
        self.door = door = Http(bolt, signatures, self._settings.listen, meter=self._meter)
        try:
            door.open()
        except OSError:
            raise CannotStart(_CANNOT_LISTEN.format(where=self._settings.listen)) from None


def _metrics() -> Metrics:
    from bot.operations.metrics import Metrics

    return Metrics()


def build_services(
    database: Database,
    clock: Clock,
    keyring: Keyring,
    directory: Directory,
    channels: Channels,
    retention: Retention | None = None,
    late: timedelta = LATE_AFTER,
) -> Services:
    """Return the services over one database; things stay their longest, and rituals may be late."""
    bell, retention = Bell(), retention or Retention()
    support = Support(database, clock, bell)
    speaking = Speaking(database, clock)
    support_offers = SupportOffers(database, clock, directory, bell)
    programme = Programme(database, clock, directory, channels, {Proof.LINES: _lines_of(support)})
    words = _correspondence(keyring, clock, retention, late)
    return Services(
        cohorts=Cohorts(database, clock, directory, channels, bell),
        cohort_channels=CohortChannels(database, clock, directory, channels, bell),
        cohort_settings=CohortSettings(database, clock, directory, bell),
        accounts=Accounts(database, clock, directory, bell, retention),
        budget=Budget(database, clock),
        checkins=CheckIns(database, clock, keyring, bell, retention),
        home=Home(database, clock, programme),
        newsroom=Newsroom(database, clock),
        programme=programme,
        ritual_drafts=RitualDrafts(database, clock, directory),
        rituals=Rituals(database, clock, channels, bell),
        exports=Exports(database, clock, bell, retention),
        outbox=Outbox(database, clock, words, bell, speaking),
        people=People(database, clock, directory, bell, retention),
        reactions=Reactions(database, clock, directory, bell, support_offers, rituals.meant),
        speaking=speaking,
        rhythm=Rhythm(database, clock, bell, speaking, late),
        roles=Roles(database, clock, directory, bell),
        rota=Rota(database, clock, bell, speaking),
        support=support,
        weekly=WeeklyCheckins(database, clock, bell),
        support_offers=support_offers,
    )


def _correspondence(
    keyring: Keyring, clock: Clock, retention: Retention, late: timedelta
) -> dict[Kind, Correspondence]:
    """Return who knows what each kind of delivery says."""
    return {
        Kind.SHARE: ShareCorrespondence(keyring),
        Kind.SHARE_UNSENT: UnsentCorrespondence(),
        Kind.EXPORT: ExportCorrespondence(keyring, clock, retention),
        Kind.EXPORT_UNSENT: RecipientCorrespondence(exports_view.unsent),
        Kind.RETURNED: RecipientCorrespondence(accounts_view.returned),
        Kind.NOW_A_GUEST: RecipientCorrespondence(accounts_view.now_a_guest),
        Kind.TURNED_AWAY: RecipientCorrespondence(accounts_view.turned_away),
        Kind.ROLE: RoleCorrespondence(),
        Kind.ROLE_ENDED: RoleEndedCorrespondence(),
        Kind.LINES_DUE: LinesCorrespondence(clock),
        Kind.NOTICE: NoticeCorrespondence(),
        Kind.COHORT_HALTED: HaltedCorrespondence(),
        Kind.INVITED: RecipientCorrespondence(notices_view.invited),
        Kind.RITUAL_TURN: TurnCorrespondence(clock),
        Kind.LET_OFF: LetOffCorrespondence(),
        Kind.NEWS: NewsCorrespondence(),
        Kind.RITUAL: RitualCorrespondence(clock, late),
        Kind.RITUAL_SOON: SoonCorrespondence(clock),
        Kind.RITUAL_THANKS: ThanksCorrespondence(late),
        Kind.WEEKLY_CHECKIN: WeeklyCorrespondence(clock, Sort.PROMPT),
        Kind.WEEKLY_REMINDER: WeeklyCorrespondence(clock, Sort.REMINDER),
        Kind.INVITATION: InvitationCorrespondence(),
        Kind.SUPPORT_OFFER: OfferCorrespondence(),
        Kind.KIND_WORD: PassedOnCorrespondence(Choice.KIND_WORD),
        Kind.SUPPORT_SUGGESTED: PassedOnCorrespondence(Choice.SUGGESTION),
    }


def _lines_of(support: Support) -> Callable[[Sequence[str], datetime], bool]:
    return lambda countries, now: bool(countries) and not support.without_lines(countries, now)


def _refused(setting: str, error: Exception) -> str:
    cause = error.__context__ if isinstance(error, BoltError) else error
    if not isinstance(cause, SlackApiError):
        return "Slack could not be reached. Please look at the network, then start again."
    reason = str(cause.response.get("error", ""))
    if reason == "ratelimited" or is_own_trouble(reason):
        return "Slack has trouble of its own just now. Please start again in a few minutes."
    return f"Slack answered {reason}. Please look at {setting}: {_TOKEN_WORDS[setting]}"


_TOKEN_WORDS = {
    "SLACK_BOT_TOKEN": 'it is on "OAuth & Permissions" and changes when the app is reinstalled.',
    "SLACK_APP_TOKEN": 'it is on "Basic Information" and needs the scope connections:write.',
}
_CANNOT_LISTEN = (
    "{where} cannot be used to listen for Slack. Please look at HEARTH_LISTEN, and whether another "
    "program is there."
)
