"""How a call is refused, and where Slack says so."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.contract.rig import Json

METHODS_PAGE = "docs.slack.dev/reference/methods/"


def refusal(call: Any, *arguments: Any, **named: Any) -> Json:
    """Return the body with which a call is refused."""
    with pytest.raises(SlackApiError) as caught:
        call(*arguments, **named)
    body: Json = caught.value.response.data
    return body


def refused(call: Any, *arguments: Any, **named: Any) -> str:
    """Return the code with which a call is refused."""
    return str(refusal(call, *arguments, **named)["error"])


def page_of(method: str) -> str:
    """Return where Slack describes a method."""
    return METHODS_PAGE + method
