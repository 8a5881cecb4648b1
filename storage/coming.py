"""What of rituals stands on somebody's own page: what comes next, and how the last ones went."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, distinct, func, literal_column, select

from storage.cohorts import cohorts
from storage.responses import responses
from storage.rituals import occurrences, rituals
from storage.rota import rota_members

_LATELY = timedelta(days=60)
_PLANNED: ColumnElement[str] = literal_column("'planned'")  # spelt out as in the index


@dataclass(frozen=True, slots=True)
class ComingRow:
    """An occurrence that is planned."""

    title: str
    channel_id: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class PastRow:
    """An occurrence that is over, or did not take place."""

    title: str
    on_date: date
    state: str
    people: int
    """How many reacted to it."""


def coming(
    connection: Connection, of_cohorts: Collection[UUID], *, limit: int
) -> Sequence[ComingRow]:
    """Return the next occurrences of these cohorts, the earliest first."""
    if not of_cohorts:
        return []
    query = (
        select(rituals.c.title, cohorts.c.channel_id, occurrences.c.due_at)
        .join_from(rituals, cohorts, cohorts.c.id == rituals.c.cohort_id)
        .join(occurrences, occurrences.c.ritual_id == rituals.c.id)
        .where(rituals.c.cohort_id.in_(of_cohorts), occurrences.c.state == _PLANNED)
        .order_by(occurrences.c.due_at, rituals.c.title)
        .limit(limit)
    )
    return [ComingRow(*row) for row in connection.execute(query)]


def latest(connection: Connection, cohort: UUID, *, now: datetime, limit: int) -> Sequence[PastRow]:
    """Return the last occurrences of a cohort whose time has come, the latest first."""
    people = (
        select(func.count(distinct(responses.c.person_id)))
        .where(responses.c.occurrence_id == occurrences.c.id, responses.c.stands)
        .scalar_subquery()
    )
    query = (
        select(rituals.c.title, occurrences.c.on_date, occurrences.c.state, people)
        .join_from(rituals, occurrences, occurrences.c.ritual_id == rituals.c.id)
        .where(rituals.c.cohort_id == cohort, occurrences.c.state != _PLANNED)
        .where(occurrences.c.due_at <= now)  # a date to come may be left out already
        .order_by(occurrences.c.on_date.desc(), rituals.c.title)
        .limit(limit)
    )
    # Years of all of a cohort's rituals would be sorted, for what mostly lies within two months.
    lately = query.where(occurrences.c.on_date >= now.date() - _LATELY)
    rows = connection.execute(lately).all()
    if len(rows) < limit:
        rows = connection.execute(query).all()
    return [PastRow(*row) for row in rows]


def on_rota(connection: Connection, cohort: UUID) -> int:
    """Return how many would hold the rituals of a cohort."""
    query = select(func.count()).select_from(rota_members)
    return connection.scalar(query.where(rota_members.c.cohort_id == cohort)) or 0
