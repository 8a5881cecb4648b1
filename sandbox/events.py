"""Events: what the app is told about messages and reactions that it did not cause."""

from __future__ import annotations

import secrets

from sandbox.answers import Outcome
from sandbox.credentials import VERIFICATION_TOKEN
from sandbox.manifest import EVENT_SCOPES
from sandbox.slack import Slack
from sandbox.workspace import Channel, Json, Message

_MESSAGE_EVENTS = {"channel": "message.channels", "private": "message.groups", "im": "message.im"}
_CHANNEL_TYPES = {"channel": "channel", "private": "group", "im": "im"}


async def message_posted(slack: Slack, channel: Channel, message: Message) -> Outcome | None:
    """Tell the app about a person's message; None if it does not hear of it."""
    event: Json = {
        "type": "message",
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "client_msg_id": secrets.token_hex(16),
        "team": slack.workspace.team_id,
        "blocks": message.blocks or [_rich_text(message.text)],
        "channel": channel.id,
        "event_ts": message.ts,
        "channel_type": _CHANNEL_TYPES[channel.kind],
    }
    if message.thread_ts:
        parent = channel.messages.get(message.thread_ts)
        event["thread_ts"] = message.thread_ts
        event["parent_user_id"] = parent.user if parent else None
    return await _deliver(slack, channel, _MESSAGE_EVENTS[channel.kind], event)


async def reaction_changed(
    slack: Slack, channel: Channel, message: Message, *, user: str, name: str, added: bool
) -> Outcome | None:
    """Tell the app about a reaction; None if it does not hear of it."""
    kind = "reaction_added" if added else "reaction_removed"
    event = {
        "type": kind,
        "user": user,
        "reaction": name,
        "item_user": message.user,
        "item": {"type": "message", "channel": channel.id, "ts": message.ts},
        "event_ts": slack.workspace.new_ts(),
    }
    return await _deliver(slack, channel, kind, event)


async def _deliver(
    slack: Slack, channel: Channel, subscription: str, event: Json
) -> Outcome | None:
    if subscription not in EVENT_SCOPES:
        raise LookupError(f"{subscription} has no line in EVENT_SCOPES.")
    if not slack.app.hears(subscription) or not slack.workspace.bot_is_in(channel):
        return None
    return await slack.delivery.tell(_callback(slack, event))


def _callback(slack: Slack, event: Json) -> Json:
    """Return the payload around an event; its event_id stays the same if it is sent again."""
    workspace = slack.workspace
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.team_id,
        "context_team_id": workspace.team_id,
        "context_enterprise_id": None,
        "api_app_id": slack.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": workspace.new_id("Ev"),
        "event_time": int(slack.clock.now().timestamp()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.team_id,
                "user_id": workspace.bot.id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{secrets.token_hex(16)}",
    }


def _rich_text(text: str) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "block_id": secrets.token_urlsafe(4), "elements": [section]}
