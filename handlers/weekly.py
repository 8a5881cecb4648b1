"""The weekly question: chosen, answered, paused and stopped."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.domain.checkin_command import Quick
from bot.errors import InvalidAnswer
from bot.services import Services
from bot.views import weekly as view
from handlers import people
from handlers.homes import Homes
from handlers.modals import beside_the_fields, open_modal, person_of


def register(app: App) -> None:
    """Listen for the form and for what stands under the question, but "Check in"."""
    app.view(view.FORM)(save)
    app.action(view.NOT_THIS_WEEK)(not_this_week)
    app.action(view.PAUSE)(pause)
    app.action(view.STOP)(stop)


def ask(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Show what the person has chosen; to somebody who has not agreed, the first screen."""
    person = person_of(body)
    known = services.weekly.setting(person)
    if known is None:
        open_modal(client, body, people.first_screen(Quick(), person, services))
    else:
        open_modal(client, body, view.form(known))
    ack()


def save(
    ack: Ack, body: dict[str, Any], client: WebClient, services: Services, homes: Homes
) -> None:
    """Keep what was chosen, and say what holds now."""
    form = body["view"]
    try:
        chosen = services.weekly.choose(body["user"]["id"], view.read(form))
    except InvalidAnswer as error:
        beside_the_fields(ack, form, error, view.problems(error))
        return
    ack(response_action="update", view=homes.follow(body, view.saved(chosen), client, services))


def not_this_week(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Close this week's question."""
    question = view.read_question(body["actions"][0]["value"])
    now = services.weekly.not_this_week(body["user"]["id"], question)
    open_modal(client, body, view.not_this_week(now))
    ack()


def pause(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Pause everything that Hearth asks, for two weeks."""
    open_modal(client, body, view.paused(services.weekly.pause(body["user"]["id"])))
    ack()


def stop(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Ask the person no more."""
    services.weekly.stop(body["user"]["id"])
    open_modal(client, body, view.stopped())
    ack()
