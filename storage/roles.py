"""Rows of grants: who was given which role by whom, and when it was taken away.

A grant that ended stays as the record of it; nothing else about the person is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, Table, bindparam, delete, select, text, update
from sqlmodel import Field, SQLModel

from storage.compiled import Compiled
from storage.dialects import index_where


class Grant(SQLModel, table=True):
    """One role, given to one person, for everything or for one cohort."""

    __tablename__ = "grants"
    __table_args__ = (
        index_where(
            "revoked_at IS NULL AND cohort_id IS NULL",
            "ix_grants_held",
            "person_id",
            "role",
            unique=True,
        ),
        index_where(
            "revoked_at IS NULL AND cohort_id IS NOT NULL",
            "ix_grants_held_in_cohort",
            "person_id",
            "role",
            "cohort_id",
            unique=True,
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: str = Field(description="Slack user id; need not have joined")
    role: str
    cohort_id: UUID | None = Field(
        default=None, foreign_key="cohorts.id", ondelete="CASCADE", index=True
    )
    granted_by: str | None = Field(default=None, description="Slack user id; None for Hearth")
    granted_at: datetime
    revoked_by: str | None = None
    revoked_at: datetime | None = None


grants: Table = SQLModel.metadata.tables["grants"]


@dataclass(frozen=True, slots=True)
class GrantRow:
    """One grant."""

    id: UUID
    person_id: str
    role: str
    cohort_id: UUID | None
    granted_by: str | None
    granted_at: datetime
    revoked_by: str | None
    revoked_at: datetime | None


_COLUMNS = (
    grants.c.id,
    grants.c.person_id,
    grants.c.role,
    grants.c.cohort_id,
    grants.c.granted_by,
    grants.c.granted_at,
    grants.c.revoked_by,
    grants.c.revoked_at,
)
_HELD = Compiled(
    select(grants.c.role, grants.c.cohort_id).where(
        grants.c.person_id == bindparam("person"), grants.c.revoked_at.is_(None)
    )
)


def held(connection: Connection, person: str) -> Sequence[tuple[str, UUID | None]]:
    """Return the roles that the person holds now, each with its cohort, if it is for one."""
    rows = _HELD.run(connection, {"person": person}).fetchall()
    # What was compiled comes as the driver has it: in SQLite, an id is a text.
    return [(row[0], None if row[1] is None else UUID(str(row[1]))) for row in rows]


def hold_still(connection: Connection) -> None:
    """Let nobody else change a grant until this transaction ends: who leads decides who may.

    An SQLite file has one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE grants IN SHARE ROW EXCLUSIVE MODE"))


def add(
    connection: Connection,
    person: str,
    role: str,
    *,
    cohort: UUID | None,
    by: str | None,
    now: datetime,
) -> UUID | None:
    """Give a role; None, and nothing changed, if the person holds it already."""
    if any(each == (role, cohort) for each in held(connection, person)):
        return None
    grant = uuid4()
    connection.execute(
        grants.insert().values(
            id=grant,
            person_id=person,
            role=role,
            cohort_id=cohort,
            granted_by=by,
            granted_at=now,
        )
    )
    return grant


def revoke(connection: Connection, grant: UUID, *, by: str | None, now: datetime) -> bool:
    """End a grant; False if it had ended before."""
    done = connection.execute(
        update(grants)
        .where(grants.c.id == grant, grants.c.revoked_at.is_(None))
        .values(revoked_by=by, revoked_at=now)
    )
    return done.rowcount > 0


def revoke_in(
    connection: Connection, cohort: UUID, *, person: str | None, by: str | None, now: datetime
) -> None:
    """End the grants for a cohort, of one person or of everybody."""
    which = [grants.c.cohort_id == cohort, grants.c.revoked_at.is_(None)]
    if person is not None:
        which.append(grants.c.person_id == person)
    connection.execute(update(grants).where(*which).values(revoked_by=by, revoked_at=now))


def find(connection: Connection, grant: UUID) -> GrantRow | None:
    """Return a grant, ended or not, or None."""
    row = connection.execute(select(*_COLUMNS).where(grants.c.id == grant)).fetchone()
    return None if row is None else GrantRow(*row)


def holders(
    connection: Connection, role: str | None = None, *, cohort: UUID | None = None
) -> Sequence[GrantRow]:
    """Return the grants that hold now, the oldest first; of one role or one cohort only."""
    query = select(*_COLUMNS).where(grants.c.revoked_at.is_(None))
    if role is not None:
        query = query.where(grants.c.role == role)
    if cohort is not None:
        query = query.where(grants.c.cohort_id == cohort)
    rows = connection.execute(query.order_by(grants.c.granted_at, grants.c.id))
    return [GrantRow(*row) for row in rows]


def end_all(connection: Connection, person: str, *, by: str | None, now: datetime) -> bool:
    """End every grant of the person; False if there was none."""
    done = connection.execute(
        update(grants)
        .where(grants.c.person_id == person, grants.c.revoked_at.is_(None))
        .values(revoked_by=by, revoked_at=now)
    )
    return done.rowcount > 0


def about(connection: Connection, person: str) -> Sequence[GrantRow]:
    """Return every grant of the person, ended or not, the latest first."""
    query = select(*_COLUMNS).where(grants.c.person_id == person)
    rows = connection.execute(query.order_by(grants.c.granted_at.desc(), grants.c.id))
    return [GrantRow(*row) for row in rows]


def remove_ended(connection: Connection, before: datetime) -> int:
    """Delete the grants that ended before an instant; return how many there were."""
    return connection.execute(delete(grants).where(grants.c.revoked_at < before)).rowcount
