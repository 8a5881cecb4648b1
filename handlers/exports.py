"""A copy of one's own data."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.services import Services
from bot.views import exports as view
from handlers.modals import open_modal


def register(app: App) -> None:
    """Listen for the form; its command comes through /checkin and /hearth."""
    app.view(view.EXPORT)(send)


def ask(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Ask what to put into the copy."""
    open_modal(client, body, view.form(minutes=services.exports.minutes))
    ack()


def send(ack: Ack, body: dict[str, Any], services: Services) -> None:
    """Have the copy sent, then say so."""
    with_notes = view.read(body["view"])
    services.exports.ask(body["user"]["id"], with_notes=with_notes)
    asked = view.asked(with_notes=with_notes, minutes=services.exports.minutes)
    ack(response_action="update", view=asked)
