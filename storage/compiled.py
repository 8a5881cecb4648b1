"""Statements of the busiest path, compiled once.

SQLAlchemy spends about ten times longer on preparing each execution than SQLite on doing it. For
the few statements that every check-in runs, that work is done once for a dialect: the statement
is compiled, and each value goes through its column's own conversion straight to the driver.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ClauseElement, Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler


class Compiled:
    """One Core statement, run on the driver's cursor.

    What it returns is not converted, so it should select texts and numbers only. Where databases
    differ, a function gives the statement for a dialect.
    """

    def __init__(self, statement: ClauseElement | Callable[[Dialect], ClauseElement]) -> None:
        self._statement = statement
        self._ready: dict[str, tuple[str, list[_Bind]]] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """Execute with `values` by name and return the driver's cursor.

        Raises:
            KeyError: a value is missing.
            DBAPIError: the database refused; without statement and values.
        """
        dialect = connection.dialect
        ready = self._ready.get(dialect.name)
        if ready is None:
            ready = self._ready[dialect.name] = _compile(self._statement, dialect)
        sql, binds = ready
        cursor = connection.connection.cursor()
        bound = [bind.of(values) for bind in binds]
        try:
            cursor.execute(sql, bound)
        except dialect.loaded_dbapi.Error as error:
            raise _refused(dialect, error) from None
        return cursor


@dataclass(frozen=True, slots=True)
class _Bind:
    """One place in the statement: a named value, or a constant that stands in it."""

    name: str
    constant: Any
    named: bool
    convert: Callable[[Any], Any] | None

    def of(self, values: Mapping[str, Any]) -> Any:
        value = values[self.name] if self.named else self.constant
        return value if self.convert is None else self.convert(value)


def _refused(dialect: Dialect, error: Any) -> Any:
    """Return the driver's error as SQLAlchemy would have raised it."""
    base = dialect.loaded_dbapi.Error
    return DBAPIError.instance(None, None, error, base, hide_parameters=True, dialect=dialect)


def _compile(
    statement: ClauseElement | Callable[[Dialect], ClauseElement], dialect: Dialect
) -> tuple[str, list[_Bind]]:
    if not isinstance(statement, ClauseElement):
        statement = statement(dialect)
    compiled = statement.compile(dialect=dialect)
    if not isinstance(compiled, SQLCompiler) or compiled.positiontup is None:
        raise TypeError(f"{dialect.name} does not number its values")
    binds = []
    for name in compiled.positiontup:
        bind = compiled.binds[name]
        convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
        binds.append(_Bind(name, bind.value, bind.required, convert))
    return str(compiled), binds
