"""Rows of how the programme is set up: one for each setting, with who set it and when."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, select, update
from sqlmodel import Field, SQLModel

from storage.dialects import insert_new


class Setting(SQLModel, table=True):
    """One setting of the programme."""

    __tablename__ = "programme"

    name: str = Field(primary_key=True)
    value: str = Field(description="JSON")
    revision: int = Field(description="counts the changes, so that nobody overwrites unseen")
    set_by: str | None = Field(default=None, description="Slack user id; None for Hearth")
    set_at: datetime


programme: Table = SQLModel.metadata.tables["programme"]


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting, as plain values."""

    value: Any
    revision: int
    set_by: str | None
    set_at: datetime


def everything(connection: Connection) -> Mapping[str, SettingRow]:
    """Return all settings by name."""
    columns = programme.c
    query = select(
        columns.name, columns.value, columns.revision, columns.set_by, columns.set_at
    ).order_by(columns.name)
    return {
        row[0]: SettingRow(json.loads(row[1]), row[2], row[3], row[4])
        for row in connection.execute(query)
    }


def put(
    connection: Connection,
    name: str,
    value: Any,
    *,
    revision: int,
    by: str | None,
    now: datetime,
) -> bool:
    """Set one, if nobody has changed it since `revision` (0: it was not there); else False."""
    values = {"value": json.dumps(value), "set_by": by, "set_at": now, "revision": revision + 1}
    if revision == 0:
        insert = insert_new(programme, connection.dialect, unique=["name"])
        new = insert.values(name=name, **values).returning(programme.c.name)
        return connection.execute(new).scalar() is not None  # PostgreSQL counts no such rows
    done = connection.execute(
        update(programme)
        .where(programme.c.name == name, programme.c.revision == revision)
        .values(**values)
    )
    return done.rowcount > 0


def drop(connection: Connection, name: str) -> None:
    """Let a setting not be there; harmless when it is not."""
    connection.execute(delete(programme).where(programme.c.name == name))


def vacate(connection: Connection, person: str) -> None:
    """Let the settings that name this person name nobody; their value is null from then on."""
    connection.execute(
        update(programme)
        .where(programme.c.value == json.dumps(person))
        .values(value=json.dumps(None), revision=programme.c.revision + 1)
    )


def names(connection: Connection, person: str) -> Sequence[str]:
    """Return which settings name this person."""
    query = select(programme.c.name).where(programme.c.value == json.dumps(person))
    return connection.execute(query.order_by(programme.c.name)).scalars().all()


def set_by(connection: Connection, person: str) -> Sequence[str]:
    """Return which settings are kept as this person's doing."""
    query = select(programme.c.name).where(programme.c.set_by == person)
    return connection.execute(query.order_by(programme.c.name)).scalars().all()


def forget_who_set(connection: Connection, person: str) -> None:
    """Let every setting stay as it is, without saying that this person set it."""
    connection.execute(update(programme).where(programme.c.set_by == person).values(set_by=None))
