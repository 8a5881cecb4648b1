"""Help for everybody, and what leads say about the lines."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.errors import InvalidAnswer, SlackUnavailable
from bot.services import Services
from bot.services.support import Board
from bot.views import lines as lines_view
from bot.views import support as view
from bot.views.blocks import View
from handlers.modals import open_modal, push_modal, update_modal

SHORTCUT = "support"


def register(app: App) -> None:
    """Listen for the command, the shortcut, the button of other views, and the leads' list."""
    app.command("/support")(command)
    app.shortcut(SHORTCUT)(show)
    app.action(view.OPEN)(show)
    app.action(view.COUNTRY)(another_country)
    app.action(lines_view.OPEN)(open_lines)
    app.action(lines_view.COUNTRY)(lines_of_another_country)
    app.action(lines_view.HOLDS)(holds)
    app.action(lines_view.FAILS)(fails)


def command(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Show help; it is all that /support does."""
    answer(body.get("text") or "", ack, body, client, services)


def answer(
    text: str, ack: Ack, body: dict[str, Any], client: WebClient, services: Services
) -> None:
    """Show help in a modal; as words when none opens, or with them what the command is."""
    shown = services.support.for_person(body["user_id"])
    if text.strip().lower() == "help":
        ack(text=f"{view.ABOUT}\n\n{view.help_text(shown)}")
        return
    try:
        open_modal(client, body, view.help_now(shown))
    except SlackUnavailable:
        ack(text=view.help_text(shown))
    else:
        ack()


def show(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Show help from the shortcut or the button; over a modal, which stays as it is below."""
    shown = services.support.for_person(body["user"]["id"])
    over = (body.get("view") or {}).get("type") == "modal"
    (push_modal if over else open_modal)(client, body, view.help_now(shown))
    ack()


def another_country(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Show help for the country that was chosen; from the Home tab, in a modal of its own."""
    shown = services.support.for_country(view.read_country(body))
    at_home = (body.get("view") or {}).get("type") == "home"
    (open_modal if at_home else update_modal)(client, body, view.help_now(shown))
    ack()


def lines(
    _text: str, ack: Ack, body: dict[str, Any], client: WebClient, services: Services
) -> None:
    """Show the leads' list."""
    open_modal(client, body, _board(services.support.board(body["user_id"])))
    ack()


def open_lines(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Show the leads' list from the reminder's button."""
    country = str(body["actions"][0].get("value"))
    open_modal(client, body, _board(services.support.board(body["user"]["id"], country)))
    ack()


def lines_of_another_country(
    ack: Ack, body: dict[str, Any], client: WebClient, services: Services
) -> None:
    """Turn the leads' list to another country."""
    board = services.support.board(body["user"]["id"], view.read_country(body))
    update_modal(client, body, _board(board))
    ack()


def holds(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Keep that a line holds."""
    _mark(ack, body, client, services, holds=True)


def fails(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Keep that a line does not hold."""
    _mark(ack, body, client, services, holds=False)


def _mark(
    ack: Ack, body: dict[str, Any], client: WebClient, services: Services, *, holds: bool
) -> None:
    person = body["user"]["id"]
    country, key, fingerprint = lines_view.read_mark(str(body["actions"][0].get("value")))
    changed = False
    try:
        services.support.mark(person, country, key, holds=holds, fingerprint=fingerprint)
    except InvalidAnswer:
        changed = True
    board = services.support.board(person, country)
    update_modal(client, body, _board(board, changed=changed))
    ack()


def _board(board: Board, *, changed: bool = False) -> View:
    return lines_view.board(
        board.country, board.standings, board.tasks, board.countries, changed=changed
    )
