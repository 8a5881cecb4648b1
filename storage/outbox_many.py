"""Putting many rows into the outbox at once: what is due in the same minute."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, String, cast, literal, select, true

from storage.dialects import insert_new, random_id
from storage.outbox import outbox


def add(
    connection: Connection,
    *,
    kind: str,
    places: Select[Any],
    occasion: str,
    priority: int,
    now: datetime,
) -> None:
    """Put many things into the outbox in one statement; a key that is there stays as it is.

    `places` finds the subject of each, and its channel.
    """
    about = places.subquery()
    subject, channel = about.c
    key = literal(f"{kind}:") + cast(subject, String) + literal(f":{occasion}")
    values: dict[str, Any] = {
        "delivery_id": random_id(connection.dialect),
        "kind": literal(kind),
        "subject": subject,
        "dedupe_key": key,
        "channel": channel,
        "priority": literal(priority),
        "due_at": literal(now, outbox.c.due_at.type),
        "state": literal("pending"),
        "attempts": literal(0),
        "created_at": literal(now, outbox.c.created_at.type),
    }
    # The WHERE is for SQLite, which else takes ON CONFLICT for a part of the SELECT.
    rows = select(*values.values()).where(true())
    insert = insert_new(outbox, connection.dialect, unique=["dedupe_key"])
    connection.execute(insert.from_select([*values], rows, include_defaults=False))
