"""Rows about people: who joined, in which zone they live, and what they agreed to.

People are stored by their Slack id only; names come from Slack when something is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, and_, bindparam, delete, or_, select, update
from sqlmodel import Field, SQLModel

from storage.compiled import Compiled
from storage.dialects import index_where


class Person(SQLModel, table=True):
    """Somebody who joined."""

    __tablename__ = "people"

    id: str = Field(primary_key=True, description="Slack user id")
    country: str = Field(description="ISO 3166-1 alpha-2 as chosen by the person, ZZ elsewhere")
    zone: str | None = Field(default=None, description="IANA name as Slack knows it; a cache")
    zone_read_at: datetime | None = Field(default=None, index=True)
    day_starts_minute: int = Field(default=0, description="minutes after local midnight")
    joined_at: datetime
    dm_channel: str | None = Field(default=None, description="Slack's id of our DM; a cache")
    paused_until: date | None = Field(
        default=None, description="the first day on which they may be asked again"
    )
    gone_since: datetime | None = Field(default=None, description="deactivated in Slack")


class Consent(SQLModel, table=True):
    """One consent, as it was given: purpose, version of the words, time."""

    __tablename__ = "consents"
    __table_args__ = (
        index_where(
            "withdrawn_at IS NULL",
            "ix_consents_current",
            "person_id",
            "purpose",
            "version",
            unique=True,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: str = Field(foreign_key="people.id", ondelete="CASCADE")
    purpose: str
    version: str
    level: str | None = Field(default=None, description="how far, for a purpose that has levels")
    given_at: datetime
    withdrawn_at: datetime | None = None


people: Table = SQLModel.metadata.tables["people"]
consents: Table = SQLModel.metadata.tables["consents"]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """What is remembered of a person, with the consent that was asked for."""

    id: str
    country: str
    zone: str | None
    day_starts_minute: int
    agreed: bool


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """One consent, as it was given."""

    purpose: str
    version: str
    level: str | None
    given_at: datetime
    withdrawn_at: datetime | None


FIND = (
    select(
        people.c.id,
        people.c.country,
        people.c.zone,
        people.c.day_starts_minute,
        consents.c.id.is_not(None),
    )
    .select_from(
        people.outerjoin(
            consents,
            and_(
                consents.c.person_id == people.c.id,
                consents.c.purpose == bindparam("purpose"),
                consents.c.version == bindparam("version"),
                consents.c.withdrawn_at.is_(None),
            ),
        )
    )
    .where(people.c.id == bindparam("person"))
)
"""A person with whether they agreed; takes person, purpose and version."""

_FIND = Compiled(FIND)


def find(connection: Connection, person: str, *, purpose: str, version: str) -> PersonRow | None:
    """Return the person with whether they agreed to `purpose` in `version`, or None."""
    values = {"person": person, "purpose": purpose, "version": version}
    row = _FIND.run(connection, values).fetchone()
    return None if row is None else PersonRow(row[0], row[1], row[2], row[3], bool(row[4]))


def hold(connection: Connection, person: str) -> None:
    """Let nobody else change what is remembered of the person until this transaction ends.

    What belongs to them can be added meanwhile. An SQLite file has one writer anyway.
    """
    held = select(people.c.id).where(people.c.id == person)
    connection.execute(held.with_for_update(key_share=True))


def join(connection: Connection, person: str, *, country: str, now: datetime) -> None:
    """Remember a person; for somebody already known, only the country is taken anew."""
    changed = connection.execute(
        update(people).where(people.c.id == person).values(country=country)
    )
    if changed.rowcount == 0:
        connection.execute(
            people.insert().values(id=person, country=country, day_starts_minute=0, joined_at=now)
        )


def record_consent(
    connection: Connection,
    person: str,
    *,
    purpose: str,
    version: str,
    now: datetime,
    level: str | None = None,
) -> None:
    """Let this be the one consent for that purpose; what held before is ended.

    Given again as it is, the first time stays the time on record.
    """
    held = consents_for(connection, person).get(purpose)
    if held is not None and (held.version, held.level) == (version, level):
        return
    withdraw_consent(connection, person, purpose=purpose, now=now)
    values = {"person_id": person, "purpose": purpose, "version": version, "level": level}
    connection.execute(consents.insert().values(given_at=now, **values))


def withdraw_consent(connection: Connection, person: str, *, purpose: str, now: datetime) -> None:
    """End the consent for a purpose, if there is one."""
    held = (consents.c.person_id == person, consents.c.purpose == purpose)
    connection.execute(
        update(consents).where(*held, consents.c.withdrawn_at.is_(None)).values(withdrawn_at=now)
    )


def every_consent(connection: Connection, person: str) -> Sequence[ConsentRow]:
    """Return every consent of the person, ended or not, the oldest first."""
    columns = consents.c
    query = (
        select(
            columns.purpose, columns.version, columns.level, columns.given_at, columns.withdrawn_at
        )
        .where(columns.person_id == person)
        .order_by(columns.id)
    )
    return [ConsentRow(*row) for row in connection.execute(query)]


def consents_for(connection: Connection, person: str) -> Mapping[str, ConsentRow]:
    """Return the consents that hold, in whatever version, by purpose."""
    every = every_consent(connection, person)
    return {row.purpose: row for row in every if row.withdrawn_at is None}


def set_zone(
    connection: Connection, person: str, zone: str | None, *, now: datetime | None
) -> None:
    """Cache the zone as read at `now`; a zone of None keeps the one known so far."""
    values: dict[str, Any] = {"zone_read_at": now}
    if zone is not None:
        values["zone"] = zone
    connection.execute(update(people).where(people.c.id == person).values(**values))


def set_day_start(connection: Connection, person: str, minute: int) -> None:
    """Set when the person's day begins, in minutes after local midnight."""
    connection.execute(update(people).where(people.c.id == person).values(day_starts_minute=minute))


def set_country(connection: Connection, person: str, country: str) -> None:
    """Set where the person lives."""
    connection.execute(update(people).where(people.c.id == person).values(country=country))


def pause(connection: Connection, person: str, until: date | None) -> bool:
    """Ask the person nothing before that day; None ends the pause. False if nobody is known."""
    values = update(people).where(people.c.id == person).values(paused_until=until)
    return connection.execute(values).rowcount > 0


def paused_until(connection: Connection, person: str) -> date | None:
    """Return the first day on which the person may be asked again; None when not paused."""
    found = connection.execute(select(people.c.paused_until).where(people.c.id == person))
    return found.scalar()


def everything(connection: Connection, person: str) -> Mapping[str, Any]:
    """Return all that is remembered of a person themselves, by the names of the columns."""
    row = connection.execute(select(people).where(people.c.id == person)).mappings().first()
    return dict(row or {})


def is_known(connection: Connection, person: str) -> bool:
    """Whether the person has joined, and has not left."""
    return connection.execute(select(people.c.id).where(people.c.id == person)).first() is not None


def gone_since(connection: Connection, person: str) -> datetime | None:
    """Return since when the person's account in Slack is closed, or None."""
    found = connection.execute(select(people.c.gone_since).where(people.c.id == person))
    return found.scalar()


def was_seen(connection: Connection, person: str) -> bool:
    """Whether the workspace has ever said who the person is."""
    found = connection.execute(select(people.c.zone_read_at).where(people.c.id == person))
    return found.scalar() is not None


def set_gone(connection: Connection, person: str, since: datetime | None) -> None:
    """Keep since when the person's account is closed; None for one that is open."""
    connection.execute(update(people).where(people.c.id == person).values(gone_since=since))


def gone_before(connection: Connection, instant: datetime, *, limit: int) -> Sequence[str]:
    """Return up to `limit` people whose account was closed before an instant, the first first."""
    query = select(people.c.id).where(people.c.gone_since < instant)
    return connection.execute(query.order_by(people.c.gone_since).limit(limit)).scalars().all()


def with_stale_zone(connection: Connection, *, before: datetime, limit: int) -> Sequence[str]:
    """Return up to `limit` people whose zone was last read before `before`, those never first."""
    stale = or_(people.c.zone_read_at.is_(None), people.c.zone_read_at < before)
    never_first = people.c.zone_read_at.asc().nulls_first()
    query = select(people.c.id).where(stale).order_by(never_first).limit(limit)
    return connection.execute(query).scalars().all()


def country(connection: Connection, person: str) -> str | None:
    """Return the country that the person chose, whatever they agreed to; None before they did."""
    found = connection.execute(select(people.c.country).where(people.c.id == person))
    return found.scalar()


def dm_channel(connection: Connection, person: str) -> str | None:
    """Return the id of the direct message with the person, as far as it was opened before."""
    found = connection.execute(select(people.c.dm_channel).where(people.c.id == person))
    return found.scalar()


def set_dm_channel(connection: Connection, person: str, channel: str) -> None:
    """Cache the id of the direct message with the person."""
    connection.execute(update(people).where(people.c.id == person).values(dm_channel=channel))


def remove(connection: Connection, person: str) -> None:
    """Delete the person and, by foreign key, everything that is theirs."""
    connection.execute(delete(people).where(people.c.id == person))
