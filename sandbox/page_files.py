"""Serves the page: plain files, and no others."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

from aiohttp import web

PAGE = Path(__file__).parent / "page"

_KINDS = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
}
# The page shows what an app sends, so no script may come from there.
_POLICY = (
    "default-src 'self'; img-src 'self' data: http: https:; style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)
_VERSION = re.compile(r"^[0-9a-f]{16}/")
_FOREVER = "private, max-age=31536000, immutable"


async def serve_index(_request: web.Request) -> web.Response:
    """Answer with the page, whose files have their version in their address.

    A browser asks for each of them once only, until somebody changes one.
    """
    page = (PAGE / "index.html").read_text(encoding="utf-8")
    page = page.replace('"/page/', f'"/page/{_version()}/')
    return _answer(page.encode(), "text/html", "no-store")


async def serve_file(request: web.Request) -> web.Response:
    """Answer `/page/<file>` and `/page/<version>/<file>` with that file."""
    name: str = request.match_info["name"]
    plain = _VERSION.sub("", name)
    try:
        path = (PAGE / plain).resolve()
        is_there = path.is_relative_to(PAGE.resolve()) and path.is_file()
    except (ValueError, OSError):  # a name that no file can have
        return _missing()
    kind = _KINDS.get(path.suffix)
    if kind is None or not is_there:
        return _missing()
    return _answer(path.read_bytes(), kind, "no-store" if plain == name else _FOREVER)


def _version() -> str:
    """Return what is another once any file was changed."""
    files = [(str(each), each.stat().st_mtime_ns) for each in sorted(PAGE.rglob("*.*"))]
    return sha256(repr(files).encode()).hexdigest()[:16]


def _answer(content: bytes, kind: str, keep: str) -> web.Response:
    return web.Response(
        body=content,
        content_type=kind,
        charset="utf-8" if kind.startswith(("text/", "application/")) else None,
        headers={
            "Cache-Control": keep,
            "Content-Security-Policy": _POLICY,
            "X-Content-Type-Options": "nosniff",
        },
    )


def _missing() -> web.Response:
    return web.Response(status=404, text="There is no such page.")
