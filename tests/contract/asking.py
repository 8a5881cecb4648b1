"""Asking the sandbox's server without any library."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import contextmanager

from tests.contract.rig import Rig


@contextmanager
def answered(
    rig: Rig, verb: str, path: str, body: str | bytes | None = None, **headers: str
) -> Iterator[http.client.HTTPResponse]:
    """Ask with a body and headers of one's own."""
    port = int(rig.box.url.rsplit(":", 1)[1])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request(verb, path, body, names)
        yield connection.getresponse()
    finally:
        connection.close()
