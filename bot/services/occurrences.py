"""The next time that a ritual takes place: planned ahead, and dropped when the ritual changes.

Each of these belongs into the transaction of the change, which holds the ritual's row first: so
does the clock, and neither waits for the other in a circle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection

from bot.content.rituals import templates
from bot.domain.budget import week_of
from bot.domain.delivery import Kind
from bot.domain.news import Topic
from bot.domain.recurrence import once
from bot.domain.rhythm import (
    ASKED_BEFORE,
    MISSED_KEPT,
    Time,
    announce_at,
    is_too_late,
    upcoming,
)
from bot.domain.ritual_calendar import posts
from bot.domain.rituals import Mode, OnHoliday, Schedule, State, Why
from bot.errors import InvalidAnswer, Problem
from bot.services import budget
from bot.services.correspondence import say
from bot.services.news import tell
from bot.services.rota_places import let_off
from storage import posts as posted
from storage import ritual_claims, ritual_planning, ritual_plans, rituals
from storage.ritual_planning import PlanRow, TakenRow


def release(connection: Connection, ritual: UUID, *, now: datetime) -> bool:
    """Drop what is planned for a ritual, with whoever was asked to hold it.

    Returns:
        Whether something was put into the outbox: what was announced is taken away again.
    """
    rituals.hold(connection, ritual)
    told = let_off(connection, rituals.planned(connection, ritual), now=now)
    for each in rituals.remove_planned(connection, ritual):
        give_back(connection, each)
        told = announce_anew(connection, each, now=now) or told
    return told


def end_all(connection: Connection, cohort: UUID, *, now: datetime) -> bool:
    """End every ritual of a cohort that closes; a new one in its channel begins without them.

    To be called before the cohort's row is held, with who runs it held still: rituals come first.

    Returns:
        Whether something was put into the outbox.
    """
    told = False
    rituals.hold_all(connection, cohort)
    for each in ritual_plans.of_cohort(connection, cohort):
        told = release(connection, each.id, now=now) or told
        ritual_plans.delete(connection, each.id, now=now)
    for open_one in rituals.open_ones(connection, cohort):
        # Else it would be posted, or thanked for, in the cohort that the channel may have next.
        stands = posted.find(connection, Kind.RITUAL, open_one) is not None
        state, reason = (State.CLOSED, None) if stands else (State.UNSENT, Why.CLOSED)
        ritual_claims.end(connection, [open_one], state=state, reason=reason)
        if not stands:
            give_back(connection, open_one)
    return told


def follow(connection: Connection, ritual: UUID, *, now: datetime) -> bool:
    """Let what is announced of a ritual follow its words, where its dates stay as they are.

    What is planned stays, and so does whoever holds it.

    Returns:
        Whether something was put into the outbox.
    """
    told = False
    for each in rituals.planned(connection, ritual):
        told = announce_anew(connection, each, now=now) or told
    return told


def plan_anew(connection: Connection, ritual: UUID, *, now: datetime) -> None:
    """Have the next occurrence of a ritual planned at the next tick; nothing due by now counts."""
    rituals.to_plan(connection, [ritual], after=now)


def give_back(connection: Connection, occurrence: UUID) -> None:
    """Free what an occurrence that is called off has reserved, but for what was posted of it.

    Else whoever changes a ritual again and again could have it announced again and again.
    """
    announced = posted.find(connection, Kind.RITUAL_SOON, occurrence) is not None
    budget.free(connection, occurrence, said=announced)


def announce_anew(connection: Connection, occurrence: UUID, *, now: datetime) -> bool:
    """Let the announcement of an occurrence say what is so now, or go; False if none stands."""
    stands = posted.find(connection, Kind.RITUAL_SOON, occurrence)
    if stands is None:
        return False
    kind, channel = Kind.RITUAL_SOON, stands[0]
    occasion = f"changed {uuid4()}"  # skipped, and run nevertheless: it changes more than once
    say(connection, kind, occurrence, occasion=occasion, channel=channel, now=now)
    return True


def plan(
    connection: Connection,
    rows: Sequence[PlanRow],
    *,
    now: datetime,
    late: timedelta,
    missed: Mapping[UUID, Sequence[date]] = MappingProxyType({}),
) -> bool:
    """Plan the next occurrence of each of these rituals, which the caller holds.

    What it is too late for is noted as missed, and told in one piece for each ritual; so is what
    finds no room in the cohort's week. A ritual without a further date ends, and one that cannot
    be reckoned with any more is paused.

    Args:
        connection: the transaction that holds them.
        rows: the rituals.
        now: the present instant.
        late: after how long it is too late.
        missed: the days of these rituals that were planned and are missed already.

    Returns:
        Whether something was put into the outbox.
    """
    if not rows:
        return False
    ids, first = [row.id for row in rows], min(row.plan_after for row in rows)
    taken = ritual_planning.taken(connection, ids, since=first.date() - timedelta(days=40))
    first_week = (now - late).date() - timedelta(days=8)  # in whatever zone
    weeks = budget.Weeks(connection, {row.cohort_id for row in rows}, since=first_week)
    each_one = [
        _Planning(connection, row, taken[row.id], weeks, now, late, [*missed.get(row.id, ())])
        for row in sorted(rows, key=lambda each: (each.cohort_id, each.id))
        if row.goes_on
    ]
    told = [one.run() for one in each_one]
    weeks.keep()
    rituals.add(connection, [row for one in each_one for row in one.rows])
    ritual_planning.planned(connection, ids)
    return any(told)


@dataclass
class _Planning:
    """The planning of one ritual."""

    connection: Connection
    row: PlanRow
    taken: Sequence[TakenRow]
    weeks: budget.Weeks
    now: datetime
    late: timedelta
    missed: list[date] = field(default_factory=list)
    full: list[date] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)

    def run(self) -> bool:
        """Find the next time, note what lies before it; True if somebody is told something."""
        told = ends = False
        if not any(each.state == State.PLANNED for each in self.taken):
            try:
                ends = not self._find()
            except (InvalidAnswer, ValueError, OverflowError) as error:
                told = self._stop("paused_at", Topic.RITUAL_BROKEN, what=_what(error))
        left_out = self.missed or self.full
        if ends and (left_out or self.row.rule == once()):
            # What is told of those days says so; of what was to be once, nobody needs to hear.
            rituals.stop(self.connection, self.row.id, column="ended_at", now=self.now)
        elif ends:
            told = self._stop("ended_at", Topic.RITUAL_ENDED)
        for topic, days in ((Topic.RITUAL_MISSED, self.missed), (Topic.RITUAL_FULL, self.full)):
            told = self._tell_days(topic, sorted(days), ends=ends) or told
        return told

    def _find(self) -> bool:
        """Plan the next time; False if there is none.

        Raises:
            InvalidAnswer, ValueError, OverflowError: the ritual cannot be reckoned with.
        """
        row = self.row
        if row.template not in templates():
            raise InvalidAnswer({"template": Problem.NOT_A_CHOICE})
        # What a wrong clock let begin ahead of its time leaves room for what comes before it.
        stood = [
            each.due_at
            for each in self.taken
            if each.state != State.SKIPPED and each.due_at <= self.now
        ]
        times = upcoming(
            _schedule(row),
            after=max([row.plan_after, *stood]),
            now=self.now,
            taken={each.on_date for each in self.taken},
        )
        too_late = list[Time]()
        found = False
        for time in times:
            if is_too_late(self.now, due_at=time.due_at, minutes=row.minutes, late=self.late):
                too_late.append(time)
            elif self._has_room(time):
                found = True
                break
        self.missed += [each.on_date for each in too_late]
        self.rows += [_kept(row, each, State.MISSED) for each in too_late[-MISSED_KEPT:]]
        return found

    def _has_room(self, time: Time) -> bool:
        """Plan this time if there is room for it in the cohort's week; else it is skipped."""
        row, mode = self.row, Mode(self.row.mode)
        planned = _kept(row, time, State.PLANNED)
        planned |= {
            "announce_at": announce_at(time.due_at, mode, now=self.now),
            "ask_at": time.due_at - ASKED_BEFORE if row.rotates else None,
        }
        week = week_of(time.due_at, row.cohort_zone or row.zone)
        if self.weeks.reserve(planned["id"], row.cohort_id, week, posts(mode)):
            self.rows.append(planned)
            return True
        self.full.append(time.on_date)
        self.rows.append(_kept(row, time, State.SKIPPED) | {"reason": Why.FULL})
        return False

    def _stop(self, column: str, topic: Topic, **details: str) -> bool:
        """Let the ritual not go on, and tell whoever runs the cohort."""
        rituals.stop(self.connection, self.row.id, column=column, now=self.now)
        return self._tell(topic, **details)

    def _tell_days(self, topic: Topic, days: Sequence[date], *, ends: bool) -> bool:
        if not days:
            return False
        first, last = days[0].isoformat(), days[-1].isoformat()
        more = {"ends": "yes"} if ends else {}
        return self._tell(topic, count=str(len(days)), first=first, last=last, **more)

    def _tell(self, topic: Topic, **details: str) -> bool:
        title, cohort = self.row.title, self.row.cohort_id
        return tell(self.connection, cohort, topic, now=self.now, title=title, **details)


def _schedule(row: PlanRow) -> Schedule:
    return Schedule(
        rule=row.rule,
        starts_on=row.starts_on,
        at_minute=row.at_minute,
        zone=row.zone,
        on_holiday=OnHoliday(row.on_holiday),
        country=row.country,
    )


def _kept(row: PlanRow, time: Time, state: State) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "ritual_id": row.id,
        "on_date": time.on_date,
        "due_at": time.due_at,
        "state": state,
    }


def _what(error: InvalidAnswer | ValueError | OverflowError) -> str:
    """Return which part of a ritual cannot be reckoned with."""
    return next(iter(error.problems)) if isinstance(error, InvalidAnswer) else "rule"
