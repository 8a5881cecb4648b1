"""What a log must never say."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable

import pytest

NOTE = "a lantern in the fog"
"""What nobody but its writer may ever read; "lantern" is in every private text of these tests."""

_NOT_OURS = ("sandbox", "asyncio", "aiohttp")


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """Return everything that Hearth and its libraries logged in this test, tracebacks too."""
    phases = [*caplog.get_records("setup"), *caplog.get_records("call"), *caplog.records]
    written = logging.Formatter("%(name)s %(message)s").format
    return "\n".join(written(each) for each in phases if not each.name.startswith(_NOT_OURS))


def assert_names_nobody(text: str, secrets: Iterable[str]) -> None:
    """Hold a log against what it must never say: who, what they wrote, and any secret."""
    assert not re.search(r"\bU[A-Z0-9]{6,}", text)
    assert "lantern" not in text.lower()
    assert not any(secret in text for secret in secrets)
