"""The payloads that Slack sends to an app when a person does something."""

from __future__ import annotations

from time import time

from sandbox import posting
from sandbox.credentials import VERIFICATION_TOKEN
from sandbox.manifest import Command, Shortcut
from sandbox.modals import View
from sandbox.slack import Slack
from sandbox.workspace import Channel, Json, Message, User


def slash_command(slack: Slack, user: User, channel: Channel, command: Command, text: str) -> Json:
    """Return the payload of a slash command; its values are all texts, as from a form."""
    workspace = slack.workspace
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.team_id,
        "team_domain": workspace.domain,
        "channel_id": channel.id,
        "channel_name": _channel_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": command.command,
        "text": text,
        "api_app_id": slack.app_id,
        "is_enterprise_install": "false",
        "response_url": _response_url(slack, slack.response_urls.new(user.id, channel.id)),
        "trigger_id": slack.triggers.new(user.id),
    }


def shortcut(slack: Slack, user: User, chosen: Shortcut) -> Json:
    """Return the payload of a global shortcut; it has no channel and no response URL."""
    return {
        "type": "shortcut",
        **_common(slack, user),
        "action_ts": action_ts(),
        "callback_id": chosen.callback_id,
        "trigger_id": slack.triggers.new(user.id),
    }


def message_shortcut(
    slack: Slack, user: User, channel: Channel, message: Message, chosen: Shortcut
) -> Json:
    """Return the payload of a shortcut on a message, which it carries whole."""
    key = slack.response_urls.new(user.id, channel.id)
    return {
        "type": "message_action",
        **_common(slack, user),
        "action_ts": action_ts(),
        "callback_id": chosen.callback_id,
        "trigger_id": slack.triggers.new(user.id),
        "response_url": _response_url(slack, key),
        "channel": {"id": channel.id, "name": _channel_name(channel)},
        "message_ts": message.ts,
        "message": posting.as_json(slack, channel, message),
    }


def view_submission(slack: Slack, user: User, view: View) -> Json:
    """Return the payload of a submitted modal."""
    return {
        "type": "view_submission",
        **_common(slack, user),
        "trigger_id": slack.triggers.new(user.id, view.id),
        "view": slack.modals.payload(view),
        "response_urls": [],
    }


def view_closed(slack: Slack, user: User, view: View, *, is_cleared: bool) -> Json:
    """Return the payload of a modal that was closed without submitting it."""
    return {
        "type": "view_closed",
        **_common(slack, user),
        "view": slack.modals.payload(view),
        "is_cleared": is_cleared,
    }


def block_actions_in_view(slack: Slack, user: User, view: View, action: Json) -> Json:
    """Return the payload of a click or a choice in a modal or a Home tab."""
    return {
        "type": "block_actions",
        **_common(slack, user),
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": slack.triggers.new(user.id, view.id),
        "view": slack.modals.payload(view),
        "actions": [action],
    }


def block_actions_in_message(
    slack: Slack, user: User, channel: Channel, message: Message, action: Json, state: Json
) -> Json:
    """Return the payload of a click or a choice in a message.

    An ephemeral message is not stored by Slack, so its payload does not carry it.
    """
    ephemeral = message.only_for is not None
    key = slack.response_urls.new(
        user.id, channel.id, message_ts=message.ts, from_ephemeral=ephemeral
    )
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": ephemeral,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    payload = {
        "type": "block_actions",
        **_common(slack, user),
        "container": container,
        "trigger_id": slack.triggers.new(user.id),
        "channel": {"id": channel.id, "name": _channel_name(channel)},
        "state": {"values": state},
        "response_url": _response_url(slack, key),
        "actions": [action],
    }
    if not ephemeral:
        payload["message"] = posting.as_json(slack, channel, message)
    return payload


def action_ts() -> str:
    """Return the time of an action, by the real clock as its trigger is."""
    return f"{time():.6f}"


def _common(slack: Slack, user: User) -> Json:
    workspace = slack.workspace
    return {
        "user": {
            "id": user.id,
            "username": user.name,
            "name": user.name,
            "team_id": workspace.team_of(user),
        },
        "api_app_id": slack.app_id,
        "token": VERIFICATION_TOKEN,
        "team": {"id": workspace.team_id, "domain": workspace.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _channel_name(channel: Channel) -> str:
    """Return the name that Slack tells an app, which for private places is only their kind."""
    return {"im": "directmessage", "private": "privategroup"}.get(channel.kind, channel.name)


def _response_url(slack: Slack, key: str) -> str:
    return f"{slack.url}/respond/{key}"
