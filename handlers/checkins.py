"""What people do with check-ins."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.domain import checkin_command
from bot.domain.checkin_command import Quick, Verb
from bot.errors import InvalidAnswer
from bot.services import Services
from bot.views import checkin_form
from bot.views import checkins as view
from bot.views import home as home_view
from bot.views import rituals as rituals_view
from bot.views import weekly as weekly_view
from bot.views.blocks import View
from handlers import exports, people, weekly
from handlers.homes import Homes
from handlers.modals import beside_the_fields, open_modal, update_modal

SHORTCUT = "checkin"


def register(app: App) -> None:
    """Listen for the form, the command, the shortcut, and the buttons of history and rituals."""
    app.view(checkin_form.CHECKIN)(submit)
    app.command("/checkin")(command)
    app.shortcut(SHORTCUT)(shortcut)
    app.action(rituals_view.CHECK_IN)(shortcut)
    app.action(weekly_view.CHECK_IN)(shortcut)
    app.action(view.EARLIER)(earlier)
    app.action(view.REMOVE)(remove)


def submit(
    ack: Ack, body: dict[str, Any], client: WebClient, services: Services, homes: Homes
) -> None:
    """File the check-in, then show the receipt: "saved" is only said once it is true."""
    form = body["view"]
    try:
        day, answer, choice = checkin_form.read(form)
        receipt = services.checkins.file(body["user"]["id"], day, answer, choice)
    except InvalidAnswer as error:
        beside_the_fields(ack, form, error, checkin_form.problems(error, form))
        return
    shown = homes.follow(body, view.receipt(receipt), client, services)
    ack(response_action="update", view=shown)


def command(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Do what the words after /checkin ask for."""
    answer(body.get("text") or "", ack, body, client, services)


def answer(
    text: str, ack: Ack, body: dict[str, Any], client: WebClient, services: Services
) -> None:
    """Do what `text` asks for, whichever command it came with."""
    asked = checkin_command.read(text)
    if asked.verb is Verb.HELP:
        ack(text=view.help_text())
    elif asked.verb is Verb.HISTORY:
        show_history(ack, body, client, services)
    elif asked.verb is Verb.DAY:
        people.day_start(asked.rest, ack, body, client, services)
    elif asked.verb is Verb.PAUSE:
        people.pause(asked.rest, ack, body, client, services)
    elif asked.verb is Verb.WEEKLY:
        weekly.ask(ack, body, client, services)
    elif asked.verb is Verb.CHOICES:
        people.show_choices(ack, body, client, services)
    elif asked.verb is Verb.EXPORT:
        exports.ask(ack, body, client, services)
    elif asked.verb is Verb.FORGET:
        people.ask_to_forget(ack, body, client)
    else:
        file(asked.quick, ack, body, client, services)


def shortcut(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Open the form from the shortcuts menu, a ritual's post, or the weekly question."""
    open_form(Quick(), body["user"]["id"], ack, body, client, services)


def file(
    quick: Quick, ack: Ack, body: dict[str, Any], client: WebClient, services: Services
) -> None:
    """File a complete check-in from the keyboard; for any other, open the form."""
    person, complete = body["user_id"], quick.answer()
    if complete is None or services.people.find(person) is None:
        open_form(quick, person, ack, body, client, services)
        return
    receipt = services.checkins.file_today(person, complete)
    ack(text=view.receipt_text(receipt), blocks=view.receipt_blocks(receipt))


def open_form(
    quick: Quick,
    person: str,
    ack: Ack,
    body: dict[str, Any],
    client: WebClient,
    services: Services,
) -> None:
    """Open the form; for somebody who has not agreed yet, the first screen instead."""
    open_modal(client, body, first_view(quick, person, services))
    ack()


def first_view(quick: Quick, person: str, services: Services) -> View:
    """Return the form; for somebody who has not agreed yet, the first screen instead."""
    opening = services.checkins.open(person)
    if opening is None:
        return people.first_screen(quick, person, services)
    return checkin_form.form(opening, quick)


def show_history(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Show the person's own check-ins."""
    open_modal(client, body, view.history(services.checkins.history(body["user_id"])))
    ack()


def earlier(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Turn to the page before."""
    before = view.read_earlier(body["actions"][0]["value"])
    page = services.checkins.history(body["user"]["id"], before=before)
    update_modal(client, body, home_view.after(body["view"], view.history(page)))
    ack()


def remove(
    ack: Ack, body: dict[str, Any], client: WebClient, services: Services, homes: Homes
) -> None:
    """Delete one check-in, then show the page it stood on."""
    person = body["user"]["id"]
    day, before = view.read_remove(body["actions"][0]["value"])
    services.checkins.remove(person, day)
    shown = view.history(services.checkins.history(person, before=before))
    update_modal(client, body, home_view.after(body["view"], shown))
    homes.renew(body, client, services)
    ack()
