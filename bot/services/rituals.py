"""A cohort's calendar, and what whoever runs the cohort does with its rituals.

Every verb asks who may inside its own transaction, is harmless when it comes twice, and says how
it stands when somebody was quicker.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection

from bot.domain.cohorts import Cohort
from bot.domain.days import local_time
from bot.domain.ritual_calendar import Calendar, Outlook, Said, is_beginning, todays
from bot.domain.ritual_plans import MOST_RITUALS, takes_place_alike
from bot.domain.rituals import Plan, Ritual, State, Why
from bot.domain.roles import Action, may
from bot.errors import (
    CohortRefused,
    InvalidAnswer,
    NotAllowed,
    Problem,
    Refusal,
)
from bot.ports import Channels, Clock
from bot.services import budget, claims
from bot.services.access import require, roles_of
from bot.services.cohorts import opened
from bot.services.correspondence import Bell
from bot.services.failures import reading, saving
from bot.services.occurrences import announce_anew, follow, give_back, plan_anew, release
from bot.services.ritual_calendar import (
    as_plan,
    as_ritual,
    as_values,
    calendar,
    coming_next,
    kept_ritual,
    known_dates,
    outlook,
    runs,
)
from bot.services.rota_places import let_off
from bot.services.shares import cohort as as_cohort
from storage import cohorts, ritual_plans, rituals, roles, rota
from storage.cohorts import CohortRow
from storage.engine import Database
from storage.ritual_plans import KeptRow

_CAN_RUN = (State.PLANNED, State.SKIPPED, State.MISSED)
"""What today's may be to be run now: nothing was posted of it."""


class Rituals:
    """What can be done with the rituals of a cohort."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        channels: Channels,
        bell: Bell,
    ) -> None:
        self._database = database
        self._clock = clock
        self._channels = channels
        self._bell = bell

    # What people look at

    def here(self, person: str, channel: str) -> Calendar | None:
        """Return the calendar of the cohort of a channel that somebody is in; None without one.

        Raises:
            NotRead: storage did not answer.
        """
        now = self._clock.now()
        with reading(), self._database.read() as connection:
            row = cohorts.in_channel(connection, channel)
            return None if row is None else calendar(connection, row, person, now=now)

    def reachable(self, person: str) -> Sequence[Cohort]:
        """Return the cohorts whose calendars somebody can open, by name: run, or belonged to.

        Raises:
            NotRead: storage did not answer.
        """
        with reading(), self._database.read() as connection:
            if may(Action.SEE_COHORTS, roles_of(connection, person)):
                return [as_cohort(row) for row in cohorts.every(connection)]
            granted = {which for _, which in roles.held(connection, person) if which is not None}
            ids = {which for which in granted if runs(connection, person, which)}
            ids |= {row.id for row in cohorts.of(connection, person)}
            found = cohorts.named(connection, ids)
        return [as_cohort(row) for row in found if row.closed_at is None]

    def calendar(self, person: str, which: str) -> Calendar:
        """Return the calendar of a cohort to somebody who runs it, belongs to it or is there.

        Raises:
            NotAllowed: they are none of that.
            CohortRefused: there is no such cohort, or it was closed.
            NotRead: storage did not answer.
            SlackUnavailable: Slack did not say who is in the channel.
        """
        now = self._clock.now()
        with reading(), self._database.read() as connection:
            row = opened(connection, which)
            belongs = _belongs(connection, person, row)
            found = calendar(connection, row, person, now=now)
        self._let_look(person, row, belongs=belongs)
        return found

    def ahead(self, person: str, ritual: str) -> Outlook:
        """Return what comes of a ritual to somebody who may look at its calendar.

        Raises:
            NotAllowed: they may not.
            CohortRefused: there is no such ritual, or its cohort was closed.
            NotRead: storage did not answer.
            SlackUnavailable: Slack did not say who is in the channel.
        """
        now = self._clock.now()
        with reading(), self._database.read() as connection:
            kept = kept_ritual(connection, ritual)
            row = opened(connection, str(kept.cohort_id))
            belongs = _belongs(connection, person, row)
            found = outlook(connection, row, kept, person, now=now)
        self._let_look(person, row, belongs=belongs)
        return found

    def _let_look(self, person: str, row: CohortRow, *, belongs: bool) -> None:
        """Let those look as well who are in the channel, where they could read it all anyway."""
        if not belongs and person not in self._channels.members(row.channel_id):
            raise NotAllowed

    # What somebody who runs a cohort does

    def schedule(
        self, person: str, cohort: UUID, plan: Plan, *, ritual: UUID | None = None
    ) -> Ritual | None:
        """Keep a new ritual; its first date is planned at the next tick.

        Args:
            person: who runs the cohort.
            cohort: whose ritual it is.
            plan: what was checked.
            ritual: the id that its form was opened with. Sent twice, it is one ritual; sent again
                with other words, those count.

        Returns:
            The ritual; None, and nothing changed, if somebody has changed it since.

        Raises:
            NotAllowed: they do not run it.
            CohortRefused: there is no such cohort, or it was closed.
            InvalidAnswer: the cohort has as many as it can have, or the ritual was deleted since.
            NotSaved: nothing was stored.
        """
        made, now = ritual or uuid4(), self._clock.now()

        def work(connection: Connection) -> tuple[Ritual | None, bool]:
            row = _run_by(connection, person, cohort)
            kept = ritual_plans.find(connection, made)
            if kept is not None and kept.cohort_id == row.id:
                return _change(connection, made, plan, revision=0, now=now)
            if len(ritual_plans.of_cohort(connection, row.id)) >= MOST_RITUALS:
                raise InvalidAnswer({"title": Problem.TOO_MANY})
            if not ritual_plans.add(connection, made, row.id, as_values(plan), now=now):
                raise CohortRefused(Refusal.CLOSED)  # the id is that of another cohort's
            return Ritual(id=made, cohort=row.id, plan=plan, is_paused=False, revision=0), False

        return self._saved(work)

    def edit(self, person: str, ritual: UUID, plan: Plan, revision: int) -> Ritual | None:
        """Let this be what is set about a ritual; what is planned stays unless its dates change.

        Returns:
            The ritual; None, and nothing changed, if somebody has changed it since `revision`.

        Raises:
            NotAllowed: they do not run its cohort.
            CohortRefused: there is no such ritual, or its cohort was closed.
            InvalidAnswer: it was deleted.
            NotSaved: nothing was changed.
        """
        now = self._clock.now()

        def work(connection: Connection) -> tuple[Ritual | None, bool]:
            kept = kept_ritual(connection, str(ritual))
            _run_by(connection, person, kept.cohort_id)
            return _change(connection, ritual, plan, revision=revision, now=now)

        return self._saved(work)

    def _saved(self, work: Callable[[Connection], tuple[Ritual | None, bool]]) -> Ritual | None:
        with saving():
            saved, told = self._database.write(work)
        self._bell.after(told)
        return saved

    def pause(self, person: str, ritual: str) -> Calendar:
        """Let nothing come of a ritual until somebody resumes it; return how it stands then.

        Raises:
            NotAllowed: they do not run its cohort.
            CohortRefused: there is no such ritual, or its cohort was closed.
            NotSaved: nothing was changed.
        """

        def work(connection: Connection, kept: KeptRow, now: datetime) -> tuple[Said, bool]:
            if kept.ended_at is not None:
                return Said.HAS_ENDED, False
            if kept.paused_at is not None:
                return Said.WAS_PAUSED, False
            ritual_plans.set_paused(connection, kept.id, now)
            return Said.PAUSED, release(connection, kept.id, now=now)

        return self._done(person, ritual, work)

    def resume(self, person: str, ritual: str) -> Calendar:
        """Let a paused ritual go on, from its next date; see `pause`."""

        def work(connection: Connection, kept: KeptRow, now: datetime) -> tuple[Said, bool]:
            if kept.ended_at is not None:
                return Said.HAS_ENDED, False
            if kept.paused_at is None:
                return Said.WAS_GOING_ON, False
            ritual_plans.set_paused(connection, kept.id, None)
            plan_anew(connection, kept.id, now=now)
            return Said.RESUMED, False

        return self._done(person, ritual, work)

    def skip_next(self, person: str, ritual: str, on_date: date) -> Calendar:
        """Let one date not take place: the one that was shown as the next; see `pause`."""

        def work(connection: Connection, kept: KeptRow, now: datetime) -> tuple[Said, bool]:
            if kept.ended_at is not None or kept.paused_at is not None:
                return Said.HAS_ENDED if kept.ended_at else Said.IS_PAUSED, False
            known = known_dates(connection, [kept], now=now)[kept.id]
            found = coming_next(kept, known, now=now)
            if found is None or found.due_at is None or found.on_date != on_date:
                return Said.NOTHING_TO_SKIP, False
            skipped = ritual_plans.skip(
                connection, kept.id, on_date, due_at=found.due_at, reason=Why.ASKED
            )
            give_back(connection, skipped)
            told = let_off(connection, [skipped], now=now)
            return Said.SKIPPED, announce_anew(connection, skipped, now=now) or told

        return self._done(person, ritual, work)

    def run_now(self, person: str, ritual: str) -> Calendar:
        """Let a ritual take place now, as today's, unless today's has; see `pause`.

        It is claimed in the same transaction, as the clock would claim it.
        """

        def work(connection: Connection, kept: KeptRow, now: datetime) -> tuple[Said, bool]:
            if kept.ended_at is not None or kept.paused_at is not None:
                return Said.HAS_ENDED if kept.ended_at else Said.IS_PAUSED, False
            where = cohorts.find(connection, kept.cohort_id)
            if where is not None and where.halted_for not in (None, Refusal.UNSEEN):
                return Said.IS_HALTED, False
            today = local_time(now, kept.zone).date()
            known = known_dates(connection, [kept], now=now)[kept.id]
            row = todays(known, today, kept.zone)
            if row is not None and row.state not in _CAN_RUN:
                return Said.RUNS if is_beginning(row, now) else Said.WAS_RUN, False
            which = uuid4() if row is None else row.id
            rituals.hold_time(connection, which)  # before the cohort, as everybody does
            told = announce_anew(connection, which, now=now)
            week = budget.cohort_week(connection, kept.cohort_id, now, zone=kept.zone)
            needed = 2 if told else 1  # it is not announced; but it may have been
            if not budget.reserve(connection, which, kept.cohort_id, week, needed):
                return Said.NO_ROOM, told
            if row is not None and row.state is not State.PLANNED:
                rota.remove_turns(connection, which)  # whoever held it was told that it is off
            day = today if row is None else row.on_date
            ritual_plans.bring_forward(connection, which, kept.id, day, now=now)
            return Said.RUNS, claims.begin(connection, which, now=now) or told

        return self._done(person, ritual, work)

    def delete(self, person: str, ritual: str) -> Calendar:
        """Let nothing come of a ritual ever again, and show it no more; see `pause`."""

        def work(connection: Connection, kept: KeptRow, now: datetime) -> tuple[Said, bool]:
            ritual_plans.delete(connection, kept.id, now=now)
            return Said.DELETED, release(connection, kept.id, now=now)

        return self._done(person, ritual, work)

    def _done(
        self,
        person: str,
        ritual: str,
        what: Callable[[Connection, KeptRow, datetime], tuple[Said, bool]],
    ) -> Calendar:
        """Do something with a ritual that is held meanwhile, and return how it stands then."""
        now = self._clock.now()

        def work(connection: Connection) -> tuple[Calendar, bool]:
            row = _run_by(connection, person, kept_ritual(connection, ritual).cohort_id)
            kept = ritual_plans.find(connection, UUID(ritual), lock=True)
            said, told = Said.WAS_DELETED, False
            if kept is not None and kept.deleted_at is None:
                said, told = what(connection, kept, now)
            shown = calendar(connection, row, person, now=now)
            return replace(shown, said=said), told

        with saving():
            shown, told = self._database.write(work)
        self._bell.after(told)
        return shown


def _run_by(connection: Connection, person: str, which: UUID) -> CohortRow:
    """Return a cohort that the person runs; nobody else changes that, nor closes it, meanwhile."""
    roles.hold_still(connection)  # whoever closes a cohort does so too
    row = opened(connection, str(which))
    require(connection, person, Action.RUN_COHORT, cohort=row.id)
    return row


def _belongs(connection: Connection, person: str, row: CohortRow) -> bool:
    return runs(connection, person, row.id) or cohorts.member(connection, row.id, person)


def _change(
    connection: Connection, ritual: UUID, plan: Plan, *, revision: int, now: datetime
) -> tuple[Ritual | None, bool]:
    kept = ritual_plans.find(connection, ritual, lock=True)
    if kept is None or kept.deleted_at is not None:
        raise InvalidAnswer({"title": Problem.DELETED})
    if as_plan(kept) == plan:
        return as_ritual(kept), False  # pressed twice, or nothing is new
    if kept.revision != revision:
        return None, False
    ritual_plans.change(connection, ritual, as_values(plan))
    if kept.ended_at is None and takes_place_alike(as_plan(kept), plan):
        told = follow(connection, ritual, now=now)
    else:
        told = release(connection, ritual, now=now)
        if kept.paused_at is None:
            plan_anew(connection, ritual, now=now)
    return replace(as_ritual(kept), plan=plan, revision=revision + 1), told
