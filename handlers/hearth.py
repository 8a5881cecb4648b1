"""/hearth: every command under one name that no other app is likely to take."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.services import Services
from bot.views import hearth as view
from handlers import checkins, cohorts, exports, people, rituals, roles, setup, support


def _choices(
    _text: str, ack: Ack, body: dict[str, Any], client: WebClient, services: Services
) -> None:
    people.show_choices(ack, body, client, services)


def _export(
    _text: str, ack: Ack, body: dict[str, Any], client: WebClient, services: Services
) -> None:
    exports.ask(ack, body, client, services)


def _leave(
    _text: str, ack: Ack, body: dict[str, Any], client: WebClient, _services: Services
) -> None:
    people.ask_to_forget(ack, body, client)


_COMMANDS = {
    "checkin": checkins.answer,
    "choices": _choices,
    "pause": people.pause,
    "export": _export,
    "leave": _leave,
    "cohort": cohorts.answer,
    "ritual": rituals.answer,
    "roles": roles.answer,
    "setup": setup.answer,
    "status": setup.status,
    "support": support.answer,
    "lines": support.lines,
}


def register(app: App) -> None:
    """Listen for the command."""
    app.command("/hearth")(command)


def command(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Pass the rest on to the command named first; anything else gets the list of them."""
    name, *rest = (body.get("text") or "").split(maxsplit=1) or [""]
    chosen = _COMMANDS.get(name.lower())
    if chosen is None:
        ack(text=view.help_text())
    else:
        chosen("".join(rest), ack, body, client, services)
