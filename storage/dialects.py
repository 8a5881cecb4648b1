"""What SQLite and PostgreSQL spell the same way and SQLAlchemy keeps in two places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_once(
    connection: Connection, table: Table, values: Mapping[str, Any], *, key: str
) -> Any:
    """Insert a row unless one with the same `key` is there; return its id, or None."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(table)
        .values(**values)
        .on_conflict_do_nothing(index_elements=[key])
        .returning(table.c.id)
    )
    return connection.execute(statement).scalar()
