"""Storage's failures become errors that have words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.errors import Cause, NotRead, NotSaved
from storage.errors import Busy, CellUnreadable, Full, KeyMissing, StorageError


@contextmanager
def saving() -> Iterator[None]:
    """Around a write.

    Raises:
        NotSaved: storage refused; nothing was stored.
    """
    try:
        yield
    except StorageError as error:
        raise NotSaved(_cause(error)) from error


@contextmanager
def reading() -> Iterator[None]:
    """Around a read.

    Raises:
        NotRead: storage refused.
    """
    try:
        yield
    except StorageError as error:
        raise NotRead(_cause(error)) from error


def _cause(error: StorageError) -> Cause:
    if isinstance(error, Busy):
        return Cause.BUSY
    if isinstance(error, Full):
        return Cause.FULL
    if isinstance(error, CellUnreadable | KeyMissing):
        return Cause.UNREADABLE
    return Cause.UNAVAILABLE
