"""What Slack's error codes say, whoever asked."""

from __future__ import annotations

import re

_OWN_TROUBLE = {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}


def is_own_trouble(code: str) -> bool:
    """Whether the reason is Slack itself and not what it was asked.

    "It is possible some aspect of the operation succeeded before the error was raised", says Slack
    of these. What is no code at all comes from something broken on the way.
    """
    return code in _OWN_TROUBLE or not re.fullmatch(r"[a-z_0-9]{1,60}", code)
