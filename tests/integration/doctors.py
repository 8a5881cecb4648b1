"""Help for the tests of the doctor."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from bot.settings import Settings, load
from tests.conftest import NO_FILE, ROOT

MANIFEST = ROOT / "manifest.yml"
Environ = dict[str, str]
Examine = Callable[..., list[str]]


def configured(environ: Environ) -> Settings:
    return load(NO_FILE, environ)


def only(lines: list[str], verdict: str) -> list[str]:
    return [line for line in lines if line.startswith(verdict)]


def manifest_with(folder: Path, *scopes: str, **settings: Any) -> Path:
    """Write our manifest with other scopes and settings."""
    document = yaml.safe_load(MANIFEST.read_text())
    document["oauth_config"]["scopes"]["bot"] = list(scopes)
    document["settings"] |= settings
    written = folder / "manifest.yml"
    written.write_text(yaml.safe_dump(document))
    return written
