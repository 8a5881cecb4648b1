"""How a transaction begins."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, RootTransaction

from storage.failures import lost


def begin(engine: Engine, kept: Connection | None = None) -> RootTransaction:
    """Begin a transaction, on `kept` if it is given; its connection is `.connection`.

    A connection that waited while the server went away is found out here, where nothing has
    been done yet, and replaced once. Its whole generation in the pool goes with it.

    Raises:
        SQLAlchemyError: the database did not answer; no connection was kept.
    """
    try:
        return _begun(kept or engine.connect())
    except Exception as error:
        if not lost(error):
            raise
    return _begun(engine.connect())


def _begun(connection: Connection) -> RootTransaction:
    try:
        return connection.begin()
    except BaseException:
        connection.close()
        raise
