"""What people do with cohorts, and what Slack tells of their channels."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.domain.checkin_command import Quick
from bot.domain.cohorts import Verb, read_verb
from bot.errors import CohortRefused, InvalidAnswer, NotAllowed, Refusal
from bot.services import Services
from bot.views import cohort_settings as settings_view
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
    "channel_deleted",
    "channel_left",
    "channel_shared",
    "channel_unarchive",
    "channel_unshared",
    "group_archive",
    "group_deleted",
    "group_left",
    "group_unarchive",
)
"""After each of these a cohort's channel may not be what it was."""

RENAMED = ("channel_rename", "group_rename")


def register(app: App) -> None:
    """Listen for the command, the forms, the buttons and the channels' own news."""
    app.command("/cohort")(command)
    app.view(view.CREATE)(create)
    app.view(view.JOIN_FORM)(join)
    app.view(view.LEAVE_FORM)(leave)
    app.action(JOIN)(ask_to_join)
    app.action(view.LEAVE)(ask_to_leave)
    app.action(settings_view.CLOSE)(close)
    app.action(settings_view.SETTINGS)(ask_for_settings)
    app.view(settings_view.SAVE)(save_settings)
    app.event("member_joined_channel")(member_joined)
    app.event("member_left_channel")(member_left)
    for each in RENAMED:
        app.event(each)(channel_renamed)
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
    elif verb is Verb.SETTINGS:
        here = str(services.cohorts.here(channel).id)
        shown = settings_view.form(services.cohort_settings.page(person, here))
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
        shown = view.leave(services.cohorts.door(body["user"]["id"], _which(body)).cohort)
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


def ask_for_settings(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Open the settings of the cohort that a button names."""
    try:
        page = services.cohort_settings.page(body["user"]["id"], _which(body))
        shown = settings_view.form(page)
    except CohortRefused as error:
        shown = view.no_place(error.reason)
    except NotAllowed as error:
        shown = errors_view.sorry(error, "")
    _show(client, body, shown)
    ack()


def save_settings(ack: Ack, body: dict[str, Any], services: Services) -> None:
    """Keep what was set; what somebody else has changed meanwhile is shown beside it."""
    person, form = body["user"]["id"], body["view"]
    which, revision, given = settings_view.read(form)
    try:
        wish = settings_view.wish(given)
        kept = services.cohort_settings.save(person, which, revision, wish)
        if kept is None:
            shown = settings_view.form(services.cohort_settings.page(person, which), given)
        else:
            shown = settings_view.saved(kept)
    except InvalidAnswer as error:
        beside_the_fields(ack, form, error, settings_view.problems(error))
        return
    except CohortRefused as error:
        if error.reason is Refusal.OPEN:
            ack(response_action="errors", errors=settings_view.not_saved(error.reason, form))
            return
        shown = view.no_place(error.reason)
    ack(response_action="update", view=shown)


def join_screen(person: str, which: str, services: Services) -> View:
    """Return the form to join a cohort; for somebody who has not agreed yet, the first screen.

    Raises:
        CohortRefused: there is no such cohort, or it was closed.
    """
    door = services.cohorts.door(person, which)
    if door.knows_hearth:
        return view.join(door)
    return view.first(people_view.consent(Quick(), services.people.joining(person)), door.cohort)


def screen_after(person: str, which: str, services: Services) -> View:
    """Return where the first screen leads somebody who came for a cohort."""
    try:
        return join_screen(person, which, services)
    except CohortRefused as error:
        return view.no_place(error.reason)


def member_joined(
    event: dict[str, Any], body: dict[str, Any], context: BoltContext, services: Services
) -> None:
    """Have the channel looked at; whoever let Hearth itself in may want to make a cohort there."""
    channel, inviter = id_in(event, "channel"), id_in(event, "inviter")
    if not channel:
        return
    services.cohort_channels.look_soon(channel)
    if inviter and id_in(event, "user") == context.bot_user_id:
        services.cohort_channels.invited(channel, inviter, _event_of(body))


def channel_renamed(event: dict[str, Any], body: dict[str, Any], services: Services) -> None:
    """Tell whoever runs the cohort of the channel."""
    if channel := id_in(event, "channel"):
        services.cohort_channels.renamed(channel, _event_of(body))


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


def _event_of(body: dict[str, Any]) -> str:
    """Return Slack's name for an event, the same when it comes again."""
    return str(body.get("event_id") or "")


def _which(body: dict[str, Any]) -> str:
    return str(body["actions"][0].get("value") or "")


def _show(client: WebClient, body: dict[str, Any], shown: View) -> None:
    """Show it in the place of the list, or over the channel when the notice was clicked."""
    if body.get("view"):
        update_modal(client, body, shown)
    else:
        open_modal(client, body, shown)
