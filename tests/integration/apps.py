"""Apps of Bolt's with what a test wants in them, to be put behind a door."""

from __future__ import annotations

from slack_bolt import App
from slack_sdk import WebClient

from bot.ports import Unmetered
from handlers import errors, events
from sandbox import Sandbox


def empty(workspace: Sandbox) -> App:
    """Return an app with nothing in it, made as Hearth makes its own."""
    client = WebClient(token=workspace.bot_token, base_url=workspace.api_url)
    return App(
        name="empty",
        client=client,
        process_before_response=True,
        request_verification_enabled=False,
    )


def failing_at(workspace: Sandbox, event: str) -> App:
    """Return an app that fails at one kind of event and, like Hearth, cares for no other."""

    def fail() -> None:
        raise ZeroDivisionError("lantern")

    app = empty(workspace)
    app.event(event)(fail)
    events.register(app)
    errors.register(app, Unmetered())
    return app
