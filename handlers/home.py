"""The Home tab: opened, and used."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.domain.checkin_command import Quick
from bot.errors import ConsentNeeded, NotAllowed
from bot.services import Services
from bot.views import checkins as checkins_view
from bot.views import home as view
from bot.views import pauses as pause_view
from bot.views import people as people_view
from bot.views import roles as roles_view
from bot.views import setup as setup_view
from bot.views import weekly as weekly_view
from bot.views.blocks import View
from handlers import checkins, exports
from handlers.events import id_in
from handlers.homes import Homes
from handlers.modals import open_modal


def register(app: App) -> None:
    """Listen for the tab and for what can be pressed in it."""
    app.event("app_home_opened")(opened)
    app.action(view.CHECK_IN)(check_in)
    app.action(view.HISTORY)(history)
    app.action(view.DAY)(day)
    app.action(view.CHOICES)(choices)
    app.action(view.WEEKLY)(weekly)
    app.action(view.PAUSE)(pause)
    app.action(view.FORGET)(forget)
    app.action(view.EXPORT)(exports.ask)
    app.action(view.SET_UP)(set_up)
    app.action(view.ROLES)(roles)
    app.action(view.TAKE_BACK)(take_back)


def opened(event: dict[str, Any], client: WebClient, services: Services, homes: Homes) -> None:
    """Show the person's own page; the tab with the messages is none of ours."""
    person = id_in(event, "user")
    if person and event.get("tab") == "home":
        homes.show(person, client, services)


def check_in(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Open the form, or the first screen before it."""
    form = checkins.first_view(Quick(), body["user"]["id"], services)
    open_modal(client, body, view.marked(form))
    ack()


def history(
    ack: Ack, body: dict[str, Any], client: WebClient, services: Services, homes: Homes
) -> None:
    """Show the person's own check-ins."""
    try:
        page = services.checkins.history(body["user"]["id"])
    except ConsentNeeded:
        _open(None, ack, body, client, services, homes)
    else:
        _open(checkins_view.history(page), ack, body, client, services, homes)


def day(
    ack: Ack, body: dict[str, Any], client: WebClient, services: Services, homes: Homes
) -> None:
    """Ask when the person's day starts."""
    known = services.people.find(body["user"]["id"])
    form = people_view.day_start(known.day_starts_minute) if known else None
    _open(form, ack, body, client, services, homes)


def choices(
    ack: Ack, body: dict[str, Any], client: WebClient, services: Services, homes: Homes
) -> None:
    """Show what the person has chosen, to be changed."""
    chosen = services.people.choices(body["user"]["id"])
    form = people_view.choices(chosen) if chosen else None
    _open(form, ack, body, client, services, homes)


def weekly(
    ack: Ack, body: dict[str, Any], client: WebClient, services: Services, homes: Homes
) -> None:
    """Ask when the person wants to be asked."""
    known = services.weekly.setting(body["user"]["id"])
    form = weekly_view.form(known) if known else None
    _open(form, ack, body, client, services, homes)


def pause(
    ack: Ack, body: dict[str, Any], client: WebClient, services: Services, homes: Homes
) -> None:
    """Ask for how long the person wants to be asked nothing."""
    person = body["user"]["id"]
    known = services.people.find(person) is not None
    form = pause_view.form(services.people.paused_until(person), puzzled=False) if known else None
    _open(form, ack, body, client, services, homes)


def forget(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
    """Ask once before everything is deleted."""
    open_modal(client, body, view.marked(people_view.forget()))
    ack()


def set_up(
    ack: Ack, body: dict[str, Any], client: WebClient, services: Services, homes: Homes
) -> None:
    """Show the list of what is set up."""
    try:
        found = services.programme.opened(body["user"]["id"])
    except NotAllowed:  # they lead no more
        _open(None, ack, body, client, services, homes)
    else:
        _open(setup_view.checklist(found), ack, body, client, services, homes)


def roles(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Show who holds which role."""
    seen = services.roles.overview(body["user"]["id"])
    open_modal(client, body, view.marked(roles_view.overview(seen)))
    ack()


def take_back(
    ack: Ack, body: dict[str, Any], client: WebClient, services: Services, homes: Homes
) -> None:
    """Take one share back, then show what is left."""
    person = body["user"]["id"]
    services.checkins.take_back(person, view.read_take_back(body["actions"][0]["value"]))
    homes.show(person, client, services)
    ack()


def _open(
    form: View | None,
    ack: Ack,
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    homes: Homes,
) -> None:
    """Open a form; None when the page was out of date, which then shows what is true now."""
    if form is None:
        homes.show(body["user"]["id"], client, services)
    else:
        open_modal(client, body, view.marked(form))
    ack()
