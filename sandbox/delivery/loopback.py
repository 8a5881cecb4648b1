"""What is on this machine, by the name in an address."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


@lru_cache(maxsize=64)
def is_here(address: str) -> bool:
    """Whether the host of an address (with "//" before it) is this machine."""
    try:
        return urlsplit(address).hostname in _NAMES
    except ValueError:
        return False
