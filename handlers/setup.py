"""Setting the programme up, step by step, and how it stands."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.domain.programme import Item
from bot.errors import InvalidAnswer, NotAllowed
from bot.services import Services
from bot.views import home as home_view
from bot.views import setup as view
from bot.views import setup_forms as forms
from bot.views.blocks import View
from handlers.homes import Homes
from handlers.modals import beside_the_fields, open_modal, update_modal


def register(app: App) -> None:
    """Listen for the form and the buttons; the commands come through /hearth."""
    for turn_to in (view.OPEN, forms.BACK, forms.SKIP, forms.LIST):
        app.action(turn_to)(turn)
    app.action(view.GO_LIVE)(go_live)
    app.view(forms.SAVE)(save)


def answer(
    _text: str, ack: Ack, body: dict[str, Any], client: WebClient, services: Services
) -> None:
    """Show the list to those who set up; tell others who does."""
    try:
        found = services.programme.opened(body["user_id"])
    except NotAllowed:
        ack(text=view.not_yours(services.roles.leads()))
        return
    open_modal(client, body, view.checklist(found))
    ack()


def status(
    _text: str, ack: Ack, body: dict[str, Any], _client: WebClient, services: Services
) -> None:
    """Say how the programme stands."""
    ack(text=view.status(services.programme.status(body["user_id"])))


def turn(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Go to another step, or to the list."""
    item = forms.read_turn(body["actions"][0].get("value"))
    shown = _shown(services, body["user"]["id"], item)
    update_modal(client, body, home_view.after(body["view"], shown))
    ack()


def save(
    ack: Ack, body: dict[str, Any], client: WebClient, services: Services, homes: Homes
) -> None:
    """Keep one step, then show the next; what somebody else has changed meanwhile is shown."""
    person, form = body["user"]["id"], body["view"]
    item, revision, given = forms.read(form)
    try:
        kept = services.programme.save(person, item, revision, given)
    except InvalidAnswer as error:
        beside_the_fields(ack, form, error, forms.problems(error, form))
        return
    if kept:
        shown = _shown(services, person, forms.following(item))
    else:
        shown = forms.page(services.programme.step(person, item), given, overtaken=True)
    ack(response_action="update", view=homes.follow(body, shown, client, services))


def go_live(
    ack: Ack, body: dict[str, Any], client: WebClient, services: Services, homes: Homes
) -> None:
    """Go live if nothing is missing, and show the list either way."""
    found = services.programme.go_live(body["user"]["id"])
    shown = view.checklist(found, view.live_words(found))
    update_modal(client, body, home_view.after(body["view"], shown))
    homes.renew(body, client, services)
    ack()


def _shown(services: Services, person: str, item: Item | None) -> View:
    if item is None:
        return view.checklist(services.programme.opened(person))
    return forms.page(services.programme.step(person, item))
