"""What an app hears of what is done behind its back, and what it is refused afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.contract.rig import Json, Rig

Listen = Callable[..., tuple[Rig, list[Json]]]
EVENTS = [
    "message.channels",
    "message.groups",
    "member_joined_channel",
    "member_left_channel",
    "channel_archive",
    "channel_deleted",
    "channel_unarchive",
    "channel_rename",
    "channel_left",
    "group_archive",
    "group_deleted",
    "group_rename",
    "group_left",
    "channel_shared",
    "channel_unshared",
    "user_change",
    "team_join",
    "app_uninstalled",
    "tokens_revoked",
]


def refused(call: Any, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return str(caught.value.response["error"])


def told(bodies: list[Json]) -> list[str]:
    return [body["event"].get("subtype", body["event"]["type"]) for body in bodies]
