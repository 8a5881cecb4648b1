"""Events: what the app is told of people and channels, and of its own installation.

What it is told of messages is in message_events.py.
"""

from __future__ import annotations

import secrets
from typing import Any, Literal

from sandbox import accounts, posting
from sandbox.credentials import VERIFICATION_TOKEN
from sandbox.delivery.answers import Outcome
from sandbox.manifest import EVENT_SCOPES
from sandbox.slack import Slack
from sandbox.workspace import Channel, Json, Message, User

_FAMILIES = {"channel": "channel", "private": "group"}
_LAST = ("app_uninstalled", "tokens_revoked")
"""What an app still hears of a workspace that it has been taken out of."""


def payload(
    slack: Slack, event: Json, channel: Channel | None = None, subscription: str | None = None
) -> Json | None:
    """Return the payload of an event, to be delivered once.

    None if the app is not subscribed (to `subscription`, or to the event's type), may not have
    it, or is not here.

    Raises:
        LookupError: there is no such event.
    """
    subscription = subscription or event["type"]
    if subscription not in EVENT_SCOPES:
        raise LookupError(f"{subscription} has no line in EVENT_SCOPES.")
    if not slack.installed and subscription not in _LAST:
        return None
    private = channel is not None and channel.kind == "private"
    if not slack.app.hears(subscription, "groups:read" if private else "channels:read"):
        return None
    event.setdefault("event_ts", slack.workspace.new_ts())
    shared = channel is not None and bool(channel.shared_with)
    return _callback(slack, event, shared=shared)


async def reaction_changed(
    slack: Slack, channel: Channel, message: Message, *, user: str, name: str, added: bool
) -> Outcome | None:
    """Tell the app about a reaction; None if it does not hear of it."""
    kind = "reaction_added" if added else "reaction_removed"
    place = {"channel": channel.id, "channel_type": _FAMILIES.get(channel.kind, channel.kind)}
    event = {
        "type": kind,
        "user": user,
        "reaction": name,
        "item_user": message.user,
        "item": {"type": "message", **place, "ts": message.ts},
        "event_ts": slack.workspace.new_ts(),
    }
    return await _tell_members(slack, channel, event)


async def pin_changed(
    slack: Slack, channel: Channel, message: Message, *, user: str, added: bool
) -> Outcome | None:
    """Tell the app that a message was pinned or its pin taken off."""
    pin = channel.pins.get(message.ts)
    event: Json = {
        "type": "pin_added" if added else "pin_removed",
        "user": user,
        "channel_id": channel.id,
        "item": {
            "type": "message",
            "channel": channel.id,
            "message": posting.as_json(slack, channel, message),
            "created": pin.created if pin else None,
            "created_by": pin.user if pin else None,
        },
        "item_user": message.user,
        "pin_count": len(channel.pins),
        "has_pins": bool(channel.pins),
    }
    return await _tell_members(slack, channel, event)


async def home_opened(slack: Slack, user: User, tab: str) -> Outcome | None:
    """Tell the app that somebody opened its Home; with the view, if one was published."""
    event: Json = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": slack.workspace.dm(slack.workspace.bot.id, user.id).id,
        "tab": tab,
    }
    home = slack.modals.home(user.id)
    if tab == "home" and home is not None:
        event["view"] = slack.modals.payload(home)
    return await _tell(slack, event)


async def account_changed(slack: Slack, user: User) -> Outcome | None:
    """Tell the app that an account was closed, opened again or got another role."""
    return await _tell(slack, {"type": "user_change", **_account(slack, user)})


async def account_added(slack: Slack, user: User) -> Outcome | None:
    """Tell the app that somebody new works here."""
    return await _tell(slack, {"type": "team_join", **_account(slack, user)})


async def member_joined(slack: Slack, channel: Channel, user: User) -> Outcome | None:
    """Tell the app that somebody, perhaps it itself, was brought into a channel of it."""
    return await _member(slack, channel, user, "member_joined_channel", inviter=channel.creator)


async def member_left(slack: Slack, channel: Channel, user: User) -> Outcome | None:
    """Tell the app that somebody left a channel of it; also when it was the app itself."""
    if user.is_bot:
        gone = {
            "type": f"{_FAMILIES[channel.kind]}_left",
            "channel": channel.id,
            "actor_id": channel.creator,
        }
        await _tell(slack, gone, channel)
    return await _member(slack, channel, user, "member_left_channel")


async def channel_changed(
    slack: Slack, channel: Channel, what: Literal["archive", "unarchive", "rename"]
) -> Outcome | None:
    """Tell the app that a channel of it was archived, brought back or renamed."""
    event: Json = {"type": f"{_FAMILIES[channel.kind]}_{what}", "channel": channel.id}
    if what == "rename":
        event["channel"] = {"id": channel.id, "name": channel.name, "created": channel.created}
    else:
        event["user"] = channel.creator
    return await _tell_members(slack, channel, event)


async def channel_deleted(slack: Slack, channel: Channel) -> Outcome | None:
    """Tell the app that a channel is no more: of a private one only if it was in there."""
    event: Json = {"type": f"{_FAMILIES[channel.kind]}_deleted", "channel": channel.id}
    if channel.kind == "private":
        return await _tell_members(slack, channel, event)
    return await _tell(slack, event, channel)


async def sharing_changed(
    slack: Slack, channel: Channel, team: str, *, shared: bool
) -> Outcome | None:
    """Tell the app that another company came into a channel of it, or left."""
    event: Json = {
        "type": "channel_shared" if shared else "channel_unshared",
        "channel": channel.id,
        "connected_team_id" if shared else "previously_connected_team_id": team,
    }
    if not shared:
        event["is_ext_shared"] = bool(channel.shared_with)
    return await _tell_members(slack, channel, event)


async def uninstalled(slack: Slack) -> Outcome | None:
    """Tell the app that it was taken out of the workspace."""
    return await _tell(slack, {"type": "app_uninstalled"})


async def tokens_revoked(slack: Slack) -> Outcome | None:
    """Tell the app that its token counts no more."""
    tokens = {"oauth": [], "bot": [slack.workspace.bot.id]}
    return await _tell(slack, {"type": "tokens_revoked", "tokens": tokens})


def _account(slack: Slack, user: User) -> Json:
    now = int(slack.clock.now().timestamp())
    return {"user": accounts.describe(slack, user), "cache_ts": now}


async def _member(
    slack: Slack, channel: Channel, user: User, kind: str, **more: Any
) -> Outcome | None:
    event = {
        "type": kind,
        "user": user.id,
        "channel": channel.id,
        "channel_type": "C" if channel.kind == "channel" else "G",
        "team": slack.workspace.team_of(user),
        **more,
    }
    if user.is_bot:
        return await _tell(slack, event, channel)
    return await _tell_members(slack, channel, event)


async def _tell_members(slack: Slack, channel: Channel, event: Json) -> Outcome | None:
    return await _tell(slack, event, channel) if slack.workspace.bot_is_in(channel) else None


async def _tell(slack: Slack, event: Json, channel: Channel | None = None) -> Outcome | None:
    """Send an event; None if the app does not hear of it."""
    due = payload(slack, event, channel)
    return None if due is None else await slack.delivery.tell(due)


def _callback(slack: Slack, event: Json, *, shared: bool) -> Json:
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
        "is_ext_shared_channel": shared,
        "event_context": f"4-{secrets.token_hex(16)}",
    }
