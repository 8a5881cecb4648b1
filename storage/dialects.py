"""Where SQLite and PostgreSQL speak alike, but SQLAlchemy has another word for each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Dialect,
    Index,
    Insert,
    Table,
    Uuid,
    any_,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.sqlite import insert as insert_into_sqlite

_WHERE = "where"


def index_where(condition: str, name: str, *columns: str, unique: bool = False) -> Index:
    """Return an index of only those rows for which `condition` holds.

    To name a dialect is to load it, and that of a server takes megabytes; it is told of the
    condition by `tell_server` once it is there.
    """
    rows = text(condition)
    return Index(name, *columns, unique=unique, sqlite_where=rows, info={_WHERE: rows})


def tell_server(tables: Iterable[Table]) -> None:
    """Let the indexes of these tables be of only those rows on PostgreSQL as well."""
    for table in tables:
        for index in table.indexes:
            if _WHERE in index.info:
                index.dialect_options["postgresql"]["where"] = index.info[_WHERE]


def insert_new(table: Table, dialect: Dialect, *, unique: list[str]) -> Insert:
    """Return an INSERT that does nothing where a row with the same `unique` columns is there.

    Its row count says which it was.
    """
    made: Insert = insert_into(table, dialect).on_conflict_do_nothing(index_elements=unique)
    return made


def insert_into(table: Table, dialect: Dialect) -> Any:
    """Return an INSERT that can be told what to do where the row is there: of the dialect's own."""
    if dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as insert_into_postgresql

        return insert_into_postgresql(table)
    return insert_into_sqlite(table)


def insert_once(
    connection: Connection, table: Table, values: Mapping[str, Any], *, key: str
) -> Any:
    """Insert a row unless one with the same `key` is there; return its id, or None."""
    statement = insert_new(table, connection.dialect, unique=[key]).values(**values)
    return connection.execute(statement.returning(table.c.id)).scalar()


def random_id(dialect: Dialect) -> ColumnElement[Any]:
    """Return what gives every row that a statement writes a random id, as it is kept there."""
    if dialect.name == "postgresql":
        return func.gen_random_uuid()
    return func.lower(func.hex(func.randomblob(16)))


def among(connection: Connection, column: ColumnElement[Any], ids: Collection[UUID]) -> Any:
    """Return that a column holds one of many ids, which travel as one value.

    As a list of values, each of them would be prepared anew for every statement, and that takes
    longer than the statement.
    """
    if connection.dialect.name == "postgresql":
        return column == any_(literal(list(ids), ARRAY(Uuid())))
    listed = '["' + '","'.join(each.hex for each in ids) + '"]' if ids else "[]"
    return column.in_(select(func.json_each(listed).table_valued("value").c.value))
