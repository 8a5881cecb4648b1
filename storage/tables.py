"""Every table of ours, each before those that point to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Table, func, select
from sqlmodel import SQLModel

import storage.budget
import storage.checkins
import storage.cohorts
import storage.exports
import storage.invitations
import storage.keys
import storage.lines
import storage.news
import storage.offers
import storage.outbox
import storage.people
import storage.posts
import storage.programme
import storage.recipients
import storage.responses
import storage.rituals
import storage.roles
import storage.rota
import storage.shares
import storage.weekly  # noqa: F401  # the modules put their tables into the metadata


def tables() -> Sequence[Table]:
    """Return all tables, in an order in which their rows can be written."""
    return SQLModel.metadata.sorted_tables


def count(connection: Connection) -> Mapping[str, int]:
    """Return how many rows each table has."""
    counted = {table.name: select(func.count()).select_from(table) for table in tables()}
    return {name: connection.scalar(query) or 0 for name, query in counted.items()}
