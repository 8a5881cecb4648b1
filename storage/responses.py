"""Rows of responses: who reacted with what to which occurrence of a ritual.

They are no check-ins and stand in no anonymous sum: reactions are public in Slack anyway.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, and_, or_, select, update
from sqlmodel import Field, SQLModel

from storage.dialects import insert_into
from storage.rituals import occurrences, rituals


class Response(SQLModel, table=True):
    """One emoji of one member on one occurrence's post, as the latest event has it."""

    __tablename__ = "ritual_responses"

    occurrence_id: UUID = Field(
        foreign_key="ritual_occurrences.id", ondelete="CASCADE", primary_key=True
    )
    person_id: str = Field(
        foreign_key="people.id", ondelete="CASCADE", primary_key=True, index=True
    )
    emoji: str = Field(primary_key=True, description="Slack's name, without a skin tone")
    event_ts: str = Field(description="when, so that a later moment is a greater text")
    stands: bool = Field(description="whether that event added it")


responses: Table = SQLModel.metadata.tables["ritual_responses"]


@dataclass(frozen=True, slots=True)
class AboutRow:
    """What a response has to fit."""

    legend: str
    state: str


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """One emoji of one person, and whether it stands."""

    person_id: str
    emoji: str
    event_ts: str
    stands: bool


def about(connection: Connection, occurrence: UUID) -> AboutRow | None:
    """Return what a response to an occurrence has to fit, or None when there is none such."""
    query = (
        select(rituals.c.legend, occurrences.c.state)
        .join_from(occurrences, rituals, occurrences.c.ritual_id == rituals.c.id)
        .where(occurrences.c.id == occurrence)
    )
    row = connection.execute(query).first()
    return None if row is None else AboutRow(*row)


def keep(connection: Connection, occurrence: UUID, row: ResponseRow) -> None:
    """Keep what an event says, unless a later one has said it already.

    Of two at the same moment, the one that takes away holds: so the order in which they come
    makes no difference.
    """
    key = ["occurrence_id", "person_id", "emoji"]
    insert = insert_into(responses, connection.dialect).values(
        occurrence_id=occurrence,
        person_id=row.person_id,
        emoji=row.emoji,
        event_ts=row.event_ts,
        stands=row.stands,
    )
    new = insert.excluded
    later = or_(
        new.event_ts > responses.c.event_ts,
        and_(new.event_ts == responses.c.event_ts, ~new.stands),
    )
    changes = {"event_ts": new.event_ts, "stands": new.stands}
    connection.execute(insert.on_conflict_do_update(index_elements=key, set_=changes, where=later))


def withdraw(
    connection: Connection, occurrence: UUID, person: str, emoji: str, *, event_ts: str
) -> None:
    """Let a response stand no more, if it was not given after that; harmless without one."""
    that = (
        responses.c.occurrence_id == occurrence,
        responses.c.person_id == person,
        responses.c.emoji == emoji,
        responses.c.event_ts <= event_ts,
    )
    connection.execute(update(responses).where(*that).values(event_ts=event_ts, stands=False))


def every(connection: Connection, occurrence: UUID) -> Sequence[ResponseRow]:
    """Return all that is kept of the responses to an occurrence."""
    columns = (responses.c.person_id, responses.c.emoji, responses.c.event_ts, responses.c.stands)
    query = select(*columns).where(responses.c.occurrence_id == occurrence)
    return [ResponseRow(*row) for row in connection.execute(query)]


def of_person(connection: Connection, person: str) -> Sequence[Mapping[str, Any]]:
    """Return all that is kept of a person's responses, the earliest day first."""
    query = (
        select(
            rituals.c.title.label("ritual"),
            occurrences.c.on_date.label("day"),
            responses.c.emoji,
            responses.c.stands,
        )
        .join_from(responses, occurrences, responses.c.occurrence_id == occurrences.c.id)
        .join(rituals, occurrences.c.ritual_id == rituals.c.id)
        .where(responses.c.person_id == person)
        .order_by(occurrences.c.on_date, rituals.c.title, responses.c.emoji)
    )
    return [dict(row) for row in connection.execute(query).mappings()]
