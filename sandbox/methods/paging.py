"""Pages of a long list, with Slack's `limit` and `cursor`."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import TypeVar

from sandbox.errors import SlackError
from sandbox.webapi import Call
from sandbox.workspace import Json

PAGE = ("cursor", "limit")
_MOST = 1000
_MARK = "from:"

Item = TypeVar("Item")


def page(call: Call, items: Sequence[Item], *, default: int) -> tuple[list[Item], Json]:
    """Return one page of `items` and its `response_metadata`.

    Raises:
        SlackError: `invalid_cursor`, or `invalid_arguments` for the limit.
    """
    limit = call.number("limit", default=default, most=_MOST)
    start = _start(call.text("cursor"))
    end = start + limit
    return list(items[start:end]), {"next_cursor": _cursor(end) if end < len(items) else ""}


def _cursor(position: int) -> str:
    return urlsafe_b64encode(f"{_MARK}{position}".encode()).decode()


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        text = urlsafe_b64decode(cursor.encode()).decode()
    except ValueError:
        raise SlackError("invalid_cursor") from None
    position = text.removeprefix(_MARK)
    if not text.startswith(_MARK) or not (position.isascii() and position.isdecimal()):
        raise SlackError("invalid_cursor")
    return int(position)
