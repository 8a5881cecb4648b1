"""What the form of a ritual begins with, and whether what was filled in can be kept."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection

from bot import content
from bot.content import rituals as templates
from bot.domain.public_holidays import knows_holidays
from bot.domain.ritual_calendar import Calendar, Desk, Draft, Said
from bot.domain.ritual_plans import Choices, Given, check_plan
from bot.domain.rituals import Plan
from bot.domain.roles import Action
from bot.errors import SlackUnavailable
from bot.ports import Clock, Directory
from bot.services.access import require
from bot.services.cohorts import opened
from bot.services.failures import reading
from bot.services.people import zone_of
from bot.services.ritual_calendar import (
    as_plan,
    as_schedule,
    calendar,
    kept_ritual,
    zone_of_viewer,
)
from storage import cohort_settings, ritual_plans
from storage.cohorts import CohortRow
from storage.engine import Database
from storage.ritual_plans import KeptRow


class RitualDrafts:
    """What the forms of rituals need; nothing is stored here."""

    def __init__(self, database: Database, clock: Clock, directory: Directory) -> None:
        self._database = database
        self._clock = clock
        self._directory = directory

    def begin(self, person: str, which: str, template: str = templates.OWN) -> Draft:
        """Return what the form of a new ritual begins with, for somebody who runs the cohort.

        Raises:
            NotAllowed: they do not.
            CohortRefused: there is no such cohort, or it was closed.
            NotRead: storage did not answer.
        """
        now = self._clock.now()
        with reading(), self._database.read() as connection:
            row = opened(connection, which)
            require(connection, person, Action.RUN_COHORT, cohort=row.id)
            found = _draft(connection, row, template, now=now)
            known = found.zone or zone_of_viewer(connection, person)
        if known is None:
            with suppress(SlackUnavailable):  # it only saves some typing
                known = zone_of(self._directory.profile(person))
        return replace(found, zone=known)

    def reopen(self, person: str, ritual: str) -> Draft | Calendar:
        """Return what the form of a ritual begins with that is there already.

        For one that was deleted meanwhile, how the calendar stands.

        Raises:
            NotAllowed: they do not run its cohort.
            CohortRefused: there is no such ritual, or its cohort was closed.
            NotRead: storage did not answer.
        """
        now = self._clock.now()
        with reading(), self._database.read() as connection:
            kept = kept_ritual(connection, ritual)
            row = opened(connection, str(kept.cohort_id))
            require(connection, person, Action.RUN_COHORT, cohort=row.id)
            if kept.deleted_at is not None:
                return replace(calendar(connection, row, person, now=now), said=Said.WAS_DELETED)
            return _draft(connection, row, kept.template, kept, now=now)

    def checked(self, given: Given, desk: Desk) -> Plan:
        """Return the plan that the fields of a form stand for.

        Raises:
            InvalidAnswer: names each field that cannot be kept, and why.
            NotRead: storage did not answer.
        """
        with reading(), self._database.read() as connection:
            kept = ritual_plans.find(connection, desk.ritual)
        choices = Choices(
            # One that an update has taken away stays with the rituals that began with it.
            templates={*templates.templates(), *([kept.template] if kept else [])},
            legends=templates.legends(),
            countries=[code for code in content.countries() if knows_holidays(code)],
        )
        earlier = None if kept is None else as_schedule(kept)
        return check_plan(given, desk.template, choices, now=self._clock.now(), earlier=earlier)

    def stands(self, ritual: UUID) -> tuple[Plan, int]:
        """Return what is set about a ritual by now, and its revision.

        Raises:
            CohortRefused: there is none.
            NotRead: storage did not answer.
        """
        with reading(), self._database.read() as connection:
            kept = kept_ritual(connection, str(ritual))
        return as_plan(kept), kept.revision


def _draft(
    connection: Connection,
    row: CohortRow,
    template: str,
    kept: KeptRow | None = None,
    *,
    now: datetime,
) -> Draft:
    settings = cohort_settings.find(connection, row.id)
    zone, country = (settings.zone, settings.country) if settings else (None, None)
    desk = Desk(
        cohort=row.id,
        channel=row.channel_id,
        ritual=uuid4() if kept is None else kept.id,
        template=template,
        revision=0 if kept is None else kept.revision,
        is_new=kept is None,
    )
    plan = None if kept is None else as_plan(kept)
    return Draft(desk=desk, purpose=row.purpose, zone=zone, country=country, plan=plan, now=now)
