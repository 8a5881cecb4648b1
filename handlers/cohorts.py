"""What people do with cohorts, and what Slack tells of their channels."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.domain.checkin_command import Quick
from bot.domain.cohorts import Verb, read_verb
from bot.errors import CohortRefused, InvalidAnswer, NotAllowed
from bot.services import Services
from bot.views import cohorts as view
from bot.views import errors as errors_view
from bot.views import people as people_view
from bot.views import rota as rota_view
from bot.views.blocks import View
from bot.views.notices import JOIN
from handlers.events import id_in
from handlers.modals import beside_the_fields, open_modal, update_modal

CHANGED = (
    "channel_archive",
    "channel_left",
    "channel_shared",
    "channel_unarchive",
    "channel_unshared",
    "group_archive",
    "group_left",
    "group_unarchive",
    "member_joined_channel",
)
"""After each of these a cohort's channel may not be what it was."""


def register(app: App) -> None:
    """Listen for the command, the forms, the buttons and the channels' own news."""
    app.command("/cohort")(command)
    app.view(view.CREATE)(create)
    app.view(view.JOIN_FORM)(join)
    app.view(view.LEAVE_FORM)(leave)
    app.action(JOIN)(ask_to_join)
    app.action(view.LEAVE)(ask_to_leave)
    app.action(view.CLOSE)(close)
    app.event("member_left_channel")(member_left)
    for each in CHANGED:
        app.event(each)(channel_changed)


def command(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Do what the word after /cohort asks for."""
    answer(body.get("text") or "", ack, body, client, services)


def answer(
    text: str, ack: Ack, body: dict[str, Any], client: WebClient, services: Services
) -> None:
    """Do what `text` asks for, whichever command it came with."""
    verb, person, channel = read_verb(text), body["user_id"], body["channel_id"]
    if verb is Verb.HELP:
        ack(text=view.help_text())
        return
    if verb is Verb.CREATE:
        services.cohorts.check_place(person, channel)
        shown = view.create(channel)
    elif verb is Verb.JOIN:
        shown = join_screen(person, str(services.cohorts.here(channel).id), services)
    elif verb is Verb.ROTA:
        shown = rota_view.place(services.rota.place(person, channel))
    elif verb is Verb.LEAVE:
        shown = view.leave(services.cohorts.here(channel))
    else:
        shown = view.listing(services.cohorts.listing(person, channel))
    open_modal(client, body, shown)
    ack()


def create(ack: Ack, body: dict[str, Any], services: Services) -> None:
    """Make a cohort of the channel that the form was opened in."""
    form = body["view"]
    try:
        channel, founding = view.read_create(form)
        made = services.cohorts.create(body["user"]["id"], channel, founding)
    except InvalidAnswer as error:
        beside_the_fields(ack, form, error, view.create_problems(error))
        return
    except CohortRefused as error:
        ack(response_action="errors", errors=view.create_refused(error.reason))
        return
    ack(response_action="update", view=view.created(made))


def join(ack: Ack, body: dict[str, Any], services: Services) -> None:
    """Let the person belong to the cohort, then say so."""
    form = body["view"]
    try:
        which, decides = view.read_join(form)
        joined = services.cohorts.join(body["user"]["id"], which, decides=decides)
    except InvalidAnswer as error:
        beside_the_fields(ack, form, error, view.JOIN_PROBLEMS)
        return
    except CohortRefused as error:
        ack(response_action="errors", errors=view.join_refused(error.reason))
        return
    ack(response_action="update", view=view.joined(joined))


def leave(ack: Ack, body: dict[str, Any], services: Services) -> None:
    """Let the person belong to the cohort no more; of a closed one, nobody does."""
    which, take_back = view.read_leave(body["view"])
    try:
        services.cohorts.leave(body["user"]["id"], which, take_back=take_back)
    except CohortRefused as error:
        ack(response_action="update", view=view.no_place(error.reason))
        return
    ack(response_action="update", view=view.left(take_back=take_back))


def ask_to_join(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Open the form of the cohort that a button names."""
    try:
        shown = join_screen(body["user"]["id"], _which(body), services)
    except CohortRefused as error:
        shown = view.no_place(error.reason)
    _show(client, body, shown)
    ack()


def ask_to_leave(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Ask once, and what is to become of what was shared."""
    try:
        shown = view.leave(services.cohorts.door(body["user"]["id"], _which(body))[0])
    except CohortRefused as error:
        shown = view.no_place(error.reason)
    _show(client, body, shown)
    ack()


def close(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Close the cohort that a button names; the button has asked once."""
    try:
        services.cohorts.close(body["user"]["id"], _which(body))
        shown = view.sentence("Closed", view.CLOSED)
    except CohortRefused as error:
        shown = view.no_place(error.reason)
    except NotAllowed as error:
        shown = errors_view.sorry(error, "")
    _show(client, body, shown)
    ack()


def join_screen(person: str, which: str, services: Services) -> View:
    """Return the form to join a cohort; for somebody who has not agreed yet, the first screen.

    Raises:
        CohortRefused: there is no such cohort, or it was closed.
    """
    cohort, knows_hearth = services.cohorts.door(person, which)
    if knows_hearth:
        return view.join(cohort)
    return view.first(people_view.consent(Quick(), services.people.joining(person)), cohort)


def screen_after(person: str, which: str, services: Services) -> View:
    """Return where the first screen leads somebody who came for a cohort."""
    try:
        return join_screen(person, which, services)
    except CohortRefused as error:
        return view.no_place(error.reason)


def member_left(event: dict[str, Any], services: Services) -> None:
    """Let whoever left a channel leave its cohort; it may have been Hearth itself."""
    person, channel = id_in(event, "user"), id_in(event, "channel")
    if person and channel:
        services.cohorts.left_channel(person, channel)
        services.cohort_channels.look_soon(channel)


def channel_changed(event: dict[str, Any], services: Services) -> None:
    """Have the channel looked at."""
    if channel := id_in(event, "channel"):
        services.cohort_channels.look_soon(channel)


def _which(body: dict[str, Any]) -> str:
    return str(body["actions"][0].get("value") or "")


def _show(client: WebClient, body: dict[str, Any], shown: View) -> None:
    """Show it in the place of the list, or over the channel when the notice was clicked."""
    if body.get("view"):
        update_modal(client, body, shown)
    else:
        open_modal(client, body, shown)
