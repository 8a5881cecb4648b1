"""What was set about a cohort: columns of its row, with a count of their changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, func, select, update

from storage.cohorts import cohorts
from storage.rota import rota_members


@dataclass(frozen=True, slots=True)
class SettingsRow:
    """What was set about one cohort; None for what nobody has set."""

    guidelines: str | None
    country: str | None
    zone: str | None
    support_reaction: str | None
    """Empty where there is to be none."""
    revision: int


_COLUMNS = [
    cohorts.c[name] for name in ("guidelines", "country", "zone", "support_reaction", "revision")
]


NOTHING_SET: Mapping[str, Any] = dict.fromkeys(
    ("guidelines", "country", "zone", "support_reaction"), None
)
"""What a cohort begins with, also where the channel had one before."""


def find(connection: Connection, cohort: UUID) -> SettingsRow | None:
    """Return what was set about a cohort, or None when there is none."""
    row = connection.execute(select(*_COLUMNS).where(cohorts.c.id == cohort)).first()
    return None if row is None else SettingsRow(*row)


def put(connection: Connection, cohort: UUID, values: Mapping[str, Any]) -> None:
    """Keep values by the names of their columns, as the next revision."""
    revision = cohorts.c.revision + 1
    connection.execute(
        update(cohorts).where(cohorts.c.id == cohort).values(**values, revision=revision)
    )


def on_rota(connection: Connection, cohort: UUID) -> int:
    """Return how many would hold the rituals of a cohort."""
    counted = select(func.count()).where(rota_members.c.cohort_id == cohort)
    return int(connection.execute(counted).scalar_one())


def empty_rota(connection: Connection, cohort: UUID) -> None:
    """Let nobody hold the rituals of a cohort any more."""
    connection.execute(delete(rota_members).where(rota_members.c.cohort_id == cohort))
