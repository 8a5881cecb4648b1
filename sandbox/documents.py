"""YAML (and JSON, which is a part of it) as it stands in a manifest or a seed."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(path: Path) -> Any:
    """Return what the file says. Whoever asks must only read it, for others are given the same.

    Raises:
        OSError: it cannot be read.
        UnicodeDecodeError: it is no text.
        yaml.YAMLError: it is no YAML.
    """
    return _parsed(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=16)
def _parsed(text: str) -> Any:
    """Parse a text once: tests start many workspaces, and this took most of the time."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506
