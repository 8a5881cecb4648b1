"""People as the app is told of them: their role, their company, their zone."""

from __future__ import annotations

from sandbox.slack import Slack
from sandbox.workspace import Json, User


def describe(slack: Slack, user: User, *, locale: bool = False) -> Json:
    """Return an account as users.info shows it and user_change brings it."""
    described: Json = {
        "id": user.id,
        "team_id": slack.workspace.team_of(user),
        "name": user.name,
        "deleted": user.deleted,
        "profile": _profile(slack, user),
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": 0,
    }
    if user.is_external:
        described["is_stranger"] = not slack.workspace.knows(user)
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
        "is_admin": user.role in ("owner", "admin"),
        "is_owner": user.role == "owner",
        "is_primary_owner": False,
        "is_restricted": user.is_guest,
        "is_ultra_restricted": user.role == "single_channel_guest",
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
        "team": slack.workspace.team_of(user),
    }
    if user.is_bot:
        profile |= {"api_app_id": slack.app_id, "bot_id": user.bot_id}
    return profile
