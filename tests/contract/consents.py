"""What a person's browser does while they let an app in."""

from __future__ import annotations

import re
from http.client import HTTPMessage, HTTPResponse
from typing import IO
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from tests.contract.rig import EVERY_EVENT, Json, Rig

BACK = "http://127.0.0.1:9/back"
"""Where nobody is; the tests read only what stands in the address."""

ENDS = [*EVERY_EVENT, "app_uninstalled", "tokens_revoked"]
"""What an app subscribes to that wants to know of its own end."""


class _Stay(HTTPRedirectHandler):
    """Follows no redirect, so that a test sees where it leads."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


def browse(url: str, form: Json | None = None, **headers: str) -> tuple[int, str, str, str]:
    """Return the status, the body, the Location and the cookie of a page."""
    data = urlencode(form).encode() if form is not None else None
    try:
        response: HTTPResponse | HTTPError = build_opener(_Stay).open(
            Request(url, data=data, headers=headers)
        )
    except HTTPError as other:
        response = other
    with response:
        location, cookie = (response.headers.get(each, "") for each in ("Location", "Set-Cookie"))
        return int(response.status or 0), response.read().decode(), location, cookie


def link(rig: Rig, **asked: str | None) -> str:
    """Return the address at which a person is asked, with what the test says instead."""
    usual: dict[str, str | None] = {
        "client_id": rig.box.client_id,
        "scope": "chat:write,commands",
        "redirect_uri": BACK,
        "state": "s&1",
    }
    query = {name: value for name, value in {**usual, **asked}.items() if value is not None}
    return f"{rig.box.authorize_url}?{urlencode(query)}"


def says(rig: Rig, page: str, do: str = "allow", who: str = "maya") -> tuple[int, str]:
    """Answer the question on a page; return the status and where it leads."""
    found = re.search(r'name="request" value="([^"]+)"', page)
    key = found[1] if found else "none"
    status, _, location, _ = browse(rig.box.authorize_url, {"request": key, "as": who, "do": do})
    return status, location


def told(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))
