"""What Slack tells about accounts and about Hearth's own place in the workspace."""

from __future__ import annotations

from typing import Any

from slack_bolt import App

from bot.delivery.directory import is_guest
from bot.services import Services
from handlers.events import id_in


def register(app: App) -> None:
    """Listen for the three events."""
    app.event("user_change")(user_changed)
    app.event("app_uninstalled")(uninstalled)
    app.event("tokens_revoked")(tokens_revoked)


def user_changed(event: dict[str, Any], services: Services) -> None:
    """Take in that an account was closed, opened again, or is a guest's."""
    person, user = id_in(event, "user"), event.get("user")
    if person and isinstance(user, dict):
        gone = user.get("deleted") is True
        services.accounts.changed(person, gone=gone, guest=is_guest(user))


def uninstalled(services: Services) -> None:
    """Stop speaking: the app was removed from the workspace."""
    services.speaking.stop("app_uninstalled")


def tokens_revoked(event: dict[str, Any], services: Services) -> None:
    """Stop speaking if it is the bot's own token that was revoked."""
    if (event.get("tokens") or {}).get("bot"):
        services.speaking.stop("tokens_revoked")
