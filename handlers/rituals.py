"""What people do with a cohort's rituals: its calendar, and the forms and buttons in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.domain.ritual_calendar import Calendar, Verb, read_verb
from bot.errors import CohortRefused, InvalidAnswer, NotAllowed
from bot.services import Services
from bot.views import errors as errors_view
from bot.views import ritual_calendar as view
from bot.views import ritual_fields as fields
from bot.views import ritual_forms as forms
from bot.views.blocks import View
from bot.views.cohorts import no_place
from handlers.modals import beside_the_fields, open_modal, push_modal, update_modal


def register(app: App) -> None:
    """Listen for the command, the form and the buttons."""
    app.command("/ritual")(command)
    app.action(view.OPEN)(show)
    app.action(view.PREVIEW)(look_ahead)
    app.action(view.NEW)(choose)
    app.action(view.BEGIN)(begin)
    app.action(view.EDIT)(edit)
    for change in fields.CHANGES:
        app.action(change)(draw_anew)
    app.view(forms.SAVE)(save)
    for action in _ACTS:
        app.action(action)(act)


def command(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Do what the word after /ritual asks for."""
    answer(body.get("text") or "", ack, body, client, services)


def answer(
    text: str, ack: Ack, body: dict[str, Any], client: WebClient, services: Services
) -> None:
    """Do what `text` asks for, whichever command it came with."""
    verb, person = read_verb(text), body["user_id"]
    if verb is Verb.HELP:
        ack(text=view.help_text())
        return
    here = services.rituals.here(person, body["channel_id"]) if verb is Verb.CALENDAR else None
    if here is not None:
        open_modal(client, body, view.calendar(here))
        ack()
        return
    found = services.rituals.reachable(person)
    if not found:
        ack(text=view.nowhere())
        return
    open_modal(client, body, view.choice(found))
    ack()


def show(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Open the calendar of the cohort that a button names."""

    def shown() -> View:
        return view.calendar(services.rituals.calendar(body["user"]["id"], _value(body)))

    _show(client, body, _or_why_not(shown))
    ack()


def look_ahead(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Lay the next dates of a ritual over the calendar."""
    which, _ = view.read_which(_value(body))

    def shown() -> View:
        return view.ahead(services.rituals.ahead(body["user"]["id"], which))

    push_modal(client, body, _or_why_not(shown))
    ack()


def choose(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Show what a new ritual can begin with."""

    def shown() -> View:
        return view.kinds(services.ritual_drafts.begin(body["user"]["id"], _value(body)))

    _show(client, body, _or_why_not(shown))
    ack()


def begin(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Open the form of a new ritual, filled in by the template that a button names."""
    which, _, template = _value(body).partition(" ")

    def shown() -> View:
        return forms.begun(services.ritual_drafts.begin(body["user"]["id"], which, template))

    _show(client, body, _or_why_not(shown))
    ack()


def edit(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Open the form of a ritual; of one that was deleted meanwhile, the calendar."""
    which, _ = view.read_which(_value(body))

    def shown() -> View:
        found = services.ritual_drafts.reopen(body["user"]["id"], which)
        return view.calendar(found) if isinstance(found, Calendar) else forms.begun(found)

    _show(client, body, _or_why_not(shown))
    ack()


def draw_anew(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
    """Show the fields that belong to what was chosen; what was typed stays."""
    update_modal(client, body, forms.again(body["view"]))
    ack()


def save(ack: Ack, body: dict[str, Any], services: Services) -> None:
    """Keep the ritual, then show what comes of it; what somebody else has changed is shown."""
    person, form = body["user"]["id"], body["view"]
    desk, given = forms.read(form)
    try:
        plan = services.ritual_drafts.checked(given, desk)
        if desk.is_new:
            kept = services.rituals.schedule(person, desk.cohort, plan, ritual=desk.ritual)
        else:
            kept = services.rituals.edit(person, desk.ritual, plan, desk.revision)
    except InvalidAnswer as error:
        beside_the_fields(ack, form, error, forms.problems(error, form))
        return
    if kept is None:
        stands, revision = services.ritual_drafts.stands(desk.ritual)
        shown = forms.overtaken(desk, given, stands, revision)
    else:
        shown = view.saved(services.rituals.ahead(person, str(kept.id)))
    ack(response_action="update", view=shown)


def act(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Do with a ritual what a button says, and show how the calendar stands then."""
    do = _ACTS[body["actions"][0]["action_id"]]
    which, value = body["user"]["id"], _value(body)
    _show(client, body, _or_why_not(lambda: view.calendar(do(services, which, value))))
    ack()


def _skip(services: Services, person: str, value: str) -> Calendar:
    which, day = view.read_which(value)
    if day is None:
        raise ValueError("the button names no date")
    return services.rituals.skip_next(person, which, day)


_ACTS: dict[str, Callable[[Services, str, str], Calendar]] = {
    view.PAUSE: lambda services, *about: services.rituals.pause(*about),
    view.RESUME: lambda services, *about: services.rituals.resume(*about),
    view.SKIP: _skip,
    view.RUN: lambda services, *about: services.rituals.run_now(*about),
    view.DELETE: lambda services, *about: services.rituals.delete(*about),
}


def _or_why_not(shown: Callable[[], View]) -> View:
    """Return a screen, or the sentence that says why there is none."""
    try:
        return shown()
    except CohortRefused as error:
        return no_place(error.reason)
    except NotAllowed as error:
        return errors_view.sorry(error, "")


def _value(body: dict[str, Any]) -> str:
    return str(body["actions"][0].get("value") or "")


def _show(client: WebClient, body: dict[str, Any], shown: View) -> None:
    """Show it in the place of the screen that was clicked, or over whatever else was."""
    if body.get("view", {}).get("type") == "modal":
        update_modal(client, body, shown)
    else:
        open_modal(client, body, shown)
