"""What whoever runs a cohort sets about it: name, purpose, guidelines, country, zone, reaction."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from bot.content import guidelines
from bot.domain.cohort_settings import USUAL_REACTION, Page, Settings, Wish, needs_a_yes
from bot.domain.cohorts import Purpose, band
from bot.domain.roles import Action, Role
from bot.errors import CohortRefused, Refusal, SlackUnavailable
from bot.ports import Clock, Directory
from bot.services.access import require
from bot.services.cohorts import opened
from bot.services.correspondence import Bell
from bot.services.failures import reading, saving
from bot.services.notices import guidelines_of, notice, tell_of
from bot.services.people import zone_of
from bot.services.shares import cohort
from storage import cohort_settings, cohorts, roles
from storage.cohorts import CohortRow
from storage.engine import Database


class CohortSettings:
    """What can be done with the settings of a cohort."""

    def __init__(self, database: Database, clock: Clock, directory: Directory, bell: Bell) -> None:
        self._database = database
        self._clock = clock
        self._directory = directory
        self._bell = bell

    @staticmethod
    def of(connection: Connection, cohort: UUID) -> Settings | None:
        """Return the settings of a cohort that hold; None when there is no such cohort."""
        row = cohorts.find(connection, cohort)
        return None if row is None else _settings(connection, row)

    def page(self, person: str, which: str) -> Page:
        """Return what the form shows; where nobody has set a zone, that of the person.

        Raises:
            NotAllowed: the person does not run it.
            CohortRefused: there is no such cohort, or it was closed.
            NotRead: storage did not answer.
        """
        with reading(), self._database.read() as connection:
            row = opened(connection, which)
            require(connection, person, Action.RUN_COHORT, cohort=row.id)
            found = _page(connection, row)
        if found.settings.zone is None:
            with suppress(SlackUnavailable):  # it only saves some typing
                zone = zone_of(self._directory.profile(person))
                return replace(found, settings=replace(found.settings, zone=zone))
        return found

    def save(self, person: str, which: str, revision: int, wish: Wish) -> Page | None:
        """Keep what is to be set; None, and nothing changed, if somebody else changed it meanwhile.

        Args:
            person: who sets it.
            which: the cohort's id.
            revision: as it was when the form was opened.
            wish: what was filled in.

        Raises:
            NotAllowed: the person does not run it.
            CohortRefused: there is no such cohort, it was closed, or its channel is public and it
                was not said that this may be so; nothing was changed.
            NotSaved: nothing was changed.
        """
        now = self._clock.now()

        def work(connection: Connection) -> tuple[Page | None, bool]:
            row = opened(connection, which, lock=True)
            require(connection, person, Action.RUN_COHORT, cohort=row.id)
            found = _page(connection, row)
            values = _values(wish, found.purpose)
            if values == _kept(connection, row):
                return found, False  # pressed twice, or nothing is new
            if found.settings.revision != revision:
                return None, False
            if needs_a_yes(found.purpose, wish.founding, is_open=row.is_open):
                raise CohortRefused(Refusal.OPEN)
            before = notice(connection, row.id)
            cohort_settings.put(connection, row.id, values)
            told = tell_of(connection, row.id, before, now=now)
            return _page(connection, opened(connection, which)), told

        with saving():
            saved, told = self._database.write(work)
        self._bell.after(told)
        return saved


def _settings(connection: Connection, row: CohortRow) -> Settings:
    kept = cohort_settings.find(connection, row.id)
    assert kept is not None  # noqa: S101  # it is a part of the row
    usual = kept.support_reaction is None
    return Settings(
        guidelines=guidelines_of(connection, row),
        country=kept.country,
        zone=kept.zone,
        support_reaction=USUAL_REACTION if usual else kept.support_reaction or None,
        revision=kept.revision,
    )


def _page(connection: Connection, row: CohortRow) -> Page:
    granted = roles.holders(connection, Role.FACILITATOR, cohort=row.id)
    return Page(
        cohort=cohort(row),
        purpose=Purpose(row.purpose),
        welcomes_deciders=row.welcomes_deciders,
        settings=_settings(connection, row),
        facilitators=[grant.person_id for grant in granted],
        rota=band(cohort_settings.on_rota(connection, row.id)),
    )


def _values(wish: Wish, before: Purpose) -> dict[str, Any]:
    """Return a wish as it is kept: what is usual stays unset, so that it follows the purpose."""
    founding, reaction = wish.founding, wish.support_reaction
    usual = {"", guidelines.template(before), guidelines.template(founding.purpose)}
    return {
        "name": founding.name,
        "purpose": str(founding.purpose),
        "welcomes_deciders": founding.welcomes_deciders,
        "guidelines": None if wish.guidelines in usual else wish.guidelines,
        "country": wish.country,
        "zone": wish.zone,
        "support_reaction": None if reaction == USUAL_REACTION else reaction or "",
    }


def _kept(connection: Connection, row: CohortRow) -> dict[str, Any]:
    kept = cohort_settings.find(connection, row.id)
    assert kept is not None  # noqa: S101  # it is a part of the row
    names = ("guidelines", "country", "zone", "support_reaction")
    kept_so = {name: getattr(kept, name) for name in names}
    of_founding = ("name", "purpose", "welcomes_deciders")
    return {name: getattr(row, name) for name in of_founding} | kept_so
