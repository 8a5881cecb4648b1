"""Serves the page: plain files, and no others."""

from __future__ import annotations

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


async def serve_page(request: web.Request) -> web.Response:
    """Answer `/` with index.html and `/page/<file>` with that file."""
    try:
        path = (PAGE / request.match_info.get("name", "index.html")).resolve()
    except ValueError:  # a name that no file can have
        return _missing()
    kind = _KINDS.get(path.suffix)
    if kind is None or not path.is_relative_to(PAGE.resolve()) or not path.is_file():
        return _missing()
    return web.Response(
        body=path.read_bytes(),
        content_type=kind,
        charset="utf-8" if kind.startswith(("text/", "application/")) else None,
        headers={
            "Cache-Control": "no-store",
            "Content-Security-Policy": _POLICY,
            "X-Content-Type-Options": "nosniff",
        },
    )


def _missing() -> web.Response:
    return web.Response(status=404, text="There is no such page.")
