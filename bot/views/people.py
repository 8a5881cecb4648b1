"""The first screen, when the day starts, and taking everything back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot import content
from bot.domain.checkin_command import Quick
from bot.domain.people import RETENTION_DAYS, Agreement
from bot.errors import InvalidAnswer, Problem
from bot.views import checkin_form
from bot.views.blocks import View, choice, chosen, modal, option, section, tick, ticked
from bot.views.dates import minutes_as_clock, months
from bot.views.support import help_button

CONSENT = "consent"
DAY_START = "day_start"
FORGET = "forget"


def consent(quick: Quick) -> View:
    """Return the screen that stands before the first check-in.

    What was already typed travels with it, so that nobody has to type it twice.
    """
    points = [
        section(f"*{title}*\n{text.format(retention=months(RETENTION_DAYS).capitalize())}")
        for title, text in content.consent_points()
    ]
    countries = [option(code, name) for code, name in content.countries().items()]
    return modal(
        title="Before you begin",
        callback_id=CONSENT,
        submit="Agree and go on",
        close="Not now",
        private_metadata=json.dumps(checkin_form.pack(quick)),
        blocks=[
            section(content.consent("intro")),
            *points,
            help_button(),
            choice(
                "country",
                content.consent("country"),
                countries,
                kind="static_select",
                hint=content.consent("country_hint"),
            ),
            tick("agreed", "Your choice", content.consent("agree")),
        ],
    )


def read_consent(view: Mapping[str, Any]) -> tuple[Agreement, Quick]:
    """Return what was chosen on the first screen, and what was typed before it."""
    agreement = Agreement(agreed=ticked(view, "agreed"), country=chosen(view, "country"))
    return agreement, checkin_form.unpack(view.get("private_metadata", ""))


def consent_problems(error: InvalidAnswer) -> dict[str, str]:
    """Return a sentence for each field without which nothing can be stored."""
    sentences = {
        "agreed": "Hearth keeps nothing before you agree. You can also close this.",
        "country": "Please choose a country, or the last one for somewhere else.",
    }
    return {field: sentences[field] for field in error.problems}


def day_start(minute: int) -> View:
    """Return the form that asks when the person's day starts; `minute` is what holds now."""
    hours = [option(str(60 * hour), minutes_as_clock(60 * hour)) for hour in range(24)]
    return modal(
        title="When your day starts",
        callback_id=DAY_START,
        submit="Save",
        close="Leave it",
        blocks=[
            section(
                "A check-in belongs to a day, and you say when yours begins. If you work nights, "
                "an hour in the middle of your sleep is a good choice."
            ),
            choice(
                "day_start", "My day starts at", hours, kind="static_select", chosen=str(minute)
            ),
        ],
    )


def read_day_start(view: Mapping[str, Any]) -> int:
    """Return the chosen minute after midnight.

    Raises:
        InvalidAnswer: nothing of the list was chosen.
    """
    value = chosen(view, "day_start")
    if value not in {str(60 * hour) for hour in range(24)}:
        raise InvalidAnswer({"day_start": Problem.NOT_A_CHOICE})
    return int(value)


def day_start_saved(minute: int) -> View:
    """Return what the form turns into."""
    return modal(title="Saved", close="Done", blocks=[section(day_start_words(minute))])


def day_start_words(minute: int) -> str:
    """Return the sentence that confirms when the day starts."""
    return f"Your day now starts at {minutes_as_clock(minute)}, by the clock where you are."


def forget() -> View:
    """Return the question before everything is deleted."""
    return modal(
        title="Delete my check-ins",
        callback_id=FORGET,
        submit="Delete all of it",
        close="Keep it",
        blocks=[
            section(
                "This deletes all your check-ins and notes, your country, your settings and the "
                "record that you agreed. What you shared with a cohort is taken away in Slack. It "
                "cannot be undone, and nobody is told.\n\n"
                "Copies that the people who run the server made before today go when those "
                "copies go. You can begin again whenever you like."
            )
        ],
    )


FORGOTTEN = (
    "It is deleted: your check-ins, your notes, and everything else Hearth kept about you. If you "
    "had shared something, Hearth is taking it away in Slack now."
)


def forgotten() -> View:
    """Return what the question turns into."""
    return modal(title="Deleted", close="Done", blocks=[section(FORGOTTEN)])
