"""What SQLAlchemy compiled for one database of a kind, used for all of them.

It keeps compiled statements for each engine, and a process has two engines in its life; here there
are thousands, each of which would compile the same few hundred statements anew.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Compiled, Connection, Engine, event


class _ByKind(dict[Any, Compiled]):
    """Compiled statements by their dialect's kind: each engine has an instance of its own."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_kind(key), default)

    def __setitem__(self, key: Any, compiled: Compiled) -> None:
        super().__setitem__(_kind(key), compiled)


def _kind(key: Any) -> Any:
    dialect, *statement = key
    return type(dialect), dialect.paramstyle, *statement


_compiled = _ByKind()


def keep_for_all_engines() -> None:
    """Use them from now on in every connection of this process."""
    event.listen(Engine, "engine_connect", _use)


def _use(connection: Connection) -> None:
    connection.execution_options(compiled_cache=_compiled)
