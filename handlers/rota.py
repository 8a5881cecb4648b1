"""The rota: being on it, and answering whether one can hold a ritual."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.domain.rota import Answer, Place
from bot.errors import CohortRefused, ConsentNeeded
from bot.services import Services
from bot.views import cohorts as cohorts_view
from bot.views import errors as errors_view
from bot.views import rota as view
from handlers.modals import update_message, update_modal


def register(app: App) -> None:
    """Listen for the buttons; the command comes through /cohort."""
    app.action(view.YES)(can)
    app.action(view.PASS)(pass_on)
    app.action(view.JOIN)(opt_in)
    app.action(view.LEAVE)(opt_out)


def can(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Take it that the person can hold it."""
    _answer(Answer.YES, ack, body, client, services)


def pass_on(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Pass it on to the next in line."""
    _answer(Answer.PASS, ack, body, client, services)


def opt_in(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Put the person on the rota of the cohort that the button names."""
    _change(services.rota.opt_in, view.JOINED, ack, body, client)


def opt_out(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Take the person off the rota of the cohort that the button names."""
    _change(services.rota.opt_out, view.LEFT, ack, body, client)


def _answer(
    wish: Answer, ack: Ack, body: dict[str, Any], client: WebClient, services: Services
) -> None:
    """Take the answer, then let the question say what holds now."""
    person = body["user"]["id"]
    letter = view.answered(services.rota.answer(person, _named(body), wish), person)
    update_message(client, body, letter.text, list(letter.blocks))
    ack()


def _change(
    change: Callable[[str, str], Place],
    remark: str,
    ack: Ack,
    body: dict[str, Any],
    client: WebClient,
) -> None:
    try:
        shown = view.place(change(body["user"]["id"], _named(body)), remark)
    except CohortRefused as error:
        shown = cohorts_view.no_place(error.reason)
    except ConsentNeeded as error:
        shown = errors_view.sorry(error, "")
    update_modal(client, body, shown)
    ack()


def _named(body: dict[str, Any]) -> str:
    return str(body["actions"][0].get("value") or "")
