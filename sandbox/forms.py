"""Forms that come over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

# The parser has an error for each way to be wrong: boundary, charset, encoding, compression.
_WRONG = (ValueError, LookupError, RuntimeError, web.RequestPayloadError)


async def read(request: web.Request) -> Mapping[str, Any] | None:
    """Return the fields of a form: texts, bytes, and `web.FileField`; None if it is none."""
    try:
        return await request.post()
    except _WRONG:
        return None
