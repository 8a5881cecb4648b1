"""users.*: people, their zones and their languages."""

from __future__ import annotations

from sandbox.errors import SlackError
from sandbox.methods.paging import PAGE, page
from sandbox.slack import Slack
from sandbox.webapi import Call, method
from sandbox.workspace import Json, User


@method(
    "users.info",
    scopes=("users:read",),
    required=("user",),
    optional=("include_locale",),
    errors=("user_not_found",),
)
def info(call: Call) -> Json:
    """Describe one user; the locale only if asked for."""
    user = call.slack.workspace.users.get(call.text("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": _describe(call.slack, user, locale=call.flag("include_locale"))}


@method(
    "users.list",
    scopes=("users:read",),
    optional=(*PAGE, "include_locale"),
    errors=("invalid_cursor",),
)
def list_users(call: Call) -> Json:
    """List everybody, the bot too."""
    slack = call.slack
    found, metadata = page(call, list(slack.workspace.users.values()), default=1000)
    locale = call.flag("include_locale")
    return {
        "members": [_describe(slack, user, locale=locale) for user in found],
        "cache_ts": int(slack.clock.now().timestamp()),
        "response_metadata": metadata,
    }


def _describe(slack: Slack, user: User, *, locale: bool) -> Json:
    described: Json = {
        "id": user.id,
        "team_id": slack.workspace.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "profile": _profile(slack, user),
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": 0,
    }
    if not user.deleted:
        described |= _present(slack, user)
    if locale and not user.deleted:
        described["locale"] = user.locale
    return described


def _present(slack: Slack, user: User) -> Json:
    """Return what Slack no longer tells of somebody whose account is deactivated."""
    now = slack.clock.now()
    return {
        "color": "4bbe2e",
        "real_name": user.real_name,
        "tz": user.zone.name,
        "tz_label": user.zone.label(now),
        "tz_offset": user.zone.offset(now),
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_email_confirmed": not user.is_bot,
        "who_can_share_contact_card": "EVERYONE",
    }


def _profile(slack: Slack, user: User) -> Json:
    """Return a profile without an e-mail address, for which an app needs a scope of its own."""
    first, _, last = user.real_name.partition(" ")
    profile: Json = {
        "title": user.title,
        "phone": "",
        "skype": "",
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "first_name": first,
        "last_name": last,
        "status_text": "",
        "status_emoji": "",
        "status_expiration": 0,
        "avatar_hash": "",
        "fields": None,
        "team": slack.workspace.team_id,
    }
    if user.is_bot:
        profile |= {"api_app_id": slack.app_id, "bot_id": user.bot_id}
    return profile
