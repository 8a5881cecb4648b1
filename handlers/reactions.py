"""Reactions that Slack tells of, and the buttons of what follows them."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.domain.reactions import read_reaction
from bot.errors import ConsentNeeded
from bot.services import Services
from bot.views import errors as errors_view
from bot.views import reactions as view
from handlers.modals import open_modal, update_message


def register(app: App) -> None:
    """Listen for reactions that come and go, and for the buttons of an offer."""
    app.event("reaction_added")(added)
    app.event("reaction_removed")(removed)
    for each in view.CHOICES:
        app.action(each)(choose)


def added(event: dict[str, Any], context: BoltContext, services: Services) -> None:
    """Take in that somebody reacted."""
    _heard(event, context, services, is_added=True)


def removed(event: dict[str, Any], context: BoltContext, services: Services) -> None:
    """Take in that somebody took a reaction away."""
    _heard(event, context, services, is_added=False)


def choose(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Do what was chosen about a message, and let the offer say so."""
    which, choice = view.read_choice(body)
    try:
        chosen = services.support_offers.choose(body["user"]["id"], which, choice)
    except ConsentNeeded as error:
        open_modal(client, body, errors_view.sorry(error, ""))
    else:
        update_message(client, body, *view.chosen(chosen))
    ack()


def _heard(
    event: dict[str, Any], context: BoltContext, services: Services, *, is_added: bool
) -> None:
    reaction = read_reaction(event, added=is_added)
    if reaction is not None:
        services.reactions.heard(reaction, own=context.bot_user_id or "")
