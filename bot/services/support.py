"""Help: what a person is shown, and what leads say about the lines."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from bot import content
from bot.content import lines as bundled
from bot.domain.delivery import Kind
from bot.domain.eap import read_eap
from bot.domain.people import ELSEWHERE
from bot.domain.roles import Action, Role
from bot.domain.support import (
    Check,
    Checks,
    Entered,
    Help,
    Standing,
    Task,
    generic,
    help_on,
    in_scope,
    occasions,
    standing,
    tasks,
)
from bot.errors import InvalidAnswer, NotRead, Problem
from bot.ports import Clock
from bot.services.access import require
from bot.services.correspondence import Bell, Word, say
from bot.services.failures import reading, saving
from bot.views import lines as view
from bot.views.letters import Letter
from storage import lines, people, programme, roles
from storage.engine import Database
from storage.lines import CheckRow

_log = logging.getLogger(__name__)

REMINDERS_KEPT_FOR = timedelta(days=200)
"""Longer than anything can be due that was told of once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What a lead sees of the lines: those of one country, and what is due anywhere."""

    country: str
    standings: Sequence[Standing]
    tasks: Sequence[Task]
    countries: Sequence[str]
    """Those that leads look after."""


class Support:
    """What can be done about help."""

    def __init__(self, database: Database, clock: Clock, bell: Bell) -> None:
        self._database = database
        self._clock = clock
        self._bell = bell
        self._last: Entered | None = None

    def for_person(self, person: str) -> Help:
        """Return help for the country that the person chose, if they did.

        Never fails: while storage does not answer it is what leads had entered when it last did,
        without a country, or what holds everywhere when it never did; and says so.
        """
        return self._help(lambda connection: people.country(connection, person), None)

    def for_country(self, country: str) -> Help:
        """Return help for a country; never fails, as `for_person`. Nothing is stored by looking."""
        return self._help(lambda _: country, country)

    def remember(self) -> None:
        """Read what leads entered, to have it for help while storage does not answer.

        It is kept in this process alone, and a check in it runs out on its day as any other.

        Raises:
            NotRead: storage did not answer; what was read before stays.
        """
        with reading(), self._database.read() as connection:
            self._read(connection)

    def board(self, person: str, country: str | None = None) -> Board:
        """Return the lines of a country, or of the first where something is due.

        Raises:
            NotAllowed: the person does not look after the lines.
            NotRead: storage did not answer.
        """
        with reading(), self._database.read() as connection:
            require(connection, person, Action.KEEP_LINES)
            entered, settings = self._read(connection)
        scope, due = _due(self._today(), entered.checks, settings)
        known = bundled.countries()
        if country is None or country not in known:
            country = next((each.line.country for each in due), scope[0] if scope else known[0])
        return Board(
            country=country,
            standings=[
                standing(each, entered.checks, self._today()) for each in bundled.of(country)
            ],
            tasks=due,
            countries=scope,
        )

    def mark(
        self, person: str, country: str, key: str, *, holds: bool, fingerprint: str | None = None
    ) -> None:
        """Keep a lead's word that a line holds or does not; from then on it is shown or hidden.

        Args:
            person: who says so.
            country: of the line.
            key: of the line.
            holds: whether all that is bundled about it is right.
            fingerprint: of the line as it was shown to them.

        Raises:
            NotAllowed: the person does not look after the lines.
            InvalidAnswer: there is no such line, or it reads differently by now.
            NotSaved: nothing was stored.
        """
        line = bundled.find(country, key)
        today = self._today()

        def work(connection: Connection) -> Checks:
            require(connection, person, Action.KEEP_LINES)
            if line is None or fingerprint not in (None, line.fingerprint):
                raise InvalidAnswer({"line": Problem.NOT_A_CHOICE})
            row = CheckRow(country, key, line.fingerprint, holds, today)
            lines.mark(connection, row, by=person)
            return _checks(connection)

        with saving():
            checks = self._database.write(work)
        if self._last is not None:
            self._last = replace(self._last, checks=checks)

    def tasks(self, now: datetime) -> Sequence[Task]:
        """Return which lines the leads should look at.

        Raises:
            NotRead: storage did not answer.
        """
        with reading(), self._database.read() as connection:
            entered, settings = self._read(connection)
        return _due(now.date(), entered.checks, settings)[1]

    def without_lines(self, countries: Iterable[str], now: datetime) -> Sequence[str]:
        """Return which of the countries have no line that members are shown.

        Raises:
            NotRead: storage did not answer.
        """
        with reading(), self._database.read() as connection:
            entered = Entered(_checks(connection), None)
        return [each for each in countries if not _given(now.date(), each, entered).lines]

    def remind(self) -> int:
        """Tell each lead, once for each month and each last day, which lines they should look at.

        Returns:
            How many were told.

        Raises:
            NotSaved: nobody was told; the next round tries again.
        """
        now = self._clock.now()

        def work(connection: Connection) -> int:
            _, due = _due(now.date(), _checks(connection), _settings(connection))
            what, told = occasions(now.date(), due), 0
            lines.let_old_reminders_go(connection, before=now.date() - REMINDERS_KEPT_FOR)
            for grant in roles.holders(connection, Role.LEAD):
                if new := lines.remind(connection, grant.id, what, today=now.date()):
                    occasion = ", ".join(new)
                    kind = Kind.LINES_DUE
                    say(connection, kind, grant.id, occasion=occasion, channel=None, now=now)
                    told += 1
            return told

        with saving():
            told = self._database.write(work)
        self._bell.after(told > 0)
        return told

    def _help(self, ask: _Ask, fallback: str | None) -> Help:
        try:
            with reading(), self._database.read() as connection:
                country = ask(connection)
                entered, _ = self._read(connection)
        except (NotRead, ValueError):  # ValueError: a setting that is no JSON
            _log.warning("help is shown without what is stored now")
            return self._last_help(_known(fallback))
        return _given(self._today(), country, entered)

    def _last_help(self, country: str | None) -> Help:
        """Return help by what leads had entered when storage last answered, if it ever did."""
        if self._last is None:
            return generic(country, bundled.of(country))
        return replace(_given(self._today(), country, self._last), is_as_last_read=True)

    def _read(self, connection: Connection) -> tuple[Entered, Mapping[str, Any]]:
        """Return what leads entered, with all settings, and keep what of it everybody may see."""
        settings = _settings(connection)
        self._last = entered = Entered(_checks(connection), read_eap(settings.get("eap")))
        return entered, settings

    def _today(self) -> date:
        return self._clock.now().date()


class LinesCorrespondence(Word):
    """The word to a lead that lines should be looked at; the subject is their grant."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def letter(self, connection: Connection, subject: UUID) -> Letter | None:
        """Return the direct message; None when they lead no more, or nothing is due any more."""
        grant = roles.find(connection, subject)
        if grant is None or grant.revoked_at is not None:
            return None
        today = self._clock.now().date()
        _, due = _due(today, _checks(connection), _settings(connection))
        return view.reminder(grant.person_id, due) if due else None


_Ask = Callable[[Connection], str | None]


def _given(today: date, country: str | None, entered: Entered) -> Help:
    known, checks = _known(country), entered.checks
    return help_on(today, country=known, lines=bundled.of(known), checks=checks, eap=entered.eap)


def _known(country: str | None) -> str | None:
    """Return the country, or None for "somewhere else" and for what is no country of the list."""
    return country if country in content.countries() and country != ELSEWHERE else None


def _checks(connection: Connection) -> Checks:
    return {
        which: Check(row.checked_on, row.holds, row.fingerprint)
        for which, row in lines.every(connection).items()
    }


def _settings(connection: Connection) -> Mapping[str, Any]:
    return {name: row.value for name, row in programme.everything(connection).items()}


def _due(
    today: date, checks: Checks, settings: Mapping[str, Any]
) -> tuple[Sequence[str], Sequence[Task]]:
    """Return the countries that leads look after, and what is due in them."""
    scope = in_scope(settings.get("countries"), checks, content.countries())
    return scope, tasks(today, (line for each in scope for line in bundled.of(each)), checks)
