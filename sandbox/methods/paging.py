"""Pages of a long list, with Slack's `limit` and `cursor`."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import TypeVar

from sandbox.errors import SlackError
from sandbox.webapi import Call
from sandbox.workspace import Json

PAGE = ("cursor", "limit")
MOST = 1000
_MARK = "from:"
_POSITION = re.compile(r"[0-9]{1,12}")

Item = TypeVar("Item")


def page(
    call: Call,
    items: Sequence[Item],
    *,
    default: int,
    most: int = MOST,
    strict: bool = False,
) -> tuple[list[Item], Json]:
    """Return one page of `items` and its `response_metadata`.

    A page holds `most` at most; where more is asked for, the limit is cut. With `strict`, for the
    methods that have a word of their own for a wrong limit, more than a thousand is one.

    Raises:
        SlackError: `invalid_cursor`; `invalid_arguments` for the limit, `invalid_limit` if strict.
    """
    start = _start(call.text("cursor"))
    try:
        limit = call.number("limit", default=default, most=MOST + 1)
    except SlackError:
        if strict:
            raise SlackError("invalid_limit") from None
        raise
    if strict and limit > MOST:
        raise SlackError("invalid_limit")
    end = start + min(limit, most)
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
    if not text.startswith(_MARK) or not _POSITION.fullmatch(position):
        raise SlackError("invalid_cursor")
    return int(position)
