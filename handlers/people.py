"""What people do about themselves: agree, choose, pause, say when their day starts, leave."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.domain.checkin_command import Quick
from bot.domain.pauses import read_pause
from bot.domain.people import read_day_start
from bot.errors import CannotJoin, ConsentNeeded, InvalidAnswer
from bot.services import Services
from bot.views import checkin_form
from bot.views import cohorts as cohorts_view
from bot.views import pauses as pause_view
from bot.views import people as view
from handlers import cohorts
from handlers.homes import Homes
from handlers.modals import beside_the_fields, open_modal, person_of, push_modal


def register(app: App) -> None:
    """Listen for the forms; their commands come through /checkin and /hearth."""
    app.view(view.CONSENT)(agree)
    app.action(view.IN_FULL)(read_in_full)
    app.view(view.CHOICES)(choose)
    app.view(pause_view.PAUSE)(save_pause)
    app.view(view.DAY_START)(save_day_start)
    app.view(view.FORGET)(forget)


def agree(
    ack: Ack, body: dict[str, Any], client: WebClient, services: Services, homes: Homes
) -> None:
    """Record the consent, then turn the screen into the form."""
    person = body["user"]["id"]
    agreement, quick = view.read_consent(body["view"])
    try:
        services.people.agree(person, agreement)
    except ConsentNeeded:  # the words changed while the screen was open
        ack(response_action="update", view=view.words_changed())
        return
    except InvalidAnswer as error:
        beside_the_fields(ack, body["view"], error, view.consent_problems(error))
        return
    except CannotJoin:
        ack(response_action="update", view=view.cannot_join())
        return
    cohort = cohorts_view.cohort_asked_for(body["view"])
    if cohort is not None:
        ack(response_action="update", view=cohorts.screen_after(person, cohort, services))
        return
    opening = services.checkins.open(person)
    if opening is None:  # taken back in the same moment
        raise ConsentNeeded
    shown = homes.follow(body, checkin_form.form(opening, quick), client, services)
    ack(response_action="update", view=shown)


def first_screen(quick: Quick, person: str, services: Services) -> dict[str, Any]:
    """Return what stands before everything else for somebody who has not agreed."""
    return view.consent(quick, services.people.joining(person))


def read_in_full(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Lay every word over the first screen, which keeps what was chosen in it."""
    push_modal(client, body, view.consent_in_full(services.people.joining(person_of(body))))
    ack()


def show_choices(ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Show what the person has chosen; to somebody who has not agreed, the first screen."""
    person = person_of(body)
    chosen = services.people.choices(person)
    if chosen is None:
        open_modal(client, body, first_screen(Quick(), person, services))
    else:
        open_modal(client, body, view.choices(chosen))
    ack()


def choose(
    ack: Ack, body: dict[str, Any], client: WebClient, services: Services, homes: Homes
) -> None:
    """Keep what was chosen."""
    agreement = view.read_choices(body["view"])
    try:
        chosen = services.people.choose(body["user"]["id"], agreement)
    except InvalidAnswer as error:
        beside_the_fields(ack, body["view"], error, view.consent_problems(error))
        return
    shown = homes.follow(body, view.choices_saved(chosen), client, services)
    ack(response_action="update", view=shown)


def pause(text: str, ack: Ack, body: dict[str, Any], client: WebClient, services: Services) -> None:
    """Pause from what was typed; ask with a form when that is not clear."""
    person = person_of(body)
    wanted = read_pause(text, today=services.people.today(person))
    if wanted is None:
        until = services.people.paused_until(person)
        open_modal(client, body, pause_view.form(until, puzzled=bool(text.strip())))
        ack()
        return
    services.people.pause(person, wanted)
    ack(text=pause_view.words(wanted))


def save_pause(
    ack: Ack, body: dict[str, Any], client: WebClient, services: Services, homes: Homes
) -> None:
    """Pause from the form."""
    person = body["user"]["id"]
    try:
        wanted = pause_view.read(body["view"], today=services.people.today(person))
    except InvalidAnswer as error:
        beside_the_fields(ack, body["view"], error, pause_view.problems(error))
        return
    services.people.pause(person, wanted)
    shown = homes.follow(body, pause_view.saved(wanted), client, services)
    ack(response_action="update", view=shown)


def day_start(
    text: str, ack: Ack, body: dict[str, Any], client: WebClient, services: Services
) -> None:
    """Set when the day starts from what was typed; ask with a form when that is not clear."""
    known = services.people.find(body["user_id"])
    if known is None:
        raise ConsentNeeded
    minute = read_day_start(text)
    if minute is None:
        open_modal(client, body, view.day_start(known.day_starts_minute))
        ack()
        return
    services.people.set_day_start(known.id, minute)
    ack(text=view.day_start_words(minute))


def save_day_start(
    ack: Ack, body: dict[str, Any], client: WebClient, services: Services, homes: Homes
) -> None:
    """Set when the day starts from the form."""
    minute = view.read_day_start(body["view"])
    services.people.set_day_start(body["user"]["id"], minute)
    shown = homes.follow(body, view.day_start_saved(minute), client, services)
    ack(response_action="update", view=shown)


def ask_to_forget(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
    """Ask once before everything is deleted."""
    open_modal(client, body, view.forget())
    ack()


def forget(
    ack: Ack, body: dict[str, Any], client: WebClient, services: Services, homes: Homes
) -> None:
    """Delete everything that is the person's."""
    minutes = services.people.forget(body["user"]["id"])
    shown = homes.follow(body, view.forgotten(minutes=minutes), client, services)
    ack(response_action="update", view=shown)
