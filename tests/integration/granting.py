"""Roles that people have before a test begins, without the form that gives them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection

from app import Hearth
from sandbox import Person
from storage import cohorts, roles


def granted(
    hearth: Hearth, person: Person, role: str = "lead", *, channel: str | None = None
) -> UUID:
    """Let somebody have a role, a facilitator's in the cohort of a channel; return the grant."""
    now = hearth.services.checkins._clock.now()

    def work(connection: Connection) -> UUID:
        found = [row.id for row in cohorts.every(connection) if row.channel_id == channel]
        cohort = found[0] if found else None
        grant = roles.add(connection, person.id, role, cohort=cohort, by=None, now=now)
        assert grant is not None, "has it already"
        return grant

    return hearth.database.write(work)
