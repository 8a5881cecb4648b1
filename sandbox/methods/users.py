"""users.*: people, their zones and their languages."""

from __future__ import annotations

from sandbox import accounts
from sandbox.errors import SlackError
from sandbox.methods.paging import PAGE, page
from sandbox.webapi import Call, method
from sandbox.workspace import Json


@method(
    "users.info",
    tier=4,
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
    return {"user": accounts.describe(call.slack, user, locale=call.flag("include_locale"))}


@method(
    "users.list",
    tier=2,
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
        "members": [accounts.describe(slack, user, locale=locale) for user in found],
        "cache_ts": int(slack.clock.now().timestamp()),
        "response_metadata": metadata,
    }
