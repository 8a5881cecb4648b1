"""oauth.*: a code that somebody's consent has brought becomes a token."""

from __future__ import annotations

from dataclasses import replace

from sandbox import admin
from sandbox.credentials import USER_TOKEN
from sandbox.errors import SlackError
from sandbox.oauth import Grant, check_client
from sandbox.slack import Slack
from sandbox.webapi import Call, method
from sandbox.workspace import Json


@method(
    "oauth.v2.access",
    tier=4,
    token="none",  # noqa: S106
    optional=(
        *("client_id", "client_secret", "code", "redirect_uri"),
        *("grant_type", "refresh_token"),
    ),
    errors=(
        *("invalid_client_id", "bad_client_secret", "invalid_grant_type"),
        *("invalid_code", "code_already_used", "bad_redirect_uri", "invalid_refresh_token"),
    ),
)
def access(call: Call) -> Json:
    """Install the app with what was agreed to, and return its token.

    Tokens are not rotated, so that there is no refresh token that would be valid.
    """
    check_client(call.text("client_id"), call.text("client_secret"))
    kind = call.text("grant_type") or "authorization_code"
    if kind == "refresh_token":
        raise SlackError("invalid_refresh_token")
    if kind != "authorization_code":
        raise SlackError("invalid_grant_type")
    slack, asked_at = call.slack, call.text("redirect_uri") or None
    grant = slack.consents.exchange(call.text("code"), asked_at)
    bot = _install(slack, grant) if grant.question.scopes else {}
    return {
        **bot,
        "app_id": slack.app_id,
        "team": {"id": slack.workspace.team_id, "name": slack.workspace.name},
        "enterprise": None,
        "is_enterprise_install": False,
        "authed_user": _user(grant),
    }


def _install(slack: Slack, grant: Grant) -> Json:
    """Bring the app into the workspace; what it was granted before and still has, it keeps."""
    held = slack.app.scopes if slack.installed else ()
    scopes = tuple(dict.fromkeys((*held, *grant.question.scopes)))
    slack.app = replace(slack.app, scopes=scopes)
    admin.install(slack)
    return {
        "access_token": slack.bot_token,
        "token_type": "bot",
        "scope": ",".join(scopes),
        "bot_user_id": slack.workspace.bot.id,
    }


def _user(grant: Grant) -> Json:
    if not grant.question.user_scopes:
        return {"id": grant.user}
    return {
        "id": grant.user,
        "scope": ",".join(grant.question.user_scopes),
        "access_token": USER_TOKEN,
        "token_type": "user",
    }
