"""Who holds which role: looking, giving, taking away."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.errors import InvalidAnswer, NotAllowed
from bot.services import Services
from bot.views import home as home_view
from bot.views import roles as view
from handlers.homes import Homes
from handlers.modals import beside_the_fields, open_modal, update_modal


def register(app: App) -> None:
    """Listen for the form and the buttons; the command comes through /hearth."""
    app.action(view.GIVE)(give)
    app.action(view.END)(end)
    app.action(f"{view.PAGE}_before")(turn)
    app.action(f"{view.PAGE}_after")(turn)
    app.view(view.GRANT)(grant)


def answer(
    _text: str, ack: Ack, body: dict[str, Any], client: WebClient, services: Services
) -> None:
    """Show who holds which role."""
    open_modal(client, body, view.overview(services.roles.overview(body["user_id"])))
    ack()


def turn(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Turn to another page of roles."""
    first = view.read_page(body["actions"][0].get("value"))
    seen = services.roles.overview(body["user"]["id"], first)
    update_modal(client, body, home_view.after(body["view"], view.overview(seen)))
    ack()


def give(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Show the form that gives a role."""
    seen = services.roles.overview(body["user"]["id"])
    if not seen.gives:
        raise NotAllowed
    update_modal(client, body, home_view.after(body["view"], view.give(seen)))
    ack()


def grant(
    ack: Ack, body: dict[str, Any], client: WebClient, services: Services, homes: Homes
) -> None:
    """Give the role, then show who holds which."""
    person = body["user"]["id"]
    try:
        services.roles.grant(person, view.read_grant(body["view"]))
    except InvalidAnswer as error:
        beside_the_fields(ack, body["view"], error, view.problems(error, body["view"]))
        return
    shown = view.overview(services.roles.overview(person), view.GIVEN)
    ack(response_action="update", view=homes.follow(body, shown, client, services))


def end(
    ack: Ack, body: dict[str, Any], client: WebClient, services: Services, homes: Homes
) -> None:
    """End one role, then show who holds which; where it has to stay, say why."""
    person = body["user"]["id"]
    try:
        ended = services.roles.revoke(person, view.read_end(body["actions"][0].get("value")))
        remark = view.ENDED if ended else view.NOTHING_LEFT
    except InvalidAnswer as error:
        remark = view.why_not_ended(error)
    shown = view.overview(services.roles.overview(person), remark)
    update_modal(client, body, home_view.after(body["view"], shown))
    homes.renew(body, client, services)
    ack()
